"""Curves: a loss over iterations, a gradient over time lags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .style import MARKERS, PALETTE, figure, labels


def curves(
    series: Mapping[str, np.ndarray],
    x: str,
    y: str,
    title: str,
    logarithmic: bool = False,
    bounds: Mapping[str, np.ndarray] | None = None,
    bound: str = "bound",
) -> Any:
    """Some curves in one picture, told apart by colour and marker.

    Inputs:
    - series: name -> (T,), values at 0, 1, 2 ... or (T, 2), pairs of x and value
    - x, y: names of the axes, with units; title: what is to be seen
    - logarithmic: the y axis in powers of ten
    - bounds: name -> like in series, drawn as dashed lines in the colour of the curve of the same
      name
    - bound: what such a dashed line is, in the legend: "bound", "floor"

    Returns: the figure
    """
    fig, axis = figure(title)
    for (name, values), colour, marker in zip(series.items(), PALETTE, MARKERS, strict=False):
        at, value = _pairs(values)
        every = max(1, len(at) // 12)
        axis.plot(at, value, color=colour, marker=marker, markevery=every, markersize=4, label=name)
        if bounds and name in bounds:
            axis.plot(
                *_pairs(bounds[name]),
                color=colour,
                linestyle="--",
                linewidth=1,
                label=f"{bound} for {name}",
            )
    if logarithmic:
        axis.set_yscale("log")
    labels(axis, x, y)
    axis.legend(framealpha=0.85, edgecolor="none")
    return fig


def _pairs(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values = np.asarray(values)
    return (values[:, 0], values[:, 1]) if values.ndim == 2 else (np.arange(len(values)), values)
