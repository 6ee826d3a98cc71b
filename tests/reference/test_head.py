"""Lesson 2 against torch, and what its docstrings promise."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from solutions.recurrent import head


@pytest.mark.parametrize(("N", "T", "H", "V"), [(3, 5, 4, 6), (1, 1, 2, 3), (4, 2, 3, 2)])
def test_the_output_layer_is_torchs(N: int, T: int, H: int, V: int) -> None:
    rng = np.random.default_rng(0)
    x, W, b, dout = (rng.normal(size=s) for s in ((N, T, H), (H, V), V, (N, T, V)))
    tx, tW, tb = (torch.tensor(a, requires_grad=True) for a in (x, W, b))
    out, cache = head.temporal_affine_forward(x, W, b)
    expected = tx @ tW + tb
    expected.backward(torch.tensor(dout))
    np.testing.assert_allclose(out, expected.detach().numpy())
    for got, want in zip(head.temporal_affine_backward(dout, cache), (tx, tW, tb), strict=True):
        np.testing.assert_allclose(got, want.grad.numpy())


@pytest.mark.parametrize("scale", [1.0, 1e3])
@pytest.mark.parametrize(("N", "T", "V"), [(3, 5, 6), (1, 4, 2), (4, 1, 5)])
def test_the_loss_is_torchs_cross_entropy_over_unpadded_positions(
    N: int, T: int, V: int, scale: float
) -> None:
    rng = np.random.default_rng(1)
    x, y, mask = (
        rng.normal(size=(N, T, V)) * scale,
        rng.integers(V, size=(N, T)),
        rng.random((N, T)) < 0.6,
    )
    tx = torch.tensor(x, requires_grad=True)
    nats = torch.nn.functional.cross_entropy(
        tx.reshape(-1, V), torch.tensor(y.ravel()), reduction="none"
    )
    expected = (nats * torch.tensor(mask.ravel())).sum() / N
    expected.backward()
    loss, dx = head.temporal_softmax_loss(x, y, mask)
    assert loss == pytest.approx(expected.item())
    np.testing.assert_allclose(dx, tx.grad.numpy(), atol=1e-12)
    assert not dx[~mask].any(), "padding has a gradient of exactly zero"


def test_scores_in_the_thousands_give_what_their_differences_say() -> None:
    x = np.array([[[0.3, -0.2, 0.9], [1.5, 0.0, 2.0]]])
    y, mask = np.array([[2, 0]]), np.ones((1, 2), dtype=bool)
    loss, dx = head.temporal_softmax_loss(x, y, mask)
    for height in (-1e3, 1e3):
        high_loss, high_dx = head.temporal_softmax_loss(x + height, y, mask)
        assert high_loss == pytest.approx(loss)
        np.testing.assert_allclose(high_dx, dx, atol=1e-12)
    certain = np.array([[[1e3, -1e3, 0.0]]])
    assert head.temporal_softmax_loss(certain, np.array([[0]]), mask[:, :1])[0] == 0
    assert head.temporal_softmax_loss(certain, np.array([[1]]), mask[:, :1])[0] == pytest.approx(
        2000
    )


def test_a_row_without_words_still_counts_in_the_mean() -> None:
    x, y = np.zeros((2, 3, 4)), np.zeros((2, 3), dtype=int)
    mask = np.array([[True, True, True], [False, False, False]])
    assert head.temporal_softmax_loss(x, y, mask)[0] == pytest.approx(3 * np.log(4) / 2)


def test_arguments_are_left_alone() -> None:
    rng = np.random.default_rng(2)
    x, W, b = rng.normal(size=(2, 3, 4)), rng.normal(size=(4, 5)), rng.normal(size=5)
    y, mask = rng.integers(5, size=(2, 3)), rng.random((2, 3)) < 0.5
    before = [a.copy() for a in (x, W, b, y, mask)]
    out, cache = head.temporal_affine_forward(x, W, b)
    kept = out.copy()
    _, dx = head.temporal_softmax_loss(out, y, mask)
    head.temporal_affine_backward(dx, cache)
    for array, old in zip((x, W, b, y, mask, out), (*before, kept), strict=True):
        np.testing.assert_array_equal(array, old)


def test_perplexity_of_the_known_example_and_of_uniform_guessing() -> None:
    tokens = np.array([10, 10, 2])
    assert head.perplexity(np.array([1.0, 2.0, 6.0]) * tokens, tokens) == pytest.approx(
        6.75, abs=0.005
    )
    assert head.perplexity(np.log(7) * tokens, tokens) == pytest.approx(7)
