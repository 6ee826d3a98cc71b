"""Lesson 15: linear recurrences and the minGRU."""

import numpy as np

from .lstm import sigmoid


def linear_recurrence_forward(f, v, h0):
    """All steps, one by one."""
    N, T, H = f.shape
    h = np.empty((N, T, H))
    state = h0
    for t in range(T):
        state = f[:, t, :] * state + v[:, t, :]
        h[:, t, :] = state
    cache = {"f": f, "h": h, "start": h0}
    return h, cache


def linear_recurrence_backward(dh, cache):
    """From the last step to the first."""
    f, h, start = cache["f"], cache["h"], cache["start"]
    N, T, H = f.shape
    df, dv = np.empty((N, T, H)), np.empty((N, T, H))
    carry = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        total = dh[:, t, :] + carry
        old = start if t == 0 else h[:, t - 1, :]
        df[:, t, :] = total * old
        dv[:, t, :] = total
        carry = total * f[:, t, :]
    return df, dv, carry


def compose_steps(f1, v1, f2, v2):
    """Step 1, then step 2."""
    f = f1 * f2
    v = v1 * f2 + v2
    return f, v


def scan_round(f, v, distance):
    """Everybody takes in who ends before."""
    T = f.shape[1]
    new_f, new_v = np.array(f), np.array(v)
    if distance < T:
        left_f, left_v = f[:, : T - distance], v[:, : T - distance]
        both = compose_steps(left_f, left_v, f[:, distance:], v[:, distance:])
        new_f[:, distance:] = both[0]
        new_v[:, distance:] = both[1]
    return new_f, new_v


def parallel_scan(f, v, h0):
    """Doubling."""
    T = f.shape[1]
    rounds = int(np.ceil(np.log2(T)))
    for r in range(rounds):
        f, v = scan_round(f, v, 2**r)
    h = f * h0[:, np.newaxis, :] + v
    return h


def state_gradient_path(f):
    """Products of what comes later."""
    N, T, H = f.shape
    path = np.ones((N, T, H))
    product = np.ones((N, H))
    for t in range(T - 2, -1, -1):
        product = product * f[:, t + 1, :]
        path[:, t, :] = product
    return path


def mingru_forward(x, h0, Wx, b):
    """Gate and candidate first, then the recurrence."""
    H = h0.shape[1]
    pre = np.dot(x, Wx) + b
    gate = sigmoid(pre[:, :, :H])
    cand = pre[:, :, H:]
    keep = 1 - gate
    h, rec = linear_recurrence_forward(keep, gate * cand, h0)
    cache = (x, Wx, gate, cand, rec)
    return h, cache


def mingru_backward(dh, cache):
    """Through the recurrence, then through the gate."""
    x, Wx, gate, cand, rec = cache
    dkeep, dadd, dh0 = linear_recurrence_backward(dh, rec)
    dgate = dadd * cand - dkeep
    dcand = dadd * gate
    dpre_gate = dgate * gate * (1 - gate)
    dpre = np.concatenate((dpre_gate, dcand), axis=-1)
    N, T, D = x.shape
    flat_x, flat = x.reshape(N * T, D), dpre.reshape(N * T, -1)
    dx = np.dot(flat, Wx.T).reshape(N, T, D)
    dWx = np.dot(flat_x.T, flat)
    db = flat.sum(axis=0)
    return dx, dh0, dWx, db
