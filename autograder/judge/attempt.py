"""One problem as one student attempted it: all that the judge is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from autograder.clues import NO_CLUES, Clues
from autograder.compare import sketch
from autograder.convention import LECTURE, Convention
from autograder.problem import Advice, Arrays, Case, Problem, Reply

Ask = Callable[[Problem, Arrays, str, np.ndarray], Reply]
"""Asks the student's code for a problem's outputs on inputs of which one, by name, runs through a
stack of values."""


@dataclass(frozen=True)
class Attempt:
    """A problem's cases and the reply to each.

    points: what the problem is worth in this course.
    answers: the replies as they came; the judge goes by `replies`.
    advice: id of a misconception -> what is to be said of it.
    printed: what the student's code printed during public cases.
    clues: what else is known of the problem, and only said.
    convention: the student's own. All arrays here are in the lecture's; see `as_asked`.
    """

    problem: Problem
    points: float
    cases: tuple[Case, ...]
    answers: tuple[Reply, ...]
    advice: Mapping[str, Advice]
    printed: str = ""
    clues: Clues = NO_CLUES
    convention: Convention = LECTURE
    _sketches: dict[tuple[int, str], np.ndarray] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def replies(self) -> tuple[Reply, ...]:
        """The replies, with the outputs that the judge makes itself where it makes them."""
        if self.problem.finish is None and self.problem.properties is None:
            return self.answers
        pairs = zip(self.cases, self.answers, strict=True)
        return tuple(finished(self.problem, case, reply) for case, reply in pairs)

    @cached_property
    def is_translated(self) -> bool:
        """Whether the student saw other arrays than these, in a convention of their own."""
        return self.convention.touches(self.problem)

    @cached_property
    def as_asked(self) -> Attempt:
        """The same in the student's own convention: what is said of a number has it as they do.

        Of weights that are built, only what they do is spoken of, which is the same in both.
        """
        if not self.is_translated or self.problem.finish is not None:
            return self
        own, problem = self.convention.to_student, self.problem
        cases = []
        for case in self.cases:
            inputs, expected = own(problem, case.inputs), own(problem, case.expected)
            cases.append(replace(case, inputs=inputs, expected=expected))
        answers = [replace(reply, outputs=own(problem, reply.outputs)) for reply in self.answers]
        renamed = replace(problem, blocks=self.convention.own_blocks(problem))
        return replace(self, problem=renamed, cases=tuple(cases), answers=tuple(answers))

    @property
    def is_open(self) -> bool:
        """Whether no case knows what is right, as of a question where there is no hidden case."""
        return not any(case.expected for case in self.cases)

    def earned(self, credit: float) -> float:
        """The points that a share of them is; all of them are exactly what is declared."""
        return self.points if credit == 1 else self.points * credit

    def pairs(self) -> list[tuple[Case, Reply]]:
        """Each case with its reply."""
        return list(zip(self.cases, self.replies, strict=True))

    def sketched(self, number: int, output: str) -> np.ndarray | None:
        """The sketch of what came back for a case.

        Of a large array it takes milliseconds, and there are many mistakes to compare it with: it
        is worked out once.
        """
        got = self.replies[number].outputs.get(output)
        if got is not None and (number, output) not in self._sketches:
            self._sketches[number, output] = sketch(output, got)
        return self._sketches.get((number, output))


def finished(problem: Problem, case: Case, reply: Reply) -> Reply:
    """The reply with the outputs that its answers lead to, in place of its answers."""
    if reply.fault is not None:
        return reply
    try:
        if problem.finish is not None:
            _no_odd(problem, reply)
        outputs = problem.finished(case.inputs, reply.outputs)
    except ValueError as error:
        return replace(reply, outputs={}, odd={tensor.name: str(error) for tensor in problem.gives})
    given = {tensor.name for tensor in problem.outputs} - outputs.keys()
    odd = {name: text for name, text in reply.odd.items() if name in given}
    return replace(reply, outputs=outputs, odd=odd)


def _no_odd(problem: Problem, reply: Reply) -> None:
    """Raises ValueError if something that the outputs are made of is no array."""
    for tensor in problem.brings:
        if tensor.name in reply.odd:
            odd = reply.odd[tensor.name]
            raise ValueError(f"{tensor.name} should be an array, yours is {odd}")
