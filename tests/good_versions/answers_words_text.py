"""Answers to the example's questions, written as texts: with commas, units and signs."""

STUDENT = "example"


def forgotten():
    return "0.633968"


def bigram_floor():
    return "0,277259 nats"


def odds_at_temperature():
    return "≈ 900 %"


def word_perplexity():
    return "304.437"


def products_of_one_hot():
    return "20,000,000"


def cases_that_tell_repeats():
    return "1 and 3"
