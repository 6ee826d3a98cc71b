"""A bidirectional encoder: one network reads from the left, another from the right."""

from __future__ import annotations

from itertools import pairwise

from autograder.authoring.drawings.canvas import GREY, Canvas

READ, FORTH, BACK, BOTH = 318, 228, 146, 50
PLACES = (290, 466, 642, 818)
SHIFT = 26


def draw() -> Canvas:
    """From below: inputs, states from the left, states from the right, the two side by side."""
    canvas = Canvas(
        "bidirectional_encoder",
        964,
        364,
        "A bidirectional encoder",
        "Four inputs x1 to x4 stand at the bottom. One row of states, f1 to f4, is made from the "
        "left to the right; another row, b1 to b4, with weights of its own, from the right to the "
        "left. For each position, the state h_i is both side by side: f_i knows what stands before "
        "it, b_i what stands after it.",
    )
    forth, back = [], []
    for number, x in enumerate(PLACES, start=1):
        read = canvas.box("input", x, READ, f"x_{number}")
        left = canvas.box("state", x - SHIFT, FORTH, f"f_{number}", width=58)
        right = canvas.box("state", x + SHIFT, BACK, f"b_{number}", width=58)
        both = canvas.box("output", x, BOTH, f"h_{number} = [f_{number}; b_{number}]", width=126)
        canvas.way((x - SHIFT, read.top[1]), left.bottom)
        canvas.way((x + SHIFT, read.top[1]), right.bottom)
        canvas.way(left.top, (x - SHIFT, both.bottom[1]))
        canvas.way(right.top, (x + SHIFT, both.bottom[1]))
        forth.append(left)
        back.append(right)
    for one, other in pairwise(forth):
        canvas.way(one.right, other.left)
    for one, other in pairwise(back):
        canvas.way(other.left, one.right)
    canvas.text(48, FORTH, "reads forwards", anchor="start", colour=GREY)
    canvas.text(48, BACK, "reads backwards", anchor="start", colour=GREY)
    canvas.text(48, BOTH, "side by side", anchor="start", colour=GREY)
    return canvas
