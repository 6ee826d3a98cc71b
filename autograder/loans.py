"""Which problems are graded over lent functions of an earlier set, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from autograder import lessons
from autograder.casebook import Casebook, ProblemCases
from autograder.judge import Result
from autograder.lending import Call, unpacked
from autograder.problem import Fault, Finding, Problem
from autograder.sandbox.session import Sheet
from autograder.settings import Course
from autograder.sitting import Questions, Sitting

UNFINISHED = ("todo", "missing", "import")
"""Faults of a function or a file that is not there yet."""


@dataclass(frozen=True)
class Lack:
    """What a problem needs of an earlier set's file and a submission does not have.

    set: the problem set. what: `rnn_forward of recurrent/rnn.py`, or the file. state: still to do,
    missing, or impossible to import.
    """

    module: str
    set: str
    what: str
    state: str


@dataclass(frozen=True)
class Loan:
    """A problem's cases in which something can be lent, with what is called there.

    lacks: what is lent, the file that was met first at first.
    """

    cases: ProblemCases
    calls: tuple[tuple[Call, ...], ...]
    lacks: tuple[Lack, ...] = field(default=())

    def with_another(self, lack: Lack) -> Loan | None:
        """The loan with this lent too; None if it is lent already."""
        if lack.module in self._modules:
            return None
        return replace(self, lacks=(*self.lacks, lack))

    def questions(self, hidden: bool) -> Questions:
        """The public or the hidden cases, to be sat over what is lent."""
        cases, calls = [], []
        for case, called in zip(self.cases.all, self.calls, strict=True):
            if case.hidden == hidden:
                cases.append(case)
                calls.append(called)
        return Questions(self.cases.problem, tuple(cases), True, self._lent(), tuple(calls))

    @property
    def _modules(self) -> list[str]:
        return [lack.module for lack in self.lacks]

    def _lent(self) -> tuple[str, ...]:
        """The files that are lent, and those of their functions for which there are answers."""
        called = {call.function for calls in self.calls for call in calls}
        functions = [name for name in called if name.partition(".")[0] in self._modules]
        return (*self._modules, *sorted(functions))


def lendable(cases: ProblemCases, books: Sequence[Casebook]) -> Loan | None:
    """A loan for the cases of a problem, without a lack yet; None if nothing can be lent."""
    problem = cases.problem
    calls = []
    for book in books:
        lesson = book.lesson(problem.lesson)
        recorded = lesson.lent(problem.name)
        for number, case in enumerate(lesson.cases_of(problem)):
            if number not in recorded:
                return None
            calls.append(unpacked(recorded[number], case.inputs))
    return Loan(cases, tuple(calls))


def lend(
    course: Course,
    books: Sequence[Casebook],
    papers: Sequence[ProblemCases],
    sheets: dict[str, Sheet],
    public: Sitting,
) -> dict[str, Loan]:
    """Have sat again, over what is lent, the problems that lack something of an earlier set.

    Their sheets are replaced. What else one lacks may show only then, and is lent too.
    """
    loans: dict[str, Loan] = {}
    waiting = list(papers)
    while waiting:
        asked = {}
        for cases in waiting:
            name = cases.problem.name
            lack = lack_behind(course, cases.problem, sheets.get(name))
            if lack is None:
                continue
            loan = loans.get(name) or lendable(cases, books)
            longer = loan and loan.with_another(lack)
            if longer:
                asked[name] = longer
        again = public.sit([loan.questions(hidden=False) for loan in asked.values()])
        sheets |= again
        loans |= {name: asked[name] for name in again}
        waiting = [asked[name].cases for name in again]
    return loans


def lack_behind(course: Course, problem: Problem, sheet: Sheet | None) -> Lack | None:
    """What of an earlier set is not there yet, if that is why there is no answer."""
    fault = sheet.fault if sheet else None
    earlier = course.earlier_than(problem.lesson)
    module = _file_behind(fault, earlier)
    if fault is None or module is None:
        return None
    what = f"recurrent/{module}.py"
    for function in sorted({problem.of for problem in lessons.lesson(module).problems}):
        if re.search(rf"\b{re.escape(function)}\b", fault.text):
            what = f"{function} of {what}"
            break
    return Lack(module, earlier[module], what, _state(fault, module))


def _file_behind(fault: Fault | None, earlier: Collection[str]) -> str | None:
    """Which of these files a fault comes from, as one that is missing or unfinished; None if none.

    A text may be whatever a student's code says. That is no danger: what is lent gives nothing
    away that the right file would not.
    """
    if fault is None:
        return None
    text = fault.text
    if fault.kind in UNFINISHED:
        text = f"{text} {fault.location}"
    elif fault.kind != "raised":
        return None
    for module in earlier:
        if re.search(rf"\b(recurrent\.{module}\b|{module}\.py\b)", text):
            return module
    return None


def _state(fault: Fault, module: str) -> str:
    if fault.kind == "todo":
        return "still to do"
    if fault.kind == "import" and fault.location.startswith(f"{module}.py"):
        return "impossible to import"
    return "missing"


def with_lacks(result: Result, problem: Problem, lacks: Sequence[Lack]) -> Result:
    """The result of a problem with a sentence, first of all, that says what was lent."""
    they = "it was" if len(lacks) == 1 else "they were"
    text = f"{_needs(problem, lacks)}: {they} lent, so that this is graded by itself"
    if result.decision.status in ("partial", "failed"):
        text += " (called with anything but what is right here, what is lent gives NaN)"
    findings = (Finding("runs", text, good=True), *result.verdict.findings)
    return replace(result, verdict=replace(result.verdict, findings=findings))


def with_cost(result: Result, problem: Problem, lack: Lack, lend: bool) -> Result:
    """The result of a problem with a sentence of what it cost that something is not there.

    lend: it would have been lent, if it could be.
    """
    verdict = result.verdict
    lost = verdict.max_score - verdict.score
    points = "1 point hangs" if lost == 1 else f"{lost:g} points hang"
    text = f"{_needs(problem, [lack])}: {points} on it"
    if lend:
        text += ", and it cannot be lent here"
    first, rest = verdict.findings[:1], verdict.findings[1:]
    findings = (*first, Finding("runs", text), *rest)
    return replace(result, verdict=replace(verdict, findings=findings))


def _needs(problem: Problem, lacks: Sequence[Lack]) -> str:
    """`stacked_forward needs recurrent/rnn.py (set recurrence), which is missing`."""
    by_state: dict[str, list[str]] = {}
    for lack in lacks:
        by_state.setdefault(lack.state, []).append(f"{lack.what} (set {lack.set})")
    parts = []
    for state, needed in by_state.items():
        verb = "is" if len(needed) == 1 else "are"
        parts.append(f"{' and '.join(needed)}, which {verb} {state}")
    return f"{problem.of} needs {'; '.join(parts)}"
