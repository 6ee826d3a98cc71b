"""Checking in the background: a round for every save, the problem at hand first.

A round takes the files in once, and judges what they touch. What a round that was given up has not
judged is judged in the next one.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder import lessons
from autograder.casebook import gathered
from autograder.check import pythons
from autograder.check.checker import Checker
from autograder.check.watch.outline import outline
from autograder.check.watch.stoppable import GivenUp, Stoppable
from autograder.check.watch.touched import Taken, edited, module_of, touched
from autograder.errors import UserError
from autograder.grade import Grader, course_lessons, opened
from autograder.problem import Problem, Verdict
from autograder.report.told import told


@dataclass(frozen=True)
class Began:
    """A round has begun.

    number: of the round. names: the problems that are judged again. edited: those whose own
    function is another one than in the round before. lines: problem -> the line on which its
    function begins. remarks: what there is to say of the files, a sentence each.
    """

    number: int
    names: tuple[str, ...]
    edited: tuple[str, ...]
    lines: dict[str, int]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """A verdict of a round."""

    number: int
    verdict: Verdict


@dataclass(frozen=True)
class Ended:
    """All of a round's verdicts are there."""

    number: int


@dataclass(frozen=True)
class Refused:
    """The files cannot be taken in; the sentence says why."""

    number: int
    why: str


@dataclass(frozen=True)
class Crashed:
    """A fault of ours."""

    error: BaseException


Event = Began | Judged | Ended | Refused | Crashed
Put = Callable[[Event], None]


@dataclass(frozen=True)
class Wish:
    """What a round is asked for.

    first: problems to begin with. again: judge everything, also what is not touched.
    """

    number: int
    first: tuple[str, ...] = ()
    again: bool = False


class Rounds:
    """A context manager, in which a thread of its own does the checking.

    problems: those that are watched, in the order of the syllabus.
    put: told what happens, from the thread.
    """

    def __init__(self, checker: Checker, problems: Sequence[Problem], put: Put) -> None:
        self._checker, self._problems, self._put = checker, tuple(problems), put
        self._by_name = {problem.name: problem for problem in problems}
        self._wishes: queue.SimpleQueue[Wish | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._running: Stoppable | None = None
        self._wanted = 0
        self._taken: Taken | None = None
        self._verdicts: dict[str, Verdict] = {}
        self._owed: set[str] = set()
        self._hang_on: dict[str, set[str]] = {}
        self._thread = threading.Thread(target=self._work, name="rounds", daemon=True)

    def __enter__(self) -> Rounds:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._wanted = -1
            self._stop_running()
        self._wishes.put(None)
        self._thread.join()

    def ask(self, first: Sequence[str] = (), again: bool = False) -> int:
        """Have what is touched judged; what is being judged now is given up.

        Returns the number of the round. first, again: as in `Wish`.
        """
        with self._lock:
            self._wanted += 1
            self._stop_running()
            self._wishes.put(Wish(self._wanted, tuple(first), again))
            return self._wanted

    def _stop_running(self) -> None:
        if self._running is not None:
            self._running.stop()

    # -------------------------------------------------------------------------------- in the thread

    def _work(self) -> None:
        try:
            while (wish := self._wishes.get()) is not None:
                self._round(wish)
        except BaseException as error:
            self._put(Crashed(error))

    def _round(self, wish: Wish) -> None:
        sandbox = Stoppable(self._checker.sandbox)
        with self._lock:
            if wish.again:
                self._owed |= self._by_name.keys()  # it holds, even if a later save comes first
            if wish.number != self._wanted:
                return
            self._running = sandbox
        try:
            for event in self._judge(wish, sandbox):
                self._put(event)
        except GivenUp:
            return
        except UserError as error:
            self._put(Refused(wish.number, str(error)))
        finally:
            with self._lock:
                self._running = None

    def _judge(self, wish: Wish, sandbox: Stoppable) -> Iterator[Event]:
        checker = self._checker
        with opened(checker.submission, checker.course, checker.books, sandbox) as grader:
            taken = Taken.read(grader.package, grader.refused)
            by_hand = self._take(taken)
            names = self._in_order(wish, by_hand)
            remarks = (*self._remarks(), *grader.remarks)
            yield Began(wish.number, names, by_hand, self._lines(taken), remarks)
            for verdict in self._verdicts_on(grader, names, sandbox):
                yield Judged(wish.number, verdict)
        yield Ended(wish.number)
        self._prepare(taken)

    def _take(self, taken: Taken) -> tuple[str, ...]:
        """Note the files as they are now, and what is owed for them; what was edited by hand."""
        before, self._taken = self._taken, taken
        if before is None:
            self._owed |= self._by_name.keys()
            return ()
        self._find_what_hangs_on_what()
        concerned = [lessons.find(name) for name in self._hang_on]
        found = touched(before, taken, concerned, self._verdicts, self._hang_on)
        self._owed |= found & self._by_name.keys()
        return tuple(edited(before, taken, self._problems))

    def _in_order(self, wish: Wish, by_hand: Sequence[str]) -> tuple[str, ...]:
        """What is owed: what was edited, what is at hand, and the rest by the syllabus."""
        both = [name for name in wish.first if name in by_hand]
        order = dict.fromkeys([*both, *by_hand, *wish.first, *self._by_name])
        return tuple(name for name in order if name in self._owed)

    def _verdicts_on(
        self, grader: Grader, names: Sequence[str], sandbox: Stoppable
    ) -> Iterator[Verdict]:
        policy = self._checker.course.policy.at_attempt(None)
        for group in self._groups(names):
            grader.sit(group)
            for problem in group:
                sandbox.go_on()
                verdict = told(grader.result(problem).verdict, policy)
                # What came in after the judge was told to stop is not believed.
                sandbox.go_on()
                self._verdicts[problem.name] = verdict
                self._owed.discard(problem.name)
                yield verdict

    def _groups(self, names: Sequence[str]) -> Iterator[list[Problem]]:
        """The first problem by itself, since it is waited for; then those of a lesson together."""
        group: list[Problem] = []
        for number, name in enumerate(names):
            problem = self._by_name[name]
            if group and (number == 1 or group[-1].lesson != problem.lesson):
                yield group
                group = []
            group.append(problem)
        if group:
            yield group

    def _remarks(self) -> Iterator[str]:
        names = [lesson.name for lesson in course_lessons(self._checker.course)]
        return pythons.notes(self._checker.submission, names)

    def _lines(self, taken: Taken) -> dict[str, int]:
        """Problem -> the line on which its function begins."""
        lines = {}
        for problem in self._problems:
            read = outline(problem.lesson, taken.files.get(f"{problem.lesson}.py", b""))
            if read is not None and problem.of in read.lines:
                lines[problem.name] = read.lines[problem.of]
        return lines

    def _prepare(self, taken: Taken) -> None:
        """Do beforehand, while nobody waits, what the next save needs."""
        for path, content in taken.files.items():
            outline(module_of(path), content)
        self._find_what_hangs_on_what()

    def _find_what_hangs_on_what(self) -> None:
        """Read from the casebooks in which verdicts an earlier mistake may be seen."""
        waiting = list(self._by_name)
        while waiting:
            name = waiting.pop()
            problem = lessons.find(name)
            # What the casebooks lack is not judged, and nothing hangs on it.
            is_judged = all(book.has(problem.lesson) for book in self._checker.books)
            if name not in self._hang_on and is_judged:
                cases = gathered(problem, self._checker.books)
                self._hang_on[name] = cases.hang_on()
                waiting += self._hang_on[name]
