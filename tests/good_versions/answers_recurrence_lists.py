"""Answers to the example's questions, each in a list or a tuple."""

STUDENT = "example"


def slide_clipping():
    return [0.05]


def unmasked_perplexity():
    return (1.5874,)


def share_left():
    return [[0.128512]]


def steps_to_vanish():
    return [21]


def steps_reached():
    return [10]


def cases_that_tell_h0():
    return (4, 2)
