"""Grading one submission: intake, two sittings, the judge, errors carried forward."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from autograder import lessons
from autograder.casebook import Casebook, ProblemCases, gathered
from autograder.convention import LECTURE, Convention, drawn
from autograder.errors import OURS, UserError
from autograder.intake import Intake, take_in
from autograder.judge import (
    NOTHING_ASKED,
    Asked,
    Attempt,
    Decision,
    Evidence,
    Result,
    conclude,
    examine,
    inquire,
    not_run,
)
from autograder.loans import Lack, Loan, lack_behind, lend, with_cost, with_lacks
from autograder.problem import EXAMPLE, Arrays, Case, Lesson, Problem, Reply, Verdict
from autograder.sandbox import Limits
from autograder.sandbox.cleanup import temporary_folder
from autograder.sandbox.session import Sheet
from autograder.settings import Course
from autograder.sitting import Questions, SandboxLike, SessionLike, Sitting, modules_of
from autograder.sitting_in import InConvention
from autograder.whose import Whose, normalised, own_cases, student_of, whose, with_question

if TYPE_CHECKING:
    from autograder.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[1]

PUBLIC_SHARE = 0.6
"""The share of a submission's time after which no public case is begun: hidden ones need some."""


def grade_submission(
    submission: Path,
    course: Course,
    books: Sequence[Casebook],
    only: Sequence[str] | None = None,
    sandbox: SandboxLike | None = None,
    remark: Callable[[str], None] | None = None,
    trusted: Sequence[str] = (),
) -> Iterator[Verdict]:
    """The verdicts on a submission (a folder or a zip), in order, each as soon as it is there.

    books: from `casebooks`; like the sandbox, to go on using for many submissions.
    only: names of problems; else the whole course.
    sandbox: else one is started and stopped.
    remark: told, a sentence each, what was left out or mended when the files were taken in.
    trusted: see `Grader`.
    Raises IntakeError if the submission cannot be read, CasebookError if a casebook cannot.
    """
    wanted = course_problems(course)
    if only is not None:
        wanted = [problem for problem in wanted if problem.name in only]
    with opened(submission, course, books, sandbox, trusted) as grader:
        if remark is not None:
            for sentence in grader.remarks:
                remark(sentence)
        grader.sit(wanted)
        for problem in wanted:
            yield grader.result(problem).verdict


@contextmanager
def opened(
    submission: Path,
    course: Course,
    books: Sequence[Casebook],
    sandbox: SandboxLike | None = None,
    trusted: Sequence[str] = (),
) -> Iterator[Grader]:
    """A grader for one submission, taken in from a folder or a zip.

    trusted: see `Grader`. Raises IntakeError if it cannot be read.
    """
    with ExitStack() as stack:
        box = sandbox or stack.enter_context(_own_sandbox(course))
        scratch = stack.enter_context(temporary_folder("submission-"))
        # Nobody but us can list it, and its inner folder has a name that cannot be guessed: the
        # code of one submission cannot find another's.
        scratch.chmod(0o711)
        folder = scratch / os.urandom(16).hex()
        folder.mkdir(mode=0o755)
        intake = taken_in(submission, course, folder)
        own = convention_in(intake.package, course, trusted)
        remarks = list(intake.remarks())
        if own != LECTURE:
            remarks.append(f"your convention: {own.words()}")
        yield Grader(
            intake.package,
            course,
            books,
            box,
            intake.refused,
            remarks,
            convention=own,
            trusted=trusted,
        )


def convention_in(package: Path, course: Course, trusted: Sequence[str] = ()) -> Convention:
    """The convention of those whose files these are; no file is read where nothing varies.

    package, trusted: as in `whose`.
    """
    if not course.conventions.vary:
        return LECTURE
    return convention_of(course, student_of(package, trusted))


def convention_of(course: Course, student: str | None) -> Convention:
    """The convention of a student, by an id, in this course; the lecture's where none is known.

    However an id is typed, it is the same, see `normalised`.
    """
    known = normalised(student or "")
    if not known:
        return LECTURE
    varied = course.conventions
    key = f"{course.term}/{known}"
    return drawn({"lstm": varied.lstm, "gru": varied.gru, "z": varied.z}, key)


def _own_sandbox(course: Course) -> Sandbox:
    from autograder.sandbox import Sandbox  # a browser has none

    return Sandbox(limits_of(course))


