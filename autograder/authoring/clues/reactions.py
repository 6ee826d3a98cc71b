"""Reactions: which part of which output of the reference reacts to which part of which input."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any

import numpy as np

from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.variants import Variant, imported
from autograder.clues import Part
from autograder.judge.experiments.known import kept
from autograder.judge.experiments.measure import (
    Measured,
    Run,
    at_random,
    changeable,
    changed,
    measure,
    rows_of,
)
from autograder.judge.experiments.parts import parts, view
from autograder.judge.experiments.proportion import doubled, upstream_of
from autograder.problem import Arrays, Case, Lesson, Problem

MOST_RUNS, MOST_LINES = 400, 60_000
"""Runs of a probe that the experiments on one problem may take, and lines of the reference that run
in all of them: about 5 microseconds each, where numpy works on small arrays.
"""

MOST_LINES_TORCH = 3000
"""The same, where a line takes twenty times as long."""


MORE_TRIES = 8
"""Ways in which the reference is asked again about what did not react."""


def reactions(
    answers: Answers, lesson: Lesson, cases: Mapping[str, Sequence[Case]]
) -> dict[str, Part]:
    """Problem -> its reactions, for `judge.experiments`. cases: the public ones of each problem."""
    most_lines = MOST_LINES if lesson.backend == "numpy" else MOST_LINES_TORCH
    found = {}
    with imported(answers.sources) as reference:
        for problem in lesson.problems:
            part = _reactions(problem, reference, cases[problem.name], most_lines)
            if part is not None:
                found[problem.name] = part
    return found


def _reactions(
    problem: Problem, reference: Variant, cases: Sequence[Case], most_lines: int
) -> Part | None:
    if problem.finish is not None:
        return None  # many right answers, which react in many ways
    case = chosen(problem, cases)
    lines = max(1, lines_run(problem, reference, case.inputs))
    finely = affordable(problem, case.inputs, min(MOST_RUNS, most_lines // lines))
    shapes = {tensor.name: case.expected[tensor.name].shape for tensor in problem.gives}
    shapes = {name: shape for name, shape in shapes.items() if 0 not in shape}

    def run(inputs: Arrays, name: str, stack: np.ndarray) -> Arrays | None:
        return _answers(problem, reference, inputs, name, stack)

    measured = measure(problem, case.inputs, run, finely, shapes)
    if measured is None or not measured.steady:
        return None
    _without_accidents(problem, case.inputs, run, finely, measured)
    upstream = upstream_of(problem)
    proportional: list[str] = []
    if upstream:
        twice = doubled(case.inputs, upstream, run, measured.base)
        proportional = [output for output, is_twice in twice.items() if is_twice]
    return kept(case.name, finely, measured, upstream, proportional)


def _without_accidents(
    problem: Problem, inputs: Arrays, run: Run, finely: Mapping[str, bool], measured: Measured
) -> None:
    """Take back that what reacts to some other move never reacts.

    The largest of some numbers stays the largest while they are moved a little.
    """
    reactions = measured.reactions
    gives = {tensor.name: tensor for tensor in problem.gives}
    for tensor in problem.takes:
        mine = [output for output, name in reactions if name == tensor.name]
        if not mine:
            continue
        for number, part in enumerate(parts(problem, tensor, inputs, finely[tensor.name])):
            if not any(reactions[output, tensor.name].no[number].any() for output in mine):
                continue
            stack = at_random(problem, tensor, inputs, part, MORE_TRIES)
            for row in stack[1:]:  # one by one: not every one may be borne
                answers = run(inputs, tensor.name, np.stack([stack[0], row])) or {}
                for output in set(mine) & answers.keys():
                    seen = view(problem, gives[output]).shape(answers[output].shape[1:])
                    never = changed(answers[output])[1][0].reshape(seen)
                    reactions[output, tensor.name].no[number] &= never


def chosen(problem: Problem, cases: Sequence[Case]) -> Case:
    """The case that is tried: axes longer than 1 and of different lengths first, then the smallest.

    Only cases of declared sizes are drawn without anything special about them.
    """

    def badness(case: Case) -> tuple[int, int, int]:
        lengths = list(case.sizes.values())
        ones, equal = lengths.count(1), len(lengths) - len(set(lengths))
        size = sum(value.size for value in case.inputs.values())
        return ones, equal, size

    return min(cases[: len(problem.sizes)], key=badness)


def affordable(problem: Problem, inputs: Arrays, most: int) -> dict[str, bool]:
    """The inputs that are changed, and whether part by part, in no more runs than `most`.

    All are changed as a whole before one is changed part by part, and first those that take fewest.
    """
    tensors = {tensor.name: tensor for tensor in changeable(problem, inputs)}
    chosen: dict[str, bool] = {}
    left = most
    for name, tensor in tensors.items():
        runs = rows_of(problem, tensor, inputs, finely=False)
        if runs <= left:
            chosen[name] = False
            left -= runs
    more = {}
    for name in chosen:
        both = [rows_of(problem, tensors[name], inputs, finely) for finely in (True, False)]
        more[name] = both[0] - both[1]
    for name in sorted(more, key=lambda name: more[name]):
        if more[name] <= left:
            chosen[name] = True
            left -= more[name]
    return chosen


def lines_run(problem: Problem, reference: Variant, inputs: Arrays) -> int:
    """How many lines of the reference run for one answer: the same number at every build."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if not frame.f_globals.get("__name__", "").startswith(reference.name):
            return None
        count += event == "line"
        return trace

    first = problem.takes[0].name
    reference.module(problem.lesson)  # what runs when it is imported is not counted
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        _answers(problem, reference, inputs, first, inputs[first][None])
    finally:
        sys.settrace(before)
    return count


def _answers(
    problem: Problem, reference: Variant, inputs: Arrays, name: str, stack: np.ndarray
) -> Arrays | None:
    """The reference's outputs for each row of the stack; None where it does not bear one."""
    rows: list[Arrays] = []
    for value in stack:
        given = {other: array.copy() for other, array in inputs.items()} | {name: value.copy()}
        try:
            with np.errstate(all="ignore"):
                outputs = problem.probe(reference.module(problem.lesson), **given)
            rows.append({output: np.asarray(array) for output, array in outputs.items()})
        except Exception:  # not every input may be changed in every way
            return None
    together = {}
    for output in rows[0]:
        if len({row[output].shape for row in rows}) == 1:
            together[output] = np.stack([row[output] for row in rows])
    return together
