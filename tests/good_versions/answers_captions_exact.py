"""Answers to the example's questions, as fractions and decimals."""

from decimal import Decimal
from fractions import Fraction

STUDENT = "example"


def least_loss():
    return Fraction(1276, 1027)


def attention_work():
    return Decimal("6.25")


def sharp_weight():
    return 766 / 1077


def weight_by_score():
    return Fraction(9, 100)


def ratio_at_a_tie():
    return Decimal("1.76412")


def cases_that_tell_brevity():
    return {1, 4}
