"""Experiments: what the student's code does when its inputs are changed, beside what it should do.

They are made live, on public inputs, and what comes out is only said.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.judge.attempt import Ask, Attempt
from autograder.judge.evidence import Observation
from autograder.judge.experiments.live import asked_twice, reactions
from autograder.judge.experiments.smallest import smallest_failing

MOST_SAID = 3
"""Sentences about one problem."""


def experiments(
    attempt: Attempt, wrong: Mapping[str, tuple[int, ...]], shown: int, ask: Ask
) -> tuple[Observation, ...]:
    """What experiments find out about the wrong outputs, what says most first.

    wrong: output -> the numbers of the cases in which it is wrong. shown: the number of the case
    that the message is about.
    """
    results = [tensor.name for tensor in attempt.problem.gives if tensor.name in wrong]
    unsteady = asked_twice(attempt, results, shown, ask)
    if unsteady:
        return tuple(unsteady)  # what changes by itself says nothing when it is changed
    found = smallest_failing(attempt, wrong)
    found += reactions(attempt, results, ask)
    return tuple(found[:MOST_SAID])
