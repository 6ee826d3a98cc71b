"""The fork server: a process that has imported numpy and the lessons, and forks one worker for each problem.

Started by exec with nothing but a control socket, so that no worker inherits a secret from anyone. It runs no student
code itself. Usage: python -I -B zygote.py CONTROL_FD LESSON_KIND
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import linecache

import numpy.testing  # noqa: F401 - numpy imports it lazily, 36 ms in every child otherwise

from autograder import lessons
from autograder.worker.confine import confine
from autograder.worker.serve import serve

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of every orphan below us (Linux), so that a daemon a student starts cannot slip away."""
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def preload(kind: str) -> None:
    """Import what every worker of this kind needs, and the text of the probes, which messages quote."""
    for each in lessons.all_lessons():
        linecache.getlines(sys.modules[f"autograder.lessons.{each.name}"].__file__ or "")
    if kind != "numpy":
        __import__(kind)


def main(control: socket.socket) -> None:
    """Fork, reap, repeat, until the control socket closes; then take every worker along."""
    live: set[int] = set()
    while True:
        data, fds, _, _ = socket.recv_fds(control, 65536, 3)
        if not data:
            break
        request = json.loads(data)
        if request["do"] == "fork":
            pid = os.fork()
            if pid == 0:
                _become_worker(control, request, fds)
            live.add(pid)
            for fd in fds:
                os.close(fd)
            control.sendall(json.dumps({"pid": pid}).encode() + b"\n")
        else:
            live.discard(request["pid"])
            control.sendall(json.dumps({"status": end(request["pid"], live)}).encode() + b"\n")
    for pid in list(live):
        end(pid, set())


def _become_worker(control: socket.socket, request: dict[str, Any], fds: list[int]) -> None:
    """In the child: take the three descriptors, give up everything else, serve, and leave without a trace."""
    status = 1
    try:
        os.setsid()
        control.close()
        requests, replies = take_descriptors(fds)
        os.chdir(request["scratch"])
        confine(request["limits"])
        serve(requests, replies, request["package"], request["lesson"])
        status = 0
    finally:
        os._exit(status)


def take_descriptors(fds: list[int]) -> tuple[int, int]:
    """Nothing to read on 0, the captured output on 1 and 2, requests on 3, replies on 4, everything else closed."""
    high = [os.dup2(fd, 100 + n) for n, fd in enumerate(fds)]
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (high[2], 1), (high[2], 2), (high[0], 3), (high[1], 4)):
        os.dup2(source, target)
    os.closerange(5, 256)
    return 3, 4


def end(pid: int, live: set[int]) -> int:
    """Kill a worker, its session and every orphan it left; the worker's wait status."""
    status = 0
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        _, status = os.waitpid(pid, 0)
    for _ in range(100):
        orphans = _children() - live
        if not orphans:
            break
        for orphan in orphans:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(orphan, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(orphan, 0)
    return status


def _children() -> set[int]:
    try:
        return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}
    except OSError:
        return set()


if __name__ == "__main__":
    adopt_orphans()
    preload(sys.argv[2])
    main(socket.socket(fileno=int(sys.argv[1])))
