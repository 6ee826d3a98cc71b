"""The folder `assignment/`: stubs, notebooks, drawings, a README and a map of the lecture, which
are generated, beside the given modules, which are not and of which these are the only copies.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from autograder import lessons
from autograder.authoring.drawings import FOLDER, drawn_files
from autograder.authoring.handout.assistants import policy_of
from autograder.authoring.handout.cutting import Taught, cut, whole
from autograder.authoring.handout.example import example
from autograder.authoring.handout.given import refuse_answers, refuse_graded_functions
from autograder.authoring.handout.leaks import answer_lines, normalised
from autograder.authoring.handout.notebooks import (
    linked,
    load_notebooks,
    notebooks_for,
    student_version,
)
from autograder.authoring.handout.readme import readme
from autograder.authoring.handout.stubs import is_stub, stub, tasks
from autograder.authoring.lecture.page import IN_HANDOUT, lecture_page
from autograder.authoring.sources import StubError
from autograder.leaderboard.weights import NAME
from autograder.numbers import task_numbers
from autograder.settings import Course

LECTURE = "lecture.md"
"""The map of the lecture, in a handout."""

FROZEN = Path(__file__).resolve().parents[2] / "frozen"
"""The repository's own casebooks, as `make casebook` built them."""


def handout_files(
    solutions: Path, course: Course, frozen: Path = FROZEN, there: Collection[str] = ()
) -> dict[str, str]:
    """Path below `assignment/` -> text, for everything there that is generated.

    frozen: the folder with the casebooks, on which the README's example is checked. there: the
    lessons whose files are handed out, if more than the course asks for.

    Raises StubError for a solution that would be given away, NotebookError for a notebook that
    cannot be built, CasebookError for a casebook that is missing or stale.
    """
    sources = _lesson_sources(solutions / "recurrent")
    files = _stubs(sources, course)
    notebooks = load_notebooks(solutions / "notebooks", course.handout_address)
    everything = linked([whole(notebook) for notebook in notebooks])
    for notebook in everything:
        files[f"notebooks/{notebook.name}.ipynb"] = student_version(notebook)
    template = (solutions / "handout.md").read_text(encoding="utf-8")
    handed_out = notebooks_for(notebooks, course.lessons_of("all"))
    checked = example(solutions, course, frozen)
    said = checked.as_markdown() if checked else ""
    assistants = policy_of(solutions, course.ai_policy)
    files["README.md"] = readme(template, course, sources, handed_out, said, there, assistants)
    graded = frozenset(course.lessons_of("all"))
    taught = Taught(graded, graded | frozenset(there))
    files[LECTURE] = lecture_page(
        solutions,
        course,
        everything,
        [cut(notebook, taught) for notebook in handed_out],
        IN_HANDOUT,
    )
    files |= drawn_files()
    refuse_answers_in_words(files, answer_lines(sources))
    return files


def _lesson_sources(package: Path) -> dict[str, str]:
    """Lesson -> source text of the reference.

    Raises StubError for a lesson that has no file, and for a file that has no lesson.
    """
    found = {}
    for path in package.rglob("*.py"):
        found[path.relative_to(package).with_suffix("").as_posix()] = path
    found.pop("__init__", None)
    for name in lessons.names():
        if name not in found:
            raise StubError(f"solutions/recurrent/{name}.py is missing: it is a lesson's file")
    for name in sorted(found.keys() - set(lessons.names())):
        raise StubError(
            f"solutions/recurrent/{name}.py belongs to no lesson: modules that are given stand in "
            f"assignment/recurrent"
        )
    return {name: found[name].read_text(encoding="utf-8") for name in lessons.names()}


def _stubs(sources: Mapping[str, str], course: Course) -> dict[str, str]:
    files = {}
    numbers = task_numbers(course)
    for lesson in lessons.all_lessons():
        source = sources[lesson.name]
        stubbed = stub(source, f"{lesson.name}.py", tasks(lesson, course, numbers))
        refuse_answers(lesson, source, stubbed)
        files[f"recurrent/{lesson.name}.py"] = stubbed
    return files


def refuse_answers_in_words(files: Mapping[str, str], answers: Collection[str]) -> None:
    """Raise StubError for a line of a solution in a docstring, a comment or a notebook's text.

    files: name -> text. answers: from `answer_lines`.
    """
    for name, text in files.items():
        bare = normalised(text)
        for line in sorted(answers):
            if line in bare:
                raise StubError(
                    f"assignment/{name} would hold a line of a solution, {line}: say it in words "
                    f"there, or as an equation that is no code"
                )


def write_assignment(
    solutions: Path,
    assignment: Path,
    course: Course,
    frozen: Path = FROZEN,
    there: Collection[str] = (),
) -> list[str]:
    """Bring what is generated up to date; the names of the files that changed.

    Given modules are left alone: nothing could make them again. frozen, there: see
    `handout_files`.

    Raises StubError, before anything is written, if students would be given an answer.
    """
    _refuse_graded_functions(assignment)
    fresh = handout_files(solutions, course, frozen, there)
    changed = _stale(fresh, assignment)
    for name in changed:
        path = assignment / name
        if name in fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


def stale_files(solutions: Path, assignment: Path, course: Course) -> list[str]:
    """The generated files that are not what solutions and course give today: other, missing, left
    over.
    """
    return _stale(handout_files(solutions, course), assignment)


def _stale(fresh: Mapping[str, str], assignment: Path) -> list[str]:
    there = {}
    for path in _generated(assignment):
        name = path.relative_to(assignment).as_posix()
        there[name] = path.read_text(encoding="utf-8")
    return sorted(
        name for name in fresh.keys() | there.keys() if fresh.get(name) != there.get(name)
    )


def _generated(assignment: Path) -> Iterator[Path]:
    """The files of the folder that `write_assignment` writes or once wrote.

    A stub is known by its lesson or, once that is gone, by what every stub says; any other module
    may be a given one.
    """
    for path in (assignment / "recurrent").rglob("*.py"):
        if _is_of_a_lesson(path, assignment) or is_stub(path.read_text(encoding="utf-8")):
            yield path
    yield from assignment.glob("notebooks/*.ipynb")
    yield from assignment.glob("README.md")
    yield from assignment.glob(LECTURE)
    yield from assignment.glob(f"{FOLDER}/*.svg")


def _is_of_a_lesson(path: Path, assignment: Path) -> bool:
    return path.parent == assignment / "recurrent" and path.stem in lessons.names()


def _refuse_graded_functions(assignment: Path) -> None:
    generated = set(_generated(assignment))
    for path in sorted((assignment / "recurrent").rglob("*.py")):
        if path not in generated:
            name = path.relative_to(assignment).as_posix()
            refuse_graded_functions(name, path.read_text(encoding="utf-8"))


def copy_given(assignment: Path, folder: Path) -> None:
    """Copy the given modules from `assignment/` into another folder of its shape.

    Raises StubError for one that defines a graded function.
    """
    _refuse_graded_functions(assignment)
    generated = set(_generated(assignment))

    def left_out(place: str, names: list[str]) -> list[str]:
        stays = []
        for name in names:
            is_ours = not name.startswith((".", "__pycache__")) and name != NAME
            if not is_ours or Path(place) / name in generated:
                stays.append(name)
        return stays

    shutil.copytree(
        assignment / "recurrent", folder / "recurrent", ignore=left_out, dirs_exist_ok=True
    )
