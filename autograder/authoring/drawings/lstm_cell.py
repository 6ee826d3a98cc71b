"""One step of an LSTM: the cell state runs through, three gates decide what happens to it."""

from __future__ import annotations

from autograder.authoring.drawings.canvas import BLUE, GREY, MATHS, RED, Box, Canvas

BELT, HELD, GATES, BUS = 88, 190, 276, 350
FORGET, INPUT, PROPOSAL, OUTPUT = 250, 390, 530, 700
ADDED, SHOWN = 460, 770


def draw() -> Canvas:
    """The belt above, the four blocks below it, the way of h under all."""
    canvas = Canvas(
        "lstm_cell",
        964,
        448,
        "One step of an LSTM",
        "A straight line at the top, the cell state, runs from c of the step before to the new c. "
        "On it stand two operations: it is multiplied by the forget gate f, and then i times g is "
        "added. Below, the old state h and the input x enter four blocks: the forget gate f, the "
        "input gate i and the output gate o are sigmoids, the proposal g is a tanh. i and g are "
        "multiplied and go up to the belt. The new c goes through a tanh, is multiplied by the "
        "output gate o, and is the new state h, which is handed on and shown to the next layer.",
    )
    cell_before = canvas.box("state", 70, BELT, "c_{t-1}", width=76)
    cell = canvas.box("state", 894, BELT, "c_t", width=76)
    state_before = canvas.box("state", 70, BUS, "h_{t-1}", width=76)
    state = canvas.box("state", 894, BUS, "h_t", width=76)
    read = canvas.box("input", 160, 412, "x_t", width=60, height=36)
    forgotten = canvas.circle(FORGET, BELT, "×")
    added = canvas.circle(ADDED, BELT, "+")
    _belt(canvas, (cell_before, forgotten, added, cell))
    gates = _blocks(canvas, state_before, read)
    canvas.way(gates[0].top, forgotten.bottom)
    canvas.text(FORGET + 14, 150, "f", 18, MATHS, "start")
    _written(canvas, gates[1], gates[2], added)
    _shown(canvas, gates[3], state)
    return canvas


def _belt(canvas: Canvas, along: tuple[Box, Box, Box, Box]) -> None:
    before, forgotten, added, cell = along
    canvas.way(before.right, forgotten.left, colour=BLUE, width=4)
    canvas.way(forgotten.right, added.left, colour=BLUE, width=4)
    canvas.way(added.right, cell.left, colour=BLUE, width=4)
    canvas.text((FORGET + ADDED) / 2, BELT - 22, "f ⊙ c_{t-1}", 16, MATHS)
    canvas.text(640, BELT - 22, "c_t = f ⊙ c_{t-1} + i ⊙ g", 16, MATHS)
    canvas.way((850, 26), (720, 26), colour=RED, dashed=True, head=False)
    canvas.text(590, 26, "the gradient along the belt: times f", 14, colour=RED)
    canvas.way((460, 26), (114, 26), colour=RED, dashed=True)


def _blocks(canvas: Canvas, state_before: Box, read: Box) -> list[Box]:
    """The four blocks, each fed from the line below them."""
    canvas.way(state_before.right, (OUTPUT, BUS), head=False)
    canvas.way(read.top, (160, BUS), head=False)
    canvas.joint(160, BUS)
    blocks = []
    for x, text in ((FORGET, "σ"), (INPUT, "σ"), (PROPOSAL, "tanh"), (OUTPUT, "σ")):
        block = canvas.box("layer", x, GATES, text, width=72, height=42)
        canvas.way((x, BUS), block.bottom)
        if x != OUTPUT:
            canvas.joint(x, BUS)
        blocks.append(block)
    names = ((FORGET, "forget gate"), (INPUT, "input gate"), (PROPOSAL, "proposal"))
    for x, name in (*names, (OUTPUT, "output gate")):
        canvas.text(x, 380, name, size=14, colour=GREY)
    return blocks


def _written(canvas: Canvas, gate: Box, proposal: Box, added: Box) -> None:
    product = canvas.circle(ADDED, HELD, "×")
    canvas.way(gate.top, (INPUT, HELD), product.left)
    canvas.way(proposal.top, (PROPOSAL, HELD), product.right)
    canvas.way(product.top, added.bottom)
    canvas.text(INPUT - 12, 222, "i", 18, MATHS, "end")
    canvas.text(PROPOSAL + 12, 222, "g", 18, MATHS, "start")
    canvas.text(ADDED + 14, 138, "i ⊙ g", 16, MATHS, "start")


def _shown(canvas: Canvas, gate: Box, state: Box) -> None:
    product = canvas.circle(SHOWN, HELD + 28, "×")
    squashed = canvas.box("plain", SHOWN, 154, "tanh", width=72, height=36)
    canvas.joint(SHOWN, BELT)
    canvas.way((SHOWN, BELT), squashed.top)
    canvas.way(squashed.bottom, product.top)
    canvas.way(gate.top, (OUTPUT, HELD + 28), product.left)
    canvas.text(OUTPUT - 12, 228, "o", 18, MATHS, "end")
    canvas.way(product.bottom, (SHOWN, BUS), state.left)
    canvas.text(SHOWN + 14, 300, "h_t = o ⊙ tanh(c_t)", 16, MATHS, "start")
