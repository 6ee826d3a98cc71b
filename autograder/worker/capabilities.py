"""Looking round from where a student's code stands: what can this process still do?"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.worker import confine
from autograder.worker.confine import goes_first, prctl_get, resource
from autograder.worker.messages import Capabilities, ReportCapabilities

PR_GET_NO_NEW_PRIVS, PR_GET_PDEATHSIG = 39, 2
LIMITS = (
    "RLIMIT_AS",
    "RLIMIT_CPU",
    "RLIMIT_FSIZE",
    "RLIMIT_NOFILE",
    "RLIMIT_CORE",
    "RLIMIT_NPROC",
)


def capabilities(asked: ReportCapabilities) -> Capabilities:
    """What there is, and what succeeds when it is tried: an attempt that is refused is a fact."""
    ends_with_server = prctl_get(PR_GET_PDEATHSIG, by_reference=True)
    return Capabilities(
        user=os.getresuid() if hasattr(os, "getresuid") else (),
        groups=tuple(os.getgroups()) if hasattr(os, "getgroups") else (),
        environment=tuple(sorted(os.environ)),
        limits=_limits(),
        no_new_privs=prctl_get(PR_GET_NO_NEW_PRIVS) == 1,
        dies_with_server=ends_with_server == getattr(signal, "SIGKILL", 0),
        reads_secret=_can(lambda: Path(asked.secret).read_bytes()),
        reads_public=_can(lambda: Path(asked.public).read_bytes()),
        writes_elsewhere=_can(lambda: _write(asked.elsewhere)),
        reads_judges_memory=_is_unknown()
        or _can(lambda: Path(f"/proc/{asked.judge}/maps").read_bytes()),
        # on Windows such a signal would be Ctrl-C, and arrive
        signals_judge=_is_unknown() or _can(lambda: os.kill(asked.judge, 0)),
        opens_socket=_can(lambda: socket.socket().close()),
        starts_process=_can(_fork if hasattr(os, "fork") else _spawn),
        makes_uncounted_memory=_is_unknown()
        or _can(lambda: os.close(os.memfd_create("probe")))
        or _can(_segment),
        reschedules_judge=_is_unknown() or _can(lambda: _reschedule(asked.judge)),
        locks_files=_is_unknown() or _can(_lock),
        writes_scratch=_can(lambda: _write_text("probe")),
        # the folders of other workers are beside our own
        lists_neighbours=_can(lambda: [*Path(os.pardir).iterdir()]),
        goes_first=goes_first(),
    )


def _is_unknown() -> bool:
    """Whether this system has other ways than those tried: then nothing is claimed."""
    return sys.platform != "linux"


def _can(attempt: Callable[[], Any]) -> bool:
    try:
        attempt()
    except (OSError, AttributeError):
        return False
    return True


def _segment() -> None:
    """Make shared memory in the manner of System V, and remove it."""
    libc = confine.LIBC
    if libc is None:
        raise OSError("there is no C library to ask")
    number = libc.shmget(0, 4096, 0o600)
    if number < 0:
        raise OSError("refused")
    libc.shmctl(number, 0, None)


def _reschedule(judge: int) -> None:
    """Leave the judge on the processors that it is on."""
    os.sched_setaffinity(judge, os.sched_getaffinity(judge))


def _lock() -> None:
    """Lock a file that every worker may read."""
    fcntl = importlib.import_module("fcntl")
    with Path(os.__file__).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)


def _write_text(name: str) -> None:
    path = Path(name)
    try:
        path.write_text("probe", encoding="ascii")
    finally:
        path.unlink(missing_ok=True)


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _spawn() -> None:
    os.spawnv(os.P_WAIT, sys.executable, ["python", "-S", "-c", "pass"])


def _write(folder: str) -> None:
    path = Path(folder) / f"probe-{os.getpid()}"
    path.touch(exist_ok=False)
    path.unlink()


def _limits() -> dict[str, int]:
    """The limits that are set, by name, without `RLIMIT_`."""
    found: dict[str, int] = {}
    if resource is None:
        return found
    for name in LIMITS:
        # a platform may lack one, or refuse to say
        with contextlib.suppress(AttributeError, ValueError, OSError):
            value = resource.getrlimit(getattr(resource, name))[0]
            if value != resource.RLIM_INFINITY:
                found[name.removeprefix("RLIMIT_")] = value
    return found
