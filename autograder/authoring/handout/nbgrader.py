"""An nbgrader course directory: the notebooks with graded check cells, and a hidden casebook that
is never released.

README.md               what to type, from a fresh install to feedback
nbgrader_config.py, course_grading.py, feedback.html.j2
source/<problem set>/   notebooks, recurrent/ (stubs), check.py and the public check
hidden/                 the hidden cases; read only while nbgrader grades
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.authoring.casebook.freeze import build_casebook
from autograder.authoring.course import course_of, odd_sets
from autograder.authoring.handout.assignment import LECTURE
from autograder.authoring.handout.cutting import TO_TOP
from autograder.authoring.handout.given import given_report
from autograder.authoring.handout.notebooks import (
    Notebook,
    as_ipynb,
    checked_problem,
    student_cells,
)
from autograder.authoring.handout.zips import (
    FILES,
    ROOT,
    PackageError,
    Print,
    notebooks_of,
    refuse_leaks,
    write_handout,
)
from autograder.authoring.lecture.page import IN_HANDOUT
from autograder.authoring.seeds import hidden_seed
from autograder.grade import course_lessons
from autograder.settings import Course, ProblemSet

HIDDEN = "../../../hidden"
"""From the folder in which nbgrader runs a notebook, autograded/<student>/<problem set>."""

CONFIG = '''"""Settings of nbgrader for this course. Run its commands here; see README.md."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from course_grading import configure

os.environ.setdefault("RECURRENT_SHORT", "1")  # grading needs no experiment at full length

c = get_config()  # noqa: F821 - given by nbgrader
c.CourseDirectory.course_id = {name!r}
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__"]
c.CourseDirectory.max_file_size = {largest}
c.ExecutePreprocessor.timeout = 600
c.ClearSolutions.code_stub = {{"python": "raise NotImplementedError()"}}

# The students' own files are what is graded; without this they would be replaced by the stubs.
c.Autograde.exclude_overwriting = {files!r}

configure(c, due={due!r})
'''

LARGEST_FILE_KB = 20_000

NO_BYTECODE = shutil.ignore_patterns("__pycache__")


def make_nbgrader(
    which: str,
    out: Path,
    seed: int | None = None,
    print_line: Print = print,
    new_seed: bool = False,
) -> Path:
    """Build the course directory: one assignment for each problem set.

    out: replaced, but for gradebook.db, submitted/ and whatever else a course has gathered in it.
    seed, new_seed: of the hidden cases, see `hidden_seed`; the term's is kept beside it.
    print_line: gets what is given whole, by name.

    Raises SeedError, StubError, PackageError or NotebookError.
    """
    whole = course_of(ROOT)
    course = whole.only(which)
    hidden = hidden_seed(seed, course, out.parent, print_line, new_seed)
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
    build_casebook(
        ROOT / "solutions", out / "hidden", hidden, True, taught, lambda line: None, course.seed
    )
    # Students may have accounts on the machine where their work is graded.
    (out / "hidden").chmod(0o700)
    shutil.copytree(FILES / "nbgrader", out, dirs_exist_ok=True, ignore=NO_BYTECODE)
    due = {problem_set.name: problem_set.due for problem_set in course.sets if problem_set.due}
    config = CONFIG.format(
        name=_identifier(course.name), largest=LARGEST_FILE_KB, files=files, due=due
    )
    (out / "nbgrader_config.py").write_text(config, encoding="utf-8")
    _write_readme(out, course.sets[0].name)
    for line in odd_sets(course):
        print_line(line)
    return out


def _write_readme(out: Path, example: str) -> None:
    """Write how to start, with one problem set as the example."""
    notebook = next((out / "source" / example).glob("*.ipynb")).stem
    text = (FILES / "nbgrader" / "README.md").read_text(encoding="utf-8")
    text = text.replace("{set}", example).replace("{notebook}", notebook)
    (out / "README.md").write_text(text, encoding="utf-8")


def _identifier(name: str) -> str:
    return "-".join(name.lower().split())


def _students_files(folder: Path) -> list[str]:
    """The files of an assignment that students may change."""
    theirs = {*lessons.names(), "__init__"}
    paths = [path for path in sorted(folder.glob("recurrent/*.py")) if path.stem in theirs]
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
        text = as_ipynb(notebook.name, cells).replace(f"]({TO_TOP}", "](")
        (folder / f"{notebook.name}.ipynb").write_text(text, encoding="utf-8")
    lecture = (folder / LECTURE).read_text(encoding="utf-8")
    lecture = lecture.replace(f"]({IN_HANDOUT.to_notebooks}", "](")
    (folder / LECTURE).write_text(lecture, encoding="utf-8")
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
    """A check cell of a graded problem as nbgrader wants it: locked, and worth points. Any other
    cell is returned as it is.

    points: of the graded problems, by name.

    What stands between nbgrader's markers only graders run: if at all, since `course_grading` puts
    the judge's verdict into the cell. A verdict tells nbgrader its points in either case.
    """
    problem = checked_problem(cell)
    if problem is None or problem not in points:
        return cell
    source = f'''check("{problem}")
### BEGIN HIDDEN TESTS
check("{problem}", hidden="{HIDDEN}")
### END HIDDEN TESTS'''
    metadata = {
        "schema_version": 3, "grade": True, "locked": True, "solution": False, "task": False,
        "grade_id": f"check_{problem}", "points": points[problem],
    }  # fmt: skip
    copied = cell.copy()
    copied.update(source=source, metadata={"nbgrader": metadata})
    return copied
