"""The members of a zip file that may be wanted. Their paths are only looked at, never written to.

The archive is opened once. A bomb is met by reading no member further than a source may be long,
however much it claims, and no more members than `choice` tries; zips inside are not opened at all.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from functools import partial

from autograder.unpack.choice import (
    MOST_ENTRIES,
    TOO_MANY,
    Candidate,
    LeftOut,
    choose,
    read_bounded,
)
from autograder.unpack.encoding import as_utf8
from autograder.unpack.entries import Entry
from autograder.unpack.zip_directory import ZipError, check_directory

TYPE_CHECKING = False
if TYPE_CHECKING:  # see `program`
    from typing import BinaryIO

LONGEST_NAME = 1_000

LOCKED = 0x1
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What every system's own tool writes. The others have far larger appetites."""


def look_into(file: BinaryIO, modules: list[str]) -> Iterator[Entry]:
    """What is found of the modules in a zip file."""
    try:
        check_directory(file, MOST_ENTRIES)
        archive = zipfile.ZipFile(file)
    except ZipError as error:
        yield Entry("refused", text=str(error))
        return
    # a broken zip makes the library raise nearly anything, with texts that quote what is in it
    except Exception:
        yield Entry("refused", text="it is damaged")
        return
    members = archive.infolist()
    if len(members) > MOST_ENTRIES:
        yield Entry("remark", text=TOO_MANY)
    found = [_candidate(archive, info) for info in members[:MOST_ENTRIES] if _is_file(info)]
    yield from choose([candidate for candidate in found if candidate.is_likely], modules)


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Whether this is a plain file with a name that somebody could have given it."""
    # not the library's own `is_dir`: it fails for an empty name
    name = info.filename
    if not name or name.endswith("/") or len(name) > LONGEST_NAME or "\0" in info.orig_filename:
        return False
    # Unix writes a file's mode into the upper half; other systems leave it 0
    return stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)


def _candidate(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Candidate:
    return Candidate(info.filename.replace("\\", "/"), partial(_read_member, archive, info))


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    """The source in one member. Raises LeftOut."""
    if info.flag_bits & LOCKED:
        raise LeftOut("cannot be unpacked, because it is locked with a password,")
    if info.compress_type not in COMPRESSIONS:
        raise LeftOut("cannot be unpacked, because it is compressed in an unusual way,")
    try:
        with archive.open(info) as member:
            content = read_bounded(member)
    except LeftOut:
        raise
    except Exception:
        raise LeftOut("cannot be unpacked, because it is damaged,") from None
    return as_utf8(content)
