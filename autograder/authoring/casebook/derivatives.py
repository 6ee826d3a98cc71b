"""Frozen derivatives: what a right backward pass gives on top of a wrong forward pass.

A student whose forward pass is wrong in a known way, and who derives its gradient without a slip,
gives these arrays, of which projections are kept. They are worked out here, at build time, so that
no point hangs on an answer of the student's own forward pass.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder import gradients, lessons
from autograder.compare import PROJECTIONS, directions, projections, sketch
from autograder.problem import Arrays, Case, Problem

RTOL = 2e-7
"""How closely projections that may well be the derivative's must be those that were found."""

SMOOTH = 1e-3
"""How closely the derivative along a sum of directions must be the sum of those along each."""


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


def differing(problem: Problem, case: Case, wrong: str, run: gradients.Forward) -> Arrays:
    """Gradient -> projections of the derivative of `run`, the forward pass in a variant, where they
    differ from those of the true gradient; NaN where the variant has no derivative, as in a tie.

    The derivative along a direction is the projection of the whole one, which is never worked out:
    that would take as many forward passes as there are numbers.
    """
    forward = lessons.forward_of(problem)
    weights = gradients.upstream(forward, case.inputs)
    found = {}
    for gradient, name in gradients.pairs(problem, forward).items():
        try:
            along = along_projections(run, weights, name, case.inputs[name], gradient)
        except Exception:  # the variant raises, or answers in other shapes, as we move the input
            continue
        truth = projections(gradient, case.expected[gradient])
        along = _without_noise(along, [truth, *_given(case, wrong, gradient)])
        if along is not truth:
            found[gradient] = along
    return found


def _given(case: Case, wrong: str, gradient: str) -> list[np.ndarray]:
    """The projections of what the variant's own backward pass gives, where that is known."""
    given = case.by_misconception.get(wrong, {}).get(gradient)
    if given is None:
        return []
    sketched = sketch(gradient, given) if case.keeps_whole(gradient) else given
    return [sketched] if len(sketched) == PROJECTIONS else []


def _without_noise(along: np.ndarray, likely: Sequence[np.ndarray]) -> np.ndarray:
    """The likely projections that these are but for rounding, if there are any.

    Where scores are large and gradients small, rounding is all that differences can show.
    """
    tolerance = RTOL * (np.abs(along).max() + 1e-3)
    for exact in likely:
        if (np.abs(along - exact) <= tolerance).all():
            return exact
    return along


def along_projections(
    run: gradients.Forward, weights: Arrays, name: str, value: np.ndarray, gradient: str
) -> np.ndarray:
    """The `projections` of a gradient, without the gradient itself; NaN where there is none.

    Raises KeyError and ValueError as `gradients.differentiate` does, and ValueError for a forward
    pass whose results are not finite.
    """
    # Of the length 1 they would be a step too small for what is left of the digits.
    scale = max(1.0, value.size**0.5)
    along = scale * directions(gradient, value.shape)
    together = along.sum(axis=0, keepdims=True)
    *each, sum_of_all = gradients.differentiate(
        run, weights, name, value, np.concatenate([along, together])
    )
    found: np.ndarray = np.array(each) / scale
    if not np.isfinite(found).all():
        raise ValueError("the forward pass does not give finite numbers")
    # At a jump, or a maximum of equals, what comes out is no gradient.
    strays = abs(float(sum_of_all) / scale - float(found.sum()))
    if strays > SMOOTH * (float(np.abs(found).max()) + SMOOTH):
        return np.full(found.shape, np.nan)
    return found
