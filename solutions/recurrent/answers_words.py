"""Lesson 19: short answers to questions of notebooks 3 and 4.

Each function returns one number, which you work out on paper, with a calculator or in Python. The
numbers in the questions are your own: write who you are into STUDENT, and

    python check.py answers_words

shows them. An answer may be written as 5 / 3, "5/3", "1,67" or "63 %"; 1 % off is near enough,
unless a whole number is asked for. The check here looks at the form only: whether an answer is
right is said where it is graded.
"""

import numpy as np

STUDENT = "example"


def forgotten(gate=0.99, characters=100):
    """The share of a bracket that a leaking counter has forgotten.

    Returns:
    - answer: a number, 1 for all of it

    Source: own; notebook 3, section 3.5.
    """
    ### BEGIN SOLUTION
    left = gate**characters
    answer = 1 - left
    ### END SOLUTION
    return answer


def bigram_floor(letters=5, ambiguous=2, followers=2):
    """The least mean loss that a bigram model can have on a text that repeats a word.

    Returns:
    - answer: a number, in nats a character

    Source: own; notebook 3, section 3.1.
    """
    ### BEGIN SOLUTION
    lost = ambiguous * np.log(followers)
    answer = lost / letters
    ### END SOLUTION
    return answer


def odds_at_temperature(odds=3.0, temperature=0.5):
    """How many times as probable one character is as another, at another temperature.

    Returns:
    - answer: a number

    Source: own; notebook 3, section 3.3.
    """
    ### BEGIN SOLUTION
    logit = np.log(odds)
    answer = np.exp(logit / temperature)
    ### END SOLUTION
    return answer


def word_perplexity(bits=1.5, characters=5.5):
    """The perplexity per word of a model of characters.

    Returns:
    - answer: a number

    Source: own; notebook 3, section 3.3.
    """
    ### BEGIN SOLUTION
    bits_a_word = bits * characters
    answer = 2**bits_a_word
    ### END SOLUTION
    return answer


def products_of_one_hot(words=400000, numbers=50):
    """How many multiplications a one-hot vector times a table of word vectors takes.

    Returns:
    - answer: a whole number

    Source: own; notebook 4, section 4.1.
    """
    ### BEGIN SOLUTION
    table = words * numbers
    answer = table
    ### END SOLUTION
    return answer


def cases_that_tell_repeats(
    first=(3, 1, 4, 1),
    second=(0, 1, 2, 3),
    third=(5, 5, 5, 5),
    fourth=(9, 0, 2, 4),
    fifth=(7, 6, 5, 4),
):
    """The numbers of the cases that tell writing a row of a gradient from adding it up.

    Returns:
    - answer: a list of whole numbers, from 1 to 5

    Source: own; notebook 4, section 4.1.
    """
    ### BEGIN SOLUTION
    answer = []
    for number, ids in enumerate((first, second, third, fourth, fifth), start=1):
        if len(set(ids)) < len(ids):
            answer.append(number)
    ### END SOLUTION
    return answer
