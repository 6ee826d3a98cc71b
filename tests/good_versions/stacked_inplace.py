"""A correct stacked.py as some people write it: emptied lists and caches, changed arguments,
prints, stray imports.
"""

import os  # noqa: F401
import pdb  # noqa: F401

import numpy as np

from .lstm import *  # noqa: F403
from .rnn import *  # noqa: F403


def up(forward, x, h0s, layers):
    cache = []
    while layers:
        Wx, Wh, b = layers.pop(0)
        x, layer = forward(x, h0s.pop(0), Wx, Wh, b)
        cache.append(layer)
        print("layer", len(cache), x.shape)
    return [x, cache]


def down(backward, dh, cache):
    dh0s, dlayers = [], []
    while cache:
        dh, *rest = backward(dh, cache.pop())
        dh0s.append(rest.pop(0))
        dlayers.append(rest)
    dh0s.reverse()
    dlayers.reverse()
    return [dh, dh0s, dlayers]


def stacked_forward(x, h0s, layers):
    return up(rnn_forward, x, h0s, layers)  # noqa: F405


def stacked_backward(dh, cache):
    dh *= 1.0
    return down(rnn_backward, dh, cache)  # noqa: F405


def stacked_lstm_forward(x, h0s, layers):
    return up(lstm_forward, x, h0s, layers)  # noqa: F405


def stacked_lstm_backward(dh, cache):
    return down(lstm_backward, dh, cache)  # noqa: F405


def count_parameters(sizes, cell):
    total = np.zeros(())
    while len(sizes) > 1:
        D = sizes.pop(0)
        total += (D + sizes[0] + 1) * sizes[0]
    return np.float64(total * {"rnn": 1, "lstm": 4}.get(cell, 3))
