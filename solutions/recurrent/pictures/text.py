"""Text, coloured character by character with what a cell did there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .style import DIVERGING, figure

WIDEST, MOST_LINES = 88, 24
RETURN = "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}"


def coloured_text(text: str, values: np.ndarray, title: str, low: float = -1.0, high: float = 1.0) -> Any:
    """A page of text whose background says what a cell did after each character.

    The sign is also marked without colour: a character on a negative background is underlined.

    Inputs:
    - text: T characters; a line longer than 88 goes on in the next one; lines after the 24th are left out
    - values: (T,), drawn from `low` (orange) to `high` (violet), white in the middle
    - title: what is to be seen

    Returns: the figure
    """
    places = [(row, column, t) for row, column, t in _laid_out(text) if row < MOST_LINES]
    rows, columns = 1 + max(row for row, _, _ in places), 1 + max(column for _, column, _ in places)
    shown = np.full((rows, columns), np.nan)
    for row, column, t in places:
        shown[row, column] = values[t]
    fig, axis = figure(title, width=max(5.0, 0.098 * columns + 1.2), height=0.19 * rows + 0.8)
    image = axis.imshow(shown, cmap=DIVERGING, vmin=low, vmax=high, aspect="auto", interpolation="nearest", alpha=0.75)
    for row, column, t in places:
        character = RETURN if text[t] == "\n" else text[t]
        axis.text(column, row, character, family="monospace", fontsize=8, ha="center", va="center")
    middle = (low + high) / 2
    negative = np.argwhere(np.nan_to_num(shown, nan=middle) < middle - 0.25 * (high - low))
    axis.hlines(negative[:, 0] + 0.42, negative[:, 1] - 0.5, negative[:, 1] + 0.5, color="black", linewidth=0.6)
    axis.set_axis_off()
    fig.colorbar(image, label="value after the character", fraction=0.03, pad=0.01)
    return fig


def _laid_out(text: str) -> Iterator[tuple[int, int, int]]:
    """(row, column, t) of every character; a new line stands at the end of the line it ends."""
    row = column = 0
    for t, letter in enumerate(text):
        if column == WIDEST:
            row, column = row + 1, 0
        yield row, column, t
        row, column = (row + 1, 0) if letter == "\n" else (row, column + 1)
