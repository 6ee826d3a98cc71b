"""A Transformer block: all vectors interact, then each goes through a small network by itself."""

from __future__ import annotations

from autograder.authoring.drawings.canvas import BLUE, GREY, WORDS, Canvas

READ, LOOK, ADD_ONE, NORM_ONE, MLP, ADD_TWO, NORM_TWO, OUT = 560, 470, 390, 328, 246, 166, 104, 34
PLACES = (90, 190, 290, 390)
MIDDLE, WIDE, AROUND, BESIDE = 240, 380, 470, 492


def draw() -> Canvas:
    """From below: vectors, attention, add and normalise, a network each, add and normalise."""
    canvas = Canvas(
        "transformer_block",
        740,
        596,
        "A Transformer block",
        "Four vectors x1 to x4 enter from below. Self-attention: each of them looks at all four, "
        "so that all vectors interact. A residual connection carries the vectors around it and is "
        "added; then each vector is normalised. Next, the same small network, an MLP, is applied "
        "to each vector independently. A second residual connection goes around it and is added, "
        "and each vector is normalised again. Four vectors y1 to y4 leave at the top.",
    )
    _attention(canvas)
    _add_and_normalise(canvas, ADD_ONE, NORM_ONE, READ - 36)
    _networks(canvas)
    _add_and_normalise(canvas, ADD_TWO, NORM_TWO, NORM_ONE - 36)
    for number, x in enumerate(PLACES, start=1):
        canvas.box("output", x, OUT, f"y_{number}", width=60, height=38)
        canvas.way((x, NORM_TWO - 18), (x, OUT + 19))
    return canvas


def _attention(canvas: Canvas) -> None:
    for number, x in enumerate(PLACES, start=1):
        read = canvas.box("input", x, READ, f"x_{number}", width=60, height=38)
        canvas.way(read.top, (x, LOOK + 27))
        canvas.way((x, LOOK - 27), (x, ADD_ONE + 14))
    text = ("self-attention", "every vector asks all of them")
    canvas.box("layer", MIDDLE, LOOK, text, width=WIDE, height=54, style=WORDS, size=15)
    canvas.text(BESIDE, LOOK, "all vectors interact", anchor="start", colour=GREY)


def _add_and_normalise(canvas: Canvas, add: float, norm: float, start: float) -> None:
    """The sum of each column with what went around, and its normalisation.

    start: the height at which the residual connection leaves the columns.
    """
    bend = PLACES[-1] + 14
    canvas.way(
        (PLACES[0], start), (AROUND, start), (AROUND, add), (bend, add), colour=BLUE, width=3
    )
    canvas.text(BESIDE, add - 10, "residual connection:", anchor="start", colour=BLUE)
    canvas.text(BESIDE, add + 10, "each vector adds itself", anchor="start", colour=BLUE)
    for x in PLACES:
        canvas.joint(x, start)
        added = canvas.circle(x, add, "+", radius=14)
        canvas.way(added.top, (x, norm + 18))
        if x != PLACES[-1]:
            canvas.way((x + 86, add), added.right, colour=BLUE, width=3)
    canvas.box("layer", MIDDLE, norm, "normalise each vector", WIDE, 36, WORDS, 15)


def _networks(canvas: Canvas) -> None:
    for x in PLACES:
        canvas.way((x, NORM_ONE - 18), (x, MLP + 24))
        box = canvas.box("layer", x, MLP, "MLP", width=72, height=48, style=WORDS, size=16)
        canvas.way(box.top, (x, ADD_TWO + 14))
    canvas.text(BESIDE, MLP, "the same, on each by itself", anchor="start", colour=GREY)
