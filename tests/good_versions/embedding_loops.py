"""A correct embedding.py with loops and dictionaries, one word at a time."""

import math
from collections import defaultdict

import numpy as np

from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .rnn import rnn_backward, rnn_forward


def log_softmax(scores):
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def word_embedding_forward(x, W):
    return np.array([[W[word] for word in row] for row in x]), (x.tolist(), W)


def word_embedding_backward(dout, cache):
    x, W = cache
    dW = np.zeros(W.shape)
    for n, row in enumerate(x):
        for t, word in enumerate(row):
            dW[word] += dout[n, t]
    return dW


def cooccurrence(ids, V, window):
    counts = defaultdict(int)
    for s, a in enumerate(ids):
        for t, b in enumerate(ids):
            if s != t and abs(s - t) <= window:
                counts[a, b] += 1
    return np.array([[counts[a, b] for b in range(V)] for a in range(V)])


def bigram_lm_loss(params, words, targets):
    E, W1, b1, W2, b2 = (params[name] for name in ("E", "W1", "b1", "W2", "b2"))
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    loss = 0.0
    for word, target in zip(words, targets, strict=True):
        s = np.tanh(E[word] @ W1 + b1)
        log_p = log_softmax(s @ W2 + b2)
        loss -= log_p[target] / len(words)
        dscores = np.exp(log_p)
        dscores[target] -= 1
        dscores /= len(words)
        da = W2 @ dscores * (1 - s * s)
        grads["b2"] += dscores
        grads["W2"] += s[:, None] * dscores
        grads["b1"] += da
        grads["W1"] += E[word][:, None] * da
        grads["E"][word] += W1 @ da
    return loss, grads


def skipgram_softmax_loss(center, outside, centers, outsides):
    loss, dcenters, doutsides = 0.0, np.zeros(centers.shape), np.zeros(outsides.shape)
    log_p = log_softmax(np.array([vector @ centers[center] for vector in outsides]))
    for neighbour in outside:
        loss -= log_p[neighbour]
        for word in range(len(outsides)):
            error = math.exp(log_p[word]) - (word == neighbour)
            dcenters[center] += error * outsides[word]
            doutsides[word] += error * centers[center]
    return loss, dcenters, doutsides


def softplus(a):
    return max(a, 0.0) + math.log1p(math.exp(-abs(a)))


def skipgram_negative_loss(center, outside, negatives, centers, outsides):
    dcenters, doutsides = np.zeros(centers.shape), np.zeros(outsides.shape)
    loss = 0.0
    for word, label in [(outside, 1), *((each, 0) for each in negatives)]:
        product = float(outsides[word] @ centers[center])
        loss += softplus(-product if label else product)
        sigma = (
            1 / (1 + math.exp(-product))
            if product >= 0
            else math.exp(product) / (1 + math.exp(product))
        )
        doutsides[word] += (sigma - label) * centers[center]
        dcenters[center] += (sigma - label) * outsides[word]
    return loss, dcenters, doutsides


def nearest(query, E, k):
    cosines = [float(row @ query) / math.sqrt(float(row @ row) * float(query @ query)) for row in E]
    return np.array(sorted(range(len(E)), key=lambda word: (-cosines[word], word))[:k])


def analogy(E, a, b, c):
    unit = [row / math.sqrt(row @ row) for row in E]
    target = unit[b] - unit[a] + unit[c]
    return max(
        (word for word in range(len(E)) if word not in (a, b, c)),
        key=lambda word: unit[word] @ target,
    )


def init_embedding(known, vectors, rng):
    rows = [row for row, is_known in zip(vectors, known, strict=True) if is_known]
    spread = np.std(rows) if rows else 1.0
    drawn = iter(rng.normal(0.0, spread, (len(vectors) - len(rows), vectors.shape[1])))
    return np.array(
        [row if is_known else next(drawn) for row, is_known in zip(vectors, known, strict=True)]
    )


def rnnlm_loss(params, ids, s0):
    H, C = params["V"].shape
    words, targets = ids[:, :-1], ids[:, 1:]
    looked_up, cache = word_embedding_forward(words, params["U"])
    s, steps = rnn_forward(looked_up, s0, np.diag([1.0] * H), params["W"], params["b"])
    scores, affine = temporal_affine_forward(s, params["V"], np.zeros(C))
    loss, dscores = temporal_softmax_loss(scores, targets, np.full(targets.shape, True))
    ds, dV, _ = temporal_affine_backward(dscores, affine)
    dlooked_up, _, _, dW, db = rnn_backward(ds, steps)
    return loss, {"b": db, "W": dW, "V": dV, "U": word_embedding_backward(dlooked_up, cache)}


def compose(present, table):
    patterns = []
    for row in present.tolist():
        pattern = [0.0] * table.shape[1]
        for part, is_there in enumerate(row):
            if is_there:
                pattern = [unit + more for unit, more in zip(pattern, table[part], strict=True)]
        patterns.append(pattern)
    return np.array(patterns)


def concepts_expressible(choices):
    units, things, pairs = 0, 1, 1
    for values in choices.tolist():
        units += values
        things *= values
        pairs *= sum(range(values + 1))
    return [units, sum(range(units + 1))], [things, pairs]
