"""A correct practice.py with whole arrays: einsum, one-hot tables, masks laid over sorted rows."""

import numpy as np


def sequence_dropout_forward(x, u, p):
    if not (p >= 0 and p < 1):
        raise ValueError(p)
    keep = np.where(u < p, 0.0, np.reciprocal(1.0 - p))
    return np.einsum("ntd,nd->ntd", x, keep), {"keep": keep}


def sequence_dropout_backward(dout, cache):
    return np.einsum("ntd,nd->ntd", dout, cache["keep"])


def tied_rnnlm_loss(params, ids, s0):
    E, Wx, Wh, b = (params[name] for name in ("E", "Wx", "Wh", "b"))
    C, N, T = len(E), len(ids), ids.shape[1] - 1
    read, wanted = np.eye(C)[ids[:, :-1]], np.eye(C)[ids[:, 1:]]
    s = np.empty((T + 1, N, len(b)))
    s[0] = s0
    for t in range(T):
        s[t + 1] = np.tanh(np.einsum("nc,cg,gh->nh", read[:, t], E, Wx) + s[t] @ Wh + b)
    scores = np.einsum("tnh,ch->ntc", s[1:], E)
    scores = scores - scores.max(-1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
    loss = -np.einsum("ntc,ntc->", wanted, log_p) / N
    error = (np.exp(log_p) - wanted) / N
    da = np.empty((T, N, len(b)))
    later = 0.0
    for t in reversed(range(T)):
        da[t] = (error[:, t] @ E + later) * (1 - s[t + 1] ** 2)
        later = da[t] @ Wh.T
    into = np.einsum("ntc,tnh->ch", read, da)
    return loss, {
        "E": np.einsum("ntc,tnh->ch", error, s[1:]) + np.einsum("ch,gh->cg", into, Wx),
        "Wx": np.einsum("cg,ch->gh", E, into),
        "Wh": np.einsum("tnh,tnk->hk", s[:-1], da),
        "b": da.sum((0, 1)),
    }


def teacher_forcing_rate(steps, k):
    return np.exp(-np.logaddexp(0.0, np.asarray(steps) / k - np.log(k)))


def scheduled_inputs(params, ids, h0, u, rate):
    table = params["Wx"] + params["b"]
    truth = u < rate
    truth[:, 0] = True
    columns, h = [], h0
    for t in range(ids.shape[1]):
        guess = np.argmax(np.einsum("nh,hv->nv", h, params["Why"]) + params["by"], axis=-1)
        columns.append(np.choose(truth[:, t], [guess, ids[:, t]]))
        h = np.tanh(table[columns[-1]] + np.einsum("nk,kh->nh", h, params["Wh"]))
    return np.stack(columns, axis=-1)


def nucleus_probs(logits, p):
    if not (p > 0 and p <= 1):
        raise ValueError("no such nucleus")
    order = np.argsort(-logits, axis=1, kind="stable")
    ranked = np.take_along_axis(logits, order, axis=1)
    ranked = np.exp(ranked - ranked[:, :1])
    ranked /= ranked.sum(axis=1, keepdims=True)
    before = np.concatenate([np.zeros((len(logits), 1)), ranked.cumsum(axis=1)[:, :-1]], axis=1)
    if p < 1:
        ranked = np.where(before < p, ranked, 0.0)
    probs = np.empty_like(ranked)
    np.put_along_axis(probs, order, ranked, axis=1)
    return probs / probs.sum(axis=1, keepdims=True)
