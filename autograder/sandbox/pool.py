"""The sandbox: one fork server for each kind of lesson, or a fresh process for each problem where there is no fork."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Collection
from functools import partial
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from autograder import lessons, worker
from autograder.problem import Fault, Problem
from autograder.sandbox.channel import Channel, ThreadedChannel
from autograder.sandbox.session import Ended, Limits, Process, Session, Speaks
from autograder.sandbox.users import SandboxError, Users, can_reach
from autograder.sandbox.wiping import wipe
from autograder.worker.confine import PR_SET_DUMPABLE, prctl

PROGRAMS = Path(worker.__file__).parent
PASSED_ON = ("PATH", "LANG", "SYSTEMROOT")
"""The only variables of the judge's environment that a worker sees: harness tokens and seeds stay out."""

COMPILE_SECONDS = 2.0
"""Wall clock for compiling all files of a submission."""

PATIENCE = 10.0
"""Seconds that the fork server, which runs no student code, may take for an answer before it is given up."""


class Sandbox:
    """A context manager; sessions of many submissions, and of many threads, may share one.

    fork: use fork servers; None: where the platform has a fork that numpy survives and can pass descriptors.
    without: layers to leave out though they could be had: "user", "files", "calls" (see `layers`), "guard".
    """

    def __init__(self, limits: Limits, fork: bool | None = None, without: Collection[str] = ()) -> None:
        self.limits, self.without = limits, sorted(without)
        able = hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "darwin"
        self.fork = able if fork is None else fork
        self.users = Users("user" not in without)
        self._scratch = Path(tempfile.mkdtemp(prefix="scratch-"))
        self._scratch.chmod(0o711)
        self._servers: dict[str, _ForkServer] = {}
        self._deadly: dict[tuple[Path, str], Fault] = {}
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        prctl(PR_SET_DUMPABLE, 0)  # no other process of our user may look into this one, which knows the answers
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
        wipe(self._scratch)

    def session(self, problem: Problem, package: Path) -> Session:
        """A session for one problem of the submission whose `recurrent/` lies in `package`."""
        key = (package, problem.lesson)
        return Session(
            partial(self._start, problem.lesson, lessons.lesson(problem.lesson).needs, package),
            self.limits.seconds,
            self._deadly.get(key),
            partial(self._deadly.__setitem__, key),
        )

    def bare_session(self, kind: str = "numpy") -> Session:
        """A session of our own, without a submission, to look round in."""
        return Session(partial(self._start, "", kind, None), self.limits.seconds)

    def compile(self, package: Path) -> None:
        """Put the bytecode of a submission beside it, for all of its sessions: without, each compiles for itself."""
        if not self.fork:
            return  # a fresh process costs more than it would save
        with Session(partial(self._start, "", "numpy", package), COMPILE_SECONDS) as session:
            compiled = session.compile()
        for name, content in compiled.items():
            source = package / "recurrent" / f"{name}.py"
            if source.is_file():
                target = Path(cache_from_source(str(source)))
                target.parent.mkdir(mode=0o755, exist_ok=True)
                unfinished = target.with_suffix(".new")
                unfinished.write_bytes(content.tobytes())
                unfinished.chmod(0o644)
                unfinished.replace(target)  # at once: sessions may be under way

    def _start(self, lesson: str, needs: str, package: Path | None) -> Process:
        uid = self.users.next()
        if uid is not None and package is not None and not can_reach(package):
            raise SandboxError(f"{package} lies where the students' user cannot go; unpack submissions elsewhere")
        scratch = self._scratch / str(next(self._numbers))
        scratch.mkdir(mode=0o700)
        if uid is not None:
            os.chown(scratch, uid, uid)
        request = {
            "do": "fork",
            "package": str(package or scratch),
            "lesson": lesson,
            "scratch": str(scratch),
            "guarded": "guard" not in self.without,
            "limits": {
                "memory": self.limits.memory_for(needs),
                "cpu": int(self.limits.seconds) + 2,
                "uid": uid,
            },
        }
        clean = partial(self._clean, scratch, uid)
        if not self.fork:
            return _FreshProcess(request | {"kind": needs, "without": self.without}, self.limits, clean)
        with self._lock:
            try:
                return self._server(needs).fork(request, self.limits, clean)
            except (OSError, ValueError):  # it was killed, which only a worker of our own user could do; try once more
                self._servers.pop(needs).close()
                return self._server(needs).fork(request, self.limits, clean)

    def _server(self, needs: str) -> _ForkServer:
        server = self._servers.get(needs)
        if server is None or not server.alive():
            server = self._servers[needs] = _ForkServer(needs, self.without)
        return server

    def _clean(self, scratch: Path, uid: int | None) -> None:
        wipe(scratch)
        self.users.wipe(uid)


def environment() -> dict[str, str]:
    """What a worker may know of its surroundings; one BLAS thread, because rlimits and many threads do not agree."""
    threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed, **threads, "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


def python(*arguments: str) -> list[str]:
    """The command that starts this interpreter apart from its surroundings: no user site, and `environment`.

    Not -I: it would ignore the fixed PYTHONHASHSEED too, and a set of words would have another order every time.
    """
    return [sys.executable, "-s", "-B", *arguments]


class _ForkServer:
    """The judge's side of a zygote. It is started at once and waited for only when the first worker is wanted."""

    def __init__(self, needs: str, without: list[str]) -> None:
        self.control, theirs = socket.socketpair()
        self.control.settimeout(PATIENCE + (60 if needs == "torch" else 0))
        self.lock = threading.Lock()
        with theirs:
            self.process = subprocess.Popen(
                python(
                    str(PROGRAMS / "zygote.py"), str(theirs.fileno()), json.dumps({"kind": needs, "without": without})
                ),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=environment(),
                cwd="/",
                start_new_session=True,
            )

    def alive(self) -> bool:
        return self.process.poll() is None

    def fork(self, request: dict[str, Any], limits: Limits, clean: Callable[[], None]) -> _Forked:
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
        return _Forked(self, {"pid": pid, "uid": request["limits"]["uid"]}, channel, clean)

    def end(self, who: dict[str, int | None], grace: bool) -> Ended:
        try:
            with self.lock:
                self.control.sendall(json.dumps({"do": "end", "worker": {**who, "grace": grace}}).encode())
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


class _Forked:
    """A worker forked by a server."""

    def __init__(
        self, server: _ForkServer, who: dict[str, int | None], channel: Channel, clean: Callable[[], None]
    ) -> None:
        self.server, self.who, self.clean = server, who, clean
        self.channel: Speaks = channel

    def end(self, grace: bool) -> Ended:
        ended = self.server.end(self.who, grace)
        self.clean()
        return ended


class _FreshProcess:
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
        self.channel: Speaks = ThreadedChannel(requests, replies, output, limits.printed_bytes, limits.reply_bytes)

    def end(self, grace: bool) -> Ended:
        running = True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.2 if grace else 0)
            running = False
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(self.process.pid)], capture_output=True, check=False)
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        code = self.process.wait()
        self.clean()
        return Ended(-code if code < 0 else code << 8, running)
