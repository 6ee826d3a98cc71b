"""A correct rnn.py written out number by number, as from the sums in a textbook."""

import math

import numpy as np


def dot(row, matrix, column):
    total = 0.0
    for value, weights in zip(row, matrix, strict=True):
        total += value * weights[column]
    return total


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    N, H = prev_h.shape
    next_h = np.empty((N, H))
    for n in range(N):
        for j in range(H):
            next_h[n, j] = math.tanh(dot(x[n], Wx, j) + dot(prev_h[n], Wh, j) + b[j])
    return next_h, {"x": x, "prev_h": prev_h, "Wx": Wx, "Wh": Wh, "next_h": next_h}


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = (cache[name] for name in ("x", "prev_h", "Wx", "Wh", "next_h"))
    dx, dprev_h = np.zeros(x.shape), np.zeros(prev_h.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(len(Wh))
    for n in range(len(x)):
        for j in range(len(Wh)):
            da = dnext_h[n, j] * (1 - next_h[n, j]) * (1 + next_h[n, j])
            db[j] += da
            for d in range(len(Wx)):
                dx[n, d] += da * Wx[d, j]
                dWx[d, j] += da * x[n, d]
            for k in range(len(Wh)):
                dprev_h[n, k] += da * Wh[k, j]
                dWh[k, j] += da * prev_h[n, k]
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, _ = x.shape
    h, steps, prev_h = np.empty((N, T, h0.shape[1])), [], h0
    for t in range(T):
        prev_h, step = rnn_step_forward(x[:, t], prev_h, Wx, Wh, b)
        steps.append(step)
        for n in range(N):
            h[n, t] = prev_h[n]
    return h, steps


def rnn_backward(dh, cache):
    return rnn_backward_truncated(dh, cache, len(cache))


def rnn_backward_truncated(dh, cache, k):
    T = len(cache)
    dx = [None] * T
    totals = None
    carried = 0 * cache[0]["prev_h"]
    t = T - 1
    while t >= 0:
        if t % k == k - 1:
            carried = 0 * carried
        dx[t], carried, *weights = rnn_step_backward(dh[:, t, :] + carried, cache[t])
        totals = (
            weights
            if totals is None
            else [total + each for total, each in zip(totals, weights, strict=True)]
        )
        t -= 1
    return np.stack(dx, axis=1), carried, *totals


def last_hidden(h, lengths):
    return np.array([row[length - 1] for row, length in zip(h, lengths, strict=True)]), (
        h.shape,
        list(lengths),
    )


def last_hidden_backward(dout, cache):
    shape, lengths = cache
    dh = np.zeros(shape)
    for n, length in enumerate(lengths):
        for j in range(shape[2]):
            dh[n, length - 1, j] = dout[n, j]
    return dh
