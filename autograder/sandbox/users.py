"""Users for workers: where the judge is root, every worker becomes a user of its own.

These users own nothing else, and need no name in /etc/passwd. Their numbers come from a range that
belongs to this process alone, so that two graders on one machine never meet.
"""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import numpy

from autograder.errors import UserError
from autograder.sandbox.cleanup import remove
from autograder.worker import confine

FIRST, PER_PROCESS = 1 << 30, 200
"""The first number of all, and how many slots, each a number, there are in a process's range."""

FIRST_WHERE_FEW = 40_000
"""In a container that maps only some 65000 users."""

SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock")
"""Where any user may leave a file; `clean_up` looks there for a worker's."""


class SandboxError(UserError):
    """The sandbox cannot do what it was asked; the message says why."""


class Users:
    """Hands out a user number for each worker, or none, and says in `why` what stands in the way.

    A number is one worker's alone until `clean_up` has seen that nothing of that worker's is left.

    wanted: False to stay who we are, even where we could become another user.
    """

    def __init__(self, wanted: bool = True) -> None:
        self.why = _obstacle() if wanted else "left out as asked"
        # 1 << 22 is the largest process number of Linux
        many = _mapped_users() > FIRST + (1 << 22) * PER_PROCESS
        first = FIRST + os.getpid() * PER_PROCESS
        if not many:
            first = FIRST_WHERE_FEW + os.getpid() * PER_PROCESS % 20_000
        self._free = deque(range(first, first + PER_PROCESS))
        self._lock = threading.Lock()

    @property
    def active(self) -> bool:
        """Whether workers become other users."""
        return not self.why

    def next(self) -> int | None:
        """The user number for the next worker; None: it stays who we are.

        Raises SandboxError if all are in use.
        """
        if self.why:
            return None
        with self._lock:
            if not self._free:
                raise SandboxError(
                    f"all {PER_PROCESS} users for workers are in use: end other sessions first"
                )
            return self._free.popleft()

    def clean_up(self, uid: int | None) -> None:
        """Remove what a worker's user has left, and give its number back.

        To be called when its processes have ended. The number of a worker of which something stays
        is not given to another.
        """
        if uid is None:
            return
        gone = [remove(path) for path in files_of(uid)]
        gone += [remove_object(kind, number) for kind, number in objects_of(uid)]
        if all(gone):
            with self._lock:
                self._free.append(uid)


def files_of(uid: int) -> Iterator[Path]:
    """What a user has in the folders that are open to all."""
    for folder in SHARED_FOLDERS:
        try:
            found = list(Path(folder).iterdir())
        except OSError:
            continue
        for path in found:
            # one by one: what vanishes while we look must not hide what comes after it
            with contextlib.suppress(OSError):
                if path.lstat().st_uid == uid:
                    yield path


SYSTEM_V = {"shm": "shmid", "sem": "semid", "msg": "msqid"}
"""Kind of System V object -> the column of its number in /proc/sysvipc."""

IPC_RMID = 0


def objects_of(uid: int) -> list[tuple[str, int]]:
    """Kind and number of the System V objects of a user; they outlive every process."""
    found = []
    for kind, number in SYSTEM_V.items():
        try:
            with Path(f"/proc/sysvipc/{kind}").open(encoding="ascii") as table:
                names, *rows = [line.split() for line in table]
        except (OSError, ValueError):  # a kernel without them
            continue
        for row in rows:
            entry = dict(zip(names, row, strict=False))
            if str(uid) in (entry["uid"], entry["cuid"]):
                found.append((kind, int(entry[number])))
    return found


def remove_object(kind: str, number: int) -> bool:
    """Remove a System V object; whether it is gone. Shared memory goes when its last user does."""
    libc = confine.LIBC
    if libc is None:
        return False
    if kind == "sem":
        return bool(libc.semctl(number, 0, IPC_RMID) == 0)
    remove_it = libc.shmctl if kind == "shm" else libc.msgctl
    return bool(remove_it(number, IPC_RMID, None) == 0)


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
