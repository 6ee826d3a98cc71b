"""Which misconceptions give exactly these results: the student's outputs against frozen ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.compare import close
from autograder.judge.attempt import Attempt
from autograder.judge.evidence import Candidate
from autograder.problem import Case, Problem, Reply


def fitting(attempt: Attempt) -> tuple[Candidate, ...]:
    """The misconceptions that give all outputs of all cases, in the casebook's order."""
    found = []
    for misconception in _seen_in(attempt.cases):
        if all(_fits_case(attempt.problem, misconception, *pair) for pair in attempt.pairs()):
            found.append(_candidate(attempt, misconception))
    return tuple(found)


def fitting_output(attempt: Attempt, output: str) -> tuple[Candidate, ...]:
    """The misconceptions that give one output on every case, those that change least first.

    Two mistakes at once are found this way. Of two misconceptions that explain one tensor, the one
    that changes fewer says more.
    """
    found = []
    for misconception in _seen_in(attempt.cases):
        if _fits_output(attempt, misconception, output):
            found.append(_candidate(attempt, misconception))
    found.sort(key=lambda candidate: _breadth(candidate.misconception, attempt.cases))
    return tuple(found)


def _candidate(attempt: Attempt, misconception: str) -> Candidate:
    only_raises = all(misconception in case.raises for case in attempt.cases)
    return Candidate(misconception, attempt.advice[misconception].problem, only_raises)


def _seen_in(cases: Sequence[Case]) -> list[str]:
    """The misconceptions that some case can see, in the casebook's order."""
    seen: dict[str, None] = {}
    for case in cases:
        seen |= dict.fromkeys(case.by_misconception)
        seen |= dict.fromkeys(case.raises)
    return list(seen)


def _fits_case(problem: Problem, misconception: str, case: Case, reply: Reply) -> bool:
    if misconception in case.raises:
        return reply.fault is not None and reply.fault.error == case.raises[misconception]
    if reply.fault is not None:
        return False
    return all(_same(problem, misconception, case, reply, output) for output in case.expected)


def _fits_output(attempt: Attempt, misconception: str, output: str) -> bool:
    """Whether one output is what the misconception gives on every case, and wrong on some."""
    changes_it = any(
        output in case.by_misconception.get(misconception, {}) for case in attempt.cases
    )
    if not changes_it:
        return False
    for case, reply in attempt.pairs():
        if misconception in case.raises:
            return False
        if not _same(attempt.problem, misconception, case, reply, output):
            return False
    return True


def _breadth(misconception: str, cases: Sequence[Case]) -> int:
    """How many outputs a misconception changes."""
    changed: set[str] = set()
    for case in cases:
        changed |= case.by_misconception.get(misconception, {}).keys()
    return len(changed)


def _same(problem: Problem, misconception: str, case: Case, reply: Reply, output: str) -> bool:
    """Whether one output of one case is what the misconception gives."""
    want = case.by_misconception.get(misconception, {}).get(output, case.expected[output])
    got = reply.outputs.get(output)
    if got is None or got.shape != want.shape:
        return False
    near = close(got, want, problem.rtol, problem.atol)
    if got.dtype.kind == want.dtype.kind == "f":
        # A mistake may lead to NaN; there, and only there, NaN is what is looked for.
        near = near | (np.isnan(got) & np.isnan(want))
    return bool(near.all())
