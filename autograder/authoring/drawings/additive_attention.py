"""Additive attention: the decoder asks with the state before, and the answer is a weighted mean."""

from __future__ import annotations

from itertools import pairwise

from autograder.authoring.drawings.canvas import BLUE, GREY, MATHS, Box, Canvas

READ, STATES, SCORES, SHARES, WEIGHED, MIXED = 470, 392, 296, 210, 140, 64
PLACES = (330, 430, 530, 630)
MIDDLE, WIDE, BESIDE = 480, 400, 702
CELL, ASKING = 170, 190


def draw() -> Canvas:
    """From below: what is read, states, scores, weights, the context; on the left the decoder."""
    canvas = Canvas(
        "additive_attention",
        964,
        514,
        "Additive attention: one step of the decoder",
        "At the bottom four inputs are read, and an encoder has a state h1 to h4 for each. On the "
        "left stands the query: the decoder's state s of the step before. A small network scores "
        "each encoder state against the query: e_i is v times the tanh of s W plus h_i U. A "
        "softmax over the four positions turns the scores into weights a1 to a4, which are "
        "positive and sum to 1. The context c is the sum of the states h_i, each times its "
        "weight. Context, input and old state make the decoder's new state.",
    )
    _encoder(canvas)
    _scores(canvas)
    context = _context(canvas)
    _decoder(canvas, context)
    return canvas


def _encoder(canvas: Canvas) -> None:
    states = []
    for number, x in enumerate(PLACES, start=1):
        read = canvas.box("input", x, READ, f"w_{number}", width=62, height=40)
        state = canvas.box("state", x, STATES, f"h_{number}", width=62, height=42)
        canvas.way(read.top, state.bottom)
        states.append(state)
    for state, later in pairwise(states):
        canvas.way(state.right, later.left)
    canvas.text(BESIDE, STATES, "the encoder's states", anchor="start", colour=GREY)
    canvas.text(BESIDE, READ, "what is read", anchor="start", colour=GREY)


def _scores(canvas: Canvas) -> None:
    """Scores and weights, a row each; on their right, how they are made."""
    for number, x in enumerate(PLACES, start=1):
        canvas.way((x, STATES - 21), (x, SCORES + 24))
        canvas.way((x, SCORES - 24), (x, SHARES + 22))
        # It passes behind both rows: the state itself, which is to be weighed.
        canvas.way((x + 24, STATES - 21), (x + 24, WEIGHED), (x + 15, WEIGHED), colour=BLUE)
        canvas.text(x, SCORES, f"e_{number}", 18, MATHS)
        canvas.text(x, SHARES, f"a_{number}", 18, MATHS)
    canvas.box("layer", MIDDLE, SCORES, width=WIDE, height=48)
    canvas.box("plain", MIDDLE, SHARES, width=WIDE, height=44)
    canvas.text(BESIDE, SCORES, "e_i = v · tanh(s_{t-1} W + h_i U)", 15, MATHS, "start")
    canvas.text(BESIDE, SHARES, "a = softmax(e)", 15, MATHS, "start")


def _context(canvas: Canvas) -> Box:
    total = canvas.box("plain", MIDDLE, MIXED, "c_t", width=84, height=44)
    canvas.text(BESIDE, MIXED, "c_t = Σ_i a_i h_i", 15, MATHS, "start")
    for x in PLACES:
        product = canvas.circle(x, WEIGHED, "×", radius=13)
        canvas.way((x, SHARES - 22), product.bottom)
        canvas.way(product.top, (MIDDLE + (x - MIDDLE) * 0.2, total.bottom[1]))
    return total


def _decoder(canvas: Canvas, context: Box) -> None:
    cell = canvas.box("layer", CELL, MIXED, "tanh", width=96, height=44)
    state = canvas.box("state", 52, MIXED, "s_t", width=64, height=44)
    read = canvas.box("input", CELL - 24, WEIGHED + 14, "x_t", width=56, height=40)
    query = canvas.box("state", ASKING, SCORES, "s_{t-1}", width=84, height=46)
    canvas.text(ASKING, SCORES + 40, "the query", colour=GREY)
    canvas.way(query.right, (MIDDLE - WIDE / 2, SCORES))
    canvas.way((ASKING + 10, query.top[1]), (ASKING + 10, cell.bottom[1]))
    canvas.way(read.top, (read.x, cell.bottom[1]))
    canvas.way(context.left, cell.right)
    canvas.way(cell.left, state.right)
