"""A correct mut.py in explicit loops, row by row; what the three cells share is one pair of
functions.
"""

import math

import numpy as np


def squash(a):
    return 1 / (1 + math.exp(-a)) if a >= 0 else 1 - 1 / (1 + math.exp(a))


def times(row, W):
    """One row times a matrix, as a list."""
    return [sum(row[k] * W[k][j] for k in range(len(row))) for j in range(len(W[0]))]


def add(*lists):
    return [sum(values) for values in zip(*lists, strict=True)]


class Ledger:
    """The gradients of one call."""

    def __init__(self, params):
        self.params = params
        self.grads = {name: np.zeros(w.shape) for name, w in params.items()}

    def product(self, row, name, da):
        """Enter what `row W` costs; returns the gradient of the row."""
        W = self.params[name]
        for k, value in enumerate(row):
            for j, d in enumerate(da):
                self.grads[name][k, j] += value * d
        return [sum(W[k, j] * da[j] for j in range(len(da))) for k in range(len(row))]

    def bias(self, name, da):
        for j, d in enumerate(da):
            self.grads[name][j] += d


def end_forward(z, n, h):
    return [z_j * n_j + (1 - z_j) * h_j for z_j, n_j, h_j in zip(z, n, h, strict=True)]


def end_backward(up, z, r, n, h, ledger):
    """(da_z, da_r, da_n, what goes straight to h) of one row."""
    da_z = [u * (n_j - h_j) * z_j * (1 - z_j) for u, z_j, n_j, h_j in zip(up, z, n, h, strict=True)]
    da_n = [u * z_j * (1 - n_j * n_j) for u, z_j, n_j in zip(up, z, n, strict=True)]
    reset = [r_j * h_j for r_j, h_j in zip(r, h, strict=True)]
    dreset = ledger.product(reset, "Whh", da_n)
    da_r = [d * h_j * r_j * (1 - r_j) for d, h_j, r_j in zip(dreset, h, r, strict=True)]
    straight = [u * (1 - z_j) + d * r_j for u, z_j, d, r_j in zip(up, z, dreset, r, strict=True)]
    for name, da in (("bz", da_z), ("br", da_r), ("bh", da_n)):
        ledger.bias(name, da)
    return da_z, da_r, da_n, straight


def same_width(x, prev_h):
    D, H = x.shape[-1], prev_h.shape[-1]
    if D > H or D < H:
        raise ValueError("x and the state must be equally wide")


def forward(x, prev_h, p, gates):
    """gates: (x row, h row) -> (a_z, a_r, what the candidate adds to the reset product), without
    biases.
    """
    next_h, kept = [], []
    for x_n, h_n in zip(x.tolist(), prev_h.tolist(), strict=True):
        a_z, a_r, rest = gates(x_n, h_n)
        z = [squash(a) for a in add(a_z, p["bz"])]
        r = [squash(a) for a in add(a_r, p["br"])]
        reset = [r_j * h_j for r_j, h_j in zip(r, h_n, strict=True)]
        n = [math.tanh(a) for a in add(times(reset, p["Whh"]), rest, p["bh"])]
        next_h.append(end_forward(z, n, h_n))
        kept.append((x_n, h_n, z, r, n))
    return np.array(next_h), (p, kept)


def backward(dnext_h, cache, rest):
    """rest: (ledger, x row, h row, da_z, da_r, da_n) -> (dx, what reaches h through the gates)."""
    p, kept = cache
    ledger, dx, dprev_h = Ledger(p), [], []
    for up, (x_n, h_n, z, r, n) in zip(dnext_h, kept, strict=True):
        da_z, da_r, da_n, straight = end_backward(up, z, r, n, h_n, ledger)
        dx_n, through_gates = rest(ledger, x_n, h_n, da_z, da_r, da_n)
        dx.append(dx_n)
        dprev_h.append(add(straight, through_gates))
    return np.array(dx), np.array(dprev_h), ledger.grads


def mut1_step_forward(x, prev_h, params):
    same_width(x, prev_h)

    def gates(x_n, h_n):
        a_r = add(times(x_n, params["Wxr"]), times(h_n, params["Whr"]))
        return times(x_n, params["Wxz"]), a_r, [math.tanh(value) for value in x_n]

    return forward(x, prev_h, params, gates)


def mut1_step_backward(dnext_h, cache):
    def rest(ledger, x_n, h_n, da_z, da_r, da_n):
        alone = [d / math.cosh(value) ** 2 for d, value in zip(da_n, x_n, strict=True)]
        dx_n = add(ledger.product(x_n, "Wxz", da_z), ledger.product(x_n, "Wxr", da_r), alone)
        return dx_n, ledger.product(h_n, "Whr", da_r)

    return backward(dnext_h, cache, rest)


def mut2_step_forward(x, prev_h, params):
    same_width(x, prev_h)

    def gates(x_n, h_n):
        a_z = add(times(x_n, params["Wxz"]), times(h_n, params["Whz"]))
        return a_z, add(x_n, times(h_n, params["Whr"])), times(x_n, params["Wxh"])

    return forward(x, prev_h, params, gates)


def mut2_step_backward(dnext_h, cache):
    def rest(ledger, x_n, h_n, da_z, da_r, da_n):
        dx_n = add(ledger.product(x_n, "Wxz", da_z), da_r, ledger.product(x_n, "Wxh", da_n))
        return dx_n, add(ledger.product(h_n, "Whz", da_z), ledger.product(h_n, "Whr", da_r))

    return backward(dnext_h, cache, rest)


def mut3_step_forward(x, prev_h, params):
    def gates(x_n, h_n):
        a_z = add(
            times(x_n, params["Wxz"]), times([math.tanh(value) for value in h_n], params["Whz"])
        )
        return (
            a_z,
            add(times(x_n, params["Wxr"]), times(h_n, params["Whr"])),
            times(x_n, params["Wxh"]),
        )

    return forward(x, prev_h, params, gates)


def mut3_step_backward(dnext_h, cache):
    def rest(ledger, x_n, h_n, da_z, da_r, da_n):
        entering = (("Wxz", da_z), ("Wxr", da_r), ("Wxh", da_n))
        squashed = [math.tanh(value) for value in h_n]
        through_z = [
            d * (1 - s * s)
            for d, s in zip(ledger.product(squashed, "Whz", da_z), squashed, strict=True)
        ]
        return add(*(ledger.product(x_n, *each) for each in entering)), add(
            through_z, ledger.product(h_n, "Whr", da_r)
        )

    return backward(dnext_h, cache, rest)
