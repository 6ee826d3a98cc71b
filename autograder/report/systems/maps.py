"""Where a tensor is wrong, as a picture in a file: for pages that show no HTML of ours."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import numpy as np

from autograder.problem import ErrorMap
from autograder.report.escaped import escape
from autograder.report.heat_map import CELL, square
from autograder.report.panels import MOST_PANELS

GAP, MOST_SQUARES = 10, 4_000
"""The gap between panels in pixels, and the squares that are drawn of each."""


def caption(error_map: ErrorMap) -> str:
    """`dWh: 20 of 25 numbers are wrong, H down, H across`."""
    wrong, axes = error_map.wrong, error_map.axes
    text = f"{error_map.tensor}: {int(wrong.sum())} of {wrong.size} numbers are wrong"
    if len(axes) != wrong.ndim or not axes:
        return text
    down = f"{axes[-2]} down, " if len(axes) > 1 else ""
    return f"{text}, {down}{axes[-1]} across"


def as_data_url(error_map: ErrorMap) -> str:
    """The picture as the address of itself."""
    return "data:image/svg+xml;base64," + b64encode(as_svg(error_map).encode()).decode("ascii")


def as_svg(error_map: ErrorMap) -> str:
    """A grid of squares, wrong ones dark and crossed; a panel for each index of earlier axes."""
    panels = _panels(error_map.wrong)
    rows, columns = panels.shape[1:]
    width = len(panels) * (columns * CELL + GAP) - GAP
    squares: list[str] = []
    for number, panel in enumerate(panels):
        left = number * (columns * CELL + GAP)
        squares += _squares(panel, left)
    size = f'width="{width}" height="{rows * CELL}"'
    described = f'role="img" aria-label="{escape(caption(error_map))}"'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {described}>'
    return f"{start}{''.join(squares)}</svg>"


def _panels(wrong: np.ndarray) -> np.ndarray:
    """The tensor with three axes: panels, rows, columns; no more of it than can be looked at."""
    shape = (1,) * (2 - wrong.ndim) + wrong.shape
    panels = wrong.reshape((-1, *shape[-2:]))[:MOST_PANELS]
    most_columns = max(1, min(panels.shape[2], MOST_SQUARES))
    most_rows = max(1, MOST_SQUARES // most_columns)
    return panels[:, :most_rows, :most_columns]


def _squares(panel: np.ndarray, left: int) -> Iterator[str]:
    for row, column in np.ndindex(*panel.shape):
        yield square(left + column * CELL, row * CELL, CELL, bool(panel[row, column]))
