"""Lesson 15 against torch: the recurrence by autograd of its formula, the scan against the loop."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from solutions.recurrent import linear_rnn

SIZES = [(3, 5, 4, 6), (1, 1, 2, 3), (2, 8, 3, 3), (4, 13, 1, 1)]


def recurrence(f: torch.Tensor, v: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """The states (N, T, H) of h_t = f_t * h_{t-1} + v_t, in torch."""
    states = []
    for t in range(f.shape[1]):
        h = f[:, t] * h + v[:, t]
        states.append(h)
    return torch.stack(states, dim=1)


def mingru(x: torch.Tensor, h0: torch.Tensor, Wx: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The paper's three lines, in torch, one step at a time."""
    Wz, Wn = Wx.chunk(2, dim=1)
    bz, bn = b.chunk(2)
    states, h = [], h0
    for t in range(x.shape[1]):
        z = torch.sigmoid(x[:, t] @ Wz + bz)
        h = (1 - z) * h + z * (x[:, t] @ Wn + bn)
        states.append(h)
    return torch.stack(states, dim=1)


def drawn(N: int, T: int, H: int, seed: int = 0) -> tuple[np.ndarray, ...]:
    """f, v, dh (N, T, H) and h0 (N, H)."""
    rng = np.random.default_rng([N, T, H, seed])
    f, v, dh = rng.normal(size=(3, N, T, H))
    return f, v, dh, rng.normal(size=(N, H))


