"""A correct gradflow.py that computes in single precision and returns lists and zero-dimensional
arrays.
"""

import numpy as np


def step_jacobian(next_h, Wh):
    next_h, Wh = next_h.astype(np.float32), Wh.astype(np.float32)
    return [np.diag((1 - h_n) * (1 + h_n)) @ Wh.T for h_n in next_h]


def sequence_jacobian(h, Wh):
    N, T, _ = h.shape
    results = []
    for n in range(N):
        factors = [step_jacobian(h[n : n + 1, t], Wh)[0] for t in reversed(range(T))]
        results.append(np.linalg.multi_dot(factors) if T > 1 else factors[0])
    return np.array(results, dtype=np.float32)


def gradient_norms(dhT, h, Wh):
    h, Wh = h.astype(np.float32), Wh.astype(np.float32)
    T = h.shape[1]
    dh = np.zeros(h.shape, dtype=np.float32)
    dh[:, -1] = dhT
    for t in range(T - 1, 0, -1):
        dh[:, t - 1] = ((1 - h[:, t] ** 2) * dh[:, t]) @ Wh.T
    return np.linalg.norm(dh, axis=(0, 2))


def vanishing_bound(Wh, T):
    return np.array(np.linalg.svd(Wh.astype(np.float32), compute_uv=False).max() ** np.float32(T))


def large_singular_value_that_vanishes(H):
    if not H >= 2:
        raise ValueError("at least two units, please")
    W = np.full((H, H), 0.0, dtype=np.float32)
    W[1:, 0] = 2.5
    np.fill_diagonal(W, 0.25)
    return W.tolist()


def gradient_by_age(dhT, h0, h, Wh):
    h, Wh = h.astype(np.float32), Wh.astype(np.float32)
    T = h.shape[1]
    states = [h0.astype(np.float32)] + [h[:, t] for t in range(T)]
    terms, dh = [], dhT.astype(np.float32)
    while len(states) > 1:
        after = states.pop()
        da = (1 - after) * (1 + after) * dh
        terms.insert(0, (states[-1].T @ da).tolist())
        dh = da @ Wh.T
    return terms


def clip_grad_norm(grads, max_norm):
    total = np.float32(0)
    for g in grads.values():
        total = total + np.sum(g.astype(np.float32) ** 2)
    norm = np.sqrt(total)
    if norm > max_norm:
        scale = np.float32(max_norm) / norm
        for g in list(grads.values()):
            g[:] = g.astype(np.float32) * scale
    return norm
