"""Lesson 16 against torch, and against sums and loops written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from solutions.recurrent import practice


def test_the_same_units_are_dropped_at_every_step() -> None:
    rng = np.random.default_rng(0)
    x, u, p = rng.normal(size=(3, 5, 8)), rng.random((3, 8)), 0.4
    out, _ = practice.sequence_dropout_forward(x, u, p)
    for n in range(3):
        for d in range(8):
            factor = 0.0 if u[n, d] < p else 1 / 0.6
            np.testing.assert_allclose(out[n, :, d], factor * x[n, :, d])


def test_the_mean_over_many_masks_is_the_input() -> None:
    """The standard error of the mean is sqrt(p / (1 - p) / masks), here 0.004."""
    rng = np.random.default_rng(1)
    masks = 40_000
    out, _ = practice.sequence_dropout_forward(np.ones((masks, 1, 3)), rng.random((masks, 3)), 0.4)
    np.testing.assert_allclose(out.mean(axis=(0, 1)), 1.0, atol=0.02)


def test_the_gradient_of_dropout_is_torchs() -> None:
    rng = np.random.default_rng(2)
    x, u, dout = rng.normal(size=(2, 4, 5)), rng.random((2, 5)), rng.normal(size=(2, 4, 5))
    leaf = torch.tensor(x, requires_grad=True)
    kept = torch.tensor(u >= 0.3).double()[:, None]
    (leaf * kept / 0.7).backward(torch.tensor(dout))
    _, cache = practice.sequence_dropout_forward(x, u, 0.3)
    np.testing.assert_allclose(practice.sequence_dropout_backward(dout, cache), leaf.grad.numpy())


@pytest.mark.parametrize("p", [-0.1, 1.0, 2.0, float("nan")])
def test_a_probability_that_makes_no_sense_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="p should be"):
        practice.sequence_dropout_forward(np.ones((1, 1, 1)), np.ones((1, 1)), p)


@pytest.mark.parametrize("sizes", [(3, 5, 4, 6), (1, 1, 2, 3), (2, 4, 5, 5)])
def test_the_tied_models_gradients_are_torchs(sizes: tuple[int, int, int, int]) -> None:
    """With a module whose two ends share one parameter, as Press and Wolf have it."""
    N, T, H, C = sizes
    rng = np.random.default_rng(sizes)
    ids, s0 = rng.integers(C, size=(N, T + 1)), rng.normal(size=(N, H))
    shapes = {"E": (C, H), "Wx": (H, H), "Wh": (H, H), "b": H}
    params = {name: rng.normal(size=s) for name, s in shapes.items()}
    embedding = torch.nn.Embedding(C, H, dtype=torch.float64)
    output = torch.nn.Linear(H, C, bias=False, dtype=torch.float64)
    output.weight = embedding.weight
    with torch.no_grad():
        embedding.weight.copy_(torch.tensor(params["E"]))
    names = ("Wx", "Wh", "b")
    Wx, Wh, b = (torch.tensor(params[name], requires_grad=True) for name in names)
    s, scores = torch.tensor(s0), []
    for t in range(T):
        s = torch.tanh(embedding(torch.tensor(ids[:, t])) @ Wx + s @ Wh + b)
        scores.append(output(s))
    targets = torch.tensor(ids[:, 1:]).flatten()
    flat = torch.stack(scores, dim=1).flatten(0, 1)
    expected = torch.nn.functional.cross_entropy(flat, targets, reduction="sum") / N
    expected.backward()

    loss, grads = practice.tied_rnnlm_loss(params, ids, s0)
    np.testing.assert_allclose(loss, expected.item(), rtol=1e-10)
    np.testing.assert_allclose(grads["E"], embedding.weight.grad.numpy(), rtol=1e-9, atol=1e-12)
    for name, leaf in zip(names, (Wx, Wh, b), strict=True):
        np.testing.assert_allclose(grads[name], leaf.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("k", [1.0, 7.5, 100.0])
def test_the_decay_is_the_formula_and_its_middle_where_it_should_be(k: float) -> None:
    steps = np.arange(0, 200, 10)
    written_out = [k / (k + math.exp(step / k)) for step in steps]
    np.testing.assert_allclose(practice.teacher_forcing_rate(steps, k), written_out)
    middle = practice.teacher_forcing_rate(np.array([k * math.log(k)]), k)
    np.testing.assert_allclose(middle, 0.5)


def test_the_decay_is_zero_in_the_far_future_without_a_warning() -> None:
    with np.errstate(all="raise", under="ignore"):
        assert practice.teacher_forcing_rate(np.array([10**12]), 1.0) == 0


def read_by_torch(
    params: dict[str, np.ndarray], ids: np.ndarray, h0: np.ndarray, u: np.ndarray, rate: float
) -> list[list[int]]:
    """Row by row with torch's cell, as the docstring says it."""
    V, H = params["Wx"].shape
    cell = torch.nn.RNNCell(V, H, dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih.copy_(torch.tensor(params["Wx"].T))
        cell.weight_hh.copy_(torch.tensor(params["Wh"].T))
        cell.bias_ih.copy_(torch.tensor(params["b"]))
        cell.bias_hh.zero_()
        rows = []
        for n in range(len(ids)):
            h, read = torch.tensor(h0[n : n + 1]), []
            for t in range(ids.shape[1]):
                if t == 0 or u[n, t] < rate:
                    read.append(int(ids[n, t]))
                else:
                    scores = h @ torch.tensor(params["Why"]) + torch.tensor(params["by"])
                    read.append(int(scores.argmax()))
                h = cell(torch.eye(V, dtype=torch.float64)[read[-1]][None], h)
            rows.append(read)
    return rows


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.7, 1.0])
def test_what_is_read_is_what_a_loop_over_rows_reads(rate: float) -> None:
    V, H, N, T = 5, 6, 4, 9
    rng = np.random.default_rng(3)
    shapes = {"Wx": (V, H), "Wh": (H, H), "b": H, "Why": (H, V), "by": V}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    ids, h0, u = rng.integers(V, size=(N, T)), rng.normal(size=(N, H)), rng.random((N, T))
    inputs = practice.scheduled_inputs(params, ids, h0, u, rate)
    assert inputs.tolist() == read_by_torch(params, ids, h0, u, rate)
    if rate == 1.0:
        np.testing.assert_array_equal(inputs, ids)


