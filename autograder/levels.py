"""The ladder of hints: what is shown from which level on, from a place to the mistake's name."""

WHERE = 1
"""Where an output is wrong, or that it is all zeros; the first hint of a known mistake."""

NATURE = 2
"""What kind of a mistake that looks like; the second hint."""

EXACT = 3
"""Just how the numbers are wrong, which gives the mistake away; the third hint."""

NAME = 4
"""The mistake itself, unless the course says otherwise (`policy.diagnosis`)."""

MOST = NAME
"""The last level there is."""

WITHHELD = MOST + 1
"""Of what is shown at no level."""
