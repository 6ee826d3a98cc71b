"""Lesson 3: the character model."""

import numpy as np

from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .rnn import rnn_backward, rnn_forward, rnn_step_forward


def one_hot(ids, V):
    """Each number as a row that is 1 in the place of that number and 0 elsewhere."""
    ids = np.asarray(ids)
    if np.any(ids < 0) or np.any(ids >= V):
        raise ValueError("ids must lie between 0 and V-1")
    flat = ids.reshape(-1)
    rows = np.zeros((flat.size, V))
    for i, number in enumerate(flat):
        rows[i, number] = 1.0
    return rows.reshape(ids.shape + (V,))


def bigram_log_probs(ids, V):
    """The best bigram model of a text, from counts."""
    counts = np.zeros((V, V))
    for t in range(len(ids) - 1):
        counts[ids[t], ids[t + 1]] += 1
    log_probs = np.full((V, V), -np.inf)
    for i in range(V):
        followed = counts[i].sum()
        if followed == 0:
            log_probs[i] = -np.log(V)
            continue
        for j in range(V):
            if counts[i, j] > 0:
                log_probs[i, j] = np.log(counts[i, j] / followed)
    return log_probs


def charlm_loss(params, ids, h0):
    """Loss of the character model on a batch of texts, and its gradients."""
    V = params["by"].shape[0]
    inputs = ids[:, :-1]
    targets = ids[:, 1:]
    everywhere = np.ones(targets.shape, dtype=bool)

    x = one_hot(inputs, V)
    hs, rnn_cache = rnn_forward(x, h0, params["Wx"], params["Wh"], params["b"])
    scores, out_cache = temporal_affine_forward(hs, params["Why"], params["by"])
    loss, dscores = temporal_softmax_loss(scores, targets, everywhere)

    dhs, dWhy, dby = temporal_affine_backward(dscores, out_cache)
    _, _, dWx, dWh, db = rnn_backward(dhs, rnn_cache)
    grads = {"Wx": dWx, "Wh": dWh, "b": db, "Why": dWhy, "by": dby}
    hT = hs[:, -1].copy()
    return loss, grads, hT


def next_probs(logits, temperature=1.0, top_k=None):
    """From scores to the probabilities that the next character is drawn from."""
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    if top_k is not None and top_k < 1:
        raise ValueError("top_k must be at least 1")
    N, V = logits.shape
    k = V if top_k is None else min(top_k, V)
    probs = np.zeros((N, V))
    for n in range(N):
        chosen = np.argsort(-logits[n], kind="stable")[:k]
        scaled = logits[n, chosen] / temperature
        powers = np.exp(scaled - scaled.max())
        probs[n, chosen] = powers / powers.sum()
    return probs


def sample(params, h0, first_id, u):
    """Let the model write."""
    V = len(params["by"])
    state = h0
    current = first_id
    ids = np.zeros(len(u), dtype=int)
    for t in range(len(u)):
        x = one_hot(np.array([current]), V)
        state, _ = rnn_step_forward(x, state, params["Wx"], params["Wh"], params["b"])
        scores = state @ params["Why"] + params["by"]
        p = next_probs(scores)[0]
        running = 0.0
        drawn = V - 1
        for j in range(V):
            running += p[j]
            if u[t] < running:
                drawn = j
                break
        ids[t] = drawn
        current = drawn
    return ids


def bits_per_char(total_nats, chars):
    """How many bits the model needs for a character."""
    nats_each = np.sum(total_nats) / np.sum(chars)
    return nats_each / np.log(2)
