"""Lesson 5 against torch.nn.LSTM, through to_pytorch; Jacobians against autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from solutions.recurrent import lstm

SIZES = [(3, 5, 4, 6), (1, 1, 2, 3), (2, 7, 3, 3), (4, 2, 1, 1)]


def tensors(N: int, T: int, D: int, H: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng([N, T, D, H])
    return tuple(
        rng.normal(size=s) for s in ((N, T, D), (N, H), (D, 4 * H), (H, 4 * H), (4 * H,), (N, T, H))
    )


def reordered(w: torch.Tensor) -> torch.Tensor:
    i, f, o, g = w.chunk(4, dim=-1)
    return torch.cat([i, f, g, o], dim=-1)


def torch_lstm(x, h0, c0, Wx, Wh, b):  # type: ignore[no-untyped-def]
    D, H = Wx.shape[0], Wh.shape[0]
    module = torch.nn.LSTM(D, H, batch_first=True, dtype=torch.float64)
    weights = {
        "weight_ih_l0": reordered(Wx).T,
        "weight_hh_l0": reordered(Wh).T,
        "bias_ih_l0": reordered(b),
        "bias_hh_l0": torch.zeros_like(b),
    }
    return torch.func.functional_call(module, weights, (x, (h0[None], c0[None])))


@pytest.mark.parametrize("sizes", SIZES)
def test_forward_and_all_gradients_are_torchs(sizes: tuple[int, int, int, int]) -> None:
    *inputs, dh = tensors(*sizes)
    leaves = [torch.tensor(a, requires_grad=True) for a in inputs]
    x, h0, Wx, Wh, b = leaves
    expected, _ = torch_lstm(x, h0, torch.zeros_like(h0), Wx, Wh, b)
    expected.backward(torch.tensor(dh))
    h, cache = lstm.lstm_forward(*inputs)
    np.testing.assert_allclose(h, expected.detach().numpy(), rtol=1e-9, atol=1e-12)
    for got, want in zip(lstm.lstm_backward(dh, cache), leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("sizes", SIZES)
def test_one_step_with_both_gradients_is_torchs(sizes: tuple[int, int, int, int]) -> None:
    x, h0, Wx, Wh, b, dh = tensors(*sizes)
    c0, dc = np.random.default_rng(5).normal(size=(2, *h0.shape))
    leaves = [torch.tensor(a, requires_grad=True) for a in (x[:, 0], h0, c0, Wx, Wh, b)]
    _, (h, c) = torch_lstm(leaves[0][:, None], *leaves[1:])
    torch.autograd.backward([h[0], c[0]], [torch.tensor(dh[:, 0]), torch.tensor(dc)])
    next_h, next_c, cache = lstm.lstm_step_forward(x[:, 0], h0, c0, Wx, Wh, b)
    np.testing.assert_allclose(next_h, h[0].detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(next_c, c[0].detach().numpy(), rtol=1e-9, atol=1e-12)
    for got, want in zip(lstm.lstm_step_backward(dh[:, 0], dc, cache), leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-8, atol=1e-12)


def test_to_pytorch_fills_a_real_module() -> None:
    x, h0, Wx, Wh, b, _ = tensors(3, 5, 4, 6)
    module = torch.nn.LSTM(4, 6, batch_first=True, dtype=torch.float64)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    module.load_state_dict(
        {n: torch.tensor(a) for n, a in zip(names, lstm.to_pytorch(Wx, Wh, b), strict=True)}
    )
    expected, _ = module(
        torch.tensor(x), (torch.tensor(h0)[None], torch.zeros(1, 3, 6, dtype=torch.float64))
    )
    np.testing.assert_allclose(
        lstm.lstm_forward(x, h0, Wx, Wh, b)[0], expected.detach().numpy(), rtol=1e-9
    )


def test_the_full_jacobian_is_autograds_and_the_direct_path_its_part() -> None:
    rng = np.random.default_rng(0)
    N, D, H = 3, 4, 5
    x, c, Wx, Wh, b = (rng.normal(size=s) for s in ((N, D), (N, H), (D, 4 * H), (H, 4 * H), 4 * H))
    o = rng.uniform(size=(N, H))

    def next_c(prev_c: torch.Tensor) -> torch.Tensor:
        h = torch.tensor(o) * torch.tanh(prev_c)
        i, f, _, g = (
            torch.tensor(x) @ torch.tensor(Wx) + h @ torch.tensor(Wh) + torch.tensor(b)
        ).chunk(4, dim=1)
        return torch.sigmoid(f) * prev_c + torch.sigmoid(i) * torch.tanh(g)

    whole = torch.autograd.functional.jacobian(next_c, torch.tensor(c)).numpy()  # (N, H, N, H)
    J = lstm.cell_jacobian(x, c, o, Wx, Wh, b)
    np.testing.assert_allclose(J, whole[np.arange(N), :, np.arange(N)], rtol=1e-9)
    # nothing leaves the old cell but along the belt
    shut = lstm.cell_jacobian(x, c, np.zeros_like(o), Wx, Wh, b)
    f = lstm.sigmoid(x @ Wx[:, H : 2 * H] + b[H : 2 * H])
    np.testing.assert_allclose(shut, f[:, :, None] * np.eye(H))
    np.testing.assert_allclose(lstm.cell_gradient_path(f[:, None]), f)


def test_the_direct_path_is_all_there_is_when_no_gate_sees_the_state() -> None:
    """With Wh = 0 the last cell state is linear in the first: moving that by 1 moves the last by
    the path.
    """
    x, h0, Wx, Wh, b, _ = tensors(3, 5, 4, 6)
    ends = []
    for c0 in (np.zeros_like(h0), np.ones_like(h0)):
        h, c = h0, c0
        for t in range(5):
            h, c, _ = lstm.lstm_step_forward(x[:, t], h, c, Wx, 0 * Wh, b)
        ends.append(c)
    forget = torch.sigmoid(torch.tensor(x @ Wx + b)[..., 6:12]).numpy()  # (N, T, H)
    np.testing.assert_allclose(
        lstm.cell_gradient_path(forget), ends[1] - ends[0], rtol=1e-9, atol=1e-12
    )


def test_initial_weights_and_a_sigmoid_that_never_overflows() -> None:
    Wx, Wh, b = lstm.init_lstm(400, 100, np.random.default_rng(0), forget_bias=2.0)
    assert Wx.std() == pytest.approx(1 / 20, rel=0.02) and Wh.std() == pytest.approx(
        1 / 10, rel=0.02
    )
    assert b.sum() == 200 and (b[100:200] == 2).all()
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        np.testing.assert_array_equal(lstm.sigmoid(np.array([-1e3, 0, 1e3])), [0, 0.5, 1])
