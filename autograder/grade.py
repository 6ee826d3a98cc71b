"""Grading one submission: intake, a process for each problem, the judge, errors carried forward."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np

from autograder import lessons
from autograder.casebook import Casebook
from autograder.judge import Attempt, Decision, Result, conclude, examine, not_run
from autograder.problem import Advice, Arrays, Case, Lesson, Problem, Reply, Verdict
from autograder.sandbox import Limits, Sandbox, take_in
from autograder.settings import Course

SIDE_BY_SIDE = 3
"""Problems attempted at once, each in its own process: a loop in one does not delay the others."""


class SessionLike(Protocol):
    """One problem's process: a `Session` of the sandbox, or a stand-in for trusted code."""

    def __enter__(self) -> SessionLike: ...

    def __exit__(self, *exception: object) -> None: ...

    @property
    def printed(self) -> str: ...

    def calls(self, problem: Problem, cases: Sequence[Arrays]) -> list[Reply]: ...

    def call_many(
        self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray
    ) -> Reply: ...


class SandboxLike(Protocol):
    """What opens sessions: a `Sandbox`, or a stand-in."""

    def session(self, problem: Problem, package: Path) -> SessionLike: ...

    def compile(self, package: Path, modules: Sequence[str]) -> None: ...


def grade_submission(
    submission: Path,
    course: Course,
    books: Sequence[Casebook],
    only: Sequence[str] | None = None,
    sandbox: SandboxLike | None = None,
) -> Iterator[Verdict]:
    """The verdicts on a submission (a folder or a zip), in order, each as soon as it is there.

    books: from `casebooks`; like the sandbox, to go on using for many submissions.
    only: names of problems; else the whole course.
    sandbox: else one is started and stopped.
    Raises IntakeError if the submission cannot be read, CasebookError if a casebook cannot.
    """
    wanted = course_problems(course)
    if only is not None:
        wanted = [problem for problem in wanted if problem.name in only]
    with opened(submission, course, books, sandbox) as grader:
        grader.look_ahead(wanted)
        for problem in wanted:
            yield grader.result(problem).verdict


@contextmanager
def opened(
    submission: Path, course: Course, books: Sequence[Casebook], sandbox: SandboxLike | None = None
) -> Iterator[Grader]:
    """A grader for one submission, taken in from a folder or a zip.

    Raises IntakeError if it cannot be read.
    """
    with ExitStack() as stack:
        box = sandbox or stack.enter_context(Sandbox(limits_of(course)))
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="submission-"))
        intake = take_in(submission, lessons.names(), Path(scratch))
        grader = Grader(intake.package, course, books, box)
        stack.callback(grader.close)
        yield grader


def course_lessons(course: Course) -> list[Lesson]:
    """The lessons of the course's problem sets, in the order of the syllabus."""
    taught = set(course.lessons_of("all"))
    return [lesson for lesson in lessons.all_lessons() if lesson.name in taught]


def course_problems(course: Course) -> list[Problem]:
    """The problems of the course's problem sets, in the order of the syllabus."""
    return [problem for lesson in course_lessons(course) for problem in lesson.problems]


def limits_of(course: Course) -> Limits:
    """The limits on a student's process that the course's policy sets."""
    policy = course.policy
    return Limits(
        seconds=policy.seconds, memory_mb=policy.memory_mb, torch_memory_mb=policy.torch_memory_mb
    )


def casebooks(
    frozen: Path, public_only: bool = False, hidden_book: Path | None = None
) -> list[Casebook]:
    """The public casebook and, where there is one, the hidden one.

    frozen: the folder with `public/` and perhaps `hidden/`.
    public_only: leave the hidden cases out even where they are, as a student's own check does.
    hidden_book: the folder of a hidden casebook that is kept elsewhere; it is used whether or not
        `public_only` is set.
    """
    books = [Casebook(frozen / "public")]
    beside = frozen / "hidden"
    if hidden_book is None and beside.is_dir() and not public_only:
        hidden_book = beside
    if hidden_book is not None:
        books.append(Casebook(hidden_book, hidden=True))
    return books


