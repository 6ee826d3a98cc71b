"""Panels as lines of signs: what a terminal prints, and what a page says where it cannot draw.

A line is a list of pieces, each a text and what it is, so that colours can be put on later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

import numpy as np

from autograder.report.panels import MOST_PANELS, Panel, Panels, Side
from autograder.wording import counted

Kind = Literal["right", "wrong", "label", "rule", "gap"]
Line = list[tuple[str, Kind]]

MOST_ROWS, MOST_LINES = 24, 40
"""The rows of one panel, and the lines of about all of them."""

STEPS = (1, 2, 5, 10, 20, 50, 100)
"""From one index over the columns to the next."""

GAP = 3
"""Blanks between panels that stand side by side."""


NO_BREAK = "\N{NO-BREAK SPACE}"
"""Stands for a blank at which a line is not to be broken."""


@dataclass(frozen=True)
class Signs:
    """The signs that a map is made of."""

    right: str
    wrong: str
    down: str
    across: str
    corner: str


UNICODE = Signs("·", "✕", "│", "─", "┼")
ASCII = Signs(".", "x", "|", "-", "+")


@dataclass(frozen=True, eq=False)
class _Grid:
    """The part of every panel that there is room for.

    rows, columns: the indices that are drawn. wide: whether there is a blank before every sign.
    """

    panels: Panels
    signs: Signs
    rows: range
    columns: range
    wide: bool

    @property
    def labels(self) -> int:
        """The width of the labels at the left of the rows."""
        return max((len(self.beside(row)) for row in self.rows), default=0)

    def beside(self, row: int) -> str:
        """The label of a row, `T=2` or `f 7`."""
        down = self.panels.down
        if not down.name:
            return ""
        label = down.label(row)
        if not down.blocks:
            return label
        block = down.starts(row)
        return f"{block.name if block else ' '} {label.rjust(len(str(down.length - 1)))}"

    @property
    def before(self) -> str:
        """What stands before every sign."""
        return " " if self.wide else ""

    def ruled(self, side: Side, index: int, drawn: range) -> bool:
        """Whether a rule goes before an index."""
        return index != drawn.start and side.starts(index) is not None


def lines_of(panels: Panels, width: int, unicode: bool, wrong_is: str = "is wrong") -> list[Line]:
    """The panels side by side as the width allows, and below them what they show.

    width: columns of the terminal. No line is longer or ends in a blank.
    """
    signs = UNICODE if unicode else ASCII
    grid = _fitted(panels, width, signs)
    chosen, more = panels.chosen(_room(grid, width))
    lines = _side_by_side([list(_panel(grid, panel)) for panel in chosen], width)
    said = [panels.caption(wrong_is, signs.wrong, NO_BREAK), *_left_out(grid, chosen), more]
    for sentence in filter(None, said):
        for text in wrap(sentence, max(width, 12)):
            lines.append([(text.replace(NO_BREAK, " "), "label")])
    return lines


# ---------------------------------------------------------------------------------- what there is


def _fitted(panels: Panels, width: int, signs: Signs) -> _Grid:
    """As much of the panels as fits: signs with blanks between them, else without, else fewer."""
    chosen, _ = panels.chosen()
    wrong = np.any([panel.wrong for panel in chosen], axis=0)
    rows = _window(wrong.any(axis=1), MOST_ROWS)
    everything = range(wrong.shape[1])
    for wide in (True, False):
        grid = _Grid(panels, signs, rows, everything, wide)
        if _width(grid) <= width:
            return grid
    room = max(width - (_width(grid) - len(everything)), 1)
    return _Grid(panels, signs, rows, _window(wrong.any(axis=0), room), False)


def _window(wrong: np.ndarray, most: int) -> range:
    """So many indices; where the first of them are all right, those from the first wrong one on."""
    length = len(wrong)
    first = int(np.argmax(wrong)) if wrong.any() else 0
    start = 0 if first < most else min(first, length - most)
    return range(start, min(start + most, length))


def _width(grid: _Grid) -> int:
    """Of a panel: its labels, its signs, the rules between its blocks."""
    each = 1 + len(grid.before)
    across = grid.panels.across
    rules = sum(grid.ruled(across, column, grid.columns) for column in grid.columns)
    between = 1 if grid.labels and not grid.wide else 0
    return grid.labels + between + each * (len(grid.columns) + rules)


def _room(grid: _Grid, width: int) -> int:
    """How many panels are drawn."""
    high = len(grid.rows) + 3  # with a title, a header, and the blank line below
    rows = max(MOST_LINES // high, 1)
    return min(MOST_PANELS, rows * _in_a_row(_width(grid), width))


def _in_a_row(widest: int, width: int) -> int:
    return max((width + GAP) // (widest + GAP), 1)


def _left_out(grid: _Grid, chosen: Sequence[Panel]) -> Iterator[str]:
    """What there is to say of rows and columns of the panels for which there is no room."""
    panels = grid.panels
    everywhere = sum(int(panel.wrong.sum()) for panel in chosen)
    drawn = np.ix_(grid.rows, grid.columns)
    seen = sum(int(panel.wrong[drawn].sum()) for panel in chosen)
    more = []
    for side, indices, noun in (
        (panels.down, grid.rows, "row"),
        (panels.across, grid.columns, "column"),
    ):
        if len(indices) < side.length:
            more.append(counted(side.length - len(indices), noun))
    if more:
        wrong = counted(everywhere - seen, "number")
        yield f"not drawn: {' and '.join(more)}, with {wrong} wrong"


# -------------------------------------------------------------------------------------- one panel


def _panel(grid: _Grid, panel: Panel) -> Iterator[Line]:
    """Its title, the names of its columns, its rows."""
    if panel.title:
        yield [(panel.title, "label")]
    header = _header(grid)
    if header:
        yield [(header, "label")]
    for row in grid.rows:
        if grid.ruled(grid.panels.down, row, grid.rows):
            yield _rule(grid)
        yield _row(grid, panel, row)


def _row(grid: _Grid, panel: Panel, row: int) -> Line:
    line: Line = []
    if grid.labels:
        # Signs that have a blank before them need none behind the label.
        line.append((grid.beside(row).rjust(grid.labels) + " " * (not grid.wide), "label"))
    for column in grid.columns:
        if grid.ruled(grid.panels.across, column, grid.columns):
            line.append((grid.before + grid.signs.down, "rule"))
        is_wrong = bool(panel.wrong[row, column])
        sign = grid.signs.wrong if is_wrong else grid.signs.right
        line.append((grid.before + sign, "wrong" if is_wrong else "right"))
    return line


def _rule(grid: _Grid) -> Line:
    """A line between two blocks of rows."""
    signs = grid.signs
    text = " " * (grid.labels + bool(grid.labels))
    before = grid.before.replace(" ", signs.across)
    for column in grid.columns:
        if grid.ruled(grid.panels.across, column, grid.columns):
            text += before + signs.corner
        text += before + signs.across
    if grid.labels and grid.wide:
        text = text[:-1]  # the first sign's blank is the label's
    return [(text, "rule")]


def _header(grid: _Grid) -> str:
    """The names of the blocks over their first columns; without blocks, indices."""
    text = ""
    for column, place in _places(grid).items():
        name = _over(grid, column)
        if name and len(text) <= place:
            text = text.ljust(place) + name
    return text


def _places(grid: _Grid) -> dict[int, int]:
    """Column -> how far from the left its sign stands."""
    places = {}
    place = grid.labels + bool(grid.labels and not grid.wide)
    for column in grid.columns:
        if grid.ruled(grid.panels.across, column, grid.columns):
            place += 1 + len(grid.before)
        place += len(grid.before)
        places[column] = place
        place += 1
    return places


def _over(grid: _Grid, column: int) -> str:
    """What stands over a column: a block's name over its first that is drawn, else the index."""
    across = grid.panels.across
    for block in across.blocks:
        if column == max(block.start, grid.columns.start) and column < block.stop:
            return block.name
    if across.blocks or (column - grid.columns.start) % _step(grid):
        return ""
    return str(column)


def _step(grid: _Grid) -> int:
    """From one index that is written to the next: as near as they have room."""
    longest = len(str(grid.columns[-1])) + 1
    each = 1 + len(grid.before)
    return next((step for step in STEPS if step * each >= longest), STEPS[-1])


# ------------------------------------------------------------------------------------ many panels


def _length(line: Line) -> int:
    return sum(len(text) for text, _ in line)


def _side_by_side(drawn: Sequence[list[Line]], width: int) -> list[Line]:
    """The panels in rows, as many in each as there is room for."""
    widest = max(max(map(_length, panel)) for panel in drawn)
    in_a_row = _in_a_row(widest, width)
    lines: list[Line] = []
    for first in range(0, len(drawn), in_a_row):
        if lines:
            lines.append([])
        lines += _joined(drawn[first : first + in_a_row], widest)
    return lines


def _joined(panels: Sequence[list[Line]], widest: int) -> Iterator[Line]:
    """The lines of panels of the same height, next to one another."""
    for parts in zip(*panels, strict=True):
        line: Line = []
        for part in parts[:-1]:
            line += part
            line.append((" " * (widest - _length(part) + GAP), "gap"))
        yield line + parts[-1]
