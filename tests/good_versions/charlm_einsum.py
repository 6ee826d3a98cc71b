"""A correct charlm.py without loops where there is a choice: comparisons with arange, einsum,
ranks.
"""

import numpy as np

from .head import temporal_softmax_loss
from .rnn import rnn_backward, rnn_forward


def one_hot(ids, V):
    ids = np.asarray(ids)
    known = np.isin(ids, np.arange(V))
    if not known.all():
        raise ValueError(f"unknown ids: {ids[~known]}")
    return (ids[..., None] == np.arange(V)).astype(float)


def bigram_log_probs(ids, V):
    pairs = np.bincount(ids[:-1] * V + ids[1:], minlength=V * V).reshape(V, V).astype(float)
    pairs[pairs.sum(axis=1) == 0] = 1  # a row without pairs: all alike
    with np.errstate(divide="ignore"):
        return np.log(pairs) - np.log(np.einsum("ij->i", pairs))[:, None]


def charlm_loss(params, ids, h0):
    x = one_hot(ids, len(params["by"]))
    h, cache = rnn_forward(x[:, :-1], h0, params["Wx"], params["Wh"], params["b"])
    scores = np.einsum("nth,hv->ntv", h, params["Why"]) + params["by"]
    loss, dscores = temporal_softmax_loss(scores, ids[:, 1:], ids[:, 1:] >= 0)
    dh = np.einsum("ntv,hv->nth", dscores, params["Why"])
    grads = dict(zip(("Wx", "Wh", "b"), rnn_backward(dh, cache)[2:], strict=True))
    grads["Why"] = np.einsum("nth,ntv->hv", h, dscores)
    grads["by"] = np.einsum("ntv->v", dscores)
    return loss, grads, h[:, -1, :]


def next_probs(logits, temperature=1.0, top_k=None):
    if temperature <= 0 or (top_k is not None and top_k <= 0):
        raise ValueError("temperature and top_k must be above 0")
    j = np.arange(logits.shape[1])
    ahead = logits[:, None, :] > logits[:, :, None]  # [n, i, j]: j goes before i
    ahead |= (logits[:, None, :] == logits[:, :, None]) & (j < j[:, None])
    rank = ahead.sum(axis=2)
    z = np.where(rank < (top_k or len(j)), logits, -np.inf)
    z = (z - np.logaddexp.reduce(z, axis=1)[:, None]) / temperature
    z -= z.max(axis=1, keepdims=True)
    return np.exp(z - np.log(np.exp(z).sum(axis=1, keepdims=True)))


def sample(params, h0, first_id, u):
    V = len(params["by"])
    ids = np.full(len(u) + 1, first_id)
    h = h0
    for t in range(len(u)):
        h = np.tanh(params["Wx"][ids[t]] + h @ params["Wh"] + params["b"])
        p = next_probs(h @ params["Why"] + params["by"])
        ids[t + 1] = min(np.count_nonzero(np.cumsum(p) <= u[t]), V - 1)
    return ids[1:]


def bits_per_char(total_nats, chars):
    return np.einsum("b->", total_nats) / np.einsum("b->", chars) * np.log2(np.e)
