"""A correct gradflow.py with diagonal matrices, einsum and numpy's own norms; the matrix is hidden
in a rotation.
"""

from functools import reduce

import numpy as np


def step_jacobian(next_h, Wh):
    diagonal = np.einsum("ni,ij->nij", 1 - np.square(next_h), np.eye(next_h.shape[1]))
    return np.einsum("nij,kj->nik", diagonal, Wh)


def sequence_jacobian(h, Wh):
    steps = [step_jacobian(h_t, Wh) for h_t in np.swapaxes(h, 0, 1)]
    return reduce(lambda product, J: np.matmul(J, product), steps)


def gradient_norms(dhT, h, Wh):
    T = h.shape[1]
    return np.array(
        [
            np.linalg.norm(
                np.einsum("ni,nij->nj", dhT, sequence_jacobian(h[:, t + 1 :], Wh))
                if t < T - 1
                else dhT
            )
            for t in range(T)
        ]
    )


def vanishing_bound(Wh, T):
    return np.power(np.linalg.norm(Wh, ord=2), T)


def large_singular_value_that_vanishes(H):
    if H <= 1:
        raise ValueError(f"H = {H} is too small")
    triangle = np.zeros((H, H))
    triangle[0, -1] = 7.0
    rotation, _ = np.linalg.qr(np.random.default_rng(H).normal(size=(H, H)))
    return rotation @ triangle @ rotation.T


def gradient_by_age(dhT, h0, h, Wh):
    """All gradients by products of Jacobians first, then all terms in one einsum."""
    T = h.shape[1]
    arrives = []
    for t in range(1, T):
        arrives.append(np.einsum("ni,nij->nj", dhT, sequence_jacobian(h[:, t:], Wh)))
    arrives.append(dhT)
    read = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    return np.einsum("nti,tnj,ntj->tij", read, np.array(arrives), 1 - h**2)


def clip_grad_norm(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads.values()])
    factor = min(1.0, max_norm / (norm + 1e-6))
    for g in grads.values():
        np.multiply(g, factor, out=g)
    return norm
