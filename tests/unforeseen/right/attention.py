"""Lesson 11: additive attention."""

import numpy as np

from .rnn import rnn_step_backward, rnn_step_forward


def masked_softmax(e, mask):
    """Softmax over the positions that are not padding, row by row."""
    if not mask.any(axis=1).all():
        raise ValueError("a row of mask has no word to attend to")
    weights = np.zeros(e.shape)
    for n in range(e.shape[0]):
        words = mask[n]
        picked = e[n, words]
        powers = np.exp(picked - picked.max())
        weights[n, words] = powers / powers.sum()
    return weights


def masked_softmax_backward(da, a):
    """The gradient of masked_softmax, from its output alone."""
    weighted = a * da
    row_sums = weighted.sum(axis=1, keepdims=True)
    de = weighted - a * row_sums
    return de


def additive_attention_forward(s, h, mask, W, U, v):
    """One look at the source."""
    N, T, E = h.shape
    query = s @ W
    hidden = np.zeros((N, T, len(v)))
    for i in range(T):
        hidden[:, i] = np.tanh(query + h[:, i] @ U)
    e = np.einsum("nta,a->nt", hidden, v)
    weights = masked_softmax(e, mask)
    context = np.einsum("nt,nte->ne", weights, h)
    cache = {"s": s, "h": h, "W": W, "U": U, "v": v, "hidden": hidden, "weights": weights}
    return context, weights, cache


def additive_attention_backward(dcontext, cache):
    """The gradient of additive_attention_forward."""
    s, h, W, U, v = (cache[name] for name in ("s", "h", "W", "U", "v"))
    hidden, weights = cache["hidden"], cache["weights"]

    # the context is a weighted mean
    dweights = np.einsum("ne,nte->nt", dcontext, h)
    dh = weights[:, :, None] * dcontext[:, None, :]

    # softmax, then the small network
    de = masked_softmax_backward(dweights, weights)
    dv = np.einsum("nt,nta->a", de, hidden)
    dhidden = de[:, :, None] * v
    dpre = dhidden * (1 - hidden**2)
    dquery = dpre.sum(axis=1)
    ds = dquery @ W.T
    dW = s.T @ dquery
    dU = np.einsum("nte,nta->ea", h, dpre)
    dh = dh + dpre @ U.T
    return ds, dh, dW, dU, dv


def attention_step_forward(x, prev_s, h, mask, W, U, v, Wx, Wh, b):
    """One step of a decoder that looks at its source."""
    context, weights, look_cache = additive_attention_forward(prev_s, h, mask, W, U, v)
    both = np.concatenate([x, context], axis=1)
    next_s, step_cache = rnn_step_forward(both, prev_s, Wx, Wh, b)
    return next_s, weights, (look_cache, step_cache, x.shape[1])


def attention_step_backward(dnext_s, cache):
    """The gradient of attention_step_forward."""
    look_cache, step_cache, D = cache
    dboth, ds_step, dWx, dWh, db = rnn_step_backward(dnext_s, step_cache)
    dx = dboth[:, :D]
    dcontext = dboth[:, D:]
    ds_look, dh, dW, dU, dv = additive_attention_backward(dcontext, look_cache)
    dprev_s = ds_step + ds_look
    return dx, dprev_s, dh, dW, dU, dv, dWx, dWh, db
