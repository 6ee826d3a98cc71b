"""How long a gradient takes in its large case: differentiated numerically, and derived."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder import gradients, lessons
from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.variants import Variant
from autograder.casebook import Casebook, gathered
from autograder.problem import Case, Problem

RUNS, LONG_ENOUGH = 5, 0.5

FIXED_LOOP = 300_000
FIXED_LOOP_SECONDS = 0.065
"""Processor time of `FIXED_LOOP` steps of Python over numpy arrays where deadlines were chosen."""


def large_cases(books: Sequence[Casebook]) -> Iterator[tuple[Problem, Case]]:
    """Every problem that has a large case in these casebooks, and that case."""
    for problem in lessons.all_problems():
        if problem.large:
            for case in gathered(problem, books).all:
                if case.large:
                    yield problem, case


def numeric_seconds(problem: Problem, case: Case, variant: Variant) -> float:
    """Processor time of central differences by every number, at least.

    That is two forward passes for each, weighed with the upstream gradient.
    """
    forward = lessons.forward_of(problem)
    own = {tensor.name: case.inputs[tensor.name] for tensor in forward.takes}
    module, weights = variant.module(forward.lesson), gradients.upstream(forward, case.inputs)

    def weighed() -> float:
        outputs = forward.probe(module, **own)
        return float(sum((outputs[name] * weight).sum() for name, weight in weights.items()))

    moved = gradients.pairs(problem, forward).values()
    numbers = sum(case.inputs[name].size for name in moved)
    return 2 * numbers * _quickest(weighed)


def derived_seconds(problem: Problem, case: Case, variant: Variant) -> float:
    """Processor time of the probe on the large case."""
    return _quickest(lambda: run_probe(problem, variant, case.inputs))


def pace() -> float:
    """How many times as long as there a fixed loop takes here and now.

    Beside two busy loops a core gives half of itself, and processor time says nothing of that.
    """
    one, other = np.ones(FIXED_LOOP), np.ones(FIXED_LOOP)

    def loop() -> float:
        total = 0.0
        for place in range(FIXED_LOOP):
            total += one[place] * other[place]
        return total

    return _quickest(loop) / FIXED_LOOP_SECONDS


def _quickest(call: Callable[[], object]) -> float:
    """The least processor time of a few calls: what else the machine does only adds to it."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
        if sum(times) > LONG_ENOUGH:
            break
    return min(times)
