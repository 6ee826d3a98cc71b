"""How well the cases see a misconception, and what a build has to say about that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.authoring.casebook.build import indistinguishable, seen_by
from autograder.casebook import CasebookError, LessonBook
from autograder.problem import Advice, Case, Lesson, Problem

MOST = 12
"""News of more misconceptions than these are summed up in a line."""


def seen_sentence(wrong: str, problem: Problem, books: Sequence[LessonBook]) -> str:
    """`rnn_step_forward.no_tanh: seen by 3 of 3 public and 3 of 3 hidden cases`."""
    counts = []
    for book in books:
        cases = book.cases_of(problem)
        kind = "hidden" if book.hidden else "public"
        counts.append(f"{seen_by(cases, wrong)} of {len(cases)} {kind}")
    return f"{wrong}: seen by {' and '.join(counts)} cases"


def news(lesson: Lesson, earlier: LessonBook | None, books: Sequence[LessonBook]) -> Iterator[str]:
    """What an author wants to hear of a lesson that was built, a line each.

    That is how well each new or changed misconception is seen, and which cannot be told apart.

    earlier: the lesson's public cases as they were before; None if nothing is news.
    books: its cases as they are now, the public ones first.
    """
    public = books[0]
    changed = []
    for problem in lesson.problems:
        own = [advice for advice in public.advice.values() if advice.problem == problem.name]
        for advice in own:
            if earlier is not None and _is_new(advice, problem, earlier, public):
                changed.append(seen_sentence(advice.id, problem, books))
        ids = [advice.id for advice in own]
        for one, other in indistinguishable(public.cases_of(problem), problem, ids):
            yield f"cannot be told apart: {one} and {other}"
    if len(changed) > MOST:
        yield f"{len(changed)} misconceptions are new or changed; every one is seen"
    else:
        yield from changed


def _is_new(advice: Advice, problem: Problem, earlier: LessonBook, now: LessonBook) -> bool:
    """Whether a misconception says or gives something that it did not before."""
    try:
        before = earlier.cases_of(problem)
        if earlier.advice.get(advice.id) != advice:
            return True
    except CasebookError:  # no such file, or one from before the problem was what it is
        return True
    cases = now.cases_of(problem)
    if len(before) != len(cases):
        return True
    return not all(_alike(advice.id, *pair) for pair in zip(before, cases, strict=True))


def _alike(wrong: str, one: Case, other: Case) -> bool:
    """Whether a misconception gives the same in two cases."""
    mine, theirs = one.by_misconception.get(wrong, {}), other.by_misconception.get(wrong, {})
    return (
        one.raises.get(wrong) == other.raises.get(wrong)
        and mine.keys() == theirs.keys()
        and all(np.array_equal(mine[name], theirs[name], equal_nan=True) for name in mine)
    )
