"""Taking a submission in: the expected files, found where students put them, and nothing else.

Nothing is followed, unpacked or run on the way: links, pipes and devices stay outside, only the
wanted members of a zip are read, and everything has a largest size. The judge itself opens files
and takes plain UTF-8 as it is; all else is looked into by a process with limits (`unpacking`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from autograder.errors import UserError
from autograder.printable import printable
from autograder.sandbox import unpacking
from autograder.unpack.choice import (
    DEEPEST,
    JUNK,
    MOST_ENTRIES,
    TOO_MANY,
    Candidate,
    LeftOut,
    choose,
    read_bounded,
)
from autograder.unpack.encoding import is_plain
from autograder.unpack.entries import Entry
from autograder.unpack.zip_directory import has_directory

LONGEST_NAME = 80
"""Characters of a file's name that are shown."""

MOST_REMARKS = 10
"""Sentences about a submission as a whole that are shown."""

PACKAGE = '"""The submitted package."""\n'


class IntakeError(UserError):
    """There is nothing here that can be graded; the message says what was expected."""


@dataclass(frozen=True)
class Intake:
    """What was taken in.

    package: the fresh folder with `recurrent/` in it. found: the modules that were handed in.
    notes: what was left out or mended, a sentence each. refused: of the modules that are not among
    the found, those that were handed in all the same -> the sentence that says what is wrong.
    """

    package: Path
    found: tuple[str, ...]
    notes: tuple[str, ...]
    refused: Mapping[str, str] = field(default_factory=dict)

    def remarks(self) -> list[str]:
        """The notes for the student to read, without those that a problem's verdict says anyway."""
        said = set(self.refused.values())
        remarks = [note for note in dict.fromkeys(self.notes) if note not in said]
        if len(remarks) > MOST_REMARKS:
            more = len(remarks) - MOST_REMARKS
            remarks[MOST_REMARKS:] = [f"{more} more files were left out, or taken by another name"]
        return remarks


class Harvest:
    """What has been gathered so far: sources by module, notes, and what was refused and why."""

    def __init__(self) -> None:
        self.sources: dict[str, bytes] = {}
        self.notes: list[str] = []
        self.refused: dict[str, str] = {}

    def add(self, entry: Entry) -> None:
        """Take in one thing that was found. Its texts are not trusted to be printable."""
        if entry.kind == "source":
            self._add_source(entry)
        elif entry.kind == "left out":
            note = f"{shown(entry.name)} {printable(entry.text)} and was left out"
            self.notes.append(note)
            self.refused.setdefault(entry.module, note)
        elif entry.kind == "remark":
            self.notes.append(printable(entry.text))

    def _add_source(self, entry: Entry) -> None:
        file = f"{entry.module}.py"
        self.sources[entry.module] = entry.content
        if entry.name != file:
            self.notes.append(f"{shown(entry.name)} was taken for {file}: give it that name")
        if entry.text:
            self.notes.append(f"{file} {printable(entry.text)}")


