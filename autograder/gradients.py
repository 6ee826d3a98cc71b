"""Numeric differentiation of a forward problem: central differences in float64, as in any numerical
analysis text.

Nothing is run here. A `Forward` answers with the forward problem's outputs for a stack of perturbed
inputs; it may be the reference, called directly, or a student's function at the other end of a
pipe.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.problem import Arrays, Problem

STEP = 1e-5
"""Truncation costs about STEP^2 and rounding about 1e-16 / STEP, relative: 1e-10 and 1e-11 for
functions of order 1.
"""

RTOL = 1e-5
"""Agreement asked of a gradient in float64. The reference reaches 1e-8 on all cases
(`tests/test_gradients.py`).
"""

DIRECTIONS = 3

Forward = Callable[[str, np.ndarray], Arrays]
"""(name of the input, stack of K values for it) -> the forward outputs, each stacked K times along
a new first axis.
"""


def upstream(forward: Problem, inputs: Arrays) -> Arrays:
    """The weights that turn the forward's outputs into one number: `dnext_h` for `next_h`, or 1 for
    a lone `loss`.
    """
    weights = {
        out.name: inputs[f"d{out.name}"] for out in forward.gives if f"d{out.name}" in inputs
    }
    return weights or {"loss": np.ones(())}


def pairs(backward: Problem, forward: Problem) -> dict[str, str]:
    """Gradient -> the input it belongs to: `{"dWx": "Wx", ...}`."""
    real = {tensor.name for tensor in forward.takes if not tensor.values}
    return {
        out.name: out.name[1:]
        for out in backward.gives
        if out.name[0] == "d" and out.name[1:] in real
    }


def differentiate(
    run: Forward, weights: Arrays, name: str, value: np.ndarray, directions: np.ndarray
) -> np.ndarray:
    """The derivative of sum(weights * outputs) along each of K directions `(K, *value.shape)`: an
    array `(K,)`.

    Raises KeyError if an output that has a weight does not come back, ValueError if its shape does
    not fit.
    """
    stack = np.concatenate([value + STEP * directions, value - STEP * directions])
    outputs = run(name, stack)
    total = np.zeros(len(stack))
    for out, weight in weights.items():
        total += (
            (np.asarray(outputs[out], dtype=float) * weight).reshape(len(stack), -1).sum(axis=1)
        )
    plus, minus = np.split(total, 2)
    return (plus - minus) / (2 * STEP)


def elementwise(run: Forward, weights: Arrays, name: str, value: np.ndarray) -> np.ndarray:
    """The whole gradient by `name`, one direction an element."""
    directions = np.eye(value.size).reshape(value.size, *value.shape)
    return differentiate(run, weights, name, value, directions).reshape(value.shape)


def agrees(
    run: Forward, weights: Arrays, name: str, value: np.ndarray, gradient: np.ndarray, seed: int
) -> bool:
    """Whether `gradient` is the derivative by `name`, judged along a few random directions.

    A wrong gradient agrees along a random direction only if the direction happens to be orthogonal
    to its error.
    """
    if gradient.shape != value.shape or not np.isfinite(gradient).all():
        return False
    directions = np.random.default_rng(seed).normal(size=(DIRECTIONS, *value.shape))
    numeric = differentiate(run, weights, name, value, directions)
    analytic = (directions * gradient).reshape(DIRECTIONS, -1).sum(axis=1)
    scale = np.abs(numeric).max(initial=0.0) + np.linalg.norm(gradient) + 1e-3
    return bool((np.abs(numeric - analytic) <= RTOL * scale).all())
