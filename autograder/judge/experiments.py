"""Experiments: what the student's code does when its inputs are changed, beside what it should do.

They are made live, on public inputs, and what comes out is only said.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.judge.attempt import Ask, Attempt
from autograder.judge.evidence import Observation


def experiments(
    attempt: Attempt, wrong: Mapping[str, tuple[int, ...]], shown: int, ask: Ask
) -> tuple[Observation, ...]:
    """What experiments find out about the wrong outputs, what says most first.

    wrong: output -> the numbers of the cases in which it is wrong. shown: the number of the case
    that the message is about.
    """
    return ()
