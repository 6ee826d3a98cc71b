"""Text, coloured character by character with what a cell did there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .style import DIVERGING, figure

WIDEST, MOST_LINES = 66, 26
RETURN, TAB = "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}", "\N{RIGHTWARDS ARROW}"
TAB_WIDTH = 4


def coloured_text(
    text: str, values: np.ndarray, title: str, low: float = -1.0, high: float = 1.0
) -> Any:
    """A page of text whose background says what a cell did after each character.

    The sign is also marked without colour: a character in the lowest quarter is underlined.

    Inputs:
    - text: T characters; a line longer than 66 goes on in the next one; lines after the 26th are
      left out
    - values: (T,), drawn from `low` (orange) to `high` (violet), white in the middle
    - title: what is to be seen

    Returns: the figure
    Raises ValueError if there is no text, or not one value for every character.
    """
    if not text or len(text) != len(values):
        raise ValueError(
            f"{len(text)} characters need as many values, at least one; these are {len(values)}"
        )
    places = [each for each in _laid_out(text) if each[0] < MOST_LINES]
    rows, columns = (
        1 + max(row for row, *_ in places),
        max(column + width for _, column, width, _ in places),
    )
    shown = np.full((rows, columns), np.nan)
    for row, column, width, t in places:
        shown[row, column : column + width] = values[t]
    fig, axis = figure(title, width=max(4.0, 0.093 * columns + 1.1), height=0.19 * rows + 0.6)
    image = axis.imshow(
        shown, cmap=_pale(), vmin=low, vmax=high, aspect="auto", interpolation="nearest"
    )
    for row, column, _, t in places:
        character = {"\n": RETURN, "\t": TAB}.get(text[t], text[t])
        faint = {"color": "0.35"} if character in (RETURN, TAB) else {}
        axis.text(
            column,
            row,
            character,
            family="monospace",
            fontsize=8.5,
            ha="center",
            va="center_baseline",
            **faint,
        )
    border = low + 0.25 * (high - low)
    negative = np.argwhere(np.nan_to_num(shown, nan=high) < border)
    axis.hlines(
        negative[:, 0] + 0.42,
        negative[:, 1] - 0.5,
        negative[:, 1] + 0.5,
        color="black",
        linewidth=0.7,
    )
    axis.set_axis_off()
    fig.colorbar(
        image, label=f"after the character (underlined: below {border:g})", fraction=0.03, pad=0.01
    )
    return fig


def _pale() -> Any:
    """The house's colours for values around zero without their dark ends, so that black letters
    stay legible.
    """
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(colormaps[DIVERGING](np.linspace(0.25, 0.75, 256)))


def _laid_out(text: str) -> Iterator[tuple[int, int, int, int]]:
    """(row, column, width, t) of every character; a newline stands at the end of its line."""
    row = column = 0
    for t, letter in enumerate(text):
        width = TAB_WIDTH if letter == "\t" else 1
        if column + width > WIDEST:
            row, column = row + 1, 0
        yield row, column, width, t
        row, column = (row + 1, 0) if letter == "\n" else (row, column + width)
