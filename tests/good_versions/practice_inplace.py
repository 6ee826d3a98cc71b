"""A correct practice.py that overwrites its arguments, empties its caches and returns views."""

import numpy as np

from . import embedding, head, rnn


def sequence_dropout_forward(x, u, p):
    if not 0 <= p < 1:
        raise ValueError("not a probability to drop with")
    gone = u < p
    u[...] = 1 / (1 - p)
    u[gone] = 0
    x *= u[:, np.newaxis]
    return x, [u]


def sequence_dropout_backward(dout, cache):
    dout *= cache.pop()[:, np.newaxis]
    return dout


def tied_rnnlm_loss(params, ids, s0):
    E, Wx, Wh, b = (params.pop(name) for name in ("E", "Wx", "Wh", "b"))
    N, T = len(ids), ids.shape[1] - 1
    words, lookup = embedding.word_embedding_forward(ids[:, :-1], E)
    s, time = rnn.rnn_forward(words, s0, Wx, Wh, b)
    scores, out = head.temporal_affine_forward(s, E.T, np.zeros(len(E)))
    loss, error = head.temporal_softmax_loss(scores, ids[:, 1:], np.ones((N, T), dtype=bool))
    ds, dV, _ = head.temporal_affine_backward(error, out)
    grads = dict(zip(("x", "s0", "Wx", "Wh", "b"), rnn.rnn_backward(ds, time), strict=True))
    grads["E"] = dV.T.copy()
    grads["E"] += embedding.word_embedding_backward(grads.pop("x"), lookup)
    return [loss, grads]


def teacher_forcing_rate(steps, k):
    rates = steps.astype(float)
    rates /= -k
    np.exp(rates, out=rates)
    rates *= k
    rates /= 1 + rates
    return rates


def scheduled_inputs(params, ids, h0, u, rate):
    one_hot = np.eye(params["by"].size)
    for t in range(1, ids.shape[1]):
        h0, _ = rnn.rnn_step_forward(
            one_hot[ids[:, t - 1]], h0.copy(), params["Wx"], params["Wh"], params["b"]
        )
        own = u[:, t] >= rate
        ids[own, t] = (h0[own] @ params["Why"] + params["by"]).argmax(axis=1)
    return ids


def nucleus_probs(logits, p):
    if not 0 < p <= 1:
        raise ValueError("not a nucleus")
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    if p < 1:
        for row in logits:
            left = p
            for i in np.argsort(-row, kind="mergesort"):
                row[i], left = (row[i], left - row[i]) if left > 0 else (0.0, left)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits.view()
