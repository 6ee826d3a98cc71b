"""The one place where arrays change between the lecture's convention and a student's.

A sandbox that is wrapped in `InConvention` hands the student's code its own convention, and gives
the judge the lecture's: nothing on either side knows of the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from autograder.convention import Convention
from autograder.problem import Arrays, Backend, Fault, Problem, Reply
from autograder.sandbox.session import Paper, Sheet
from autograder.sitting import SandboxLike, SessionLike


class SessionIn:
    """A session whose student has another convention than its judge."""

    def __init__(self, session: SessionLike, convention: Convention) -> None:
        self.session, self.convention = session, convention

    def __enter__(self) -> SessionIn:
        self.session.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self.session.__exit__(*exception)

    def sheets(self, papers: Sequence[Paper]) -> Iterator[tuple[Paper, Sheet]]:
        """The answers to papers sat together, in order, until one has none."""
        answered = self.session.sheets([self._paper(paper) for paper in papers])
        for paper, (_, sheet) in zip(papers, answered, strict=False):
            yield paper, self._sheet(paper.problem, sheet)

    def sheet(self, paper: Paper) -> Sheet:
        """The answer to a paper sat alone."""
        return self._sheet(paper.problem, self.session.sheet(self._paper(paper)))

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """A probe's answers, once for each row of `stack` in place of `inputs[name]`."""
        inputs = self.convention.to_student(problem, inputs)
        stack = self.convention.to_student(problem, {name: stack})[name]
        return self._reply(problem, self.session.call_many(problem, inputs, name, stack))

    def _paper(self, paper: Paper) -> Paper:
        cases = [self.convention.to_student(paper.problem, inputs) for inputs in paper.cases]
        return paper._replace(cases=cases)

    def _sheet(self, problem: Problem, sheet: Sheet) -> Sheet:
        return sheet._replace(replies=tuple(self._reply(problem, one) for one in sheet.replies))

    def _reply(self, problem: Problem, reply: Reply) -> Reply:
        return replace(reply, outputs=self.convention.to_lecture(problem, reply.outputs))


class InConvention:
    """A sandbox whose sessions are `SessionIn`."""

    def __init__(self, sandbox: SandboxLike, convention: Convention) -> None:
        self.sandbox, self.convention = sandbox, convention
        self.side_by_side = sandbox.side_by_side

    def together(self, backend: Backend, package: Path, hidden: bool = False) -> SessionIn:
        """A session for many problems."""
        return self._in(self.sandbox.together(backend, package, hidden))

    def session(self, problem: Problem, package: Path, hidden: bool = False) -> SessionIn:
        """A session for one problem."""
        return self._in(self.sandbox.session(problem, package, hidden))

    def lending(
        self, problem: Problem, package: Path, hidden: bool, lent: Sequence[str]
    ) -> SessionIn:
        """A session with functions lent. What is lent is the lecture's: settings refuse both."""
        return self._in(self.sandbox.lending(problem, package, hidden, lent))

    def _in(self, session: SessionLike) -> SessionIn:
        return SessionIn(session, self.convention)

    def compile(self, package: Path, modules: Sequence[str]) -> None:
        """Compile the student's files."""
        self.sandbox.compile(package, modules)

    def absent(self, package: Path, lesson: str) -> Fault | None:
        """The fault of a file that is not there."""
        return self.sandbox.absent(package, lesson)
