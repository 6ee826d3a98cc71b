"""The space of architectures: five ways to connect units."""

from __future__ import annotations

from itertools import pairwise

from autograder.authoring.drawings.canvas import GREY, Box, Canvas

PANEL = 188
LOW, MIDDLE, HIGH = 158, 98, 38
FAINT = "#8793a3"


def draw() -> Canvas:
    """Five panels: fully connected, convolutional, recurrent, attention, graph."""
    canvas = Canvas(
        "space",
        964,
        262,
        "The space of architectures: what is connected to what",
        "Five small networks side by side. Fully connected: every unit of a layer is connected to "
        "every unit of the next, each by a weight of its own. Convolutional: a unit sees a few "
        "neighbours, and the same few weights are used at every place. Recurrent: a state is "
        "handed from step to step, and the same weights are used at every step. Attention: "
        "everything looks at everything, with weights that are computed from the data. Graph: a "
        "node hears from its neighbours in a given graph, with the same function at every node.",
    )
    middles = [PANEL * (number + 0.5) + 12 for number in range(5)]
    _fully_connected(canvas, middles[0])
    _convolutional(canvas, middles[1])
    _recurrent(canvas, middles[2])
    _attention(canvas, middles[3])
    _graph(canvas, middles[4])
    return canvas


def _row(canvas: Canvas, kind: str, middle: float, y: float, count: int, gap: float) -> list[Box]:
    first = middle - gap * (count - 1) / 2
    return [canvas.node(kind, first + gap * number, y) for number in range(count)]


def _caption(canvas: Canvas, middle: float, name: str, first: str, second: str) -> None:
    canvas.text(middle, 198, name, size=16, bold=True)
    canvas.text(middle, 221, first, size=14, colour=GREY)
    canvas.text(middle, 240, second, size=14, colour=GREY)


def _fully_connected(canvas: Canvas, middle: float) -> None:
    below = _row(canvas, "input", middle, LOW, 3, 46)
    between = _row(canvas, "state", middle, MIDDLE, 4, 40)
    above = _row(canvas, "output", middle, HIGH, 2, 46)
    for lower, upper in ((below, between), (between, above)):
        for start in lower:
            for end in upper:
                canvas.way(start.top, end.bottom, colour=FAINT, width=1.4, head=False)
    _caption(canvas, middle, "fully connected", "all to all,", "a weight for each pair")


def _convolutional(canvas: Canvas, middle: float) -> None:
    below = _row(canvas, "input", middle, LOW, 5, 34)
    above = _row(canvas, "output", middle, HIGH, 3, 34)
    # The three weights of one filter, told apart by how thick they are.
    for number, end in enumerate(above):
        for weight, start in enumerate(below[number : number + 3]):
            width = (1.2, 2.4, 3.8)[weight]
            canvas.way(start.top, end.bottom, colour=FAINT, width=width, head=False)
    _caption(canvas, middle, "convolutional", "neighbours only,", "one filter at every place")


def _recurrent(canvas: Canvas, middle: float) -> None:
    below = _row(canvas, "input", middle, LOW, 3, 56)
    states = _row(canvas, "state", middle, MIDDLE, 3, 56)
    above = _row(canvas, "output", middle, HIGH, 3, 56)
    for start, state, end in zip(below, states, above, strict=True):
        canvas.way(start.top, state.bottom)
        canvas.way(state.top, end.bottom)
    for state, later in pairwise(states):
        canvas.way(state.right, later.left)
    _caption(canvas, middle, "recurrent", "step after step,", "one function for all")


def _attention(canvas: Canvas, middle: float) -> None:
    below = _row(canvas, "input", middle, LOW, 4, 42)
    above = _row(canvas, "output", middle, HIGH, 4, 42)
    shares = ((4, 1, 0.6, 0.6), (0.6, 0.6, 4, 1), (0.6, 3, 2.4, 0.6), (1, 0.6, 0.6, 4))
    for end, row in zip(above, shares, strict=True):
        for start, width in zip(below, row, strict=True):
            canvas.way(start.top, end.bottom, colour=FAINT, width=width, head=False)
    _caption(canvas, middle, "attention", "all to all, with weights", "made from the data")


def _graph(canvas: Canvas, middle: float) -> None:
    places = ((-58, 148), (-22, 94), (-56, 42), (18, 46), (30, 126), (64, 80))
    nodes = [canvas.node("state", middle + x, y) for x, y in places]
    for start, end in ((0, 1), (1, 2), (1, 3), (1, 4), (3, 5), (4, 5), (2, 3)):
        one, other = nodes[start], nodes[end]
        # Ways lie below the nodes, so that they may start in the middle of one.
        canvas.way((one.x, one.y), (other.x, other.y), colour=FAINT, width=2, head=False)
    _caption(canvas, middle, "graph", "neighbours only,", "as the graph has them")
