"""Lesson 6: the GRU."""

import numpy as np

from .lstm import sigmoid


def gru_step_forward(x, prev_h, Wx, Wh, b):
    """One step."""
    H = prev_h.shape[1]
    xz, xr, xn = x @ Wx[:, :H], x @ Wx[:, H : 2 * H], x @ Wx[:, 2 * H :]
    bz, br, bn = b[:H], b[H : 2 * H], b[2 * H :]
    z = sigmoid(xz + prev_h @ Wh[:, :H] + bz)
    r = sigmoid(xr + prev_h @ Wh[:, H : 2 * H] + br)
    kept = r * prev_h
    cand = np.tanh(xn + kept @ Wh[:, 2 * H :] + bn)
    next_h = (1 - z) * prev_h + z * cand
    cache = (x, prev_h, Wx, Wh, z, r, cand)
    return next_h, cache


def gru_step_backward(dnext_h, cache):
    """Gradient of one step."""
    x, prev_h, Wx, Wh, z, r, cand = cache
    H = prev_h.shape[1]
    Whz, Whr, Whn = Wh[:, :H], Wh[:, H : 2 * H], Wh[:, 2 * H :]
    # through the mixture
    dz = dnext_h * (cand - prev_h)
    dcand = dnext_h * z
    dprev_h = dnext_h * (1 - z)
    # through the candidate
    dan = dcand * (1 - cand * cand)
    dkept = dan @ Whn.T
    dr = dkept * prev_h
    dprev_h = dprev_h + dkept * r
    # through the gates
    daz = dz * z * (1 - z)
    dar = dr * r * (1 - r)
    dprev_h = dprev_h + daz @ Whz.T + dar @ Whr.T
    da = np.hstack((daz, dar, dan))
    dx = da @ Wx.T
    dWx = x.T @ da
    dWh = np.hstack((prev_h.T @ daz, prev_h.T @ dar, (r * prev_h).T @ dan))
    db = da.sum(0)
    return dx, dprev_h, dWx, dWh, db


def gru_forward(x, h0, Wx, Wh, b):
    """All steps."""
    N, T, D = x.shape
    H = h0.shape[-1]
    h = np.empty((N, T, H))
    cache = []
    for t in range(T):
        before = h0 if t == 0 else h[:, t - 1]
        h[:, t], saved = gru_step_forward(x[:, t], before, Wx, Wh, b)
        cache.append(saved)
    return h, cache


def gru_backward(dh, cache):
    """Backpropagation through time."""
    N, T, H = dh.shape
    dx_list = []
    dWx, dWh, db = 0, 0, 0
    dnext = np.zeros((N, H))
    for t in range(T)[::-1]:
        out = gru_step_backward(dh[:, t] + dnext, cache[t])
        dx_list.append(out[0])
        dnext = out[1]
        dWx = dWx + out[2]
        dWh = dWh + out[3]
        db = db + out[4]
    dx_list.reverse()
    dx = np.stack(dx_list, axis=1)
    return dx, dnext, dWx, dWh, db


def gru_to_other_convention(Wx, Wh, b):
    """The z block changes its sign."""
    H = Wh.shape[0]
    sign = np.ones(3 * H)
    sign[:H] = -1
    other_Wx = Wx * sign
    other_Wh = Wh * sign
    other_b = b * sign
    return other_Wx, other_Wh, other_b
