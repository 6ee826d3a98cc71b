"""Grading one submission: intake, a process for each problem, the judge, and errors carried forward
between them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from autograder import lessons
from autograder.casebook import Casebook
from autograder.judge import Sitting, Standing, mark
from autograder.problem import (
    Advice,
    Arrays,
    Case,
    Finding,
    Lesson,
    Problem,
    Reply,
    Status,
    Verdict,
)
from autograder.sandbox import Limits, Sandbox, take_in
from autograder.settings import Course

SIDE_BY_SIDE = 3
"""Problems sat at the same time, each in a process of its own: a loop in one does not keep the
others waiting.
"""


class SessionLike(Protocol):
    """One problem's process as the grader uses it: a `Session` of the sandbox, or a stand-in for
    trusted code.
    """

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
    wanted = [p for p in course_problems(course) if only is None or p.name in only]
    with opened(submission, course, books, sandbox) as grader:
        grader.look_ahead(wanted)
        for problem in wanted:
            yield grader.standing(problem).verdict


@contextmanager
def opened(
    submission: Path, course: Course, books: Sequence[Casebook], sandbox: SandboxLike | None = None
) -> Iterator[Grader]:
    """A grader for one submission, taken in from a folder or a zip. Raises IntakeError if it cannot
    be read.
    """
    with ExitStack() as stack:
        box = sandbox or stack.enter_context(Sandbox(limits_of(course)))
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="submission-"))
        intake = take_in(submission, [each.name for each in lessons.all_lessons()], Path(scratch))
        grader = Grader(intake.package, course, books, box)
        stack.callback(grader.close)
        yield grader


def course_lessons(course: Course) -> list[Lesson]:
    """The lessons of the course's problem sets, in the order of the syllabus."""
    taught = set(course.lessons_of("all"))
    return [each for each in lessons.all_lessons() if each.name in taught]


def course_problems(course: Course) -> list[Problem]:
    """The problems of the course's problem sets, in the order of the syllabus."""
    return [problem for each in course_lessons(course) for problem in each.problems]


def limits_of(course: Course) -> Limits:
    """The limits on a student's process that the course's policy sets."""
    policy = course.policy
    return Limits(
        seconds=policy.seconds, memory_mb=policy.memory_mb, torch_memory_mb=policy.torch_memory_mb
    )


def casebooks(
    frozen: Path, public_only: bool = False, hidden: Path | None = None
) -> list[Casebook]:
    """The public casebook and, where there is one, the hidden one.

    frozen: the folder with `public/` and perhaps `hidden/`.
    public_only: leave the hidden cases out even where they are, as a student's own check does.
    hidden: the folder of a hidden casebook that is kept elsewhere; it is used, whatever public_only
        says.
    """
    public, beside = Casebook(frozen / "public"), frozen / "hidden"
    if hidden is None and (public_only or not beside.is_dir()):
        return [public]
    return [public, Casebook(hidden or beside, hidden=True)]


class Grader:
    """One submission. Each problem is sat at most once, on demand: its own verdict and later ones
    may ask for it.
    """

    def __init__(
        self, package: Path, course: Course, books: Sequence[Casebook], sandbox: SandboxLike
    ) -> None:
        self.package, self.course, self.books, self.sandbox = package, course, books, sandbox
        self.order = {p.name: p for each in lessons.all_lessons() for p in each.problems}
        self.until = time.monotonic() + course.policy.total_seconds
        self._standings: dict[str, Standing] = {}
        self._ahead: dict[str, Future[Sitting]] = {}
        self._pool = ThreadPoolExecutor(SIDE_BY_SIDE)

    def look_ahead(self, problems: Sequence[Problem]) -> None:
        """Let these problems be sat in the background, in order, while others are marked."""
        modules = ["__init__", *dict.fromkeys(problem.lesson for problem in problems)]
        # whoever is before it compiles for itself
        self._pool.submit(self.sandbox.compile, self.package, modules)
        self._ahead = {
            p.name: self._pool.submit(self._sit, p) for p in problems if lessons.can_run(p.lesson)
        }

    def close(self) -> None:
        """Let nothing more be sat."""
        self._pool.shutdown(cancel_futures=True)

    def standing(self, problem: Problem) -> Standing:
        """How the submission stands on one problem."""
        if problem.name not in self._standings:
            self._standings[problem.name] = self._stand(problem)
        return self._standings[problem.name]

    def _stand(self, problem: Problem) -> Standing:
        if not lessons.can_run(problem.lesson):
            needs = lessons.lesson(problem.lesson).backend
            return self._not_run(
                problem, "todo", f"{needs} is not installed here, so this cannot be checked"
            )
        if time.monotonic() > self.until:
            spent = (
                f"the {self.course.policy.total_seconds:g} seconds for the whole submission were "
                f"used up before this"
            )
            return self._not_run(problem, "timeout", spent)
        waiting = self._ahead.pop(problem.name, None)
        sitting = waiting.result() if waiting is not None else self._sit(problem)
        with Varying(self.sandbox, problem, self.package) as vary:
            return mark(
                replace(sitting, vary=vary),
                self.course.policy.carried_share,
                lambda name: self._earlier(problem, name),
            )

    def _earlier(self, problem: Problem, name: str) -> Standing | None:
        names = list(self.order)
        if name not in self.order or names.index(name) >= names.index(problem.name):
            return None
        return self.standing(self.order[name])

    def _sit(self, problem: Problem) -> Sitting:
        cases: tuple[Case, ...] = ()
        advice: dict[str, Advice] = {}
        for book in self.books:
            cases += book.lesson(problem.lesson).cases[problem.name]
            advice |= book.lesson(problem.lesson).advice
        with self.sandbox.session(problem, self.package) as session:
            replies = session.calls(problem, [case.inputs for case in cases if not case.hidden])
            printed = session.printed  # before any hidden input: nothing of those can be in it
            replies += session.calls(problem, [case.inputs for case in cases if case.hidden])
        return Sitting(
            problem, self.course.points_of(problem), cases, tuple(replies), advice, _nobody, printed
        )

    def _not_run(self, problem: Problem, status: Status, why: str) -> Standing:
        points = self.course.points_of(problem)
        outputs = {tensor.name: "missing" for tensor in problem.outputs}
        finding = Finding("runs", why)
        return Standing(
            Verdict(
                problem.name,
                problem.lesson,
                problem.title,
                status,
                0.0,
                points,
                outputs,
                (finding,),
            )
        )


def _nobody(forward: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
    """Answers no differentiation: a sitting that has not come before the judge."""
    return Reply()


class Varying:
    """Answers the judge's numeric differentiation from a process of its own, started when it is
    first needed.
    """

    def __init__(self, sandbox: SandboxLike, problem: Problem, package: Path) -> None:
        self.sandbox, self.problem, self.package = sandbox, problem, package
        self._session: SessionLike | None = None

    def __enter__(self) -> Varying:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._session is not None:
            self._session.__exit__(None, None, None)

    def __call__(self, forward: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        if self._session is None:
            self._session = self.sandbox.session(self.problem, self.package).__enter__()
        return self._session.call_many(forward, inputs, name, stack)
