"""Words on a map: many numbers each, brought down to two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .style import MARKERS, PALETTE, figure, labels

RINGS = (5, 12, 20, 30, 42, 56, 72)
"""How far from its point a label may stand, in points of 1/72 inch; the nearer the better."""

MARKER = 3.5
"""Half the size of a marker, in points."""


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

    A name that finds no room beside its point stands further off, and a thin line leads to it.

    Inputs:
    - E: (V, D); words: V words
    - groups: name -> rows of E that belong together
    - lines: pairs of rows to join, a pair of an analogy say

    Returns: the figure
    """
    place, kept = principal(E)
    fig, axis = figure(title, height=6.2)
    for (name, rows), colour, marker in zip(groups.items(), PALETTE, MARKERS, strict=False):
        axis.scatter(*place[list(rows)].T, color=colour, marker=marker, s=22, label=name, zorder=3)
    for one, other in lines:
        axis.plot(*place[[one, other]].T, color="0.8", linewidth=1, zorder=1)
    axis.margins(0.12)
    labels(
        axis,
        f"first direction ({kept:.0%} of all differences are in these two)",
        "second direction",
    )
    fig.legend(loc="outside lower center", ncols=len(groups), frameon=False)
    _write_names(fig, axis, place, words)
    return fig


def _write_names(fig: Any, axis: Any, place: np.ndarray, words: Sequence[str]) -> None:
    texts = [
        axis.annotate(word, at, fontsize=8, va="bottom")
        for word, at in zip(words, place, strict=True)
    ]
    fig.canvas.draw()  # only now it is known where everything stands
    scale = 72 / fig.dpi
    points = axis.transData.transform(place) * scale
    sizes = np.array([text.get_window_extent().size for text in texts]) * scale
    corners = beside(points, sizes, (axis.bbox.min * scale, axis.bbox.max * scale))
    for text, point, corner, size in zip(texts, points, corners, sizes, strict=True):
        text.set_visible(False)
        far = np.abs(corner + size / 2 - point) - size / 2 > 2 * RINGS[0]
        axis.annotate(
            text.get_text(), text.xy, xytext=tuple(corner - point), textcoords="offset points",
            fontsize=8, va="bottom",
            arrowprops={"arrowstyle": "-", "linewidth": 0.6, "shrinkB": 3} if far.any() else None,
        )  # fmt: skip
        text.remove()


def beside(
    points: np.ndarray, sizes: np.ndarray, inside: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Where labels go so that they cover neither each other nor a point: one after the other, as
    near as possible.

    Inputs:
    - points: (V, 2); sizes: (V, 2), width and height of the labels, in the same unit, 1/72 inch
    - inside: the lower left and the upper right corner within which they must stay

    Returns: (V, 2), the lower left corners; where there is no room at all, labels overlap as little
    as can be
    """
    # boxes: left, bottom, right, top
    taken = np.concatenate([points - MARKER, points + MARKER], axis=1)
    corners = np.zeros(points.shape)
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    # who has room takes it; the rest go round
    crowded = np.argsort((apart < RINGS[-1]).sum(axis=1), kind="stable")
    for i in crowded:
        options = _options(points[i], sizes[i])
        boxes = np.concatenate([options, options + sizes[i]], axis=1)
        overlap = _overlap(boxes, taken).sum(axis=1)
        outside = (options < inside[0]).any(axis=1) | (options + sizes[i] > inside[1]).any(axis=1)
        best = np.argmin(overlap + 1e6 * outside)  # of equals the first: the nearest
        corners[i] = options[best]
        taken = np.concatenate([taken, boxes[best : best + 1]])
    return corners


def _options(point: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Lower left corners for one label: right of the point, then around it, then further off."""
    angles = np.pi * np.array([0, 1, 0.5, -0.5, 0.25, -0.25, 0.75, -0.75, 0.12, -0.12, 0.88, -0.88])
    direction = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    centres = [point + direction * (ring + size / 2) for ring in RINGS]
    return np.concatenate(centres) - size / 2


def _overlap(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(A, B), the areas that A boxes share with B others."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    shared: np.ndarray = np.clip(high - low, 0, None).prod(axis=2)
    return shared
