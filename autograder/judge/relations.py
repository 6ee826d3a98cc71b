"""What wrong numbers are beside the expected ones: a function of them, or a sum with an input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from autograder.compare import alike
from autograder.problem import Arrays

ENOUGH = 3
"""Different numbers from which on it is no accident."""

Function = Callable[[np.ndarray], np.ndarray]

FUNCTIONS: Mapping[str, Function] = {
    "the exponential of what is expected": np.exp,
    "the logarithm of what is expected": np.log,
    "the square of what is expected": np.square,
    "the square root of what is expected": np.sqrt,
    "1 divided by what is expected": np.reciprocal,
    "1 minus what is expected": lambda want: 1 - want,
}


PARTS: Mapping[str, Function] = {
    "": lambda value: value,
    "[:, 0]": lambda value: value[:, 0],
    "[:, -1]": lambda value: value[:, -1],
}
"""Parts of an input that may have been added once too often."""


def functions_of(wrong: Sequence[tuple[np.ndarray, np.ndarray]]) -> Iterator[str]:
    """Which function gives all of these numbers of the expected ones.

    wrong: for each case, the numbers that are wrong and what is expected in their places.
    """
    got = np.concatenate([numbers for numbers, _ in wrong])
    want = np.concatenate([numbers for _, numbers in wrong])
    if len(np.unique(want)) < ENOUGH:
        return
    for text, function in FUNCTIONS.items():
        with np.errstate(all="ignore"):
            given = function(want)
        if np.isfinite(given).all() and alike(got, given):
            yield text


def added(errors: Sequence[tuple[np.ndarray, Arrays]]) -> Iterator[str]:
    """The input, or the first or last step of one, that is the error on every case.

    errors: for each case, what came back less what is expected, and its inputs.
    """
    if sum(len(np.unique(error)) for error, _ in errors) < ENOUGH:
        return
    for name in errors[0][1]:
        for text, part in PARTS.items():
            if all(_is_part(error, inputs[name], part) for error, inputs in errors):
                yield f"{name}{text}"


def _is_part(error: np.ndarray, value: np.ndarray, part: Function) -> bool:
    if error.ndim == 0 or value.dtype.kind != "f" or value.ndim < error.ndim:
        return False
    return value.ndim > 1 and alike(error, part(value))
