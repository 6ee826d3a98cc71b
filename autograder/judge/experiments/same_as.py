"""A wrong output that is another expected output, or an input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from autograder.compare import equal
from autograder.judge.attempt import Attempt
from autograder.judge.evidence import Observation
from autograder.problem import Case

FEWEST = 3
"""Numbers of which one is no accident."""


def same_as(attempt: Attempt, wrong: Mapping[str, tuple[int, ...]]) -> list[Observation]:
    """What wrong outputs are in truth, on every public case, and those that are exchanged first."""
    results = [tensor.name for tensor in attempt.problem.gives]
    is_other: dict[str, str] = {}
    is_input: dict[str, str] = {}
    for output in wrong:
        if output not in results:
            continue
        for other in results:
            if other != output and _everywhere(attempt, output, other, expected=True):
                is_other.setdefault(output, other)
        for tensor in attempt.problem.takes:
            if _everywhere(attempt, output, tensor.name, expected=False):
                is_input.setdefault(output, tensor.name)
    found = []
    for outputs, text in _sentences(is_other, is_input):
        found.append(Observation(outputs, text, 2))
    return found


def _sentences(
    is_other: Mapping[str, str], is_input: Mapping[str, str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for output, other in is_other.items():
        if is_other.get(other) != output:
            yield (output,), f"what you return as {output} is what {other} should be"
        elif output < other:
            yield (output, other), f"{output} and {other} are exchanged"
    for output, name in is_input.items():
        if output not in is_other:
            yield (output,), f"what you return as {output} is {name} itself"


def _everywhere(attempt: Attempt, output: str, other: str, expected: bool) -> bool:
    """Whether an output is another expected output or an input on every public case.

    A case in which the two should be the same, or hardly hold a number, tells nothing: one at least
    must tell.
    """
    tells = False
    for case, reply in attempt.pairs():
        if case.hidden:
            continue
        got = reply.outputs.get(output)
        is_it = (case.expected if expected else case.inputs)[other]
        if not equal(attempt.problem, got, is_it):
            return False
        tells = tells or _tells(attempt, case, output, is_it)
    return tells


def _tells(attempt: Attempt, case: Case, output: str, is_it: np.ndarray) -> bool:
    if is_it.dtype.kind != "f" or len(np.unique(is_it)) < FEWEST:
        return False
    return not equal(attempt.problem, case.expected[output], is_it)