@pytest.mark.parametrize("sizes", SIZES)
def test_the_recurrence_and_all_its_gradients(sizes: tuple[int, int, int, int]) -> None:
    N, T, _, H = sizes
    f, v, dh, h0 = drawn(N, T, H)
    leaves = [torch.tensor(array, requires_grad=True) for array in (f, v, h0)]
    expected = recurrence(*leaves)
    expected.backward(torch.tensor(dh))
    h, cache = linear_rnn.linear_recurrence_forward(f, v, h0)
    np.testing.assert_allclose(h, expected.detach().numpy(), rtol=1e-10)
    for got, want in zip(linear_rnn.linear_recurrence_backward(dh, cache), leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("sizes", SIZES)
def test_the_mingru_and_all_its_gradients(sizes: tuple[int, int, int, int]) -> None:
    N, T, D, H = sizes
    rng = np.random.default_rng(sizes)
    shapes = ((N, T, D), (N, H), (D, 2 * H), (2 * H,), (N, T, H))
    *inputs, dh = (rng.normal(size=shape) for shape in shapes)
    leaves = [torch.tensor(array, requires_grad=True) for array in inputs]
    expected = mingru(*leaves)
    expected.backward(torch.tensor(dh))
    h, cache = linear_rnn.mingru_forward(*inputs)
    np.testing.assert_allclose(h, expected.detach().numpy(), rtol=1e-10)
    for got, want in zip(linear_rnn.mingru_backward(dh, cache), leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_two_steps_in_one_are_one_after_the_other_and_brackets_do_not_matter() -> None:
    rng = np.random.default_rng(0)
    (f1, v1), (f2, v2), (f3, v3), (h, _) = rng.normal(size=(4, 2, 3, 5))
    f, v = linear_rnn.compose_steps(f1, v1, f2, v2)
    np.testing.assert_allclose(f * h + v, f2 * (f1 * h + v1) + v2)
    left = linear_rnn.compose_steps(f, v, f3, v3)
    right = linear_rnn.compose_steps(f1, v1, *linear_rnn.compose_steps(f2, v2, f3, v3))
    np.testing.assert_allclose(left, right)


@pytest.mark.parametrize("T", [1, 2, 3, 5, 8, 9, 31, 32, 33, 100])
def test_the_scan_has_the_loops_states(T: int) -> None:
    f, v, _, h0 = drawn(2, T, 3)
    f = np.clip(f, -1, 1)
    h, _ = linear_rnn.linear_recurrence_forward(f, v, h0)
    np.testing.assert_allclose(linear_rnn.parallel_scan(f, v, h0), h, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("T", [1, 2, 3, 4, 5, 8, 9, 64, 65])
def test_the_scan_takes_as_many_rounds_as_it_says(T: int, monkeypatch: pytest.MonkeyPatch) -> None:
    distances = []
    one_round = linear_rnn.scan_round

    def counted(f: np.ndarray, v: np.ndarray, distance: int) -> tuple[np.ndarray, np.ndarray]:
        distances.append(distance)
        return one_round(f, v, distance)

    monkeypatch.setattr(linear_rnn, "scan_round", counted)
    f, v, _, h0 = drawn(1, T, 2)
    linear_rnn.parallel_scan(f, v, h0)
    assert distances == [2**k for k in range(int(np.ceil(np.log2(T))))]


def test_a_round_doubles_the_stretches() -> None:
    """Written out: after rounds of 1 and 2, position t is the map of steps t-3 to t."""
    f, v, _, _ = drawn(1, 6, 1)
    after = linear_rnn.scan_round(*linear_rnn.scan_round(f, v, 1), 2)
    for t in range(6):
        stretch = slice(max(t - 3, 0), t + 1)
        h, _ = linear_rnn.linear_recurrence_forward(f[:, stretch], v[:, stretch], np.zeros((1, 1)))
        np.testing.assert_allclose(after[0][0, t], f[0, stretch].prod(axis=0))
        np.testing.assert_allclose(after[1][0, t], h[0, -1])


def test_zeros_and_products_that_underflow_are_no_trouble() -> None:
    f, v, _, h0 = drawn(2, 9, 3)
    f[:, 4] = 0.0
    f[:, :, 1] *= 1e-150
    with np.errstate(all="raise", under="ignore"):
        h, _ = linear_rnn.linear_recurrence_forward(f, v, h0)
        np.testing.assert_allclose(linear_rnn.parallel_scan(f, v, h0), h, rtol=1e-9, atol=1e-12)


def test_the_path_is_the_derivative_by_autograd() -> None:
    f, v, _, h0 = drawn(2, 6, 3)
    f[0, 3, 1] = 0.0
    path = linear_rnn.state_gradient_path(f)
    h = torch.tensor(h0)
    states = []
    for t in range(6):
        h = torch.tensor(f[:, t]) * h + torch.tensor(v[:, t])
        h.requires_grad_()
        states.append(h)
    gradients = torch.autograd.grad(states[-1].sum(), states)
    np.testing.assert_allclose(path, torch.stack(gradients, dim=1).numpy(), rtol=1e-10)


def test_the_path_is_what_the_mingrus_gradient_meets() -> None:
    """No other way leads from a state to a later one: dh0 is f_1 times the path, exactly."""
    rng = np.random.default_rng(1)
    x, h0 = rng.normal(size=(2, 7, 3)), rng.normal(size=(2, 4))
    Wx, b = rng.normal(size=(3, 8)), rng.normal(size=8)
    _, cache = linear_rnn.mingru_forward(x, h0, Wx, b)
    dh = np.zeros((2, 7, 4))
    dh[:, -1] = 1.0
    kept = 1 / (1 + np.exp((x @ Wx + b)[:, :, :4]))
    through = kept[:, 0] * linear_rnn.state_gradient_path(kept)[:, 0]
    np.testing.assert_allclose(linear_rnn.mingru_backward(dh, cache)[1], through, rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_states_keep_the_precision_of_their_inputs(dtype: type) -> None:
    f, v, dh, h0 = (array.astype(dtype) for array in drawn(2, 5, 3))
    h, cache = linear_rnn.linear_recurrence_forward(f, v, h0)
    gradients = linear_rnn.linear_recurrence_backward(dh, cache)
    for array in (h, *gradients, linear_rnn.parallel_scan(f, v, h0)):
        assert array.dtype == dtype