def taken_in(submission: Path, course: Course, into: Path) -> Intake:
    """The files of a submission that are judged, copied into a fresh folder.

    Raises IntakeError if it cannot be read.
    """
    return take_in(
        submission,
        lessons.names(),
        into,
        wanted=course.lessons_of("all"),
        handout=handout_folder(),
        elsewhere=course.elsewhere,
    )


def handout_folder() -> Path | None:
    """The package with the helpers that the handout gives: beside the grader, where that travels,
    or in the repository.
    """
    for folder in (ROOT / "recurrent", ROOT / "assignment" / "recurrent"):
        if folder.is_dir():
            return folder
    return None


def course_lessons(course: Course) -> list[Lesson]:
    """The lessons of the course's problem sets, in the order of the syllabus."""
    taught = set(course.lessons_of("all"))
    return [lesson for lesson in lessons.all_lessons() if lesson.name in taught]


def course_problems(course: Course) -> list[Problem]:
    """The problems of the course's problem sets, in the order of the syllabus."""
    return [problem for lesson in course_lessons(course) for problem in lesson.problems]


def worth_of(course: Course) -> float:
    """The points of all problems of the course's problem sets."""
    return sum(course.points_of(problem) for problem in course_problems(course))


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


@dataclass(frozen=True)
class Sat:
    """A problem as it was sat; a sheet is missing where there was no time for it, or no need.

    asked: what was found out of a wrong answer by asking the student's code, on public cases.
    right: every case has the right answer. failed: it is our fault that a sheet is missing.
    lent: what was lent.
    """

    cases: ProblemCases
    public: Sheet | None
    hidden: Sheet | None
    asked: Asked
    right: bool
    failed: bool
    lent: tuple[Lack, ...] = ()

    def replies(self) -> tuple[Reply, ...] | None:
        """The reply to each case; None if there was no time for them."""
        if self.public is None:
            return None
        silent = (Reply(fault=self.public.fault),) * len(self.cases.hidden)
        if self.public.fault is not None:
            return self.public.replies + silent  # no need to ask: nothing can be earned
        if self.cases.hidden and self.hidden is None:
            return None
        return self.public.replies + (self.hidden.replies if self.hidden else ())


def _hidden_questions(
    papers: Sequence[ProblemCases], public: Mapping[str, Sheet], right: Collection[str]
) -> list[Questions]:
    """What is asked in hidden cases: only what has an answer in all public ones."""
    asked = []
    for cases in papers:
        sheet = public.get(cases.problem.name)
        if cases.hidden and sheet is not None and sheet.fault is None:
            wary = cases.problem.name not in right
            asked.append(Questions(cases.problem, cases.hidden, wary))
    return asked


def _examined(
    sat: Sat, points: float, replies: tuple[Reply, ...], convention: Convention
) -> tuple[Attempt, Evidence]:
    """The attempt that was sat, and what there is to find out about it."""
    problem = sat.cases.problem
    printed = sat.public.printed if sat.public else ""
    cases = sat.cases
    # There are hundreds of them, and most students have the lecture's.
    advice = cases.advice if convention == LECTURE else convention.advice(cases.advice)
    attempt = Attempt(problem, points, cases.all, replies, advice, printed, cases.clues, convention)
    if sat.right:
        return attempt, Evidence(problem, is_open=attempt.is_open)
    return attempt, examine(attempt, sat.asked)


