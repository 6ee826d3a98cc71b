"""Lesson 18: short answers to questions of notebook 2.

Each function returns one number, which you work out on paper, with a calculator or in Python. The
numbers in the questions are your own: write who you are into STUDENT, and

    python check.py answers_gates

shows them. An answer may be written as 5 / 3, "5/3", "1,67" or "63 %"; 1 % off is near enough,
unless a whole number is asked for. The check here looks at the form only: whether an answer is
right is said where it is graded.
"""

import numpy as np

STUDENT = "example"


def belt_left(bias=3.0, steps=49):
    """The share of a cell's content that a forget gate leaves after many steps.

    Returns:
    - answer: a number, 1 for all of it

    Source: lecture, "LSTM"; notebook 2, section 2.2.
    """
    ### BEGIN SOLUTION
    gate = 1 / (1 + np.exp(-bias))
    answer = gate**steps
    ### END SOLUTION
    return answer


def bias_that_keeps(share=0.5, steps=49):
    """The bias of a forget gate that keeps a share of a cell's content over many steps.

    Returns:
    - answer: a number

    Source: own; notebook 2, section 2.2.
    """
    ### BEGIN SOLUTION
    gate = share ** (1 / steps)
    answer = np.log(gate / (1 - gate))
    ### END SOLUTION
    return answer


def lstm_numbers(D=10, H=64):
    """How many numbers the weights and biases of an LSTM layer have.

    Returns:
    - answer: a whole number

    Source: lecture, "LSTM"; notebook 2, section 2.8.
    """
    ### BEGIN SOLUTION
    rows = D + H + 1
    answer = rows * 4 * H
    ### END SOLUTION
    return answer


def gru_units(D=100, H=64):
    """How many hidden units a GRU may have, so as to be no larger than an LSTM.

    Returns:
    - answer: a whole number

    Source: own; notebook 2, section 2.8.
    """
    ### BEGIN SOLUTION
    most = 4 * H * (D + H + 1)
    answer = 0
    while 3 * (answer + 1) * (D + answer + 2) <= most:
        answer = answer + 1
    ### END SOLUTION
    return answer


def rounds_of_a_stack(layers=3, steps=20):
    """How many rounds a stack takes, if all that need not wait is done at the same time.

    Returns:
    - answer: a whole number

    Source: own; notebook 2, section 2.8.
    """
    ### BEGIN SOLUTION
    up = layers - 1
    answer = steps + up
    ### END SOLUTION
    return answer


def gru_unit(z=0.9, h=0.5, candidate=-0.4):
    """The new state of a unit of the slide's GRU, from its gate, old state and candidate.

    Returns:
    - answer: a number

    Source: lecture, "GRU"; notebook 2, section 2.3.
    """
    ### BEGIN SOLUTION
    kept = (1 - z) * h
    answer = kept + z * candidate
    ### END SOLUTION
    return answer
