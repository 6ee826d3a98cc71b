"""A correct embedding.py that believes in matrices: every lookup is a product with one-hot rows."""

import numpy as np

from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss


def indicator(ids, V):
    return (np.asarray(ids)[..., None] == np.arange(V)).astype(float)


def log_softmax(scores):
    highest = np.max(scores, axis=-1, keepdims=True)
    return scores - highest - np.log(np.sum(np.exp(scores - highest), axis=-1, keepdims=True))


def word_embedding_forward(x, W):
    rows = indicator(x, len(W))
    return rows @ W, rows


def word_embedding_backward(dout, cache):
    return np.tensordot(cache, dout, axes=([0, 1], [0, 1]))


def cooccurrence(ids, V, window):
    positions = np.arange(len(ids))
    distance = np.abs(positions[:, None] - positions)
    near = (distance > 0) & (distance <= window)
    rows = indicator(ids, V)
    return rows.T @ near @ rows


def bigram_lm_loss(params, words, targets):
    E, W1, b1, W2, b2 = params["E"], params["W1"], params["b1"], params["W2"], params["b2"]
    x, y = indicator(words, len(E)), indicator(targets, len(b2))
    s = np.tanh(x @ E @ W1 + b1)
    log_p = log_softmax(s @ W2 + b2)
    loss = -np.sum(y * log_p) / len(y)
    dscores = (np.exp(log_p) - y) / len(y)
    da = dscores @ W2.T * (1 - s**2)
    grads = dict(
        E=x.T @ da @ W1.T, W1=E.T @ x.T @ da, b1=da.sum(0), W2=s.T @ dscores, b2=dscores.sum(0)
    )
    return np.array([loss])[0], grads


def skipgram_softmax_loss(center, outside, centers, outsides):
    V = len(outsides)
    e = indicator(center, len(centers))
    wanted = indicator(outside, V).sum(axis=0)
    log_p = log_softmax(outsides @ (e @ centers))
    dscores = wanted.sum() * np.exp(log_p) - wanted
    return -wanted @ log_p, e[:, None] * (dscores @ outsides), dscores[:, None] * (e @ centers)


def skipgram_negative_loss(center, outside, negatives, centers, outsides):
    e = indicator(center, len(centers))
    chosen = indicator([outside, *negatives], len(outsides))  # (1 + K, V)
    label = indicator(0, len(chosen))
    product = chosen @ outsides @ (e @ centers)
    loss = np.logaddexp(0, np.where(label == 1, -product, product)).sum()
    dproduct = (1 + np.tanh(product / 2)) / 2 - label
    return loss, np.outer(e, dproduct @ chosen @ outsides), np.outer(dproduct @ chosen, e @ centers)


def nearest(query, E, k):
    lengths = np.sqrt((E**2).sum(1))
    cosine = (E * (query / np.sqrt(query @ query))).sum(1) / lengths
    return np.lexsort((np.arange(len(E)), -cosine))[:k]


def analogy(E, a, b, c):
    unit = np.diag(1 / np.linalg.norm(E, axis=1)) @ E
    question = indicator(b, len(E)) - indicator(a, len(E)) + indicator(c, len(E))
    cosine = unit @ unit.T @ question
    competes = indicator([a, b, c], len(E)).sum(0) == 0
    return np.flatnonzero(competes)[np.argmax(cosine[competes])]


def init_embedding(known, vectors, rng):
    known = np.asarray(known, dtype=bool)
    spread = float(np.std(vectors[known])) if np.any(known) else 1.0
    place = np.eye(len(known))[:, ~known]
    drawn = place @ rng.normal(0, spread, (place.shape[1], vectors.shape[1]))
    return np.where(known[:, None], vectors, drawn)


def rnnlm_loss(params, ids, s0):
    U, W, b, V = params["U"], params["W"], params["b"], params["V"]
    x = indicator(ids[:, :-1], len(U))
    states = [s0]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ U + states[-1] @ W + b))
    scores, cache = temporal_affine_forward(np.stack(states[1:], 1), V, np.zeros(V.shape[1]))
    loss, dscores = temporal_softmax_loss(scores, ids[:, 1:], np.ones(ids[:, 1:].shape, bool))
    ds, dV, _ = temporal_affine_backward(dscores, cache)
    dU, dW, db, back = np.zeros(U.shape), np.zeros(W.shape), np.zeros(b.shape), np.zeros(s0.shape)
    for t in reversed(range(x.shape[1])):
        da = (ds[:, t] + back) * (1 - states[t + 1] ** 2)
        dU, dW, db = dU + x[:, t].T @ da, dW + states[t].T @ da, db + da.sum(0)
        back = da @ W.T
    return loss, {"U": dU, "W": dW, "b": db, "V": dV}


def compose(present, table):
    return np.einsum("np,pd->nd", np.asarray(present, dtype=float), table)


def concepts_expressible(choices):
    # a pair shows each property by two units, or by one that counts twice
    twice, two = np.eye(len(choices)) @ choices, choices * (choices - 1) / 2
    units = int(choices.sum())
    local = [units, units + units * (units - 1) / 2]
    return np.array(local), np.array([twice.prod(), (twice + two).prod()])
