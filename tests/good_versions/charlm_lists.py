"""A correct charlm.py that returns lists, tuples and numpy scalars, and differentiates the loss its
own way.
"""

import numpy as np

from .rnn import rnn_step_backward, rnn_step_forward


def one_hot(ids, V):
    if isinstance(ids, (list, tuple)) or getattr(ids, "ndim", 0):
        return [one_hot(each, V) for each in ids]
    if not 0 <= ids < V:
        raise ValueError(f"{ids} is not one of {V} characters")
    return [1.0 if j == ids else 0.0 for j in range(V)]


def bigram_log_probs(ids, V):
    text = ids.tolist()
    pairs = [(text[t], text[t + 1]) for t in range(len(text) - 1)]
    table = []
    for i in range(V):
        after = [b for a, b in pairs if a == i] or list(range(V))
        table.append(
            [np.log(after.count(j) / len(after)) if j in after else -np.inf for j in range(V)]
        )
    return table


def log_softmax(y):
    top = y.max(axis=-1, keepdims=True)
    return y - top - np.log(np.exp(y - top).sum(axis=-1, keepdims=True))


def charlm_loss(params, ids, h0):
    (N, columns), V = ids.shape, params["Why"].shape[1]
    h, steps = h0, []
    for t in range(columns - 1):
        x = np.array(one_hot(ids[:, t], V))
        h, cache = rnn_step_forward(x, h, params["Wx"], params["Wh"], params["b"])
        log_p = log_softmax(h @ params["Why"] + params["by"])
        wanted = np.array(one_hot(ids[:, t + 1], V))
        steps.append((h, cache, np.exp(log_p) / N - wanted / N, -(wanted * log_p).sum() / N))
    hT, dh, sums = h, 0 * h, None
    for h, cache, dy, _ in steps[::-1]:
        _, dh, *rest = rnn_step_backward(dh + dy @ params["Why"].T, cache)
        rest += [h.T @ dy, dy.sum(0)]
        sums = rest if sums is None else [a + b for a, b in zip(sums, rest, strict=True)]
    grads = {
        name: total.tolist()
        for name, total in zip(("Wx", "Wh", "b", "Why", "by"), sums, strict=True)
    }
    return sum(nats for *_, nats in steps), grads, tuple(map(tuple, hT))


def next_probs(logits, temperature=1.0, top_k=None):
    if temperature <= 0 or top_k == 0 or (top_k or 1) < 0:
        raise ValueError("both settings must be positive")
    rows = []
    for row in logits.tolist():
        kept = [j for _, j in sorted((-score, j) for j, score in enumerate(row))][:top_k]
        log_p = log_softmax(np.array([row[j] / temperature for j in kept]))
        rows.append([np.exp(log_p[kept.index(j)]) if j in kept else 0 for j in range(len(row))])
    return rows


def sample(params, h0, first_id, u):
    if len(u) == 0:
        return []
    x = np.array([one_hot(first_id, len(params["by"]))])
    h, _ = rnn_step_forward(x, h0, params["Wx"], params["Wh"], params["b"])
    p = next_probs(h @ params["Why"] + params["by"], 1.0, None)[0]
    sums = [sum(p[: j + 1]) for j in range(len(p))]
    drawn = next((j for j, total in enumerate(sums) if u[0] < total), len(p) - 1)
    return [drawn, *sample(params, h, drawn, u[1:])]


def bits_per_char(total_nats, chars):
    return np.log2(np.exp(sum(total_nats.tolist()) / sum(chars.tolist())))
