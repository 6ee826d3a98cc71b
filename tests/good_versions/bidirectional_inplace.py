"""A correct bidirectional.py that overwrites what it is given, and keeps only what it must."""

import numpy as np

from . import rnn

print("loading my bidirectional")


def reverse_ragged(x, lengths):
    for row, length in zip(x, lengths, strict=True):
        row[:length] = row[:length][::-1].copy()
        row[length:] = 0
    return x


def bidirectional_forward(x, lengths, right, left):
    for row, length in zip(x, lengths, strict=True):
        row[length:] = 0.0
    start = np.zeros((x.shape[0], right[-1].size))
    h1, one = rnn.rnn_forward(x.copy(), start.copy(), *right)
    reverse_ragged(x, lengths)
    h2, two = rnn.rnn_forward(x.copy(), start, *left)
    h2 = reverse_ragged(np.array(h2), lengths)
    h = np.append(h1, h2, axis=2)
    for row, length in zip(h, lengths, strict=True):
        row[length:] *= 0
    return h, [two, one, lengths.copy()]


def bidirectional_backward(dh, cache):
    lengths, one, two = cache.pop(), cache.pop(), cache.pop()
    for row, length in zip(dh, lengths, strict=True):
        row[length:] = 0
    H = dh.shape[2] // 2
    dx, _, *first = rnn.rnn_backward(dh[..., :H].copy(), one)
    back = reverse_ragged(dh[..., H:].copy(), lengths)
    other, _, *second = rnn.rnn_backward(back, two)
    dx = dx + reverse_ragged(other, lengths)
    return [dx, first, second]
