"""The fork server: imports numpy and the lessons once, and forks workers.

Started by exec with nothing but a control socket, so that no worker inherits a secret from anyone.
It runs no student code itself. Usage: python -s -B zygote.py CONTROL_FD SETUP
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import get_args

if __name__ == "__main__":
    # in place of this folder: `autograder` has to be found, and `wire` by itself has not
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from autograder.problem import Backend
from autograder.worker import messages
from autograder.worker.confine import PR_SET_CHILD_SUBREAPER, Fences, prctl, processes_of
from autograder.worker.launch import Setup
from autograder.worker.messages import End, Ended, ServerRequest, Start, Started
from autograder.worker.preload import preload
from autograder.worker.serve import serve

LONGEST_MESSAGE = 65536
GRACE = 0.2
"""Seconds in which a worker that has closed its pipes may still end by itself, and say how."""

CLEANING = 5.0
"""Seconds after which processes that cannot be ended are left, and counted."""


class Server:
    """Forks, ends and reaps workers for the judge at the other end of `control`."""

    def __init__(self, control: socket.socket, fences: Fences, backend: Backend) -> None:
        self.control, self.fences, self.backend = control, fences, backend
        self.live: set[int] = set()

    def run(self) -> None:
        """Do as asked until the control socket closes; then take every worker along."""
        # a judge that was killed may not be there any more to hear the answer
        with contextlib.suppress(ConnectionError):
            while self._one_more():
                pass
        for pid in list(self.live):
            self.end(End(pid))

    def _one_more(self) -> bool:
        """Answer one request; False if there are no more."""
        # a worker's three descriptors come with the request for it
        data, fds, _, _ = socket.recv_fds(self.control, LONGEST_MESSAGE, 3)
        if not data:
            return False
        request: ServerRequest = messages.from_json(data, *get_args(ServerRequest))
        self.control.sendall(messages.to_json(self.act_on(request, fds)) + b"\n")
        return True

    def act_on(self, request: ServerRequest, fds: list[int]) -> Started | Ended:
        """Do one thing."""
        if isinstance(request, Start):
            return self.start(request, fds)
        return self.end(request)

    def start(self, request: Start, fds: list[int]) -> Started:
        """A new worker on these three descriptors."""
        pid = os.fork()
        if pid == 0:
            self.become_worker(request, fds)
        self.live.add(pid)
        for fd in fds:
            os.close(fd)
        return Started(pid)

    def become_worker(self, request: Start, fds: list[int]) -> None:
        """In the child: take the descriptors, give up all else, serve, leave without a trace."""
        status = 1
        try:
            # a session of its own, so that one killpg reaches everything it starts
            os.setsid()
            self.control.close()
            requests, replies = take_descriptors(fds)
            os.chdir(request.scratch)
            self.fences.apply(request)
            serve(requests, replies, request.package, self.backend, request.guarded)
            status = 0
        finally:
            # not `exit`: nothing a student has registered is to run, and no buffer of ours is
            # to be written a second time
            os._exit(status)

    def end(self, request: End) -> Ended:
        """Kill a worker, its session and every process it left behind."""
        self.live.discard(request.pid)
        running = not _ended(request.pid, GRACE if request.grace else 0.0)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(request.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(request.pid, signal.SIGKILL)  # one just forked has no session of its own yet
        status = _reap(request.pid)
        # whoever dies may leave children of its own to us, so look until there are none
        deadline = time.monotonic() + CLEANING
        while (left := self._left_behind(request.uid)) and time.monotonic() < deadline:
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
                _reap(pid, os.WNOHANG)
            time.sleep(0.001)
        return Ended(status, running, len(left))

    def _left_behind(self, uid: int | None) -> set[int]:
        """Orphans we have adopted, and then all other processes of the worker's own user too."""
        orphans = _children() - self.live
        # to go through /proc takes longer than to end a worker, and whatever has left the session
        # has left an orphan
        if not orphans or uid is None:
            return orphans
        return orphans | processes_of(uid).keys()


def _ended(pid: int, patience: float) -> bool:
    """Whether a worker has ended, or does so while we wait. It is not reaped by this."""
    deadline = time.monotonic() + patience
    while True:
        with contextlib.suppress(ChildProcessError):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.002)


def _reap(pid: int, flags: int = 0) -> int:
    """The wait status of a child that has ended; 0 if there is no such child."""
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(pid, flags)[1]
    return 0


def _children() -> set[int]:
    """Our child processes; none where the kernel does not list them."""
    # not by `Path.read_text`: just after a fork all that it goes through has to be copied by us,
    # which takes longer than this whole function
    try:
        fd = os.open(f"/proc/self/task/{os.getpid()}/children", os.O_RDONLY)
    except OSError:
        return set()
    listed = b""
    while chunk := os.read(fd, 1 << 16):
        listed += chunk
    os.close(fd)
    return {int(pid) for pid in listed.split()}


def take_descriptors(fds: list[int]) -> tuple[int, int]:
    """The descriptors of requests and replies, 3 and 4.

    Besides there is nothing to read on 0, the captured output on 1 and 2, and no other.
    """
    # out of the way first: one of them may have a number that another is to get
    requests, replies, output = (os.dup2(fd, 100 + n) for n, fd in enumerate(fds))
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2), (requests, 3), (replies, 4)):
        os.dup2(source, target)
    os.closerange(5, 256)
    return 3, 4


if __name__ == "__main__":
    setup = Setup.read(sys.argv[2])
    prctl(PR_SET_CHILD_SUBREAPER, 1)  # so that a daemon a student starts cannot slip away
    fences = Fences(setup.backend, setup.without)
    server = Server(socket.socket(fileno=int(sys.argv[1])), fences, setup.backend)
    # last: what is hidden from workers is needed to make the fences
    preload(setup.backend)
    server.run()
    # the judge waits for our end, and the interpreter would take its time to clean up
    os._exit(0)
