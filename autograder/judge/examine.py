"""Stage one: find out everything about an attempt, once. The only stage that asks the worker."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.compare import wrong_tensors
from autograder.judge import matching
from autograder.judge.attempt import Ask, Attempt
from autograder.judge.evidence import Candidate, Evidence, OwnForward
from autograder.judge.own_forward import agrees_with_own_forward

WrongOutputs = Mapping[str, tuple[int, ...]]


def examine(attempt: Attempt, ask: Ask) -> Evidence:
    """All that decides about an attempt. `ask` is called for wrong gradients only."""
    wrong = _wrong_outputs(attempt)
    faulty = [number for number, reply in enumerate(attempt.replies) if reply.fault is not None]
    if not wrong and not faulty:
        return Evidence(attempt.problem)

    # A fault on a public case is told whole, so it comes before one on a hidden case.
    faulty.sort(key=lambda number: attempt.cases[number].hidden)
    fits = matching.fitting(attempt)
    shown = _case_to_show(attempt, wrong)
    return Evidence(
        attempt.problem,
        wrong=wrong,
        shown=shown,
        fault=attempt.replies[faulty[0]].fault if faulty else None,
        fault_is_hidden=bool(faulty) and attempt.cases[faulty[0]].hidden,
        fits=fits,
        fits_output={} if fits else _fits_by_output(attempt, wrong),
        own_forward={} if faulty else _own_forward(attempt, wrong, shown, ask),
    )


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
    candidates = {output: matching.fitting_output(attempt, output) for output in wrong}
    return {output: fitting for output, fitting in candidates.items() if fitting}


def _own_forward(
    attempt: Attempt, wrong: WrongOutputs, shown: int, ask: Ask
) -> dict[str, OwnForward]:
    """Each wrong gradient against the derivative of the student's own forward pass."""
    problem = attempt.problem
    if not problem.gradient_of:
        return {}

    def agrees(number: int, output: str) -> bool | None:
        case, got = attempt.cases[number], attempt.replies[number].outputs.get(output)
        if got is None:
            return None
        return agrees_with_own_forward(problem, case, output, got, ask)

    found = {}
    for output in wrong:
        on_shown_case = agrees(shown, output)
        # Most wrong gradients disagree on the first case: then the others need not be asked for.
        # A loss that returns its own gradients has no earlier forward pass to follow from.
        others = on_shown_case and problem.gradient_of != problem.name
        everywhere = bool(others) and all(
            agrees(number, output) for number in range(len(attempt.cases)) if number != shown
        )
        found[output] = OwnForward(on_shown_case, everywhere)
    return found
