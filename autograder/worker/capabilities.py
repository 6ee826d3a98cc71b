"""Looking round from where a student's code stands: what can this process still do? Measured, not
assumed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.worker.confine import prctl_get, resource

PR_GET_NO_NEW_PRIVS, PR_GET_PDEATHSIG = 39, 2


def capabilities(questions: Mapping[str, Any]) -> dict[str, Any]:
    """The facts, by name; each attempt that is refused is a fact in itself.

    questions: judge (a process number), secret (a file of the judge's that only its own user may
        read), public (a file
    anybody may read that has nothing to do with grading).
    """
    judge = int(questions["judge"])
    return {
        "facts": {
            "user": list(os.getresuid()) if hasattr(os, "getresuid") else [],
            "groups": list(os.getgroups()) if hasattr(os, "getgroups") else [],
            "environment": sorted(os.environ),
            "limits": _limits(),
            "no_new_privs": prctl_get(PR_GET_NO_NEW_PRIVS),
            "dies_with_server": prctl_get(PR_GET_PDEATHSIG, by_reference=True)
            == getattr(signal, "SIGKILL", 0),
            "reads_secret": _can(lambda: Path(questions["secret"]).read_bytes()),
            "reads_public": _can(lambda: Path(questions["public"]).read_bytes()),
            "writes_elsewhere": _can(lambda: _write(questions["elsewhere"])),
            "reads_judges_memory": _can(lambda: Path(f"/proc/{judge}/maps").read_bytes()),
            "signals_judge": _can(lambda: os.kill(judge, 0)),
            "opens_socket": _can(lambda: socket.socket().close()),
            "starts_process": _can(_fork),
        }
    }


def _can(attempt: Callable[[], Any]) -> bool:
    try:
        attempt()
    except (OSError, AttributeError):
        return False
    return True


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _write(folder: str) -> None:
    path = Path(folder) / f"probe-{os.getpid()}"
    path.touch(exist_ok=False)
    path.unlink()


def _limits() -> dict[str, int]:
    """The limits that are set, by name."""
    found = {}
    if resource is not None:
        for name in (
            "RLIMIT_AS",
            "RLIMIT_CPU",
            "RLIMIT_FSIZE",
            "RLIMIT_NOFILE",
            "RLIMIT_CORE",
            "RLIMIT_NPROC",
        ):
            with contextlib.suppress(AttributeError, ValueError, OSError):
                value = resource.getrlimit(getattr(resource, name))[0]
                if value != resource.RLIM_INFINITY:
                    found[name.removeprefix("RLIMIT_")] = value
    return found
