"""Answers to the example's questions, as what numpy computes."""

import numpy as np

STUDENT = "example"


def belt_left():
    return np.float64(0.0924784)


def bias_that_keeps():
    return np.array([4.25125])


def lstm_numbers():
    return np.int64(19200)


def gru_units():
    return np.int64(78)


def rounds_of_a_stack():
    return np.int64(22)


def gru_unit():
    return np.float32(-0.31)
