"""Lesson 4: gradient flow."""

import numpy as np


def step_jacobian(next_h, Wh):
    """Slope of the output unit times the weight from the input unit."""
    slope = 1 - next_h**2
    J = np.einsum("ni,ji->nij", slope, Wh)
    return J


def sequence_jacobian(h, Wh):
    """The product of the Jacobians, the latest on the left."""
    N, T, H = h.shape
    J = np.zeros((N, H, H))
    for n in range(N):
        prod = np.eye(H)
        for t in range(T):
            J_t = step_jacobian(h[n : n + 1, t], Wh)[0]
            prod = J_t @ prod
        J[n] = prod
    return J


def gradient_norms(dhT, h, Wh):
    """Send dhT back, and measure it at every step."""
    T = h.shape[1]
    norms = np.zeros(T)
    grad = dhT
    for t in range(T - 1, -1, -1):
        norms[t] = np.sqrt(np.sum(grad**2))
        grad = (grad * (1 - h[:, t] ** 2)) @ Wh.T
    return norms


def vanishing_bound(Wh, T):
    """The T-th power of the largest singular value."""
    sigmas = np.linalg.svd(Wh, compute_uv=False)
    biggest = sigmas[0]
    bound = biggest**T
    return bound


def large_singular_value_that_vanishes(H):
    """Nilpotent: one large entry above the diagonal."""
    if H < 2:
        raise ValueError("needs at least two units")
    W = np.zeros((H, H))
    W[0, 1] = 4.0
    for i in range(H):
        W[i, i] = 0.25
    return W


def gradient_by_age(dhT, h0, h, Wh):
    """Walk back from the last step; what each of them adds to dWh."""
    T = h.shape[1]
    states = np.concatenate([h0[:, None], h], axis=1)
    terms = np.zeros((T, *Wh.shape))
    grad = dhT
    for t in range(T, 0, -1):
        da = grad * (1 - states[:, t] ** 2)
        terms[t - 1] = states[:, t - 1].T @ da
        grad = da @ Wh.T
    return terms


def clip_grad_norm(grads, max_norm):
    """Scale all of them by one factor, in place."""
    squares = 0.0
    for name in grads:
        squares += np.sum(grads[name] ** 2)
    norm = np.sqrt(squares)
    if norm > max_norm:
        factor = max_norm / norm
        for name in grads:
            grads[name] *= factor
    return norm
