"""Lesson 5: the LSTM."""

import numpy as np


def sigmoid(a):
    """1 / (1 + exp(-a)), elementwise. Given; import it freely."""
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + small), small / (1 + small))


def gates_of(x, prev_h, Wx, Wh, b):
    """The four activated blocks."""
    scores = x @ Wx + prev_h @ Wh + b
    H = prev_h.shape[1]
    i = sigmoid(scores[:, :H])
    f = sigmoid(scores[:, H : 2 * H])
    o = sigmoid(scores[:, 2 * H : 3 * H])
    g = np.tanh(scores[:, 3 * H :])
    return i, f, o, g


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """One step."""
    scores = x @ Wx + prev_h @ Wh + b
    a_i, a_f, a_o, a_g = np.split(scores, 4, axis=1)
    i = sigmoid(a_i)
    f = sigmoid(a_f)
    o = sigmoid(a_o)
    g = np.tanh(a_g)
    next_c = f * prev_c + i * g
    squashed = np.tanh(next_c)
    next_h = o * squashed
    cache = dict(x=x, prev_h=prev_h, prev_c=prev_c, Wx=Wx, Wh=Wh, i=i, f=f, o=o, g=g, next_c=next_c)
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    """Gradient of one step."""
    i, f, o, g = (cache[name] for name in ("i", "f", "o", "g"))
    old_c, new_c = cache["prev_c"], cache["next_c"]
    tc = np.tanh(new_c)
    d_o = dnext_h * tc
    d_c = dnext_c + dnext_h * o * (1 - tc * tc)
    d_i = d_c * g
    d_f = d_c * old_c
    d_g = d_c * i
    dprev_c = d_c * f
    da_i = d_i * i * (1 - i)
    da_f = d_f * f * (1 - f)
    da_o = d_o * o * (1 - o)
    da_g = d_g * (1 - g**2)
    da = np.concatenate([da_i, da_f, da_o, da_g], axis=1)
    dx = da @ cache["Wx"].T
    dprev_h = da @ cache["Wh"].T
    dWx = np.einsum("nd,nk->dk", cache["x"], da)
    dWh = np.einsum("nh,nk->hk", cache["prev_h"], da)
    db = np.sum(da, axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    """All steps."""
    N, T, _ = x.shape
    H = h0.shape[1]
    hidden = h0
    cell = np.zeros((N, H))
    outputs = []
    cache = []
    for t in range(T):
        hidden, cell, c = lstm_step_forward(x[:, t], hidden, cell, Wx, Wh, b)
        outputs.append(hidden)
        cache.append(c)
    h = np.stack(outputs, axis=1)
    return h, cache


def lstm_backward(dh, cache):
    """Backpropagation through time."""
    N, T, H = dh.shape
    first = cache[0]
    dWx = np.zeros_like(first["Wx"])
    dWh = np.zeros_like(first["Wh"])
    db = np.zeros(4 * H)
    dx = np.zeros((N, T, first["x"].shape[1]))
    back_h = np.zeros((N, H))
    back_c = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        back_h = back_h + dh[:, t]
        dx_t, back_h, back_c, a, w, v = lstm_step_backward(back_h, back_c, cache[t])
        dx[:, t] = dx_t
        dWx += a
        dWh += w
        db += v
    return dx, back_h, dWx, dWh, db


def init_lstm(D, H, rng, forget_bias=1.0):
    """Weights to start from."""
    Wx = rng.normal(0.0, 1.0 / np.sqrt(D), size=(D, 4 * H))
    Wh = rng.normal(0.0, 1.0 / np.sqrt(H), size=(H, 4 * H))
    b = np.zeros(4 * H)
    b[H : 2 * H] = forget_bias
    return Wx, Wh, b


def cell_gradient_path(f):
    """The product of all forget gates."""
    N, T, H = f.shape
    path = np.ones((N, H))
    for t in range(T):
        path = path * f[:, t]
    return path


def cell_jacobian(x, prev_c, prev_o, Wx, Wh, b):
    """All of dc_t/dc_{t-1}."""
    N, H = prev_c.shape
    th = np.tanh(prev_c)
    prev_h = prev_o * th
    i, f, o, g = gates_of(x, prev_h, Wx, Wh, b)
    dh_dc = prev_o * (1 - th**2)
    W_i = Wh[:, 0:H]
    W_f = Wh[:, H : 2 * H]
    W_g = Wh[:, 3 * H : 4 * H]
    J = np.zeros((N, H, H))
    for n in range(N):
        for j in range(H):
            via_i = g[n, j] * i[n, j] * (1 - i[n, j]) * W_i[:, j]
            via_f = prev_c[n, j] * f[n, j] * (1 - f[n, j]) * W_f[:, j]
            via_g = i[n, j] * (1 - g[n, j] ** 2) * W_g[:, j]
            J[n, j, :] = (via_i + via_f + via_g) * dh_dc[n]
            J[n, j, j] += f[n, j]
    return J


def reorder(columns, H):
    """i f o g becomes i f g o, along the last axis."""
    i = columns[..., :H]
    f = columns[..., H : 2 * H]
    o = columns[..., 2 * H : 3 * H]
    g = columns[..., 3 * H :]
    return np.concatenate([i, f, g, o], axis=-1)


def to_pytorch(Wx, Wh, b):
    """The same cell as torch.nn.LSTM stores it."""
    H = Wh.shape[0]
    weight_ih = reorder(Wx, H).T.copy()
    weight_hh = reorder(Wh, H).T.copy()
    bias_ih = reorder(b, H)
    bias_hh = np.zeros(4 * H)
    return weight_ih, weight_hh, bias_ih, bias_hh
