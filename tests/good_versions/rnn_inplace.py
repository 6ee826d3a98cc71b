"""A correct rnn.py that spares memory: it overwrites its arguments, empties its caches and returns
views.
"""

import numpy as np

print("loading my rnn")


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    cache = [x.copy(), prev_h.copy(), Wx, Wh]
    a = x @ Wx
    a += prev_h @ Wh
    a += b
    np.tanh(a, out=a)
    prev_h[...] = a
    cache.append(a)
    return a, cache


def rnn_step_backward(dnext_h, cache):
    next_h, Wh, Wx, prev_h, x = cache.pop(), cache.pop(), cache.pop(), cache.pop(), cache.pop()
    dnext_h *= 1 - next_h * next_h
    return dnext_h @ Wx.T, dnext_h @ Wh.T, x.T @ dnext_h, prev_h.T @ dnext_h, dnext_h.T.sum(-1)


def rnn_forward(x, h0, Wx, Wh, b):
    out = np.zeros((x.shape[1], *h0.shape))
    steps = []
    for t in range(x.shape[1]):
        out[t], step = rnn_step_forward(x[:, t], h0, Wx, Wh, b)  # h0 holds the newest state
        steps.append(step)
    return out.transpose(1, 0, 2), steps


def rnn_backward(dh, cache):
    return rnn_backward_truncated(dh, cache, 10**9)


def rnn_backward_truncated(dh, cache, k):
    x, prev_h, Wx, Wh, _ = cache[-1]
    dx = np.zeros((len(x), len(cache), x.shape[1]))
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    dprev_h = np.zeros(prev_h.shape)
    while cache:
        t = len(cache) - 1
        if not (t + 1) % k:
            dprev_h *= 0
        dprev_h += dh[:, t]
        dx[:, t], dprev_h, one, two, three = rnn_step_backward(dprev_h, cache.pop())
        dWx += one
        dWh += two
        db += three
    return dx, dprev_h, dWx, dWh, db


def last_hidden(h, lengths):
    lengths -= 1
    return np.take_along_axis(h, lengths[:, None, None], axis=1)[:, 0], [h, lengths]


def last_hidden_backward(dout, cache):
    lengths, dh = cache.pop(), cache.pop()
    dh.fill(0)
    np.put_along_axis(dh, lengths[:, None, None], dout[:, None], axis=1)
    return dh
