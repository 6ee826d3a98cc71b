"""Taking a submission in: the expected files, found where students put them, and nothing else.

Nothing is followed, unpacked or run on the way: links, pipes and devices stay outside, only the
wanted members of a zip are read, and everything has a largest size.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.errors import UserError
from autograder.sandbox.encoding import as_utf8
from autograder.sandbox.zip_directory import ZipError, check_directory

LARGEST_FILE = 1_000_000
MOST_ENTRIES = 5_000
DEEPEST = 6
JUNK = (
    "__MACOSX",
    ".ipynb_checkpoints",
    "__pycache__",
    ".git",
    ".venv",
    "venv",
    "node_modules",
    "site-packages",
)

TOO_MANY = f"there are more than {MOST_ENTRIES} files; not all of them were looked at"
PACKAGE = '"""The submitted package."""\n'

Read = Callable[[], bytes]


class IntakeError(UserError):
    """There is nothing here that can be graded; the message says what was expected."""


class LeftOut(Exception):
    """One file is not taken; the message says why."""


@dataclass(frozen=True)
class Intake:
    """What was taken in.

    package: the fresh folder with `recurrent/` in it. found: the modules that were handed in.
    notes: what was left out or mended, a sentence each.
    """

    package: Path
    found: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A file that may be one of the expected: where it lies, and how to read it.

    read: raises LeftOut.
    """

    path: PurePosixPath
    read: Read

    def named(self) -> str:
        """The module it is meant to be: `rnn` for RNN.PY, `rnn (1).py` and `rnn - Copy.py`."""
        name = self.path.stem.lower()
        for tail in (" - copy", "- copy", " copy"):
            name = name.removesuffix(tail)
        head, _, tail = name.partition("(")
        return head.strip() if tail.rstrip(") ").isdigit() else name

    def preference(self) -> tuple[bool, bool, int, str]:
        """Smaller is better: its exact name, in a folder `recurrent`, not deep down."""
        other_name = self.path.suffix != ".py" or self.path.stem != self.named()
        elsewhere = "recurrent" not in self.path.parts
        # the path itself last, so that the choice never depends on the order of a folder
        return (other_name, elsewhere, len(self.path.parts), str(self.path))


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
    notes: list[str] = []
    given = given or {}
    wanted = [name for name in names if name not in given]
    taken = _choose(list(_candidates(submission, notes)), wanted, notes)
    for name, content in taken.items():
        _write_module(package, name, as_utf8(content, f"{name}.py", notes))
    for name, text in given.items():
        _write_module(package, name, text.encode())
    return Intake(into, tuple(name for name in names if name in taken), tuple(notes))


def _write_module(package: Path, name: str, source: bytes) -> None:
    path = package / f"{name}.py"
    path.write_bytes(source)
    path.chmod(0o644)  # whatever our umask says: the worker may be another user


def _choose(
    candidates: list[Candidate], names: Sequence[str], notes: list[str]
) -> dict[str, bytes]:
    """Module -> content, of the best candidate that can be read."""
    taken: dict[str, bytes] = {}
    for candidate in sorted(candidates, key=Candidate.preference):
        name = candidate.named()
        if name not in names or name in taken:
            continue
        shown = _printable(candidate.path.name)
        try:
            taken[name] = candidate.read()
        except LeftOut as error:
            notes.append(f"{shown} {error} and was left out")
            continue
        if candidate.path.name != f"{name}.py":
            notes.append(f"{shown} was taken for {name}.py: give it that name")
    return taken


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name[:80])


def _candidates(submission: Path, notes: list[str]) -> Iterator[Candidate]:
    if submission.is_dir():
        found = list(_in_folder(submission, notes))
        yield from found
        zips = [path for path in sorted(submission.glob("*.zip")) if path.is_file()]
        if zips and not found:
            notes.append(f"there was only {zips[0].name}: it was unpacked")
            yield from _in_zip(zips[0], notes)
    elif submission.is_file() and zipfile.is_zipfile(submission):
        yield from _in_zip(submission, notes)
    else:
        raise IntakeError(
            f"{submission.name} is neither a folder nor a zip file; hand in the folder "
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
            if path.suffix.lower() == ".py":
                inside = PurePosixPath(path.relative_to(folder).as_posix())
                yield Candidate(inside, partial(read_regular, path))
        if count > MOST_ENTRIES:
            notes.append(TOO_MANY)
            return


def read_regular(path: Path) -> bytes:
    """The content of a plain file of its own.

    Raises LeftOut for anything else, and for more than LARGEST_FILE bytes.
    """
    # A link is refused rather than followed, and a pipe that nobody writes to is not waited for.
    # Looked at only when it is open, so that it cannot be exchanged in between.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        fd = os.open(path, flags)
    except OSError:
        raise LeftOut("is a link, or cannot be opened,") from None
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(file.fileno())
        # a second name could be that of a file of somebody else's, which root can read
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise LeftOut("is not a plain file of its own")
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise LeftOut(f"is larger than {LARGEST_FILE / 1e6:g} MB")
    return content


# -------------------------------------------------------------------------------------------- a zip


def _in_zip(path: Path, notes: list[str]) -> Iterator[Candidate]:
    """The members of a zip that may be wanted.

    The paths in it are only looked at and never written to, so none can lead out.
    """
    try:
        check_directory(path, MOST_ENTRIES)
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (ZipError, zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise IntakeError(f"{path.name} cannot be read as a zip file: {error}") from None
    if len(members) > MOST_ENTRIES:
        notes.append(TOO_MANY)
    for info in members[:MOST_ENTRIES]:
        inside = PurePosixPath(info.filename.replace("\\", "/"))
        # Unix writes a file's mode into the upper half; other systems leave it 0
        mode = stat.S_IFMT(info.external_attr >> 16)
        is_file = not info.is_dir() and mode in (0, stat.S_IFREG)
        near = len(inside.parts) <= DEEPEST + 1 and not set(inside.parts) & set(JUNK)
        if inside.suffix.lower() == ".py" and is_file and near:
            yield Candidate(inside, partial(read_member, path, info))


BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
)
"""What reading a broken member raises, with a text that says what is wrong with it."""


def read_member(path: Path, info: zipfile.ZipInfo) -> bytes:
    """The content of one member of a zip.

    Raises LeftOut if it cannot be unpacked or has more than LARGEST_FILE bytes.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(info) as file:
            # unpacked as far as this, however large it claims to be
            content = file.read(LARGEST_FILE + 1)
    except BROKEN as error:
        raise LeftOut(f"cannot be unpacked ({error})") from None
    except Exception as error:  # zlib.error, lzma.LZMAError: each compression has its own
        raise LeftOut(f"cannot be unpacked ({type(error).__name__})") from None
    if len(content) > LARGEST_FILE:
        raise LeftOut(f"is larger than {LARGEST_FILE / 1e6:g} MB")
    return content
