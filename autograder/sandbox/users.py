"""Users for workers: where the judge is root, every worker becomes a user of its own.

These users own nothing else, and need no name in /etc/passwd. Their numbers come from a range that
belongs to this process alone, so that two graders on one machine never meet.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
import sys
import sysconfig
import tempfile
from pathlib import Path

import numpy

from autograder.errors import UserError
from autograder.sandbox.cleanup import remove_tree

FIRST, PER_PROCESS = 1 << 30, 200
FIRST_WHERE_FEW = 40_000
"""In a container that maps only some 65000 users."""

SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock")
"""Where any user may leave a file; `clean_up` looks there for a worker's."""


class SandboxError(UserError):
    """The sandbox cannot do what it was asked; the message says why."""


class Users:
    """Hands out a user number for each worker, or none, and says in `why` what stands in the way.

    wanted: False to stay who we are, even where we could become another user.
    """

    def __init__(self, wanted: bool = True) -> None:
        self.why = _obstacle() if wanted else "left out as asked"
        self._next = itertools.count()
        # 1 << 22 is the largest process number of Linux
        self._many = _mapped_users() > FIRST + (1 << 22) * PER_PROCESS

    @property
    def active(self) -> bool:
        """Whether workers become other users."""
        return not self.why

    def next(self) -> int | None:
        """The user number for the next worker; None: it stays who we are."""
        if self.why:
            return None
        place = next(self._next) % PER_PROCESS
        if self._many:
            return FIRST + os.getpid() * PER_PROCESS + place
        return FIRST_WHERE_FEW + (os.getpid() * PER_PROCESS + place) % 20_000

    def clean_up(self, uid: int | None) -> None:
        """Remove what a worker's user has left in the folders that are open to all."""
        if uid is None:
            return
        for folder in SHARED_FOLDERS:
            with contextlib.suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    if entry.stat(follow_symlinks=False).st_uid == uid:
                        _remove(Path(entry.path))


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(path.lstat().st_mode):
            remove_tree(path)
        else:
            path.unlink()


def _obstacle() -> str:
    """Why workers cannot become other users here; empty if they can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root on Linux can start a process as another user"
    needed = (
        sysconfig.get_path("stdlib"),
        str(Path(numpy.__file__).parent),
        tempfile.gettempdir(),
    )
    for path in needed:
        if not can_reach(Path(path)):
            return (
                f"another user cannot reach {path}: install Python where all can, e.g. under /opt"
            )
    return ""


def can_reach(folder: Path) -> bool:
    """Whether any user may enter a folder and read in it."""
    folder = folder.resolve()
    if folder.stat().st_mode & 0o5 != 0o5:
        return False
    return all(above.stat().st_mode & 0o1 for above in folder.parents)


def _mapped_users() -> int:
    """The highest user number this process can give to anybody, plus one; 0 if nobody says."""
    try:
        rows = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
        return max(int(row.split()[0]) + int(row.split()[2]) for row in rows)
    except (OSError, ValueError, IndexError):
        return 0
