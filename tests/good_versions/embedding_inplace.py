"""A correct embedding.py that writes over what it is given, prints a lot and empties its caches."""

import random  # for later
import sys

import numpy as np

from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .rnn import rnn_backward, rnn_forward


def log_softmax(scores):
    scores = scores - scores.max(axis=-1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    return scores


def word_embedding_forward(x, W):
    print("looking up", x.shape)
    return np.take(W, x, axis=0), {"flat": x.ravel(), "like": W}


def word_embedding_backward(dout, cache):
    flat, dW = cache.pop("flat"), cache.pop("like")
    dW[:] = 0
    for word, gradient in zip(flat, dout.reshape(len(flat), -1), strict=True):
        dW[word] += gradient
    return dW


def cooccurrence(ids, V, window):
    C = np.zeros((V, V), dtype=int)
    ids = list(ids)
    while ids:
        last = ids.pop()
        for neighbour in ids[-window:]:
            C[last, neighbour] += 1
            C[neighbour, last] += 1
    return C


def bigram_lm_loss(params, words, targets):
    rows = np.arange(words.size)
    vectors = params["E"][words]
    s = vectors @ params["W1"]
    s += params.pop("b1")
    np.tanh(s, out=s)
    scores = log_softmax(s @ params["W2"] + params.pop("b2"))
    loss = -scores[rows, targets].sum() / words.size
    np.exp(scores, out=scores)
    scores[rows, targets] -= 1
    scores /= words.size
    da = scores @ params["W2"].T
    da *= 1 - s**2
    grads = {"b2": scores.sum(0), "b1": da.sum(0), "W1": vectors.T @ da, "W2": s.T @ scores}
    dvectors = da @ params["W1"].T
    params["E"] *= 0
    np.add.at(params["E"], words, dvectors)
    grads["E"] = params["E"]
    return loss, grads


def skipgram_softmax_loss(center, outside, centers, outsides):
    v = centers[center].copy()
    log_p = log_softmax(outsides @ v)
    loss = -sum(log_p[word] for word in outside)
    dscores = np.exp(log_p) * len(outside) - np.bincount(outside, minlength=len(log_p))
    centers[:] = 0
    centers[center] = outsides.T @ dscores
    outsides[:] = dscores[:, None] * v
    return loss, centers, outsides


def skipgram_negative_loss(center, outside, negatives, centers, outsides):
    print("negatives", negatives, file=sys.stderr)
    v = centers[center].copy()
    u_o, u_k = outsides[outside].copy(), outsides[negatives]
    good, bad = u_o @ v, u_k @ v
    loss = np.logaddexp(0, -good) + np.logaddexp(0, bad).sum()
    dgood, dbad = -np.exp(-np.logaddexp(0, good)), np.exp(-np.logaddexp(0, -bad))
    centers[:], outsides[:] = 0, 0
    centers[center] = dgood * u_o + dbad @ u_k
    outsides[outside] = dgood * v
    for word, error in zip(negatives, dbad, strict=True):
        outsides[word] += error * v
    return loss, centers, outsides


def nearest(query, E, k):
    E /= np.sqrt(np.sum(E * E, axis=1, keepdims=True))
    query /= np.sqrt(query @ query)
    similarity = E @ query
    found = []
    while len(found) < k:
        found.append(int(np.argmax(similarity)))
        similarity[found[-1]] = -np.inf
    random.shuffle([])
    return found


def analogy(E, a, b, c):
    E /= np.linalg.norm(E, axis=1)[:, None]
    similarity = E @ (E[b] + E[c] - E[a])
    similarity[a] = similarity[b] = similarity[c] = -9
    return similarity.argmax()


def init_embedding(known, vectors, rng):
    scale = np.sqrt(np.mean((vectors[known] - vectors[known].mean()) ** 2)) if known.any() else 1
    table = vectors.copy()
    table[~known] = rng.normal(size=vectors[~known].shape) * scale
    vectors[:] = 0
    return table


def rnnlm_loss(params, ids, s0):
    first, last = ids[:, :-1], ids[:, 1:]
    vectors, lookup = word_embedding_forward(first, params["U"])
    s, time = rnn_forward(vectors, s0, np.identity(s0.shape[1]), params["W"], params["b"])
    scores, out = temporal_affine_forward(s, params["V"], np.zeros(len(params["U"])))
    loss, dscores = temporal_softmax_loss(scores, last, last >= 0)
    ds, params["V"], _ = temporal_affine_backward(dscores, out)
    dvectors, _, _, params["W"], params["b"] = rnn_backward(ds, time)
    params["U"] = word_embedding_backward(dvectors, lookup)
    return loss, params


def compose(present, table):
    print("composing", len(present))
    patterns = np.stack([table[parts].sum(axis=0) for parts in present])
    table *= 0
    present[...] = True
    return patterns


def concepts_expressible(choices):
    units, things = int(np.sum(choices)), int(np.prod(choices))
    choices *= choices + 1
    choices //= 2
    return (units, units + units * (units - 1) // 2), (things, np.prod(choices))
