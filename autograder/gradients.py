"""Numeric differentiation of a forward problem, by central differences in float64.

Nothing is run here. A `Forward` answers with the forward problem's outputs for a stack of perturbed
inputs; behind it is the reference, called directly, or a student's function in another process.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.problem import Arrays, Problem

STEP = 1e-5
"""How far the input is moved to either side.

For functions of order 1, truncation costs about STEP^2, which is 1e-10, and rounding about
1e-16 / STEP, which is 1e-11.
"""

RTOL = 1e-5
"""How closely a gradient in float64 must agree with the numeric one, relative to its size.

The reference stays below a tenth of it on all cases (`tests/test_gradients.py`).
"""

DIRECTIONS = 3
"""How many random directions a gradient is judged along."""

Forward = Callable[[str, np.ndarray], Arrays]
"""(name of the input, K values for it stacked along a new first axis) -> the forward outputs, each
stacked K times in the same way."""


def upstream(forward: Problem, inputs: Arrays) -> Arrays:
    """The weights that turn the forward's outputs into one number: output -> array of its shape.

    They are the incoming gradients among `inputs`: `dnext_h` weighs `next_h`. Where there is none,
    the forward problem is a loss, and the weight of `loss` is 1.
    """
    weights = {}
    for output in forward.gives:
        if f"d{output.name}" in inputs:
            weights[output.name] = inputs[f"d{output.name}"]
    return weights or {"loss": np.ones(())}


def pairs(backward: Problem, forward: Problem) -> dict[str, str]:
    """Gradient -> the input by which it is the derivative.

    Only inputs of real numbers have gradients; ids, lengths and masks have none.

    >>> from autograder import lessons
    >>> backward = lessons.find("rnn_step_backward")
    >>> pairs(backward, lessons.forward_of(backward))
    {'dx': 'x', 'dprev_h': 'prev_h', 'dWx': 'Wx', 'dWh': 'Wh', 'db': 'b'}
    """
    real = {tensor.name for tensor in forward.takes if not tensor.values}
    found = {}
    for output in backward.gives:
        name = output.name[1:]
        if output.name.startswith("d") and name in real:
            found[output.name] = name
    return found


def differentiate(
    run: Forward, weights: Arrays, name: str, value: np.ndarray, directions: np.ndarray
) -> np.ndarray:
    """The derivatives of sum(weights * outputs) along K directions of one input: an array (K,).

    weights: output -> array of its shape, from `upstream`.
    name, value: the input, and where the derivative is taken.
    directions: (K, *value.shape).
    Raises KeyError if an output that has a weight does not come back, ValueError if its shape does
    not fit.

    >>> def run(name, stack):
    ...     return {"y": stack**2}
    >>> x, along_each_axis = np.array([1.0, 2.0]), np.eye(2)
    >>> differentiate(run, {"y": np.ones(2)}, "x", x, along_each_axis).round(6)
    array([2., 4.])
    """
    # All 2K points go into one stack: a student's process is asked once, not 2K times.
    stack = np.concatenate([value + STEP * directions, value - STEP * directions])
    plus, minus = np.split(_totals(run, weights, name, stack), 2)
    derivatives: np.ndarray = (plus - minus) / (2 * STEP)
    return derivatives


def _totals(run: Forward, weights: Arrays, name: str, stack: np.ndarray) -> np.ndarray:
    """The number that is differentiated, sum(weights * outputs), for each value of one input."""
    outputs = run(name, stack)
    total = np.zeros(len(stack))
    for output, weight in weights.items():
        values = np.asarray(outputs[output], dtype=float)
        # Before any arithmetic: what broadcasts may be a million times as large.
        if values.size != len(stack) * weight.size:
            raise ValueError(f"{output} does not have the shape of its upstream gradient")
        weighted = values.reshape(len(stack), *weight.shape) * weight
        total += weighted.reshape(len(stack), -1).sum(axis=1)
    return total


def elementwise(run: Forward, weights: Arrays, name: str, value: np.ndarray) -> np.ndarray:
    """The whole gradient by one input, of the shape of `value`; one direction for each element.

    Raises KeyError and ValueError as `differentiate` does.

    >>> elementwise(lambda name, stack: {"loss": stack.prod(axis=1)}, {"loss": np.ones(())},
    ...             "x", np.array([2.0, 3.0, 5.0])).round(6)
    array([15., 10.,  6.])
    """
    one_by_one = np.eye(value.size).reshape(value.size, *value.shape)
    return differentiate(run, weights, name, value, one_by_one).reshape(value.shape)


def agrees(
    run: Forward,
    weights: Arrays,
    name: str,
    value: np.ndarray,
    gradient: np.ndarray,
    seed: int,
    rtol: float = RTOL,
) -> bool:
    """Whether `gradient` is the derivative by one input, judged along a few random directions.

    A wrong gradient agrees along a direction only if its error happens to be orthogonal to that
    direction. A gradient of another shape than `value`, or with a number that is not finite, never
    agrees.

    Raises KeyError and ValueError as `differentiate` does.

    >>> def run(name, stack):
    ...     return {"y": stack**2}
    >>> x, weights = np.array([1.0, 2.0]), {"y": np.ones(2)}
    >>> agrees(run, weights, "x", x, 2 * x, seed=0), agrees(run, weights, "x", x, 3 * x, seed=0)
    (True, False)
    """
    if gradient.shape != value.shape or not np.isfinite(gradient).all():
        return False
    directions = np.random.default_rng(seed).normal(size=(DIRECTIONS, *value.shape))
    numeric = differentiate(run, weights, name, value, directions)
    analytic = (directions * gradient).reshape(DIRECTIONS, -1).sum(axis=1)
    # The norm keeps the scale up where the derivatives along all directions happen to be small, and
    # 1e-3 keeps rounding from counting where the gradient is zero.
    scale = np.abs(numeric).max(initial=0.0) + np.linalg.norm(gradient) + 1e-3
    return bool((np.abs(numeric - analytic) <= rtol * scale).all())
