"""A condition: something that an input can meet, and how a drawn one is changed to meet it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from autograder.problem import Arrays, Problem

Lengths = Mapping[str, int]
Test = Callable[[Lengths, Arrays], bool]
Edit = Callable[[np.ndarray, Lengths, np.random.Generator], "np.ndarray | None"]


@dataclass(frozen=True)
class Condition:
    """Something that an input can meet.

    id: how `never=` calls it: "D=1", "D=H", "lengths full", "h0=0".
    holds: whether an input meets it, by the lengths of its axes and its arrays.
    axes: those it is about; empty if it is about the values of a tensor.
    tensor, edit: the tensor it is about, and what changes a drawn one so that it is met; the change
        is None where there is no room for it.
    zeros: whether it is about a tensor of zeros, beside which other mistakes may not show.
    """

    id: str
    sentence: str
    holds: Test
    axes: tuple[str, ...] = ()
    tensor: str = ""
    edit: Edit | None = None
    zeros: bool = False

    def met_by(self, problem: Problem, inputs: Arrays) -> bool:
        """Whether these inputs of a problem meet it."""
        return self.holds(problem.lengths_in(inputs), inputs)
