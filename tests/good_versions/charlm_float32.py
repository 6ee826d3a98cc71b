"""A correct charlm.py that computes in single precision."""

import numpy as np

from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .rnn import rnn_backward, rnn_forward, rnn_step_forward

f32 = np.float32


def one_hot(ids, V):
    if np.min(ids, initial=0) < 0 or np.max(ids, initial=0) > V - 1:
        raise ValueError("an id outside the vocabulary")
    return np.take(np.identity(V, dtype=f32), ids, axis=0)


def bigram_log_probs(ids, V):
    counts = np.zeros((V, V), dtype=f32)
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    counts[counts.max(axis=1) == 0] = f32(1)
    with np.errstate(divide="ignore"):
        return np.log(counts / counts.sum(axis=1, keepdims=True))


def charlm_loss(params, ids, h0):
    p = {name: value.astype(f32) for name, value in params.items()}
    h, back = rnn_forward(
        one_hot(ids[:, :-1], p["by"].size), h0.astype(f32), p["Wx"], p["Wh"], p["b"]
    )
    h = h.astype(f32)
    y, affine = temporal_affine_forward(h, p["Why"], p["by"])
    loss, dy = temporal_softmax_loss(y, ids[:, 1:], np.full(ids[:, 1:].shape, True))
    dh, dWhy, dby = temporal_affine_backward(dy.astype(f32), affine)
    _, _, dWx, dWh, db = rnn_backward(dh.astype(f32), back)
    grads = {"by": dby, "Why": dWhy, "b": db, "Wh": dWh, "Wx": dWx}
    return f32(loss), {name: grad.astype(f32) for name, grad in grads.items()}, h[:, -1]


def next_probs(logits, temperature=1.0, top_k=None):
    if temperature <= 0:
        raise ValueError("cold as that it cannot get")
    if top_k is not None and top_k <= 0:
        raise ValueError("nothing would be left")
    x = logits.astype(f32)
    p = np.exp(x - x.max(axis=1, keepdims=True))
    out = np.argsort(np.argsort(-x, axis=1, kind="stable"), axis=1, kind="stable") >= (
        top_k or x.shape[1]
    )
    p[out] = 0
    p = p ** f32(1 / temperature)  # the largest is 1, so that this cannot end in 0 / 0
    return p / p.sum(axis=1, keepdims=True)


def sample(params, h0, first_id, u):
    p = {name: value.astype(f32) for name, value in params.items()}
    h, ids = h0.astype(f32), [first_id]
    for draw in u.astype(f32):
        h, _ = rnn_step_forward(
            one_hot(ids[-1:], p["by"].size), h.astype(f32), p["Wx"], p["Wh"], p["b"]
        )
        cumulated = next_probs(h @ p["Why"] + p["by"]).cumsum()
        above = np.flatnonzero(draw < cumulated)
        ids.append(above[0] if above.size else cumulated.size - 1)
    return np.array(ids[1:], dtype=np.int32)


def bits_per_char(total_nats, chars):
    return f32(total_nats.sum()) / f32(chars.sum() * np.log(2))
