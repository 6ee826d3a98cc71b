"""How fast the reference trains: a forward and a backward pass, beside torch's own layers.

Both work in float32 on one thread, on the same inputs, and take turns, so that everything else the
machine does falls on both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder import lessons
from autograder.authoring.casebook.variants import Variant
from autograder.problem import Arrays

N, T, D, H = 64, 32, 50, 100
"""Rows, steps, and the widths of input and state: a model over word vectors of 50 numbers."""

PAIRS = 40
"""How often the two take turns, after a warm-up."""


@dataclass(frozen=True)
class Layer:
    """A recurrent layer: its lesson, its class in torch, its blocks, and the limit.

    at_most: times that the reference may take longer.
    """

    lesson: str
    in_torch: str
    blocks: int
    at_most: float


LAYERS = (
    Layer("lstm", "LSTM", 4, 1.5),
    Layer("gru", "GRU", 3, 1.1),
    Layer("rnn", "RNN", 1, 0.8),
)


def training_rows(reference: Variant) -> Iterator[tuple[str, str, str]]:
    """For each layer what was measured, the figure, and the limit; none without torch."""
    if not lessons.can_run("torch_models"):
        return
    for layer in LAYERS:
        given = inputs_of(layer)
        ours, theirs = quickest(in_numpy(layer, reference, given), in_torch(layer, given))
        yield (
            f"training the {layer.in_torch} in float32, forward and backward, over torch's "
            f"nn.{layer.in_torch}: N={N}, T={T}, D={D}, H={H}, one thread",
            f"{ours / theirs:.2f} times ({ours * 1000:.1f} ms)",
            f"{layer.at_most:g} times",
        )


def inputs_of(layer: Layer) -> Arrays:
    """A sequence, the weights of a new layer, and an upstream gradient, all in float32."""
    rng = np.random.default_rng(0)
    units = layer.blocks * H
    arrays = {
        "x": rng.normal(size=(N, T, D)),
        "h0": rng.normal(size=(N, H)),
        "Wx": rng.normal(size=(D, units)) / np.sqrt(D),
        "Wh": rng.normal(size=(H, units)) / np.sqrt(H),
        "b": rng.normal(size=units),
        "dh": rng.normal(size=(N, T, H)),
    }
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def in_numpy(layer: Layer, reference: Variant, given: Arrays) -> Callable[[], Any]:
    """One pass of the reference; it returns the gradients."""
    module = reference.module(layer.lesson)
    forward = getattr(module, f"{layer.lesson}_forward")
    backward = getattr(module, f"{layer.lesson}_backward")
    x, h0, Wx, Wh, b, dh = given.values()

    def train() -> Any:
        _, cache = forward(x, h0, Wx, Wh, b)
        return backward(dh, cache)

    return train


def in_torch(layer: Layer, given: Arrays) -> Callable[[], Any]:
    """One pass of torch's layer; it returns the gradients of x, h0 and all weights."""
    import torch  # only here: nothing else of the bench needs it

    torch.set_num_threads(1)
    module = getattr(torch.nn, layer.in_torch)(D, H, batch_first=True)
    x, h0 = (torch.tensor(given[name], requires_grad=True) for name in ("x", "h0"))
    dh = torch.tensor(given["dh"])
    leaves = [x, h0, *module.parameters()]

    def train() -> Any:
        for leaf in leaves:
            leaf.grad = None
        state = h0[None]
        h, _ = module(x, (state, torch.zeros_like(state)) if layer.in_torch == "LSTM" else state)
        h.backward(dh)
        return [leaf.grad for leaf in leaves]

    return train


def quickest(*runs: Callable[[], Any]) -> list[float]:
    """The least processor time that each of these took, in seconds, when they take turns.

    The least, and no median: another program can only make a run slower.
    """
    least = [float("inf")] * len(runs)
    for run in runs:
        run()
    for _ in range(PAIRS):
        for number, run in enumerate(runs):
            start = time.process_time()
            run()
            least[number] = min(least[number], time.process_time() - start)
    return least
