"""The sandbox: one fork server for each kind of lesson, or a fresh process for each problem where
there is no fork.
"""

from __future__ import annotations

import itertools
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Collection, Sequence
from functools import partial
from importlib.util import cache_from_source
from pathlib import Path

from autograder import lessons
from autograder.problem import Fault, Problem
from autograder.sandbox.cleanup import remove_tree
from autograder.sandbox.processes import ForkServer, FreshProcess
from autograder.sandbox.session import Limits, Process, Session
from autograder.sandbox.users import SandboxError, Users, can_reach
from autograder.worker.confine import PR_SET_DUMPABLE, prctl

COMPILE_SECONDS = 2.0
"""Wall clock for compiling all files of a submission."""


class Sandbox:
    """A context manager; sessions of many submissions, and of many threads, may share one.

    fork: use fork servers; None: where the platform has a fork that numpy survives and can pass
        descriptors.
    without: layers to leave out though they could be had: "user", "files", "calls" (see `layers`),
        "guard".
    """

    def __init__(
        self, limits: Limits, fork: bool | None = None, without: Collection[str] = ()
    ) -> None:
        self.limits, self.without = limits, sorted(without)
        able = hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "darwin"
        self.fork = able if fork is None else fork
        self.users = Users("user" not in without)
        self._scratch = Path(tempfile.mkdtemp(prefix="scratch-"))
        self._scratch.chmod(0o711)
        self._servers: dict[str, ForkServer] = {}
        self._deadly: dict[tuple[Path, str], Fault] = {}
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        # no other process of our user may look into this one, which knows the answers
        prctl(PR_SET_DUMPABLE, 0)
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
        remove_tree(self._scratch)

    def session(self, problem: Problem, package: Path) -> Session:
        """A session for one problem of the submission whose `recurrent/` lies in `package`."""
        key = (package, problem.lesson)
        return Session(
            partial(self._start, problem.lesson, lessons.lesson(problem.lesson).backend, package),
            self.limits.seconds,
            self._deadly.get(key),
            partial(self._deadly.__setitem__, key),
        )

    def bare_session(self, backend: str = "numpy") -> Session:
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
                target = Path(cache_from_source(str(source)))
                target.parent.mkdir(mode=0o755, exist_ok=True)
                unfinished = target.with_suffix(".new")
                unfinished.write_bytes(content.tobytes())
                unfinished.chmod(0o644)
                unfinished.replace(target)  # at once: sessions may be under way

    def _start(self, lesson: str, backend: str, package: Path | None) -> Process:
        uid = self.users.next()
        if uid is not None and package is not None and not can_reach(package):
            raise SandboxError(
                f"{package} lies where the students' user cannot go; unpack submissions elsewhere"
            )
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
                "memory": self.limits.memory_for(backend),
                "cpu": int(self.limits.seconds) + 2,
                "uid": uid,
            },
        }
        clean = partial(self._clean, scratch, uid)
        if not self.fork:
            return FreshProcess(
                request | {"backend": backend, "without": self.without}, self.limits, clean
            )
        with self._lock:
            try:
                return self._server(backend).fork(request, self.limits, clean)
            # it was killed, which only a worker of our own user could do; try once more
            except (OSError, ValueError):
                self._servers.pop(backend).close()
                return self._server(backend).fork(request, self.limits, clean)

    def _server(self, backend: str) -> ForkServer:
        server = self._servers.get(backend)
        if server is None or not server.alive():
            server = self._servers[backend] = ForkServer(backend, self.without)
        return server

    def _clean(self, scratch: Path, uid: int | None) -> None:
        remove_tree(scratch)
        self.users.clean_up(uid)
