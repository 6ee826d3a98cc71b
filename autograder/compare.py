"""When two arrays are equal for the purposes of a grade."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from autograder.problem import ATOL, RTOL, Arrays, Problem

FLOOR = 2e-2
"""A tensor whose largest number is below this is compared as if its largest number were this.

Without it, a tensor that is zero by the maths, like a gradient behind a closed gate, would have to
be matched exactly, and so would a sum whose terms happen to cancel. Right code in float32 strays
there by up to 2.2e-7 (25 hidden seeds of all problems, `tests/good_versions`); with the default
atol of a problem, the floor lets 4e-7 pass for zero.
"""

PROJECTIONS = 4
"""Numbers that stand for a whole array. Of two arrays that differ by more than what counts as
equal, one would have to differ at a right angle to all these directions to be taken for the other.
"""


def directions(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """PROJECTIONS random directions in which an output of that name and shape is looked at.

    They are the same everywhere, and of the length 1 on average.
    """
    rng = np.random.default_rng(zlib.crc32(f"{name}{shape}".encode()))
    size = max(1, int(np.prod(shape)))
    return rng.normal(scale=size**-0.5, size=(PROJECTIONS, *shape))


def projections(name: str, array: np.ndarray) -> np.ndarray:
    """How far an output goes in each of its `directions`: an array (PROJECTIONS,).

    >>> projections("dx", np.ones((2, 3))).shape
    (4,)
    >>> np.array_equal(projections("dx", np.zeros((200, 30))), np.zeros(4))
    True
    """
    along = directions(name, array.shape).reshape(PROJECTIONS, -1)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(along @ array.ravel().astype(float))


def sketch(name: str, array: np.ndarray) -> np.ndarray:
    """The few numbers that are kept of an output where the whole of it would be too much.

    Those are its projections. Where something is not finite, they are those of what is, followed by
    those of where the rest is: an array (2 PROJECTIONS,), which is like no array of finite numbers.

    >>> sketch("dx", np.ones((2, 3))).shape, sketch("dx", np.array([1.0, np.nan])).shape
    ((4,), (8,))
    >>> one, other = np.array([np.nan, 1.0, 0.0]), np.array([np.nan, 1.0, np.inf])
    >>> np.allclose(sketch("dx", one), sketch("dx", other))
    False
    """
    numbers = array.astype(float)
    finite = np.isfinite(numbers)
    if finite.all():
        return projections(name, numbers)
    kinds = np.select([finite, np.isnan(numbers), numbers > 0], [0.0, 1.0, 2.0], 3.0)
    parts = [projections(name, np.where(finite, numbers, 0.0)), projections(name, kinds)]
    return np.concatenate(parts)


def close(got: np.ndarray, want: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Where `got` equals `want`, elementwise; both of one shape.

    Real numbers are equal if |got - want| <= rtol |want| + atol max(|want|.max(), FLOOR). Whole
    numbers and booleans must be the same. NaN equals nothing; an infinity equals itself.

    >>> want = np.array([100.0, 1.0, 0.0, np.inf, np.nan])
    >>> close(np.array([100.01, 1.001, 0.001, np.inf, np.nan]), want, rtol=1e-4, atol=2e-5)
    array([ True,  True,  True,  True, False])

    The absolute part goes by the tensor's largest number: a gradient that is small as a whole is
    not taken for zeros.

    >>> close(np.zeros(2), np.array([1e-6, 2e-6]), rtol=1e-4, atol=2e-5)
    array([False, False])

    Where zeros are expected, FLOOR stands in for the largest number, and rounding errors pass.

    >>> close(np.array([1e-18, -3e-18]), np.zeros(2), rtol=1e-4, atol=2e-5)
    array([ True,  True])
    """
    if want.dtype.kind in "biu":
        return np.asarray(got == want)
    if np.array_equal(got, want):  # most answers: what follows takes many times as long
        return np.ones(want.shape, bool)
    finite = np.isfinite(want)
    scale = max(float(np.abs(want[finite]).max(initial=0.0)), FLOOR)
    # inf - inf is NaN, which is near nothing; infinities are compared by themselves below.
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(got - want) <= rtol * np.abs(want) + atol * scale
    return np.asarray(np.where(finite, near, got == want))


def alike(got: np.ndarray, want: np.ndarray, rtol: float = RTOL, atol: float = ATOL) -> bool:
    """Whether two arrays have one shape and are `close` everywhere.

    For properties, too: two ways to the same numbers round differently, by how large they are.

    >>> alike(np.array([1e6, 1.0]), np.array([1e6 + 1, 1.5]))
    True
    >>> alike(np.ones((1, 5)), np.ones((3, 5)))  # it would broadcast
    False
    """
    return got.shape == want.shape and bool(close(got, want, rtol, atol).all())


def equal(problem: Problem, got: np.ndarray | None, want: np.ndarray) -> bool:
    """Whether one output tensor is right: there, of the expected shape, and close everywhere.

    How close is for the problem to say, by its `rtol` and `atol`.

    >>> from autograder import lessons
    >>> problem = lessons.find("rnn_step_forward")
    >>> equal(problem, np.full((3, 5), 1.00001), np.ones((3, 5)))
    True
    >>> equal(problem, np.ones((1, 5)), np.ones((3, 5)))  # it would broadcast, and is still wrong
    False
    >>> equal(problem, None, np.ones((3, 5)))
    False
    """
    return got is not None and alike(got, want, problem.rtol, problem.atol)


def wrong_tensors(problem: Problem, got: Mapping[str, np.ndarray], want: Arrays) -> tuple[str, ...]:
    """The names of the outputs that are missing or not equal, in the order of `want`."""
    return tuple(name for name in want if not equal(problem, got.get(name), want[name]))
