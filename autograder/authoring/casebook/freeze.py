"""Freezing a course: both casebooks and the settings, into the folder that every home of the judge
reads.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.authoring.casebook.build import build_casebook
from autograder.problem import Lesson
from autograder.settings import Course, freeze


def hidden_seed(given: int | None, course: Course) -> int:
    """The seed of the hidden cases: the one given, else the course's own, else a fresh secret."""
    if given is not None:
        return given
    return course.hidden_seed if course.hidden_seed is not None else secrets.randbits(63)


def freeze_course(
    solutions: Path,
    course: Course,
    frozen: Path,
    hidden: int | None,
    taught: Sequence[Lesson],
    say: Callable[[str], None],
) -> None:
    """Replace the folder by a new `public/`, `course.json` and, given a seed for it, `hidden/`.
    Raises BuildError.

    What was there before stays until everything new is there.
    """
    new = frozen.with_name(f"{frozen.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    build_casebook(solutions, new / "public", course.seed, False, taught, say)
    if hidden is not None:
        build_casebook(solutions, new / "hidden", hidden, True, taught, lambda text: None)
    (new / "course.json").write_text(freeze(course), encoding="utf-8")
    shutil.rmtree(frozen, ignore_errors=True)
    new.replace(frozen)
