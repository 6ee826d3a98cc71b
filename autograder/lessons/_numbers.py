"""Lone numbers that a student's function returns: with axes of length 1 they are numbers too.

What a probe makes of such a number is the number's affair: the shape is checked where the number
itself is an output, and costs that output only.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.problem import without_ones


def real(value: Any) -> float:
    """A real number, whatever its axes of length 1. Raises ValueError for more than one number.

    >>> real(np.array([[0.5]])), real(2)
    (0.5, 2.0)
    """
    return float(np.asarray(value).item())


def whole(value: Any) -> int:
    """A whole number, whatever its axes of length 1. Raises ValueError for more than one number."""
    return int(np.asarray(value).item())


def in_shape(value: Any, shape: tuple[int, ...]) -> np.ndarray:
    """An array in the shape it should have, where it has axes of length 1 too many or too few.

    >>> in_shape(np.zeros((1, 4)), (4,)).shape, in_shape(np.zeros((1, 4)), (3,)).shape
    ((4,), (1, 4))
    """
    array = np.asarray(value)
    return array.reshape(shape) if without_ones(array.shape) == without_ones(shape) else array


def fitted(value: Any, shape: tuple[int, ...]) -> np.ndarray:
    """The same, where a probe calculates with the array: it must not broadcast to look right.

    Raises ValueError for any other shape.

    >>> fitted(np.zeros((1, 4)), (3, 4))
    Traceback (most recent call last):
    ValueError: an array of shape (3, 4) is needed here, and this one has shape (1, 4)
    """
    array = in_shape(value, shape)
    if array.shape != shape:
        raise ValueError(
            f"an array of shape {shape} is needed here, and this one has shape {array.shape}"
        )
    return array


def has_shape(value: Any, shape: tuple[int, ...]) -> bool:
    """Whether it is an array of this shape, or lists that make one: for what is called with it.

    >>> has_shape([[1, 2]], (1, 2)), has_shape([[1], [2, 3]], (2, 2)), has_shape(None, (1,))
    (True, False, False)
    """
    try:
        return bool(np.asarray(value).shape == shape)
    except ValueError:  # lists of different lengths make none
        return False
