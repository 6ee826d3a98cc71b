"""Removing what a student's code has written, however deep, whatever its names and modes."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
"""How a folder is opened here: never through a link."""

CAN_DESCEND = {os.open, os.stat, os.unlink, os.rmdir, os.rename} <= os.supports_dir_fd
"""Whether the platform can name a file by the open folder that it is in."""


def remove_tree(folder: Path) -> bool:
    """Remove a folder and all in it; whether it is gone. Links are removed, never followed.

    It raises nothing: what cannot be removed is left, and the rest goes.
    """
    # most scratch folders are empty, and then one call does
    with contextlib.suppress(OSError):
        folder.rmdir()
        return True
    with contextlib.suppress(OSError):
        if CAN_DESCEND:
            _remove_below(os.fsencode(folder))
        else:
            _remove_by_path(folder)
        folder.rmdir()
    return not os.path.lexists(folder)


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A fresh folder for this block.

    What cannot be removed at its end is left to the system, and nothing is raised. Python's own,
    `TemporaryDirectory`, fails aloud where another program has a file open (Windows), and before
    3.13 goes round in circles where one stands in the folder.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        remove_tree(folder)


def remove(path: Path) -> bool:
    """Remove a file, a link or a folder with all in it; whether it is gone."""
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(path.lstat().st_mode):
            return remove_tree(path)
        path.unlink()
    return not os.path.lexists(path)


def _remove_below(folder: bytes) -> None:
    """Empty a folder.

    A folder in it that is not empty has its own contents moved up, beside it, and is then removed.
    So there are never more than two folders open, and no path is longer than one name, however
    deep a student's code has gone.
    """
    top = _open_folder(folder, None)
    try:
        names = _names(top)
        made = 0
        # every round removes all the folders it finds; what they held is there for the next
        while names:
            removed = False
            for name in names:
                if _unlink(name, top):
                    removed = True
                    continue
                made, moved = _move_up(name, top, made)
                removed |= moved
            if not removed:
                return
            names = _names(top)
    finally:
        os.close(top)


def _move_up(name: bytes, top: int, made: int) -> tuple[int, bool]:
    """Move what a folder holds up beside it, and remove it; the next free number, and whether."""
    try:
        inner = _open_folder(name, top)
    except OSError:
        return made, False
    try:
        for held in _names(inner):
            if _unlink(held, inner):
                continue
            # a folder that is not ours to write cannot be moved: its parent's entry `..` changes
            _open_up(held, inner)
            with contextlib.suppress(OSError):
                made = _free(top, made)
                os.rename(held, b"%d" % made, src_dir_fd=inner, dst_dir_fd=top)
    finally:
        os.close(inner)
    return made, _unlink(name, top)


def _free(top: int, made: int) -> int:
    """The next number that no entry of the folder has for its name."""
    while True:
        made += 1
        try:
            os.stat(b"%d" % made, dir_fd=top, follow_symlinks=False)
        except FileNotFoundError:
            return made


def _unlink(name: bytes, folder: int) -> bool:
    """Remove a file, a link or an empty folder; whether that was possible."""
    for deed in (os.unlink, os.rmdir):
        with contextlib.suppress(OSError):
            deed(name, dir_fd=folder)
            return True
    return False


def _open_folder(name: bytes, folder: int | None) -> int:
    """A descriptor of a folder, which we may then read and write. Raises OSError for a link."""
    _open_up(name, folder)
    return os.open(name, FOLDER | getattr(os, "O_CLOEXEC", 0), dir_fd=folder)


def _open_up(name: bytes, folder: int | None) -> None:
    """Give ourselves all rights to a folder; nothing happens to what is none."""
    with contextlib.suppress(OSError, NotImplementedError):
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        # nobody is left who could put a link in its place: the worker has ended
        if stat.S_ISDIR(status.st_mode) and status.st_mode & 0o700 != 0o700:
            os.chmod(name, 0o700, dir_fd=folder)


def _names(folder: int) -> list[bytes]:
    """The names in a folder that is open, as bytes: they need not be UTF-8."""
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found.append(os.fsencode(entry.name))
    return found


def _remove_by_path(folder: Path) -> None:
    """Empty a folder where folders cannot be named by a descriptor (Windows)."""
    found: list[Any] = [folder]
    for place in found:  # it grows while we go through it
        with contextlib.suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    found.append(Path(entry.path))
                    continue
                with contextlib.suppress(OSError):
                    Path(entry.path).chmod(0o700)
                    Path(entry.path).unlink()
    for place in reversed(found[1:]):
        with contextlib.suppress(OSError):
            place.rmdir()
