"""The sandbox: a fork server for each backend, or a fresh process for each problem without fork."""

from __future__ import annotations

import itertools
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Sequence
from functools import partial
from importlib.util import cache_from_source
from pathlib import Path

from autograder import lessons
from autograder.problem import Backend, Fault, Problem
from autograder.sandbox.cleanup import remove_tree
from autograder.sandbox.processes import ForkServer, FreshProcess
from autograder.sandbox.session import Limits, ProcessLike, Session
from autograder.sandbox.users import SandboxError, Users, can_reach
from autograder.worker.confine import PR_SET_DUMPABLE, prctl
from autograder.worker.messages import Setup, Start
from autograder.worker.wire import Garbled

COMPILE_SECONDS = 2.0
"""Wall clock for compiling all files of a submission."""


class Sandbox:
    """A context manager; sessions of many submissions, and of many threads, may share one.

        with Sandbox(Limits()) as sandbox, sandbox.session(problem, package) as session:
            reply = session.call(problem, inputs)

    fork: use fork servers; None: where the platform has a fork that numpy survives, and can pass
        descriptors.
    without: layers to leave out though they could be had: "user", "files", "calls", "guard" (what
        holds then, `protection.layers` measures).
    """

    def __init__(
        self, limits: Limits, fork: bool | None = None, without: Collection[str] = ()
    ) -> None:
        self.limits, self.without = limits, tuple(sorted(without))
        # macOS has a fork, but its own libraries do not survive one
        able = hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "darwin"
        self.fork = able if fork is None else fork
        self.users = Users("user" not in without)
        self._scratch = Path(tempfile.mkdtemp(prefix="scratch-"))
        self._scratch.chmod(0o711)
        self._servers: dict[Backend, ForkServer] = {}
        self._deadly: dict[tuple[Path, str], Fault] = {}
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        # no other process of our user may look into this one, which knows the answers
        prctl(PR_SET_DUMPABLE, 0)
        if self.fork:
            self._server("numpy")  # it gets warm while the judge reads the casebooks

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process and remove the scratch folder."""
        for server in self._servers.values():
            server.close()
        self._servers.clear()
        remove_tree(self._scratch)

    def session(self, problem: Problem, package: Path) -> Session:
        """A session for one problem of the submission whose `recurrent/` lies in `package`.

        Raises SandboxError, when it is entered, if the worker's user cannot go there.
        """
        backend = lessons.lesson(problem.lesson).backend
        # why this file of this submission is not imported again: it took the process with it
        file = (package, problem.lesson)
        return Session(
            partial(self._start, problem.lesson, backend, package),
            self.limits.seconds,
            known_fault=self._deadly.get(file),
            remember=partial(self._deadly.__setitem__, file),
        )

    def bare_session(self, backend: Backend = "numpy") -> Session:
        """A session of our own, without a submission, to look round in."""
        return Session(partial(self._start, "", backend, None), self.limits.seconds)

    def compile(self, package: Path, modules: Sequence[str]) -> None:
        """Put the bytecode of these files of a submission beside them, for all sessions to use."""
        if not self.fork:
            return  # a fresh process costs more than it would save
        with Session(partial(self._start, "", "numpy", package), COMPILE_SECONDS) as session:
            compiled = session.compile(modules)
        for name, content in compiled.items():
            source = package / "recurrent" / f"{name}.py"
            if name in modules and source.is_file():
                _write_at_once(Path(cache_from_source(str(source))), content.tobytes())

    def _start(self, lesson: str, backend: Backend, package: Path | None) -> ProcessLike:
        uid = self.users.next()
        if uid is not None and package is not None and not can_reach(package):
            self.users.clean_up(uid)
            raise SandboxError(
                f"{package} lies where the students' user cannot go; unpack submissions elsewhere"
            )
        scratch = self._new_scratch()
        request = Start(
            package=str(package or scratch),
            lesson=lesson,
            scratch=str(scratch),
            guarded="guard" not in self.without,
            memory=self.limits.memory_for(backend),
            # more than the wall clock has: the judge's own deadline comes first and says so
            cpu=int(self.limits.seconds) + 2,
            uid=uid,
        )
        clean = partial(self._clean, scratch, uid)
        if self.fork:
            return self._fork(backend, request, clean)
        return FreshProcess(Setup(backend, self.without), request, self.limits, clean)

    def _fork(self, backend: Backend, request: Start, clean: Callable[[], None]) -> ProcessLike:
        with self._lock:
            try:
                return self._server(backend).start(request, self.limits, clean)
            # it was killed, which only a worker of our own user could do; try once more
            except (OSError, Garbled):
                self._servers.pop(backend).close()
                return self._server(backend).start(request, self.limits, clean)

    def _server(self, backend: Backend) -> ForkServer:
        server = self._servers.get(backend)
        if server is None or not server.alive():
            server = self._servers[backend] = ForkServer(Setup(backend, self.without))
        return server

    def _new_scratch(self) -> Path:
        """An empty folder that one worker stands in, and may not write."""
        scratch = self._scratch / str(next(self._numbers))
        scratch.mkdir(mode=0o555)
        return scratch

    def _clean(self, scratch: Path, uid: int | None) -> None:
        remove_tree(scratch)
        self.users.clean_up(uid)


def _write_at_once(target: Path, content: bytes) -> None:
    """Write a file that others may be about to read: they see all of it, or none."""
    target.parent.mkdir(mode=0o755, exist_ok=True)
    unfinished = target.with_suffix(".new")
    unfinished.write_bytes(content)
    unfinished.chmod(0o644)
    unfinished.replace(target)
