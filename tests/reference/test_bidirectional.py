"""Lesson 14 against torch's bidirectional nn.RNN on packed sequences, which never read padding."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from solutions.recurrent import bidirectional

LENGTHS = [(5, 2, 4), (1, 1), (3,), (6, 6, 6, 6), (1, 7, 3, 2)]
Weights = tuple[np.ndarray, np.ndarray, np.ndarray]


def drawn(
    lengths: tuple[int, ...], padding: int
) -> tuple[np.ndarray, Weights, Weights, np.ndarray]:
    N, T, D, H = len(lengths), max(lengths) + padding, 3, 4
    rng = np.random.default_rng([*lengths, padding])
    right = tuple(rng.normal(size=shape) for shape in ((D, H), (H, H), (H,)))
    left = tuple(rng.normal(size=shape) for shape in ((D, H), (H, H), (H,)))
    return rng.normal(size=(N, T, D)), right, left, rng.normal(size=(N, T, 2 * H))  # type: ignore[return-value]


def torch_states(
    x: torch.Tensor, lengths: tuple[int, ...], right: list[torch.Tensor], left: list[torch.Tensor]
) -> torch.Tensor:
    """What torch's own module makes of the packed rows, padded with zeros to the length of x."""
    D, H = right[0].shape
    module = torch.nn.RNN(D, H, batch_first=True, bidirectional=True, dtype=torch.float64)
    weights = {}
    for suffix, (Wx, Wh, b) in (("", right), ("_reverse", left)):
        weights[f"weight_ih_l0{suffix}"] = Wx.T
        weights[f"weight_hh_l0{suffix}"] = Wh.T
        weights[f"bias_ih_l0{suffix}"] = b
        weights[f"bias_hh_l0{suffix}"] = torch.zeros_like(b)
    packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    states, _ = torch.func.functional_call(module, weights, (packed,))
    padded, _ = pad_packed_sequence(states, batch_first=True, total_length=x.shape[1])
    return padded


@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("lengths", LENGTHS)
def test_states_and_all_gradients_are_torchs(lengths: tuple[int, ...], padding: int) -> None:
    x, right, left, dh = drawn(lengths, padding)
    leaves = [torch.tensor(array, requires_grad=True) for array in (x, *right, *left)]
    expected = torch_states(leaves[0], lengths, leaves[1:4], leaves[4:])
    expected.backward(torch.tensor(dh))
    h, cache = bidirectional.bidirectional_forward(x, np.array(lengths), right, left)
    np.testing.assert_allclose(h, expected.detach().numpy(), rtol=1e-10, atol=1e-14)
    dx, dright, dleft = bidirectional.bidirectional_backward(dh, cache)
    for got, want in zip((dx, *dright, *dleft), leaves, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("lengths", LENGTHS)
def test_a_row_is_reversed_as_a_list_is(lengths: tuple[int, ...]) -> None:
    x, *_ = drawn(lengths, 1)
    out = bidirectional.reverse_ragged(x, np.array(lengths))
    for row, turned, length in zip(x, out, lengths, strict=True):
        np.testing.assert_array_equal(turned[:length], list(row[:length])[::-1])
        assert not turned[length:].any()


def test_reversing_is_its_own_gradient() -> None:
    """The sum of dout * reversed(x) is the sum of reversed(dout) * x, for all x and dout."""
    rng = np.random.default_rng(0)
    x, dout = rng.normal(size=(2, 4, 6, 3))
    lengths = np.array([6, 1, 4, 3])
    there = (dout * bidirectional.reverse_ragged(x, lengths)).sum()
    back = (bidirectional.reverse_ragged(dout, lengths) * x).sum()
    np.testing.assert_allclose(there, back, rtol=1e-12)


def test_large_numbers_in_the_padding_change_nothing() -> None:
    lengths = (2, 4, 1)
    x, right, left, dh = drawn(lengths, 2)
    padded = np.arange(x.shape[1]) >= np.array(lengths)[:, None]
    results = []
    for number in (0.0, 1e6):
        x[padded], dh[padded] = number, -number
        h, cache = bidirectional.bidirectional_forward(x, np.array(lengths), right, left)
        dx, dright, dleft = bidirectional.bidirectional_backward(dh, cache)
        results.append((h, dx, *dright, *dleft))
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)
