"""Which misconceptions give exactly these results: the student's outputs against frozen ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.compare import close, equal
from autograder.judge.attempt import Attempt
from autograder.judge.evidence import Candidate
from autograder.judge.telling import tells
from autograder.problem import Case, Problem

SAME = 10
"""How many times as far apart as equal numbers those of a constant may be."""


def fitting(attempt: Attempt) -> tuple[Candidate, ...]:
    """The misconceptions that give all outputs of all cases, in the casebook's order."""
    found = []
    asked = _asked(attempt)
    for misconception in _seen_in(attempt.cases):
        if all(_fits_case(attempt, misconception, number) for number in asked):
            outputs = [tensor.name for tensor in attempt.problem.outputs]
            found.append(_candidate(attempt, misconception, outputs))
    return tuple(found)


def fitting_output(attempt: Attempt, output: str) -> tuple[Candidate, ...]:
    """The misconceptions that give one output on every case, those that change least first.

    Two mistakes at once are found this way. Of two misconceptions that explain one tensor, the one
    that changes fewer says more.
    """
    found = []
    for misconception in _seen_in(attempt.cases):
        if _fits_output(attempt, misconception, output):
            found.append(_candidate(attempt, misconception, [output]))
    found.sort(key=lambda candidate: _breadth(candidate.misconception, attempt.cases))
    return tuple(found)


def fitting_forward(attempt: Attempt, output: str) -> tuple[Candidate, ...]:
    """The misconceptions of the forward pass of whose derivative one gradient is, on every case.

    Where a misconception does not change the gradient, that is the true one.
    """
    found = []
    for misconception in _seen_in(attempt.cases):
        if _fits_derivative(attempt, misconception, output):
            found.append(_candidate(attempt, misconception, [output]))
    return tuple(found)


def effortless_outputs(attempt: Attempt) -> frozenset[str]:
    """The outputs that nobody has to work for.

    Those are a constant, an argument as it came, a lone count, and what public answers that were
    learnt by heart are right for. "The same" is far wider than what counts as equal, so that noise
    around a constant is still one.
    """
    effortless = set()
    for tensor in attempt.problem.outputs:
        answers = [reply.outputs.get(tensor.name) for reply in attempt.replies]
        given = [answer for answer in answers if answer is not None]
        if sum(answer.size for answer in given) == 1:
            continue  # a lone number on a lone case, which cannot be told from a constant
        if (
            _is_constant(attempt.problem, given)
            or _is_an_argument(attempt, tensor.name)
            or (not tensor.axes and _is_count(given))
            or _is_learnt(attempt, tensor.name)
        ):
            effortless.add(tensor.name)
    return frozenset(effortless)


def _is_constant(problem: Problem, answers: Sequence[np.ndarray]) -> bool:
    """Whether every number of every answer is the same; NaN and infinity aside."""
    constant = np.zeros(0)
    for answer in answers:
        finite = answer[np.isfinite(answer)].astype(float)
        if not constant.size:
            constant = finite[:1]
        if not close(finite, constant, SAME * problem.rtol, SAME * problem.atol).all():
            return False
    return True


def _is_count(answers: Sequence[np.ndarray]) -> bool:
    """Whether all numbers are whole: a count is easily right without what was to be counted."""
    return all(bool((answer == np.round(answer)).all()) for answer in answers)


def _is_learnt(attempt: Attempt, output: str) -> bool:
    """Whether every hidden case, of which there are some, has the answer of a public one."""
    public: list[np.ndarray] = []
    hidden: list[np.ndarray] = []
    for case, reply in attempt.pairs():
        answer = reply.outputs.get(output)
        if answer is not None:
            (hidden if case.hidden else public).append(answer)
    for answer in hidden:
        if not any(_equal_in_common(attempt.problem, answer, known) for known in public):
            return False
    return bool(hidden)


