"""Lesson 8: words as vectors."""

import numpy as np

from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .rnn import rnn_backward, rnn_forward


def log_softmax(scores):
    """Logarithms of the softmax along the last axis. Given."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_sigmoid(z):
    """log of the logistic function without overflow."""
    return np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z)))


def logistic(z):
    """The logistic function, without overflow."""
    return np.exp(log_sigmoid(z))


def unit_rows(M):
    """Every row divided by its length."""
    lengths = np.sqrt((M * M).sum(axis=1))
    return M / lengths[:, None]


def word_embedding_forward(x, W):
    """Look words up in a table."""
    N, T = x.shape
    out = np.zeros((N, T, W.shape[1]))
    for n in range(N):
        for t in range(T):
            out[n, t] = W[x[n, t]]
    cache = {"words": x.copy(), "table_shape": W.shape}
    return out, cache


def word_embedding_backward(dout, cache):
    """The gradient of the table."""
    words = cache["words"]
    dW = np.zeros(cache["table_shape"])
    N, T, D = dout.shape
    for n in range(N):
        for t in range(T):
            dW[words[n, t]] += dout[n, t]
    return dW


def cooccurrence(ids, V, window):
    """How often each word has each other word near it."""
    C = np.zeros((V, V))
    T = len(ids)
    for s in range(T):
        first = max(0, s - window)
        last = min(T - 1, s + window)
        for t in range(first, last + 1):
            if t == s:
                continue
            C[ids[s], ids[t]] += 1
    return C


def bigram_lm_loss(params, words, targets):
    """Loss and gradients of a bigram neural language model."""
    E, W1, W2 = params["E"], params["W1"], params["W2"]
    N = len(words)
    rows = np.arange(N)

    # forward
    vecs = E[words]
    hidden = np.tanh(vecs @ W1 + params["b1"])
    scores = hidden @ W2 + params["b2"]
    logp = log_softmax(scores)
    loss = -logp[rows, targets].mean()

    # backward
    dscores = np.exp(logp)
    dscores[rows, targets] -= 1
    dscores = dscores / N
    grads = {}
    grads["W2"] = hidden.T @ dscores
    grads["b2"] = dscores.sum(axis=0)
    dhidden = dscores @ W2.T
    dpre = dhidden * (1 - hidden**2)
    grads["W1"] = vecs.T @ dpre
    grads["b1"] = dpre.sum(axis=0)
    dvecs = dpre @ W1.T
    dE = np.zeros_like(E)
    np.add.at(dE, words, dvecs)
    grads["E"] = dE
    return loss, grads


def skipgram_softmax_loss(center, outside, centers, outsides):
    """One centre word predicts each of the words around it."""
    v = centers[center]
    logp = log_softmax(outsides @ v)
    J = len(outside)
    loss = 0.0
    for word in outside:
        loss -= logp[word]

    dscore = J * np.exp(logp)
    for word in outside:
        dscore[word] -= 1.0

    dcenters = np.zeros_like(centers)
    dcenters[center] = outsides.T @ dscore
    doutsides = np.outer(dscore, v)
    return loss, dcenters, doutsides


def skipgram_negative_loss(center, outside, negatives, centers, outsides):
    """One true neighbour against some words drawn at random."""
    v = centers[center]
    true_vec = outsides[outside]
    dcenters = np.zeros_like(centers)
    doutsides = np.zeros_like(outsides)

    true_score = true_vec @ v
    loss = -log_sigmoid(true_score)
    slope = logistic(true_score) - 1
    dcenters[center] += slope * true_vec
    doutsides[outside] += slope * v

    for k in negatives:
        score = outsides[k] @ v
        loss -= log_sigmoid(-score)
        push = logistic(score)
        dcenters[center] += push * outsides[k]
        doutsides[k] += push * v
    return loss, dcenters, doutsides


def nearest(query, E, k):
    """The k words whose vectors point most nearly the same way."""
    cosines = unit_rows(E) @ (query / np.linalg.norm(query))
    best_first = np.argsort(-cosines, kind="stable")
    return best_first[:k]


def analogy(E, a, b, c):
    """`a` is to `b` as `c` is to ... ?"""
    unit = unit_rows(E)
    wanted = unit[b] - unit[a] + unit[c]
    closeness = unit @ wanted
    for asked in (a, b, c):
        closeness[asked] = -np.inf
    return int(np.argmax(closeness))


def init_embedding(known, vectors, rng):
    """A table that starts from pre-trained vectors where there are some."""
    known = np.asarray(known, dtype=bool)
    E = np.array(vectors, dtype=float)
    D = E.shape[1]
    if known.any():
        spread = np.std(vectors[known])
    else:
        spread = 1.0
    how_many = int((~known).sum())
    E[~known] = rng.normal(0.0, spread, size=(how_many, D))
    return E


def rnnlm_loss(params, ids, s0):
    """A recurrent language model with two tables of words."""
    U, W, b, V = params["U"], params["W"], params["b"], params["V"]
    read, asked = ids[:, :-1], ids[:, 1:]
    N, T = read.shape
    H = W.shape[0]

    states = np.zeros((N, T + 1, H))
    states[:, 0] = s0
    for t in range(T):
        states[:, t + 1] = np.tanh(U[read[:, t]] + states[:, t] @ W + b)

    loss = 0.0
    dU, dW, db, dV = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b), np.zeros_like(V)
    dlater = np.zeros((N, H))
    for t in reversed(range(T)):
        s = states[:, t + 1]
        logp = log_softmax(s @ V)
        loss -= logp[np.arange(N), asked[:, t]].sum() / N
        dscores = np.exp(logp)
        dscores[np.arange(N), asked[:, t]] -= 1
        dscores /= N
        dV += s.T @ dscores
        ds = dscores @ V.T + dlater
        da = ds * (1 - s * s)
        np.add.at(dU, read[:, t], da)
        dW += states[:, t].T @ da
        db += da.sum(axis=0)
        dlater = da @ W.T
    return loss, {"U": dU, "W": dW, "b": db, "V": dV}


def compose(present, table):
    """The patterns of things that are made of parts."""
    patterns = np.zeros((len(present), table.shape[1]))
    for n in range(len(present)):
        for p in np.flatnonzero(present[n]):
            patterns[n] += table[p]
    return patterns


def concepts_expressible(choices):
    """How many things a local and a distributed code tell apart."""
    units = int(choices.sum())
    things, pairs = 1, 1
    for values in choices:
        things *= int(values)
        pairs *= int(values) * (int(values) + 1) // 2
    local = np.array([units, units * (units + 1) // 2])
    return local, np.array([things, pairs])
