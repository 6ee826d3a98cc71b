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
def test_the_loss_is_torchs_cross_entropy_over_unpadded_positions(N: int, T: int, V: int, scale: float) -> None:
    rng = np.random.default_rng(1)
    x, y, mask = rng.normal(size=(N, T, V)) * scale, rng.integers(V, size=(N, T)), rng.random((N, T)) < 0.6
    tx = torch.tensor(x, requires_grad=True)
    nats = torch.nn.functional.cross_entropy(tx.reshape(-1, V), torch.tensor(y.ravel()), reduction="none")
    expected = (nats * torch.tensor(mask.ravel())).sum() / N
    expected.backward()
    loss, dx = head.temporal_softmax_loss(x, y, mask)
    assert loss == pytest.approx(expected.item())
    np.testing.assert_allclose(dx, tx.grad.numpy(), atol=1e-12)
    assert not dx[~mask].any(), "padding has a gradient of exactly zero"


def test_perplexity_of_the_known_example_and_of_uniform_guessing() -> None:
    tokens = np.array([10, 10, 2])
    assert head.perplexity(np.array([1.0, 2.0, 6.0]) * tokens, tokens) == pytest.approx(6.75, abs=0.005)
    assert head.perplexity(np.log(7) * tokens, tokens) == pytest.approx(7)
