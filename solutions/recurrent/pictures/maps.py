"""Words on a map: many numbers each, brought down to two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .style import MARKERS, PALETTE, figure, labels

STEPS = 60


def principal(E: np.ndarray) -> tuple[np.ndarray, float]:
    """The plane in which the vectors differ most.

    Inputs:
    - E: (V, D), V at least 2, D at least 2

    Returns: (V, 2), the vectors in that plane; the share of all squared differences that it keeps

    Source: principal component analysis by the singular value decomposition of the centred vectors.
    """
    centred = E - E.mean(axis=0)
    _, size, direction = np.linalg.svd(centred, full_matrices=False)
    return centred @ direction[:2].T, float((size[:2] ** 2).sum() / (size**2).sum())


def word_map(
    E: np.ndarray, words: Sequence[str], groups: Mapping[str, Sequence[int]], title: str,
    lines: Sequence[tuple[int, int]] = (),
) -> Any:  # fmt: skip
    """Words as points, told apart by colour and marker, with their names beside them.

    Inputs:
    - E: (V, D); words: V words
    - groups: name -> rows of E that belong together
    - lines: pairs of rows to join, a pair of an analogy say

    Returns: the figure
    """
    place, kept = principal(E)
    fig, axis = figure(title, height=5.2)
    for (name, rows), colour, marker in zip(groups.items(), PALETTE, MARKERS, strict=False):
        axis.scatter(*place[list(rows)].T, color=colour, marker=marker, s=22, label=name, zorder=3)
    for one, other in lines:
        axis.plot(*place[[one, other]].T, color="0.75", linewidth=1, zorder=1)
    x, y = place.T
    axis.set_xlim(x.min() - 0.05 * np.ptp(x), x.max() + 0.18 * np.ptp(x))
    axis.set_ylim(y.min() - 0.08 * np.ptp(y), y.max() + 0.08 * np.ptp(y))
    apart = spread(y / np.ptp(y), x / np.ptp(x)) * np.ptp(y)
    for word, at, low in zip(words, x, apart, strict=True):
        axis.text(at + 0.012 * np.ptp(x), low, word, fontsize=8, va="center")
    labels(axis, f"first direction ({kept:.0%} of all differences in these two)", "second direction")
    axis.legend(loc="best", framealpha=0.8, edgecolor="none", fontsize=8)
    return fig


def spread(y: np.ndarray, x: np.ndarray, near: float = 0.14, gap: float = 0.03) -> np.ndarray:
    """Heights for labels, moved apart a little where two would overlap; all in shares of the picture.

    Inputs: y, x: (V,). near: how close in x two labels must be to matter; gap: the least distance in y.
    Returns: (V,), the new heights
    """
    y = y.astype(float).copy()
    for _ in range(STEPS):
        order, moved = np.argsort(y, kind="stable"), False
        for i, low in enumerate(order):
            for high in order[i + 1 :]:
                lack = gap - (y[high] - y[low])
                if lack > 1e-9 and abs(x[high] - x[low]) < near:
                    y[high] += lack / 2
                    y[low] -= lack / 2
                    moved = True
        if not moved:
            break
    return y
