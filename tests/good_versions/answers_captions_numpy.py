"""Answers to the example's questions, as what numpy computes."""

import numpy as np

STUDENT = "example"


def least_loss():
    return np.float64(1.24245)


def attention_work():
    return np.array([6.25])


def sharp_weight():
    return np.float32(0.711235)


def weight_by_score():
    return np.float64(0.09)


def ratio_at_a_tie():
    return np.array([1.76412])


def cases_that_tell_brevity():
    return np.array([1.0, 4.0])
