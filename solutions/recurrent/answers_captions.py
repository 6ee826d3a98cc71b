"""Lesson 20: short answers to questions of notebooks 5 and 6.

Each function returns one number, which you work out on paper, with a calculator or in Python. The
numbers in the questions are your own: write who you are into STUDENT, and

    python check.py answers_captions

shows them. An answer may be written as 5 / 3, "5/3", "1,67" or "63 %"; 1 % off is near enough,
unless a whole number is asked for. The check here looks at the form only: whether an answer is
right is said where it is graded.
"""

import numpy as np

STUDENT = "example"


def least_loss(captions=4, odds=3):
    """The least mean loss of a caption, where several are right and one is drawn more often.

    Returns:
    - answer: a number, in nats a caption

    Source: own; notebook 5, section 5.2.
    """
    ### BEGIN SOLUTION
    favourite = odds / (odds + captions - 1)
    other = 1 / (odds + captions - 1)
    answer = -favourite * np.log(favourite) - (captions - 1) * other * np.log(other)
    ### END SOLUTION
    return answer


def attention_work(times=2.5):
    """How many times as many scores self-attention computes for a longer sentence.

    Returns:
    - answer: a number

    Source: lecture, "Transformer"; notebook 6, section 6.5.
    """
    ### BEGIN SOLUTION
    looking = times
    answer = looking * times
    ### END SOLUTION
    return answer


def sharp_weight(gap=2.0, others=3):
    """The weight of a score that is above the others, which are equal.

    Returns:
    - answer: a number

    Source: own; notebook 6, section 6.1.
    """
    ### BEGIN SOLUTION
    large = np.exp(gap)
    answer = large / (large + others)
    ### END SOLUTION
    return answer


def weight_by_score(weight=0.9):
    """The derivative of an attention's weight by its own score.

    Returns:
    - answer: a number

    Source: own; notebook 6, section 6.1.
    """
    ### BEGIN SOLUTION
    missing = 1 - weight
    answer = weight * missing
    ### END SOLUTION
    return answer


def ratio_at_a_tie(short=4, long=9, alpha=0.7):
    """How the log-probabilities of two captions compare, where their scores are equal.

    Returns:
    - answer: a number

    Source: own; notebook 5, section 5.4.
    """
    ### BEGIN SOLUTION
    ratio = long / short
    answer = ratio**alpha
    ### END SOLUTION
    return answer


def cases_that_tell_brevity(candidates=(6, 9, 8, 7, 10), references=(8, 9, 7, 8, 10)):
    """The numbers of the cases that tell a BLEU without a brevity penalty from a right one.

    Returns:
    - answer: a list of whole numbers, from 1 to 5

    Source: own; notebook 5, section 5.3.
    """
    ### BEGIN SOLUTION
    answer = []
    for number in range(1, len(candidates) + 1):
        if candidates[number - 1] < references[number - 1]:
            answer.append(number)
    ### END SOLUTION
    return answer
