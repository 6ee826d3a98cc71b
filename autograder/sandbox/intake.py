"""Taking a submission in: the expected files, found where students put them, copied to a fresh place. Nothing else."""

from __future__ import annotations

import io
import os
import stat
import tokenize
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

LARGEST_FILE = 1_000_000
MOST_ENTRIES = 5_000
DEEPEST = 6
JUNK = ("__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".venv")

PACKAGE = '"""The submitted package."""\n'


class IntakeError(Exception):
    """There is nothing here that can be graded; the message says what was expected."""


@dataclass(frozen=True)
class Intake:
    """package: the fresh folder with `recurrent/` in it. notes: what was left out or mended, a sentence each."""

    package: Path
    found: tuple[str, ...]
    notes: tuple[str, ...]


def take_in(submission: Path, names: Sequence[str], into: Path) -> Intake:
    """Copy the expected modules (names without `.py`) of a folder or zip into `into/recurrent/`.

    A file is taken from wherever it lies, the shallowest place first, a folder `recurrent` before others. Links,
    devices, pipes and oversized files are not followed and not read. Raises IntakeError if it cannot be opened.
    """
    into.chmod(0o755)
    package = into / "recurrent"
    package.mkdir(mode=0o755)
    (package / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    notes: list[str] = []
    found = {}
    for path, content in sorted(_entries(submission, notes), key=lambda entry: _preference(entry[0])):
        name = path.stem
        if path.suffix == ".py" and name in names and name not in found:
            found[name] = content
    for name, content in found.items():
        text = _as_utf8(content, f"{name}.py", notes)
        (package / f"{name}.py").write_bytes(text)
    return Intake(into, tuple(name for name in names if name in found), tuple(notes))


def _preference(path: PurePosixPath) -> tuple[bool, int, str]:
    return ("recurrent" not in path.parts, len(path.parts), str(path))


def _entries(submission: Path, notes: list[str]) -> Iterator[tuple[PurePosixPath, bytes]]:
    if submission.is_dir():
        yield from _from_folder(submission, notes)
    elif submission.is_file() and zipfile.is_zipfile(submission):
        yield from _from_zip(submission, notes)
    else:
        raise IntakeError(
            f"{submission.name} is neither a folder nor a zip file; hand in the folder recurrent/ with your files"
        )


def _from_folder(folder: Path, notes: list[str]) -> Iterator[tuple[PurePosixPath, bytes]]:
    count = 0
    for where, folders, files in os.walk(folder, followlinks=False):
        depth = len(Path(where).relative_to(folder).parts)
        folders[:] = [] if depth >= DEEPEST else sorted(f for f in folders if f not in JUNK)
        for file in sorted(files):
            count += 1
            if count > MOST_ENTRIES:
                notes.append(f"there are more than {MOST_ENTRIES} files; the rest was not looked at")
                return
            path = Path(where) / file
            if path.suffix == ".py":
                content = _read_regular(path, notes)
                if content is not None:
                    yield PurePosixPath(path.relative_to(folder).as_posix()), content


def _read_regular(path: Path, notes: list[str]) -> bytes | None:
    """The content of a regular file with one name, opened without following a link or waiting for a pipe."""
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        notes.append(f"{path.name} is a link or cannot be opened and was left out")
        return None
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            notes.append(f"{path.name} is not a plain file of its own and was left out")
            return None
        if status.st_size > LARGEST_FILE:
            notes.append(f"{path.name} is larger than {LARGEST_FILE / 1e6:g} MB and was left out")
            return None
        return file.read(LARGEST_FILE)


def _from_zip(path: Path, notes: list[str]) -> Iterator[tuple[PurePosixPath, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist()[:MOST_ENTRIES]:
                inside = PurePosixPath(info.filename)
                plain = not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16)
                if inside.suffix != ".py" or not plain or len(inside.parts) > DEEPEST or set(inside.parts) & set(JUNK):
                    continue
                if info.file_size > LARGEST_FILE:
                    notes.append(f"{inside.name} is larger than {LARGEST_FILE / 1e6:g} MB and was left out")
                    continue
                with archive.open(info) as file:
                    content = file.read(LARGEST_FILE + 1)  # the size a zip declares may be a lie
                if len(content) <= LARGEST_FILE:
                    yield inside, content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise IntakeError(f"{path.name} cannot be read as a zip file: {error}") from None


def _as_utf8(content: bytes, name: str, notes: list[str]) -> bytes:
    """The source as UTF-8: a byte order mark, UTF-16 or Latin-1 costs nobody a point, but is mentioned."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            notes.append(f"{name} is saved as UTF-16 and was read as such")
            return content.decode(encoding, errors="replace").encode()
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        content.decode(encoding)
        return content
    except (SyntaxError, UnicodeDecodeError, LookupError):
        notes.append(f"{name} is not UTF-8 and was read as Latin-1")
        return content.decode("latin-1").encode()
