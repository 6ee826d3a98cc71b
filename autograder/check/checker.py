"""The check itself, apart from how it is asked for and shown: a folder in, verdicts out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from autograder.check import pythons
from autograder.check.in_process import STUDY_AID, InProcess
from autograder.errors import UserError
from autograder.grade import casebooks, course_lessons, grade_submission, limits_of
from autograder.problem import Verdict
from autograder.report.told import told
from autograder.settings import Course
from autograder.sitting import SandboxLike
from autograder.worker.launch import Launched

FROZEN = Path(__file__).resolve().parents[1] / "frozen"


class Checker:
    """Checks one folder, as often as it is asked to.

    The sandbox and the casebooks stay from one check to the next: what is asked for a second time
    costs only what it takes to run it. To be used in a `with`, which ends every process of it.

    submission: the folder in which `recurrent/` lies.
    hidden: the folder of a hidden casebook to use too; only graders have one.
    launched: what `launch_early` returned, to be used by the first check.
    in_process: run the student's code in this process, see `check.in_process`.
    Raises UserError if hidden cases are to be run in this process.
    """

    def __init__(
        self,
        submission: Path,
        course: Course,
        hidden: Path | None = None,
        launched: Launched | None = None,
        in_process: bool = False,
    ) -> None:
        if in_process and hidden is not None:
            raise UserError("--in-process runs public cases only: leave --hidden out")
        self.submission, self.course = submission, course
        self.books = casebooks(FROZEN, public_only=True, hidden_book=hidden)
        self.in_process = in_process
        self._stack = ExitStack()
        self.sandbox = self._opened(launched)

    def _opened(self, launched: Launched | None) -> SandboxLike:
        if self.in_process:
            return InProcess()
        from autograder.sandbox import Sandbox  # a browser has none

        return self._stack.enter_context(Sandbox(limits_of(self.course), launched=launched))

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def check(
        self,
        wanted: Sequence[str] | None = None,
        remark: Callable[[str], None] = lambda sentence: None,
    ) -> Iterator[Verdict]:
        """The verdicts on the files as they are now, each as soon as it is there.

        wanted: names of problems; None for all of the course.
        remark: told what there is to say of the files themselves, a sentence each.
        Raises IntakeError if the folder cannot be read.
        """
        names = [lesson.name for lesson in course_lessons(self.course)]
        for sentence in pythons.notes(self.submission, names):
            remark(sentence)
        if self.in_process:
            remark(STUDY_AID)
        # Only graders have hidden cases here, and what they show a student is the policy's.
        policy = self.course.policy.at_attempt(None)
        verdicts = grade_submission(
            self.submission, self.course, self.books, wanted, self.sandbox, remark
        )
        for verdict in verdicts:
            yield told(verdict, policy)
