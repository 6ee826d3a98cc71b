"""Lesson 1: the vanilla RNN."""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """One step."""
    from_input = np.dot(x, Wx)
    from_state = np.dot(prev_h, Wh)
    pre = from_input + from_state + b
    next_h = np.tanh(pre)
    cache = {"x": x, "prev_h": prev_h, "Wx": Wx, "Wh": Wh, "next_h": next_h}
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    """Gradient of one step."""
    x = cache["x"]
    old = cache["prev_h"]
    new = cache["next_h"]
    slope = 1.0 - new**2
    dpre = dnext_h * slope
    dx = np.dot(dpre, cache["Wx"].T)
    dprev_h = np.dot(dpre, cache["Wh"].T)
    dWx = np.dot(x.T, dpre)
    dWh = np.dot(old.T, dpre)
    db = dpre.sum(axis=0)
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    """All steps."""
    n_rows, n_steps, _ = x.shape
    n_units = h0.shape[1]
    h = np.zeros((n_rows, n_steps, n_units))
    caches = []
    state = h0
    for step in range(n_steps):
        x_now = x[:, step, :]
        state, step_cache = rnn_step_forward(x_now, state, Wx, Wh, b)
        h[:, step, :] = state
        caches.append(step_cache)
    cache = {"steps": caches, "T": n_steps}
    return h, cache


def rnn_backward(dh, cache):
    """Backpropagation through time."""
    n_rows, n_steps, n_units = dh.shape
    Wx = cache["steps"][0]["Wx"]
    n_inputs = Wx.shape[0]
    dx = np.zeros((n_rows, n_steps, n_inputs))
    dWx = np.zeros((n_inputs, n_units))
    dWh = np.zeros((n_units, n_units))
    db = np.zeros(n_units)
    from_later = np.zeros((n_rows, n_units))
    for step in reversed(range(n_steps)):
        total = dh[:, step, :] + from_later
        dx_now, from_later, dWx_now, dWh_now, db_now = rnn_step_backward(total, cache["steps"][step])
        dx[:, step, :] = dx_now
        dWx += dWx_now
        dWh += dWh_now
        db += db_now
    dh0 = from_later
    return dx, dh0, dWx, dWh, db


def rnn_backward_truncated(dh, cache, k):
    """Backpropagation through time that is cut at the border of each chunk."""
    n_rows, n_steps, n_units = dh.shape
    steps = cache["steps"]
    n_inputs = steps[0]["x"].shape[1]
    dx = np.zeros((n_rows, n_steps, n_inputs))
    dWx = np.zeros((n_inputs, n_units))
    dWh = np.zeros((n_units, n_units))
    db = np.zeros(n_units)
    carry = np.zeros((n_rows, n_units))
    step = n_steps - 1
    while step >= 0:
        upstream = dh[:, step] + carry
        pieces = rnn_step_backward(upstream, steps[step])
        dx[:, step] = pieces[0]
        carry = pieces[1]
        dWx = dWx + pieces[2]
        dWh = dWh + pieces[3]
        db = db + pieces[4]
        if step % k == 0 and step > 0:
            carry = np.zeros((n_rows, n_units))
        step -= 1
    return dx, carry, dWx, dWh, db


def last_hidden(h, lengths):
    """The state after the last real step of each row."""
    n_rows = h.shape[0]
    out = np.zeros((n_rows, h.shape[2]))
    for row in range(n_rows):
        last = int(lengths[row]) - 1
        out[row] = h[row, last]
    cache = {"shape": h.shape, "lengths": np.array(lengths)}
    return out, cache


def last_hidden_backward(dout, cache):
    """The gradient goes to the chosen places only."""
    dh = np.zeros(cache["shape"])
    for row, length in enumerate(cache["lengths"]):
        dh[row, length - 1] = dout[row]
    return dh
