"""A correct attention.py as some people write it: in-place changes, emptied caches, prints, lists,
a class.
"""

import pdb  # noqa: F401

import numpy as np

from .rnn import *  # noqa: F403


class Cache:
    pass


def masked_softmax(e, mask):
    if not all(any(row) for row in mask.tolist()):
        raise ValueError
    e[~mask] = -np.inf
    e -= np.max(e, axis=1, keepdims=True)
    np.exp(e, out=e)
    e /= e.sum(axis=1, keepdims=True)
    return e


def masked_softmax_backward(da, a):
    da *= a
    return da - a * da.sum(axis=1, keepdims=True)


def additive_attention_forward(s, h, mask, W, U, v):
    print("attending", s.shape, h.shape)
    cache = Cache()
    cache.s, cache.h, cache.W, cache.U, cache.v = s, h, W, U, v
    cache.q = h @ U
    cache.q += (s @ W)[:, None]
    np.tanh(cache.q, cache.q)
    cache.weights = masked_softmax(np.dot(cache.q, v), mask)
    context = [weights @ states for weights, states in zip(cache.weights, h)]  # noqa: B905
    return context, cache.weights, [cache]


def additive_attention_backward(dcontext, cache):
    c = cache.pop()
    dh = dcontext[:, None, :] * c.weights[:, :, None]
    de = masked_softmax_backward(np.squeeze(c.h @ dcontext[:, :, None], axis=2), c.weights)
    dv = np.tensordot(de, c.q, 2)
    c.q **= 2
    c.q *= -1
    c.q += 1
    c.q *= c.v
    c.q *= de[:, :, None]
    dh += c.q @ c.U.T
    summed = c.q.sum(axis=1)
    return [summed @ c.W.T, dh, c.s.T @ summed, np.tensordot(c.h, c.q, ([0, 1], [0, 1])), dv]


def attention_step_forward(x, prev_s, h, mask, W, U, v, Wx, Wh, b):
    context, weights, look = additive_attention_forward(prev_s, h, mask, W, U, v)
    both = np.concatenate([x, np.array(context)], axis=1)
    next_s, step = rnn_step_forward(both, prev_s, Wx, Wh, b)  # noqa: F405
    return next_s, weights, [step, look, x.shape[1]]


def attention_step_backward(dnext_s, cache):
    D, look, step = cache.pop(), cache.pop(), cache.pop()
    dboth, dprev_s, dWx, dWh, db = rnn_step_backward(dnext_s, step)  # noqa: F405
    ds, dh, dW, dU, dv = additive_attention_backward(dboth[:, D:], look)
    dprev_s += ds
    return [dboth[:, :D], dprev_s, dh, dW, dU, dv, dWx, dWh, db]
