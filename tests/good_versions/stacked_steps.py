"""A correct stacked.py: a recursion over the layers, each made of single steps."""

import numpy as np

from .lstm import lstm_step_backward, lstm_step_forward
from .rnn import rnn_step_backward, rnn_step_forward


def stacked_forward(x, h0s, layers):
    if not layers:
        return x, ()
    h, caches, states = h0s[0], [], []
    for t in range(x.shape[1]):
        h, cache = rnn_step_forward(x[:, t], h, *layers[0])
        caches.append(cache)
        states.append(h)
    top, above = stacked_forward(np.stack(states, axis=1), h0s[1:], layers[1:])
    return top, (caches, above)


def stacked_backward(dh, cache):
    if not cache:
        return dh, (), ()
    caches, above = cache
    dh, dh0s, dlayers = stacked_backward(dh, above)
    dx, dprev_h, weights = [], 0, [0, 0, 0]
    for t, step in reversed(list(enumerate(caches))):
        dx_t, dprev_h, *each = rnn_step_backward(dh[:, t] + dprev_h, step)
        dx = [dx_t, *dx]
        weights = [total + one for total, one in zip(weights, each, strict=True)]
    return np.stack(dx, axis=1), (dprev_h, *dh0s), (weights, *dlayers)


def stacked_lstm_forward(x, h0s, layers):
    if not layers:
        return x, ()
    h, c, caches, states = h0s[0], np.zeros_like(h0s[0]), [], []
    for t in range(x.shape[1]):
        h, c, cache = lstm_step_forward(x[:, t], h, c, *layers[0])
        caches.append(cache)
        states.append(h)
    top, above = stacked_lstm_forward(np.stack(states, axis=1), h0s[1:], layers[1:])
    return top, (caches, above)


def stacked_lstm_backward(dh, cache):
    if not cache:
        return dh, (), ()
    caches, above = cache
    dh, dh0s, dlayers = stacked_lstm_backward(dh, above)
    dx, dprev_h, dprev_c, weights = [], 0, np.zeros(dh[:, 0].shape), [0, 0, 0]
    for t, step in reversed(list(enumerate(caches))):
        dx_t, dprev_h, dprev_c, *each = lstm_step_backward(dh[:, t] + dprev_h, dprev_c, step)
        dx = [dx_t, *dx]
        weights = [total + one for total, one in zip(weights, each, strict=True)]
    return np.stack(dx, axis=1), (dprev_h, *dh0s), (weights, *dlayers)


def count_parameters(sizes, cell):
    blocks = ["rnn", None, "gru", "lstm"].index(cell) + 1
    return blocks * sum((1 + D + H) * H for D, H in zip(sizes, sizes[1:]))  # noqa: B905, RUF007
