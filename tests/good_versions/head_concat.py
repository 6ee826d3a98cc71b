"""A correct head.py with the bias as a last row of the weights, lists for the outputs, sums kept by
example.
"""

import numpy as np


def with_ones(x):
    return np.concatenate([x, np.ones((*x.shape[:2], 1))], axis=2)


def temporal_affine_forward(x, W, b):
    Wb = np.vstack([W, b])  # (H+1, V)
    return with_ones(x) @ Wb, [x, Wb]


def temporal_affine_backward(dout, cache):
    x, Wb = cache
    dWb = np.tensordot(with_ones(x), dout, axes=([0, 1], [0, 1]))
    return (dout @ Wb.T)[..., :-1], dWb[:-1], dWb[-1]


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    x = x - np.median(x, axis=2, keepdims=True)
    x = x - x.max(axis=2, keepdims=True)
    p = np.exp(x) / np.exp(x).sum(axis=2, keepdims=True)
    target = np.eye(V)[y]
    per_word = np.log(np.exp(x).sum(axis=2)) - np.take_along_axis(x, y[:, :, None], axis=2)[:, :, 0]
    loss = np.where(mask, per_word, 0.0).sum(axis=1).mean()
    dx = np.where(mask[:, :, None], (p - target) / N, 0.0)
    return np.array([loss])[0], dx.tolist()


def perplexity(total_nats, tokens):
    return float(2.0 ** (np.sum(np.divide(total_nats, np.log(2))) / int(np.sum(tokens))))
