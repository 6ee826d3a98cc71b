"""The sandbox: a fork server for each backend, or a fresh process for each problem without fork."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
import threading
from collections.abc import Callable, Collection, Sequence
from functools import partial
from importlib.util import cache_from_source
from pathlib import Path

from autograder import lessons
from autograder.problem import Backend, Fault, Problem
from autograder.sandbox.cleanup import remove_tree
from autograder.sandbox.processes import AHEAD, ForkServer, FreshProcess, Spares
from autograder.sandbox.session import TOGETHER, Limits, ProcessLike, Session
from autograder.sandbox.users import SandboxError, Users, can_reach
from autograder.worker.confine import LIBC, PR_SET_DUMPABLE, prctl
from autograder.worker.faults import missing_file
from autograder.worker.launch import Launched, can_fork, launch
from autograder.worker.messages import Start
from autograder.worker.wire import Garbled

COMPILE_SECONDS = 2.0
"""Processor time for compiling all files of a submission."""

SIDE_BY_SIDE = 3
"""Problems sat alone at once, each in its own process: a loop in one does not delay the others."""

LIFETIME = 10
"""Times the seconds of one problem that a worker may use in its whole life."""

M_ARENA_MAX = -8
"""The setting of glibc's malloc that `one_heap` changes."""


class Sandbox:
    """A context manager; sessions of many submissions, and of many threads, may share one.

        with Sandbox(Limits()) as sandbox, sandbox.session(problem, package) as session:
            reply = session.call(problem, inputs)

    fork: use fork servers; None: where the platform has a fork that numpy survives, and can pass
        descriptors.
    without: layers to leave out though they could be had: "user", "files", "calls", "guard" (what
        holds then, `protection.layers` measures).
    launched: what `launch_early` started before; else it is started now.
    """

    def __init__(
        self,
        limits: Limits,
        fork: bool | None = None,
        without: Collection[str] = (),
        launched: Launched | None = None,
    ) -> None:
        self.limits, self.without = limits, tuple(sorted(without))
        self.side_by_side = SIDE_BY_SIDE
        self.fork = can_fork() if fork is None else fork
        self.users = Users("user" not in without)
        self._scratch = Path(tempfile.mkdtemp(prefix="scratch-"))
        self._scratch.chmod(0o711)
        self._servers: dict[Backend, ForkServer] = {}
        self._spares = Spares(self.without)
        self._deadly: dict[tuple[Path, str, bool], Fault] = {}
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        # no other process of our user may look into this one, which knows the answers
        prctl(PR_SET_DUMPABLE, 0)
        one_heap()
        self._warm_up(launched)

    def _warm_up(self, launched: Launched | None) -> None:
        """Have a process get warm while the judge reads the casebooks."""
        if launched is not None and launched.control is not None:
            self._servers["numpy"] = ForkServer(launched)
        elif launched is not None:
            self._spares.add(launched)
        elif self.fork:
            self._server("numpy")
        else:
            self._spares.prepare("numpy", 1)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process and remove the scratch folder."""
        for server in self._servers.values():
            server.close()
        self._servers.clear()
        self._spares.close()
        remove_tree(self._scratch)
        self.users.close()

    def session(self, problem: Problem, package: Path, hidden: bool = False) -> Session:
        """A session for one problem of the submission whose `recurrent/` lies in `package`.

        hidden: nothing is heard of it but arrays.
        Raises SandboxError, when it is entered, if the worker's user cannot go there.
        """
        backend = lessons.lesson(problem.lesson).backend
        # why this file of this submission is not imported again: it took the process with it
        file = (package, problem.lesson, hidden)
        return Session(
            partial(self._start_one_of_many, backend, package),
            self.limits.seconds,
            lesson=problem.lesson,
            hidden=hidden,
            known_fault=self._deadly.get(file) or self.absent(package, problem.lesson),
            remember=partial(self._deadly.__setitem__, file),
            package=package,
        )

    def lending(
        self, problem: Problem, package: Path, hidden: bool, lent: Sequence[str]
    ) -> Session:
        """The same, with other files lent, such as `rnn`, and functions: `rnn.rnn_forward`."""
        backend = lessons.lesson(problem.lesson).backend
        return Session(
            partial(self._start_one_of_many, backend, package),
            self.limits.seconds,
            lesson=problem.lesson,
            hidden=hidden,
            known_fault=self.absent(package, problem.lesson),
            lent=lent,
            package=package,
        )

    def absent(self, package: Path, lesson: str) -> Fault | None:
        """The fault of a file that is not there, for which no process need be started."""
        if (package / "recurrent" / f"{lesson}.py").is_file():
            return None
        return missing_file(lesson)

    def together(self, backend: Backend, package: Path, hidden: bool = False) -> Session:
        """A session for many problems of one backend, with less time for each.

        Raises SandboxError, when it is entered, if the worker's user cannot go there.
        """
        seconds = TOGETHER * self.limits.seconds
        return Session(partial(self._start, backend, package), seconds, hidden=hidden)

    def bare_session(self, backend: Backend = "numpy") -> Session:
        """A session of our own, without a submission, to look round in."""
        return Session(partial(self._start, backend, None, guarded=False), self.limits.seconds)

    def compile(self, package: Path, modules: Sequence[str]) -> None:
        """Put the bytecode of these files of a submission beside them, for all sessions to use.

        Those that have it already are passed over.
        """
        if not self.fork:
            return  # a fresh process costs more than it would save
        sources = {name: package / "recurrent" / f"{name}.py" for name in modules}
        wanted = []
        for name, source in sources.items():
            if source.is_file() and not Path(cache_from_source(str(source))).exists():
                wanted.append(name)
        if not wanted:
            return
        start = partial(self._start, "numpy", package, guarded=False)
        with Session(start, COMPILE_SECONDS) as session:
            compiled = session.compile(wanted)
        for name, content in compiled.items():
            if name in wanted:
                _write_at_once(Path(cache_from_source(str(sources[name]))), content.tobytes())

    def _start_one_of_many(self, backend: Backend, package: Path) -> ProcessLike:
        """A worker for a problem alone: others are likely to be wanted after it."""
        process = self._start(backend, package)
        if not self.fork:
            with contextlib.suppress(OSError):  # then the next one is started when it is wanted
                self._spares.prepare(backend, AHEAD[backend])
        return process

    def _start(self, backend: Backend, package: Path | None, guarded: bool = True) -> ProcessLike:
        if self.users.active and package is not None and not can_reach(package):
            raise SandboxError(
                f"{package} lies where the students' user cannot go; unpack submissions elsewhere"
            )
        uid, scratch = self.users.next(), self._new_scratch()
        request = Start(
            package=str(package or scratch),
            scratch=str(scratch),
            guarded=guarded and "guard" not in self.without,
            memory=self.limits.memory_for(backend),
            # for a worker that nobody watches any more: the judge's deadlines come first
            cpu=int(self.limits.seconds * LIFETIME) + 2,
            uid=uid,
        )
        clean = partial(self._clean, scratch, uid)
        try:
            if self.fork:
                return self._fork(backend, request, clean)
            return self._fresh(backend, request, clean)
        except BaseException:
            clean()  # nobody else will: there is no process
            raise

    def _fresh(self, backend: Backend, request: Start, clean: Callable[[], None]) -> ProcessLike:
        try:
            return FreshProcess(self._spares.take(backend), request, self.limits, clean)
        except OSError:  # it was killed while it waited, by whoever; try once more
            return FreshProcess(self._spares.take(backend), request, self.limits, clean)

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
            server = self._servers[backend] = ForkServer(launch(backend, self.without))
        return server

    def _new_scratch(self) -> Path:
        """An empty folder that one worker stands in, and may not write."""
        # names of one length: where a text is cut does not hang on how many came before
        scratch = self._scratch / f"{next(self._numbers):06}"
        scratch.mkdir(mode=0o555)
        return scratch

    def _clean(self, scratch: Path, uid: int | None) -> None:
        remove_tree(scratch)
        self.users.clean_up(uid)


def one_heap() -> None:
    """Have all threads of this process share one heap, where the C library is glibc.

    Our threads only wait. With a heap for each, as glibc has it, what large answers leave behind is
    not used again by the next thread.
    """
    if LIBC is not None:
        with contextlib.suppress(AttributeError):  # another C library
            LIBC.mallopt(M_ARENA_MAX, 1)


def _write_at_once(target: Path, content: bytes) -> None:
    """Write a file that others may be about to read: they see all of it, or none."""
    target.parent.mkdir(mode=0o755, exist_ok=True)
    unfinished = target.with_suffix(".new")
    unfinished.write_bytes(content)
    unfinished.chmod(0o644)
    unfinished.replace(target)
