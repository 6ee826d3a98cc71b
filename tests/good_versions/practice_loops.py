"""A correct practice.py written out with loops, in plain Python where that is possible."""

import math

import numpy as np


def sequence_dropout_forward(x, u, p):
    if p < 0 or p >= 1:
        raise ValueError("p is a probability below 1")
    N, T, D = x.shape
    out, factor = np.zeros((N, T, D)), np.zeros((N, D))
    for n in range(N):
        for d in range(D):
            if u[n, d] < p:
                continue
            factor[n, d] = 1 / (1 - p)
            for t in range(T):
                out[n, t, d] = x[n, t, d] * factor[n, d]
    return out, factor


def sequence_dropout_backward(dout, cache):
    dx = np.zeros(dout.shape)
    for t in range(dout.shape[1]):
        for n in range(dout.shape[0]):
            dx[n, t] = dout[n, t] * cache[n]
    return dx


def tied_rnnlm_loss(params, ids, s0):
    E, Wx, Wh, b = params["E"], params["Wx"], params["Wh"], params["b"]
    N, T = ids.shape[0], ids.shape[1] - 1
    dE, dWx, dWh, db = (np.zeros(w.shape) for w in (E, Wx, Wh, b))
    loss = 0.0
    for n in range(N):
        states, errors = [s0[n]], []
        for t in range(T):
            states.append(np.tanh(E[ids[n, t]] @ Wx + states[-1] @ Wh + b))
            scores = E @ states[-1]
            top = scores.max()
            p = np.exp(scores - top)
            loss -= (scores[ids[n, t + 1]] - top - math.log(p.sum())) / N
            p /= p.sum()
            p[ids[n, t + 1]] -= 1
            errors.append(p / N)
        later = np.zeros(len(b))
        for t in range(T - 1, -1, -1):
            dE += np.outer(errors[t], states[t + 1])
            da = (E.T @ errors[t] + later) * (1 - states[t + 1] ** 2)
            dE[ids[n, t]] += Wx @ da
            dWx += np.outer(E[ids[n, t]], da)
            dWh += np.outer(states[t], da)
            db += da
            later = Wh @ da
    return loss, {"E": dE, "Wx": dWx, "Wh": dWh, "b": db}


def teacher_forcing_rate(steps, k):
    rates = []
    for step in steps:
        power = step / k
        rates.append(0.0 if power > 700 else k / (k + math.exp(power)))
    return np.array(rates)


def scheduled_inputs(params, ids, h0, u, rate):
    read = np.zeros(ids.shape, dtype=int)
    for n in range(ids.shape[0]):
        h, guess = h0[n], None
        for t in range(ids.shape[1]):
            read[n, t] = ids[n, t] if t == 0 or u[n, t] < rate else guess
            h = np.tanh(params["Wx"][read[n, t]] + h @ params["Wh"] + params["b"])
            scores = list(h @ params["Why"] + params["by"])
            guess = scores.index(max(scores))
    return read


def nucleus_probs(logits, p):
    if p <= 0 or p > 1:
        raise ValueError("p should be above 0, and at most 1")
    result = []
    for row in logits:
        top = max(row)
        weights = [math.exp(score - top) for score in row]
        total = sum(weights)
        so_far, kept = 0.0, {}
        for i in sorted(range(len(row)), key=lambda i: -row[i]):
            if so_far >= p * total and p < 1:
                break
            kept[i] = weights[i]
            so_far += weights[i]
        result.append([kept.get(i, 0.0) / so_far for i in range(len(row))])
    return np.array(result)