def shortest_head(row: np.ndarray, p: float) -> set[int]:
    """The smallest set of entries with a total of at least p, by trying all heads."""
    order = sorted(range(len(row)), key=lambda i: (-row[i], i))
    for size in range(1, len(row) + 1):
        if math.fsum(row[i] for i in order[:size]) >= p:
            return set(order[:size])
    return set(order)


@pytest.mark.parametrize("p", [0.01, 0.3, 0.5, 0.77, 0.95, 1.0])
def test_the_nucleus_is_the_shortest_head_that_reaches_p(p: float) -> None:
    rng = np.random.default_rng(4)
    logits = rng.normal(scale=2, size=(50, 9))
    logits[::3, 4:] = logits[::3, 4:5]  # ties
    softmax = torch.softmax(torch.tensor(logits), dim=1).numpy()
    probs = practice.nucleus_probs(logits, p)
    np.testing.assert_allclose(probs.sum(axis=1), 1)
    for row, kept in zip(softmax, probs, strict=True):
        head = shortest_head(row, p)
        assert set(np.flatnonzero(kept)) == head
        total = sum(row[i] for i in head)
        np.testing.assert_allclose([kept[i] for i in head], [row[i] / total for i in head])


def test_with_p_of_one_the_tail_that_rounding_would_drop_stays() -> None:
    probs = practice.nucleus_probs(np.array([[40.0, 0.0, -1.0]]), 1.0)
    assert (probs > 0).all()


@pytest.mark.parametrize("p", [0.0, -1.0, 1.1, float("nan")])
def test_a_nucleus_that_makes_no_sense_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="p should be"):
        practice.nucleus_probs(np.zeros((1, 3)), p)
