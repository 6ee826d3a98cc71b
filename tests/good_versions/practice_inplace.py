"""A correct practice.py that overwrites its arguments, empties its caches and returns views."""

import numpy as np

from . import embedding, rnn


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
    params["U"] = params.pop("E")
    params["V"] = params["U"].T.copy()
    loss, grads = embedding.rnnlm_loss(params, ids, s0)
    dE = grads.pop("U")
    dE += grads.pop("V").T
    return [loss, {**grads, "E": dE}]


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
