"""Messages between judge and worker: two lengths, a JSON header, named arrays as safetensors bytes. Never a pickle.

Whoever reads treats every byte as hostile: lengths are checked before anything is allocated, and only arrays of
booleans, whole numbers and floats come out.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors.numpy import load, save

from autograder.arrays import exact

LENGTHS = struct.Struct("!II")
LARGEST_HEADER = 1_000_000


class Garbled(Exception):
    """These bytes are no message; the text says why."""


def pack(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """One message."""
    head = json.dumps(header).encode()
    body = save({name: exact(value) for name, value in arrays.items()}) if arrays else b""
    return LENGTHS.pack(len(head), len(body)) + head + body


def lengths(prefix: bytes, limit: int) -> tuple[int, int]:
    """The lengths of header and body. Raises Garbled if they are more than anyone should send."""
    head, body = LENGTHS.unpack(prefix)
    if head > LARGEST_HEADER or body > limit:
        raise Garbled(f"an answer of {body / 1e6:.0f} MB is larger than the {limit / 1e6:.0f} MB allowed")
    return head, body


def unpack(head: bytes, body: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of one message. Raises Garbled, and nothing else."""
    try:
        header = json.loads(head)
        arrays = load(body) if body else {}
    except RecursionError:
        raise Garbled("the header is nested too deeply") from None
    except Exception as error:
        raise Garbled(f"{type(error).__name__}") from None
    if not isinstance(header, dict):
        raise Garbled("the header is not an object")
    if any(type(value) is not np.ndarray or value.dtype.kind not in "biuf" for value in arrays.values()):
        raise Garbled("an array is not made of booleans, whole numbers or floats")
    return header, arrays
