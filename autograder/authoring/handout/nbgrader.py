"""An nbgrader course directory: the notebooks with graded check cells, and a hidden casebook that
is never released.

nbgrader_config.py
source/<problem set>/   notebooks, recurrent/ (stubs), check.py and the public check
hidden/                 the hidden cases; read only while nbgrader grades
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.authoring.casebook.freeze import build_casebook, hidden_seed
from autograder.authoring.handout.notebooks import (
    as_ipynb,
    checked_problem,
    load_notebooks,
    student_cells,
)
from autograder.authoring.handout.zips import ROOT, PackageError, refuse_leaks, write_handout
from autograder.grade import course_lessons
from autograder.settings import Course, ProblemSet, load_course

HIDDEN = "../../../hidden"
"""From the folder in which nbgrader runs a notebook, autograded/<student>/<problem set>."""

CONFIG = '''"""Settings of nbgrader for this course. Run its commands in this folder."""

import os

os.environ.setdefault("RECURRENT_SHORT", "1")  # grading needs no experiment at full length

c = get_config()  # noqa: F821 - given by nbgrader
c.CourseDirectory.course_id = {name!r}
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__"]
c.CourseDirectory.max_file_size = {largest}
c.ExecutePreprocessor.timeout = 600
c.ClearSolutions.code_stub = {{"python": "raise NotImplementedError()"}}

# The students' own files are what is graded; without this they would be replaced by the stubs.
c.Autograde.exclude_overwriting = {files!r}
'''

LARGEST_FILE_KB = 20_000


def make_nbgrader(which: str, out: Path, seed: int | None = None) -> Path:
    """Build the course directory: one assignment for each problem set. Raises PackageError,
    NotebookError.

    out is replaced, but for gradebook.db, submitted/ and whatever else a course has gathered in it.
    """
    course = load_course(ROOT / "course.toml")
    hidden = hidden_seed(seed, course)
    course = course.only(which)
    for stale in ("source", "hidden"):
        shutil.rmtree(out / stale, ignore_errors=True)
    files = {
        each.name: list(_write_source(course, each, out / "source" / each.name))
        for each in course.sets
    }
    build_casebook(
        ROOT / "solutions", out / "hidden", hidden, True, course_lessons(course), lambda text: None
    )
    (out / "hidden").chmod(0o700)
    config = CONFIG.format(name=_identifier(course.name), largest=LARGEST_FILE_KB, files=files)
    (out / "nbgrader_config.py").write_text(config, encoding="utf-8")
    return out


def _identifier(name: str) -> str:
    return "-".join(name.lower().split())


def _write_source(course: Course, each: ProblemSet, folder: Path) -> Iterator[str]:
    """One assignment's source folder; yields the files that students change."""
    folder.mkdir(parents=True)
    alone = course.only(each.name)
    write_handout(alone, folder)
    built = {path.stem for path in folder.glob("notebooks/*.ipynb")}
    shutil.rmtree(folder / "notebooks")
    graded = {
        p.name: alone.points_of(p) for name in each.lessons for p in lessons.lesson(name).problems
    }
    notebooks = [n for n in load_notebooks(ROOT / "solutions" / "notebooks") if n.name in built]
    missing = sorted(
        set(graded) - {problem for notebook in notebooks for problem in notebook.checks}
    )
    if missing:
        raise PackageError(
            f"no notebook has a check cell for {', '.join(missing)}: nbgrader would never grade "
            f"them"
        )
    for notebook in notebooks:
        text = as_ipynb(
            notebook.name, (graded_cell(cell, graded) for cell in student_cells(notebook))
        )
        (folder / f"{notebook.name}.ipynb").write_text(text, encoding="utf-8")
    refuse_leaks(folder, f"source/{each.name}")
    yield from (
        p.relative_to(folder).as_posix() for p in sorted((folder / "recurrent").glob("*.py"))
    )


def graded_cell(cell: Any, points: dict[str, float]) -> Any:
    """A check cell of a graded problem as nbgrader wants it: locked, worth points, its last value
    the points earned.

    nbgrader takes a number as partial credit. Between the markers is what only graders run.
    """
    problem = checked_problem(cell)
    if problem not in points:
        return cell
    source = f'''checked = check("{problem}")
### BEGIN HIDDEN TESTS
checked = check("{problem}", hidden="{HIDDEN}")
### END HIDDEN TESTS
display(checked)
checked.score'''
    metadata = {
        "schema_version": 3, "grade": True, "locked": True, "solution": False, "task": False,
        "grade_id": f"check_{problem}", "points": points[problem],
    }  # fmt: skip
    copied = cell.copy()
    copied.update(source=source, metadata={"nbgrader": metadata})
    return copied
