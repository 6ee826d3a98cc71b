"""Opening a zip although an entry of its directory is wrong, which costs that entry only."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from bisect import bisect_right
from typing import BinaryIO

from autograder.classroom.hand_in import SourceError
from autograder.printable import printable

HEAD = struct.Struct("<4s6H3L5H2L")
"""An entry in the directory of a zip, without its name: APPNOTE.TXT 4.3.12,
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

SHORT = struct.Struct("<H")
FLAGS_AT = 6
"""Where the flags stand before a file's content: 4.3.7 there."""

END = struct.Struct("<4s4H2LH")
"""What follows the directory: 4.3.16 there."""

SIGNATURE, END_SIGNATURE = b"PK\1\2", b"PK\5\6"
LONGEST_COMMENT = 65_535
VERSION, FLAGS, NAME, EXTRA, COMMENT, OFFSET = 2, 3, 10, 11, 12, 16
SIZES = slice(8, 10)
"""Fields of an entry by their place."""

UTF8 = 0x800
NEWEST = 63
"""Version 6.3 of the format, the newest that the library reads."""

EXTRA_HEAD = struct.Struct("<2H")
ZIP64, OTHER_NAME, NOTHING = 0x0001, 0x7075, 0xFFFF
"""Kinds of extra fields: large sizes, the name once more, and one that nobody reads."""

ELSEWHERE = 0xFFFFFFFF
"""Instead of a size or a place that stands in the extra field for large ones."""

OTHER_KINDS = {
    b"\x1f\x8b": "a .gz archive",
    b"7z\xbc\xaf": "a .7z archive",
    b"Rar!": "a .rar archive",
    b"\xfd7zX": "an .xz archive",
    b"BZh": "a .bz2 archive",
}


def open_zip(file: BinaryIO, name: str) -> zipfile.ZipFile:
    """A zip, open to be read. Raises SourceError if it is none, or too broken."""
    # a broken zip makes the library raise nearly anything, with texts that quote what is in it
    try:
        return zipfile.ZipFile(file)
    except Exception:
        pass
    try:
        return zipfile.ZipFile(_Patched(file, _mended(file)))
    except Exception:
        raise SourceError(_why_not(file, name)) from None


def _why_not(file: BinaryIO, name: str) -> str:
    shown = printable(name)
    file.seek(0)
    start = file.read(512)
    for signature, kind in OTHER_KINDS.items():
        if start.startswith(signature):
            return f"{shown} is {kind}: unpack it, and name the folder"
    if start[257:262] == b"ustar":
        return f"{shown} is a tar archive: unpack it, and name the folder"
    if start.startswith(b"PK"):
        return f"{shown} is damaged, or its download was cut off: download it again"
    return f"{shown} is neither a folder nor a zip file: name the class archive or its folder"


# ---------------------------------------------------------------------------------- the directory


def _mended(file: BinaryIO) -> dict[int, bytes]:
    """What should stand in a zip instead of what does: place -> bytes.

    Raises ValueError if there is no directory, or a part of it is missing.
    """
    size = file.seek(0, os.SEEK_END)
    tail_at = max(0, size - LONGEST_COMMENT - END.size)
    file.seek(tail_at)
    tail = file.read()
    end = tail.rindex(END_SIGNATURE)
    _, _, _, _, _, length, said_start, _ = END.unpack_from(tail, end)
    start = tail_at + end - length
    file.seek(start)
    directory = bytearray(file.read(length))
    patches: dict[int, bytes] = {}
    place = 0
    while place < length:
        entry = _Entry(directory, place)
        if entry.mend():
            patches |= _mended_header(file, start - said_start + entry.fields[OFFSET])
        place = entry.following
    return {**patches, start: bytes(directory)}


def _mended_header(file: BinaryIO, place: int) -> dict[int, bytes]:
    """The flags before a file's content, where its name stands once more."""
    file.seek(place + FLAGS_AT)
    [flags] = SHORT.unpack(file.read(SHORT.size).ljust(SHORT.size))
    return {place + FLAGS_AT: SHORT.pack(flags & ~UTF8)}


class _Entry:
    """An entry of a directory. Raises ValueError if there is none at this place."""

    def __init__(self, directory: bytearray, place: int) -> None:
        if len(directory) < place + HEAD.size or directory[place : place + 4] != SIGNATURE:
            raise ValueError
        self.directory, self.place = directory, place
        self.fields = list(HEAD.unpack_from(directory, place))
        self.name_at = place + HEAD.size
        self.extra_at = self.name_at + self.fields[NAME]
        self.comment_at = self.extra_at + self.fields[EXTRA]
        self.following: int = self.comment_at + self.fields[COMMENT]

    def mend(self) -> bool:
        """Change what the library refuses; whether the name was marked as UTF-8, and is none."""
        name = bytes(self.directory[self.name_at : self.extra_at])
        extra = bytes(self.directory[self.extra_at : self.comment_at])
        is_wrong = bool(self.fields[FLAGS] & UTF8) and not _is_utf8(name)
        if is_wrong:
            self.fields[FLAGS] &= ~UTF8
        self.fields[VERSION] = min(self.fields[VERSION], NEWEST)
        HEAD.pack_into(self.directory, self.place, *self.fields)
        if not _is_whole(extra, self.fields):
            rest = len(extra) - EXTRA_HEAD.size
            EXTRA_HEAD.pack_into(self.directory, self.extra_at, NOTHING, rest)
        return is_wrong


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_whole(extra: bytes, fields: list[int]) -> bool:
    """Whether the library reads these extra fields of an entry, in which large sizes may stand."""
    large = [value for value in (*fields[SIZES], fields[OFFSET]) if value == ELSEWHERE]
    while len(extra) >= EXTRA_HEAD.size:
        kind, length = EXTRA_HEAD.unpack_from(extra)
        if length + EXTRA_HEAD.size > len(extra) or kind == OTHER_NAME:
            return False
        if kind == ZIP64 and length < 8 * len(large):
            return False
        extra = extra[EXTRA_HEAD.size + length :]
    return True


class _Patched(io.RawIOBase):
    """A file in which some bytes stand for others, to be read only. patches: place -> bytes."""

    def __init__(self, file: BinaryIO, patches: dict[int, bytes]) -> None:
        self._file, self._patches = file, patches
        self._places = sorted(patches)

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1) -> bytes:
        start = self._file.tell()
        content = bytearray(self._file.read(-1 if size is None else size))
        end = start + len(content)
        # the one before may reach into what was read
        first = max(0, bisect_right(self._places, start) - 1)
        for place in self._places[first : bisect_right(self._places, end)]:
            patch = self._patches[place]
            low, high = max(start, place), min(end, place + len(patch))
            if low < high:
                content[low - start : high - start] = patch[low - place : high - place]
        return bytes(content)
