"""A correct gru.py in einsum, with an axis for the blocks; a sequence multiplies all its inputs at
once.
"""

import numpy as np


def sigmoid(a):
    return 0.5 + 0.5 * np.tanh(0.5 * a)


def blocked(w):
    return w.reshape(*w.shape[:-1], 3, -1)


def from_x(x, Wx, b):
    return np.einsum("...d,dbh->...bh", x, blocked(Wx)) + blocked(b)


def update(a_x, prev_h, Wh):
    W = blocked(Wh)
    zr = sigmoid(a_x[:, :2] + np.einsum("nk,kbh->nbh", prev_h, W[:, :2]))
    z, r = zr[:, 0], zr[:, 1]
    n = np.tanh(a_x[:, 2] + np.einsum("nk,nk,kh->nh", r, prev_h, W[:, 2]))
    return z, r, n, np.einsum("snh,snh->nh", np.stack([1 - z, z]), np.stack([prev_h, n]))


def undo(dnext_h, prev_h, Wh, z, r, n):
    """(da (N, 3, H), dprev_h (N, H))."""
    W = blocked(Wh)
    da_n = dnext_h * z * (1 - n**2)
    dreset = np.einsum("nh,kh->nk", da_n, W[:, 2])
    da_z = np.einsum("nh,nh,nh->nh", dnext_h, n - prev_h, z - z**2)
    da_r = np.einsum("nh,nh,nh->nh", dreset, prev_h, r - r**2)
    dprev_h = (
        dnext_h
        - dnext_h * z
        + dreset * r
        + np.einsum("bnh,kbh->nk", np.stack([da_z, da_r]), W[:, :2])
    )
    return np.stack([da_z, da_r, da_n], axis=1), dprev_h


def gru_step_forward(x, prev_h, Wx, Wh, b):
    z, r, n, next_h = update(from_x(x, Wx, b), prev_h, Wh)
    return next_h, dict(x=x, prev_h=prev_h, Wx=Wx, Wh=Wh, z=z, r=r, n=n)


def weight_gradients(x, prev_h, r, da):
    """Over any leading axes: (dWx, dWh, db)."""
    # (..., 3, H), what each block's Wh was multiplied by
    seen = np.stack([prev_h, prev_h, r * prev_h], axis=-2)
    H = prev_h.shape[-1]
    dWx = np.einsum("md,mc->dc", x.reshape(-1, x.shape[-1]), da.reshape(-1, 3 * H))
    dWh = np.einsum("mbk,mbh->kbh", seen.reshape(-1, 3, H), da.reshape(-1, 3, H)).reshape(H, 3 * H)
    return dWx, dWh, da.reshape(-1, 3 * H).sum(0)


def gru_step_backward(dnext_h, cache):
    da, dprev_h = undo(dnext_h, *(cache[name] for name in ("prev_h", "Wh", "z", "r", "n")))
    dx = np.einsum("nbh,dbh->nd", da, blocked(cache["Wx"]))
    return dx, dprev_h, *weight_gradients(cache["x"], cache["prev_h"], cache["r"], da)


def gru_forward(x, h0, Wx, Wh, b):
    a = from_x(x, Wx, b)
    states, gates = [h0], []
    for t in range(x.shape[1]):
        *each, next_h = update(a[:, t], states[-1], Wh)
        gates.append(each)
        states.append(next_h)
    return np.stack(states[1:], axis=1), (x, states, gates, Wx, Wh)


def gru_backward(dh, cache):
    x, states, gates, Wx, Wh = cache
    T = dh.shape[1]
    da, dprev_h = [None] * T, 0
    for t in range(T - 1, -1, -1):
        da[t], dprev_h = undo(dh[:, t] + dprev_h, states[t], Wh, *gates[t])
    da = np.stack(da, axis=1)  # (N, T, 3, H)
    prev_h, r = np.stack(states[:-1], axis=1), np.stack([each[1] for each in gates], axis=1)
    return np.einsum("ntbh,dbh->ntd", da, blocked(Wx)), dprev_h, *weight_gradients(x, prev_h, r, da)


def gru_to_other_convention(Wx, Wh, b):
    sign = np.array([-1, 1, 1])
    return tuple(
        np.einsum("...bh,b->...bh", blocked(w), sign).reshape(w.shape) for w in (Wx, Wh, b)
    )
