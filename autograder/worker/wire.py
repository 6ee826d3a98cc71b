"""The bytes between judge and worker: two lengths, a JSON header, named arrays as safetensors.

Never a pickle. Every byte is read as hostile: lengths are checked before anything is allocated, and
only arrays of booleans, whole numbers and floats come out. `messages` says what the headers mean.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.arrays import from_bytes, to_bytes
from autograder.problem import Arrays

LENGTHS = struct.Struct("!II")
LARGEST_HEADER = 100_000
"""Bytes of our own header, and of the one in the safetensors."""


class Garbled(Exception):
    """These bytes are no message; the text says why."""


def pack(header: Mapping[str, Any], arrays: Arrays) -> bytes:
    """One message; the arrays are as `arrays.exact` makes them."""
    head = json.dumps(header).encode()
    body = to_bytes(arrays) if arrays else b""
    return LENGTHS.pack(len(head), len(body)) + head + body


def lengths(prefix: bytes, limit: int) -> tuple[int, int]:
    """The lengths of header and body. Raises Garbled if they are more than is ever needed."""
    head, body = LENGTHS.unpack(prefix)
    if head > LARGEST_HEADER or body > limit:
        size = f"{(head + body) / 1e6:.1f} MB"
        raise Garbled(f"an answer of {size} is larger than the {limit / 1e6:g} MB allowed")
    return head, body


def unpack(head: bytes, body: bytes) -> tuple[dict[str, Any], Arrays]:
    """Header and arrays of one message. Raises Garbled, and nothing else."""
    # safetensors begin with the length of their own header, which its reader allocates for
    if body and int.from_bytes(body[:8], "little") > LARGEST_HEADER:
        raise Garbled("there are more arrays in it than anyone asked for")
    try:
        header = json.loads(head)
        arrays = from_bytes(body) if body else {}
    except RecursionError:
        raise Garbled("the header is nested too deeply") from None
    except Exception as error:  # of any of the libraries; its text would quote what was sent
        raise Garbled(type(error).__name__) from None
    if not isinstance(header, dict):
        raise Garbled("the header is not an object")
    for array in arrays.values():
        if type(array) is not np.ndarray or array.dtype.kind not in "biuf":
            raise Garbled("an array is not made of booleans, whole numbers or floats")
    return header, arrays
