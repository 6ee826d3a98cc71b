"""Sitting a submission: all problems in one process, then what was not right once more, alone.

There are two sittings, the public and then the hidden one. What is heard of the second are arrays,
and nothing of the first runs beside it or after it: no public case can pass on what a hidden one
has seen.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, get_args

import numpy as np

from autograder import lessons
from autograder.compare import wrong_tensors
from autograder.errors import UserError
from autograder.judge.attempt import finished
from autograder.lender import Lender
from autograder.lending import Call
from autograder.problem import Arrays, Backend, Case, Fault, Problem, Reply
from autograder.sandbox.session import SPARE_BYTES, TIMES_EXPECTED, Paper, Sheet
from autograder.untouched import still_to_do

FRESH_STARTS = 3
"""Times that the problems sat together are gone on with in a new process, where one has ended.

What is left then is sat alone.
"""

SAME_ALONE = ("todo", "missing")
"""Faults that no other process would change: there is nothing to run."""


class SessionLike(Protocol):
    """A process of the submission: a `Session` of the sandbox, or a stand-in for trusted code."""

    def __enter__(self) -> SessionLike: ...

    def __exit__(self, *exception: object) -> None: ...

    def sheets(self, papers: Sequence[Paper]) -> Iterator[tuple[Paper, Sheet]]: ...

    def sheet(self, paper: Paper) -> Sheet: ...

    def call_many(
        self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray
    ) -> Reply: ...


class SandboxLike(Protocol):
    """What opens sessions: a `Sandbox`, or a stand-in.

    side_by_side: how many may be open at once.
    """

    side_by_side: int

    def together(self, backend: Backend, package: Path, hidden: bool = False) -> SessionLike: ...

    def session(self, problem: Problem, package: Path, hidden: bool = False) -> SessionLike: ...

    def lending(
        self, problem: Problem, package: Path, hidden: bool, lent: Sequence[str]
    ) -> SessionLike: ...

    def compile(self, package: Path, modules: Sequence[str]) -> None: ...

    def absent(self, package: Path, lesson: str) -> Fault | None: ...


@dataclass(frozen=True)
class Questions:
    """The cases of one sitting of a problem, all public or all hidden.

    wary: the problem is not to be sat together with others.
    lent: other files that are lent and functions of theirs; then it is wary, and `calls` has for
        each case what they are called with.
    """

    problem: Problem
    cases: tuple[Case, ...]
    wary: bool = False
    lent: tuple[str, ...] = ()
    calls: tuple[tuple[Call, ...], ...] = ()

    @property
    def paper(self) -> Paper:
        """What of it the student's code sees."""
        largest = []
        for case in self.cases:
            expected = sum(array.nbytes for array in case.expected.values())
            largest.append(TIMES_EXPECTED * expected + SPARE_BYTES)
        lenders = [Lender(calls) for calls in self.calls]
        inputs = [self.problem.told(case.inputs) for case in self.cases]
        return Paper(self.problem, inputs, largest, lenders)


def is_right(questions: Questions, replies: Sequence[Reply]) -> bool:
    """Whether every case has its answer, and the right one where it is known."""
    for case, reply in zip(questions.cases, replies, strict=True):
        if reply.fault is not None or reply.odd:
            return False
        outputs = finished(questions.problem, case, reply).outputs
        if wrong_tensors(questions.problem, outputs, case.expected):
            return False
    return True


def modules_of(problems: Iterable[Problem]) -> list[str]:
    """The student's files that these problems import by themselves."""
    return ["__init__", *dict.fromkeys(problem.lesson for problem in problems)]


