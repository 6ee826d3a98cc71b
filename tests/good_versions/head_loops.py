"""A correct head.py in explicit Python loops, one number at a time."""

import math

import numpy as np


def temporal_affine_forward(x, W, b):
    N, T, H = x.shape
    V = W.shape[1]
    out = np.zeros((N, T, V))
    for n in range(N):
        for t in range(T):
            for v in range(V):
                total = b[v]
                for i in range(H):
                    total += x[n, t, i] * W[i, v]
                out[n, t, v] = total
    return out, (x, W, b)


def temporal_affine_backward(dout, cache):
    x, W, b = cache
    N, T, H = x.shape
    V = W.shape[1]
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(b)
    for n in range(N):
        for t in range(T):
            for v in range(V):
                g = dout[n, t, v]
                db[v] += g
                for i in range(H):
                    dx[n, t, i] += g * W[i, v]
                    dW[i, v] += g * x[n, t, i]
    return dx, dW, db


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    loss = 0.0
    dx = np.zeros(x.shape)
    for n in range(N):
        for t in range(T):
            if not mask[n, t]:
                continue
            scores = [float(s) for s in x[n, t]]
            largest = max(scores)
            log_total = largest + math.log(sum(math.exp(s - largest) for s in scores))
            loss += (log_total - scores[y[n, t]]) / N
            for v in range(V):
                dx[n, t, v] = (math.exp(scores[v] - log_total) - (1 if v == y[n, t] else 0)) / N
    return loss, dx


def perplexity(total_nats, tokens):
    nats, count = 0.0, 0
    for some_nats, some_tokens in zip(total_nats, tokens, strict=True):
        nats += some_nats
        count += some_tokens
    return math.exp(nats / count)
