"""Lesson 6 against torch: the GRU by autograd of its formula, and by torch.nn.GRUCell where
conventions allow it.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from solutions.recurrent import gru

SIZES = [(3, 5, 4, 6), (1, 1, 2, 3), (2, 6, 3, 3), (4, 2, 1, 1)]


def tensors(N: int, T: int, D: int, H: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng([N, T, D, H])
    return tuple(
        rng.normal(size=s) for s in ((N, T, D), (N, H), (D, 3 * H), (H, 3 * H), (3 * H,), (N, T, H))
    )


def lecture_gru(x, h, Wx, Wh, b):  # type: ignore[no-untyped-def]
    """The lecture's four lines, in torch."""
    states = []
    for t in range(x.shape[1]):
        xz, xr, xn = (x[:, t] @ Wx + b).chunk(3, dim=1)
        Whz, Whr, Whn = Wh.chunk(3, dim=1)
        z, r = torch.sigmoid(xz + h @ Whz), torch.sigmoid(xr + h @ Whr)
        h = (1 - z) * h + z * torch.tanh(xn + (r * h) @ Whn)
        states.append(h)
    return torch.stack(states, dim=1)


@pytest.mark.parametrize("sizes", SIZES)
def test_forward_and_all_gradients(sizes: tuple[int, int, int, int]) -> None:
    *inputs, dh = tensors(*sizes)
    leaves = [torch.tensor(a, requires_grad=True) for a in inputs]
    expected = lecture_gru(*leaves)
    expected.backward(torch.tensor(dh))
    h, cache = gru.gru_forward(*inputs)
    np.testing.assert_allclose(h, expected.detach().numpy(), rtol=1e-9, atol=1e-12)
    for got, want in zip(gru.gru_backward(dh, cache), leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-8, atol=1e-12)


def test_in_the_other_convention_it_is_torchs_cell_where_the_reset_commutes() -> None:
    """With a diagonal Whn, resetting before or after the product is the same, and torch's cell can
    be the oracle.
    """
    x, h0, Wx, Wh, b, _ = tensors(3, 1, 4, 5)
    H = 5
    Wh[:, 2 * H :] = np.diag(np.diag(Wh[:, 2 * H :]))
    b[2 * H :] = 0  # torch's reset multiplies this bias too
    expected, _ = gru.gru_step_forward(x[:, 0], h0, Wx, Wh, b)
    order = np.r_[H : 2 * H, 0:H, 2 * H : 3 * H]  # torch stacks r z n
    other = [w[..., order] for w in gru.gru_to_other_convention(Wx, Wh, b)]
    cell = torch.nn.GRUCell(4, H, dtype=torch.float64)
    weights = dict(
        weight_ih=other[0].T, weight_hh=other[1].T, bias_ih=other[2], bias_hh=np.zeros(3 * H)
    )
    cell.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    np.testing.assert_allclose(
        cell(torch.tensor(x[:, 0]), torch.tensor(h0)).detach().numpy(), expected, rtol=1e-9
    )


def test_resetting_before_and_after_the_product_cannot_be_converted() -> None:
    x, h0, Wx, Wh, b, _ = tensors(3, 1, 4, 5)
    before, _ = gru.gru_step_forward(x[:, 0], h0, Wx, Wh, b)
    cell = torch.nn.GRUCell(4, 5, dtype=torch.float64)
    order = np.r_[5:10, 0:5, 10:15]
    other = [w[..., order] for w in gru.gru_to_other_convention(Wx, Wh, b)]
    weights = dict(
        weight_ih=other[0].T, weight_hh=other[1].T, bias_ih=other[2], bias_hh=np.zeros(15)
    )
    cell.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    assert (
        np.abs(cell(torch.tensor(x[:, 0]), torch.tensor(h0)).detach().numpy() - before).max() > 1e-3
    )
