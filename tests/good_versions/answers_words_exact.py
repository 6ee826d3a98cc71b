"""Answers to the example's questions, as fractions and decimals."""

from decimal import Decimal
from fractions import Fraction

STUDENT = "example"


def forgotten():
    return Fraction(433, 683)


def bigram_floor():
    return Decimal("0.277259")


def odds_at_temperature():
    return 9 / 1


def word_perplexity():
    return Fraction(437476, 1437)


def products_of_one_hot():
    return Decimal("20000000")


def cases_that_tell_repeats():
    return {1, 3}
