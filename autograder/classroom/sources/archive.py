"""A class archive or folder, read alike: what files there are, and the bytes of one of them.

Nothing is read into memory but names. No link is followed, and what is no plain file is not opened.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from autograder.classroom.sources.files import (
    GIT,
    LARGEST_FILE,
    TOO_LARGE,
    File,
    empty_of,
    is_junk,
    judged,
    once_each,
    readable,
    shown_path,
)
from autograder.classroom.sources.mending import UTF8, open_zip
from autograder.intake.folder import open_regular
from autograder.unpack.archive import COMPRESSIONS, LOCKED
from autograder.unpack.shortlist import LeftOut

DAMAGED = "it is damaged"
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError
)  # fmt: skip
"""What the library raises for one file of an archive that cannot be read."""

DOS_FOLDER = 0x10


class Barred(Exception):
    """One file cannot be read; the message is a clause that follows its name and a colon."""


class Tree(Protocol):
    """What a class archive and a class folder have in common.

    name: of the archive, where it lies in another one; else empty.
    files: all but what computers add by themselves, in one order everywhere. clones: the folders
    that have a `.git` in them. empty: the folders in which there is nothing.
    """

    name: str
    files: list[File]
    clones: set[str]
    empty: list[str]

    def opened(self, entry: str) -> AbstractContextManager[BinaryIO | IO[bytes]]:
        """A file, to be read. Raises Barred, also while it is read."""

    def close(self) -> None:
        """Let go of the archive."""


# --------------------------------------------------------------------------------------- a folder


class FolderTree:
    """The files below a folder."""

    def __init__(self, folder: Path) -> None:
        self.name = ""
        self.folder = folder
        self.clones: set[str] = set()
        self._folders: list[str] = []
        self.files = once_each(self._walk())
        self.empty = empty_of(self._folders, self.files)

    def _walk(self) -> Iterator[File]:
        """No function that calls itself: a student's folders may be any number deep."""
        waiting = [""]
        while waiting:
            here = waiting.pop()
            try:
                with os.scandir(self.folder / here) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                path = here.removesuffix("/")
                yield File(_shown(path), path, 0, fault=f"it cannot be read: {error.strerror}")
                continue
            for entry in found:
                path = here + entry.name
                if entry.name == GIT:
                    self.clones.add(_shown(here))
                elif is_junk(entry.name):
                    continue
                elif entry.is_dir(follow_symlinks=False):
                    self._folders.append(_shown(path))
                    waiting.append(f"{path}/")
                else:
                    yield _on_disk(path, entry)

    @contextmanager
    def opened(self, entry: str) -> Iterator[BinaryIO]:
        """A file, to be read. Raises Barred, also while it is read."""
        try:
            with open_regular(self.folder / entry) as file:
                yield file
        except LeftOut as error:
            raise Barred(f"it {error}".removesuffix(",")) from None
        except OSError as error:
            raise Barred(f"it cannot be read: {error.strerror}") from None

    def close(self) -> None:
        """Nothing is held."""


def _shown(path: str) -> str:
    return shown_path(readable(os.fsencode(path), "latin-1"))


def _on_disk(path: str, entry: os.DirEntry[str]) -> File:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return File(_shown(path), path, 0, fault=f"it cannot be read: {error.strerror}")
    fault = ""
    if stat.S_ISLNK(status.st_mode):
        fault = "it is a link, and links are not followed"
    elif not stat.S_ISREG(status.st_mode):
        fault = "it is no plain file"
    elif status.st_nlink > 1:
        fault = "it is a second name of another file (a hard link): put a copy in its place"
    elif status.st_size > LARGEST_FILE:
        fault = TOO_LARGE
    shown = _shown(path)
    return judged(shown, File(shown, path, status.st_size, status.st_mtime_ns, fault))


# ------------------------------------------------------------------------------------------ a zip


class ZipTree:
    """The files in a zip. prefix: put before the name of each, where it lies in another archive.

    Raises SourceError if it is no zip, or broken.
    """

    def __init__(self, file: BinaryIO, name: str, prefix: str = "") -> None:
        self.name = prefix.removesuffix("/")
        self._file, self._prefix = file, prefix
        self._zip = open_zip(file, name)
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self.clones: set[str] = set()
        self._folders: list[str] = []
        self.files = once_each(self._members())
        self.empty = empty_of(self._folders, self.files)

    def _members(self) -> Iterator[File]:
        for info in self._zip.infolist():
            path = _path_of(info)
            shown = shown_path(path)
            if f"/{GIT}/" in f"/{shown}/":
                self.clones.add(f"/{shown}/".partition(f"/{GIT}/")[0].lstrip("/"))
            elif is_junk(shown):
                continue
            elif _is_folder(info, path):
                self._folders.append(shown)
            else:
                fault = _fault_of_member(info)
                entry = self._prefix + info.filename
                file = File(shown, entry, info.file_size, _date_of(info), fault)
                if not fault or entry not in self._infos:
                    self._infos[entry] = info
                yield judged(path, file)

    @contextmanager
    def opened(self, entry: str) -> Iterator[IO[bytes]]:
        """A file, to be read. Raises Barred, also while it is read."""
        try:
            with self._zip.open(self._infos[entry]) as file:
                yield file
        except (*UNREADABLE, KeyError):
            raise Barred(DAMAGED) from None

    def close(self) -> None:
        """Let go of the archive."""
        self._zip.close()
        self._file.close()


def _path_of(info: zipfile.ZipInfo) -> str:
    """The name with `/`, decoded: many tools write UTF-8 without saying so."""
    name = info.orig_filename
    if not info.flag_bits & UTF8:
        name = readable(name.encode("cp437"), "cp437")  # as the library read it
    return name.replace("\\", "/")


def _is_folder(info: zipfile.ZipInfo, path: str) -> bool:
    if path.endswith("/"):
        return True
    is_marked = info.external_attr & DOS_FOLDER or stat.S_ISDIR(info.external_attr >> 16)
    return bool(is_marked) and not info.file_size


def _fault_of_member(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "it is a link, and links are not followed"
    if kind not in (0, stat.S_IFREG):
        return "it is no plain file"
    if info.flag_bits & LOCKED:
        return "it is locked with a password"
    if info.compress_type not in COMPRESSIONS:
        return "it is compressed in an unusual way"
    return TOO_LARGE if info.file_size > LARGEST_FILE else ""


def _date_of(info: zipfile.ZipInfo) -> int:
    year, month, day, hour, minute, second = info.date_time
    return ((((year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute) * 100 + second
