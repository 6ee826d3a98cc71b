"""How pictures look: one size, one palette that colour-blind readers can tell apart, labels on
every axis.
"""

from __future__ import annotations

from typing import Any

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours, the dark ones first. Source: Okabe and Ito 2008, "Color Universal
Design".
"""

DIVERGING = "PuOr"
"""For values around zero: orange below, violet above."""

SEQUENTIAL = "cividis"
"""For values from nothing to much; looks the same to almost everybody."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def pyplot() -> Any:
    """matplotlib's pyplot, when it is needed: a file that imports a picture runs without it too.

    Raises ImportError, with what to do, where it is not installed.
    """
    try:
        import matplotlib.pyplot
    except ImportError:
        raise ImportError(
            "the pictures need matplotlib: pip install -r requirements-notebooks.txt"
        ) from None
    return matplotlib.pyplot


def figure(
    title: str, columns: int = 1, rows: int = 1, width: float = 7.0, height: float = 3.6
) -> tuple[Any, Any]:
    """A figure in the house style, and its axes: one, or an array of them.

    Inputs:
    - title: one line, says what is to be seen
    - columns, rows: how many pictures; width, height: of the whole figure, in inches
    """
    plt = pyplot()
    plt.rcParams.update({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False})
    fig, axes = plt.subplots(rows, columns, figsize=(width, height), constrained_layout=True)
    fig.suptitle(title, fontsize=11)
    return fig, axes


def labels(axis: Any, x: str, y: str, title: str = "") -> None:
    """Name both axes, with their units."""
    axis.set_xlabel(x)
    axis.set_ylabel(y)
    if title:
        axis.set_title(title, fontsize=10)
