"""A correct gradflow.py as some people write it: arguments used as scratch paper, prints, stray
imports, new slices.
"""

import pdb  # noqa: F401
import time  # noqa: F401

import numpy as np


def step_jacobian(next_h, Wh):
    next_h *= -next_h
    next_h += 1
    J = Wh.T[None] * next_h[..., None]
    next_h[:] = 0
    return J


def sequence_jacobian(h, Wh):
    N, T, H = h.shape
    h **= 2
    np.subtract(1, h, out=h)
    J = np.stack([np.eye(H)] * N)
    for t in range(T):
        J = Wh.T @ J
        J *= h[:, t, :, None]
        print("after step", t, "the Jacobian has norm", np.linalg.norm(J))
    return J


def gradient_norms(dhT, h, Wh):
    norms = []
    t = h.shape[1]
    while t > 0:
        t -= 1
        norms.append(np.sqrt(np.vdot(dhT, dhT)))
        dhT *= 1 - h[:, t] ** 2
        dhT[:] = dhT @ Wh.T
    norms.reverse()
    return norms


def vanishing_bound(Wh, T):
    singular = np.linalg.svd(Wh)[1]
    Wh[:] = 0
    return singular.max() ** T


def large_singular_value_that_vanishes(H):
    if H < 2:
        raise ValueError("H must be at least 2")
    print("building a matrix of size", H)
    W = np.triu(np.ones((H, H), dtype=int), 1)
    W *= 4
    return W


def gradient_by_age(dhT, h0, h, Wh):
    T = h.shape[1]
    terms = np.zeros((T, *Wh.shape))
    for t in range(T - 1, -1, -1):
        dhT *= 1 - h[:, t] ** 2
        h0_or_h = h0 if t == 0 else h[:, t - 1]
        np.matmul(h0_or_h.T, dhT, out=terms[t])
        print("age", T - 1 - t, "norm", np.linalg.norm(terms[t]))
        dhT[:] = dhT @ Wh.T
        h[:, t] = 0
    h0[:] = Wh[:] = 0
    return terms


def clip_grad_norm(grads, max_norm):
    everything = np.concatenate([g.flatten() for g in grads.values()])
    norm = np.sqrt(everything @ everything)
    if norm > max_norm:
        for name, g in grads.items():
            g[...] = g / norm
            grads[name] *= max_norm
    return norm
