"""Reading weights.safetensors, every byte of which is hostile: no pickle, and nothing is allocated
for more than the file has bytes.

Only what was asked for comes out: five arrays by name, whose shapes are those of one cell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from safetensors.numpy import load

from autograder.printable import printable
from autograder.problem import Arrays
from autograder.wording import listed

NAME = "weights.safetensors"
NAMES = ("Wx", "Wh", "b", "Why", "by")
"""The parameters, as the lesson charlm and the notebook name them."""

CELLS = {1: "RNN", 3: "GRU", 4: "LSTM"}
"""How many blocks Wx, Wh and b have side by side -> the cell that they are of."""

DTYPES = ("F32", "F64")

LENGTH = 8
LARGEST_HEADER = 10_000
"""Bytes; five arrays need some 400."""

SAVE_IT = "write it with save_weights of recurrent/training.py"
LONGEST_NAME = 20


class Refused(Exception):
    """A file that is not ranked; the message is a sentence about it, and says what to do."""


def read(data: bytes, V: int) -> tuple[str, Arrays]:
    """The cell, "RNN", "GRU" or "LSTM", and its parameters in float64.

    data: the file. V: the size of the alphabet. Raises Refused, and nothing else.
    """
    if not data:
        raise Refused(f"{NAME} is empty: {SAVE_IT}")
    cell = _cell(_header(data), V)
    try:
        # It looks whether the places of the arrays are in the file, without holes and overlaps.
        arrays = load(data)
    except Exception:  # of the library's own; its text would quote what was sent
        raise Refused(f"{NAME} is damaged: {SAVE_IT}, and hand it in again") from None
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise Refused(
                f"{NAME}: {name} has numbers that are not finite: train again with a smaller "
                f"learning rate, or clip the gradients"
            )
    return cell, {name: arrays[name].astype(np.float64) for name in NAMES}


def _header(data: bytes) -> dict[str, Any]:
    """Name -> what the header says of the array. Raises Refused."""
    length = int.from_bytes(data[:LENGTH], "little")
    if len(data) < LENGTH or length > min(LARGEST_HEADER, len(data) - LENGTH):
        raise Refused(f"{NAME} is no whole safetensors file: {SAVE_IT}")
    try:
        header = json.loads(data[LENGTH : LENGTH + length], object_pairs_hook=_without_twins)
    except (ValueError, RecursionError):
        raise Refused(f"{NAME} is no safetensors file: {SAVE_IT}") from None
    if not isinstance(header, dict):
        raise Refused(f"{NAME} is no safetensors file: {SAVE_IT}")
    header.pop("__metadata__", None)
    return header


def _without_twins(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the header. Raises ValueError for a name that it has twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _cell(header: Mapping[str, Any], V: int) -> str:
    """The cell whose names, types and shapes these are. Raises Refused."""
    if set(header) != set(NAMES):
        there = [printable(name, longest=LONGEST_NAME) for name in header]
        raise Refused(
            f"{NAME} holds {listed(there, 6) or 'no array'}: save {listed(NAMES)}, and nothing else"
        )
    shapes = {}
    for name in NAMES:
        told = header[name] if isinstance(header[name], dict) else {}
        if told.get("dtype") not in DTYPES:
            raise Refused(f"{NAME}: {name} is not float32 or float64: {SAVE_IT}")
        shapes[name] = told.get("shape")
    Why = shapes["Why"]
    H = Why[0] if isinstance(Why, list) and Why and type(Why[0]) is int else 0
    for blocks, cell in CELLS.items():
        if H > 0 and shapes == shapes_of(blocks, V, H):
            return cell
    raise Refused(
        f"{NAME} has shapes of no cell that is known: with V = {V} characters, Why is (H, V), by "
        f"(V,), and Wx (V, k), Wh (H, k) and b (k,) with k = H (RNN), 3H (GRU) or 4H (LSTM)"
    )


def shapes_of(blocks: int, V: int, H: int) -> dict[str, list[int]]:
    """The shape of each parameter of a cell with so many blocks."""
    k = blocks * H
    return {"Wx": [V, k], "Wh": [H, k], "b": [k], "Why": [H, V], "by": [V]}
