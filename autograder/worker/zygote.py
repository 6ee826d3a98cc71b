"""The fork server: a process that has imported numpy and the lessons, and forks one worker for each
problem.

Started by exec with nothing but a control socket, so that no worker inherits a secret from anyone.
It runs no student code itself. Usage: python -s -B zygote.py CONTROL_FD REQUEST_AS_JSON
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from autograder.worker.confine import PR_SET_CHILD_SUBREAPER, Fences, prctl, processes_of
from autograder.worker.preload import preload
from autograder.worker.serve import serve

LONGEST_MESSAGE = 65536
GRACE = 0.2
"""Seconds in which a worker that has closed its pipes may still end by itself, and say how."""


class Server:
    """Forks, ends and reaps workers for the judge at the other end of `control`."""

    def __init__(self, control: socket.socket, fences: Fences) -> None:
        self.control, self.fences = control, fences
        self.live: set[int] = set()

    def run(self) -> None:
        """Do as asked until the control socket closes; then take every worker along."""
        while True:
            data, fds, _, _ = socket.recv_fds(self.control, LONGEST_MESSAGE, 3)
            if not data:
                break
            request = json.loads(data)
            answer = (
                self.fork(request, fds)
                if request["do"] == "fork"
                else self.end(**request["worker"])
            )
            self.control.sendall(json.dumps(answer).encode() + b"\n")
        for pid in list(self.live):
            self.end(pid)

    def fork(self, request: dict[str, Any], fds: list[int]) -> dict[str, int]:
        """A new worker on these three descriptors."""
        pid = os.fork()
        if pid == 0:
            self.become_worker(request, fds)
        self.live.add(pid)
        for fd in fds:
            os.close(fd)
        return {"pid": pid}

    def become_worker(self, request: dict[str, Any], fds: list[int]) -> None:
        """In the child: take the descriptors, give up everything else, serve, and leave without a
        trace.
        """
        status = 1
        try:
            os.setsid()
            self.control.close()
            requests, replies = take_descriptors(fds)
            os.chdir(request["scratch"])
            self.fences.apply(request["limits"], request["package"], request["scratch"])
            serve(requests, replies, request["package"], request["lesson"], request["guarded"])
            status = 0
        finally:
            os._exit(status)

    def end(self, pid: int, uid: int | None = None, grace: bool = False) -> dict[str, Any]:
        """Kill a worker, its session and every process it left behind.

        uid: the worker's own user, of whom nothing may be left. grace: give it a moment to end by
            itself.
        Answers with the worker's wait status, whether it was still running, and how many processes
        could not be ended.
        """
        self.live.discard(pid)
        running = not _ended(pid, GRACE if grace else 0.0)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        status = _reap(pid)
        until = time.monotonic() + 5
        while (left := self._left_behind(uid)) and time.monotonic() < until:
            for each in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(each, signal.SIGKILL)
                _reap(each, os.WNOHANG)
            time.sleep(0.001)
        return {"status": status, "running": running, "left": len(left)}

    def _left_behind(self, uid: int | None) -> set[int]:
        """Orphans we have adopted and, if there were any, all other processes of the worker's own
        user.
        """
        orphans = _children() - self.live
        return orphans | processes_of(uid).keys() if orphans and uid is not None else orphans


def _ended(pid: int, patience: float) -> bool:
    until = time.monotonic() + patience
    while True:
        with contextlib.suppress(ChildProcessError):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                return True
        if time.monotonic() >= until:
            return False
        time.sleep(0.002)


def _reap(pid: int, flags: int = 0) -> int:
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(pid, flags)[1]
    return 0


def _children() -> set[int]:
    try:
        return {
            int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        }
    except OSError:
        return set()


def take_descriptors(fds: list[int]) -> tuple[int, int]:
    """Nothing to read on 0, the captured output on 1 and 2, requests on 3, replies on 4, everything
    else closed.
    """
    high = [os.dup2(fd, 100 + n) for n, fd in enumerate(fds)]
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (high[2], 1), (high[2], 2), (high[0], 3), (high[1], 4)):
        os.dup2(source, target)
    os.closerange(5, 256)
    return 3, 4


if __name__ == "__main__":
    wanted = json.loads(sys.argv[2])
    prctl(PR_SET_CHILD_SUBREAPER, 1)  # so that a daemon a student starts cannot slip away
    server = Server(
        socket.socket(fileno=int(sys.argv[1])), Fences(wanted["backend"], wanted["without"])
    )
    kept = preload(wanted["backend"])
    server.run()
