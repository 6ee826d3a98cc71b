"""Reactions: which part of which output of the reference reacts to which part of which input."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

import numpy as np

from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.variants import Variant, imported
from autograder.clues import Part
from autograder.judge.experiments.known import kept
from autograder.judge.experiments.measure import (
    MORE_TRIES,
    Measured,
    Run,
    at_random,
    changeable,
    changed,
    is_straight,
    measure,
    rows_of,
)
from autograder.judge.experiments.parts import WHOLE, parts, view
from autograder.judge.experiments.proportion import doubled, upstream_of
from autograder.problem import Arrays, Case, Lesson, Problem

MOST_RUNS, MOST_LINES = 400, 60_000
"""Runs of a probe that the experiments on one problem may take, and lines of the reference that run
in all of them: about 5 microseconds each, where numpy works on small arrays.
"""

MOST_LINES_TORCH = 3000
"""The same, where a line takes twenty times as long."""


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
    if any(case.expected[tensor.name].dtype.kind != "f" for tensor in problem.gives):
        return None  # what is chosen among others does not react for a while, and then it leaps
    lines = max(1, lines_run(problem, reference, case.inputs))
    finely = affordable(problem, case.inputs, min(MOST_RUNS, most_lines // lines))
    shapes = {tensor.name: case.expected[tensor.name].shape for tensor in problem.gives}
    shapes = {name: shape for name, shape in shapes.items() if 0 not in shape}

    def run(inputs: Arrays, name: str, stack: np.ndarray) -> Arrays | None:
        return _answers(problem, reference, inputs, name, stack)

    measured = measure(problem, case.inputs, run, finely, shapes)
    if measured is None or not measured.steady:
        return None
    if _is_fickle(problem, case.inputs, run, finely, measured):
        return None
    measured = _surely_affine(problem, case.inputs, run, measured)
    upstream = upstream_of(problem)
    proportional: list[str] = []
    if upstream:
        twice = doubled(case.inputs, upstream, run, measured.base)
        proportional = [output for output, is_twice in twice.items() if is_twice]
    return kept(case.name, finely, measured, upstream, proportional)


def _is_fickle(
    problem: Problem, inputs: Arrays, run: Run, finely: Mapping[str, bool], measured: Measured
) -> bool:
    """Whether something that did not react does to another move.

    The largest of some numbers stays the largest while they are moved a little.
    """
    gives = {tensor.name: tensor for tensor in problem.gives}
    for tensor in problem.takes:
        mine = [output for output, name in measured.reactions if name == tensor.name]
        if not mine:
            continue
        for number, part in enumerate(parts(problem, tensor, inputs, finely[tensor.name])):
            silent = {output: measured.reactions[output, tensor.name].no[number] for output in mine}
            if not any(no.any() for no in silent.values()):
                continue
            stack = at_random(problem, tensor, inputs, part, MORE_TRIES)
            for row in stack[1:]:  # one by one: not every one may be borne
                answers = run(inputs, tensor.name, np.stack([stack[0], row])) or {}
                for output in silent.keys() & answers.keys():
                    seen = view(problem, gives[output]).shape(answers[output].shape[1:])
                    does = changed(answers[output])[0][0].reshape(seen)
                    if (silent[output] & does).any() and tensor.values != "?":
                        return True
                    # A mask can only be turned over as a whole.
                    measured.reactions[output, tensor.name].no[number] &= ~does
    return False


def _surely_affine(problem: Problem, inputs: Arrays, run: Run, measured: Measured) -> Measured:
    """What is known of straight lines, where another one says the same."""
    reactions = dict(measured.reactions)
    takes = {tensor.name: tensor for tensor in problem.takes}
    for (output, name), reaction in measured.reactions.items():
        if reaction.affine is not None:
            value, other = at_random(problem, takes[name], inputs, WHOLE, 1)
            answers = run(inputs, name, np.stack([value, other, 2 * value - other])) or {}
            again = is_straight(*answers[output]) if output in answers else None
            if again is not reaction.affine:
                reactions[output, name] = replace(reaction, affine=None)
    return replace(measured, reactions=reactions)


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
