"""A correct lstm.py in explicit loops: every cell of every row by itself, in Python floats."""

import math

import numpy as np


def sigmoid(a):
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + small), small / (1 + small))


def squash(a):
    return 1 / (1 + math.exp(-a)) if a >= 0 else 1 - 1 / (1 + math.exp(a))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    N, D = x.shape
    H = prev_h.shape[1]
    next_h, next_c = np.zeros((N, H)), np.zeros((N, H))
    gates = np.zeros((N, H, 4))
    for n in range(N):
        for j in range(H):
            a = []
            for block in range(4):
                column = block * H + j
                total = float(b[column])
                for d in range(D):
                    total += float(x[n, d]) * float(Wx[d, column])
                for k in range(H):
                    total += float(prev_h[n, k]) * float(Wh[k, column])
                a.append(total)
            i, f, o, g = squash(a[0]), squash(a[1]), squash(a[2]), math.tanh(a[3])
            next_c[n, j] = f * prev_c[n, j] + i * g
            next_h[n, j] = o * math.tanh(next_c[n, j])
            gates[n, j] = i, f, o, g
    return (
        next_h,
        next_c,
        {"x": x, "h": prev_h, "c": prev_c, "Wx": Wx, "Wh": Wh, "gates": gates, "next_c": next_c},
    )


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, Wx, Wh = cache["x"], cache["h"], cache["Wx"], cache["Wh"]
    N, D = x.shape
    H = prev_h.shape[1]
    dx, dprev_h, dprev_c = np.zeros((N, D)), np.zeros((N, H)), np.zeros((N, H))
    dWx, dWh, db = np.zeros((D, 4 * H)), np.zeros((H, 4 * H)), np.zeros(4 * H)
    for n in range(N):
        for j in range(H):
            i, f, o, g = cache["gates"][n, j]
            squashed = math.tanh(cache["next_c"][n, j])
            at_c = dnext_c[n, j] + dnext_h[n, j] * o * (1 - squashed * squashed)
            dprev_c[n, j] = at_c * f
            da = (
                at_c * g * i * (1 - i),
                at_c * cache["c"][n, j] * f * (1 - f),
                dnext_h[n, j] * squashed * o * (1 - o),
                at_c * i * (1 - g) * (1 + g),
            )
            for block, value in enumerate(da):
                column = block * H + j
                db[column] += value
                for d in range(D):
                    dx[n, d] += value * Wx[d, column]
                    dWx[d, column] += value * x[n, d]
                for k in range(H):
                    dprev_h[n, k] += value * Wh[k, column]
                    dWh[k, column] += value * prev_h[n, k]
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    states, caches = [], []
    h, c = h0, h0 * 0
    for t in range(x.shape[1]):
        h, c, cache = lstm_step_forward(x[:, t, :], h, c, Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches


def lstm_backward(dh, cache):
    T = dh.shape[1]
    totals = None
    at_h, at_c = np.zeros(dh[:, 0].shape), np.zeros(dh[:, 0].shape)
    dxs = []
    for back in range(T):
        t = T - 1 - back
        dx, at_h, at_c, *weights = lstm_step_backward(dh[:, t] + at_h, at_c, cache[t])
        dxs.append(dx)
        totals = (
            weights if totals is None else [sum(pair) for pair in zip(totals, weights, strict=True)]
        )
    dxs.reverse()
    return np.stack(dxs, axis=1), at_h, *totals


def init_lstm(D, H, rng, forget_bias=1.0):
    Wx = rng.normal(0.0, D**-0.5, (D, 4 * H))
    Wh = rng.normal(0.0, H**-0.5, (H, 4 * H))
    b = np.array([forget_bias if H <= column < 2 * H else 0.0 for column in range(4 * H)])
    return Wx, Wh, b


def cell_gradient_path(f):
    N, T, H = f.shape
    path = np.ones((N, H))
    for n in range(N):
        for t in range(T):
            for j in range(H):
                path[n, j] *= f[n, t, j]
    return path


def cell_jacobian(x, prev_c, prev_o, Wx, Wh, b):
    """Column k is what the backward pass of a step says about the old cell, seed by seed."""
    N, H = prev_c.shape
    prev_h = prev_o * np.tanh(prev_c)
    _, _, cache = lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
    J = np.zeros((N, H, H))
    for j in range(H):
        seed = np.zeros((N, H))
        seed[:, j] = 1
        _, to_h, to_c, *_ = lstm_step_backward(np.zeros((N, H)), seed, cache)
        J[:, j, :] = to_c + to_h * prev_o * (1 - np.tanh(prev_c) ** 2)
    return J


def to_pytorch(Wx, Wh, b):
    H = Wh.shape[0]
    arrays = [np.zeros((4 * H, len(Wx))), np.zeros((4 * H, H)), np.zeros(4 * H)]
    for place, block in enumerate((0, 1, 3, 2)):
        for j in range(H):
            arrays[0][place * H + j] = Wx[:, block * H + j]
            arrays[1][place * H + j] = Wh[:, block * H + j]
            arrays[2][place * H + j] = b[block * H + j]
    return *arrays, np.zeros(4 * H)
