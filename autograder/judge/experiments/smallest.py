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


MOST_CASES = 3
"""Awkward cases that are named where only they are wrong."""


def smallest_failing(attempt: Attempt, wrong: Mapping[str, tuple[int, ...]]) -> list[Observation]:
    """Which public cases are wrong, where one condition tells them from those that are right.

    Of the outputs, that is said of which there are most.
    """
    groups: dict[str, list[str]] = {}
    for tensor in attempt.problem.gives:
        if tensor.name in wrong and _is_of_right_shape(attempt, tensor.name):
            where = _where(attempt, tensor.name, wrong[tensor.name])
            groups.setdefault(where, []).append(tensor.name)
    groups.pop("", None)
    if not groups:
        return []
    where, outputs = max(groups.items(), key=lambda group: len(group[1]))
    verb, their = ("is", "its") if len(outputs) == 1 else ("are", "their")
    text = f"{listed(outputs)} {verb} {where.format(their=their)}"
    return [Observation(tuple(outputs), text, LEVEL)]


def _is_of_right_shape(attempt: Attempt, output: str) -> bool:
    """Whether an output has its shape on all public cases: else that is what is wrong with it."""
    for case, reply in attempt.pairs():
        got = reply.outputs.get(output)
        if not case.hidden and (got is None or got.shape != case.expected[output].shape):
            return False
    return True


def _differ(value: np.ndarray) -> bool:
    """Whether not all numbers are the same; a lone number may be anything but 0."""
    if value.size == 1:
        return bool(value.any())
    return bool((value != value.flat[0]).any())


def _where(attempt: Attempt, output: str, wrong: Collection[int]) -> str:
    """`wrong only where N = 1`, `right only where T = 1`, or the one wrong case by its name.

    Cases that tell nothing are those in which all numbers of the output should be the same: they
    are easily right.
    """
    public = [number for number, case in enumerate(attempt.cases) if not case.hidden]
    telling = [n for n in public if n in wrong or _differ(attempt.cases[n].expected[output])]
    cases = [attempt.cases[number] for number in telling]
    is_wrong = [number in wrong for number in telling]
    if all(is_wrong) or not any(is_wrong):
        return ""
    text = _common(attempt.problem, cases, is_wrong)
    if text:
        return f"wrong only on the public cases where {text} ({sum(is_wrong)} of {len(public)})"
    text = _common(attempt.problem, cases, [not one for one in is_wrong])
    if text:
        others = " and on those where all {their} expected numbers are equal"
        others = others if len(telling) < len(public) else ""
        return f"right only on the public cases where {text}{others}"
    names = [case.name for case, one in zip(cases, is_wrong, strict=True) if one]
    if len(names) == 1:
        return f"wrong only in the case {names[0]}"
    edges = {edge.__name__ for edge in attempt.problem.edges}
    if len(names) <= MOST_CASES and edges.issuperset(names):
        return f"wrong only in the cases {listed(names)}"
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
