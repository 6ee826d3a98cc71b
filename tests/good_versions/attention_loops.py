"""A correct attention.py in another style: one row and one position at a time."""

import numpy as np

from .rnn import rnn_step_backward, rnn_step_forward


def masked_softmax(e, mask):
    a = np.zeros(e.shape)
    for n in range(len(e)):
        words = [t for t in range(e.shape[1]) if mask[n, t]]
        if not words:
            raise ValueError(f"row {n} has no word")
        largest = max(e[n, t] for t in words)
        total = sum(np.exp(e[n, t] - largest) for t in words)
        for t in words:
            a[n, t] = np.exp(e[n, t] - largest) / total
    return a


def masked_softmax_backward(da, a):
    de = np.zeros(a.shape)
    N, T = a.shape
    for n in range(N):
        for i in range(T):
            for j in range(T):
                de[n, j] += da[n, i] * a[n, i] * ((i == j) - a[n, j])
    return de


def additive_attention_forward(s, h, mask, W, U, v):
    N, T, E = h.shape
    e = np.zeros((N, T))
    hidden = {}
    for n in range(N):
        for t in range(T):
            hidden[n, t] = np.tanh(s[n].dot(W) + h[n, t].dot(U))
            e[n, t] = v.dot(hidden[n, t])
    a = masked_softmax(e, mask)
    context = np.zeros((N, E))
    for n in range(N):
        for t in range(T):
            context[n] += a[n, t] * h[n, t]
    return context, a, [s, h, W, U, v, hidden, a]


def additive_attention_backward(dcontext, cache):
    s, h, W, U, v, hidden, a = cache
    N, T, _ = h.shape
    ds, dh, dW, dU, dv = (np.zeros_like(x) for x in (s, h, W, U, v))
    da = np.zeros((N, T))
    for n in range(N):
        for t in range(T):
            da[n, t] = dcontext[n].dot(h[n, t])
    de = masked_softmax_backward(da, a)
    for n in range(N):
        for t in range(T):
            dv += de[n, t] * hidden[n, t]
            dp = de[n, t] * v * (1 - hidden[n, t] ** 2)
            ds[n] += W.dot(dp)
            dh[n, t] += a[n, t] * dcontext[n] + U.dot(dp)
            dW += np.outer(s[n], dp)
            dU += np.outer(h[n, t], dp)
    return ds, dh, dW, dU, dv


def attention_step_forward(x, prev_s, h, mask, W, U, v, Wx, Wh, b):
    context, weights, look = additive_attention_forward(prev_s, h, mask, W, U, v)
    next_s, step = rnn_step_forward(np.hstack((x, context)), prev_s, Wx, Wh, b)
    return next_s, weights, (look, step, x.shape)


def attention_step_backward(dnext_s, cache):
    look, step, (_, D) = cache
    dinput, dprev_s, dWx, dWh, db = rnn_step_backward(dnext_s, step)
    ds, dh, dW, dU, dv = additive_attention_backward(dinput[:, D:], look)
    return dinput[:, :D], dprev_s + ds, dh, dW, dU, dv, dWx, dWh, db
