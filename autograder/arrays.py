"""Arrays that can be written to a file or a pipe.

safetensors writes memory as it lies: of a transposed or strided array it silently writes wrong
values.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors.numpy import load, save

LAYOUT = "layout"
"""The tensor that says what lies where in the others; the name of no type."""

LARGEST_LAYOUT = 100_000
"""Bytes of it that are read: room for some thousand arrays."""


def exact(value: Any) -> np.ndarray:
    """A contiguous copy of base class and native byte order; long doubles become doubles."""
    array = np.array(value, order="C", copy=True, subok=False)
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def narrow(array: np.ndarray) -> np.ndarray:
    """Numbers in the smallest signed type that holds each of them exactly; others as they are."""
    types = {"f": (np.float16, np.float32), "i": (np.int8, np.int16, np.int32)}
    for smaller in types.get(array.dtype.kind, ()):
        with np.errstate(over="ignore"):
            narrowed = array.astype(smaller)
        if np.array_equal(narrowed, array):
            return narrowed
    return array


def wide(array: np.ndarray) -> np.ndarray:
    """Numbers in the largest signed type, whatever they were stored as; others as they are."""
    types = {"f": np.float64, "i": np.int64}
    return array.astype(types.get(array.dtype.kind, array.dtype))


def to_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Named arrays, as `exact` makes them, in safetensors: those of one type in one flat tensor.

    A tensor for each takes six times as long to write and to read: most of our arrays are tiny.
    """
    layout: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    parts: dict[str, list[np.ndarray]] = {}
    for name, array in arrays.items():
        kind = array.dtype.str  # its name takes longer to find than the array to write
        layout.setdefault(kind, []).append((name, array.shape))
        parts.setdefault(kind, []).append(array.reshape(-1))
    flat = {kind: np.concatenate(lying) for kind, lying in parts.items()}
    flat[LAYOUT] = np.frombuffer(json.dumps(layout).encode(), np.uint8)
    return save(flat)


def from_bytes(data: bytes) -> dict[str, np.ndarray]:
    """What `to_bytes` was given, in the order of its types.

    Whatever else is read raises an exception of json, numpy or safetensors, or ValueError, before
    more is made of it than it has bytes.
    """
    flat = load(data)
    listed = flat.pop(LAYOUT)
    if listed.nbytes > LARGEST_LAYOUT:
        raise ValueError("there are more arrays in it than anyone needs")
    arrays = {}
    for kind, places in json.loads(listed.tobytes()).items():
        start = 0
        for name, shape in places:
            if min(shape, default=0) < 0:
                raise ValueError("no array has such a shape")
            end = start + math.prod(shape)
            arrays[name] = flat[kind][start:end].reshape(shape)
            start = end
        if start != flat[kind].size:
            raise ValueError("its arrays are not those of its layout")
    return arrays
