"""Lesson 19: short answers to questions of notebooks 3 and 4.

Each function returns one number, which you work out on paper, with a calculator or in Python. The
numbers in the questions are your own: write who you are into STUDENT, and

    python check.py answers_words

shows them. An answer may be written as 5 / 3, "5/3", "1,67" or "63 %"; 1 % off is near enough,
unless a whole number is asked for. The check here looks at the form only: whether an answer is
right is said where it is graded.
"""

import numpy as np

STUDENT = ""


def forgotten():
    """The share of a bracket that a leaking counter has forgotten.

    Returns:
    - answer: a number, 1 for all of it

    Source: own; notebook 3, section 3.5.
    """
    raise NotImplementedError("forgotten (Task 19.1, 1 point)")
    return answer


def bigram_floor():
    """The least mean loss that a bigram model can have on a text that repeats a word.

    Returns:
    - answer: a number, in nats a character

    Source: own; notebook 3, section 3.1.
    """
    raise NotImplementedError("bigram_floor (Task 19.2, 1 point)")
    return answer


def odds_at_temperature():
    """How many times as probable one character is as another, at another temperature.

    Returns:
    - answer: a number

    Source: own; notebook 3, section 3.3.
    """
    raise NotImplementedError("odds_at_temperature (Task 19.3, 1 point)")
    return answer


def word_perplexity():
    """The perplexity per word of a model of characters.

    Returns:
    - answer: a number

    Source: own; notebook 3, section 3.3.
    """
    raise NotImplementedError("word_perplexity (Task 19.4, 1 point)")
    return answer


def products_of_one_hot():
    """How many multiplications a one-hot vector times a table of word vectors takes.

    Returns:
    - answer: a whole number

    Source: own; notebook 4, section 4.1.
    """
    raise NotImplementedError("products_of_one_hot (Task 19.5, 1 point)")
    return answer


def cases_that_tell_repeats():
    """The numbers of the cases that tell writing a row of a gradient from adding it up.

    Returns:
    - answer: a list of whole numbers, from 1 to 5

    Source: own; notebook 4, section 4.1.
    """
    raise NotImplementedError("cases_that_tell_repeats (Task 19.6, 1 point)")
    return answer
