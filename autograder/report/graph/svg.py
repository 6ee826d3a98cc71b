"""A marked graph as a small drawing for a page, light or dark.

What is known of an edge is told three times: by its colour, by its line (broken where something
wrong flows), and by a cross or a tick. The drawing is described in words for those who cannot see
it, and the sentences below it say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from autograder.report.escaped import QUIET, escape
from autograder.report.graph.marks import MarkedGraph, Stem
from autograder.report.graph.model import Edge, Graph, Node, Point

WIDE, HIGH = 11, 25
"""One cell of the grid in pixels."""

EDGE = 8
"""Pixels around everything."""

COLOURS = {"wrong": "#D55E00", "right": "#0072B2", "": "#767676"}
"""Okabe and Ito's, and a grey; each stands out from white and from black, at least 3 to 1."""

RADIUS = 9
"""Of the circle around an operation of one letter, in pixels."""

LETTER = 7
"""About how wide a letter is, in pixels."""

ARROW = 6
"""The length of an arrow's head, in pixels."""

FONT = 'font-family="sans-serif" font-size="12" fill="currentColor"'

Spot = tuple[float, float]
"""In pixels from the upper left corner."""


def drawing(marked: MarkedGraph) -> str:
    """The graph, and what its marks mean, as well-formed HTML."""
    graph = marked.graph
    width = round((graph.columns + 1) * WIDE + 2 * EDGE)
    height = (graph.rows - 1) * HIGH + 2 * (RADIUS + EDGE)
    label = f'role="img" aria-label="{escape(marked.described)}"'
    parts = [*_lines(marked), *_nodes(marked), *_signs(marked)]
    size = f'viewBox="0 0 {width} {height}" width="{width}" style="max-width:100%"'
    return f"<div><svg {size} {label}>{''.join(parts)}</svg></div>{_legend(marked)}"


def _legend(marked: MarkedGraph) -> str:
    """What the marks mean, a line each."""
    signs = {"wrong": "✕", "right": "✓"}
    lines = []
    for said in marked.said:
        sign = signs.get(said.sign) or f"({marked.graph.by_name[said.at].text})"
        lines.append(f"<div>{sign} {escape(said.text)}</div>")
    if marked.graph.note:
        lines.append(f"<div>drawn: {escape(marked.graph.note)}</div>")
    return f'<div style="{QUIET}">{"".join(lines)}</div>'


# --------------------------------------------------------------------------------------- its parts


def _spot(point: Point) -> Spot:
    column, row = point
    return EDGE + (column + 0.5) * WIDE, EDGE + RADIUS + row * HIGH


def _lines(marked: MarkedGraph) -> Iterator[str]:
    """The edges: grey, but for the parts of which something is known."""
    stems = list(marked.stems())
    known = {frozenset(pair) for stem in stems for pair in pairwise(stem.cells)}
    for edge in marked.graph.edges:
        spots = _between(marked.graph, edge, marked.graph.cells(edge))
        for cells in _unknown(marked.graph.cells(edge), known):
            yield _path(_between(marked.graph, edge, cells), "")
        yield _arrow(spots, marked.backward, COLOURS[""])
    for stem in stems:
        edge = _at(marked.graph, stem)
        spots = _between(marked.graph, edge, stem.cells)
        yield _path(spots, stem.mark.state)
        if (edge.start == stem.node) == marked.backward:
            inward = spots if edge.start == stem.node else spots[::-1]
            yield _arrow(inward, marked.backward, COLOURS[stem.mark.state])


def _at(graph: Graph, stem: Stem) -> Edge:
    """An edge that begins or ends with the stem."""
    ends = [edge for edge in graph.edges if stem.node in (edge.start, edge.end)]
    return next(edge for edge in ends if set(stem.cells) <= set(graph.cells(edge)))


def _unknown(cells: Sequence[Point], known: Collection[frozenset[Point]]) -> Iterator[list[Point]]:
    """The runs of cells between which nothing is known."""
    run: list[Point] = []
    for cell, following in pairwise(cells):
        if frozenset((cell, following)) in known:
            yield run
            run = []
        else:
            run = [*(run or [cell]), following]
    yield run


def _path(spots: Sequence[Spot], state: str) -> str:
    """A line through some spots; broken where something wrong flows."""
    if len(spots) < 2:
        return ""
    path = "L".join(f"{x:g} {y:g}" for x, y in spots)
    dashed = ' stroke-dasharray="5 3"' if state == "wrong" else ""
    look = f'stroke="{COLOURS[state]}" stroke-width="{2.5 if state else 1.5}"{dashed}'
    return f'<path d="M{path}" fill="none" {look}/>'


