"""Short answers: gates and depth.

Questions of notebook 2, with numbers of each student's own.
"""

from autograder.lessons._answers import question

NUMBER = 18


@question(
    title="What the belt keeps",
    takes="bias[] steps[]",
    asks="A forget gate stands at the value that its bias of {bias} alone gives it, at every step. "
    "Which share of what was on the belt is still there after {steps} steps?",
    hints=(
        "Which number between 0 and 1 does the gate have, and what does a step do with c?",
        "With a bias of 3 the gate is at 0.953, and 49 steps keep 0.09.",
        "The sigmoid of the bias is the share that one step keeps; the steps multiply.",
    ),
)
def belt_left(rng):
    return {"bias": round(rng.uniform(1.5, 4.0), 1), "steps": rng.integers(8, 61)}


@question(
    title="A bias that is long enough",
    takes="share[] steps[]",
    asks="You want a cell to keep the share {share} of its content over {steps} steps, by its "
    "forget gate alone. Which bias does the gate need?",
    hints=(
        "Which share does a single step have to keep, if all of them keep the same?",
        "To keep 0.09 over 49 steps, the gate has to be near 0.952, and the bias near 3.",
        "Take the root for one step first, and then the number whose sigmoid that is.",
    ),
)
def bias_that_keeps(rng):
    return {"share": round(rng.uniform(0.1, 0.9), 2), "steps": rng.integers(10, 81)}


@question(
    title="How many numbers an LSTM has",
    takes="D[] H[]",
    asks="An LSTM layer reads vectors of {D} numbers and has {H} hidden units. How many numbers "
    "are there in Wx, Wh and b together? (A whole number.)",
    hints=(
        "How wide are the three arrays, if each of the H units has four blocks?",
        "For D = 1 and H = 1 there are 12.",
        "Add up D rows of Wx, H rows of Wh and one b, each as wide as all four blocks.",
    ),
)
def lstm_numbers(rng):
    return {"D": rng.integers(5, 60), "H": rng.integers(60, 200)}


@question(
    title="A GRU of the same size",
    takes="D[] H[]",
    asks="For a fair comparison: an LSTM reads vectors of {D} numbers and has {H} hidden units. "
    "How many hidden units has the largest GRU that has no more numbers than it, in Wx, Wh and b "
    "together? (A whole number.)",
    hints=(
        "How many blocks has a GRU, and how many numbers for h units?",
        "For D = 1 and H = 5 an LSTM has 140 numbers, a GRU of 5 units 105 and one of 6 has 144.",
        "The numbers grow with the square of the units and also with D: try units one by one.",
    ),
)
def gru_units(rng):
    return {"D": rng.integers(40, 200), "H": rng.integers(30, 150)}


@question(
    title="One after the other",
    takes="layers[] steps[]",
    asks="A stack of {layers} layers reads a sequence of {steps} steps. Whatever does not have to "
    "wait for something else is computed at the same time. How many rounds does a forward pass "
    "take, if every cell of every layer takes one? (A whole number.)",
    hints=(
        "For which two others does the cell of layer l at step t have to wait?",
        "Draw 2 layers and 3 steps, and write into each cell the round in which it can be done.",
        "The last cell is reached by a way of single moves up and to the right: count its cells.",
    ),
)
def rounds_of_a_stack(rng):
    return {"layers": rng.integers(3, 9), "steps": rng.integers(15, 90)}


@question(
    title="Which state the gate weighs",
    takes="z[] h[] candidate[]",
    asks="A unit of a GRU, as on the lecture's slide: its update gate is at {z}, the state before "
    "is {h}, and the candidate is {candidate}. What is the new state?",
    hints=(
        "Which of the two is taken if the gate is fully open, the old state or the candidate?",
        "With a gate at 0.9, a state of 0 and a candidate of 1, the slide's new state is 0.9.",
        "On the slide, z weighs what is new, and the rest of 1 weighs what was there before.",
    ),
)
def gru_unit(rng):
    # The two never nearly cancel: 1 % of nearly nothing would be asked for.
    small, large = round(rng.uniform(0.3, 0.5), 2), round(rng.uniform(0.6, 0.9), 2)
    if rng.random() < 0.5:
        return {"z": rng.choice([0.1, 0.15, 0.2, 0.25]), "h": large, "candidate": -small}
    return {"z": rng.choice([0.75, 0.8, 0.85, 0.9]), "h": small, "candidate": -large}
