"""Building what students get, and the two zips, from what they are derived from."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.freeze import freeze_course
from autograder.authoring.course import course_of, lessons_behind, odd_sets
from autograder.authoring.handout.archive import write_zip
from autograder.authoring.handout.assignment import FROZEN, LECTURE, copy_given, write_assignment
from autograder.authoring.handout.cutting import Taught, cut, whole
from autograder.authoring.handout.given import given_report
from autograder.authoring.handout.leaks import leaks, secret_lines
from autograder.authoring.handout.manifest import write_manifest
from autograder.authoring.handout.notebooks import (
    Notebook,
    linked,
    load_notebooks,
    notebooks_for,
    student_version,
)
from autograder.authoring.leaderboard.held_out import write_leaderboard
from autograder.authoring.lecture.page import IN_HANDOUT, lecture_page
from autograder.authoring.seeds import hidden_seed
from autograder.errors import UserError
from autograder.leaderboard.weights import NAME
from autograder.problem import Lesson
from autograder.settings import Course

ROOT = Path(__file__).resolve().parents[3]
FILES = Path(__file__).parent / "files"


STUDENTS_FILES = ("check.py", "requirements.txt", "requirements-notebooks.txt")
"""Of `files/`, what the handout has beside the grader."""

STUDENTS_EDITORS = FILES / "editors"
"""What the handout has for editors and code hosts, each file where those look for it."""

GRADERS_REQUIREMENTS = ("requirements-grading.txt", "requirements-fences.txt")
TORCHS_REQUIREMENTS = "requirements-torch.txt"
"""Of `files/`, what stands beside every grader; torch's only where a lesson needs it."""

GRADESCOPES_FILES = ("setup.sh", "run_autograder", "Dockerfile")
"""Of `files/`, what Gradescope's zip has besides."""

STAY_AT_HOME = ("authoring", "classroom")
"""The rooms of `autograder/` that never travel: they read `solutions/`, or know a whole class."""

Print = Callable[[str], None]


class PackageError(UserError):
    """A zip was not built; the message says why."""


def make_handout(which: str, out: Path, print_line: Print = print) -> Path:
    """Build dist/assignment.zip: stubs, the check with its public cases, and how to start.

    which: a problem set of course.toml, or all. print_line: gets what is given whole, by name, so
    that no answer leaves the house unseen.

    Raises StubError or PackageError if the zip would give an answer away.
    """
    course_whole = course_of(ROOT)
    course = course_whole.only(which)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_handout(course, folder, course_whole.lessons_before(which))
        shutil.copytree(STUDENTS_EDITORS, folder, dirs_exist_ok=True)
        told = write_manifest(folder / "autograder" / "frozen", course, which, ROOT)
        for line in (*given_report(folder / "recurrent"), *odd_sets(course)):
            print_line(line)
        # In a folder of its own: unpacked into somebody's Downloads, it spills nothing.
        return zip_folder(folder, out, print_line, told, top=out.stem)


def write_handout(course: Course, folder: Path, before: Collection[str] = ()) -> None:
    """Write what students get into a folder: the stubs and notebooks that the course's sets need,
    the given modules, and the check.

    before: the lessons of earlier problem sets, whose functions students have.

    Raises StubError, NotebookError.
    """
    notebooks = notebooks_of(course, before)
    taught = lessons_with_imports(course, notebooks)
    frozen = folder / "autograder" / "frozen"
    freeze_course(ROOT / "solutions", course, frozen, None, taught, _say_nothing, reuse=FROZEN)
    there = [lesson.name for lesson in taught]
    write_assignment(ROOT / "solutions", folder, course, frozen, there)
    _keep_only(folder, taught, notebooks)
    for notebook in notebooks:
        text = student_version(notebook)
        (folder / "notebooks" / f"{notebook.name}.ipynb").write_text(text, encoding="utf-8")
    _write_map(course, folder, notebooks)
    copy_given(ROOT / "assignment", folder)
    copy_grader(folder)
    for name in STUDENTS_FILES:
        shutil.copy(FILES / name, folder / name)


def _write_map(course: Course, folder: Path, notebooks: Sequence[Notebook]) -> None:
    """Write the map of the lecture, cut to what these notebooks teach."""
    solutions = ROOT / "solutions"
    everything = [whole(one) for one in load_notebooks(solutions / "notebooks")]
    text = lecture_page(solutions, course, everything, notebooks, IN_HANDOUT)
    (folder / LECTURE).write_text(text, encoding="utf-8")


def notebooks_of(course: Course, before: Collection[str] = ()) -> list[Notebook]:
    """The notebooks with check cells of the course's lessons, cut to what is taught.

    before: the lessons of earlier problem sets. Raises NotebookError.
    """
    graded = frozenset(course.lessons_of("all"))
    taught = Taught(graded, graded | frozenset(before))
    scripts = load_notebooks(ROOT / "solutions" / "notebooks", course.handout_address)
    found = notebooks_for(scripts, graded)
    return linked([cut(notebook, taught) for notebook in found])


