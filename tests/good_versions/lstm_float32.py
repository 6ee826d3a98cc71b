"""A correct lstm.py that computes in float32 inside and keeps four separate matrices a gate."""

import numpy as np


def sigmoid(a):
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + small), small / (1 + small))


def single(*arrays):
    return [np.asarray(a, dtype=np.float32) for a in arrays]


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    x, prev_h, prev_c, Wx, Wh, b = single(x, prev_h, prev_c, Wx, Wh, b)
    H = Wh.shape[0]
    U = [Wx[:, k * H : (k + 1) * H] for k in range(4)]
    W = [Wh[:, k * H : (k + 1) * H] for k in range(4)]
    a = [x @ U[k] + prev_h @ W[k] + b[k * H : (k + 1) * H] for k in range(4)]
    i, f, o, g = sigmoid(a[0]), sigmoid(a[1]), sigmoid(a[2]), np.tanh(a[3])
    next_c = prev_c * f + g * i
    next_h = np.tanh(next_c) * o
    return next_h, next_c, (x, prev_h, prev_c, U, W, (i, f, o, g), next_c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    dnext_h, dnext_c = single(dnext_h, dnext_c)
    x, prev_h, prev_c, U, W, (i, f, o, g), next_c = cache
    t = np.tanh(next_c)
    total = dnext_c + (1 - t * t) * o * dnext_h
    da = [
        total * g * i * (1 - i),
        total * prev_c * f * (1 - f),
        dnext_h * t * o * (1 - o),
        total * i * (1 - g * g),
    ]
    dx = sum(da_k @ U_k.T for da_k, U_k in zip(da, U, strict=True))
    dprev_h = sum(da_k @ W_k.T for da_k, W_k in zip(da, W, strict=True))
    dWx = np.hstack([x.T @ da_k for da_k in da])
    dWh = np.hstack([prev_h.T @ da_k for da_k in da])
    return (
        dx,
        dprev_h,
        total * f,
        dWx,
        dWh,
        np.hstack([np.ones(len(x), np.float32) @ da_k for da_k in da]),
    )


def lstm_forward(x, h0, Wx, Wh, b):
    x, h, Wx, Wh, b = single(x, h0, Wx, Wh, b)
    c, steps = np.zeros_like(h), {}
    out = np.zeros((*x.shape[:2], h.shape[1]), np.float32)
    for t in range(x.shape[1]):
        h, c, steps[t] = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        out[:, t] = h
    return out, steps


def lstm_backward(dh, cache):
    (dh,) = single(dh)
    carried_h, carried_c = np.zeros_like(dh[:, 0]), np.zeros_like(dh[:, 0])
    dx, weights = {}, []
    for t in sorted(cache, reverse=True):
        dx[t], carried_h, carried_c, *step = lstm_step_backward(
            carried_h + dh[:, t], carried_c, cache[t]
        )
        weights.append(step)
    dWx, dWh, db = (np.sum(each, axis=0) for each in zip(*weights, strict=True))
    return np.stack([dx[t] for t in sorted(dx)], axis=1), carried_h, dWx, dWh, db


def init_lstm(D, H, rng, forget_bias=1.0):
    Wx, Wh = rng.normal(0, 1 / D**0.5, [D, 4 * H]), rng.normal(0, 1 / H**0.5, [H, 4 * H])
    b = np.concatenate([np.zeros(H), np.full(H, forget_bias), np.zeros(2 * H)])
    return tuple(single(Wx, Wh, b))


def cell_gradient_path(f):
    return np.multiply.reduce(f.astype(np.float32), axis=1)


def cell_jacobian(x, prev_c, prev_o, Wx, Wh, b):
    x, c, o, Wx, Wh, b = single(x, prev_c, prev_o, Wx, Wh, b)
    H = c.shape[1]
    h, dh = o * np.tanh(c), o - o * np.tanh(c) ** 2
    a = x @ Wx + h @ Wh + b
    i, f, g = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), np.tanh(a[:, 3 * H :])
    rows = []
    for n in range(len(x)):
        da = Wh * dh[n][:, None]  # (H, 4H), how each pre-activation moves with each old cell
        J = (g[n] * i[n] * (1 - i[n])) * da[:, :H]
        J = J + (c[n] * f[n] * (1 - f[n])) * da[:, H : 2 * H]
        J = J + (i[n] * (1 - g[n] ** 2)) * da[:, 3 * H :]
        rows.append(J.T + np.diag(f[n]))
    return rows


def to_pytorch(Wx, Wh, b):
    H = Wh.shape[0]
    order = [*range(2 * H), *range(3 * H, 4 * H), *range(2 * H, 3 * H)]
    Wx, Wh, b = single(Wx, Wh, b)
    return Wx.T[order], Wh.T[order], b[order], np.zeros(4 * H, np.float32)
