"""One step of a GRU: one state, and one gate for both keeping and taking."""

from __future__ import annotations

from autograder.authoring.drawings.canvas import BLUE, GREY, MATHS, Box, Canvas

BELT, INVERTED, TAKEN, RESETTING, GATES = 66, 122, 166, 214, 290
STATE_BUS, INPUT_BUS = 348, 386
UPDATE, RESET, PROPOSAL, ADDED = 260, 440, 630, 780


def draw() -> Canvas:
    """The state above, the two gates and the proposal below it."""
    canvas = Canvas(
        "gru_cell",
        964,
        448,
        "One step of a GRU",
        "A straight line at the top, the state, runs from h of the step before to the new h. It "
        "is multiplied by one minus the update gate z, and then z times the proposal n is added. "
        "Below, the old state and the input x enter two gates: the update gate z and the reset "
        "gate r, both sigmoids. The old state, multiplied by r, and the input x enter the "
        "proposal n, which is a tanh. There is no second memory: what is kept and what is shown "
        "are the same.",
    )
    before = canvas.box("state", 70, BELT, "h_{t-1}", width=76)
    state = canvas.box("state", 894, BELT, "h_t", width=76)
    read = canvas.box("input", 70, INPUT_BUS, "x_t", width=76)
    kept, added = canvas.circle(UPDATE, BELT, "×"), canvas.circle(ADDED, BELT, "+")
    for one, other in ((before, kept), (kept, added), (added, state)):
        canvas.way(one.right, other.left, colour=BLUE, width=4)
    canvas.text(520, BELT - 20, "(1 − z) ⊙ h_{t-1}", 16, MATHS)
    update, reset, proposal = _blocks(canvas, read)
    _reset(canvas, reset, proposal)
    _update(canvas, update, proposal, kept, added)
    return canvas


def _blocks(canvas: Canvas, read: Box) -> list[Box]:
    """Gates and proposal; the gates are fed from the line of x and from the line of h."""
    canvas.way(read.right, (PROPOSAL, INPUT_BUS), head=False)
    canvas.joint(150, BELT)
    canvas.way((150, BELT), (150, STATE_BUS), (RESET - 18, STATE_BUS), (RESET - 18, GATES + 21))
    canvas.way((UPDATE - 18, STATE_BUS), (UPDATE - 18, GATES + 21))
    canvas.joint(UPDATE - 18, STATE_BUS)
    blocks = []
    named = ((UPDATE, "σ", "update gate"), (RESET, "σ", "reset gate"))
    for x, text, name in (*named, (PROPOSAL, "tanh", "proposal")):
        block = canvas.box("layer", x, GATES, text, width=72, height=42)
        canvas.way((x, INPUT_BUS), block.bottom)
        canvas.text(x, 414, name, size=14, colour=GREY)
        if x != PROPOSAL:
            canvas.joint(x, INPUT_BUS)
        blocks.append(block)
    return blocks


def _reset(canvas: Canvas, gate: Box, proposal: Box) -> None:
    product = canvas.circle(RESET, RESETTING, "×")
    canvas.joint(350, STATE_BUS)
    canvas.way((350, STATE_BUS), (350, RESETTING), product.left)
    canvas.way(gate.top, product.bottom)
    canvas.text(RESET + 12, 250, "r", 18, MATHS, "start")
    canvas.way(product.right, (PROPOSAL, RESETTING), proposal.top)
    canvas.text(540, RESETTING - 18, "r ⊙ h_{t-1}", 16, MATHS)


def _update(canvas: Canvas, gate: Box, proposal: Box, kept: Box, added: Box) -> None:
    inverted = canvas.circle(UPDATE, INVERTED, "1−")
    product = canvas.circle(ADDED, TAKEN, "×")
    canvas.way(gate.top, inverted.bottom)
    canvas.way(inverted.top, kept.bottom)
    canvas.text(UPDATE + 12, 220, "z", 18, MATHS, "start")
    canvas.joint(UPDATE, TAKEN)
    canvas.way((UPDATE, TAKEN), product.left)
    canvas.way(proposal.right, (ADDED, GATES), product.bottom)
    canvas.text(710, GATES - 18, "n", 18, MATHS)
    canvas.way(product.top, added.bottom)
    canvas.text(ADDED + 14, 118, "z ⊙ n", 16, MATHS, "start")
