"""Gates over time: measured at a cell from outside, and drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .style import SEQUENTIAL, figure, labels

Step = Callable[..., tuple[Any, ...]]

CERTAIN = 1e3
"""A bias so large that the tanh behind it gives 1."""


def lstm_gates(
    step: Step, x: np.ndarray, h0: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray
) -> dict[str, np.ndarray]:
    """What the gates of an LSTM do while it reads a sequence, found out from outside.

    Take c_t = f * c_{t-1} + i * g, and make the bias of the g block so large that g = 1. From
    c_{t-1} = 0 the cell then goes to i, from c_{t-1} = 1 to f + i; and o is the ratio of h_t to
    tanh(c_t).

    Inputs:
    - step: step(x, prev_h, prev_c, Wx, Wh, b) -> next_h, next_c, anything; yours
    - x: (N, T, D); h0: (N, H); Wx: (D, 4H), Wh: (H, 4H), b: (4H,), blocks i f o g

    Returns: i, f, o, and the cell state c, each (N, T, H)
    """
    sure = b + np.repeat([0.0, 0.0, 0.0, CERTAIN], h0.shape[1])
    prev_h, prev_c = h0, 0 * h0
    found: dict[str, list[np.ndarray]] = {"i": [], "f": [], "o": [], "c": []}
    for now in np.moveaxis(x, 1, 0):
        i = step(now, prev_h.copy(), np.zeros_like(h0), Wx, Wh, sure)[1]
        h_from_1, c_from_1 = step(now, prev_h.copy(), np.ones_like(h0), Wx, Wh, sure)[:2]
        prev_h, prev_c = step(now, prev_h.copy(), prev_c.copy(), Wx, Wh, b)[:2]
        found["i"].append(i)
        found["f"].append(c_from_1 - i)
        found["o"].append(h_from_1 / np.maximum(np.tanh(c_from_1), np.finfo(float).tiny))
        found["c"].append(prev_c)
    return {name: np.stack(values, axis=1) for name, values in found.items()}


def gru_gates(
    step: Step, x: np.ndarray, h0: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray
) -> dict[str, np.ndarray]:
    """What the update gate of a GRU does while it reads a sequence, found out from outside.

    With a huge bias in the candidate's block the candidate is 1, with a huge negative one it is -1.
    In between, the new state h_t = (1 - z) * h_{t-1} + z * n moves by 2 z.

    Inputs:
    - step: step(x, prev_h, Wx, Wh, b) -> next_h, anything; yours
    - x: (N, T, D); h0: (N, H); Wx: (D, 3H), Wh: (H, 3H), b: (3H,), blocks z r n

    Returns: z, and the state h, each (N, T, H)
    """
    pull = np.repeat([0.0, 0.0, CERTAIN], h0.shape[1])
    prev_h, z, h = h0, [], []
    for now in np.moveaxis(x, 1, 0):
        up, down = (step(now, prev_h.copy(), Wx, Wh, b + sign * pull)[0] for sign in (1, -1))
        prev_h = step(now, prev_h.copy(), Wx, Wh, b)[0]
        z.append((up - down) / 2)
        h.append(prev_h)
    return {"z": np.stack(z, axis=1), "h": np.stack(h, axis=1)}


def gate_maps(gates: Mapping[str, np.ndarray], symbols: Sequence[str], title: str) -> Any:
    """Gates as maps, one above the other: dark is shut, bright is open.

    Inputs:
    - gates: name, as it should stand beside the map -> (T, H), values from 0 to 1
    - symbols: T short texts, what was read at each step; they stand below the lowest map
    - title: what is to be seen

    Returns: the figure
    """
    fig, axes = figure(title, rows=len(gates), height=0.6 + 1.25 * len(gates))
    for axis, (name, values) in zip(np.atleast_1d(axes), gates.items(), strict=True):
        shown = axis.imshow(
            values.T, vmin=0, vmax=1, cmap=SEQUENTIAL, aspect="auto", interpolation="nearest"
        )
        axis.set_xticks(range(len(symbols)), [""] * len(symbols))
        axis.set_yticks([0, values.shape[1] - 1])
        labels(axis, "", f"{name}\nunit")
    labels(axis, "what is read, step by step", f"{name}\nunit")
    axis.set_xticks(range(len(symbols)), symbols, fontsize=9)
    fig.colorbar(shown, ax=axes, label="0: shut, 1: open")
    return fig
