"""A correct linear_rnn.py in which each state is a weighted sum over all steps before it.

The weights, products of factors, stand in a lower triangle (N, T, T, H). The backward pass uses the
same triangle the other way round, and the scan works on pairs of steps, recursively.
"""

import numpy as np


def triangle(f):
    """weights[n, t, s, j]: what is left at t of what was added at s."""
    N, T, H = f.shape
    weights = np.zeros((N, T, T, H))
    for s in range(T):
        weights[:, s, s] = 1.0
        weights[:, s + 1 :, s] = np.cumprod(f[:, s + 1 :], axis=1)
    return weights


def linear_recurrence_forward(f, v, h0):
    added = np.array(v)
    added[:, 0] += f[:, 0] * h0
    weights = triangle(f)
    h = np.einsum("ntsj,nsj->ntj", weights, added)
    return h, (f, h0, weights, h)


def linear_recurrence_backward(dh, cache):
    f, h0, weights, h = cache
    dv = np.einsum("ntsj,ntj->nsj", weights, dh)
    before = np.insert(h[:, :-1], 0, h0, axis=1)
    return np.einsum("ntj,ntj->ntj", dv, before), dv, np.einsum("nj,nj->nj", dv[:, 0], f[:, 0])


def compose_steps(f1, v1, f2, v2):
    first = np.stack([f1, v1])
    both = f2 * first
    return both[0], both[1] + v2


def scan_round(f, v, distance):
    N, T, H = f.shape
    ahead = min(distance, T)
    neutral_f, neutral_v = np.ones((N, ahead, H)), np.zeros((N, ahead, H))
    shifted_f = np.concatenate([neutral_f, f], axis=1)[:, :T]
    shifted_v = np.concatenate([neutral_v, v], axis=1)[:, :T]
    return compose_steps(shifted_f, shifted_v, f, v)


def prefixes(f, v):
    """The maps of steps 0 to t, by halving: pairs first, then what lies between them."""
    T = f.shape[1]
    if T == 1:
        return f, v
    even_f, even_v, odd_f, odd_v = f[:, ::2], v[:, ::2], f[:, 1::2], v[:, 1::2]
    pairs = odd_f.shape[1]
    whole_f, whole_v = prefixes(*compose_steps(even_f[:, :pairs], even_v[:, :pairs], odd_f, odd_v))
    out_f, out_v = np.array(f), np.array(v)
    out_f[:, 1::2], out_v[:, 1::2] = whole_f, whole_v
    between = even_f.shape[1] - 1
    out_f[:, 2::2], out_v[:, 2::2] = compose_steps(
        whole_f[:, :between], whole_v[:, :between], even_f[:, 1:], even_v[:, 1:]
    )
    return out_f, out_v


def parallel_scan(f, v, h0):
    all_f, all_v = prefixes(f, v)
    return np.einsum("ntj,nj->ntj", all_f, h0) + all_v


def state_gradient_path(f):
    return triangle(f)[:, -1]


def mingru_forward(x, h0, Wx, b):
    D, H = Wx.shape[0], h0.shape[1]
    blocks = Wx.reshape(D, 2, H)
    a = np.einsum("ntd,dkh->knth", x, blocks) + b.reshape(2, 1, 1, H)
    z = 0.5 * (1 + np.tanh(a[0] / 2))
    return parallel_scan(1 - z, z * a[1], h0), (x, h0, blocks, z, a[1])


def mingru_backward(dh, cache):
    x, h0, blocks, z, n = cache
    _, recurrence = linear_recurrence_forward(1 - z, z * n, h0)
    df, dv, dh0 = linear_recurrence_backward(dh, recurrence)
    da = np.stack([(dv * n - df) * z * (1 - z), dv * z])
    dx = np.einsum("knth,dkh->ntd", da, blocks)
    dWx = np.einsum("ntd,knth->dkh", x, da).reshape(len(blocks), -1)
    return dx, dh0, dWx, da.sum(axis=(1, 2)).ravel()
