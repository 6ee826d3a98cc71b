"""Starting one of our programs, apart from its surroundings.

Only the standard library is needed here, so that a command can let the fork server get warm before
it imports numpy itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from autograder.platforms import has_processes

if TYPE_CHECKING:
    import socket
    import subprocess

    from autograder.problem import Backend

# `socket` and `subprocess` are imported where they are used: a browser has neither, and imports
# this too.

PROGRAMS = Path(__file__).parent

PASSED_ON = ("PATH", "LANG", "SYSTEMROOT")
"""The only variables of the judge's environment that a worker sees: tokens and seeds stay out."""


class Setup(NamedTuple):
    """What a fork server, or a worker without one, is started for.

    without: layers to leave out, "files" or "calls".
    """

    backend: Backend
    without: tuple[str, ...] = ()

    def argument(self) -> str:
        """As one argument of a program."""
        return ",".join((self.backend, *self.without))

    @classmethod
    def read(cls, argument: str) -> Setup:
        """From an argument that `argument` made."""
        backend, *without = argument.split(",")
        return cls(cast("Backend", backend), tuple(without))


class Launched(NamedTuple):
    """A fork server that is getting warm or, where there is no fork, a worker that is.

    control: our end of the fork server's control socket; None for a worker, which has three pipes
        instead. When our ends are closed, if only because we end, the process ends too.
    """

    setup: Setup
    process: subprocess.Popen[bytes]
    control: socket.socket | None = None


def can_fork() -> bool:
    """Whether this system has a fork that numpy survives, and can pass descriptors."""
    # macOS has a fork, but its own libraries do not survive one
    if not has_processes() or not hasattr(os, "fork") or sys.platform == "darwin":
        return False
    import socket

    return hasattr(socket, "send_fds")


def launch(backend: Backend, without: Collection[str] = ()) -> Launched:
    """Start a fork server; nobody waits for it here."""
    import socket
    import subprocess

    setup = Setup(backend, tuple(sorted(without)))
    control, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            python("zygote.py", str(theirs.fileno()), setup.argument()),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=environment(),
            cwd="/",
            # a group of its own, so that Ctrl-C in the terminal is for the judge alone
            start_new_session=True,
        )
    return Launched(setup, process, control)


def launch_worker(backend: Backend, without: Collection[str] = ()) -> Launched:
    """Start a worker without a fork server; it gets warm, and waits to be told of a submission."""
    import subprocess

    setup = Setup(backend, tuple(sorted(without)))
    process = subprocess.Popen(
        python("fresh.py", setup.argument()),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        # Windows removes no folder that a process stands in; this one is not to be removed
        cwd=PROGRAMS,
        **_group_of_its_own(),
    )
    return Launched(setup, process)


def _group_of_its_own() -> dict[str, Any]:
    """What keeps Ctrl-C in the terminal for the judge alone, as `Popen` of this system calls it."""
    if sys.platform == "win32":
        import subprocess

        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def launch_early() -> Launched | None:
    """The process that nearly every submission needs first; None where there can be none."""
    if not has_processes():
        return None
    return launch("numpy") if can_fork() else launch_worker("numpy")


def python(program: str, *arguments: str) -> list[str]:
    """The command that runs one of our programs apart from its surroundings: without user site."""
    # Not -I: it would ignore the fixed PYTHONHASHSEED too, and a set of words would have another
    # order every time.
    return [sys.executable, "-s", "-B", str(PROGRAMS / program), *arguments]


def environment() -> dict[str, str]:
    """What a worker may know of its surroundings."""
    # one BLAS thread: each takes address space and counts as a process, and both are limited
    threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {
        **passed,
        **threads,
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
