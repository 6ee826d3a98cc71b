"""The members of an archive that may be wanted. Their paths are only looked at, never written to.

A bomb is met by reading no member further than a source may be long, however much it claims, and
no more members than `shortlist` chooses; and by the limits of the process that this runs in. An
archive in an archive is a folder of it, to a depth.
"""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import time
import zipfile
from collections.abc import Collection, Iterator

from autograder.unpack.encoding import as_utf8
from autograder.unpack.entries import LARGEST_SOURCE, LONGEST_TEXT, Entry
from autograder.unpack.names import ARCHIVES, GZIP, NO_SOURCE
from autograder.unpack.shortlist import (
    LARGEST_FILE,
    LeftOut,
    Place,
    read_all,
    read_bounded,
    shortlist,
)
from autograder.unpack.zip_directory import ZipError, check_directory

TYPE_CHECKING = False
if TYPE_CHECKING:  # see `program`
    from typing import BinaryIO

MOST_MEMBERS = 20_000
"""Of one archive. To list as many takes a quarter of a second."""

LONGEST_NAME = LONGEST_TEXT // 4

WANTED = (".txt", ".ipynb", ".safetensors", *NO_SOURCE, *ARCHIVES)
"""Endings of what is worth a look besides .py."""

LARGEST_INNER = 20_000_000
MOST_INNER = 4
DEEPEST_INNER = 2
"""Of archives in an archive: bytes, how many, and how deep."""

LOCKED = 0x1
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What every system's own tool writes. The others have far larger appetites."""

TAR, TAR_AT = b"ustar", 257
LARGEST_TAR = 80_000_000
"""Bytes of a compressed tar when it is unpacked, which happens in memory."""


class Broken(Exception):
    """The archive cannot be read; the message says why."""


def look_into(file: BinaryIO, modules: list[str]) -> Iterator[Entry]:
    """What is found of the modules in an archive, and what may help them."""
    places: list[Place] = []
    try:
        # a list at once: what is found must not get lost when a later archive breaks
        for found in _places(file, modules, "", 0):
            if isinstance(found, Entry):
                yield found
            else:
                places.append(found)
    except Broken as error:
        yield Entry("refused", text=str(error))
        return
    yield from read_all(shortlist(places, modules))


def find_member(file: BinaryIO, arguments: list[str]) -> Iterator[Entry]:
    """The file of a name that lies least deep in an archive, in pieces; nothing if there is none.

    arguments: the name, and how many bytes it may have.
    """
    name, most = arguments
    found = {}
    try:
        for member in _members(file):
            place = Place(member.path, member.read)
            if place.is_open and place.name == name:
                found[len(place.parts), place.path] = member
    except Broken as error:
        yield Entry("refused", text=str(error))
        return
    if not found:
        return
    try:
        content = found[min(found)].content(int(most))
    except LeftOut as error:
        yield Entry("left out", text=str(error))
        return
    for start in range(0, max(1, len(content)), LARGEST_SOURCE):
        yield Entry("source", content=content[start : start + LARGEST_SOURCE])


def _places(
    file: BinaryIO, modules: Collection[str], prefix: str, depth: int
) -> Iterator[Place | Entry]:
    """The files of an archive and of those in it; an entry for what cannot be opened."""
    inner = []
    for member in _members(file):
        place = Place(prefix + member.path, member.read, member.date)
        yield place
        if place.is_open and place.name.lower().endswith(ARCHIVES):
            inner.append((place, member))
    for place, member in inner[:MOST_INNER]:
        if depth == DEEPEST_INNER:
            yield Entry("remark", text=f"{place.path} lies too deep in other archives")
            continue
        try:
            inside = io.BytesIO(member.content(LARGEST_INNER))
            yield from _places(inside, modules, f"{place.path}/", depth + 1)
        except LeftOut as error:
            yield Entry("remark", text=f"{place.path} {error} and was left out")
        except Broken as error:
            yield Entry("remark", text=f"{place.path} cannot be unpacked: {error}")


def is_tar(file: BinaryIO) -> bool:
    """Whether it begins as a tar does. Looked at first: at the end of a tar may be a zip."""
    file.seek(0)
    start = file.read(TAR_AT + len(TAR))
    return start.startswith(GZIP) or start[TAR_AT:] == TAR


def may_be_wanted(path: str) -> bool:
    """A quick look at a name; there may be tens of thousands."""
    name = path[-LONGEST_NAME:].lower()
    wanted = ".py" in name or "." not in name or name.endswith(WANTED)
    return wanted and len(path) <= LONGEST_NAME


