"""One problem as one student sat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.compare import wrong_tensors
from autograder.judge.numeric import Vary
from autograder.problem import Advice, Case, Problem, Reply


@dataclass(frozen=True)
class Sitting:
    """A problem's cases, the reply to each, what is to be said of its misconceptions, and a way to
    ask for more.
    """

    problem: Problem
    points: float
    cases: tuple[Case, ...]
    replies: tuple[Reply, ...]
    advice: Mapping[str, Advice]
    vary: Vary
    printed: str = ""

    def pairs(self) -> list[tuple[Case, Reply]]:
        """Each case with its reply."""
        return list(zip(self.cases, self.replies, strict=True))

    def wrong(self) -> dict[str, list[int]]:
        """Output -> the numbers of the cases in which it is wrong, for the outputs that are wrong
        somewhere.
        """
        wrong: dict[str, list[int]] = {}
        for number, (case, reply) in enumerate(self.pairs()):
            for name in wrong_tensors(self.problem, reply.outputs, case.expected):
                wrong.setdefault(name, []).append(number)
        return {
            tensor.name: wrong[tensor.name]
            for tensor in self.problem.outputs
            if tensor.name in wrong
        }
