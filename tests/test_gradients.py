"""Numeric differentiation: how exact it is, and that it tells right gradients from wrong ones."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from autograder import gradients, lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import forward_in, true_cases
from autograder.authoring.casebook.variants import imported
from autograder.problem import Arrays, Problem
from tests.in_process import SOLUTIONS

pytestmark = pytest.mark.in_turn

BACKWARD = [
    problem
    for problem in lessons.all_problems()
    if problem.gradient_of and lessons.lesson(problem.lesson).backend == "numpy"
]


@pytest.mark.parametrize("problem", BACKWARD, ids=lambda problem: problem.name)
def test_the_reference_agrees_to_far_better_than_the_judge_asks(problem: Problem) -> None:
    answers = load_answers(SOLUTIONS)
    forward = lessons.forward_of(problem)
    pairs = gradients.pairs(problem, forward)
    assert pairs, "a gradient problem without a gradient checks nothing"
    with imported(answers.sources) as variant:
        for case in true_cases(problem, variant, 3, hidden=True):
            run = forward_in(problem, variant, case.inputs)
            weights = gradients.upstream(forward, case.inputs)
            for gradient, name in pairs.items():
                want = case.expected[gradient]
                if case.large:  # too large to move every number
                    value, rtol = case.inputs[name], gradients.RTOL / 10
                    assert gradients.agrees(run, weights, name, value, want, 0, rtol)
                    continue
                numeric = gradients.elementwise(run, weights, name, case.inputs[name])
                scale = np.abs(want).max() + 1e-3
                assert np.abs(numeric - want).max() <= gradients.RTOL / 10 * scale


def cubes(name: str, stack: np.ndarray) -> Arrays:
    return {"y": stack**3}


X = np.random.default_rng(0).normal(size=(3, 4))
WEIGHTS = {"y": np.random.default_rng(1).normal(size=(3, 4))}
RIGHT = WEIGHTS["y"] * 3 * X**2


def test_a_right_gradient_agrees_along_random_directions() -> None:
    assert gradients.agrees(cubes, WEIGHTS, "x", X, RIGHT, seed=0)


@pytest.mark.parametrize(
    "wrong",
    [
        RIGHT * 1.001,
        -RIGHT,
        RIGHT.mean() + 0 * RIGHT,
        np.where(np.arange(12).reshape(3, 4) == 5, 0, RIGHT),
        RIGHT.T,
        RIGHT * np.nan,
    ],
)
def test_a_wrong_gradient_does_not(wrong: np.ndarray) -> None:
    assert not any(gradients.agrees(cubes, WEIGHTS, "x", X, wrong, seed) for seed in range(20))


def test_a_lone_loss_needs_no_upstream() -> None:
    problem = lessons.find("rnn_step_forward")
    assert gradients.upstream(problem, {"dnext_h": X}) == {"next_h": X}
    assert gradients.upstream(problem, {"x": X}) == {"loss": np.ones(())}


def test_an_output_of_another_shape_is_refused_before_it_is_multiplied() -> None:
    """It would broadcast: (200000, 1, 1) with (200, 200) makes 64 GB."""
    outputs = {"y": np.zeros((200_000, 1, 1), dtype=bool)}
    weights = {"y": np.ones((200, 200))}
    tracemalloc.start()
    with pytest.raises(ValueError, match="y does not have the shape"):
        gradients.differentiate(
            lambda name, stack: outputs, weights, "x", np.ones(2), np.ones((2, 2))
        )
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000
