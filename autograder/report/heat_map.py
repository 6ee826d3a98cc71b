"""The map of a wrong tensor on a page: small squares, wrong ones strong and crossed.

Where drawings are stripped, the same stands below as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from autograder.problem import ErrorMap
from autograder.report.escaped import QUIET, escape
from autograder.report.panel_lines import lines_of
from autograder.report.panels import Panel, Panels, Side, panels_of

RIGHT, WRONG = "#d5e8f0", "#D55E00"

CELL, CROSSED_FROM = 14, 8
"""The side of a map's squares in pixels, and the side from which on wrong ones have a cross."""

WIDEST = 640
"""Pixels from left to right."""

LETTERS, LETTER = 10, 7
"""The size of the labels in pixels, and about how wide one of their characters is."""

RULED = 4
"""Pixels between two blocks."""

TEXT_WIDTH = 96
"""Characters in a line of the map as text."""


def heat_map(error_map: ErrorMap, wrong_is: str = "is wrong", problem: str = "") -> str:
    """The tensor as grids of small squares, wrong ones strong and crossed, and the same as text.

    wrong_is: what a cross means. problem: its name, for the names of gates.
    """
    panels = panels_of(error_map, problem)
    chosen, more = panels.chosen()
    drawings = "".join(_drawn(panels, panel) for panel in chosen)
    flow = f"display:flex;flex-wrap:wrap;gap:10px;max-width:{WIDEST}px;overflow-x:auto"
    below = f"<div>{more}</div>" if more else ""
    caption = escape(panels.caption(wrong_is, "✕"))
    return (
        f'<div style="{flow}">{drawings}</div>{below}'
        f'<div style="{QUIET}">{caption}</div>{_as_text(panels, wrong_is)}'
    )


def _as_text(panels: Panels, wrong_is: str) -> str:
    """Where drawings are stripped, this is the map; elsewhere it is folded away."""
    lines = []
    for line in lines_of(panels, TEXT_WIDTH, True, wrong_is):
        lines.append("".join(piece for piece, _ in line))
    text = escape("\n".join(lines))
    block = f'<pre style="overflow-x:auto">{text}</pre>'
    return f'<details style="{QUIET}"><summary>as text</summary>\n{block}</details>'


def _drawn(panels: Panels, panel: Panel) -> str:
    """One panel, its title above it."""
    rows, columns = panel.wrong.shape
    side = max(4, min(CELL, WIDEST // max(columns, 1)))
    grid = _Grid(panels.down, panels.across, side)
    described = f"{int(panel.wrong.sum())} of {panel.wrong.size} numbers wrong"
    if panel.title:
        described += f" at {panel.title}"
    size = f'width="{grid.x(columns)}" height="{grid.y(rows)}"'
    label = f'role="img" aria-label="{escape(described)}"'
    inside = "".join([*grid.labels(), *grid.rules(), *grid.squares(panel)])
    return (
        f'<div><div style="{QUIET}">{escape(panel.title)}</div>'
        f"<svg {size} {label}>{inside}</svg></div>"
    )


class _Grid:
    """Where things are in a panel.

    side: of a square, in pixels.
    """

    def __init__(self, down: Side, across: Side, side: int) -> None:
        self.down, self.across, self.side = down, across, side
        self.left = max(map(len, self._beside().values()), default=0) * LETTER
        self.left += 4 if self.left else 0
        self.top = LETTERS + 3 if self._above() else 0

    def x(self, column: int) -> int:
        """The left edge of a column; of the one after the last, the width of everything."""
        return self.left + column * self.side + RULED * _rules_before(self.across, column)

    def y(self, row: int) -> int:
        """The upper edge of a row; of the one after the last, the height of everything."""
        return self.top + row * self.side + RULED * _rules_before(self.down, row)

    def _beside(self) -> dict[int, str]:
        """Row -> its label: the gate that begins there, or the index."""
        return _labels(self.down, self.side, LETTERS, self.down.label)

    def _above(self) -> dict[int, str]:
        """Column -> its label."""
        widest = len(str(self.across.length)) * LETTER + 2
        return _labels(self.across, self.side, widest, str)

    def labels(self) -> Iterator[str]:
        """The labels at the left and above."""
        for row, text in self._beside().items():
            yield _text(self.left - 4, self.y(row) + (self.side + LETTERS) // 2 - 2, text, "end")
        for column, text in self._above().items():
            middle = self.x(column) + self.side // 2
            yield _text(middle, LETTERS - 1, text, "middle")

    def rules(self) -> Iterator[str]:
        """A line between each two blocks."""
        bottom, right = self.y(self.down.length), self.x(self.across.length)
        for block in self.across.blocks[1:]:
            x = self.x(block.start) - RULED // 2 - 1
            yield _line(x, self.top, x, bottom)
        for block in self.down.blocks[1:]:
            y = self.y(block.start) - RULED // 2 - 1
            yield _line(self.left, y, right, y)

    def squares(self, panel: Panel) -> Iterator[str]:
        """A square for every number."""
        for row, line in enumerate(panel.wrong.tolist()):
            for column, wrong in enumerate(line):
                yield square(self.x(column), self.y(row), self.side, wrong)


def _labels(axis: Side, side: int, needed: int, label: Callable[[int], str]) -> dict[int, str]:
    """Index -> what is written beside it: the names of blocks, else what indices there is room for.

    needed: pixels for one label. label: of an index.
    """
    if not axis.name:
        return {}
    if axis.blocks:
        return {block.start: block.name for block in axis.blocks}
    step = -(-needed // side)
    return {index: label(index) for index in range(0, axis.length, step)}


def _rules_before(axis: Side, index: int) -> int:
    return sum(block.start <= index for block in axis.blocks[1:])


def _text(x: int, y: int, text: str, anchor: str) -> str:
    # A blank at the end, for readers that take the tags away.
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{LETTERS}" '
        f'font-family="sans-serif" fill="currentColor">{escape(text)} </text>'
    )


def _line(x: int, y: int, to_x: int, to_y: int) -> str:
    return f'<line x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}" stroke="currentColor"/>'


def square(x: int, y: int, side: int, wrong: bool) -> str:
    """The drawing of one number; a wrong one has a cross, too, where there is room for it."""
    place = f'x="{x}" y="{y}" width="{side - 1}" height="{side - 1}"'
    ground = f'<rect {place} fill="{WRONG if wrong else RIGHT}"/>'
    if not wrong or side < CROSSED_FROM:
        return ground
    near, far = 3, side - 4
    falling = f"M{x + near} {y + near}L{x + far} {y + far}"
    rising = f"M{x + far} {y + near}L{x + near} {y + far}"
    return f'{ground}<path stroke="white" stroke-width="1.2" d="{falling}{rising}"/>'
