"""Where it is wrong: what the cases that are wrong have in common and the others have not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from autograder.judge.attempt import Attempt
from autograder.judge.evidence import Observation
from autograder.problem import Case, Problem
from autograder.wording import listed

LEVEL = 1
"""Of the ladder of hints."""


def smallest_failing(attempt: Attempt, wrong: Mapping[str, tuple[int, ...]]) -> list[Observation]:
    """Which public cases are wrong, where one condition tells them from those that are right.

    Of all wrong outputs together, or else of those that are wrong in the same cases.
    """
    groups: dict[tuple[tuple[int, ...], tuple[int, ...]], list[str]] = {}
    for output in [tensor.name for tensor in attempt.problem.gives if tensor.name in wrong]:
        groups.setdefault(_wrong_and_right(attempt, output, wrong[output]), []).append(output)
    found = []
    for (failing, right), outputs in groups.items():
        where = _where(attempt, failing, right) if failing and right else ""
        if where:
            verb = "is" if len(outputs) == 1 else "are"
            text = f"{listed(outputs)} {verb} {where}"
            found.append(Observation(tuple(outputs), text, LEVEL))
    return found


def _wrong_and_right(
    attempt: Attempt, output: str, wrong: Collection[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The public cases in which an output is wrong, and those in which it is right and tells.

    Zeros are easily right, and ones where there is only one thing to choose.
    """
    failing, right = [], []
    for number, case in enumerate(attempt.cases):
        if case.hidden:
            continue
        if number in wrong:
            failing.append(number)
        elif case.expected[output].any() and _differ(case.expected[output]):
            right.append(number)
    return tuple(failing), tuple(right)


def _differ(value: np.ndarray) -> bool:
    """Whether not all numbers are the same; of a lone number that is not asked."""
    return value.size == 1 or bool((value != value.flat[0]).any())


def _where(attempt: Attempt, failing: Sequence[int], right: Sequence[int]) -> str:
    """`wrong only where N = 1`, `right only where T = 1`, or the one wrong case by its name."""
    numbers = sorted([*failing, *right])
    cases = [attempt.cases[number] for number in numbers]
    is_wrong = [number in failing for number in numbers]
    is_right = [number in right for number in numbers]
    count = f"{len(failing)} of {sum(not case.hidden for case in attempt.cases)} public cases"
    text = _common(attempt.problem, cases, is_wrong)
    if text:
        return f"wrong only where {text} ({count})"
    text = _common(attempt.problem, cases, is_right)
    if text:
        return f"right only where {text}, and wrong in {count}"
    if len(failing) == 1:
        return f"wrong only in the case {attempt.cases[failing[0]].name}"
    return ""


def _common(problem: Problem, cases: Sequence[Case], wanted: Sequence[bool]) -> str:
    """The condition that holds in just the wanted cases, of the simplest kind; empty if none."""
    axes = [axis for axis, holds in _of_one_axis(cases) if list(holds) == list(wanted)]
    if axes:
        return f"{listed(axes)} = 1" if len(axes) == 1 else f"{listed(axes)} are 1"
    zeros = [name for name, holds in _of_zeros(problem, cases) if list(holds) == list(wanted)]
    if zeros:
        return f"{listed(zeros)} {'is' if len(zeros) == 1 else 'are'} all zeros"
    equal = [text for text, holds in _of_two_axes(cases) if list(holds) == list(wanted)]
    return equal[0] if len(equal) == 1 else ""


def _of_one_axis(cases: Sequence[Case]) -> Iterator[tuple[str, list[bool]]]:
    for axis in _axes(cases):
        yield axis, [case.sizes[axis] == 1 for case in cases]


def _of_zeros(problem: Problem, cases: Sequence[Case]) -> Iterator[tuple[str, list[bool]]]:
    for tensor in problem.takes:
        values = [case.inputs[tensor.name] for case in cases]
        if all(value.dtype.kind == "f" for value in values):
            yield tensor.name, [not value.any() for value in values]


def _of_two_axes(cases: Sequence[Case]) -> Iterator[tuple[str, list[bool]]]:
    for one, other in combinations(_axes(cases), 2):
        yield f"{one} = {other}", [case.sizes[one] == case.sizes[other] for case in cases]


def _axes(cases: Sequence[Case]) -> list[str]:
    """The axes that have a length in every case."""
    return [axis for axis in cases[0].sizes if all(axis in case.sizes for case in cases)]
