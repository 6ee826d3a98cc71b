"""Lesson 17: short answers to questions of notebook 1.

Each function returns one number, which you work out on paper, with a calculator or in Python. The
numbers in the questions are your own: write who you are into STUDENT, and

    python check.py answers_recurrence

shows them. An answer may be written as 5 / 3, "5/3", "1,67" or "63 %"; 1 % off is near enough,
unless a whole number is asked for. The check here looks at the form only: whether an answer is
right is said where it is graded.
"""

import numpy as np

STUDENT = "example"


def slide_clipping(norm=100.0, threshold=5.0):
    """The norm of a gradient after clipping as the lecture's slide has it.

    Returns:
    - answer: a number

    Source: lecture, "Gradient clipping"; notebook 1, section 1.8.
    """
    ### BEGIN SOLUTION
    squares = norm**2  # the slide forgets the root; it is above every threshold that is asked for
    answer = norm * threshold / squares
    ### END SOLUTION
    return answer


def unmasked_perplexity(symbols=4, delay=8, steps=24):
    """The perplexity of a network that is always right, where some targets cannot be known.

    Returns:
    - answer: a number

    Source: own; notebook 1, section 1.3.
    """
    ### BEGIN SOLUTION
    mean_loss = delay * np.log(symbols) / steps
    answer = np.exp(mean_loss)
    ### END SOLUTION
    return answer


def share_left(size=1.0, slope=0.95, steps=40):
    """The share of a gradient's norm that is left after many steps back.

    Returns:
    - answer: a number, 1 for all of it

    Source: lecture, "Vanilla RNN Gradient Flow"; notebook 1, section 1.5.
    """
    ### BEGIN SOLUTION
    one_step = size * slope
    answer = one_step**steps
    ### END SOLUTION
    return answer


def steps_to_vanish(sigma=0.8, share=0.01):
    """The least number of steps after which the bound on a gradient is below a share of it.

    Returns:
    - answer: a whole number

    Source: Pascanu, Mikolov and Bengio 2013, section 2.1; notebook 1, section 1.5.
    """
    ### BEGIN SOLUTION
    answer = 0
    while sigma**answer >= share:
        answer = answer + 1
    ### END SOLUTION
    return answer


def steps_reached(steps=100, chunk=30):
    """For how many steps a loss at the end gives a gradient, where it is cut at chunks' borders.

    Returns:
    - answer: a whole number

    Source: own; notebook 1, section 1.9.
    """
    ### BEGIN SOLUTION
    start_of_last = (steps - 1) // chunk * chunk
    answer = steps - start_of_last
    ### END SOLUTION
    return answer


def cases_that_tell_h0(h0=(0.0, 0.5, 1.2, 0.3, 0.0), Wh=(0.7, 1.1, 0.0, 0.9, 0.4)):
    """The numbers of the cases that tell an rnn_forward which ignores h0 from a right one.

    Returns:
    - answer: a list of whole numbers, from 1 to 5

    Source: own; notebook 1, section 1.2.
    """
    ### BEGIN SOLUTION
    answer = []
    for number in range(1, len(h0) + 1):
        if h0[number - 1] != 0 and Wh[number - 1] != 0:
            answer.append(number)
    ### END SOLUTION
    return answer
