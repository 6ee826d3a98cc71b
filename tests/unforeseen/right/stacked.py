"""Lesson 7: depth."""

import numpy as np

from .lstm import lstm_backward, lstm_forward
from .rnn import rnn_backward, rnn_forward


def stacked_forward(x, h0s, layers):
    """Several vanilla RNN layers."""
    cache = []
    below = x
    for l in range(len(layers)):
        Wx, Wh, b = layers[l]
        below, layer_cache = rnn_forward(below, h0s[l], Wx, Wh, b)
        cache.append(layer_cache)
    return below, cache


def stacked_backward(dh, cache):
    """From the top layer down."""
    n_layers = len(cache)
    dh0s = [None] * n_layers
    dlayers = [None] * n_layers
    grad = dh
    for l in range(n_layers - 1, -1, -1):
        grad, dh0, dWx, dWh, db = rnn_backward(grad, cache[l])
        dh0s[l] = dh0
        dlayers[l] = (dWx, dWh, db)
    dx = grad
    return dx, dh0s, dlayers


def stacked_lstm_forward(x, h0s, layers):
    """Several LSTM layers."""
    cache = {}
    seq = x
    for number, (start, weights) in enumerate(zip(h0s, layers)):
        seq, cache[number] = lstm_forward(seq, start, *weights)
    return seq, cache


def stacked_lstm_backward(dh, cache):
    """From the top layer down."""
    dh0s, dlayers = [], []
    upstream = dh
    for number in sorted(cache, reverse=True):
        result = lstm_backward(upstream, cache[number])
        upstream = result[0]
        dh0s.insert(0, result[1])
        dlayers.insert(0, tuple(result[2:]))
    return upstream, dh0s, dlayers


def count_parameters(sizes, cell):
    """Wx, Wh and b of every layer."""
    blocks = {"rnn": 1, "gru": 3, "lstm": 4}[cell]
    count = 0
    for l in range(1, len(sizes)):
        below, width = sizes[l - 1], sizes[l]
        count += blocks * (below * width + width * width + width)
    return count
