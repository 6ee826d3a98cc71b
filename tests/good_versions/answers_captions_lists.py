"""Answers to the example's questions, each in a list or a tuple."""

STUDENT = "example"


def least_loss():
    return [1.24245]


def attention_work():
    return (6.25,)


def sharp_weight():
    return [[0.711235]]


def weight_by_score():
    return [0.09]


def ratio_at_a_tie():
    return (1.76412,)


def cases_that_tell_brevity():
    return (4, 1)
