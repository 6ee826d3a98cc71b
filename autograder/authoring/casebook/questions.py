"""The cases of a question: as many sheets of numbers as there are draws, and the example's before.

The numbers are public, what is right for them is not: a public case has no answer, and nothing that
a misconception would give either.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from autograder.authoring.casebook.variants import BuildError
from autograder.problem import EXAMPLE, SHEETS, Arrays, Case, Problem

MOST_TRIED = 40 * SHEETS
"""Draws after which it is given up to find enough that differ."""


class Answering:
    """Stands for the reference in a probe: its functions are called with a sheet's numbers."""

    def __init__(self, module: ModuleType, numbers: Arrays) -> None:
        self._module, self._numbers = module, numbers

    def __getattr__(self, name: str) -> Callable[..., Any]:
        plain = {one: value.tolist() for one, value in self._numbers.items()}
        return partial(getattr(self._module, name), **plain)


def sheets(problem: Problem, reference: ModuleType, seed: int) -> Iterator[tuple[str, Arrays]]:
    """Name and numbers of every sheet. Raises BuildError for a question that has too few.

    The example's numbers are the defaults of the reference's arguments. So the reference, as it
    stands, answers the example, whoever calls it.
    """
    yield EXAMPLE, example_numbers(problem, reference)
    for number, drawn in enumerate(drawn_numbers(problem, seed), start=1):
        yield f"sheet {number}", drawn


def drawn_numbers(problem: Problem, seed: int) -> Iterator[Arrays]:
    """The numbers of every sheet but the example's, in order. Raises as `sheets` does."""
    assert problem.draw is not None
    rng = np.random.default_rng([seed, zlib.crc32(problem.name.encode())])
    seen: set[bytes] = set()
    for _ in range(MOST_TRIED):
        numbers = {name: np.asarray(value) for name, value in problem.draw(rng, {}).items()}
        key = b" ".join(value.tobytes() for value in numbers.values())
        if key not in seen:
            seen.add(key)
            yield numbers
        if len(seen) == SHEETS:
            return
    raise BuildError(
        f"{problem.name}: only {len(seen)} different draws of its numbers were found, "
        f"{SHEETS} are needed: draw from more"
    )


def example_numbers(problem: Problem, reference: ModuleType) -> Arrays:
    """The numbers of the example. Raises BuildError where an argument has no default."""
    parameters = inspect.signature(getattr(reference, problem.of)).parameters
    declared = [tensor.name for tensor in problem.takes]
    if list(parameters) != declared:
        raise BuildError(
            f"the reference of {problem.name} takes {list(parameters)}, the declaration says "
            f"{declared}"
        )
    numbers = {}
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty:
            raise BuildError(f"{name} of {problem.name} needs a default, the number of the example")
        numbers[name] = np.asarray(parameter.default)
    return numbers


def withheld(cases: Sequence[Case]) -> list[Case]:
    """The cases as they travel: the numbers, and nothing that could answer."""
    return [replace(case, expected={}, by_misconception={}) for case in cases]
