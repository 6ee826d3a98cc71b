"""A correct head.py that computes in single precision, and only where the mask says so."""

import numpy as np


def single(*arrays):
    return [np.asarray(a, dtype=np.float32) for a in arrays]


def temporal_affine_forward(x, W, b):
    x, W, b = single(x, W, b)
    return np.stack([x[:, t].dot(W) + b for t in range(x.shape[1])], axis=1), (x, W)


def temporal_affine_backward(dout, cache):
    x, W = cache
    (dout,) = single(dout)
    steps = range(x.shape[1])
    dx = np.stack([dout[:, t].dot(W.T) for t in steps], axis=1)
    dW = sum(x[:, t].T.dot(dout[:, t]) for t in steps)
    db = sum(dout[:, t].sum(axis=0) for t in steps)
    return dx, dW, db


def temporal_softmax_loss(x, y, mask):
    (x,) = single(x)
    N = np.float32(len(x))
    dx = np.zeros_like(x)
    words, right = x[mask], y[mask]  # (M, V), (M,)
    shifted = words - words.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    totals = exps.sum(axis=-1)
    picked = shifted[np.arange(len(right)), right]
    loss = (np.log(totals) - picked).sum() / N
    p = exps / totals[:, None]
    p[np.arange(len(right)), right] -= np.float32(1)
    dx[mask] = p / N
    return loss, dx


def perplexity(total_nats, tokens):
    total_nats, tokens = single(total_nats, tokens)
    return np.exp(total_nats.sum() / tokens.sum())