class Grader:
    """One submission. Each problem is attempted at most once, on demand.

    A problem's own verdict may ask for it, and so may a later problem that follows from it.
    """

    def __init__(
        self, package: Path, course: Course, books: Sequence[Casebook], sandbox: SandboxLike
    ) -> None:
        self.package, self.course, self.books, self.sandbox = package, course, books, sandbox
        self.order = [problem.name for problem in lessons.all_problems()]
        self.deadline = time.monotonic() + course.policy.total_seconds
        self._results: dict[str, Result] = {}
        self._ahead: dict[str, Future[Attempt]] = {}
        self._pool = ThreadPoolExecutor(SIDE_BY_SIDE)

    def look_ahead(self, problems: Sequence[Problem]) -> None:
        """Let these problems be attempted in the background, in order, while others are judged."""
        modules = ["__init__", *dict.fromkeys(problem.lesson for problem in problems)]
        # An attempt that starts before this is done compiles the file for itself.
        self._pool.submit(self.sandbox.compile, self.package, modules)
        for problem in problems:
            if lessons.can_run(problem.lesson):
                self._ahead[problem.name] = self._pool.submit(self._attempt, problem)

    def close(self) -> None:
        """Let nothing more be attempted."""
        self._pool.shutdown(cancel_futures=True)

    def result(self, problem: Problem) -> Result:
        """The submission's result on one problem."""
        if problem.name not in self._results:
            self._results[problem.name] = self._grade(problem)
        return self._results[problem.name]

    def _grade(self, problem: Problem) -> Result:
        points = self.course.points_of(problem)
        if not lessons.can_run(problem.lesson):
            backend = lessons.lesson(problem.lesson).backend
            why = f"{backend} is not installed here, so this cannot be checked"
            return not_run(problem, points, "todo", why)
        if time.monotonic() > self.deadline:
            seconds = f"{self.course.policy.total_seconds:g} seconds"
            why = f"the {seconds} for the whole submission were used up before this"
            return not_run(problem, points, "timeout", why)

        waiting = self._ahead.pop(problem.name, None)
        attempt = waiting.result() if waiting is not None else self._attempt(problem)
        with OnStack(self.sandbox, problem, self.package) as ask:
            evidence = examine(attempt, ask)
        earlier = self._earlier(problem, evidence.refers_to())
        return conclude(attempt, evidence, earlier, self.course.policy.carried_share)

    def _earlier(self, problem: Problem, names: Collection[str]) -> dict[str, Decision]:
        """The decisions on those of the problems that come before this one."""
        before = self.order[: self.order.index(problem.name)]
        found = {}
        for name in before:
            if name in names:
                found[name] = self.result(lessons.find(name)).decision
        return found

    def _attempt(self, problem: Problem) -> Attempt:
        """Run the problem's cases in a process of its own, the public ones first."""
        cases: list[Case] = []
        advice: dict[str, Advice] = {}
        for book in self.books:
            lesson = book.lesson(problem.lesson)
            cases += lesson.cases_of(problem)
            advice |= lesson.advice
        public = [case.inputs for case in cases if not case.hidden]
        hidden = [case.inputs for case in cases if case.hidden]
        with self.sandbox.session(problem, self.package) as session:
            replies = session.calls(problem, public)
            printed = session.printed  # before any hidden input: nothing of those can be in it
            replies += session.calls(problem, hidden)
        points = self.course.points_of(problem)
        return Attempt(problem, points, tuple(cases), tuple(replies), advice, printed)


class OnStack:
    """Answers the judge's numeric differentiation from a process of its own.

    The process is started when it is first needed: most attempts need none.
    """

    def __init__(self, sandbox: SandboxLike, problem: Problem, package: Path) -> None:
        self.sandbox, self.problem, self.package = sandbox, problem, package
        self._session: SessionLike | None = None

    def __enter__(self) -> OnStack:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._session is not None:
            self._session.__exit__(None, None, None)

    def __call__(self, forward: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        if self._session is None:
            self._session = self.sandbox.session(self.problem, self.package).__enter__()
        return self._session.call_many(forward, inputs, name, stack)
