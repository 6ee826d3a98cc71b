"""A sandbox whose work can be given up: what was saved meanwhile has made it useless."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from autograder.problem import Arrays, Backend, Fault, Problem, Reply
from autograder.sandbox import Sandbox, Session
from autograder.sandbox.session import Paper, Sheet
from autograder.sitting import SandboxLike, SessionLike

Answer = TypeVar("Answer")


class GivenUp(BaseException):
    """Nobody wants this answer any more.

    No Exception: where those are caught so that one problem's trouble costs no other, the work is
    to end all the same.
    """


class Stoppable:
    """The sandbox for one check, which `stop` ends from another thread.

    An endless loop in a student's code is killed at once, and not at its deadline.
    """

    def __init__(self, sandbox: SandboxLike) -> None:
        assert isinstance(sandbox, Sandbox)  # code in this very process could not be stopped
        self.sandbox = sandbox
        self.side_by_side = sandbox.side_by_side
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._open: set[Session] = set()

    def stop(self) -> None:
        """Kill what runs; whoever asks for more gets GivenUp."""
        with self._lock:
            self._stopped.set()
            for session in self._open:
                session.kill()

    def go_on(self) -> None:
        """Raises GivenUp if it was stopped."""
        if self._stopped.is_set():
            raise GivenUp

    def together(self, backend: Backend, package: Path, hidden: bool = False) -> SessionLike:
        """As the sandbox's own."""
        return StoppableSession(self, self.sandbox.together(backend, package, hidden))

    def session(self, problem: Problem, package: Path, hidden: bool = False) -> SessionLike:
        """As the sandbox's own."""
        return StoppableSession(self, self.sandbox.session(problem, package, hidden))

    def lending(
        self, problem: Problem, package: Path, hidden: bool, lent: Sequence[str]
    ) -> SessionLike:
        """As the sandbox's own."""
        return StoppableSession(self, self.sandbox.lending(problem, package, hidden, lent))

    def compile(self, package: Path, modules: Sequence[str]) -> None:
        """As the sandbox's own."""
        self.go_on()
        self.sandbox.compile(package, modules)

    def absent(self, package: Path, lesson: str) -> Fault | None:
        """As the sandbox's own."""
        return self.sandbox.absent(package, lesson)

    def opened(self, session: Session) -> None:
        """Note a session that is to be killed when this is stopped. Raises GivenUp if it is."""
        with self._lock:
            self.go_on()
            self._open.add(session)

    def closed(self, session: Session) -> None:
        """Note that a session needs no killing any more."""
        with self._lock:
            self._open.discard(session)


class StoppableSession:
    """A session of a Stoppable: what it answers after that was stopped is not believed."""

    def __init__(self, owner: Stoppable, session: Session) -> None:
        self._owner, self._session = owner, session

    def __enter__(self) -> SessionLike:
        # Noted first: what starts the process may already import a file that never ends.
        self._owner.opened(self._session)
        try:
            self._session.__enter__()
            self._owner.go_on()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._leave()

    def _leave(self) -> None:
        self._owner.closed(self._session)
        self._session.__exit__()

    def sheets(self, papers: Sequence[Paper]) -> Iterator[tuple[Paper, Sheet]]:
        """As the session's own."""
        answers = self._session.sheets(papers)
        while (answer := self._unless_stopped(lambda: next(answers, None))) is not None:
            yield answer

    def sheet(self, paper: Paper) -> Sheet:
        """As the session's own."""
        return self._unless_stopped(lambda: self._session.sheet(paper))

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """As the session's own."""
        return self._unless_stopped(lambda: self._session.call_many(problem, inputs, name, stack))

    def _unless_stopped(self, ask: Callable[[], Answer]) -> Answer:
        """An answer. Raises GivenUp if it may be one only because the process was killed."""
        answer = ask()
        self._owner.go_on()
        return answer
