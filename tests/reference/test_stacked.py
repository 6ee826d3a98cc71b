"""Lesson 7 against torch.nn.RNN and torch.nn.LSTM with several layers, and against autograd where
widths differ.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from solutions.recurrent import stacked


def draw(N: int, T: int, widths: list[int], blocks: int):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng([N, T, *widths, blocks])
    layers = [
        tuple(
            rng.normal(size=s, scale=0.6) for s in ((D, blocks * H), (H, blocks * H), (blocks * H,))
        )
        for D, H in pairwise(widths)
    ]
    h0s = [rng.normal(size=(N, H)) for H in widths[1:]]
    return rng.normal(size=(N, T, widths[0])), h0s, layers, rng.normal(size=(N, T, widths[-1]))


def torch_layers(x, h0s, layers, blocks):  # type: ignore[no-untyped-def]
    """One torch module a layer, its weights in torch's layout."""
    h = x
    for h0, (Wx, Wh, b) in zip(h0s, layers, strict=True):
        H = Wh.shape[0]
        kind = torch.nn.LSTM if blocks == 4 else torch.nn.RNN
        module = kind(Wx.shape[0], H, batch_first=True, dtype=torch.float64)
        order = torch.tensor(
            np.r_[0 : 2 * H, 3 * H : 4 * H, 2 * H : 3 * H] if blocks == 4 else np.arange(H)
        )
        weights = {
            "weight_ih_l0": Wx[:, order].T,
            "weight_hh_l0": Wh[:, order].T,
            "bias_ih_l0": b[order],
            "bias_hh_l0": torch.zeros_like(b),
        }
        state = (h0[None], torch.zeros_like(h0)[None]) if blocks == 4 else h0[None]
        h, _ = torch.func.functional_call(module, weights, (h, state))
    return h


@pytest.mark.parametrize("blocks", [1, 4])
@pytest.mark.parametrize("widths", [[3, 5, 6, 7], [4, 2], [3, 3, 3]])
def test_a_stack_is_torchs_stack(widths: list[int], blocks: int) -> None:
    x, h0s, layers, dh = draw(2, 4, widths, blocks)
    leaf = lambda a: torch.tensor(a, requires_grad=True)  # noqa: E731
    tx, th0s, tlayers = (
        leaf(x),
        [leaf(h) for h in h0s],
        [tuple(map(leaf, layer)) for layer in layers],
    )
    expected = torch_layers(tx, th0s, tlayers, blocks)
    expected.backward(torch.tensor(dh))
    name = "stacked_lstm" if blocks == 4 else "stacked"
    h, cache = getattr(stacked, f"{name}_forward")(x, h0s, layers)
    dx, dh0s, dlayers = getattr(stacked, f"{name}_backward")(dh, cache)
    np.testing.assert_allclose(h, expected.detach().numpy(), rtol=1e-8, atol=1e-12)
    got = [dx, *dh0s, *(w for layer in dlayers for w in layer)]
    want = [tx, *th0s, *(w for layer in tlayers for w in layer)]
    for a, b in zip(got, want, strict=True):
        np.testing.assert_allclose(a, b.grad.numpy(), rtol=1e-7, atol=1e-11)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_parameters_are_counted_as_torch_has_them_less_the_second_bias(cell: str) -> None:
    D, H, L = 5, 7, 3
    module = getattr(torch.nn, cell.upper())(D, H, L)
    twice = sum(p.numel() for n, p in module.named_parameters() if n.startswith("bias_hh"))
    assert (
        stacked.count_parameters([D, H, H, H], cell)
        == sum(p.numel() for p in module.parameters()) - twice
    )
