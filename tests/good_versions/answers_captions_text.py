"""Answers to the example's questions, written as texts: with commas, units and signs."""

STUDENT = "example"


def least_loss():
    return "1.24245"


def attention_work():
    return "6,25 nats"


def sharp_weight():
    return "≈ 71.1235 %"


def weight_by_score():
    return "0.09"


def ratio_at_a_tie():
    return "1,76412 nats"


def cases_that_tell_brevity():
    return "1 and 4"