def _between(graph: Graph, edge: Edge, cells: Sequence[Point]) -> list[Spot]:
    """Some cells of an edge as spots: the corners, and the rims of nodes in place of middles."""
    spots = [_spot(cell) for cell in _corners(cells)]
    if len(spots) < 2:
        return []
    for name in (edge.start, edge.end):
        node = graph.by_name[name]
        if cells[0] == node.middle:
            spots[0] = _rim(node, spots[1])
        if cells[-1] == node.middle:
            spots[-1] = _rim(node, spots[-2])
    return spots


def _corners(cells: Sequence[Point]) -> list[Point]:
    """The ends of a run of cells, and where it turns."""
    found = list(cells[:1])
    for before, cell, after in zip(cells, cells[1:], cells[2:], strict=False):
        if before[0] != after[0] and before[1] != after[1]:
            found.append(cell)
    return [*found, *cells[1:][-1:]]


def _rim(node: Node, other: Spot) -> Spot:
    """Where an edge that comes from another place meets a node."""
    x, y = _spot(node.middle)
    left, right = _sides(node)
    if node.kind == "input":
        return right + 3, y
    if node.kind == "output":
        return left - 3, y
    if abs(other[0] - x) < 1:
        return x, y + (RADIUS if other[1] > y else -RADIUS)
    return (right if other[0] > x else left), y


def _sides(node: Node) -> tuple[float, float]:
    """The left and the right end of a node."""
    x, _ = _spot((node.column, node.row))
    wide = len(node.text) * LETTER + 5
    if node.kind != "operation":
        return x - WIDE / 2, x - WIDE / 2 + wide
    middle = x + (len(node.text) - 1) / 2 * WIDE
    half = max(wide / 2, RADIUS)
    return middle - half, middle + half


def _arrow(spots: Sequence[Spot], backward: bool, colour: str) -> str:
    """A head at the end to which something flows."""
    (from_x, from_y), (x, y) = (spots[1], spots[0]) if backward else (spots[-2], spots[-1])
    if abs(from_x - x) > abs(from_y - y):
        back = ARROW if from_x > x else -ARROW
        corners = f"{x:g},{y:g} {x + back:g},{y - 4:g} {x + back:g},{y + 4:g}"
    else:
        back = ARROW if from_y > y else -ARROW
        corners = f"{x:g},{y:g} {x - 4:g},{y + back:g} {x + 4:g},{y + back:g}"
    return f'<polygon points="{corners}" fill="{colour}"/>'


def _nodes(marked: MarkedGraph) -> Iterator[str]:
    for node in marked.graph.nodes:
        left, right = _sides(node)
        _, y = _spot(node.middle)
        if node.kind == "operation":
            place = node.name in marked.places
            yield _box(left, y - RADIUS, right - left, 2 * RADIUS, place)
        anchor = "middle" if node.kind == "operation" else "start"
        x = (left + right) / 2 if node.kind == "operation" else left
        yield f'<text x="{x:g}" y="{y + 4:g}" text-anchor="{anchor}" {FONT}>{node.text} </text>'


def _box(x: float, y: float, width: float, height: float, is_place: bool) -> str:
    """The rim of an operation; a thick and broken one where a finding places a mistake."""
    look = f'stroke="{COLOURS[""]}"'
    if is_place:
        look = f'stroke="{COLOURS["wrong"]}" stroke-width="3" stroke-dasharray="4 2"'
    size = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{RADIUS}"'
    return f'<rect {size} fill="none" {look}/>'


def _signs(marked: MarkedGraph) -> Iterator[str]:
    """A cross or a tick above every edge of which something is known, and its gradient's name."""
    for stem in marked.stems():
        node = marked.graph.by_name[stem.node]
        if node.kind != "input":
            left, _ = _sides(node)
            yield _sign(left - ARROW - 6, _spot(node.middle)[1] - 9, stem.mark.state)
            continue
        column = max(marked.graph.labels, len(node.text)) + 1
        x, y = _spot((column, node.row))
        yield _sign(x, y - 9, stem.mark.state)
        if marked.backward:
            yield f'<text x="{x + 9:g}" y="{y - 5:g}" {FONT}>{stem.mark.output} </text>'


def _sign(x: float, y: float, state: str) -> str:
    """A cross or a tick."""
    path = f"M{x - 4:g} {y - 4:g}l8 8m0 -8l-8 8"
    if state == "right":
        path = f"M{x - 4:g} {y:g}l3 4l6 -8"
    return f'<path d="{path}" fill="none" stroke="{COLOURS[state]}" stroke-width="2"/>'
