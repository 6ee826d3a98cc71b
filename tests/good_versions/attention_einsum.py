"""A correct attention.py in another style: einsum, log-space softmax, the cell written out and the
weights split.
"""

import numpy as np


def masked_softmax(e, mask):
    if np.any(mask.sum(axis=-1) == 0):
        raise ValueError("nothing to attend to")
    logs = np.where(mask, e, -np.inf)
    return np.exp(logs - np.logaddexp.reduce(logs, axis=-1, keepdims=True))


def masked_softmax_backward(da, a):
    jacobian = np.einsum("ni,ij->nij", a, np.eye(a.shape[1])) - np.einsum("ni,nj->nij", a, a)
    return np.einsum("nij,ni->nj", jacobian, da)


def additive_attention_forward(s, h, mask, W, U, v):
    q = np.tanh(np.einsum("nh,ha->na", s, W)[:, np.newaxis] + np.einsum("nte,ea->nta", h, U))
    weights = masked_softmax(np.einsum("nta,a->nt", q, v), mask)
    return (
        np.einsum("nt,nte->ne", weights, h),
        weights,
        dict(s=s, h=h, W=W, U=U, v=v, q=q, a=weights),
    )


def additive_attention_backward(dcontext, cache):
    s, h, W, U, v, q, a = (cache[name] for name in ("s", "h", "W", "U", "v", "q", "a"))
    de = masked_softmax_backward(np.einsum("ne,nte->nt", dcontext, h), a)
    dp = np.einsum("nt,a,nta->nta", de, v, 1 - np.square(q))
    return (
        np.einsum("nta,ha->nh", dp, W),
        np.einsum("nt,ne->nte", a, dcontext) + np.einsum("nta,ea->nte", dp, U),
        np.einsum("nh,nta->ha", s, dp),
        np.einsum("nte,nta->ea", h, dp),
        np.einsum("nt,nta->a", de, q),
    )


def attention_step_forward(x, prev_s, h, mask, W, U, v, Wx, Wh, b):
    D = x.shape[-1]
    context, weights, look = additive_attention_forward(prev_s, h, mask, W, U, v)
    next_s = np.tanh(x @ Wx[:D] + context @ Wx[D:] + prev_s @ Wh + b)
    return next_s, weights, (x, context, prev_s, Wx, Wh, next_s, look)


def attention_step_backward(dnext_s, cache):
    x, context, prev_s, Wx, Wh, next_s, look = cache
    D = x.shape[-1]
    da = dnext_s * (1 + next_s) * (1 - next_s)
    ds, dh, dW, dU, dv = additive_attention_backward(da @ Wx[D:].T, look)
    dWx = np.vstack([np.einsum("nd,nh->dh", x, da), np.einsum("ne,nh->eh", context, da)])
    dprev_s = np.einsum("nh,gh->ng", da, Wh) + ds
    return da @ Wx[:D].T, dprev_s, dh, dW, dU, dv, dWx, prev_s.T @ da, da.sum(0)
