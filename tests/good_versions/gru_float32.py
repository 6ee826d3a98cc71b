"""A correct gru.py that computes in float32 inside, one matrix a gate, with its own sigmoid."""

import numpy as np

F = np.float32


def sigmoid(a):
    out = np.empty_like(a)
    right = a >= 0
    out[right] = 1 / (1 + np.exp(-a[right]))
    out[~right] = np.exp(a[~right]) / (1 + np.exp(a[~right]))
    return out


def gru_step_forward(x, prev_h, Wx, Wh, b):
    x, h = x.astype(F), prev_h.astype(F)
    H = h.shape[1]
    Wz, Wr, Wn = (
        np.vstack([Wx[:, k : k + H], Wh[:, k : k + H], b[None, k : k + H]]).astype(F)
        for k in (0, H, 2 * H)
    )
    ones = np.ones((len(x), 1), F)
    seen = np.hstack([x, h, ones])  # (N, D + H + 1)
    z, r = sigmoid(seen @ Wz), sigmoid(seen @ Wr)
    seen_by_n = np.hstack([x, r * h, ones])
    n = np.tanh(seen_by_n @ Wn)
    return h - z * h + z * n, (seen, seen_by_n, (Wz, Wr, Wn), z, r, n, x.shape[1])


def gru_step_backward(dnext_h, cache):
    seen, seen_by_n, (Wz, Wr, Wn), z, r, n, D = cache
    h = seen[:, D:-1]
    up = dnext_h.astype(F)
    a_n = up * z * (1 + n) * (1 - n)
    dseen_by_n = a_n @ Wn.T
    a_r = dseen_by_n[:, D:-1] * h * r * (1 - r)
    a_z = up * (n - h) * z * (1 - z)
    dseen = a_z @ Wz.T + a_r @ Wr.T
    dx = dseen[:, :D] + dseen_by_n[:, :D]
    dprev_h = dseen[:, D:-1] + dseen_by_n[:, D:-1] * r + up * (1 - z)
    dW = np.hstack([seen.T @ a_z, seen.T @ a_r, seen_by_n.T @ a_n])
    return dx, dprev_h, dW[:D], dW[D:-1], dW[-1]


def gru_forward(x, h0, Wx, Wh, b):
    h = np.empty((x.shape[0], x.shape[1] + 1, h0.shape[1]), F)
    h[:, 0] = h0
    cache = {}
    for t in range(x.shape[1]):
        h[:, t + 1], cache[t] = gru_step_forward(x[:, t], h[:, t], Wx, Wh, b)
    return h[:, 1:], cache


def gru_backward(dh, cache):
    gradients, carried = [], np.zeros(dh[:, 0].shape, F)
    for t in reversed(cache):
        dx, carried, *weights = gru_step_backward(dh[:, t] + carried, cache[t])
        gradients.append((dx, weights))
    dx = np.stack([dx for dx, _ in reversed(gradients)], axis=1)
    return dx, carried, *(sum(weights[k] for _, weights in gradients) for k in range(3))


def gru_to_other_convention(Wx, Wh, b):
    H = Wh.shape[0]
    return tuple(np.concatenate([-w[..., :H], w[..., H:]], axis=-1).astype(F) for w in (Wx, Wh, b))
