"""A correct head.py in einsum, one-hot targets and logaddexp; what is cached are closures."""

import numpy as np


def temporal_affine_forward(x, W, b):
    def backward(dout):
        return (
            np.einsum("ntv,hv->nth", dout, W),
            np.einsum("nth,ntv->hv", x, dout),
            np.einsum("ntv->v", dout),
        )

    return np.einsum("nth,hv->ntv", x, W) + b[None, None, :], backward


def temporal_affine_backward(dout, cache):
    return cache(dout)


def temporal_softmax_loss(x, y, mask):
    N, _, V = x.shape
    log_total = np.logaddexp.reduce(x, axis=-1)  # (N, T)
    target = np.equal(y[..., None], np.arange(V)).astype(float)  # (N, T, V)
    weight = mask.astype(float) / N
    loss = np.einsum("nt,nt->", weight, log_total - np.einsum("ntv,ntv->nt", target, x))
    dx = np.einsum("nt,ntv->ntv", weight, np.exp(x - log_total[..., None]) - target)
    return loss, dx


def perplexity(total_nats, tokens):
    weights = tokens / tokens.sum()
    return np.prod(np.exp(total_nats / tokens) ** weights)
