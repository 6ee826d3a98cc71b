"""Asking a student's code: the same twice, and what reacts to what."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from autograder.judge.attempt import Ask, Attempt
from autograder.judge.evidence import Observation
from autograder.judge.experiments.confirm import confirmed
from autograder.judge.experiments.known import NAME, Known, known
from autograder.judge.experiments.measure import Run, measure, rows_of, same_answer
from autograder.judge.experiments.proportion import doubled
from autograder.judge.experiments.reading import facts
from autograder.judge.experiments.wording import LEVEL, worded
from autograder.problem import Arrays, Case
from autograder.wording import listed

SECONDS = 2.0
"""For all runs of one problem, as a few of them foretell: code that is slower is left alone.

Usual code takes a tenth of it, and less. Nothing hangs on it but whether something is said.
"""

TRIED = 3
"""Runs that are made together, and how often, to foretell all others."""


def asked_twice(
    attempt: Attempt, results: Sequence[str], shown: int, ask: Ask
) -> list[Observation]:
    """That the same question has two answers, where it has."""
    case = attempt.cases[shown]
    stacked = _runner(attempt, ask)(case.inputs, *_unchanged(attempt, case))
    if stacked is None:
        return []
    changing = []
    for output in results:
        rows = stacked.get(output)
        if rows is not None and not all(same_answer(rows[0], row) for row in rows):
            changing.append(output)
    if not changing:
        return []
    text = (
        f"two calls with the same arguments give a different {listed(changing)}: something is kept "
        "from one call to the next, or drawn anew"
    )
    return [Observation(tuple(changing), text, 1)]


def reactions(attempt: Attempt, results: Sequence[str], ask: Ask) -> list[Observation]:
    """Which outputs react to which inputs in another way than they should."""
    problem = attempt.problem
    reference = known(problem, attempt.cases, attempt.clues.part(NAME))
    if reference is None or not results:
        return []
    case = next(case for case in attempt.cases if case.name == reference.case)
    run = _runner(attempt, ask)
    if _takes_too_long(attempt, case, reference, run):
        return []
    shapes = {output: case.expected[output].shape for output in results}
    measured = measure(problem, case.inputs, run, reference.finely, shapes)
    if measured is None or not measured.steady:
        return []
    found = facts(problem, case, reference, measured, results)
    true = confirmed(problem, case, reference, found, run)
    sentences = worded(true, case.name, reference.inputs_of)
    return _proportion(case, reference, run, measured.base) + sentences


def _runner(attempt: Attempt, ask: Ask) -> Run:
    def run(inputs: Arrays, name: str, stack: np.ndarray) -> Arrays | None:
        reply = ask(attempt.problem, inputs, name, stack)
        return None if reply.fault is not None or reply.odd else reply.outputs

    return run


def _unchanged(attempt: Attempt, case: Case) -> tuple[str, np.ndarray]:
    """An input, and its value as often as is tried."""
    name = attempt.problem.takes[0].name
    return name, np.stack([case.inputs[name]] * TRIED)


def _takes_too_long(attempt: Attempt, case: Case, reference: Known, run: Run) -> bool:
    runs = 0
    for tensor in attempt.problem.takes:
        if tensor.name in reference.finely:
            finely = reference.finely[tensor.name]
            runs += rows_of(attempt.problem, tensor, case.inputs, finely)
    seconds = []
    for _ in range(TRIED):
        start = time.perf_counter()
        run(case.inputs, *_unchanged(attempt, case))
        seconds.append(time.perf_counter() - start)
    return min(seconds) / TRIED * runs > SECONDS  # the fastest: the machine may be busy


def _proportion(case: Case, reference: Known, run: Run, base: Arrays) -> list[Observation]:
    """The gradients that are not twice as large for twice as much from above."""
    if not reference.upstream:
        return []
    is_twice = doubled(case.inputs, reference.upstream, run, base)
    bent = [output for output in reference.proportional if is_twice.get(output) is False]
    if not bent:
        return []
    verb = "is" if len(bent) == 1 else "are"
    text = (
        f"{listed(bent)} {verb} not proportional to {listed(reference.upstream)}: twice the "
        "upstream gradient should give twice the gradient"
    )
    return [Observation(tuple(bent), text, LEVEL)]