class Grader:
    """One submission. Each problem is sat at most once, in public cases before all hidden ones.

    refused: lesson -> why its file was not taken in, where it was not.
    remarks: what else there is to say of the files, a sentence each.
    asks: whether the code is asked about its wrong answers, on which only sentences hang.
    convention: the student's own, in which their code is asked and spoken of.
    trusted: what those who handed it in are known by, from somebody who can be trusted: their
        questions count. None where only the files say who wrote them.
    """

    def __init__(
        self,
        package: Path,
        course: Course,
        books: Sequence[Casebook],
        sandbox: SandboxLike,
        refused: Mapping[str, str] = MappingProxyType({}),
        remarks: Sequence[str] = (),
        asks: bool = True,
        convention: Convention = LECTURE,
        trusted: Sequence[str] = (),
    ) -> None:
        self.package, self.course, self.books, self.convention = package, course, books, convention
        own = convention != LECTURE
        self.sandbox: SandboxLike = InConvention(sandbox, convention) if own else sandbox
        self.refused, self.remarks, self.asks = refused, tuple(remarks), asks
        self.trusted = tuple(trusted)
        self.order = [problem.name for problem in lessons.all_problems()]
        seconds = course.policy.total_seconds
        now = time.monotonic()
        self.public_until, self.until = now + PUBLIC_SHARE * seconds, now + seconds
        self._gathered: dict[str, ProblemCases] = {}
        self._whose_file: dict[str, Whose] = {}
        self._sat: dict[str, Sat] = {}
        self._results: dict[str, Result] = {}

    def result(self, problem: Problem) -> Result:
        """The submission's result on one problem, which is sat now if it has not been."""
        if problem.name not in self._results:
            self._results[problem.name] = self._grade(problem)
        return self._results[problem.name]

    def notes(self) -> dict[str, list[str]]:
        """Problem -> the operators of torch that staff should look at, where there are any."""
        found = {}
        for name, sat in self._sat.items():
            if sat.public is not None and sat.public.notes:
                found[name] = sorted(sat.public.notes)
        return found

    def public_replies(self, problem: Problem) -> tuple[tuple[Case, Reply], ...]:
        """What a problem that was sat has answered on public cases, beside the cases."""
        sat = self._sat.get(problem.name)
        if sat is None or sat.public is None:
            return ()
        return tuple(zip(sat.cases.public, sat.public.replies, strict=True))

    def _grade(self, problem: Problem) -> Result:
        points = self.course.points_of(problem)
        if not lessons.can_run(problem.lesson):
            backend = lessons.lesson(problem.lesson).backend
            why = f"{backend} is not installed here, so this cannot be checked"
            return not_run(problem, points, "todo", why)
        if problem.lesson in self.refused:
            return not_run(problem, points, "error", self.refused[problem.lesson])
        if problem.question is not None and (why := self._whose(problem.lesson).why_not):
            return not_run(problem, points, "todo", why)
        try:
            if problem.name not in self._sat:
                self.sit([problem])
            return self._judge(problem, points)
        except UserError:
            raise
        except Exception:  # MemoryError and RecursionError too: it costs this problem only
            traceback.print_exc(file=sys.__stderr__)
            return not_run(problem, points, "error", OURS)

    # ------------------------------------------------------------------------------------- sitting

    def sit(self, problems: Sequence[Problem]) -> None:
        """Have these problems sat, and those earlier ones on which their results may hang."""
        papers = [self._cases(problem) for problem in self._with_earlier(problems)]
        if any(cases.hidden for cases in papers):
            # Now rather than when it is first needed: two processes will import every file.
            self.sandbox.compile(self.package, modules_of(cases.problem for cases in papers))
        public = Sitting(self.sandbox, self.package, hidden=False, until=self.public_until)
        sheets = public.sit([Questions(cases.problem, cases.public) for cases in papers])
        lent: dict[str, Loan] = {}
        if self.course.lend:
            lent = lend(self.course, self.books, papers, sheets, public)
        sat_alike = [cases for cases in papers if cases.problem.name not in lent]
        wrong = [cases for cases in sat_alike if cases.problem.name not in public.right]
        found = self._ask(wrong, sheets) if self.asks else {}
        # From here on no public case is run, and every process that has run one is gone.
        hidden = Sitting(self.sandbox, self.package, hidden=True, until=self.until)
        asked = _hidden_questions(sat_alike, sheets, public.right)
        for name, loan in lent.items():
            if loan.cases.hidden and sheets[name].fault is None:
                asked.append(loan.questions(hidden=True))
        hidden_sheets = hidden.sit(asked)
        for cases in papers:
            name = cases.problem.name
            self._sat[name] = Sat(
                cases,
                sheets.get(name),
                hidden_sheets.get(name),
                found.get(name, NOTHING_ASKED),
                right=name in public.right and (not cases.hidden or name in hidden.right),
                failed=name in public.failed | hidden.failed,
                lent=lent[name].lacks if name in lent else (),
            )

    def _with_earlier(self, problems: Sequence[Problem]) -> list[Problem]:
        """What can be run of these and, where there are hidden cases, of all that they hang on.

        Without hidden cases an earlier problem can be sat when it is asked for.
        """
        waiting = [problem for problem in problems if problem.name not in self._sat]
        wanted: dict[str, Problem] = {}
        while waiting:
            problem = waiting.pop(0)
            if problem.name in wanted or not lessons.can_run(problem.lesson):
                continue
            wanted[problem.name] = problem
            if any(book.hidden for book in self.books):
                waiting += self._earlier_than(problem)
        return sorted(wanted.values(), key=lambda problem: self.order.index(problem.name))

    def _earlier_than(self, problem: Problem) -> list[Problem]:
        """The problems that its result may hang on and that can still be sat."""
        names = self._cases(problem).hang_on() - self._sat.keys()
        found = [lessons.find(name) for name in names]
        return [one for one in found if all(book.has(one.lesson) for book in self.books)]

    def _cases(self, problem: Problem) -> ProblemCases:
        if problem.name not in self._gathered:
            cases = gathered(problem, self.books)
            if problem.question is not None:
                # Nobody's are the example's: what comes of them is not said.
                cases = own_cases(cases, self._whose(problem.lesson).id or EXAMPLE, self.course)
            self._gathered[problem.name] = cases
        return self._gathered[problem.name]

    def _whose(self, lesson: str) -> Whose:
        """Whose answers are in a file; it is read once, before any of it is run."""
        if lesson not in self._whose_file:
            self._whose_file[lesson] = whose(self.package, lesson, self.course, self.trusted)
        return self._whose_file[lesson]

    def _ask(self, wrong: Sequence[ProblemCases], sheets: Mapping[str, Sheet]) -> dict[str, Asked]:
        """Problem -> what asking the student's code says of its wrong answers on public cases."""
        found = {}
        for cases in wrong:
            problem, sheet = cases.problem, sheets.get(cases.problem.name)
            if sheet is None or sheet.fault is not None:
                continue
            if time.monotonic() > self.public_until:
                break
            attempt = Attempt(
                problem, 0.0, cases.public, sheet.replies, cases.advice, clues=cases.clues
            )
            # Only a sentence hangs on it: whatever goes wrong, the problem is judged without.
            with suppress(Exception), OnStack(self.sandbox, problem, self.package) as ask:
                found[problem.name] = inquire(attempt, ask)
        return found

    # ------------------------------------------------------------------------------------- judging

    def _judge(self, problem: Problem, points: float) -> Result:
        sat = self._sat[problem.name]
        if sat.failed:
            return not_run(problem, points, "error", OURS)
        replies = sat.replies()
        if replies is None:
            seconds = f"{self.course.policy.total_seconds:g} seconds"
            why = f"the {seconds} for the whole submission were used up before this"
            return not_run(problem, points, "timeout", why)
        attempt, evidence = _examined(sat, points, replies, self.convention)
        earlier = self._earlier(problem, evidence.refers_to())
        result = conclude(attempt, evidence, earlier, self.course.policy.carried_share)
        if problem.question is not None:
            remark = self._whose(problem.lesson).remark
            return with_question(result, problem, sat.cases.public[0], remark)
        if sat.lent:
            result = with_lacks(result, problem, sat.lent)
        elif (lack := lack_behind(self.course, problem, sat.public)) is not None:
            result = with_cost(result, problem, lack, self.course.lend)
        return result

    def examined(self, problem: Problem) -> tuple[Attempt, Evidence] | None:
        """What the result of a problem was made of; None if it was not sat to the end."""
        sat = self._sat.get(problem.name)
        if sat is None or sat.failed or problem.lesson in self.refused:
            return None
        replies = sat.replies()
        if replies is None:
            return None
        return _examined(sat, self.course.points_of(problem), replies, self.convention)

    def _earlier(self, problem: Problem, names: Collection[str]) -> dict[str, Decision]:
        """The decisions on those of the problems that come before this one."""
        before = self.order[: self.order.index(problem.name)]
        found = {}
        for name in before:
            if name in names and self._may_judge(name):
                found[name] = self.result(lessons.find(name)).decision
        return found

    def _may_judge(self, name: str) -> bool:
        """Whether a problem has been sat, or still can be: not after a hidden sitting."""
        if name in self._sat:
            return True
        lesson = lessons.find(name).lesson
        return all(book.has(lesson) and not book.hidden for book in self.books)


class OnStack:
    """Answers the judge's numeric differentiation from a process of its own.

    The process is started when it is first needed: most attempts need none.
    """

    def __init__(self, sandbox: SandboxLike, problem: Problem, package: Path) -> None:
        self.sandbox, self.problem, self.package = sandbox, problem, package
        self._stack = ExitStack()
        self._session: SessionLike | None = None

    def __enter__(self) -> OnStack:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def __call__(self, forward: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        if self._session is None:
            session = self.sandbox.session(self.problem, self.package)
            self._session = self._stack.enter_context(session)
        return self._session.call_many(forward, inputs, name, stack)
