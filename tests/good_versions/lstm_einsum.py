"""A correct lstm.py in einsum: the four blocks on an axis of their own, all input products of a
sequence at once.
"""

import numpy as np


def sigmoid(a):
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + small), small / (1 + small))


def blocked(w):
    """The last axis 4H as two axes, 4 and H."""
    return w.reshape(*w.shape[:-1], 4, -1)


def activate(a):
    """(N, 4, H) -> gates; tanh(a) = 2 sigma(2 a) - 1 for the last block."""
    return np.concatenate([sigmoid(a[:, :3]), 2 * sigmoid(2 * a[:, 3:]) - 1], axis=1)


def slope(gates):
    return np.concatenate([gates[:, :3] - gates[:, :3] ** 2, 1 - gates[:, 3:] ** 2], axis=1)


def from_preactivation(a, prev_c):
    gates = activate(a)
    next_c = np.einsum(
        "bnh,bnh->nh", gates[:, [1, 0]].swapaxes(0, 1), np.stack([prev_c, gates[:, 3]])
    )
    return gates, next_c, gates[:, 2] * np.tanh(next_c)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    a = (
        np.einsum("nd,dbh->nbh", x, blocked(Wx))
        + np.einsum("nk,kbh->nbh", prev_h, blocked(Wh))
        + blocked(b)
    )
    gates, next_c, next_h = from_preactivation(a, prev_c)
    return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, gates, next_c)


def gate_gradient(dnext_h, dnext_c, gates, prev_c, next_c):
    """(da (N, 4, H), dprev_c (N, H))."""
    i, f, o, g = np.moveaxis(gates, 1, 0)
    squashed = np.tanh(next_c)
    dc = dnext_c + np.einsum("nh,nh,nh->nh", dnext_h, o, 1 / np.cosh(next_c) ** 2)
    da = np.stack([dc * g, dc * prev_c, dnext_h * squashed, dc * i], axis=1) * slope(gates)
    return da, dc * f


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, gates, next_c = cache
    da, dprev_c = gate_gradient(dnext_h, dnext_c, gates, prev_c, next_c)
    dx = np.einsum("nbh,dbh->nd", da, blocked(Wx))
    dprev_h = np.einsum("nbh,kbh->nk", da, blocked(Wh))
    dWx = np.einsum("nd,nbh->dbh", x, da).reshape(Wx.shape)
    dWh = np.einsum("nk,nbh->kbh", prev_h, da).reshape(Wh.shape)
    return dx, dprev_h, dprev_c, dWx, dWh, np.einsum("nbh->bh", da).ravel()


def lstm_forward(x, h0, Wx, Wh, b):
    from_x = np.einsum("ntd,dbh->tnbh", x, blocked(Wx)) + blocked(b)
    T, N, _, H = from_x.shape
    h, c, gates = np.empty((T + 1, N, H)), np.zeros((T + 1, N, H)), np.empty((T, N, 4, H))
    h[0] = h0
    for t in range(T):
        a = from_x[t] + np.einsum("nk,kbh->nbh", h[t], blocked(Wh))
        gates[t], c[t + 1], h[t + 1] = from_preactivation(a, c[t])
    return h[1:].swapaxes(0, 1), (x, h, c, gates, Wx, Wh)


def lstm_backward(dh, cache):
    x, h, c, gates, Wx, Wh = cache
    da = np.empty_like(gates)
    dprev_h = dprev_c = np.zeros_like(h[0])
    for t in range(len(gates))[::-1]:
        da[t], dprev_c = gate_gradient(dh[:, t] + dprev_h, dprev_c, gates[t], c[t], c[t + 1])
        dprev_h = np.einsum("nbh,kbh->nk", da[t], blocked(Wh))
    dx = np.einsum("tnbh,dbh->ntd", da, blocked(Wx))
    dWx = np.einsum("ntd,tnbh->dbh", x, da).reshape(Wx.shape)
    dWh = np.einsum("tnk,tnbh->kbh", h[:-1], da).reshape(Wh.shape)
    return dx, dprev_h, dWx, dWh, np.einsum("tnbh->bh", da).ravel()


def init_lstm(D, H, rng, forget_bias=1.0):
    Wx = rng.normal(scale=np.sqrt(1 / D), size=(D, 4 * H))
    Wh = rng.normal(scale=np.sqrt(1 / H), size=(H, 4 * H))
    return Wx, Wh, np.repeat([0, forget_bias, 0, 0], H)


def cell_gradient_path(f):
    return np.exp(np.einsum("nth->nh", np.log(f)))


def cell_jacobian(x, prev_c, prev_o, Wx, Wh, b):
    prev_h = prev_o * np.tanh(prev_c)
    _, _, (*_, gates, _) = lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
    i, f, _, g = np.moveaxis(gates, 1, 0)
    dc_da = np.stack([g, prev_c, 0 * g, i], axis=1) * slope(gates)  # (N, 4, H)
    through_h = np.einsum("nbj,kbj,nk->njk", dc_da, blocked(Wh), prev_o / np.cosh(prev_c) ** 2)
    return through_h + np.einsum("nj,jk->njk", f, np.eye(f.shape[1]))


def to_pytorch(Wx, Wh, b):
    ours = blocked(np.vstack([Wx, Wh, b]))  # (D + H + 1, 4, H)
    theirs = np.einsum("kbh->bhk", ours[:, [0, 1, 3, 2]]).reshape(4 * Wh.shape[0], -1)
    D = Wx.shape[0]
    return theirs[:, :D], theirs[:, D:-1], theirs[:, -1], np.zeros(len(theirs))
