"""Giving up rights, in the student's process, before its first line runs.

`Fences` are made once, in the fork server, and applied in every worker: limits, another user, no
new rights, then the kernel's own fences (`fences`). Whatever a platform lacks is left out;
`inspect` measures what is left.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import signal
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from autograder.worker.fences import FilesFence, Missing, SyscallFence

FILE_BYTES = 64_000_000
OPEN_FILES = 64
PROCESSES = 128
"""Above those the user has when the fork server starts; where every worker has a user of its own,
in all.
"""

resource: Any = None
with contextlib.suppress(ModuleNotFoundError):  # Windows
    resource = importlib.import_module("resource")

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def prctl(option: int, value: int) -> None:
    """One setting of this process (Linux, for which Python has no call of its own); elsewhere
    nothing happens.
    """
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
    """What every worker of one kind of lesson is confined by.

    backend: what the lesson needs beside the standard library, "numpy" or "torch".
    without: layers to leave out, "files" or "calls", as on a platform that lacks them.
    """

    def __init__(self, backend: str, without: Collection[str] = ()) -> None:
        self.files = _if_it_works(lambda: FilesFence(backend), "files" not in without)
        self.calls = _if_it_works(SyscallFence, "calls" not in without)
        self.processes = PROCESSES + (
            sum(processes_of(os.getuid()).values()) if sys.platform == "linux" else 10_000
        )
        _first_to_go()

    def apply(self, limits: Mapping[str, Any], package: str, scratch: str) -> None:
        """Confine this process for good. After this it may read `package` and what Python backend,
        and write `scratch`.

        limits: memory (bytes of address space), cpu (seconds), uid (or None to stay who we are).
        """
        uid = limits["uid"]
        _limit_resources({**limits, "processes": self.processes if uid is None else PROCESSES})
        os.environ.update(HOME=scratch, TMPDIR=scratch)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        if self.files:
            self.files.apply(package, scratch)
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of user clears it
        if self.calls:
            self.calls.apply(keep_user=uid is None)


def _if_it_works(make: Callable[[], Any], wanted: bool) -> Any | None:
    """A fence, if its library is there and a trial in a process of its own succeeds; else None."""
    if not wanted or sys.platform != "linux":
        return None
    try:
        fence = make()
    except Missing:
        return None
    pid = os.fork()
    if pid == 0:
        failed = 1
        with contextlib.suppress(BaseException):
            prctl(PR_SET_NO_NEW_PRIVS, 1)
            fence.trial()
            failed = 0
        os._exit(failed)
    return fence if os.waitpid(pid, 0)[1] == 0 else None


def _first_to_go() -> None:
    """When the machine runs out of memory, the kernel takes this process or a child of it, and not
    the judge.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _limit_resources(limits: Mapping[str, Any]) -> None:
    if resource is None:
        return
    wanted = {
        "RLIMIT_AS": limits["memory"],
        "RLIMIT_CPU": limits["cpu"],
        "RLIMIT_FSIZE": FILE_BYTES,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": limits["processes"],
    }
    for name, value in wanted.items():
        which = getattr(resource, name, None)
        if which is not None:
            _, hard = resource.getrlimit(which)
            ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
            # macOS refuses RLIMIT_AS; the wall clock still holds
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(which, (ceiling, ceiling))


def processes_of(uid: int) -> dict[int, int]:
    """Process number -> number of threads, of all processes of a user. Zombies count: the kernel
    counts them, too.
    """
    found = {}
    # the owner of the folder will not do: it is root for a guarded process
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, KeyError, ValueError):
            status = dict(line.split(":", 1) for line in (path / "status").read_text().splitlines())
            if int(status["Uid"].split()[0]) == uid:
                found[int(path.name)] = int(status["Threads"])
    return found
