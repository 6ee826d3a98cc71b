"""A correct linear_rnn.py written out number by number; the scan goes over one row and unit at a
time.
"""

import math

import numpy as np


def linear_recurrence_forward(f, v, h0):
    N, T, H = np.shape(f)
    h = np.empty((N, T, H))
    for n in range(N):
        for j in range(H):
            state = h0[n, j]
            for t in range(T):
                state = state * f[n, t, j] + v[n, t, j]
                h[n, t, j] = state
    return h, {"f": f, "h0": h0, "h": h}


def linear_recurrence_backward(dh, cache):
    f, h0, h = cache["f"], cache["h0"], cache["h"]
    N, T, H = np.shape(f)
    df, dv, dh0 = np.empty((N, T, H)), np.empty((N, T, H)), np.empty((N, H))
    for n in range(N):
        for j in range(H):
            arriving = 0.0
            for t in range(T - 1, -1, -1):
                arriving += dh[n, t, j]
                dv[n, t, j] = arriving
                before = h[n, t - 1, j] if t else h0[n, j]
                df[n, t, j] = arriving * before
                arriving *= f[n, t, j]
            dh0[n, j] = arriving
    return df, dv, dh0


def compose_steps(f1, v1, f2, v2):
    at_zero = f2 * (f1 * 0 + v1) + v2
    at_one = f2 * (f1 * 1 + v1) + v2
    return at_one - at_zero, at_zero


def scan_round(f, v, distance):
    N, T, H = np.shape(f)
    longer_f, longer_v = np.empty((N, T, H)), np.empty((N, T, H))
    for n in range(N):
        for t in range(T):
            for j in range(H):
                here = f[n, t, j], v[n, t, j]
                if t >= distance:
                    before = f[n, t - distance, j], v[n, t - distance, j]
                    here = before[0] * here[0], before[1] * here[0] + here[1]
                longer_f[n, t, j], longer_v[n, t, j] = here
    return longer_f, longer_v


def parallel_scan(f, v, h0):
    T = np.shape(f)[1]
    for k in range(math.ceil(math.log2(T))):
        f, v = scan_round(f, v, 2**k)
    h = np.empty(np.shape(f))
    for t in range(T):
        h[:, t] = h0 * f[:, t] + v[:, t]
    return h


def state_gradient_path(f):
    N, T, H = np.shape(f)
    path = np.empty((N, T, H))
    for n in range(N):
        for t in range(T):
            for j in range(H):
                path[n, t, j] = math.prod(f[n, s, j] for s in range(t + 1, T))
    return path


def gate(a):
    return 1 / (1 + math.exp(-a)) if a > -700 else 0.0


def dot(row, matrix, column):
    return sum(value * weights[column] for value, weights in zip(row, matrix, strict=True))


def mingru_forward(x, h0, Wx, b):
    N, T, _ = np.shape(x)
    H = h0.shape[1]
    h, z, c = (np.empty((N, T, H)) for _ in range(3))
    for n in range(N):
        for t in range(T):
            before = h[n, t - 1] if t else h0[n]
            for j in range(H):
                z[n, t, j] = gate(dot(x[n, t], Wx, j) + b[j])
                c[n, t, j] = dot(x[n, t], Wx, H + j) + b[H + j]
                h[n, t, j] = before[j] + z[n, t, j] * (c[n, t, j] - before[j])
    return h, (x, h0, Wx, z, c, h)


def mingru_backward(dh, cache):
    x, h0, Wx, z, c, h = cache
    N, T, D = np.shape(x)
    H = h0.shape[1]
    dx, dWx, db = np.zeros((N, T, D)), np.zeros(np.shape(Wx)), np.zeros(2 * H)
    dstate = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        dstate = dstate + dh[:, t]
        before = h[:, t - 1] if t else h0
        da = np.zeros((N, 2 * H))
        da[:, :H] = dstate * (c[:, t] - before) * z[:, t] * (1 - z[:, t])
        da[:, H:] = dstate * z[:, t]
        dstate = dstate * (1 - z[:, t])
        for n in range(N):
            dx[n, t] = Wx @ da[n]
            dWx += np.outer(x[n, t], da[n])
            db += da[n]
    return dx, dstate, dWx, db
