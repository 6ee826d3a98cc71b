"""Opening a zip although an entry of its directory is wrong, which costs that entry only."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from typing import BinaryIO

from autograder.classroom.hand_in import SourceError
from autograder.printable import printable

HEAD = struct.Struct("<4s6H3L5H2L")
"""An entry in the directory of a zip, without its name: APPNOTE.TXT 4.3.12,
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

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

NOTHING = 0xFFFF
"""The kind of an extra field that nobody reads."""

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
        return zipfile.ZipFile(_Patched(file, *_mended(file)))
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


def _mended(file: BinaryIO) -> tuple[int, bytes]:
    """Where the directory of a zip begins, and what it should be, of the same length.

    Raises ValueError if there is none, or a part of it is missing.
    """
    size = file.seek(0, os.SEEK_END)
    tail_at = max(0, size - LONGEST_COMMENT - END.size)
    file.seek(tail_at)
    tail = file.read()
    end = tail.rindex(END_SIGNATURE)
    length = END.unpack_from(tail, end)[5]
    start = tail_at + end - length
    file.seek(start)
    directory = bytearray(file.read(length))
    place = 0
    while place < length:
        place += _mend_entry(directory, place)
    return start, bytes(directory)


def _mend_entry(directory: bytearray, place: int) -> int:
    """Mend the entry that begins here; its length."""
    if len(directory) < place + HEAD.size or directory[place : place + 4] != SIGNATURE:
        raise ValueError
    fields = list(HEAD.unpack_from(directory, place))
    name_at = place + HEAD.size
    extra_at = name_at + fields[NAME]
    end = extra_at + fields[EXTRA]
    if not _is_utf8(bytes(directory[name_at:extra_at])):
        fields[FLAGS] &= ~UTF8
    fields[VERSION] = min(fields[VERSION], NEWEST)
    HEAD.pack_into(directory, place, *fields)
    if not _is_whole(bytes(directory[extra_at:end]), fields):
        struct.pack_into("<2H", directory, extra_at, NOTHING, fields[EXTRA] - 4)
    following: int = end + fields[COMMENT]
    return following - place


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_whole(extra: bytes, fields: list[int]) -> bool:
    """Whether the library reads these extra fields of an entry, in which large sizes may stand."""
    info = zipfile.ZipInfo()
    info.extra = extra
    info.compress_size, info.file_size = fields[SIZES]
    info.header_offset = fields[OFFSET]
    try:
        info._decodeExtra()  # type: ignore[attr-defined]
    except Exception:
        return False
    return True


class _Patched(io.RawIOBase):
    """A file in which some bytes stand for others, to be read only."""

    def __init__(self, file: BinaryIO, start: int, patch: bytes) -> None:
        self._file, self._start, self._patch = file, start, patch

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1) -> bytes:
        place = self._file.tell()
        content = bytearray(self._file.read(-1 if size is None else size))
        start = max(place, self._start)
        end = min(place + len(content), self._start + len(self._patch))
        if start < end:
            patched = self._patch[start - self._start : end - self._start]
            content[start - place : end - place] = patched
        return bytes(content)
