"""The unrolled graph of an RNN: the same weights at every step, and the gradient's way back."""

from __future__ import annotations

from autograder.authoring.drawings.canvas import GREY, MATHS, RED, Canvas

STATE, INPUT, SCORES, LOSS, TOTAL = 266, 376, 178, 104, 38
FIRST, STEP = 380, 190


def draw() -> Canvas:
    """On the left the box with its loop, on the right the same box three times."""
    canvas = Canvas(
        "unrolled",
        964,
        466,
        "A recurrent network, folded and unrolled, and the gradient's way back",
        "On the left one box, the state h, with an arrow that leaves it and comes back, an input "
        "x and scores y. On the right the same, unrolled: h0, h1, h2, h3 in a row. Each state is "
        "made from the state before by the weights Wh and from its input by the weights Wx; the "
        "weights are the same at every step. From each state the weights Why make scores y, from "
        "them a loss, and the losses add up to L. Dashed arrows show the gradient's way back: "
        "from each loss down to its state, and from each state to the state before. Two gradients "
        "meet at every state but the last, and the gradient of each weight is a sum over the "
        "steps.",
    )
    _folded(canvas)
    _unrolled(canvas)
    canvas.way((64, 438), (108, 438), colour=GREY)
    canvas.text(118, 438, "forward", anchor="start", colour=GREY)
    canvas.way((252, 438), (208, 438), colour=RED, dashed=True)
    canvas.text(262, 438, "gradient", anchor="start", colour=RED)
    canvas.text(
        916, 438, "the same weights at every step, so that their gradients add up", anchor="end"
    )
    return canvas


def _folded(canvas: Canvas) -> None:
    state = canvas.box("state", 96, STATE, "h")
    read = canvas.box("input", 96, INPUT, "x")
    said = canvas.box("output", 96, SCORES, "y")
    canvas.way(read.top, state.bottom)
    canvas.way(state.top, said.bottom)
    side, out = state.right[0], state.right[0] + 40
    canvas.way((side, STATE - 12), (out, STATE - 12), (out, STATE + 12), (side, STATE + 12))
    canvas.text(236, STATE, "=", size=26)


def _unrolled(canvas: Canvas) -> None:
    total = canvas.box(
        "output", FIRST + 2 * STEP - 60, TOTAL, "L = L_1 + L_2 + L_3", width=190, height=40
    )
    before = canvas.box("state", FIRST - 60, STATE, "h_0", width=56)
    for step in (1, 2, 3):
        x = FIRST + STEP * step - 60
        state = canvas.box("state", x, STATE, f"h_{step}")
        read = canvas.box("input", x, INPUT, f"x_{step}")
        said = canvas.box("output", x, SCORES, f"y_{step}")
        loss = canvas.box("output", x, LOSS, f"L_{step}", height=38)
        canvas.way(read.top, state.bottom)
        canvas.text(x - 8, (STATE + INPUT) / 2, "W_x", 16, MATHS, "end")
        canvas.way((before.right[0], STATE - 8), (state.left[0], STATE - 8))
        canvas.text((before.x + x) / 2, STATE - 26, "W_h", 16, MATHS)
        canvas.way(
            (state.left[0], STATE + 9), (before.right[0], STATE + 9), colour=RED, dashed=True
        )
        canvas.way((x - 8, state.top[1]), (x - 8, said.bottom[1]))
        canvas.text(x - 16, (STATE + SCORES) / 2, "W_{hy}", 16, MATHS, "end")
        canvas.way((x + 10, said.bottom[1]), (x + 10, state.top[1]), colour=RED, dashed=True)
        canvas.way((x - 8, said.top[1]), (x - 8, loss.bottom[1]))
        canvas.way((x + 10, loss.bottom[1]), (x + 10, said.top[1]), colour=RED, dashed=True)
        _to_total(canvas, step, loss.top, total.bottom, total.left, total.right)
        canvas.text(
            (before.x + x) / 2, STATE + 32, f"∂h_{step}/∂h_{step - 1}", 15, MATHS, colour=RED
        )
        before = state


def _to_total(
    canvas: Canvas,
    step: int,
    start: tuple[float, float],
    below: tuple[float, float],
    left: tuple[float, float],
    right: tuple[float, float],
) -> None:
    if step == 1:
        canvas.way(start, (start[0], TOTAL), left)
    elif step == 2:
        canvas.way(start, (start[0], below[1]))
    else:
        canvas.way(start, (start[0], TOTAL), right)