def take_in(
    submission: Path, names: Sequence[str], into: Path, given: Mapping[str, str] | None = None
) -> Intake:
    """Copy the expected modules (names without `.py`) of a folder or zip into `into/recurrent/`.

    A file is taken from wherever it lies: a folder `recurrent` before others, the shallowest place
    first. What cannot be taken is named in the notes and costs that file only.

    given: sources of ours to put in, whatever was handed in.
    Raises IntakeError if the submission cannot be opened at all.
    """
    into.chmod(0o755)
    package = into / "recurrent"
    package.mkdir(mode=0o755)
    (package / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    given = given or {}
    harvest = Harvest()
    _gather(submission, [name for name in names if name not in given], harvest)
    for name, source in harvest.sources.items():
        _write_module(package, name, source)
    for name, text in given.items():
        _write_module(package, name, text.encode())
    refused = {}
    for name, note in harvest.refused.items():
        if name not in harvest.sources:
            refused[name] = note
    found = tuple(name for name in names if name in harvest.sources)
    return Intake(into, found, tuple(harvest.notes), refused)


def shown(name: str) -> str:
    """A file's name as it may be shown."""
    return printable(name, longest=LONGEST_NAME)


def _write_module(package: Path, name: str, source: bytes) -> None:
    path = package / f"{name}.py"
    path.write_bytes(source)
    path.chmod(0o644)  # whatever our umask says: the worker may be another user


def _gather(submission: Path, names: Sequence[str], harvest: Harvest) -> None:
    """Gather what is found of these modules in a folder or zip. Raises IntakeError."""
    if submission.is_dir():
        candidates = list(_in_folder(submission, harvest.notes))
        for entry in choose(candidates, names):
            harvest.add(entry)
        zips = [path for path in sorted(submission.glob("*.zip")) if path.is_file()]
        if zips and not candidates:
            harvest.notes.append(f"there was only {shown(zips[0].name)}: it was unpacked")
            with _opened_zip(zips[0]) as file:
                _gather_from_zip(file, zips[0].name, names, harvest)
        return
    # staff named this path, and may have named it by a link
    if submission.is_file():
        with submission.open("rb") as file:
            if has_directory(file):
                _gather_from_zip(file, submission.name, names, harvest)
                return
    raise IntakeError(
        f"{shown(submission.name)} is neither a folder nor a zip file; hand in the folder "
        f"recurrent/ with your files"
    )


# ----------------------------------------------------------------------------------------- a folder


def _in_folder(folder: Path, notes: list[str]) -> Iterator[Candidate]:
    count = 0
    for place, folders, files in os.walk(folder, followlinks=False):
        depth = len(Path(place).relative_to(folder).parts)
        near = [name for name in folders if name not in JUNK and depth < DEEPEST]
        # in place, which is how `os.walk` is told where to go on; the likeliest folder comes first,
        # so that its files are found before the count ends the search
        folders[:] = sorted(near, key=lambda name: (name != "recurrent", name))
        count += len(folders)
        for file in sorted(files):
            count += 1
            path = Path(place) / file
            inside = path.relative_to(folder).as_posix()
            candidate = Candidate(inside, partial(_read_source, path))
            if candidate.is_likely:
                yield candidate
        if count > MOST_ENTRIES:
            notes.append(TOO_MANY)
            return


def _read_source(path: Path) -> tuple[bytes, str]:
    """The source in a file as UTF-8, and what is to be said of it. Raises LeftOut."""
    with open_regular(path) as file:
        content = read_bounded(file)
        # nearly every file; it takes no time in proportion to anything but its length
        if is_plain(content):
            return content, ""
        return unpacking.read_source(file)


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """A plain file of its own, open to be read. Raises LeftOut for anything else."""
    # A link is refused rather than followed, and a pipe that nobody writes to is not waited for.
    # Looked at only when it is open, so that it cannot be exchanged in between.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        fd = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError:
        raise LeftOut("is a link, or cannot be opened,") from None
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(file.fileno())
        # a second name could be that of a file of somebody else's, which root can read
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise LeftOut("is not a plain file of its own")
        yield file


# -------------------------------------------------------------------------------------------- a zip


@contextmanager
def _opened_zip(path: Path) -> Iterator[BinaryIO]:
    try:
        with open_regular(path) as file:
            yield file
    except LeftOut as error:
        raise IntakeError(f"{shown(path.name)} {error} and was left out") from None


def _gather_from_zip(file: BinaryIO, name: str, modules: Sequence[str], harvest: Harvest) -> None:
    """Gather what is found in an open zip file. Raises IntakeError if it cannot be read at all."""
    try:
        found, broken_off = unpacking.read_zip(file, modules)
    except LeftOut as error:
        raise IntakeError(f"{shown(name)} {error} and was left out") from None
    for entry in found:
        if entry.kind == "refused":
            why = printable(entry.text)
            raise IntakeError(f"{shown(name)} cannot be read as a zip file: {why}")
        if entry.kind == "remark" or entry.module in modules:
            harvest.add(entry)
    if broken_off:
        note = f"{shown(name)} {broken_off}, and was read only in part"
        harvest.notes.append(note)
        for module in modules:
            harvest.refused.setdefault(module, note)
