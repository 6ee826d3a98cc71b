"""A look at a zip file's directory before it is read: a million names alone make a bomb."""

from __future__ import annotations

import os
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:  # see `program`
    from typing import BinaryIO

END = struct.Struct("<4s4H2LH")
END_SIGNATURE, ZIP64_SIGNATURE = b"PK\5\6", b"PK\6\7"
LONGEST_COMMENT = 65_535
BYTES_PER_ENTRY = 400


class ZipError(Exception):
    """The zip file is not what anyone hands in; the message says why."""


def has_directory(file: BinaryIO) -> bool:
    """Whether there is what every zip file has at its end."""
    return END_SIGNATURE in _tail(file)


def check_directory(file: BinaryIO, most_entries: int) -> None:
    """Look at what the directory at a zip file's end says of itself.

    Raises ZipError if there is none, or if it has far more members than anyone hands in.
    """
    tail = _tail(file)
    place = tail.rfind(END_SIGNATURE)
    if place < 0 or len(tail) < place + END.size:
        raise ZipError("it has no directory at its end")
    # in that format the true numbers stand elsewhere, and these here may lie
    if ZIP64_SIGNATURE in tail[max(0, place - 20) : place]:
        raise ZipError("it is in the format for more than 4 GB")
    _, _, _, _, entries, directory, _, _ = END.unpack_from(tail, place)
    if entries > most_entries or directory > most_entries * BYTES_PER_ENTRY:
        raise ZipError(
            f"it has more than {most_entries} files in it: leave out all but your work, such as "
            f"environments and data"
        )


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_COMMENT - END.size - 20))
    return file.read(LONGEST_COMMENT + END.size + 20)
