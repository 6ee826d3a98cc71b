"""A correct embedding.py in single precision, with sorting in place of scattering."""

import numpy as np

from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .rnn import rnn_backward, rnn_forward

f32 = np.float32


def log_softmax(scores):
    shifted = (scores - scores.max(axis=-1, keepdims=True)).astype(f32)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def summed_by_word(words, gradients, V):
    """(V, D): the rows of gradients (M, D), added up by words (M,)."""
    total = np.zeros((V, gradients.shape[1]), dtype=f32)
    for column in range(gradients.shape[1]):
        total[:, column] = np.bincount(words, weights=gradients[:, column], minlength=V)
    return total


def word_embedding_forward(x, W):
    return W.astype(f32)[x], (x.reshape(-1), W.shape[0])


def word_embedding_backward(dout, cache):
    words, V = cache
    return summed_by_word(words, dout.reshape(len(words), -1).astype(f32), V)


def cooccurrence(ids, V, window):
    C = np.zeros(V * V, dtype=f32)
    for distance in range(1, min(window, len(ids) - 1) + 1):
        C += np.bincount(ids[:-distance] * V + ids[distance:], minlength=V * V)
    return C.reshape(V, V) + C.reshape(V, V).T


def bigram_lm_loss(params, words, targets):
    p = {name: value.astype(f32) for name, value in params.items()}
    s = np.tanh(p["E"][words] @ p["W1"] + p["b1"])
    log_p = log_softmax(s @ p["W2"] + p["b2"])
    picked = np.take_along_axis(log_p, targets[:, None], axis=1)
    dscores = np.exp(log_p) - np.eye(log_p.shape[1], dtype=f32)[targets]
    dscores /= f32(len(words))
    da = (dscores @ p["W2"].T) * (1 - s) * (1 + s)
    grads = {"E": summed_by_word(words, da @ p["W1"].T, len(p["E"])), "W1": p["E"][words].T @ da}
    return -picked.mean(), grads | {
        "b1": da.sum(axis=0),
        "W2": s.T @ dscores,
        "b2": dscores.sum(axis=0),
    }


def skipgram_softmax_loss(center, outside, centers, outsides):
    u, v = outsides.astype(f32), centers[center].astype(f32)
    log_p = log_softmax(u @ v)
    counts = np.bincount(outside, minlength=len(u)).astype(f32)
    dscores = counts.sum() * np.exp(log_p) - counts
    dcenters = np.zeros(centers.shape, dtype=f32)
    dcenters[center] = dscores @ u
    return f32(-(counts * log_p).sum()), dcenters, dscores[:, None] * v[None]


def skipgram_negative_loss(center, outside, negatives, centers, outsides):
    words = np.append(outside, negatives).astype(int)
    u, v = outsides[words].astype(f32), centers[center].astype(f32)
    product = u @ v
    product[0] *= -1
    dproduct = np.exp(-np.logaddexp(f32(0), -product))
    dproduct[0] *= -1
    dcenters = np.zeros(centers.shape, dtype=f32)
    dcenters[center] = dproduct @ u
    return (
        np.logaddexp(f32(0), product).sum(),
        dcenters,
        summed_by_word(words, np.outer(dproduct, v), len(outsides)),
    )


def nearest(query, E, k):
    cosine = np.divide(E @ query, np.linalg.norm(E, axis=1))
    return np.argsort(cosine[::-1], kind="stable")[::-1][:k] * -1 + (len(E) - 1)


def analogy(E, a, b, c):
    unit = (E / np.linalg.norm(E, axis=1, keepdims=True)).astype(f32)
    similarity = unit @ (unit[b] - unit[a] + unit[c])
    allowed = np.delete(np.arange(len(E)), [a, b, c])
    return allowed[similarity[allowed].argmax()]


def init_embedding(known, vectors, rng):
    E = np.array(vectors, dtype=f32)
    some = known.any()
    E[np.logical_not(known)] = rng.normal(
        0, vectors[known].std() if some else 1, (int(np.sum(~known)), E.shape[1])
    )
    return E


def rnnlm_loss(params, ids, s0):
    p = {name: value.astype(f32) for name, value in params.items()}
    one = np.eye(p["W"].shape[0], dtype=f32)
    vectors, lookup = word_embedding_forward(ids[:, :-1], p["U"])
    s, steps = rnn_forward(vectors, s0.astype(f32), one, p["W"], p["b"])
    scores, affine = temporal_affine_forward(
        s.astype(f32), p["V"], np.zeros(p["V"].shape[1], dtype=f32)
    )
    loss, dscores = temporal_softmax_loss(scores, ids[:, 1:], np.ones_like(ids[:, 1:], dtype=bool))
    ds, dV, _ = temporal_affine_backward(dscores.astype(f32), affine)
    dvectors, _, _, dW, db = rnn_backward(ds.astype(f32), steps)
    return f32(loss), {"V": dV, "U": word_embedding_backward(dvectors, lookup), "W": dW, "b": db}


def compose(present, table):
    return present.astype(f32) @ table.astype(f32)


def concepts_expressible(choices):
    values = choices.astype(float)  # counts: beyond 2**24, f32 leaves some out
    units = values.sum()
    local = np.array([units, (units**2 + units) / 2])
    return local, np.array([np.prod(values), np.prod((values**2 + values) / 2)])
