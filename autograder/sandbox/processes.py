"""The worker's processes: forked by a server that has numpy loaded already, or started fresh where
there is no fork.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder import worker
from autograder.sandbox.channel import Channel, ThreadedChannel
from autograder.sandbox.session import ChannelLike, Ended, Limits

PROGRAMS = Path(worker.__file__).parent
PASSED_ON = ("PATH", "LANG", "SYSTEMROOT")
"""The only variables of the judge's environment that a worker sees: harness tokens and seeds stay
out.
"""

PATIENCE = 10.0
"""Seconds that the fork server, which runs no student code, may take for an answer before it is
given up.
"""


def environment() -> dict[str, str]:
    """What a worker may know of its surroundings; one BLAS thread, because rlimits and many threads
    do not agree.
    """
    threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {
        **passed,
        **threads,
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def python(*arguments: str) -> list[str]:
    """The command that starts this interpreter apart from its surroundings: no user site, and
    `environment`.

    Not -I: it would ignore the fixed PYTHONHASHSEED too, and a set of words would have another
    order every time.
    """
    return [sys.executable, "-s", "-B", *arguments]


class ForkServer:
    """The judge's side of a zygote. It is started at once and waited for only when the first worker
    is wanted.
    """

    def __init__(self, backend: str, without: list[str]) -> None:
        self.control, theirs = socket.socketpair()
        self.control.settimeout(PATIENCE + (60 if backend == "torch" else 0))
        self.lock = threading.Lock()
        with theirs:
            self.process = subprocess.Popen(
                python(
                    str(PROGRAMS / "zygote.py"),
                    str(theirs.fileno()),
                    json.dumps({"backend": backend, "without": without}),
                ),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=environment(),
                cwd="/",
                start_new_session=True,
            )

    def alive(self) -> bool:
        return self.process.poll() is None

    def fork(self, request: dict[str, Any], limits: Limits, clean: Callable[[], None]) -> Forked:
        pairs = [os.pipe() for _ in range(3)]
        (their_requests, requests), (replies, their_replies), (output, their_output) = pairs
        theirs = [their_requests, their_replies, their_output]
        try:
            with self.lock:
                socket.send_fds(self.control, [json.dumps(request).encode()], theirs)
                pid = self._answer()["pid"]
        except BaseException:
            for fd in (requests, replies, output):
                os.close(fd)
            raise
        finally:
            for fd in theirs:
                os.close(fd)
        channel = Channel(requests, replies, output, limits.printed_bytes, limits.reply_bytes)
        return Forked(self, {"pid": pid, "uid": request["limits"]["uid"]}, channel, clean)

    def end(self, who: dict[str, int | None], grace: bool) -> Ended:
        try:
            with self.lock:
                self.control.sendall(
                    json.dumps({"do": "end", "worker": {**who, "grace": grace}}).encode()
                )
                answer = self._answer()
            return Ended(int(answer["status"]), bool(answer["running"]))
        except (OSError, ValueError):
            self.close()
            return Ended(None)

    def _answer(self) -> dict[str, Any]:
        data = b""
        while not data.endswith(b"\n"):
            chunk = self.control.recv(4096)
            if not chunk:
                raise ConnectionError("the fork server is gone")
            data += chunk
        return dict(json.loads(data))

    def close(self) -> None:
        self.control.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Forked:
    """A worker forked by a server."""

    def __init__(
        self,
        server: ForkServer,
        who: dict[str, int | None],
        channel: Channel,
        clean: Callable[[], None],
    ) -> None:
        self.server, self.who, self.clean = server, who, clean
        self.channel: ChannelLike = channel

    def end(self, grace: bool) -> Ended:
        ended = self.server.end(self.who, grace)
        self.clean()
        return ended


class FreshProcess:
    """A worker that is a process of its own from the start."""

    def __init__(self, request: dict[str, Any], limits: Limits, clean: Callable[[], None]) -> None:
        self.clean = clean
        self.process = subprocess.Popen(
            python(str(PROGRAMS / "fresh.py"), json.dumps(request)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            start_new_session=True,
        )
        pipes = self.process.stdin, self.process.stdout, self.process.stderr
        requests, replies, output = (os.dup(pipe.fileno()) for pipe in pipes if pipe is not None)
        for pipe in pipes:
            if pipe is not None:
                pipe.close()
        self.channel: ChannelLike = ThreadedChannel(
            requests, replies, output, limits.printed_bytes, limits.reply_bytes
        )

    def end(self, grace: bool) -> Ended:
        running = True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.2 if grace else 0)
            running = False
        if sys.platform == "win32":
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(self.process.pid)],
                capture_output=True,
                check=False,
            )
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        code = self.process.wait()
        self.clean()
        return Ended(-code if code < 0 else code << 8, running)
