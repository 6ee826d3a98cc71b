"""Lesson 14: reading both ways."""

import numpy as np

from .rnn import rnn_backward, rnn_forward


def reverse_ragged(x, lengths):
    """Rows turned round, padding zero."""
    out = np.zeros_like(x)
    for row in range(x.shape[0]):
        n = int(lengths[row])
        out[row, :n] = x[row, :n][::-1]
    return out


def clear_padding(values, lengths):
    """Zeros at padded steps."""
    out = values.copy()
    for row in range(values.shape[0]):
        out[row, int(lengths[row]):] = 0.0
    return out


def bidirectional_forward(x, lengths, right, left):
    """Both readings."""
    n_units = right[1].shape[0]
    start = np.zeros((x.shape[0], n_units))
    states_r, cache_r = rnn_forward(x, start, right[0], right[1], right[2])
    flipped = reverse_ragged(x, lengths)
    states_l, cache_l = rnn_forward(flipped, start, left[0], left[1], left[2])
    first = clear_padding(states_r, lengths)
    second = reverse_ragged(states_l, lengths)
    h = np.concatenate([first, second], axis=-1)
    cache = {"r": cache_r, "l": cache_l, "lengths": lengths, "H": n_units}
    return h, cache


def bidirectional_backward(dh, cache):
    """Gradient of both readings."""
    lengths = cache["lengths"]
    n_units = cache["H"]
    dfirst = clear_padding(dh[:, :, :n_units], lengths)
    dsecond = reverse_ragged(dh[:, :, n_units:], lengths)
    dx_r, _, dWx_r, dWh_r, db_r = rnn_backward(dfirst, cache["r"])
    dx_l, _, dWx_l, dWh_l, db_l = rnn_backward(dsecond, cache["l"])
    dx = dx_r + reverse_ragged(dx_l, lengths)
    return dx, (dWx_r, dWh_r, db_r), (dWx_l, dWh_l, db_l)
