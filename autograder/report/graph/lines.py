"""A marked graph in a terminal: lines of signs, and below them what the marks mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Literal

from autograder.report.graph.marks import MarkedGraph, Stem
from autograder.report.graph.model import Graph, Node, Point

Kind = Literal["right", "wrong", "node", "place", "edge", "gap"]
Line = list[tuple[str, Kind]]

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8

UNICODE_LINES = " │││─┘┐┤─└┌├─┴┬┼"
"""The sign of a cell by the directions in which lines leave it, as the sum of the above."""

ASCII_LINES = " |||-+++-+++-+++"

BROKEN = {"─": "╌", "│": "╎"}
"""Stand for lines along which something wrong flows."""


@dataclass(frozen=True)
class Signs:
    """What stands beside the name of a result, and what lines are made of."""

    right: str
    wrong: str
    lines: str


UNICODE = Signs("✓", "✕", UNICODE_LINES)
ASCII = Signs("ok", "x", ASCII_LINES)


def lines_of(marked: MarkedGraph, width: int, unicode: bool) -> list[Line]:
    """The drawing, where there is room for it, and what its marks mean.

    width: columns of the terminal. No line is longer or ends in a blank.
    """
    signs = UNICODE if unicode else ASCII
    lines: list[Line] = []
    if marked.graph.columns <= width:
        lines += _drawn(marked, signs)
    for sentence, kind in _sentences(marked, signs):
        lines += [[(text, kind)] for text in wrap(sentence, max(width, 12))]
    return lines


def _sentences(marked: MarkedGraph, signs: Signs) -> Iterator[tuple[str, Kind]]:
    """What the marks mean, each after its sign, and how to read the graph."""
    for said in marked.said:
        if said.sign == "place":
            yield f"[{marked.graph.by_name[said.at].text}] {said.text}", "place"
        else:
            yield f"{signs.right if said.sign == 'right' else signs.wrong} {said.text}", said.sign
    if marked.graph.note:
        yield f"(drawn: {marked.graph.note})", "edge"


# ------------------------------------------------------------------------------------ the drawing


class _Canvas:
    """Cells of signs, by row and column."""

    def __init__(self) -> None:
        self.cells: dict[Point, tuple[str, Kind]] = {}

    def write(self, column: int, row: int, text: str, kind: Kind) -> None:
        """Write over what is there."""
        for place, sign in enumerate(text):
            self.cells[column + place, row] = (sign, kind)

    def line(self, row: int) -> Line:
        """A row up to its last sign that is no blank, equal cells in one piece."""
        taken = [
            column for column, at in self.cells if at == row and self.cells[column, row][0] != " "
        ]
        line: Line = []
        for column in range(max(taken, default=-1) + 1):
            sign, kind = self.cells.get((column, row), (" ", "gap"))
            if line and line[-1][1] == kind:
                line[-1] = (line[-1][0] + sign, kind)
            else:
                line.append((sign, kind))
        return line


def _drawn(marked: MarkedGraph, signs: Signs) -> list[Line]:
    graph, canvas = marked.graph, _Canvas()
    leaving = _directions(graph)
    for (column, row), directions in leaving.items():
        canvas.write(column, row, signs.lines[directions], "edge")
    for stem in marked.stems():
        _mark_stem(canvas, stem)
    for node in graph.nodes:
        _write_node(canvas, node, node.name in marked.places)
    for stem in marked.stems():
        _label(canvas, marked, stem, signs)
    return [canvas.line(row) for row in range(graph.rows)]


def _directions(graph: Graph) -> dict[Point, int]:
    """Cell -> the directions in which lines leave it."""
    leaving: dict[Point, int] = {}
    for edge in graph.edges:
        for cell, following in pairwise(graph.cells(edge)):
            there, back = _direction(cell, following)
            leaving[cell] = leaving.get(cell, 0) | there
            leaving[following] = leaving.get(following, 0) | back
    return leaving


def _direction(cell: Point, following: Point) -> tuple[int, int]:
    """The direction from a cell to its neighbour, and back."""
    if cell[0] != following[0]:
        return (RIGHT, LEFT) if cell[0] < following[0] else (LEFT, RIGHT)
    return (DOWN, UP) if cell[1] < following[1] else (UP, DOWN)


def _mark_stem(canvas: _Canvas, stem: Stem) -> None:
    """What is known of an edge, as a line of its kind; the last cell is another edge's, too."""
    for cell in stem.cells[1:-1]:
        sign, _ = canvas.cells[cell]
        is_wrong = stem.mark.state == "wrong"
        canvas.write(*cell, BROKEN.get(sign, sign) if is_wrong else sign, stem.mark.state)


def _write_node(canvas: _Canvas, node: Node, is_place: bool) -> None:
    text, column = node.text, node.column
    if node.kind == "input":
        text += " "
    elif node.kind == "output":
        text, column = f" {text}", column - 1
    canvas.write(column, node.row, text, "node")
    if is_place:
        canvas.write(node.column - 1, node.row, f"[{node.text}]", "place")


def _label(canvas: _Canvas, marked: MarkedGraph, stem: Stem, signs: Signs) -> None:
    """The sign of what is known of an edge; where that is a gradient, its name too."""
    mark, node = stem.mark, marked.graph.by_name[stem.node]
    sign = signs.right if mark.state == "right" else signs.wrong
    if node.kind != "input":
        canvas.write(node.column - 1 - len(sign), node.row, sign, mark.state)
        return
    text = f"{sign} {mark.output} " if marked.backward else sign
    column = max(marked.graph.labels, len(node.text) + 1)
    canvas.write(column, node.row, text, mark.state)
