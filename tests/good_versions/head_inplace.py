"""A correct head.py as some people write it: arguments used as scratch paper, caches emptied,
prints, stray imports.
"""

import pdb  # noqa: F401
import time

import numpy as np

started = time.time()


def temporal_affine_forward(x, W, b):
    N, T, H = x.shape
    flat = x.reshape(N * T, H)
    out = flat @ W
    out += b
    print("scores", out.shape)
    return out.reshape(N, T, -1), {"x": flat.copy(), "W": W.copy(), "shape": x.shape}


def temporal_affine_backward(dout, cache):
    x, W, shape = cache.pop("x"), cache.pop("W"), cache.pop("shape")
    dout.shape = (-1, dout.shape[2])
    dW = np.dot(x.T, dout)
    db = dout.sum(0)
    dx = np.dot(dout, W.T)
    dout *= 0
    return [dx.reshape(shape), dW, db]


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    x = x.reshape(N * T, V)
    x -= x.max(axis=1)[:, None]
    y, mask = y.ravel(), mask.ravel()
    right = x[np.arange(N * T), y]
    np.exp(x, out=x)
    total = x.sum(axis=1)
    x /= total[:, None]
    right -= np.log(total)
    right[~mask] = 0.0
    loss = -np.sum(right) / N
    x[np.arange(N * T), y] -= 1
    x[~mask] = 0
    x /= N
    y[:] = 0
    return loss, x.reshape(N, T, V)


def perplexity(total_nats, tokens):
    total_nats[0] += total_nats[1:].sum()
    tokens[0] += tokens[1:].sum()
    return np.e ** (total_nats[0] / tokens[0])
