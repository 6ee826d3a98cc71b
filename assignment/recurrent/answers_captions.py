"""Lesson 20: short answers to questions of notebooks 5 and 6.

Each function returns one number, which you work out on paper, with a calculator or in Python. The
numbers in the questions are your own: write who you are into STUDENT, and

    python check.py answers_captions

shows them. An answer may be written as 5 / 3, "5/3", "1,67" or "63 %"; 1 % off is near enough,
unless a whole number is asked for. The check here looks at the form only: whether an answer is
right is said where it is graded.
"""

import numpy as np

STUDENT = ""


def least_loss():
    """The least mean loss of a caption, where several are right and one is drawn more often.

    Returns:
    - answer: a number, in nats a caption

    Source: own; notebook 5, section 5.2.
    """
    raise NotImplementedError("least_loss (Task 20.1, 1 point)")
    return answer


def attention_work():
    """How many times as many scores self-attention computes for a longer sentence.

    Returns:
    - answer: a number

    Source: lecture, "Transformer"; notebook 6, section 6.5.
    """
    raise NotImplementedError("attention_work (Task 20.2, 1 point)")
    return answer


def sharp_weight():
    """The weight of a score that is above the others, which are equal.

    Returns:
    - answer: a number

    Source: own; notebook 6, section 6.1.
    """
    raise NotImplementedError("sharp_weight (Task 20.3, 1 point)")
    return answer


def weight_by_score():
    """The derivative of an attention's weight by its own score.

    Returns:
    - answer: a number

    Source: own; notebook 6, section 6.1.
    """
    raise NotImplementedError("weight_by_score (Task 20.4, 1 point)")
    return answer


def ratio_at_a_tie():
    """How the log-probabilities of two captions compare, where their scores are equal.

    Returns:
    - answer: a number

    Source: own; notebook 5, section 5.4.
    """
    raise NotImplementedError("ratio_at_a_tie (Task 20.5, 1 point)")
    return answer


def cases_that_tell_brevity():
    """The numbers of the cases that tell a BLEU without a brevity penalty from a right one.

    Returns:
    - answer: a list of whole numbers, from 1 to 5

    Source: own; notebook 5, section 5.3.
    """
    raise NotImplementedError("cases_that_tell_brevity (Task 20.6, 1 point)")
    return answer
