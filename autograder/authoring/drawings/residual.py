"""Similar to ResNet: what goes straight on, and what is added to it."""

from __future__ import annotations

from autograder.authoring.drawings.canvas import BLUE, MATHS, RED, WORDS, Canvas

STRAIGHT, BRANCH = 96, 196
LEFT, RIGHT = 8, 490


def draw() -> Canvas:
    """A block of a ResNet on the left, the cell state of an LSTM on the right."""
    canvas = Canvas(
        "residual",
        964,
        322,
        "A ResNet block beside the cell state of an LSTM",
        "Two drawings of one form: a thick line goes straight on, and something is added to it. On "
        "the left a block of a ResNet: x goes straight on, and F of x is added, so that the next "
        "layer gets x plus F(x). Its derivative is the identity plus that of F. On the right the "
        "cell state of an LSTM: c goes on through a multiplication by the forget gate f, and i "
        "times g is added. Its derivative along the line is the diagonal matrix of f.",
    )
    canvas.text(LEFT + 232, 32, "ResNet: from layer to layer", 17, WORDS, bold=True)
    canvas.text(RIGHT + 232, 32, "LSTM: from step to step", 17, WORDS, bold=True)
    canvas.way((482, 22), (482, 300), colour="#c4ccd6", width=1.5, head=False)
    _block(canvas)
    _cell(canvas)
    return canvas


def _block(canvas: Canvas) -> None:
    before = canvas.box("state", LEFT + 56, STRAIGHT, "x", width=56)
    after = canvas.box("state", LEFT + 400, STRAIGHT, "x + F(x)", width=104)
    added = canvas.circle(LEFT + 286, STRAIGHT, "+")
    layers = canvas.box("layer", LEFT + 194, BRANCH, "F: two layers", 124, 44, WORDS, 16)
    canvas.way(before.right, added.left, colour=BLUE, width=4)
    canvas.way(added.right, after.left, colour=BLUE, width=4)
    canvas.joint(LEFT + 108, STRAIGHT)
    canvas.way((LEFT + 108, STRAIGHT), (LEFT + 108, BRANCH), layers.left)
    canvas.way(layers.right, (LEFT + 286, BRANCH), added.bottom)
    canvas.text(LEFT + 296, BRANCH - 50, "F(x)", 16, MATHS, "start")
    canvas.text(LEFT + 232, 258, "straight on: times 1", 15, WORDS, colour=RED)
    canvas.text(LEFT + 232, 286, "∂(x + F(x))/∂x = I + ∂F/∂x", 16, MATHS, colour=RED)


def _cell(canvas: Canvas) -> None:
    before = canvas.box("state", RIGHT + 60, STRAIGHT, "c_{t-1}", width=76)
    after = canvas.box("state", RIGHT + 404, STRAIGHT, "c_t", width=76)
    kept = canvas.circle(RIGHT + 164, STRAIGHT, "×")
    added = canvas.circle(RIGHT + 286, STRAIGHT, "+")
    gate = canvas.box("layer", RIGHT + 164, BRANCH, "f", width=64)
    written = canvas.box("layer", RIGHT + 286, BRANCH, "i ⊙ g", width=84)
    for one, other in ((before, kept), (kept, added), (added, after)):
        canvas.way(one.right, other.left, colour=BLUE, width=4)
    canvas.way(gate.top, kept.bottom)
    canvas.way(written.top, added.bottom)
    canvas.text(RIGHT + 232, 258, "straight on: times f", 15, WORDS, colour=RED)
    canvas.text(RIGHT + 232, 286, "∂c_t/∂c_{t-1} = diag(f) + …", 16, MATHS, colour=RED)
