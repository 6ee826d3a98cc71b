"""The sandbox: one fork server for each kind of lesson, or a fresh process for each problem where there is no fork."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from autograder import lessons, worker
from autograder.problem import Fault, Problem
from autograder.sandbox.channel import Channel
from autograder.sandbox.session import Limits, Process, Session

PROGRAMS = Path(worker.__file__).parent
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
"""The only variables of the judge's environment that a worker sees: harness tokens and seeds stay out."""

PATIENCE = 10.0
"""Seconds that the fork server, which runs no student code, may take for an answer before it is given up."""


class Sandbox:
    """A context manager; sessions of many submissions may share one.

    fork: use fork servers; None: where the platform has fork and can pass descriptors.
    """

    def __init__(self, limits: Limits, fork: bool | None = None, uid: int | None = None) -> None:
        self.limits, self.uid = limits, uid
        self.fork = (hasattr(os, "fork") and hasattr(socket, "send_fds")) if fork is None else fork
        self._scratch = tempfile.TemporaryDirectory(prefix="scratch-", ignore_cleanup_errors=True)
        if uid is not None:
            Path(self._scratch.name).chmod(0o777)
        self._servers: dict[str, _ForkServer] = {}
        self._deadly: dict[tuple[Path, str], Fault] = {}
        if self.fork:
            self._server("numpy")

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process and remove the scratch folder."""
        for server in self._servers.values():
            server.close()
        self._servers.clear()
        self._scratch.cleanup()

    def session(self, problem: Problem, package: Path) -> Session:
        """A session for one problem of the submission whose `recurrent/` lies in `package`."""
        key = (package, problem.lesson)
        return Session(
            partial(self._start, problem, package),
            self.limits.seconds,
            self._deadly.get(key),
            partial(self._deadly.__setitem__, key),
        )

    def _start(self, problem: Problem, package: Path) -> Process:
        needs = lessons.lesson(problem.lesson).needs
        request = {
            "do": "fork",
            "package": str(package),
            "lesson": problem.lesson,
            "scratch": self._scratch.name,
            "limits": {
                "memory": self.limits.memory_for(needs),
                "cpu": int(self.limits.seconds) + 2,
                "uid": self.uid,
            },
        }
        if not self.fork:
            return _FreshProcess(request, self.limits)
        return self._server(needs).fork(request, self.limits)

    def _server(self, needs: str) -> _ForkServer:
        server = self._servers.get(needs)
        if server is None or not server.alive():
            server = self._servers[needs] = _ForkServer(needs)
        return server


def environment() -> dict[str, str]:
    """What a worker may know of its surroundings; one BLAS thread, because rlimits and many threads do not agree."""
    threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed, **threads, "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}


def python(*arguments: str) -> list[str]:
    """The command that starts this interpreter apart from its surroundings: no user site, no PYTHON* variables."""
    return [sys.executable, "-I", "-B", *arguments]


class _ForkServer:
    """The judge's side of a zygote. It is started at once and waited for only when the first worker is wanted."""

    def __init__(self, needs: str) -> None:
        self.control, theirs = socket.socketpair()
        self.control.settimeout(PATIENCE + (60 if needs == "torch" else 0))
        with theirs:
            self.process = subprocess.Popen(
                python(str(PROGRAMS / "zygote.py"), str(theirs.fileno()), needs),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=environment(),
                cwd="/",
                start_new_session=True,
            )

    def alive(self) -> bool:
        return self.process.poll() is None

    def fork(self, request: dict[str, Any], limits: Limits) -> _Forked:
        pairs = [os.pipe() for _ in range(3)]
        (their_requests, requests), (replies, their_replies), (output, their_output) = pairs
        theirs = [their_requests, their_replies, their_output]
        try:
            socket.send_fds(self.control, [json.dumps(request).encode()], theirs)
            pid = self._answer()["pid"]
        finally:
            for fd in theirs:
                os.close(fd)
        return _Forked(self, pid, Channel(requests, replies, output, limits.printed_bytes, limits.reply_bytes))

    def end(self, pid: int) -> int | None:
        try:
            self.control.sendall(json.dumps({"do": "end", "pid": pid}).encode())
            return int(self._answer()["status"])
        except (OSError, ValueError):
            self.close()
            return None

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


class _Forked:
    """A worker forked by a server."""

    def __init__(self, server: _ForkServer, pid: int, channel: Channel) -> None:
        self.server, self.pid, self.channel = server, pid, channel

    def end(self) -> int | None:
        return self.server.end(self.pid)


class _FreshProcess:
    """A worker that is a process of its own from the start."""

    def __init__(self, request: dict[str, Any], limits: Limits) -> None:
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
        self.channel = Channel(requests, replies, output, limits.printed_bytes, limits.reply_bytes)

    def end(self) -> int | None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        code = self.process.wait()
        return -code if code < 0 else code << 8
