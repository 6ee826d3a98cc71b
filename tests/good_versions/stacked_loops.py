"""A correct stacked.py that needs no other lesson: time outside, layers inside, one cell after the
other by hand.
"""

import numpy as np


def sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))


def rnn_cell(x, h, c, Wx, Wh, b):
    return np.tanh(x @ Wx + h @ Wh + b), c, None


def rnn_cell_back(dh, dc, x, h, c, next_h, next_c, gates, Wx, Wh):
    da = dh * (1 - next_h**2)
    return da, dc


def lstm_cell(x, h, c, Wx, Wh, b):
    H = len(Wh)
    a = x @ Wx + h @ Wh + b
    i, f, o, g = (
        sigmoid(a[:, :H]),
        sigmoid(a[:, H : 2 * H]),
        sigmoid(a[:, 2 * H : 3 * H]),
        np.tanh(a[:, 3 * H :]),
    )
    next_c = f * c + i * g
    return o * np.tanh(next_c), next_c, (i, f, o, g)


def lstm_cell_back(dh, dc, x, h, c, next_h, next_c, gates, Wx, Wh):
    i, f, o, g = gates
    t = np.tanh(next_c)
    dc = dc + dh * o * (1 - t**2)
    da = [dc * g * i * (1 - i), dc * c * f * (1 - f), dh * t * o * (1 - o), dc * i * (1 - g**2)]
    return np.concatenate(da, axis=1), dc * f


def forward(cell, x, h0s, layers):
    T, L = x.shape[1], len(layers)
    hs = [[h0] for h0 in h0s]
    cs = [[np.zeros(h0.shape)] for h0 in h0s]
    inputs, gates = [[] for _ in layers], [[] for _ in layers]
    for t in range(T):
        below = x[:, t]
        for l in range(L):
            inputs[l].append(below)
            below, c, gate = cell(below, hs[l][t], cs[l][t], *layers[l])
            hs[l].append(below)
            cs[l].append(c)
            gates[l].append(gate)
    return np.stack(hs[-1][1:], axis=1), (inputs, hs, cs, gates, layers)


def backward(cell_back, dh, cache):
    inputs, hs, cs, gates, layers = cache
    T, L = dh.shape[1], len(layers)
    at_h = [np.zeros(states[0].shape) for states in hs]
    at_c = [np.zeros(states[0].shape) for states in hs]
    dlayers = [[np.zeros(w.shape) for w in layer] for layer in layers]
    dx = [None] * T
    for t in range(T - 1, -1, -1):
        above = dh[:, t]
        for l in range(L - 1, -1, -1):
            Wx, Wh, _ = layers[l]
            x, h = inputs[l][t], hs[l][t]
            da, at_c[l] = cell_back(
                above + at_h[l],
                at_c[l],
                x,
                h,
                cs[l][t],
                hs[l][t + 1],
                cs[l][t + 1],
                gates[l][t],
                Wx,
                Wh,
            )
            dlayers[l][0] += x.T @ da
            dlayers[l][1] += h.T @ da
            dlayers[l][2] += da.sum(axis=0)
            at_h[l] = da @ Wh.T
            above = da @ Wx.T
        dx[t] = above
    return np.stack(dx, axis=1), at_h, dlayers


def stacked_forward(x, h0s, layers):
    return forward(rnn_cell, x, h0s, layers)


def stacked_backward(dh, cache):
    return backward(rnn_cell_back, dh, cache)


def stacked_lstm_forward(x, h0s, layers):
    return forward(lstm_cell, x, h0s, layers)


def stacked_lstm_backward(dh, cache):
    return backward(lstm_cell_back, dh, cache)


def count_parameters(sizes, cell):
    count = 0
    for l in range(1, len(sizes)):
        for _ in {"rnn": "h", "gru": "zrn", "lstm": "ifog"}[cell]:
            for _ in range(sizes[l]):
                count += sizes[l - 1] + sizes[l] + 1
    return count
