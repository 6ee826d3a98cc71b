"""Answers to the example's questions, as what numpy computes."""

import numpy as np

STUDENT = "example"


def forgotten():
    return np.float64(0.633968)


def bigram_floor():
    return np.array([0.277259])


def odds_at_temperature():
    return np.float32(9)


def word_perplexity():
    return np.float64(304.437)


def products_of_one_hot():
    return np.int64(20000000)


def cases_that_tell_repeats():
    return np.array([1.0, 3.0])
