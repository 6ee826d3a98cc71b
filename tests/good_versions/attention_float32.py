"""A correct attention.py in another style: single precision, a very low score for padding,
flattened positions.
"""

import numpy as np

from .rnn import rnn_step_backward, rnn_step_forward


def masked_softmax(e, mask):
    for row in mask:
        if True not in row:
            raise ValueError("a sentence without words")
    e = np.where(mask, e.astype(np.float32), np.float32(-1e30))
    e -= e.max(1)[:, None]
    a = np.exp(e)
    a /= a.sum(1)[:, None]
    return a


def masked_softmax_backward(da, a):
    da = da.astype(np.float32)
    return a * da - a * np.sum(a * da, 1)[:, None]


def additive_attention_forward(s, h, mask, W, U, v):
    s, h, W, U, v = (x.astype(np.float32) for x in (s, h, W, U, v))
    N, T, E = h.shape
    q = np.tanh(np.repeat(s @ W, T, axis=0) + h.reshape(N * T, E) @ U)  # (N T, A)
    weights = masked_softmax((q @ v[:, None]).reshape(N, T), mask)
    context = np.matmul(weights[:, None, :], h)[:, 0]
    return context, weights, (s, h, W, U, v, q, weights)


def additive_attention_backward(dcontext, cache):
    s, h, W, U, v, q, weights = cache
    dcontext = dcontext.astype(np.float32)
    N, T, E = h.shape
    da = np.matmul(h, dcontext[:, :, None])[:, :, 0]
    de = masked_softmax_backward(da, weights).reshape(N * T, 1)
    dp = de @ v[None] * (1 - q * q)
    ds = (dp @ W.T).reshape(N, T, -1).sum(1)
    dW = np.repeat(s, T, axis=0).T @ dp
    dU = h.reshape(N * T, E).T @ dp
    dv = (de.T @ q)[0]
    dh = weights[..., None] * dcontext[:, None] + (dp @ U.T).reshape(N, T, E)
    return ds, dh, dW, dU, dv


def attention_step_forward(x, prev_s, h, mask, W, U, v, Wx, Wh, b):
    context, weights, look = additive_attention_forward(prev_s, h, mask, W, U, v)
    both = np.zeros((len(x), x.shape[1] + context.shape[1]), dtype=np.float32)
    both[:, : x.shape[1]] = x
    both[:, x.shape[1] :] = context
    next_s, step = rnn_step_forward(both, prev_s, Wx, Wh, b)
    return next_s, weights, (look, step, x.shape[1])


def attention_step_backward(dnext_s, cache):
    look, step, D = cache
    dboth, dprev_s, dWx, dWh, db = rnn_step_backward(dnext_s, step)
    dx, dcontext = np.split(dboth, [D], axis=1)
    ds, *rest = additive_attention_backward(dcontext, look)
    return dx, dprev_s + ds, *rest, dWx, dWh, db
