"""Frozen derivatives: what a right backward pass gives on top of a wrong forward pass.

A student whose forward pass is wrong in a known way, and who derives its gradient without a slip,
gives these arrays. They are worked out here, at build time, so that no point hangs on an answer of
the student's own forward pass.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from autograder import gradients, lessons
from autograder.compare import wrong_tensors
from autograder.problem import Arrays, Case, Problem

RTOL = 2e-7
"""How closely a guess must be the derivative: a hundredth of what the judge lets a student stray,
because along a random direction the error of one number in a large array hardly shows."""


def follows_a_forward(problem: Problem) -> bool:
    """Whether this is the gradient of another problem, in which a mistake can be made first."""
    return problem.gradient_of not in ("", problem.name)


def forward_inputs(problem: Problem, case: Case) -> Arrays:
    """What of a backward problem's inputs its forward problem takes."""
    return {tensor.name: case.inputs[tensor.name] for tensor in lessons.forward_of(problem).takes}


def has_zeros(problem: Problem, case: Case) -> bool:
    """Whether some tensor that the forward pass takes is all zeros."""
    return any(not value.any() for value in forward_inputs(problem, case).values())


def changes_forward(problem: Problem, outputs: Arrays, truth: Arrays) -> bool:
    """Whether a wrong forward pass gives other numbers than the true one, in the same shapes."""
    forward = lessons.forward_of(problem)
    given = [tensor.name for tensor in forward.gives]
    if any(name not in outputs or outputs[name].shape != truth[name].shape for name in given):
        return False  # what has another shape cannot be weighed with the incoming gradient
    # Not by the judge's tolerance: a forward pass that strays by less than that, such as one with a
    # mask that leaks a little, may have gradients that stray by more.
    return not all(np.allclose(outputs[name], truth[name], 1e-9, 1e-12) for name in given)


def derivative(
    problem: Problem,
    case: Case,
    run: gradients.Forward,
    guesses: Sequence[Mapping[str, np.ndarray]],
) -> Arrays:
    """Gradient -> the derivative of `run`, the forward pass in a variant, where there is one.

    guesses: arrays that may well be the derivative, such as the variant's own backward pass. One
        that is it along random directions is taken, which saves moving every number by itself.
    """
    forward = lessons.forward_of(problem)
    weights = gradients.upstream(forward, case.inputs)
    found = {}
    for gradient, name in gradients.pairs(problem, forward).items():
        likely = [guess[gradient] for guess in guesses if gradient in guess]
        try:
            exact = _by_one_input(run, weights, name, case.inputs[name], likely)
        except Exception:  # the variant raises, or answers in other shapes, as we move the input
            continue
        if np.isfinite(exact).all():
            found[gradient] = exact
    return found


def _by_one_input(
    run: gradients.Forward,
    weights: Arrays,
    name: str,
    value: np.ndarray,
    likely: Sequence[np.ndarray],
) -> np.ndarray:
    seed = zlib.crc32(name.encode())
    for guess in likely:
        if gradients.agrees(run, weights, name, value, guess, seed, RTOL):
            return guess
    # Differences to one side take half the time, and are as good wherever the forward is smooth.
    quick = gradients.one_sided(run, weights, name, value)
    if gradients.agrees(run, weights, name, value, quick, seed, RTOL):
        return quick
    return gradients.elementwise(run, weights, name, value)


def differing(problem: Problem, case: Case, derivatives: Arrays) -> Arrays:
    """Those of the derivatives that are not the true gradients."""
    wrong = wrong_tensors(problem, {**case.expected, **derivatives}, case.expected)
    return {name: derivatives[name] for name in wrong}
