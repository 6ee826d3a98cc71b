"""Answers to the example's questions, written as texts: with commas, units and signs."""

STUDENT = "example"


def slide_clipping():
    return "0.05"


def unmasked_perplexity():
    return "1,5874 nats"


def share_left():
    return "≈ 12.8512 %"


def steps_to_vanish():
    return "21"


def steps_reached():
    return "= 10"


def cases_that_tell_h0():
    return "2 and 4"
