"""Stage one: find out everything about an attempt, once.

`inquire` is what asks the worker, while public cases are run; `examine` asks nobody.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.compare import wrong_tensors
from autograder.judge import matching
from autograder.judge.attempt import Ask, Attempt
from autograder.judge.evidence import (
    NOTHING_ASKED,
    Asked,
    Candidate,
    Evidence,
    Observation,
    OwnForward,
)
from autograder.judge.experiments import experiments
from autograder.judge.near_miss import near_misses
from autograder.judge.only_said import only_said
from autograder.judge.own_forward import agrees_with_own_forward

WrongOutputs = Mapping[str, tuple[int, ...]]


def inquire(attempt: Attempt, ask: Ask) -> Asked:
    """What asking the student's code says of what is wrong in public.

    attempt: of public cases alone, since nothing hidden has been run by then.
    """
    wrong = _wrong_outputs(attempt)
    if not wrong or any(reply.fault is not None for reply in attempt.replies):
        return NOTHING_ASKED
    shown = _case_to_show(attempt, wrong)
    own_forward = _own_forward(attempt, wrong, shown, ask)
    if any(_is_known(candidate) for candidate in matching.fitting(attempt)):
        return Asked(own_forward)  # what a known mistake explains needs no experiments
    return Asked(own_forward, experiments(attempt, wrong, shown, ask))


def examine(attempt: Attempt, asked: Asked = NOTHING_ASKED) -> Evidence:
    """All that decides about an attempt. asked: from `inquire`, where somebody could be asked."""
    wrong = _wrong_outputs(attempt)
    faulty = [number for number, reply in enumerate(attempt.replies) if reply.fault is not None]
    if not wrong and not faulty:
        return Evidence(attempt.problem, is_open=attempt.is_open)

    # A fault on a public case is told whole, so it comes before one on a hidden case.
    faulty.sort(key=lambda number: attempt.cases[number].hidden)
    fits = matching.fitting(attempt)
    told = any(candidate.telling for candidate in fits)
    if attempt.problem.question is not None:
        # One number: there is no output by itself, no edit and no experiment that could be told.
        return Evidence(
            attempt.problem,
            wrong=wrong,
            shown=_case_to_show(attempt, wrong),
            fault=attempt.replies[faulty[0]].fault if faulty else None,
            fault_is_hidden=bool(faulty) and attempt.cases[faulty[0]].hidden,
            fits=fits,
        )
    return Evidence(
        attempt.problem,
        wrong=wrong,
        shown=_case_to_show(attempt, wrong),
        fault=attempt.replies[faulty[0]].fault if faulty else None,
        fault_is_hidden=bool(faulty) and attempt.cases[faulty[0]].hidden,
        fits=fits,
        fits_output={} if told else _fits_by_output(attempt, wrong),
        fits_forward={} if faulty else _fits_forward(attempt, wrong),
        effortless=frozenset() if faulty else matching.effortless_outputs(attempt),
        near_misses=() if faulty or told else _near_misses(attempt, wrong),
        asked=asked,
    )


def _is_known(candidate: Candidate) -> bool:
    """Whether the mistake will be named, unless a hidden case has other results."""
    return candidate.telling and not candidate.only_raises


def _near_misses(attempt: Attempt, wrong: WrongOutputs) -> tuple[Observation, ...]:
    return only_said(lambda: near_misses(attempt, wrong)) or ()


def _wrong_outputs(attempt: Attempt) -> WrongOutputs:
    """Output -> the numbers of the cases in which it is wrong, in the signature's order."""
    numbers: dict[str, list[int]] = {tensor.name: [] for tensor in attempt.problem.outputs}
    for number, (case, reply) in enumerate(attempt.pairs()):
        for output in wrong_tensors(attempt.problem, reply.outputs, case.expected):
            numbers[output].append(number)
    return {output: tuple(where) for output, where in numbers.items() if where}


def _case_to_show(attempt: Attempt, wrong: WrongOutputs) -> int:
    """The first public case in which something is wrong; the first public case if none is."""
    public = [number for number, case in enumerate(attempt.cases) if not case.hidden]
    for number in public:
        if any(number in numbers for numbers in wrong.values()):
            return number
    return public[0]


def _fits_by_output(attempt: Attempt, wrong: WrongOutputs) -> dict[str, tuple[Candidate, ...]]:
    asked = list(wrong)
    if not _well_formed(attempt):
        # of what is no array of the right shape, no property tells anything
        properties = {tensor.name for tensor in attempt.problem.holds}
        asked = [output for output in wrong if output not in properties]
    candidates = {output: matching.fitting_output(attempt, output) for output in asked}
    return {output: fitting for output, fitting in candidates.items() if fitting}


def _well_formed(attempt: Attempt) -> bool:
    """Whether every result of every case is an array of the right shape."""
    for case, reply in attempt.pairs():
        for tensor in attempt.problem.gives:
            got = reply.outputs.get(tensor.name)
            if got is None or got.shape != case.expected[tensor.name].shape:
                return False
    return True


def _fits_forward(attempt: Attempt, wrong: WrongOutputs) -> dict[str, tuple[Candidate, ...]]:
    candidates = {output: matching.fitting_forward(attempt, output) for output in wrong}
    return {output: fitting for output, fitting in candidates.items() if fitting}


def _own_forward(
    attempt: Attempt, wrong: WrongOutputs, shown: int, ask: Ask
) -> dict[str, OwnForward]:
    """Each gradient that is wrong in the message against the student's own forward pass.

    Only a public case is asked about: the student's code sees no other inputs for it, and what it
    answers is said, never paid for.
    """
    problem, case = attempt.problem, attempt.cases[shown]
    if not problem.gradient_of:
        return {}
    found = {}
    for output, numbers in wrong.items():
        got = attempt.replies[shown].outputs.get(output)
        if shown in numbers and got is not None:
            found[output] = agrees_with_own_forward(problem, case, output, got, ask)
    return found
