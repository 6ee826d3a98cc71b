"""A temporary folder for all that a judge process writes, which goes even if the process is killed.

Who is killed cannot clean up. So a folder is locked while its process lives, and the next one that
looks removes those that nobody holds any more.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from autograder.sandbox.cleanup import FOLDER, remove_tree

PREFIX = "class-judge-"
"""Of the folders' names, in the system's folder for temporary files."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder, in which `tempfile` puts everything for as long as this lasts."""
    folder, lock = _claimed()
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        remove_tree(folder)
        os.close(lock)


def abandon() -> NoReturn:
    """End this process now, whatever its threads are at, without its folder."""
    folder = Path(tempfile.gettempdir())
    if folder.name.startswith(PREFIX):
        remove_tree(folder)
    os._exit(1)


def sweep() -> None:
    """Remove the folders whose processes are gone."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            status = path.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
                _remove_if_free(path)


def _claimed() -> tuple[Path, int]:
    """A new folder and the descriptor that locks it, which no other program inherits."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        # students' processes, which are other users where we are root, must get through to theirs
        folder.chmod(0o755)
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(folder, FOLDER)
            # somebody may have swept it away before we had the lock
            if _lock(lock) and folder.exists():
                return folder, lock
            os.close(lock)


def _remove_if_free(folder: Path) -> None:
    lock = os.open(folder, FOLDER)
    try:
        if _lock(lock):
            remove_tree(folder)
    finally:
        os.close(lock)


def _lock(descriptor: int) -> bool:
    """Whether we have the lock now. The kernel takes it back when our process ends."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
