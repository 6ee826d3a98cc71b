"""Answers to the example's questions, each in a list or a tuple."""

STUDENT = "example"


def belt_left():
    return [0.0924784]


def bias_that_keeps():
    return (4.25125,)


def lstm_numbers():
    return [19200]


def gru_units():
    return [78]


def rounds_of_a_stack():
    return [22]


def gru_unit():
    return [[-0.31]]
