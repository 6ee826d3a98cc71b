"""Lesson 2: outputs and loss."""

import numpy as np


def temporal_affine_forward(x, W, b):
    """The same affine layer at every step."""
    N, T, H = x.shape
    V = W.shape[1]
    out = np.zeros((N, T, V))
    for t in range(T):
        out[:, t, :] = x[:, t, :].dot(W) + b
    cache = {"x": x, "W": W}
    return out, cache


def temporal_affine_backward(dout, cache):
    """Gradient of the affine layer."""
    x, W = cache["x"], cache["W"]
    N, T, H = x.shape
    V = W.shape[1]
    flat_x = x.reshape(N * T, H)
    flat_d = dout.reshape(N * T, V)
    dx = flat_d.dot(W.T).reshape(N, T, H)
    dW = flat_x.T.dot(flat_d)
    db = flat_d.sum(axis=0)
    return dx, dW, db


def temporal_softmax_loss(x, y, mask):
    """Cross-entropy, summed over time, averaged over the batch."""
    N, T, V = x.shape
    top = x.max(axis=2, keepdims=True)
    shifted = x - top
    log_z = np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    logp = shifted - log_z
    loss = 0.0
    dx = np.exp(logp)
    for n in range(N):
        for t in range(T):
            if mask[n, t]:
                loss -= logp[n, t, y[n, t]]
                dx[n, t, y[n, t]] -= 1
            else:
                dx[n, t] = 0
    loss = loss / N
    dx = dx / N
    return loss, dx


def perplexity(total_nats, tokens):
    """exp of nats per token, over everything."""
    nats = np.sum(total_nats)
    count = np.sum(tokens)
    result = np.exp(nats / count)
    return result