def _keep_only(folder: Path, taught: Sequence[Lesson], notebooks: Sequence[Notebook]) -> None:
    """Remove the stubs and notebooks that are not among these."""
    stubs = {lesson.name for lesson in taught}
    for path in folder.glob("recurrent/*.py"):
        if path.stem not in stubs:
            path.unlink()
    scripts = {notebook.name for notebook in notebooks}
    for path in folder.glob("notebooks/*.ipynb"):
        if path.stem not in scripts:
            path.unlink()


def make_autograder(
    which: str,
    out: Path,
    seed: int | None = None,
    print_line: Print = print,
    new_seed: bool = False,
) -> Path:
    """Build dist/autograder.zip for Gradescope: the grader and both casebooks, no solution.

    which: a problem set of course.toml, or all. seed, new_seed: of the hidden cases, see
    `hidden_seed`; the term's is kept beside the zip.

    Raises SeedError, or PackageError if a line of a solution would travel.
    """
    course = course_of(ROOT).only(which)
    hidden = hidden_seed(seed, course, out.parent, print_line, new_seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        told = write_grader(course, which, folder, hidden)
        if course.ranked is not None:
            # Nowhere else: it holds an answer to problems of the course.
            write_leaderboard(ROOT, folder / "autograder" / "frozen" / "hidden", hidden)
            print_line(f"with a leaderboard, for {NAME}")
        for name in GRADESCOPES_FILES:
            shutil.copy(FILES / name, folder / name)
        for line in odd_sets(course):
            print_line(line)
        # In no folder: Gradescope wants run_autograder at the top.
        return zip_folder(folder, out, print_line, told)


def write_grader(course: Course, which: str, folder: Path, hidden: int | None) -> dict[str, Any]:
    """Write what any system grades with: the grader, its casebooks, and what has to be installed.

    which: the name of the course's one set, or all. hidden: the seed of the hidden cases; None for
    a grader without any. Returns what the grader says of itself.
    """
    taught = lessons_with_imports(course)
    copy_grader(folder)
    copy_given(ROOT / "assignment", folder)  # what students may import, wherever it is graded
    frozen = folder / "autograder" / "frozen"
    freeze_course(ROOT / "solutions", course, frozen, hidden, taught, _say_nothing, reuse=FROZEN)
    names = list(GRADERS_REQUIREMENTS)
    if any(lesson.backend == "torch" for lesson in taught):
        names.append(TORCHS_REQUIREMENTS)
    for name in names:
        shutil.copy(FILES / name, folder / name)
    return write_manifest(frozen, course, which, ROOT)


def lessons_with_imports(course: Course, notebooks: Sequence[Notebook] = ()) -> list[Lesson]:
    """The course's lessons, its notebooks' and those they build on."""
    wanted = list(course.lessons_of("all"))
    for notebook in notebooks:
        wanted += notebook.lessons
    return lessons_behind(ROOT, wanted)


def copy_grader(folder: Path) -> None:
    """Copy the Python files of `autograder/`, without the rooms that stay at home.

    Nothing else: a casebook with hidden cases, an unfinished one beside it, an editor's backup and
    whatever lies about are no Python files, or lie in a folder with a dot.
    """
    house = ROOT / "autograder"
    for path in sorted(house.rglob("*.py")):
        inside = path.relative_to(house)
        if inside.parts[0] in STAY_AT_HOME or any(part.startswith(".") for part in inside.parts):
            continue
        copy = folder / "autograder" / inside
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)


def refuse_leaks(folder: Path, name: str) -> None:
    """Raise PackageError if a line of a solution is in the folder."""
    found = leaks(folder, _secret_lines(ROOT / "solutions"))
    if found:
        raise PackageError(f"{name} was not built, a solution would leak: {'; '.join(found[:5])}")


@cache
def _secret_lines(solutions: Path) -> set[str]:
    """The lines that may not travel; once a process, for it takes as long as the rest of a zip."""
    return secret_lines(solutions, load_answers(solutions).misconceptions)


def zip_folder(
    folder: Path, out: Path, print_line: Print, told: Mapping[str, Any], top: str = ""
) -> Path:
    """Write the zip, unless an answer is in the folder, and say what it is.

    told: what the grader in it says of itself. top: a folder in the zip that all lies in. Raises
    PackageError for an answer.
    """
    refuse_leaks(folder, out.name)
    write_zip(folder, out, top)
    problem_set = "all sets" if told["set"] == "all" else f"set {told['set']}"
    facts = [str(told["term"]), problem_set]
    if told["hidden_cases"]:
        facts.append(f"hidden cases {told['hidden_cases']}")
    facts.append(f"{out.stat().st_size / 1e6:.1f} MB")
    print_line(f"{out.name}: {', '.join(facts)}, no solution line in it")
    return out


def _say_nothing(line: str) -> None:
    """For builds whose progress nobody follows."""
