"""Attention over a picture: where a decoder looked when it said each word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .style import PALETTE, figure

Box = tuple[float, float, float, float]


def attention_over_picture(
    picture: np.ndarray,
    words: Sequence[str],
    weights: np.ndarray,
    title: str,
    credit: str,
    boxes: Sequence[Sequence[Box]] | None = None,
    columns: int = 4,
) -> Any:
    """The picture once as it is, and once for each word, with light where the decoder looked.

    The cell with the largest weight is as bright as in the picture, one with no weight is nearly
    dark. Below each word stands that largest weight: 1 would be a look at a single cell.

    Inputs:
    - picture: (S, S, 3), uint8
    - words: T of them, in the order in which they were said
    - weights: (T, G G), for each word the weights of G x G cells, row by row
    - title: what is to be seen; credit: who made the picture, shown below
    - boxes: for each word the boxes of what it names (left, top, right, bottom as parts of the
      side), drawn dashed
    - columns: pictures in a row

    Returns: the figure
    Raises ValueError if the weights are not a square grid for every word.
    """
    weights = np.asarray(weights)
    cells = math.isqrt(weights.shape[-1])
    if weights.shape != (len(words), cells * cells):
        raise ValueError(
            f"weights should be ({len(words)}, G G), one row a word, and is {weights.shape}"
        )
    rows = math.ceil((len(words) + 1) / columns)
    side = 7.0 / columns
    fig, axes = figure(title, columns, rows, height=rows * (side + 0.45) + 0.6)
    panels = np.atleast_1d(axes).ravel()
    for panel in panels:
        panel.axis("off")
    _show(panels[0], picture, "the picture", "")
    for t, (word, panel) in enumerate(zip(words, panels[1:], strict=False)):
        light = _light(weights[t].reshape(cells, cells), picture.shape[0])
        _show(
            panel,
            (picture * light).astype(np.uint8),
            f"“{word}”",
            f"largest weight {weights[t].max():.2f}",
        )
        for box in boxes[t] if boxes else ():
            _outline(panel, box, picture.shape[0])
    fig.supxlabel(credit, fontsize=8, x=0.99, ha="right")
    return fig


def _light(grid: np.ndarray, side: int) -> np.ndarray:
    """How bright each pixel is shown: (side, side, 1), from 0.15 without weight to 1 in the cell
    with most.
    """
    at = np.arange(side) * len(grid) // side
    return np.asarray((0.15 + 0.85 * grid / grid.max())[np.ix_(at, at)][:, :, None])


def _show(panel: Any, picture: np.ndarray, above: str, below: str) -> None:
    panel.imshow(picture, interpolation="nearest")
    panel.set_title(above, fontsize=11)
    panel.text(0.5, -0.03, below, transform=panel.transAxes, ha="center", va="top", fontsize=8)


def _outline(panel: Any, box: Box, side: int) -> None:
    left, top, right, bottom = (edge * side for edge in box)
    around = [left, right, right, left, left], [top, top, bottom, bottom, top]
    panel.plot(*around, color="white", linewidth=2.6, solid_capstyle="butt")
    panel.plot(*around, color=PALETTE[1], linewidth=1.4, linestyle="--")
    panel.set(xlim=(-0.5, side - 0.5), ylim=(side - 0.5, -0.5))
