"""An nbgrader course directory: the notebooks with graded check cells, and a hidden casebook that
is never released.

nbgrader_config.py
source/<problem set>/   notebooks, recurrent/ (stubs), check.py and the public check
hidden/                 the hidden cases; read only while nbgrader grades
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.authoring.casebook.freeze import build_casebook, hidden_seed
from autograder.authoring.course import course_of, odd_sets
from autograder.authoring.handout.given import given_report
from autograder.authoring.handout.notebooks import (
    Notebook,
    as_ipynb,
    checked_problem,
    student_cells,
)
from autograder.authoring.handout.zips import (
    ROOT,
    PackageError,
    Print,
    notebooks_of,
    refuse_leaks,
    write_handout,
)
from autograder.grade import course_lessons
from autograder.settings import Course, ProblemSet

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


def make_nbgrader(
    which: str, out: Path, seed: int | None = None, print_line: Print = print
) -> Path:
    """Build the course directory: one assignment for each problem set.

    out: replaced, but for gradebook.db, submitted/ and whatever else a course has gathered in it.
    print_line: gets what is given whole, by name.

    Raises StubError, PackageError or NotebookError.
    """
    whole = course_of(ROOT)
    course = whole.only(which)
    hidden = hidden_seed(seed, course)
    for stale in ("source", "hidden"):
        shutil.rmtree(out / stale, ignore_errors=True)
    files = {}
    for problem_set in course.sets:
        folder = out / "source" / problem_set.name
        _write_source(course, problem_set, folder, whole.lessons_before(problem_set.name))
        files[problem_set.name] = _students_files(folder)
        for line in given_report(folder / "recurrent"):
            print_line(f"{problem_set.name}: {line}")
    taught = course_lessons(course)
    build_casebook(ROOT / "solutions", out / "hidden", hidden, True, taught, lambda line: None)
    # Students may have accounts on the machine where their work is graded.
    (out / "hidden").chmod(0o700)
    config = CONFIG.format(name=_identifier(course.name), largest=LARGEST_FILE_KB, files=files)
    (out / "nbgrader_config.py").write_text(config, encoding="utf-8")
    for line in odd_sets(course):
        print_line(line)
    return out


def _identifier(name: str) -> str:
    return "-".join(name.lower().split())


def _students_files(folder: Path) -> list[str]:
    """The files of an assignment that students may change."""
    paths = sorted((folder / "recurrent").glob("*.py"))
    return [path.relative_to(folder).as_posix() for path in paths]


def _write_source(
    course: Course, problem_set: ProblemSet, folder: Path, before: Collection[str]
) -> None:
    """Write one assignment's source folder: the handout, its notebooks with graded check cells.

    before: the lessons of earlier problem sets.
    """
    folder.mkdir(parents=True)
    alone = course.only(problem_set.name)
    write_handout(alone, folder, before)
    # nbgrader wants an assignment's notebooks beside one another, at the top of its folder.
    shutil.rmtree(folder / "notebooks")
    graded = {}
    for name in problem_set.lessons:
        for problem in lessons.lesson(name).problems:
            graded[problem.name] = alone.points_of(problem)
    notebooks = notebooks_of(alone, before)
    _refuse_unchecked(graded, notebooks)
    for notebook in notebooks:
        cells = (graded_cell(cell, graded) for cell in student_cells(notebook))
        text = as_ipynb(notebook.name, cells)
        (folder / f"{notebook.name}.ipynb").write_text(text, encoding="utf-8")
    refuse_leaks(folder, f"source/{problem_set.name}")


def _refuse_unchecked(graded: Collection[str], notebooks: Sequence[Notebook]) -> None:
    """Raise PackageError for a problem that no notebook has a check cell for."""
    checked = {problem for notebook in notebooks for problem in notebook.checks}
    missing = sorted(set(graded) - checked)
    if missing:
        raise PackageError(
            f"no notebook has a check cell for {', '.join(missing)}: nbgrader would never grade "
            f"them"
        )


def graded_cell(cell: Any, points: Mapping[str, float]) -> Any:
    """A check cell of a graded problem as nbgrader wants it: locked, worth points, and with the
    points earned as its last value. Any other cell is returned as it is.

    points: of the graded problems, by name.

    nbgrader takes a number as partial credit. What stands between its markers, only graders run.
    """
    problem = checked_problem(cell)
    if problem is None or problem not in points:
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
