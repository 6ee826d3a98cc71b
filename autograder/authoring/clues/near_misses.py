"""Near misses: what edits of the reference give on public cases, and what is said of each edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.authoring.casebook.answers import Answers
from autograder.clues import LessonClues, Part
from autograder.problem import Case, Lesson


def near_misses(
    answers: Answers,
    lesson: Lesson,
    cases: Mapping[str, Sequence[Case]],
    earlier: LessonClues,
) -> dict[str, Part]:
    """Problem -> its near misses, for `judge.near_miss`.

    cases: the public ones of each problem. earlier: the file of an earlier build.
    """
    return {}