def _equal_in_common(problem: Problem, one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays of perhaps different lengths are equal as far as both go."""
    if one.ndim != other.ndim:
        return False
    common = tuple(slice(min(lengths)) for lengths in zip(one.shape, other.shape, strict=True))
    return equal(problem, one[common], other[common])


def _is_an_argument(attempt: Attempt, output: str) -> bool:
    """Whether an output is the same argument on every case."""
    for argument in attempt.cases[0].inputs:
        pairs = [
            (reply.outputs.get(output), case.inputs[argument]) for case, reply in attempt.pairs()
        ]
        if all(equal(attempt.problem, got, given) for got, given in pairs):
            return True
    return False


def _asked(attempt: Attempt) -> list[int]:
    """The numbers of the cases that were run: without an answer to a public one, none is hidden."""
    numbers = range(len(attempt.cases))
    public = [number for number in numbers if not attempt.cases[number].hidden]
    silent = any(attempt.replies[number].fault is not None for number in public)
    return public if silent else list(numbers)


def _candidate(attempt: Attempt, misconception: str, outputs: Sequence[str]) -> Candidate:
    """A misconception that fits these outputs, and whether they are enough to know it by."""
    problem = attempt.advice[misconception].problem
    only_raises = all(misconception in case.raises for case in attempt.cases)
    telling = tells(attempt, misconception, outputs)
    return Candidate(misconception, problem, only_raises, telling)


def _seen_in(cases: Sequence[Case]) -> list[str]:
    """The misconceptions that some case can see, in the casebook's order."""
    seen: dict[str, None] = {}
    for case in cases:
        seen |= dict.fromkeys(case.by_misconception)
        seen |= dict.fromkeys(case.raises)
        seen |= dict.fromkeys(case.by_forward)
    return list(seen)


def _fits_case(attempt: Attempt, misconception: str, number: int) -> bool:
    case, fault = attempt.cases[number], attempt.replies[number].fault
    if misconception in case.raises:
        if fault is None:
            return False
        # Of a hidden case that was not answered, the exception's name is not heard.
        return fault.kind == "silent" or fault.error == case.raises[misconception]
    if fault is not None:
        return False
    return all(_same(attempt, misconception, number, output) for output in case.expected)


def _fits_output(attempt: Attempt, misconception: str, output: str) -> bool:
    """Whether one output is what the misconception gives on every case, and wrong on some."""
    changes_it = any(
        output in case.by_misconception.get(misconception, {}) for case in attempt.cases
    )
    if not changes_it:
        return False
    for number, case in enumerate(attempt.cases):
        if misconception in case.raises:
            return False
        if not _same(attempt, misconception, number, output):
            return False
    return True


def _fits_derivative(attempt: Attempt, misconception: str, output: str) -> bool:
    """Whether one output is the derivative of a wrong forward pass on every case that has one."""
    problem, some_known, without = attempt.problem, False, []
    # Those that have one come first: nearly all differ on the first of them.
    for number, case in enumerate(attempt.cases):
        derivative = case.by_forward.get(misconception, {}).get(output)
        if derivative is None:
            without.append(number)
        elif not np.isnan(derivative).all():  # a forward pass may have no derivative there
            if not equal(problem, attempt.sketched(number, output), derivative):
                return False
            some_known = True
    if not some_known:
        return False
    for number in without:
        got, want = attempt.replies[number].outputs.get(output), attempt.cases[number].expected
        if not equal(problem, got, want[output]):
            return False
    return True


def _breadth(misconception: str, cases: Sequence[Case]) -> int:
    """How many outputs a misconception changes."""
    changed: set[str] = set()
    for case in cases:
        changed |= case.by_misconception.get(misconception, {}).keys()
    return len(changed)


def _same(attempt: Attempt, misconception: str, number: int, output: str) -> bool:
    """Whether one output of one case is what the misconception gives."""
    problem, case = attempt.problem, attempt.cases[number]
    kept = case.by_misconception.get(misconception, {})
    want = kept.get(output, case.expected[output])
    if output in kept and not case.keeps_whole(output):
        got = attempt.sketched(number, output)
    else:
        got = attempt.replies[number].outputs.get(output)
    if got is None or got.shape != want.shape:
        return False
    near = close(got, want, problem.rtol, problem.atol)
    if got.dtype.kind == want.dtype.kind == "f":
        # A mistake may lead to NaN; there, and only there, NaN is what is looked for.
        near = near | (np.isnan(got) & np.isnan(want))
    return bool(near.all())
