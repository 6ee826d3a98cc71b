"""A student's gradient against numeric differentiation of the same student's forward pass."""

from __future__ import annotations

import zlib

import numpy as np

from autograder import gradients, lessons
from autograder.judge.attempt import Ask
from autograder.problem import Arrays, Case, Problem


def agrees_with_own_forward(
    backward: Problem, case: Case, gradient: str, got: np.ndarray, ask: Ask
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
        return ask(forward, inputs, name, stack).outputs

    weights = gradients.upstream(forward, case.inputs)
    # The directions are random, but the same ones every time: a verdict must not change by itself.
    seed = zlib.crc32(f"{backward.name} {case.name} {gradient}".encode())
    try:
        return gradients.agrees(run, weights, name, case.inputs[name], got, seed)
    except (KeyError, ValueError):
        return None
