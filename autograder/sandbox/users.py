"""Users for workers: where the judge is root, every worker becomes a user of its own.

These users own nothing else, and need no name in /etc/passwd. Their numbers come from a range that
is claimed while it is used, so that two graders on one machine never meet: a name that only one
socket can have stands for each range, and the kernel gives it back when a grader dies.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
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

FIRST, IN_A_RANGE = 1 << 30, 200
"""The first number of all, and how many numbers there are in a range."""

RANGES = 1 << 22
"""How many ranges there are: as many as Linux has process numbers."""

FIRST_WHERE_FEW, RANGES_WHERE_FEW = 40_000, 100
"""In a container that maps only some 65000 users."""

NAME = "\0autograder-users-{}"
"""Of the socket that claims a range, by its first number: abstract, so that no file stays."""

MOST_GRADERS = 10_000
"""After so many ranges that are taken, no other is tried."""

CLAIMED: set[int] = set()
"""The first numbers of all ranges that this process has claimed so far."""

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
        self._claim: socket.socket | None = None
        self._numbers, self._free = range(0), deque[int]()
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
            if self._claim is None:
                self._claim, self._numbers = _claimed()
                self._free.extend(_without_a_past(self._numbers))
            if not self._free:
                raise SandboxError(
                    f"all {IN_A_RANGE} users for workers are in use: end other sessions first"
                )
            return self._free.popleft()

    def close(self) -> None:
        """Give the range back. To be called when all that was handed out is cleaned up."""
        with self._lock:
            if self._claim is not None:
                self._claim.close()
            self._claim, self._numbers = None, range(0)
            self._free.clear()

    def clean_up(self, uid: int | None) -> None:
        """Remove what a worker's user has left, and give its number back.

        To be called when its processes have ended. The number of a worker of which something stays
        is not given to another.
        """
        if uid is None:
            return
        if not remove_all_of(uid):
            return
        with self._lock:
            if uid in self._numbers:  # else the range was given back before
                self._free.append(uid)


def _claimed() -> tuple[socket.socket, range]:
    """A range that no other grader has, and the socket that keeps it ours while it is open.

    Raises SandboxError if all are taken.
    """
    first, ranges = FIRST_WHERE_FEW, RANGES_WHERE_FEW
    if _mapped_users() > FIRST + RANGES * IN_A_RANGE:
        first, ranges = FIRST, RANGES
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    # Not from the first on: the range of a grader that was just killed is better left to rest.
    for place in range(os.getpid(), os.getpid() + min(ranges, MOST_GRADERS)):
        start = first + place % ranges * IN_A_RANGE
        try:
            claim.bind(NAME.format(start))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            # A system without such names: that of our process alone has to do.
        CLAIMED.add(start)
        return claim, range(start, start + IN_A_RANGE)
    claim.close()
    raise SandboxError("other graders on this machine use all users for workers: end some first")


def _without_a_past(numbers: range) -> list[int]:
    """Those of whom nothing is left from a grader that was killed; what can be removed, is."""
    alive = _owners(Path("/proc"))
    remembered = {uid for folder in SHARED_FOLDERS for uid in _owners(Path(folder))}
    for _, _, owners in _objects():
        remembered |= owners
    found = []
    for uid in numbers:
        if uid in alive or (uid in remembered and not remove_all_of(uid)):
            continue
        found.append(uid)
    return found


def _owners(folder: Path) -> set[int]:
    """Who owns what is in a folder; in /proc, whose processes there are."""
    owners = set()
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            with contextlib.suppress(OSError):  # it may vanish while we look
                owners.add(path.lstat().st_uid)
    return owners


def remove_all_of(uid: int) -> bool:
    """Remove the files and objects of a user without processes; whether nothing is left."""
    gone = [remove(path) for path in files_of(uid)]
    gone += [remove_object(kind, number) for kind, number in objects_of(uid)]
    return all(gone)


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
    return [(kind, number) for kind, number, owners in _objects() if uid in owners]


def _objects() -> Iterator[tuple[str, int, set[int]]]:
    """Kind, number and users, owner and maker, of all System V objects there are."""
    for kind, number in SYSTEM_V.items():
        try:
            with Path(f"/proc/sysvipc/{kind}").open(encoding="ascii") as table:
                names, *rows = [line.split() for line in table]
        except (OSError, ValueError):  # a kernel without them
            continue
        for row in rows:
            entry = dict(zip(names, row, strict=False))
            yield kind, int(entry[number]), {int(entry["uid"]), int(entry["cuid"])}


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
