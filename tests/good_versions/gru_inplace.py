"""A correct gru.py as some people write it: in-place changes, emptied caches, prints, lists, stray
imports.
"""

import pdb  # noqa: F401
from time import time  # noqa: F401

import numpy as np

from .lstm import *  # noqa: F403


def gru_step_forward(x, prev_h, Wx, Wh, b):
    H = prev_h.shape[1]
    a = x @ Wx
    a += b
    a[:, : 2 * H] += prev_h @ Wh[:, : 2 * H]
    z, r, n = a[:, :H], a[:, H : 2 * H], a[:, 2 * H :]
    z[:] = sigmoid(z)  # noqa: F405
    r[:] = sigmoid(r)  # noqa: F405
    old = prev_h.copy()
    reset = r * old
    n += reset @ Wh[:, 2 * H :]
    np.tanh(n, n)
    prev_h *= 1 - z
    prev_h += z * n
    print("z", z.mean(), "r", r.mean())
    return prev_h, [x, old, reset, Wx, Wh, z, r, n]


def gru_step_backward(dnext_h, cache):
    n, r, z = cache.pop(), cache.pop(), cache.pop()
    Wh, Wx = cache.pop(), cache.pop()
    reset, old, x = cache.pop(), cache.pop(), cache.pop()
    H = z.shape[1]
    da = np.concatenate([n - old, old, z], axis=1)
    da_z, da_r, da_n = da[:, :H], da[:, H : 2 * H], da[:, 2 * H :]
    da_n *= dnext_h
    n **= 2
    n -= 1
    da_n *= -n
    dreset = da_n @ Wh[:, 2 * H :].T
    da_r *= dreset
    da_r *= r
    da_r *= 1 - r
    da_z *= dnext_h
    da_z *= z
    z -= 1
    da_z *= -z
    dnext_h *= -z
    dreset *= r
    dnext_h += dreset
    dnext_h += da[:, : 2 * H] @ Wh[:, : 2 * H].T
    dWh = np.zeros(Wh.shape)
    dWh[:, : 2 * H] = old.T @ da[:, : 2 * H]
    dWh[:, 2 * H :] = reset.T @ da_n
    return [da @ Wx.T, dnext_h, x.T @ da, dWh, list(da.sum(0))]


def gru_forward(x, h0, Wx, Wh, b):
    h, cache = [], []
    for t in range(x.shape[1]):
        h0, step = gru_step_forward(x[:, t], h0, Wx, Wh, b)
        h.append(h0.copy())
        cache.append(step)
    return np.moveaxis(np.array(h), 0, 1), cache


def gru_backward(dh, cache):
    dx = []
    back = dWx = dWh = db = 0
    t = dh.shape[1]
    while cache:
        t -= 1
        dh[:, t] += back
        dx_t, back, dWx_t, dWh_t, db_t = gru_step_backward(dh[:, t], cache.pop())
        dx = [dx_t, *dx]
        dWx += dWx_t
        dWh += dWh_t
        db += np.array(db_t)
    return [np.stack(dx, 1), back, dWx, dWh, db]


def gru_to_other_convention(Wx, Wh, b):
    H = len(Wh)
    others = [w.copy() for w in (Wx, Wh, b)]
    for w in others:
        w[..., :H] *= -1
    return others
