"""A correct gradflow.py in explicit Python loops; the singular value by power iteration, the matrix
from two blocks.
"""

import math

import numpy as np


def step_jacobian(next_h, Wh):
    N, H = next_h.shape
    J = np.zeros((N, H, H))
    for n in range(N):
        for i in range(H):
            for j in range(H):
                J[n, i, j] = (1 - next_h[n, i] * next_h[n, i]) * Wh[j, i]
    return J


def sequence_jacobian(h, Wh):
    N, T, H = h.shape
    result = np.zeros((N, H, H))
    for n in range(N):
        product = np.eye(H)
        for t in range(T - 1, -1, -1):  # from the left to the right
            product = product.dot(step_jacobian(h[n : n + 1, t], Wh)[0])
        result[n] = product
    return result


def gradient_norms(dhT, h, Wh):
    N, T, H = h.shape
    dh = dhT.copy()
    norms = []
    for t in range(T - 1, -1, -1):
        norms.insert(0, math.sqrt(sum(float(v) ** 2 for v in dh.ravel())))
        before = np.zeros((N, H))
        for n in range(N):
            for j in range(H):
                for i in range(H):
                    before[n, j] += dh[n, i] * (1 - h[n, t, i] ** 2) * Wh[j, i]
        dh = before
    return np.array(norms)


def vanishing_bound(Wh, T):
    gram = Wh.T @ Wh
    sigma = math.sqrt(max(0.0, np.linalg.eigvalsh(gram)[-1]))
    bound = 1.0
    for _ in range(T):
        bound *= sigma
    return bound


def large_singular_value_that_vanishes(H):
    if H < 2:
        raise ValueError("one unit is not enough")
    W = np.zeros((H, H))
    for i in range(H):
        for j in range(i):
            W[i, j] = 5.0 + i - j
        W[i, i] = 0.1 * (-1) ** i
    return W


def gradient_by_age(dhT, h0, h, Wh):
    """Recursive: the terms of a sequence that is one step shorter, and the newest one."""
    N, T, H = h.shape
    read = h0 if T == 1 else h[:, -2]
    term, before = np.zeros((H, H)), np.zeros((N, H))
    for n in range(N):
        for i in range(H):
            da = dhT[n, i] * (1 - h[n, -1, i] ** 2)
            for j in range(H):
                term[j, i] += read[n, j] * da
                before[n, j] += da * Wh[j, i]
    if T == 1:
        return [term]
    return [*gradient_by_age(before, h0, h[:, :-1], Wh), term]


def clip_grad_norm(grads, max_norm):
    squares = 0.0
    for name in grads:
        for value in grads[name].ravel():
            squares += value * value
    norm = math.sqrt(squares)
    if norm <= max_norm:
        return norm
    for name in grads:
        for index in np.ndindex(grads[name].shape):
            grads[name][index] = grads[name][index] / norm * max_norm
    return norm
