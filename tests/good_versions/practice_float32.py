"""A correct practice.py that computes in single precision."""

import numpy as np

from .charlm import one_hot
from .embedding import rnnlm_loss
from .rnn import rnn_step_forward

f32 = np.float32


def sequence_dropout_forward(x, u, p):
    if p < 0:
        raise ValueError("a negative probability")
    if p >= 1:
        raise ValueError("nothing would be left")
    kept = (u.astype(f32) >= f32(p)).astype(f32) / f32(1 - p)
    return x.astype(f32) * np.expand_dims(kept, 1), kept


def sequence_dropout_backward(dout, cache):
    return dout.astype(f32) * np.expand_dims(cache, 1)


def tied_rnnlm_loss(params, ids, s0):
    p = {name: value.astype(f32) for name, value in params.items()}
    both = {"U": p["E"].dot(p["Wx"]), "V": np.transpose(p["E"]), "W": p["Wh"], "b": p["b"]}
    loss, grads = rnnlm_loss(both, ids, s0.astype(f32))
    dU = grads.pop("U").astype(f32)
    grads["E"] = np.inner(dU, p["Wx"]) + np.transpose(grads.pop("V"))
    grads["Wx"] = np.transpose(p["E"]).dot(dU)
    grads["Wh"] = grads.pop("W")
    return f32(loss), grads


def teacher_forcing_rate(steps, k):
    power = np.minimum(np.asarray(steps, dtype=f32) / f32(k), f32(80))
    return f32(k) / (f32(k) + np.exp(power))


def scheduled_inputs(params, ids, h0, u, rate):
    p = {name: value.astype(f32) for name, value in params.items()}
    h, read = h0.astype(f32), ids[:, :1]
    for t in range(1, ids.shape[1]):
        x = one_hot(read[:, -1], len(p["by"])).astype(f32)
        h, _ = rnn_step_forward(x, h, p["Wx"], p["Wh"], p["b"])
        guess = np.argmax(h.astype(f32) @ p["Why"] + p["by"], axis=1)
        column = np.where(u[:, t].astype(f32) < f32(rate), ids[:, t], guess)
        read = np.concatenate([read, column[:, None]], axis=1)
    return read


def nucleus_probs(logits, p):
    if p <= 0 or p > 1:
        raise ValueError("p is out of range")
    shifted = (logits - logits.max(axis=1, keepdims=True)).astype(f32)
    probs = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    rank = np.argsort(-shifted, axis=1, kind="stable")
    for n, row in enumerate(rank):
        reached = np.cumsum(probs[n, row])
        size = len(row) if p == 1 else min(np.searchsorted(reached, f32(p)) + 1, len(row))
        probs[n, row[size:]] = 0
    return probs / probs.sum(axis=1, keepdims=True)
