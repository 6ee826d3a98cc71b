"""Answers to the example's questions, each in a list or a tuple."""

STUDENT = "example"


def forgotten():
    return [0.633968]


def bigram_floor():
    return (0.277259,)


def odds_at_temperature():
    return [[9]]


def word_perplexity():
    return [304.437]


def products_of_one_hot():
    return [20000000]


def cases_that_tell_repeats():
    return (3, 1)
