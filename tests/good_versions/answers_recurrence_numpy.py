"""Answers to the example's questions, as what numpy computes."""

import numpy as np

STUDENT = "example"


def slide_clipping():
    return np.float64(0.05)


def unmasked_perplexity():
    return np.array([1.5874])


def share_left():
    return np.float32(0.128512)


def steps_to_vanish():
    return np.int64(21)


def steps_reached():
    return np.int64(10)


def cases_that_tell_h0():
    return np.array([2.0, 4.0])
