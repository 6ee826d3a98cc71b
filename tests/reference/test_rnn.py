"""Lesson 1 against torch: forward, gradients, truncation, ragged lengths."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from solutions.recurrent import rnn

SIZES = [(3, 5, 4, 6), (1, 1, 2, 3), (2, 7, 3, 3), (4, 2, 1, 1)]


def tensors(N: int, T: int, D: int, H: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng([N, T, D, H])
    return tuple(rng.normal(size=s) for s in ((N, T, D), (N, H), (D, H), (H, H), (H,), (N, T, H)))


def torch_rnn(
    x: torch.Tensor, h0: torch.Tensor, Wx: torch.Tensor, Wh: torch.Tensor, b: torch.Tensor
) -> torch.Tensor:
    """torch's own nn.RNN with these weights."""
    D, H = Wx.shape
    module = torch.nn.RNN(D, H, batch_first=True, dtype=torch.float64)
    weights = {
        "weight_ih_l0": Wx.T,
        "weight_hh_l0": Wh.T,
        "bias_ih_l0": b,
        "bias_hh_l0": torch.zeros_like(b),
    }
    h, _ = torch.func.functional_call(module, weights, (x, h0[None]))
    return h


@pytest.mark.parametrize("sizes", SIZES)
def test_forward_and_all_gradients_are_torchs(sizes: tuple[int, int, int, int]) -> None:
    *inputs, dh = tensors(*sizes)
    leaves = [torch.tensor(a, requires_grad=True) for a in inputs]
    expected = torch_rnn(*leaves)
    expected.backward(torch.tensor(dh))
    h, cache = rnn.rnn_forward(*inputs)
    np.testing.assert_allclose(h, expected.detach().numpy(), rtol=1e-10)
    for got, want in zip(rnn.rnn_backward(dh, cache), leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("sizes", SIZES)
def test_one_step_is_torchs_cell(sizes: tuple[int, int, int, int]) -> None:
    x, h0, Wx, Wh, b, dh = tensors(*sizes)
    leaves = [torch.tensor(a, requires_grad=True) for a in (x[:, 0], h0, Wx, Wh, b)]
    expected = torch_rnn(leaves[0][:, None], *leaves[1:])[:, 0]
    expected.backward(torch.tensor(dh[:, 0]))
    next_h, cache = rnn.rnn_step_forward(x[:, 0], h0, Wx, Wh, b)
    np.testing.assert_allclose(next_h, expected.detach().numpy(), rtol=1e-10)
    for got, want in zip(rnn.rnn_step_backward(dh[:, 0], cache), leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("k", [1, 2, 3, 5, 7, 9])
def test_truncation_is_detaching_the_state_between_chunks(k: int) -> None:
    *inputs, dh = tensors(3, 7, 4, 5)
    leaves = [torch.tensor(a, requires_grad=True) for a in inputs]
    x, h, Wx, Wh, b = leaves
    states = []
    for t in range(7):
        if t % k == 0 and t > 0:
            h = h.detach()
        h = torch.tanh(x[:, t] @ Wx + h @ Wh + b)
        states.append(h)
    torch.stack(states, dim=1).backward(torch.tensor(dh))
    _, cache = rnn.rnn_forward(*inputs)
    for got, want in zip(rnn.rnn_backward_truncated(dh, cache, k), leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_the_last_real_state_of_every_row() -> None:
    h = np.random.default_rng(0).normal(size=(3, 5, 2))
    out, cache = rnn.last_hidden(h, np.array([1, 5, 3]))
    np.testing.assert_array_equal(out, [h[0, 0], h[1, 4], h[2, 2]])
    dh = rnn.last_hidden_backward(out, cache)
    assert np.count_nonzero(dh) == 6
    np.testing.assert_array_equal(dh[2, 2], h[2, 2])
