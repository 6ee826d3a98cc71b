"""A student's gradient held against numeric differentiation of the same student's forward pass."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np

from autograder import gradients, lessons
from autograder.problem import Arrays, Case, Problem, Reply

Vary = Callable[[Problem, Arrays, str, np.ndarray], Reply]
"""SessionLike the worker for a problem's outputs on inputs of which one, by name, runs through a
stack of values.
"""


def agrees_with_own_forward(
    backward: Problem, case: Case, gradient: str, got: np.ndarray, vary: Vary
) -> bool | None:
    """Whether `got` is the derivative of the student's own forward pass.

    None where that cannot be told: the forward pass fails, or does not answer in float64.
    """
    forward = lessons.forward_of(backward)
    name = gradients.pairs(backward, forward).get(gradient)
    if name is None:
        return None
    inputs = {tensor.name: case.inputs[tensor.name] for tensor in forward.takes}

    def run(name: str, stack: np.ndarray) -> Arrays:
        return vary(forward, inputs, name, stack).outputs

    weights = gradients.upstream(forward, case.inputs)
    seed = zlib.crc32(f"{backward.name} {case.name} {gradient}".encode())
    try:
        return gradients.agrees(run, weights, name, case.inputs[name], got, seed)
    except (KeyError, ValueError):
        return None
