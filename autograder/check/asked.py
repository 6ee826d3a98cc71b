"""What a check was asked for: which folder, which problems.

A problem or a lesson is asked for by its name in any case, by its function, or by its file as a
shell completes it:

    rnn    RNN_Forward    rnn.py    ./recurrent/rnn.py    recurrent\\rnn.py
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons
from autograder.errors import UserError, did_you_mean
from autograder.grade import course_lessons
from autograder.platforms import python_command
from autograder.printable import printable
from autograder.settings import Course
from autograder.wording import listed

ROOT = Path(__file__).resolve().parents[2]

PACKAGE = "recurrent"
"""The folder with the student's files."""

SEPARATORS = re.compile(r"[\\/]+")
"""Between the parts of a path: on every system somebody has the other one's habits."""

BEHIND_A_NAME = re.compile(r"(:\d*)*:*$")
"""What editors and error messages put behind a file: `rnn.py:31:`."""

MOST = 4
"""Names that a sentence lists."""


def default_submission() -> Path:
    """The student's folder: beside `check.py` in the handout, `assignment/` in the repository."""
    return ROOT if (ROOT / PACKAGE).is_dir() else ROOT / "assignment"


def problems_asked(
    names: Sequence[str], course: Course, submission: Path | None = None
) -> list[str] | None:
    """The problems asked for, each once; None for all.

    submission: the folder that is checked, in which `recurrent/` lies. A path that leads to
        another one is refused; where it is None, only the end of a path is read.
    Raises UserError, in one sentence, for what is no problem, no lesson and none of their files.
    """
    known = _Known.of(course)
    found: dict[str, None] = {}
    for name in names:
        # It is quoted in a sentence, which has one line.
        wanted = _asked_by(printable(name), known, submission)
        if wanted is None:
            return None
        found.update(dict.fromkeys(wanted))
    return list(found) or None


@dataclass(frozen=True)
class _Known:
    """What can be asked for, by its name in small letters.

    lessons: in their order, their names as they are written.
    """

    lessons: Mapping[str, list[str]]
    problems: Mapping[str, list[str]]

    @staticmethod
    def of(course: Course) -> _Known:
        by_lesson: dict[str, list[str]] = {}
        by_function: dict[str, list[str]] = {}
        by_problem: dict[str, list[str]] = {}
        for lesson in course_lessons(course):
            by_lesson[lesson.name] = [problem.name for problem in lesson.problems]
            for problem in lesson.problems:
                by_problem[problem.name] = [problem.name]
                by_function.setdefault(problem.of.casefold(), []).append(problem.name)
        # A problem's own name comes before that of the function it checks.
        return _Known(by_lesson, by_function | by_problem)

    def named(self, name: str) -> list[str] | None:
        """The problems of a name; None if there are none."""
        word = name.casefold()
        return self.lessons.get(word) or self.problems.get(word)

    @property
    def files(self) -> str:
        """`rnn.py, head.py and 2 more`: where there are problems."""
        return listed([f"{name}.py" for name in self.lessons], MOST)


def _asked_by(name: str, known: _Known, submission: Path | None) -> list[str] | None:
    """The problems that one word asks for; None if it asks for all."""
    word = BEHIND_A_NAME.sub("", name.strip())
    parts = [part for part in SEPARATORS.split(word) if part not in ("", ".")]
    last = parts[-1] if parts else ""
    stem, is_file = _without_ending(last)
    wanted = known.named(stem)
    is_path = is_file or word == "." or SEPARATORS.search(word) is not None
    if is_path or wanted is None:
        _refuse_what_lies_elsewhere(name, word, parts, submission)
    if last.casefold() == PACKAGE or _is_package(word, submission):
        return None
    if wanted is None:
        raise UserError(_unknown(name, stem, is_path, known))
    if is_file and stem.casefold() not in known.lessons:
        raise UserError(f"there is no file {name}; did you mean {stem}?")
    return wanted


def _without_ending(name: str) -> tuple[str, bool]:
    """A file's name without `.py`, and whether it had that."""
    if name.casefold().endswith(".py"):
        return name[: -len(".py")], True
    return name, False


def _refuse_what_lies_elsewhere(
    name: str, word: str, parts: Sequence[str], submission: Path | None
) -> None:
    """Raise UserError for the path of something that is not in the folder that is checked."""
    path = _as_path(word)
    if path is not None and submission is not None:
        if not _lies_in(path, submission / PACKAGE):
            raise UserError(_elsewhere(name, path, submission))
        return
    # It is not there as it is written. From another folder it may be: then its end tells.
    if len(parts) > 1 and PACKAGE not in (parts[-2].casefold(), parts[-1].casefold()):
        raise UserError(
            f"{name} is not in the folder {PACKAGE}/, and only the files in there are checked: "
            f"name one of them, or a problem"
        )


def _as_path(word: str) -> Path | None:
    """The word as a path, if something is there, or it says by itself where that would be."""
    with suppress(OSError, ValueError):  # too long for a path, or with a character that none has
        path = Path(word)
        if word and (path.exists() or path.is_absolute()):
            return path
    return None


def _lies_in(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or in it; so is a link in there to somewhere else."""
    inside = folder.resolve()
    for place in (path.resolve(), path.parent.resolve() / path.name):
        if place == inside or inside in place.parents:
            return True
    return False


def _is_package(word: str, submission: Path | None) -> bool:
    path = _as_path(word)
    if path is None or submission is None:
        return False
    return path.resolve() == (submission / PACKAGE).resolve()


def _elsewhere(name: str, path: Path, submission: Path) -> str:
    """The sentence on what may be there, and is not what is checked."""
    if path.suffix.casefold() == ".ipynb":
        return (
            f"{name} is a notebook, and only the files in {PACKAGE}/ are checked: "
            f"`{python_command()} check.py --from {name}` first moves what you wrote in it there"
        )
    if PACKAGE in (path.name.casefold(), path.parent.name.casefold()):
        return f"{name} is not in the folder that is checked, {submission / PACKAGE}"
    if path.is_dir():
        return f"{name} is a folder without problems; name nothing to check all of {PACKAGE}/"
    return f"{name} has no problems to check: only the files in {PACKAGE}/ have"


def _unknown(name: str, stem: str, is_path: bool, known: _Known) -> str:
    """The sentence on a name of nothing that can be checked."""
    files = f"the files with problems are {known.files}"
    if stem.casefold() in _syllabus():
        return f"{stem} is not asked for here; {files}"
    if is_path and _as_path(name) is not None:
        return f"{name} has no problems to check; {files}"
    near = did_you_mean(stem.casefold(), {**known.lessons, **known.problems})
    if is_path:
        return f"there is no file {name} with problems{near or f'; {files}'}"
    end = near or f"; the lessons are {', '.join(known.lessons)}"
    return f"there is no problem or lesson {name!r}{end}"


def _syllabus() -> set[str]:
    """The names of all lessons and problems there are, whatever the course asks for."""
    return {problem.name for problem in lessons.all_problems()} | set(lessons.names())
