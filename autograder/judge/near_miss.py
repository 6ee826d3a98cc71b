"""Near misses: which edit of right code gives these results, where no known mistake does."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.judge.attempt import Attempt
from autograder.judge.evidence import Observation


def near_misses(attempt: Attempt, wrong: Mapping[str, tuple[int, ...]]) -> tuple[Observation, ...]:
    """What can be said of the wrong outputs by the edits that are known to lead to them.

    wrong: output -> the numbers of the cases in which it is wrong.
    """
    return ()
