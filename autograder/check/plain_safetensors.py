"""A stand-in for the package safetensors where it is not installed, as in most browsers' Pythons.

It reads and writes the format that the package's own documentation describes
(https://huggingface.co/docs/safetensors, "Format"): the length of a header as eight bytes, lowest
first; the header, a JSON object; then the bytes of the arrays, row by row. The header says of each
array by its name the `dtype`, the `shape` and, from the end of the header on, the `data_offsets`;
its entry `__metadata__` has texts by their names.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

METADATA = "__metadata__"

DTYPES = {
    "BOOL": "?",
    "U8": "u1", "I8": "i1", "U16": "<u2", "I16": "<i2", "U32": "<u4", "I32": "<i4",
    "U64": "<u8", "I64": "<i8", "F16": "<f2", "F32": "<f4", "F64": "<f8",
}  # fmt: skip
"""The format's name of a kind of number -> numpy's."""

NAMES = {np.dtype(numpys): name for name, numpys in DTYPES.items()}

LARGEST_HEADER = 100_000_000
"""Bytes of a header, as the package has it."""


class SafetensorsError(ValueError):
    """These bytes are no safetensors; the text says why."""


def install() -> None:
    """Have `import safetensors` find this, unless the package itself is there."""
    if "safetensors" in sys.modules or find_spec("safetensors") is not None:
        return
    package, numpys = ModuleType("safetensors"), ModuleType("safetensors.numpy")
    vars(package).update(safe_open=SafeOpen, SafetensorError=SafetensorsError, numpy=numpys)
    vars(numpys).update(load=load, save=save, save_file=save_file)
    sys.modules |= {package.__name__: package, numpys.__name__: numpys}


def load(data: bytes) -> dict[str, np.ndarray]:
    """Name -> array, from the bytes of a whole file. Raises SafetensorsError."""
    header, start = _header(data[:8], data[8:])
    found = {}
    for name, entry in header.items():
        if name != METADATA:
            begin, end = _place(entry, len(data) - start)
            found[name] = _array(entry, data[start + begin : start + end])
    return found


def save(tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a file with these arrays. Raises SafetensorsError for other kinds of array."""
    header: dict[str, Any] = {METADATA: dict(metadata)} if metadata else {}
    parts, end = [], 0
    for name, array in tensors.items():
        dtype = array.dtype.newbyteorder("<")
        if dtype not in NAMES:
            raise SafetensorsError(f"{name} is made of {array.dtype}, which has no name here")
        part = array.astype(dtype, copy=False).tobytes()
        offsets = [end, end + len(part)]
        header[name] = {"dtype": NAMES[dtype], "shape": array.shape, "data_offsets": offsets}
        parts.append(part)
        end += len(part)
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)  # so that the arrays begin at a multiple of eight
    return b"".join([len(head).to_bytes(8, "little"), head, *parts])


def save_file(
    tensors: Mapping[str, np.ndarray], path: Path, metadata: Mapping[str, str] | None = None
) -> None:
    """Write a file with these arrays."""
    Path(path).write_bytes(save(tensors, metadata))


class SafeOpen:
    """A file whose arrays are read one by one, as they are asked for.

    Raises FileNotFoundError, SafetensorsError.
    """

    def __init__(self, path: Path, framework: str = "np") -> None:
        self._file = Path(path).open("rb")  # noqa: SIM115 - it stays open, as the package's does
        prefix = self._file.read(8)
        length = min(int.from_bytes(prefix, "little"), LARGEST_HEADER)
        self._entries, self._start = _header(prefix, self._file.read(length))
        self._metadata: dict[str, str] | None = self._entries.pop(METADATA, None)
        self._size = Path(path).stat().st_size - self._start

    def __enter__(self) -> SafeOpen:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def metadata(self) -> dict[str, str] | None:
        """The texts that were stored beside the arrays."""
        return self._metadata

    def keys(self) -> list[str]:
        """The names of the arrays."""
        return list(self._entries)

    def get_tensor(self, name: str) -> np.ndarray:
        """One array. Raises SafetensorsError if there is none of that name."""
        if name not in self._entries:
            raise SafetensorsError(f"there is no array {name}")
        entry = self._entries[name]
        begin, end = _place(entry, self._size)
        self._file.seek(self._start + begin)
        return _array(entry, self._file.read(end - begin))


def _header(prefix: bytes, rest: bytes) -> tuple[dict[str, Any], int]:
    """The header, and where the arrays begin."""
    length = int.from_bytes(prefix, "little")
    if len(prefix) < 8 or length > min(len(rest), LARGEST_HEADER):
        raise SafetensorsError("the header is cut off, or too large")
    try:
        header = json.loads(rest[:length])
    except ValueError:
        raise SafetensorsError("the header is not JSON") from None
    if not isinstance(header, dict):
        raise SafetensorsError("the header is not an object")
    return header, 8 + length


def _place(entry: Mapping[str, Any], size: int) -> tuple[int, int]:
    """Where an array begins and ends among `size` bytes of arrays."""
    try:
        begin, end = entry["data_offsets"]
        wanted = math.prod(entry["shape"]) * np.dtype(DTYPES[entry["dtype"]]).itemsize
    except (KeyError, TypeError, ValueError):
        raise SafetensorsError("an array's entry cannot be read") from None
    if not 0 <= begin <= end <= size or end - begin != wanted:
        raise SafetensorsError("an array does not lie where the header says")
    return begin, end


def _array(entry: Mapping[str, Any], data: bytes) -> np.ndarray:
    dtype = np.dtype(DTYPES[entry["dtype"]])
    return np.frombuffer(data, dtype).astype(dtype.newbyteorder("=")).reshape(entry["shape"])
