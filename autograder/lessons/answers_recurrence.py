"""Short answers: recurrence.

Questions of notebook 1, with numbers of each student's own.
"""

import numpy as np

from autograder.lessons._answers import question

NUMBER = 17


@question(
    title="The slide's clipping",
    takes="norm[] threshold[]",
    asks="A gradient of norm {norm} is clipped as the lecture's slide does it, without a square "
    "root, at the threshold {threshold}. What is its norm afterwards?",
    hints=(
        "The slide's grad_norm is the sum of the squares. How large is that here?",
        "Work it out for a gradient of norm 10 and a threshold of 5: it ends at 0.5.",
        "Its own norm is multiplied by the threshold over the square of that norm.",
    ),
)
def slide_clipping(rng):
    return {"norm": rng.integers(12, 95), "threshold": rng.integers(2, 10)}


@question(
    title="Guesses that are not masked",
    takes="symbols[] delay[] steps[]",
    asks="A network echoes each of {symbols} equally frequent symbols {delay} steps later, without "
    "a mistake. In sequences of {steps} steps, the first {delay} targets are pure guesses that it "
    "cannot know. What is its perplexity over all steps, without a mask?",
    hints=(
        "What loss does a pure guess among so many symbols have, and what loss a sure answer?",
        "For 4 symbols, 8 guesses and 24 steps the perplexity is 1.59.",
        "Perplexity is the exponential of the mean loss: take the mean of the losses first.",
    ),
)
def unmasked_perplexity(rng):
    return {
        "symbols": rng.integers(3, 10),
        "delay": rng.integers(3, 13),
        "steps": rng.integers(20, 61),
    }


@question(
    title="What is left of a gradient",
    takes="size[] slope[] steps[]",
    asks="A hidden matrix is orthogonal but for its size, {size}: it multiplies the length of "
    "every vector by that. On the way back every slope of the tanh is {slope}. Which share of a "
    "gradient's norm is left after {steps} steps?",
    hints=(
        "What does one step back do to the length of the gradient, and by what two things?",
        "Of a size of 1 and slopes of 0.9, two steps leave 0.81.",
        "Each step multiplies the norm by the size and by the slope, and the steps multiply.",
    ),
)
def share_left(rng):
    return {
        "size": round(rng.uniform(0.8, 1.1), 2),
        "slope": round(rng.uniform(0.85, 0.99), 2),
        "steps": rng.integers(8, 31),
    }


@question(
    title="When it has vanished for sure",
    takes="sigma[] share[]",
    asks="The largest singular value of a vanilla RNN's hidden matrix is {sigma}. What is the "
    "least number of steps after which the bound says that less than {share} of a gradient is "
    "left? (A whole number.)",
    hints=(
        "Which power of the largest singular value is the bound after one step, after two?",
        "With a singular value of 0.5, less than 0.1 is left after 4 steps: 0.0625.",
        "Compare logarithms, and take the first whole number at which the bound is below.",
    ),
)
def steps_to_vanish(rng):
    return {
        "sigma": round(rng.uniform(0.6, 0.96), 2),
        "share": rng.choice([0.001, 0.002, 0.005, 0.01, 0.02, 0.05]),
    }


@question(
    title="How far a gradient goes back",
    takes="steps[] chunk[]",
    asks="A sequence of {steps} steps is cut into chunks of {chunk}, from its start, for truncated "
    "backpropagation. Only the last step has a loss. At how many steps can the gradient by the "
    "input be other than zero? (A whole number.)",
    hints=(
        "In which chunk does the last step lie, and where does that chunk begin?",
        "Of 10 steps in chunks of 4, the last chunk has 2.",
        "The gradient stops at the start of the last chunk, which may be shorter than the others.",
    ),
)
def steps_reached(rng):
    return {"steps": rng.integers(100, 300), "chunk": rng.integers(7, 31)}


@question(
    title="Cases that tell: h0",
    takes="h0[5] Wh[5]",
    asks="Somebody's rnn_forward starts from zeros, whatever h0 it is given; the rest is right. "
    "You have five cases, 1 to 5, all with T = 3. The largest number in their h0 is, in this "
    "order, {h0}, and the largest in their Wh is {Wh} (both by absolute value, and no product "
    "cancels). In which cases are the numbers wrong? Return a list, such as [1, 4].",
    hints=(
        "What does the first step do with h0, and when does that change nothing?",
        "Compute a step with h0 = 0, and then another one with Wh = 0.",
        "A case tells only if what is ignored makes a difference in it: both must not be zero.",
    ),
    several=True,
)
def cases_that_tell_h0(rng):
    h0, Wh = np.round(rng.uniform(0.2, 2.0, size=(2, 5)), 1)
    places = rng.permutation(5)
    h0[places[: rng.integers(1, 3)]] = 0.0
    Wh[places[2 : 2 + rng.integers(1, 2)]] = 0.0
    return {"h0": h0, "Wh": Wh}
