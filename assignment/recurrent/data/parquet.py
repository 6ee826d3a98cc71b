"""The strings of a parquet file with one column, with the standard library only: the usual reader
weighs 170 MB.

This reads what such a file needs and no more: one column of text without gaps, in snappy pages of
version 1.

Sources: the format's description, parquet.apache.org/docs/file-format; snappy's,
format_description.txt; thrift's compact protocol.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

MAGIC = b"PAR1"
DATA_PAGE, DICTIONARY_PAGE = 0, 2
PLAIN, OLD_DICTIONARY, DICTIONARY = 0, 2, 8
TYPE, SIZE, HEADER = 1, 3, 5
"""Fields of a page's header: its type, its size in the file, and the header of a data page ..."""
COUNT, ENCODING = 1, 2
"""... of which these are how many values there are, and how they are written."""


def strings(path: Path, most: int) -> list[str]:
    """The first `most` strings of the file's column, or all if there are fewer.

    Raises ValueError, in one sentence, if the file is damaged or is another kind of parquet file.
    """
    data = path.read_bytes()
    if len(data) < 12 or data[:4] != MAGIC or data[-4:] != MAGIC:
        raise ValueError(f"{path.name} is not a whole parquet file: install its package again")
    end = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    found: list[bytes] = []
    dictionary: list[bytes] = []
    at = len(MAGIC)
    try:
        while at < end and len(found) < most:
            header, at = _struct(data, at)
            page, at = uncompressed(data[at : min(at + header[SIZE], end)]), at + header[SIZE]
            if header[TYPE] == DICTIONARY_PAGE:
                dictionary = _plain(page)
            elif header[TYPE] == DATA_PAGE:
                found += _values(page, header[HEADER], dictionary)
            else:
                raise ValueError(f"pages of type {header[TYPE]} are unknown")
        return [each.decode() for each in found[:most]]
    except (ValueError, IndexError, KeyError) as error:
        raise ValueError(
            f"{path.name} cannot be read ({error}): install its package again"
        ) from None


def uncompressed(data: bytes) -> bytes:
    """What snappy has compressed. Raises ValueError if it is damaged."""
    size, at = _varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag, at = data[at], at + 1
        kind, length = tag & 3, (tag >> 2) + 1
        if kind == 0:  # the bytes themselves
            if length > 60:
                more = length - 60
                length, at = int.from_bytes(data[at : at + more], "little") + 1, at + more
            out += data[at : at + length]
            at += length
            continue
        if kind == 1:  # a short copy of what stands a little before
            length, back, at = 4 + (tag >> 2 & 7), (tag >> 5 << 8) | data[at], at + 1
        else:
            wide = 2 if kind == 2 else 4
            back, at = int.from_bytes(data[at : at + wide], "little"), at + wide
        if not 0 < back <= len(out):
            raise ValueError("a copy from before the beginning")
        again = bytes(out[len(out) - back :][:length])
        out += (again * (length // len(again) + 1))[:length]  # a copy may run into itself
    if len(out) != size:
        raise ValueError(f"{size} bytes announced, {len(out)} found")
    return bytes(out)


def _values(page: bytes, header: dict[int, Any], dictionary: list[bytes]) -> list[bytes]:
    """The strings of a data page. Before them stands, run-length coded, where there are gaps; there
    are none.
    """
    start = 4 + int.from_bytes(page[:4], "little")
    count, encoding = header[COUNT], header[ENCODING]
    if encoding == PLAIN:
        values = _plain(page[start:])
    elif encoding in (OLD_DICTIONARY, DICTIONARY):
        values = [dictionary[i] for i in _indices(page[start + 1 :], page[start], count)]
    else:
        raise ValueError(f"encoding {encoding} is unknown")
    if len(values) != count:
        raise ValueError(f"{count} words announced, {len(values)} found")
    return values


def _plain(page: bytes) -> list[bytes]:
    values, at = [], 0
    while at < len(page):
        start = at + 4
        at = start + int.from_bytes(page[at:start], "little")
        values.append(page[start:at])
    return values


def _indices(data: bytes, width: int, count: int) -> list[int]:
    """Whole numbers of `width` bits: runs of equal ones, and packed groups of eight."""
    found: list[int] = []
    at, mask = 0, (1 << width) - 1
    while len(found) < count:
        head, at = _varint(data, at)
        if head & 1:
            for _ in range(head >> 1):
                eight, at = int.from_bytes(data[at : at + width], "little"), at + width
                found += [eight >> (width * i) & mask for i in range(8)]
        else:
            size = (width + 7) // 8
            found += [int.from_bytes(data[at : at + size], "little")] * (head >> 1)
            at += size
    return found[:count]


def _struct(data: bytes, at: int) -> tuple[dict[int, Any], int]:
    """Number of a field -> its value, for a struct in thrift's compact protocol, and its end."""
    fields: dict[int, Any] = {}
    number = 0
    while data[at]:
        step, kind = data[at] >> 4, data[at] & 15
        if not step:
            raise ValueError("a header with fields far apart")
        number, at = number + step, at + 1
        if kind in (1, 2):  # true and false
            fields[number] = kind == 1
        elif kind in (4, 5, 6):  # whole numbers, zigzag: 0, -1, 1, -2 ...
            value, at = _varint(data, at)
            fields[number] = (value >> 1) ^ -(value & 1)
        elif kind == 8:
            size, at = _varint(data, at)
            fields[number], at = data[at : at + size], at + size
        elif kind == 12:
            fields[number], at = _struct(data, at)
        else:
            raise ValueError(f"a header with a field of type {kind}")
    return fields, at + 1


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A whole number in groups of seven bits, and where it ends."""
    value = shift = 0
    while True:
        byte, at = data[at], at + 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
