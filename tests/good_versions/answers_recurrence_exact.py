"""Answers to the example's questions, as fractions and decimals."""

from decimal import Decimal
from fractions import Fraction

STUDENT = "example"


def slide_clipping():
    return Fraction(1, 20)


def unmasked_perplexity():
    return Decimal("1.5874")


def share_left():
    return 247 / 1922


def steps_to_vanish():
    return Decimal("21")


def steps_reached():
    return Decimal("10")


def cases_that_tell_h0():
    return {2, 4}
