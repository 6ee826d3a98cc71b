"""Layers of recurrent networks: two directions in which things travel."""

from __future__ import annotations

from autograder.authoring.drawings.canvas import GREY, Box, Canvas

LEVELS = (336, 246, 156, 66)
PLACES = (330, 460, 590, 720)
BESIDE = 800


def draw() -> Canvas:
    """Inputs below, three layers of states, time to the right."""
    canvas = Canvas(
        "stack",
        964,
        402,
        "A stack of three recurrent layers over four steps",
        "A grid. Inputs x1 to x4 stand at the bottom, three rows of states above them, one row "
        "for each layer. Each state is made from the state below it at the same step and from the "
        "state to its left, which is its own layer one step before. To the left of each row "
        "stands the layer's first state. The weights are the same along a row and differ from row "
        "to row.",
    )
    below = [
        canvas.box("input", x, LEVELS[0], f"x_{step}", width=68)
        for step, x in enumerate(PLACES, start=1)
    ]
    for layer in (1, 2, 3):
        below = _row(canvas, layer, below)
    canvas.text(BESIDE, LEVELS[0], "inputs", anchor="start", colour=GREY)
    canvas.way((PLACES[0] - 34, 382), (PLACES[-1] + 34, 382), colour=GREY)
    canvas.text(BESIDE, 382, "time: one step each", anchor="start", colour=GREY)
    canvas.way((48, LEVELS[0]), (48, LEVELS[3]), colour=GREY)
    canvas.text(64, LEVELS[0], "depth: within a step", anchor="start", colour=GREY)
    return canvas


def _row(canvas: Canvas, layer: int, below: list[Box]) -> list[Box]:
    """One layer's states, each fed from below and from the left."""
    y = LEVELS[layer]
    before = canvas.box("state", PLACES[0] - 140, y, f"h_{{0}}^{{{layer}}}", width=68)
    row = []
    for step, lower in enumerate(below, start=1):
        state = canvas.box("state", lower.x, y, f"h_{{{step}}}^{{{layer}}}", width=68)
        canvas.way(before.right, state.left)
        canvas.way(lower.top, state.bottom)
        row.append(state)
        before = state
    canvas.text(BESIDE, y, f"layer {layer}", anchor="start", colour=GREY)
    return row
