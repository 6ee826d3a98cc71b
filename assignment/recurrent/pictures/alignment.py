"""What a translator looked at: the words it wrote against the letters it read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .style import SEQUENTIAL, figure, labels


def alignment(weights: np.ndarray, source: Sequence[str], target: Sequence[str], title: str) -> Any:
    """Attention weights as a map; every row sums to 1.

    Inputs:
    - weights: (T, S), what was looked at while each target word was written
    - source: S letters or words; target: T words
    - title: what is to be seen

    Returns: the figure
    """
    T, S = weights.shape
    fig, axis = figure(title, width=min(10.0, 2.2 + 0.24 * S), height=min(7.0, 1.5 + 0.3 * T))
    shown = axis.imshow(
        weights, cmap=SEQUENTIAL, vmin=0, vmax=1, aspect="auto", interpolation="nearest"
    )
    axis.set_xticks(range(S), source, fontsize=9 if S < 45 else 7)
    axis.set_yticks(range(T), target)
    labels(
        axis, "read, letter by letter" if all(len(s) == 1 for s in source) else "read", "written"
    )
    fig.colorbar(shown, label="attention weight", fraction=0.05)
    return fig


def several(maps: Sequence[np.ndarray], titles: Sequence[str], x: str, y: str, title: str) -> Any:
    """Maps of values from 0 to 1 side by side, in one scale; (rows, columns) each.

    x, y: what the axes are. Returns: the figure
    """
    fig, axes = figure(title, columns=len(maps), width=2.4 * len(maps) + 1.0, height=2.9)
    for axis, values, name in zip(np.atleast_1d(axes), maps, titles, strict=True):
        shown = axis.imshow(values, cmap=SEQUENTIAL, vmin=0, vmax=1, interpolation="nearest")
        labels(axis, x, y, name)
        axis.locator_params(integer=True, nbins=6)
    fig.colorbar(shown, ax=axes, fraction=0.04)
    return fig