class Sitting:
    """One submission in one sandbox.

    until: the end, on the clock of `time.monotonic`, after which nothing more is begun.
    right: the problems of which every case has the right answer. failed: those that could not be
        sat by a fault of ours.
    """

    def __init__(self, sandbox: SandboxLike, package: Path, hidden: bool, until: float) -> None:
        self.sandbox, self.package, self.hidden, self.until = sandbox, package, hidden, until
        self.right: set[str] = set()
        self.failed: set[str] = set()

    def sit(self, all_questions: Sequence[Questions]) -> dict[str, Sheet]:
        """Problem -> what came back; no entry for those for which there was no time.

        A sheet of a problem sat together counts if it is right, or if it would be the same alone.
        """
        sheets = self._absent(all_questions)
        present = [questions for questions in all_questions if questions.problem.name not in sheets]
        alone = [questions for questions in present if questions.wary]
        shared = [questions for questions in present if not questions.wary]
        for backend in get_args(Backend):
            group = [one for one in shared if lessons.lesson(one.problem.lesson).backend == backend]
            sheets |= self._together(backend, group)
        for questions in shared:
            sheet = sheets.get(questions.problem.name)
            if sheet is None or not self._counts(questions, sheet):
                sheets.pop(questions.problem.name, None)
                alone.append(questions)
        return sheets | self._alone(alone)

    def _absent(self, all_questions: Sequence[Questions]) -> dict[str, Sheet]:
        """The sheets of problems whose file was not handed in, or was left as it was given out."""
        sheets = {}
        for questions in all_questions:
            problem = questions.problem
            fault = self.sandbox.absent(self.package, problem.lesson)
            # what only needs numpy is run sooner than it is read
            if fault is None and lessons.lesson(problem.lesson).backend != "numpy":
                fault = still_to_do(self.package, problem)
            if fault is not None:
                replies = (Reply(fault=fault),) * len(questions.cases)
                sheets[problem.name] = Sheet(replies)
        return sheets

    def _together(self, backend: Backend, group: Sequence[Questions]) -> dict[str, Sheet]:
        """The sheets of problems sat in one process; those that ended it have none."""
        sheets: dict[str, Sheet] = {}
        papers = [questions.paper for questions in group]
        for _ in range(FRESH_STARTS):
            if not papers or time.monotonic() > self.until:
                break
            answered = 0
            try:
                with self.sandbox.together(backend, self.package, self.hidden) as session:
                    for paper, sheet in session.sheets(papers):
                        sheets[paper.problem.name] = sheet
                        answered += 1
            except UserError:
                raise
            except Exception:  # of ours: each is sat alone, and costs no other if it fails there
                traceback.print_exc(file=sys.__stderr__)
                break
            papers = papers[answered + 1 :]
        return sheets

    def _counts(self, questions: Questions, sheet: Sheet) -> bool:
        if sheet.printed:
            return False
        faults = [reply.fault for reply in sheet.replies]
        if all(fault is not None and fault.kind in SAME_ALONE for fault in faults):
            return True
        return self._noted_right(questions, sheet)

    def _noted_right(self, questions: Questions, sheet: Sheet) -> bool:
        right = is_right(questions, sheet.replies)
        if right:
            self.right.add(questions.problem.name)
        return right

    def _alone(self, alone: Sequence[Questions]) -> dict[str, Sheet]:
        """The sheets of problems that are sat in a process of their own each."""
        if not alone:
            return {}
        self.sandbox.compile(self.package, modules_of(one.problem for one in alone))
        found = self._side_by_side(alone)
        sheets = {}
        for questions, sheet in zip(alone, found, strict=True):
            if sheet is not None:
                sheets[questions.problem.name] = sheet
                self._noted_right(questions, sheet)
        return sheets

    def _side_by_side(self, alone: Sequence[Questions]) -> list[Sheet | None]:
        if self.sandbox.side_by_side == 1:
            return [self._one(questions) for questions in alone]
        # here: a browser has no threads
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(self.sandbox.side_by_side) as pool:
            return list(pool.map(self._one, alone))

    def _one(self, questions: Questions) -> Sheet | None:
        try:
            return self._sat_alone(questions)
        except UserError:
            raise
        except Exception:
            traceback.print_exc(file=sys.__stderr__)
            self.failed.add(questions.problem.name)
            return None

    def _sat_alone(self, questions: Questions) -> Sheet | None:
        sheet = None
        # Twice, if need be: what dies together with the fork server may be another's victim.
        for _ in range(2):
            if time.monotonic() > self.until:
                return sheet
            with self._session(questions) as session:
                sheet = session.sheet(questions.paper)
            if not sheet.lost:
                break
        return sheet

    def _session(self, questions: Questions) -> SessionLike:
        problem, lent = questions.problem, questions.lent
        if lent:
            return self.sandbox.lending(problem, self.package, self.hidden, lent)
        return self.sandbox.session(problem, self.package, self.hidden)
