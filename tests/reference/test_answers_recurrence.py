"""Lesson 17 against what happens when it is done: gradients clipped, losses added, steps taken."""

from __future__ import annotations

import numpy as np
import pytest

from solutions.recurrent import answers_recurrence as answers
from solutions.recurrent import gradflow, head, rnn


@pytest.mark.parametrize("norm, threshold", [(100, 5), (12, 9), (40, 2)])
def test_clipping_as_the_slide_has_it(norm: int, threshold: int) -> None:
    g = np.random.default_rng(0).normal(size=50)
    g *= norm / np.linalg.norm(g)
    grad_norm = np.sum(g * g)
    assert grad_norm > threshold
    g *= threshold / grad_norm
    assert answers.slide_clipping(norm, threshold) == pytest.approx(np.linalg.norm(g))


@pytest.mark.parametrize("symbols, delay, steps", [(4, 8, 24), (9, 3, 60)])
def test_the_loss_of_a_network_that_knows_all_it_can(symbols: int, delay: int, steps: int) -> None:
    y = np.random.default_rng(0).integers(symbols, size=(1, steps))
    scores = 1e3 * np.eye(symbols)[y]
    scores[:, :delay] = 0.0
    loss, _ = head.temporal_softmax_loss(scores, y, np.ones_like(y, bool))
    expected = head.perplexity(loss, steps)
    assert answers.unmasked_perplexity(symbols, delay, steps) == pytest.approx(expected)


@pytest.mark.parametrize("size, slope, steps", [(1.0, 0.95, 40), (0.8, 0.9, 12)])
def test_a_gradient_sent_back_through_an_orthogonal_matrix(
    size: float, slope: float, steps: int
) -> None:
    rng = np.random.default_rng(0)
    Wh = size * np.linalg.qr(rng.normal(size=(6, 6)))[0]
    h = np.full((1, steps + 1, 6), np.sqrt(1 - slope))  # 1 - h^2 is the slope
    norms = gradflow.gradient_norms(rng.normal(size=(1, 6)), h, Wh)
    assert answers.share_left(size, slope, steps) == pytest.approx(norms[0] / norms[-1])


@pytest.mark.parametrize("sigma, share", [(0.8, 0.01), (0.5, 0.1), (0.96, 0.001)])
def test_the_bound_falls_below_the_share_at_that_step_first(sigma: float, share: float) -> None:
    steps = answers.steps_to_vanish(sigma, share)
    Wh = np.diag([sigma, sigma / 2])
    assert gradflow.vanishing_bound(Wh, steps) < share
    assert gradflow.vanishing_bound(Wh, steps - 1) >= share


@pytest.mark.parametrize("steps, chunk", [(10, 4), (12, 4), (9, 4), (23, 7)])
def test_a_truncated_gradient_reaches_so_many_steps(steps: int, chunk: int) -> None:
    rng = np.random.default_rng(0)
    sizes = ((1, steps, 2), (1, 3), (2, 3), (3, 3), (3,))
    h, cache = rnn.rnn_forward(*(rng.normal(size=size) for size in sizes))
    dh = np.zeros_like(h)
    dh[:, -1] = 1.0
    dx, *_ = rnn.rnn_backward_truncated(dh, cache, chunk)
    reached = np.abs(dx).sum(axis=(0, 2)) > 0
    assert answers.steps_reached(steps, chunk) == reached.sum()


def test_the_cases_that_tell_are_those_in_which_h0_makes_a_difference() -> None:
    rng = np.random.default_rng(0)
    h0, Wh = np.array([0.0, 0.5, 1.2, 0.3, 0.0]), np.array([0.7, 1.1, 0.0, 0.9, 0.4])
    telling = []
    for number in range(5):
        start = h0[number] * np.array([[1.0, -0.5]])
        weights = Wh[number] * np.array([[1.0, 0.3], [-0.2, 0.7]])
        x, Wx, b = rng.normal(size=(1, 3, 4)), rng.normal(size=(4, 2)), rng.normal(size=2)
        right, _ = rnn.rnn_forward(x, start, Wx, weights, b)
        ignoring, _ = rnn.rnn_forward(x, 0 * start, Wx, weights, b)
        if not np.allclose(right, ignoring):
            telling.append(number + 1)
    assert answers.cases_that_tell_h0(h0, Wh) == telling == [2, 4]
