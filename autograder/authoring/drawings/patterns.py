"""Five patterns: how many inputs, how many outputs, and when."""

from __future__ import annotations

from itertools import pairwise

from autograder.authoring.drawings.canvas import GREY, Canvas

LOW, MIDDLE, HIGH = 188, 116, 44
STEP = 46

PATTERNS = (
    # middle, steps, steps with an input, steps with an output, name, example in two lines
    (86, 1, (0,), (0,), "one to one", "a picture,", "its class"),
    (246, 3, (0,), (0, 1, 2), "one to many", "a picture,", "its caption"),
    (438, 3, (0, 1, 2), (2,), "many to one", "a sentence,", "good or bad"),
    (656, 5, (0, 1, 2), (3, 4), "many to many", "first a sentence,", "then its translation"),
    (864, 3, (0, 1, 2), (0, 1, 2), "many to many", "in step: a character,", "the next one"),
)


def draw() -> Canvas:
    """Inputs below, states between, outputs above."""
    canvas = Canvas(
        "patterns",
        964,
        298,
        "Five patterns: how many inputs, how many outputs, and when",
        "Five networks, inputs below, states in the middle, outputs above. One to one: one input, "
        "one output, no time, as in classifying a picture. One to many: one input starts the first "
        "of three states, and each state gives an output, as in captioning. Many to one: three "
        "inputs, one output after the last, as in judging a sentence. Many to many, later: three "
        "inputs are read, and then two outputs are written, as in translation. Many to many, in "
        "step: each of three inputs gets an output at once, as in guessing the next character.",
    )
    for middle, steps, inputs, outputs, name, first, second in PATTERNS:
        _pattern(canvas, middle, steps, inputs, outputs)
        canvas.text(middle, 234, name, size=16, bold=True)
        canvas.text(middle, 257, first, size=14, colour=GREY)
        canvas.text(middle, 276, second, size=14, colour=GREY)
    return canvas


def _pattern(
    canvas: Canvas, middle: float, steps: int, inputs: tuple[int, ...], outputs: tuple[int, ...]
) -> None:
    first = middle - STEP * (steps - 1) / 2
    places = [first + STEP * number for number in range(steps)]
    states = [canvas.box("state", x, MIDDLE, width=26, height=40) for x in places]
    for number in inputs:
        box = canvas.box("input", places[number], LOW, width=26, height=40)
        canvas.way(box.top, states[number].bottom)
    for number in outputs:
        box = canvas.box("output", places[number], HIGH, width=26, height=40)
        canvas.way(states[number].top, box.bottom)
    for state, later in pairwise(states):
        canvas.way(state.right, later.left)
