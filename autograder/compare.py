"""When two arrays are equal for the purposes of a grade."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.problem import Arrays, Problem

FLOOR = 1e-3
"""A tensor whose largest number is below this is compared as if its largest number were this."""


def close(got: np.ndarray, want: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Where `got` equals `want`, elementwise; both of one shape.

    |got - want| <= rtol |want| + atol max(|want|.max(), FLOOR), so that gradients that are small as
    a whole are not taken for zeros; whole numbers and booleans must be equal; NaN equals nothing;
    an infinity equals itself.
    """
    if want.dtype.kind in "biu":
        return np.asarray(got == want)
    finite = np.isfinite(want)
    scale = max(float(np.abs(want[finite]).max(initial=0.0)), FLOOR)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(got - want) <= rtol * np.abs(want) + atol * scale
    return np.asarray(np.where(finite, near, got == want))


def equal(problem: Problem, got: np.ndarray | None, want: np.ndarray) -> bool:
    """Whether one output tensor is right: there, of the right shape, close everywhere."""
    return (
        got is not None
        and got.shape == want.shape
        and bool(close(got, want, problem.rtol, problem.atol).all())
    )


def wrong_tensors(problem: Problem, got: Mapping[str, np.ndarray], want: Arrays) -> tuple[str, ...]:
    """The names of the outputs that are missing or not equal, in the order of `want`."""
    return tuple(name for name in want if not equal(problem, got.get(name), want[name]))
