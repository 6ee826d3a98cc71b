"""Reactions: which part of which output of the reference reacts to which part of which input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.authoring.casebook.answers import Answers
from autograder.clues import Part
from autograder.problem import Case, Lesson


def reactions(
    answers: Answers, lesson: Lesson, cases: Mapping[str, Sequence[Case]]
) -> dict[str, Part]:
    """Problem -> its reactions, for `judge.experiments`. cases: the public ones of each problem."""
    return {}