class Member:
    """One file in an archive. path: with `/`. date: digits."""

    def __init__(self, path: str, date: str) -> None:
        self.path, self.date = path, date

    def content(self, most: int) -> bytes:
        """What is in it. Raises LeftOut if that is more, or cannot be had."""
        raise NotImplementedError

    def read(self) -> tuple[bytes, str]:
        """The source in it as UTF-8, and what is to be said of it. Raises LeftOut."""
        if self.path.lower().endswith(".ipynb"):
            return self.content(LARGEST_FILE), ""
        return as_utf8(self.content(LARGEST_FILE))


def _members(file: BinaryIO) -> Iterator[Member]:
    """The files of an archive. Raises Broken."""
    return _members_of_tar(file) if is_tar(file) else _members_of_zip(file)


# -------------------------------------------------------------------------------------------- a zip


def _members_of_zip(file: BinaryIO) -> Iterator[Member]:
    try:
        check_directory(file, MOST_MEMBERS)
        archive = zipfile.ZipFile(file)
    except ZipError as error:
        raise Broken(str(error)) from None
    # a broken zip makes the library raise nearly anything, with texts that quote what is in it
    except Exception:
        raise Broken("it is damaged") from None
    for info in archive.infolist()[:MOST_MEMBERS]:
        if may_be_wanted(info.filename) and _is_file(info):
            yield ZipMember(archive, info)


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Whether this is a plain file with a name that somebody could have given it."""
    # not the library's own `is_dir`: it fails for an empty name
    name = info.filename
    if not name or name.endswith("/") or "\0" in info.orig_filename:
        return False
    # Unix writes a file's mode into the upper half; other systems leave it 0
    return stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)


class ZipMember(Member):
    """A file in a zip."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        date = "".join(f"{part:02d}" for part in info.date_time)
        super().__init__(info.filename.replace("\\", "/"), date)
        self.archive, self.info = archive, info

    def content(self, most: int) -> bytes:
        """What is in it. Raises LeftOut if that is more, or cannot be had."""
        if self.info.flag_bits & LOCKED:
            raise LeftOut("cannot be unpacked, because it is locked with a password,")
        if self.info.compress_type not in COMPRESSIONS:
            raise LeftOut("cannot be unpacked, because it is compressed in an unusual way,")
        try:
            with self.archive.open(self.info) as member:
                return read_bounded(member, most)
        except LeftOut:
            raise
        except Exception:
            raise LeftOut("cannot be unpacked, because it is damaged,") from None


# -------------------------------------------------------------------------------------------- a tar


def _members_of_tar(file: BinaryIO) -> Iterator[Member]:
    """The files of a tar, compressed with gzip or not."""
    try:
        archive = tarfile.open(fileobj=_plain(file), mode="r:")  # noqa: SIM115 - its members use it
        for number, info in enumerate(archive):
            if number >= MOST_MEMBERS:
                return
            if may_be_wanted(info.name) and info.isreg() and "\0" not in info.name:
                yield TarMember(archive, info)
    except Broken:
        raise
    except Exception:
        raise Broken("it is damaged, or of a kind that is not known here") from None


def _plain(file: BinaryIO) -> BinaryIO:
    """The tar itself."""
    file.seek(0)
    is_compressed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    if not is_compressed:
        return file
    # as a whole: whoever goes back in a compressed file unpacks it from the start again
    content = gzip.GzipFile(fileobj=file).read(LARGEST_TAR + 1)
    if len(content) > LARGEST_TAR:
        raise Broken(f"it holds more than {LARGEST_TAR / 1e6:g} MB: leave out all but your work")
    return io.BytesIO(content)


class TarMember(Member):
    """A file in a tar."""

    def __init__(self, archive: tarfile.TarFile, info: tarfile.TarInfo) -> None:
        super().__init__(info.name, _digits(info.mtime))
        self.archive, self.info = archive, info

    def content(self, most: int) -> bytes:
        """What is in it. Raises LeftOut if that is more, or cannot be had."""
        try:
            member = self.archive.extractfile(self.info)
            assert member is not None, "it is a plain file"
            with member:
                return read_bounded(member, most)
        except LeftOut:
            raise
        except Exception:
            raise LeftOut("cannot be unpacked, because it is damaged,") from None


def _digits(seconds: float) -> str:
    """A time as a zip has it; empty for one that is none."""
    try:
        return time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds))
    except (OverflowError, ValueError, OSError):
        return ""
