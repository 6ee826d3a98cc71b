"""The sum behind a score: what each output adds, and what properties that do not hold take off.

`decide` adds up with it, and whoever explains a score shows the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.problem import Problem

WORTH: Mapping[str, float] = {"right": 1.0, "wrong": 0.0, "missing": 0.0, "open": 0.0}
"""The state of an output -> the share of its points that it earns; `carried` is the course's."""

KEPT = ("right", "carried")
"""The states in which a property counts as held."""


@dataclass(frozen=True)
class Term:
    """One output: its state, and the share of its points that it earns, 0 to 1.

    A property earns nothing by itself; its worth is whether it is kept, 1 or 0.
    """

    output: str
    state: str
    worth: float


@dataclass(frozen=True)
class Arithmetic:
    """Rules 4 and 5 of `decide`, taken apart.

    results: one term for every output that earns. properties: one for every property.
    """

    results: tuple[Term, ...]
    properties: tuple[Term, ...]

    @property
    def earned(self) -> float:
        """What the results earn, in outputs: 3.5 where three are right and one is half carried."""
        return sum(term.worth for term in self.results)

    @property
    def kept(self) -> int:
        """How many properties hold."""
        return sum(term.worth > 0 for term in self.properties)

    @property
    def factor(self) -> float:
        """What is left of the results' points for the properties that do not hold; 1 for none."""
        results = len(self.results)
        return (results + self.kept) / (results + len(self.properties))

    @property
    def credit(self) -> float:
        """The share of the problem's points, 0 to 1."""
        results = len(self.results)
        everything = results + len(self.properties)
        return self.earned / results * (results + self.kept) / everything

    def points(self, most: float) -> dict[str, float]:
        """Output -> the points it adds, of `most` for the problem; they add up to the score."""
        each = most / len(self.results)
        added = {term.output: each * term.worth * self.factor for term in self.results}
        return added | {term.output: 0.0 for term in self.properties}


def arithmetic(
    problem: Problem, outputs: Mapping[str, str], carried_share: float = 1.0
) -> Arithmetic:
    """The sum for the states of a problem's outputs.

    outputs: output -> right, wrong, carried, missing or open.
    carried_share: what a carried one earns.
    """
    worth = {**WORTH, "carried": carried_share}
    results = []
    for tensor in problem.gives:
        state = outputs[tensor.name]
        results.append(Term(tensor.name, state, worth[state]))
    properties = []
    for tensor in problem.holds:
        state = outputs[tensor.name]
        properties.append(Term(tensor.name, state, float(state in KEPT)))
    return Arithmetic(tuple(results), tuple(properties))
