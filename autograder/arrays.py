"""Arrays that can be written to a file or a pipe.

safetensors writes memory as it lies: of a transposed or strided array it silently writes wrong
values.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def exact(value: Any) -> np.ndarray:
    """A contiguous copy of base class and native byte order; long doubles become doubles."""
    array = np.array(value, order="C", copy=True, subok=False)
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def narrow(array: np.ndarray) -> np.ndarray:
    """Real numbers in the smallest type that holds each of them exactly; others as they are."""
    if array.dtype.kind != "f":
        return array
    for smaller in (np.float16, np.float32):
        with np.errstate(over="ignore"):
            narrowed = array.astype(smaller)
        if np.array_equal(narrowed, array):
            return narrowed
    return array


def wide(array: np.ndarray) -> np.ndarray:
    """Real numbers as float64, whatever they were stored as; others as they are."""
    return array.astype(np.float64) if array.dtype.kind == "f" else array
