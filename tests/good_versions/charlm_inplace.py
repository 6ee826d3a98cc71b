"""A correct charlm.py as some people write it: in-place changes, prints, stray imports, a
generator.
"""

import pdb  # noqa: F401
import time

import numpy as np

from .head import *  # noqa: F403
from .rnn import *  # noqa: F403

started = time.time()


def one_hot(ids, V):
    for i in np.ravel(ids):
        if i not in range(V):
            raise ValueError
    flat = np.zeros((np.size(ids), V))
    flat[np.arange(np.size(ids)), np.ravel(ids)] += 1
    return flat.reshape(*np.shape(ids), V)


def bigram_log_probs(ids, V):
    counts = np.zeros((V, V))
    for a, b in zip(ids, ids[1:]):  # noqa: B905, RUF007
        counts[a, b] += 1
    for row in counts:
        if not row.any():
            row += 1
        row /= row.sum()
    np.seterr(divide="ignore")
    return np.log(counts, out=counts)


def charlm_loss(params, ids, h0):
    print("ids", ids.shape)
    target = ids[:, 1:].copy()
    x = one_hot(ids[:, :-1], params["Why"].shape[1])
    h, rcache = rnn_forward(x, h0, params["Wx"], params["Wh"], params["b"])  # noqa: F405
    y, acache = temporal_affine_forward(h, params["Why"], params["by"])  # noqa: F405
    loss, dy = temporal_softmax_loss(y, target, np.ones_like(target) > 0)  # noqa: F405
    grads = {}
    dh, grads["Why"], grads["by"] = temporal_affine_backward(dy, acache)  # noqa: F405
    dx, dh0, grads["Wx"], grads["Wh"], grads["b"] = rnn_backward(dh, rcache)  # noqa: F405
    last = h[:, -1].copy()
    h.fill(0)
    ids *= 0
    params.clear()
    return [loss, grads, last]


def next_probs(logits, temperature=1.0, top_k=None):
    assert_positive(temperature)
    if top_k is not None:
        assert_positive(top_k)
        for row in logits:
            order = sorted(range(len(row)), key=lambda j: (-row[j], j))
            row[order[top_k:]] = -np.inf
    logits -= logits.max(1)[:, None]
    logits /= temperature
    np.exp(logits, out=logits)
    logits /= logits.sum(1)[:, None]
    return logits


def assert_positive(number):
    if not number > 0:
        raise ValueError(f"{number} is not positive")


def writing(params, h, read):
    while True:
        x = np.zeros((1, len(params["by"])))
        x[0, read] += 1
        h, _ = rnn_step_forward(x, h, params["Wx"], params["Wh"], params["b"])  # noqa: F405
        read = yield next_probs(h @ params["Why"] + params["by"])[0]


def sample(params, h0, first_id, u):
    writer = writing(params, h0, first_id)
    p = next(writer)
    ids = []
    for draw in list(u):
        p = np.cumsum(p, out=p)
        ids.append(int(np.argmax(p > draw)) if draw < p[-1] else len(p) - 1)
        p = writer.send(ids[-1])
    return ids


def bits_per_char(total_nats, chars):
    total_nats /= np.log(2)
    return np.array([total_nats.sum() / chars.sum()]).item()
