"""What a check was asked for: which folder, which problems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.errors import UserError, did_you_mean
from autograder.grade import course_lessons
from autograder.settings import Course

ROOT = Path(__file__).resolve().parents[2]


def default_submission() -> Path:
    """The student's folder: beside `check.py` in the handout, `assignment/` in the repository."""
    return ROOT if (ROOT / "recurrent").is_dir() else ROOT / "assignment"


def problems_asked(names: Sequence[str], course: Course) -> list[str] | None:
    """The problems asked for, by their own names or their lessons'; None for all.

    Raises UserError for an unknown name.
    """
    by_lesson = {
        lesson.name: [problem.name for problem in lesson.problems]
        for lesson in course_lessons(course)
    }
    known = dict(by_lesson)
    for problems in by_lesson.values():
        known |= {problem: [problem] for problem in problems}
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"; the lessons are {', '.join(by_lesson)}"
            raise UserError(f"there is no problem or lesson {name!r}{hint}")
    return [problem for name in names for problem in known[name]] or None
