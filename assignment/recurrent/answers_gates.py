"""Lesson 18: short answers to questions of notebook 2.

Each function returns one number, which you work out on paper, with a calculator or in Python. The
numbers in the questions are your own: write who you are into STUDENT, and

    python check.py answers_gates

shows them. An answer may be written as 5 / 3, "5/3", "1,67" or "63 %"; 1 % off is near enough,
unless a whole number is asked for. The check here looks at the form only: whether an answer is
right is said where it is graded.
"""

import numpy as np

STUDENT = ""


def belt_left():
    """The share of a cell's content that a forget gate leaves after many steps.

    Returns:
    - answer: a number, 1 for all of it

    Source: lecture, "LSTM"; notebook 2, section 2.2.
    """
    raise NotImplementedError("belt_left (Task 18.1, 1 point)")
    return answer


def bias_that_keeps():
    """The bias of a forget gate that keeps a share of a cell's content over many steps.

    Returns:
    - answer: a number

    Source: own; notebook 2, section 2.2.
    """
    raise NotImplementedError("bias_that_keeps (Task 18.2, 1 point)")
    return answer


def lstm_numbers():
    """How many numbers the weights and biases of an LSTM layer have.

    Returns:
    - answer: a whole number

    Source: lecture, "LSTM"; notebook 2, section 2.8.
    """
    raise NotImplementedError("lstm_numbers (Task 18.3, 1 point)")
    return answer


def gru_units():
    """How many hidden units a GRU may have, so as to be no larger than an LSTM.

    Returns:
    - answer: a whole number

    Source: own; notebook 2, section 2.8.
    """
    raise NotImplementedError("gru_units (Task 18.4, 1 point)")
    return answer


def rounds_of_a_stack():
    """How many rounds a stack takes, if all that need not wait is done at the same time.

    Returns:
    - answer: a whole number

    Source: own; notebook 2, section 2.8.
    """
    raise NotImplementedError("rounds_of_a_stack (Task 18.5, 1 point)")
    return answer


def gru_unit():
    """The new state of a unit of the slide's GRU, from its gate, old state and candidate.

    Returns:
    - answer: a number

    Source: lecture, "GRU"; notebook 2, section 2.3.
    """
    raise NotImplementedError("gru_unit (Task 18.6, 1 point)")
    return answer
