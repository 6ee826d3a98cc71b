"""A correct charlm.py in explicit loops, its own recurrent layer and loss included."""

import math

import numpy as np


def one_hot(ids, V):
    ids = np.asarray(ids)
    x = np.zeros((*ids.shape, V))
    for place in np.ndindex(ids.shape):
        number = int(ids[place])
        if number < 0 or number >= V:
            raise ValueError("no such character")
        x[(*place, number)] = 1
    return x


def bigram_log_probs(ids, V):
    followers = {i: [] for i in range(V)}
    for t in range(1, len(ids)):
        followers[int(ids[t - 1])].append(int(ids[t]))
    log_probs = np.full((V, V), -np.inf)
    for i in range(V):
        for j in range(V):
            if not followers[i]:
                log_probs[i, j] = -math.log(V)
            elif j in followers[i]:
                log_probs[i, j] = math.log(followers[i].count(j)) - math.log(len(followers[i]))
    return log_probs


def charlm_loss(params, ids, h0):
    Wx, Wh, b, Why, by = (params[name] for name in ("Wx", "Wh", "b", "Why", "by"))
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    N, T = ids.shape[0], ids.shape[1] - 1
    loss, hT = 0.0, np.zeros(h0.shape)
    for n in range(N):
        states, errors = [h0[n]], []
        for t in range(T):
            states.append(np.tanh(Wx[ids[n, t]] + states[-1] @ Wh + b))
            y = states[-1] @ Why + by
            y = y - max(y)
            total = sum(math.exp(score) for score in y)
            loss += (math.log(total) - y[ids[n, t + 1]]) / N
            p = np.array([math.exp(score) / total for score in y])
            p[ids[n, t + 1]] -= 1
            errors.append(p / N)
        hT[n] = states[-1]
        back = np.zeros(h0.shape[1])
        for t in range(T - 1, -1, -1):
            grads["Why"] += np.outer(states[t + 1], errors[t])
            grads["by"] += errors[t]
            da = (Why @ errors[t] + back) * (1 - states[t + 1] ** 2)
            grads["Wx"][ids[n, t]] += da
            grads["Wh"] += np.outer(states[t], da)
            grads["b"] += da
            back = Wh @ da
    return loss, grads, hT


def next_probs(logits, temperature=1.0, top_k=None):
    if not temperature > 0:
        raise ValueError("the temperature must be positive")
    if top_k is not None and top_k < 1:
        raise ValueError("top_k must be positive")
    N, V = logits.shape
    probs = np.zeros((N, V))
    for n in range(N):
        left = list(range(V))
        kept = []
        while left and (top_k is None or len(kept) < top_k):
            best = left[0]
            for j in left:
                if logits[n, j] > logits[n, best]:
                    best = j
            kept.append(best)
            left.remove(best)
        weights = [math.exp((logits[n, j] - logits[n, kept[0]]) / temperature) for j in kept]
        for j, weight in zip(kept, weights, strict=True):
            probs[n, j] = weight / sum(weights)
    return probs


def sample(params, h0, first_id, u):
    h, read, written = h0[0], first_id, []
    for draw in u:
        h = np.tanh(params["Wx"][read] + h @ params["Wh"] + params["b"])
        y = h @ params["Why"] + params["by"]
        y = np.exp(y - y.max())
        read, passed = len(y) - 1, 0.0
        for j in range(len(y)):
            passed += y[j] / y.sum()
            if draw < passed:
                read = j
                break
        written.append(read)
    return np.array(written)


def bits_per_char(total_nats, chars):
    nats = count = 0
    for each, many in zip(total_nats, chars, strict=True):
        nats += each
        count += many
    return nats / count / math.log(2)
