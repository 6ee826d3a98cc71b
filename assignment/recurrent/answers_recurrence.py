"""Lesson 17: short answers to questions of notebook 1.

Each function returns one number, which you work out on paper, with a calculator or in Python. The
numbers in the questions are your own: write who you are into STUDENT, and

    python check.py answers_recurrence

shows them. An answer may be written as 5 / 3, "5/3", "1,67" or "63 %"; 1 % off is near enough,
unless a whole number is asked for. The check here looks at the form only: whether an answer is
right is said where it is graded.
"""

import numpy as np

STUDENT = ""


def slide_clipping():
    """The norm of a gradient after clipping as the lecture's slide has it.

    Returns:
    - answer: a number

    Source: lecture, "Gradient clipping"; notebook 1, section 1.8.
    """
    raise NotImplementedError("slide_clipping (Task 17.1, 1 point)")
    return answer


def unmasked_perplexity():
    """The perplexity of a network that is always right, where some targets cannot be known.

    Returns:
    - answer: a number

    Source: own; notebook 1, section 1.3.
    """
    raise NotImplementedError("unmasked_perplexity (Task 17.2, 1 point)")
    return answer


def share_left():
    """The share of a gradient's norm that is left after many steps back.

    Returns:
    - answer: a number, 1 for all of it

    Source: lecture, "Vanilla RNN Gradient Flow"; notebook 1, section 1.5.
    """
    raise NotImplementedError("share_left (Task 17.3, 1 point)")
    return answer


def steps_to_vanish():
    """The least number of steps after which the bound on a gradient is below a share of it.

    Returns:
    - answer: a whole number

    Source: Pascanu, Mikolov and Bengio 2013, section 2.1; notebook 1, section 1.5.
    """
    raise NotImplementedError("steps_to_vanish (Task 17.4, 1 point)")
    return answer


def steps_reached():
    """For how many steps a loss at the end gives a gradient, where it is cut at chunks' borders.

    Returns:
    - answer: a whole number

    Source: own; notebook 1, section 1.9.
    """
    raise NotImplementedError("steps_reached (Task 17.5, 1 point)")
    return answer


def cases_that_tell_h0():
    """The numbers of the cases that tell an rnn_forward which ignores h0 from a right one.

    Returns:
    - answer: a list of whole numbers, from 1 to 5

    Source: own; notebook 1, section 1.2.
    """
    raise NotImplementedError("cases_that_tell_h0 (Task 17.6, 1 point)")
    return answer
