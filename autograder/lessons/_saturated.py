"""Cases in which all units are at their ends, by construction.

A tanh that is cut off at 0.9995, a gate that never opens fully: with numbers as they are drawn it
is luck whether that shows, and a grade must not hang on the draw.
"""

import numpy as np

FAR = 1000.0
"""A pre-activation behind which nothing else counts: a tanh is 1, in float32 too."""


def both_ends(length, rng):
    """1 and -1, as many of one as of the other, in any order."""
    return rng.permutation(np.where(np.arange(length) % 2, -1.0, 1.0))


def saturated(*biases, gates=0):
    """An edge: every tanh is 1 or -1, and every gate is open.

    biases: the tensors by which that is done. gates: how many blocks of each are gates; they stand
    before the block of the tanh.
    """

    def at_the_ends(case, rng):
        """Every unit is at one of its ends."""
        changed = {}
        for name in biases:
            units = len(case[name]) // (gates + 1)
            changed[name] = FAR * np.concatenate([np.ones(gates * units), both_ends(units, rng)])
        return {**case, **changed}

    return at_the_ends
