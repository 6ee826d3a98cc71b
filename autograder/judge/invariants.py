"""What is true of every right answer and not of this one: a sum of 1, symmetry, a range.

Nobody declares it: it is read off the expected arrays of all cases at hand, and said only where
there are too many numbers for an accident.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.problem import ATOL, RTOL

ENOUGH = 20
"""Numbers of which it is no accident that all lie in a range."""

FEW = 3
"""So many different numbers or fewer say nothing of a range."""

Test = Callable[[np.ndarray], bool]


def _is_symmetric(array: np.ndarray) -> bool:
    square = array.ndim == 2 and array.shape[0] == array.shape[1]
    return square and np.allclose(array, array.T, RTOL, ATOL)


def _sums_to_one(array: np.ndarray) -> bool:
    return array.ndim > 0 and np.allclose(array.sum(axis=-1), 1, RTOL, ATOL)


def _sums_to_zero(array: np.ndarray) -> bool:
    return array.ndim > 0 and np.allclose(array.sum(axis=-1), 0, RTOL, ATOL)


def _is_a_share(array: np.ndarray) -> bool:
    return bool((array >= 0).all() and (array <= 1).all())


def _is_never_negative(array: np.ndarray) -> bool:
    return bool((array >= 0).all())


EXACTLY: Sequence[tuple[Test, str]] = (
    (_is_symmetric, "not symmetric, and should be"),
    (_sums_to_one, "such that its rows do not add up to 1, and they should"),
    (_sums_to_zero, "such that its rows do not add up to 0, and they should"),
)
RANGES: Sequence[tuple[Test, str]] = (
    (_is_a_share, "not between 0 and 1 everywhere, and should be"),
    (_is_never_negative, "negative in places, and should not be"),
)
"""What right answers may have in common, and what is said of one that has it not."""


def broken(got: Sequence[np.ndarray], want: Sequence[np.ndarray]) -> Iterator[str]:
    """What every expected array has, and these wrong ones have not, or most of them.

    got, want: one for each case in which the output is wrong.
    """
    numbers = np.concatenate([array.ravel() for array in want])
    if numbers.size < ENOUGH or not numbers.any():
        return
    is_spread = len(np.unique(numbers)) > FEW
    telling = [number for number, array in enumerate(want) if array.size > 1]
    for holds, text in (*EXACTLY, *(RANGES if is_spread else ())):
        if not telling or not all(holds(want[number]) for number in telling):
            continue
        lacking = sum(not holds(got[number]) for number in telling)
        if lacking == len(telling):
            yield text
        elif 2 * lacking >= len(telling):
            yield f"on most cases {text}"
