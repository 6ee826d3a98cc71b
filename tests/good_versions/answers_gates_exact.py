"""Answers to the example's questions, as fractions and decimals."""

from decimal import Decimal
from fractions import Fraction

STUDENT = "example"


def belt_left():
    return Fraction(75, 811)


def bias_that_keeps():
    return Decimal("4.25125")


def lstm_numbers():
    return Decimal("19200")


def gru_units():
    return Decimal("78")


def rounds_of_a_stack():
    return Decimal("22")


def gru_unit():
    return -31 / 100
