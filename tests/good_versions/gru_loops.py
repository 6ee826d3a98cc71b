"""A correct gru.py in explicit loops: every cell of every row by itself."""

import math

import numpy as np


def squash(a):
    return 1 / (1 + math.exp(-a)) if a >= 0 else 1 - 1 / (1 + math.exp(a))


def gru_step_forward(x, prev_h, Wx, Wh, b):
    N, D = x.shape
    H = prev_h.shape[1]
    z, r, n, next_h = (np.zeros((N, H)) for _ in range(4))
    for row in range(N):
        for j in range(H):
            a_z, a_r = b[j], b[H + j]
            for d in range(D):
                a_z += x[row, d] * Wx[d, j]
                a_r += x[row, d] * Wx[d, H + j]
            for k in range(H):
                a_z += prev_h[row, k] * Wh[k, j]
                a_r += prev_h[row, k] * Wh[k, H + j]
            z[row, j], r[row, j] = squash(a_z), squash(a_r)
        for j in range(H):
            a_n = b[2 * H + j]
            for d in range(D):
                a_n += x[row, d] * Wx[d, 2 * H + j]
            for k in range(H):
                a_n += r[row, k] * prev_h[row, k] * Wh[k, 2 * H + j]
            n[row, j] = math.tanh(a_n)
            next_h[row, j] = prev_h[row, j] + z[row, j] * (n[row, j] - prev_h[row, j])
    return next_h, [x, prev_h, Wx, Wh, z, r, n]


def gru_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, z, r, n = cache
    N, D = x.shape
    H = prev_h.shape[1]
    dx, dprev_h = np.zeros((N, D)), np.zeros((N, H))
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(3 * H)

    def into(row, column, da, state):
        """A pre-activation's gradient, sent on to all it was made from; returns what goes to the
        state it saw.
        """
        db[column] += da
        for d in range(D):
            dx[row, d] += da * Wx[d, column]
            dWx[d, column] += da * x[row, d]
        back = []
        for k in range(H):
            dWh[k, column] += da * state[k]
            back.append(da * Wh[k, column])
        return back

    for row in range(N):
        reset = [r[row, k] * prev_h[row, k] for k in range(H)]
        dreset = [0.0] * H
        for j in range(H):
            up, z_j, n_j = dnext_h[row, j], z[row, j], n[row, j]
            dprev_h[row, j] += up * (1 - z_j)
            for k, back in enumerate(
                into(row, j, up * (n_j - prev_h[row, j]) * z_j * (1 - z_j), prev_h[row])
            ):
                dprev_h[row, k] += back
            for k, back in enumerate(into(row, 2 * H + j, up * z_j * (1 - n_j * n_j), reset)):
                dreset[k] += back
        for j in range(H):
            r_j = r[row, j]
            dprev_h[row, j] += dreset[j] * r_j
            for k, back in enumerate(
                into(row, H + j, dreset[j] * prev_h[row, j] * r_j * (1 - r_j), prev_h[row])
            ):
                dprev_h[row, k] += back
    return dx, dprev_h, dWx, dWh, db


def gru_forward(x, h0, Wx, Wh, b):
    states, caches = [h0], []
    for t in range(x.shape[1]):
        next_h, cache = gru_step_forward(x[:, t], states[-1], Wx, Wh, b)
        states.append(next_h)
        caches.append(cache)
    return np.stack(states[1:], axis=1), caches


def gru_backward(dh, cache):
    N, T, H = dh.shape
    D = cache[0][0].shape[1]
    dx, carried = np.zeros((N, T, D)), np.zeros((N, H))
    totals = [np.zeros((D, 3 * H)), np.zeros((H, 3 * H)), np.zeros(3 * H)]
    t = T
    while t > 0:
        t -= 1
        dx[:, t], carried, *weights = gru_step_backward(dh[:, t] + carried, cache[t])
        for total, each in zip(totals, weights, strict=True):
            total += each
    return dx, carried, totals[0], totals[1], totals[2]


def gru_to_other_convention(Wx, Wh, b):
    H = Wh.shape[0]
    others = [Wx.copy(), Wh.copy(), b.copy()]
    for column in range(H):
        for other in others:
            other[..., column] = -other[..., column]
    return others
