"""The files of a folder that may be wanted. No link is followed, no pipe waited for."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from autograder.intake import unpacking
from autograder.unpack.encoding import is_plain
from autograder.unpack.shortlist import (
    DEEPEST,
    JUNK,
    LARGEST_FILE,
    LeftOut,
    Place,
    read_bounded,
)

MOST_ENTRIES = 200_000
"""Names that are looked at: environments and data beside the work cost no more than this."""

TOO_MANY = f"there are more than {MOST_ENTRIES} files; not all of them were looked at"


def places_in(folder: Path, notes: list[str]) -> Iterator[Place]:
    """Every file of a folder, the shallowest first."""
    # level by level, so that a heap of data deep down cannot hide what lies above it
    waiting = deque([(folder, "")])
    count = 0
    while waiting:
        here, prefix = waiting.popleft()
        for name, is_folder in _listed(here):
            count += 1
            path = f"{prefix}{name}"
            if not is_folder:
                yield Place(path, partial(_read, here / name))
            elif name not in JUNK and path.count("/") < DEEPEST:
                waiting.append((here / name, f"{path}/"))
        if count > MOST_ENTRIES:
            notes.append(TOO_MANY)
            return


def _listed(folder: Path) -> list[tuple[str, bool]]:
    """The names in a folder, in order, and whether each is a folder itself."""
    try:
        with os.scandir(folder) as entries:
            few = islice(entries, MOST_ENTRIES + 1)
            return sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in few)
    except OSError:
        return []


def _read(path: Path) -> tuple[bytes, str]:
    """The source in a file as UTF-8, and what is to be said of it. Raises LeftOut."""
    with open_regular(path) as file:
        if path.name.lower().endswith(".ipynb"):
            return file.read(LARGEST_FILE), ""  # only searched for names, so a part will do
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
