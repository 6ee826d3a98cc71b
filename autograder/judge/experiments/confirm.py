"""What is about to be said is tried again by other moves: code may be deaf to only some of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.judge.experiments.known import Known
from autograder.judge.experiments.measure import MORE_TRIES, Run, at_random, changed, is_straight
from autograder.judge.experiments.parts import WHOLE, parts, view
from autograder.judge.experiments.reading import Fact
from autograder.problem import Arrays, Case, Problem

MOST_ASKED = 16
"""Parts that are tried again; of what would take more, nothing is said."""


def confirmed(
    problem: Problem, case: Case, known: Known, found: Sequence[Fact], run: Run
) -> list[Fact]:
    """The facts that are still true, of those that say that something does not happen."""
    trial = _Trial(problem, case, known, run)
    kept = []
    for fact in sorted(found, key=lambda fact: fact.breadth):
        if fact.kind == "silent":
            true = all(trial.is_silent(fact, number) for number in fact.numbers)
        elif fact.kind == "straight":
            true = trial.is_straight(fact)
        else:
            true = True
        if true:
            kept.append(fact)
    return kept


class _Trial:
    """Asks again, about each part of an input at most once."""

    def __init__(self, problem: Problem, case: Case, known: Known, run: Run) -> None:
        self.problem, self.case, self.known, self.run = problem, case, known, run
        self.takes = {tensor.name: tensor for tensor in problem.takes}
        self.gives = {tensor.name: tensor for tensor in problem.gives}
        self._asked: dict[tuple[str, int], Arrays] = {}

    def is_silent(self, fact: Fact, number: int) -> bool:
        """Whether the output still does not change when that part of the input is changed."""
        rows = self._answers(fact.name, number).get(fact.output)
        if rows is None or fact.inside is None:
            return False
        never = np.asarray(changed(rows)[1].all(axis=0))
        seen = view(self.problem, self.gives[fact.output]).shape(never.shape)
        return bool(never.reshape(seen)[fact.inside].all())

    def is_straight(self, fact: Fact) -> bool:
        """Whether the output still lies on a line."""
        rows = self._answers(fact.name, -1).get(fact.output)
        return rows is not None and is_straight(*rows) is True

    def _answers(self, name: str, number: int) -> Arrays:
        """The outputs to other values of a part; number -1: of all of it, to both sides."""
        if (name, number) not in self._asked:
            if len(self._asked) == MOST_ASKED:
                return {}
            stack = self._stack(name, number)
            self._asked[name, number] = self.run(self.case.inputs, name, stack) or {}
        return self._asked[name, number]

    def _stack(self, name: str, number: int) -> np.ndarray:
        inputs, tensor = self.case.inputs, self.takes[name]
        if number < 0:
            value, other = at_random(self.problem, tensor, inputs, WHOLE, 1)
            return np.stack([value, other, 2 * value - other])
        tried = parts(self.problem, tensor, inputs, self.known.finely[name])
        return at_random(self.problem, tensor, inputs, tried[number], MORE_TRIES)
