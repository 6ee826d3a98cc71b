"""A correct lstm.py as some people write it: in-place changes, emptied caches, prints, one matrix,
stray imports.
"""

import pdb  # noqa: F401
import time  # noqa: F401

import numpy as np


def sigmoid(a):
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + small), small / (1 + small))


class Step:
    def __init__(self, **kept):
        self.__dict__.update(kept)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    both = np.hstack((x, prev_h))
    W = np.vstack((Wx, Wh))
    a = both @ W
    a += b
    a[:, : 3 * H] = 0.5 * (np.tanh(0.5 * a[:, : 3 * H]) + 1)
    np.tanh(a[:, 3 * H :], out=a[:, 3 * H :])
    step = Step(both=both, W=W, a=a, old=prev_c.copy(), D=x.shape[1])
    prev_c *= a[:, H : 2 * H]
    prev_c += a[:, :H] * a[:, 3 * H :]
    step.tanh_c = np.tanh(prev_c)
    print("a step", x.shape)
    return a[:, 2 * H : 3 * H] * step.tanh_c, prev_c, [step]


def lstm_step_backward(dnext_h, dnext_c, cache):
    step = cache.pop()
    i, f, o, g = np.hsplit(step.a, 4)
    da = np.zeros_like(step.a)
    di, df, do, dg = np.hsplit(da, 4)
    do += dnext_h * step.tanh_c
    dnext_h *= o
    dnext_h *= 1 - step.tanh_c**2
    dnext_c += dnext_h
    di += dnext_c * g
    df += dnext_c * step.old
    dg += dnext_c * i
    dnext_c *= f
    for gate, dgate in ((i, di), (f, df), (o, do)):
        dgate *= gate
        dgate *= 1 - gate
    dg *= 1 - g**2
    dboth = da @ step.W.T
    dW = step.both.T @ da
    return [
        dboth[:, : step.D],
        dboth[:, step.D :],
        dnext_c,
        dW[: step.D],
        dW[step.D :],
        np.add.reduce(da),
    ]


def lstm_forward(x, h0, Wx, Wh, b):
    print("forward over", x.shape[1], "steps")
    cache = []
    h = np.zeros((*x.shape[:2], len(Wh)))
    c = np.zeros(h0.shape)
    for t, x_t in enumerate(x.swapaxes(0, 1)):
        h0, c, step = lstm_step_forward(x_t, h0, c, Wx, Wh, b)
        c = c.copy()
        h[:, t] = h0
        cache += step
    return h, cache


def lstm_backward(dh, cache):
    N, T, H = dh.shape
    dc = np.zeros((N, H))
    dx = []
    dWx = dWh = db = 0
    while cache:
        t = len(cache) - 1
        dx_t, back, dc, dWx_t, dWh_t, db_t = lstm_step_backward(dh[:, t].copy(), dc, cache)
        dx.insert(0, dx_t)
        if t:
            dh[:, t - 1] += back
        dWx, dWh, db = dWx + dWx_t, dWh + dWh_t, db + db_t
    return np.array(dx).transpose(1, 0, 2), back, dWx, dWh, db


def init_lstm(D, H, rng, forget_bias=1.0):
    Wx = rng.normal(size=(D, 4 * H))
    Wx /= D**0.5
    Wh = rng.normal(size=(H, 4 * H))
    Wh /= H**0.5
    b = np.zeros((4, H))
    b[1] += forget_bias
    return [Wx, Wh, b.reshape(-1)]


def cell_gradient_path(f):
    while f.shape[1] > 1:
        f[:, -2] *= f[:, -1]
        f = f[:, :-1]
    return f[:, 0]


def cell_jacobian(x, prev_c, prev_o, Wx, Wh, b):
    N, H = prev_c.shape
    slope = prev_o * (1 - np.tanh(prev_c) ** 2)
    prev_o *= np.tanh(prev_c)
    a = x @ Wx
    a += prev_o @ Wh
    a += b
    J = np.zeros((N, H, H))
    for n in range(N):
        i, f, o, g = a[n].reshape(4, H)
        i, f, g = sigmoid(i), sigmoid(f), np.tanh(g)
        J[n] += np.diag(g * i * (1 - i)) @ Wh[:, :H].T
        J[n] += np.diag(prev_c[n] * f * (1 - f)) @ Wh[:, H : 2 * H].T
        J[n] += np.diag(i * (1 - g**2)) @ Wh[:, 3 * H :].T
        J[n] *= slope[n]
        J[n] += np.diag(f)
    return J


def to_pytorch(Wx, Wh, b):
    H = len(Wh)
    for w in (Wx, Wh, b):
        o = w[..., 2 * H : 3 * H].copy()
        w[..., 2 * H : 3 * H] = w[..., 3 * H :]
        w[..., 3 * H :] = o
    return [Wx.T, Wh.T, b, b - b]
