"""Captioning: a network that has seen a picture hands a vector to one that writes."""

from __future__ import annotations

from autograder.authoring.drawings.canvas import BLUE, GREY, WORDS, Canvas

SAID, STATE, READ = 60, 158, 256
PLACES = (480, 620, 760, 892)
WRITTEN = ("a", "red", "fox", "<END>")
GIVEN = ("<START>", "a", "red", "fox")


def draw() -> Canvas:
    """The picture on the left, the states in a row, what is read below, what is said above."""
    canvas = Canvas(
        "captioner",
        964,
        312,
        "Captioning: from a picture to words",
        "On the left a picture goes into a convolutional network that was trained before; out of "
        "one of its layers comes a vector of features. A matrix makes the first state h0 of it. "
        "From there four states follow one another. Each reads a word, the first one the start "
        "sign, and says the next: a, red, fox, end. While writing, the word that was said is what "
        "the next state reads.",
    )
    picture = canvas.box("input", 66, STATE, "picture", 84, 60, WORDS, 15)
    seeing = canvas.box("layer", 190, STATE, ("layers of a", "convnet"), 108, 60, WORDS, 14)
    first = canvas.box("state", 340, STATE, "h_0")
    canvas.way(picture.right, seeing.left)
    canvas.way(seeing.right, first.left)
    canvas.text(190, STATE + 52, "trained before", 14, colour=GREY)
    canvas.text(276, STATE - 18, "features", 14, colour=GREY)
    before, spoken = first, None
    for step, x in enumerate(PLACES, start=1):
        state = canvas.box("state", x, STATE, f"h_{step}")
        read = canvas.box("input", x, READ, GIVEN[step - 1], 88, 40, WORDS, 15)
        said = canvas.box("output", x, SAID, WRITTEN[step - 1], 76, 40, WORDS, 15)
        canvas.way(before.right, state.left, colour=BLUE, width=3)
        canvas.way(read.top, state.bottom)
        canvas.way(state.top, said.bottom)
        if spoken is not None:
            bend = x - 58
            canvas.way(spoken.right, (bend, SAID), (bend, READ), read.left, dashed=True)
        before, spoken = state, said
    canvas.text(340, READ, "what is read", 14, colour=GREY)
    canvas.text(340, SAID, "what is said", 14, colour=GREY)
    return canvas
