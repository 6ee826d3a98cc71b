"""Giving up rights, in the student's process, before its first line runs.

`Fences` are made once, in the fork server, and applied in every worker: limits, another user, no
new rights, and the kernel's own fences (`fences`). What a platform lacks is left out, and
`capabilities` measures what is left.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import signal
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from autograder.problem import Backend
from autograder.worker.fences import FilesFence, Missing, SyscallFence
from autograder.worker.messages import Start

FILE_BYTES = 0
"""Nothing is written: a limit on each file would leave room for any number of them."""

OPEN_FILES = 64
PROCESSES = 128
"""Where every worker is a user of its own, in all; else above those our user has at the start."""

UNCOUNTED = 10_000
"""Processes that our user is taken to have where nobody can count them."""

KILL_ME_FIRST = b"1000"

OUR_LIBRARIES = frozenset(("pyseccomp", "py_landlock"))
"""What the fences are made with; it holds the C library, open."""

resource: Any = None
with contextlib.suppress(ModuleNotFoundError):  # Windows
    resource = importlib.import_module("resource")

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def prctl(option: int, value: int) -> None:
    """Change a setting of this process (Linux; elsewhere nothing happens)."""
    # Python has no call of its own for this. It takes five words, or some options are refused.
    if LIBC is not None:
        LIBC.prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3)


def prctl_get(option: int, by_reference: bool = False) -> int:
    """What a setting of this process is; -1 where there is none."""
    if LIBC is None:
        return -1
    if not by_reference:
        return int(LIBC.prctl(option, *[ctypes.c_ulong(0)] * 4))
    value = ctypes.c_int(-1)
    LIBC.prctl(option, ctypes.byref(value), *[ctypes.c_ulong(0)] * 3)
    return value.value


class Fences:
    """What every worker of one backend is confined by.

    without: layers to leave out, "files" or "calls", as on a platform that lacks them.
    """

    def __init__(self, backend: Backend, without: Collection[str] = ()) -> None:
        files = _made(lambda: FilesFence(backend), "files" not in without)
        calls = _made(SyscallFence, "calls" not in without)
        self.files, self.calls = _those_that_work((files, calls))
        # looked for once, here: to go through all modules copies every page that a name of one is
        # on, which takes a worker as long as the rest of its start
        self.handles = handles_on_libc()
        # the limit counts all processes of a user, our own among them where we keep our user
        ours = sum(processes_of(os.getuid()).values()) if sys.platform == "linux" else UNCOUNTED
        self.processes = ours + PROCESSES

    def apply(self, start: Start) -> None:
        """Confine this process for good, as the request for it says.

        After this it may read the student's package and what Python and the lesson need, and write
        nothing. The order matters: every step leaves the rights that the next one needs.
        """
        uid = start.uid
        first_to_go()
        _limit_resources(start.memory, start.cpu, self.processes if uid is None else PROCESSES)
        os.environ.update(HOME=start.scratch, TMPDIR=start.scratch)
        prctl(PR_SET_NO_NEW_PRIVS, 1)  # without which both fences are for root alone
        # while we may still be root: the fence opens each folder that it is to allow
        if self.files:
            self.files.apply(start.package, start.scratch)
        # groups before user: after the change of user there is no right to change anything
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
        if sys.platform == "linux":  # not before: a change of user clears it
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # last: it refuses much of what was done above
        if self.calls:
            self.calls.apply(keep_user=uid is None)
        if start.guarded:  # else there is no student's code, and our own looks round
            self.files = self.calls = None
            put_away_libc(self.handles)


def _made(make: Callable[[], Any], wanted: bool) -> Any | None:
    """A fence, if it is wanted and its library is there; else None."""
    if not wanted or sys.platform != "linux":
        return None
    try:
        return make()
    except Missing:
        return None


def _those_that_work(fences: Sequence[Any | None]) -> list[Any | None]:
    """The fences, with None in place of every one that fails when it is tried."""
    if not any(fences):
        return list(fences)
    # In a process of its own, because what they forbid stays forbidden; and all in one, because a
    # fork is most of what a trial costs. The exit status has a bit for each that failed.
    pid = os.fork()
    if pid == 0:
        failed = (1 << len(fences)) - 1
        with contextlib.suppress(BaseException):
            prctl(PR_SET_NO_NEW_PRIVS, 1)
            for bit, fence in enumerate(fences):
                with contextlib.suppress(Exception):
                    if fence is not None:
                        fence.trial()
                        failed -= 1 << bit
        os._exit(failed)
    status = os.waitpid(pid, 0)[1]
    failed = status >> 8 if os.WIFEXITED(status) else -1
    return [None if failed >> bit & 1 else fence for bit, fence in enumerate(fences)]


_goes_first = False


def first_to_go() -> None:
    """Let a worker die before the fork server and the judge when the machine has no memory."""
    # not by `Path`: just after a fork all that it goes through has to be copied
    global _goes_first
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):
        fd = os.open("/proc/self/oom_score_adj", os.O_RDWR)
        os.write(fd, KILL_ME_FIRST)
        _goes_first = os.pread(fd, 10, 0).strip() == KILL_ME_FIRST
        os.close(fd)


def goes_first() -> bool:
    """Whether `first_to_go` has done what it says; asked before a fence closes /proc."""
    return _goes_first


def handles_on_libc() -> list[tuple[dict[str, Any], str]]:
    """Where the fences' libraries keep a handle on the C library: names, and which of them."""
    found: list[tuple[dict[str, Any], str]] = []
    for module in [name for name in sys.modules if name.partition(".")[0] in OUR_LIBRARIES]:
        names = vars(sys.modules[module])
        found += [(names, key) for key in ("_libc", "_libseccomp") if key in names]
    return found


def put_away_libc(handles: Sequence[tuple[dict[str, Any], str]]) -> None:
    """Leave nothing of ours by which a student's code could call the C library.

    What Python has of its own for that, the guard refuses, which hinders and does not hold.
    """
    global LIBC
    LIBC = None
    for names, key in handles:
        names[key] = None


def _limit_resources(memory: int, cpu: int, processes: int) -> None:
    if resource is None:
        return
    wanted = {
        "RLIMIT_AS": memory,
        "RLIMIT_CPU": cpu,
        "RLIMIT_FSIZE": FILE_BYTES,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": processes,
    }
    for name, value in wanted.items():
        limit = getattr(resource, name, None)
        if limit is None:
            continue
        _, hard = resource.getrlimit(limit)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # macOS refuses RLIMIT_AS; the wall clock still holds
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (ceiling, ceiling))


def processes_of(uid: int) -> dict[int, int]:
    """Process number -> number of threads, of all processes of a user, zombies among them."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        # it may end while we look; the kernel counts zombies as processes, and so do we
        with contextlib.suppress(OSError, KeyError, ValueError):
            # not the owner of the folder, which is root for a process that is not dumpable
            lines = (path / "status").read_text(encoding="utf-8").splitlines()
            status = dict(line.split(":", 1) for line in lines)
            if int(status["Uid"].split()[0]) == uid:
                found[int(path.name)] = int(status["Threads"])
    return found
