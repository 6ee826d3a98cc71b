"""A correct linear_rnn.py that spares memory: it overwrites its arguments, empties its caches and
returns views.
"""

import numpy as np

from .lstm import sigmoid

print("loading my linear_rnn")


def linear_recurrence_forward(f, v, h0):
    first = h0.copy()
    for t in range(v.shape[1]):
        h0 *= f[:, t]
        h0 += v[:, t]
        v[:, t] = h0
    return v, [first, v.copy(), f]


def linear_recurrence_backward(dh, cache):
    f, h, h0 = cache.pop(), cache.pop(), cache.pop()
    for t in range(dh.shape[1] - 1, 0, -1):
        dh[:, t - 1] += dh[:, t] * f[:, t]
    df = dh.copy()
    df[:, 1:] *= h[:, :-1]
    df[:, 0] *= h0
    h0[...] = dh[:, 0]
    h0 *= f[:, 0]
    return df, dh, h0


def compose_steps(f1, v1, f2, v2):
    f1 *= f2
    v1 *= f2
    v1 += v2
    return f1, v1


def scan_round(f, v, distance):
    """From the end to the start, so that nothing is read that this round has written."""
    for t in range(f.shape[1] - 1, distance - 1, -1):
        v[:, t] += f[:, t] * v[:, t - distance]
        f[:, t] *= f[:, t - distance]
    return f, v


def parallel_scan(f, v, h0):
    distance, T = 1, f.shape[1]
    while distance < T:
        f, v = scan_round(f, v, distance)
        distance <<= 1
    f *= h0[:, None, :]
    f += v
    return f


def state_gradient_path(f):
    f[:, :-1] = f[:, 1:]
    f[:, -1] = 1
    for t in range(f.shape[1] - 1, 0, -1):
        f[:, t - 1] *= f[:, t]
    return f


def mingru_forward(x, h0, Wx, b):
    H = h0.shape[1]
    n = x @ Wx
    n += b
    z = sigmoid(n[..., :H])
    n = n[..., H:]
    v = z * n
    h, run = linear_recurrence_forward(1 - z, v, h0)
    return h, [x.copy(), Wx, z, n, run]


def mingru_backward(dh, cache):
    run, n, z, Wx, x = (cache.pop() for _ in range(5))
    df, dv, dh0 = linear_recurrence_backward(dh, run)
    H = z.shape[2]
    da = np.empty((*z.shape[:2], 2 * H))
    np.subtract(dv * n, df, out=da[..., :H])
    da[..., :H] *= z - z * z
    da[..., H:] = dv
    da[..., H:] *= z
    return da @ Wx.T, dh0, np.tensordot(x, da, axes=([0, 1], [0, 1])), da.sum(axis=1).sum(axis=0)
