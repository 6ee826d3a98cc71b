"""Lesson 6, second part: three cells that were found by search (Jozefowicz et al. 2015).

They look like GRUs that somebody mutated, and that is what they are: of ten thousand candidates
these three did best. Written for row vectors, with h for the state before the step and `params` a
dictionary of the matrices and biases that each cell needs:

    MUT1   z = sigma(x Wxz + bz)
           r = sigma(x Wxr + h Whr + br)
           n = tanh((r * h) Whh + tanh(x) + bh)
    MUT2   z = sigma(x Wxz + h Whz + bz)
           r = sigma(x + h Whr + br)
           n = tanh((r * h) Whh + x Wxh + bh)
    MUT3   z = sigma(x Wxz + tanh(h) Whz + bz)
           r = sigma(x Wxr + h Whr + br)
           n = tanh((r * h) Whh + x Wxh + bh)

    all    h_next = n * z + h * (1 - z)

MUT1 and MUT2 add x to a vector of length H without a weight, so D must equal H. The lecture does
not say so.
"""

import numpy as np

from .lstm import sigmoid


def mut1_step_forward(x, prev_h, params):
    """One step of MUT1.

    Inputs:
    - x: (N, H), the input at this time step; its width D must be H
    - prev_h: (N, H), the hidden state of the step before
    - params: dictionary of
      - Wxz: (H, H)
      - bz: (H,)
      - Wxr: (H, H)
      - Whr: (H, H)
      - br: (H,)
      - Whh: (H, H)
      - bh: (H,)

    Returns:
    - next_h: (N, H), the new hidden state
    - cache: whatever mut1_step_backward needs

    Raises: ValueError if D is not H, also where numpy would broadcast (D = 1).

    Source: lecture, "Other RNN Variants"; Jozefowicz et al. 2015.
    """
    ### BEGIN SOLUTION
    if x.shape[1] != prev_h.shape[1]:
        raise ValueError(
            f"MUT1 adds x to the state without a weight: D = {x.shape[1]} must be H = "
            f"{prev_h.shape[1]}"
        )
    z = sigmoid(x @ params["Wxz"] + params["bz"])
    r = sigmoid(x @ params["Wxr"] + prev_h @ params["Whr"] + params["br"])
    n = np.tanh((r * prev_h) @ params["Whh"] + np.tanh(x) + params["bh"])
    next_h = n * z + prev_h * (1 - z)
    cache = (x, prev_h, params, z, r, n)
    ### END SOLUTION
    return next_h, cache


def mut1_step_backward(dnext_h, cache):
    """The gradient of one step of MUT1.

    Inputs:
    - dnext_h: (N, H), gradient of the loss with respect to next_h
    - cache: from mut1_step_forward

    Returns:
    - dx: (N, H)
    - dprev_h: (N, H)
    - grads: dictionary with the keys and shapes of params

    Source: chain rule.
    """
    ### BEGIN SOLUTION
    x, prev_h, params, z, r, n = cache
    da_z = dnext_h * (n - prev_h) * z * (1 - z)
    da_n = dnext_h * z * (1 - n**2)
    dreset = da_n @ params["Whh"].T  # (N, H), gradient by r * prev_h
    da_r = dreset * prev_h * r * (1 - r)
    dx = da_z @ params["Wxz"].T + da_r @ params["Wxr"].T + da_n * (1 - np.tanh(x) ** 2)
    dprev_h = dnext_h * (1 - z) + dreset * r + da_r @ params["Whr"].T
    grads = {
        "Wxz": x.T @ da_z,
        "bz": da_z.sum(axis=0),
        "Wxr": x.T @ da_r,
        "Whr": prev_h.T @ da_r,
        "br": da_r.sum(axis=0),
        "Whh": (r * prev_h).T @ da_n,
        "bh": da_n.sum(axis=0),
    }
    ### END SOLUTION
    return dx, dprev_h, grads


def mut2_step_forward(x, prev_h, params):
    """One step of MUT2.

    Inputs:
    - x: (N, H), the input at this time step; its width D must be H
    - prev_h: (N, H), the hidden state of the step before
    - params: dictionary of
      - Wxz: (H, H)
      - Whz: (H, H)
      - bz: (H,)
      - Whr: (H, H)
      - br: (H,)
      - Wxh: (H, H)
      - Whh: (H, H)
      - bh: (H,)

    Returns:
    - next_h: (N, H), the new hidden state
    - cache: whatever mut2_step_backward needs

    Raises: ValueError if D is not H, also where numpy would broadcast (D = 1).

    Source: lecture, "Other RNN Variants"; Jozefowicz et al. 2015.
    """
    ### BEGIN SOLUTION
    if x.shape[1] != prev_h.shape[1]:
        raise ValueError(
            f"MUT2 adds x to the state without a weight: D = {x.shape[1]} must be H = "
            f"{prev_h.shape[1]}"
        )
    z = sigmoid(x @ params["Wxz"] + prev_h @ params["Whz"] + params["bz"])
    r = sigmoid(x + prev_h @ params["Whr"] + params["br"])
    n = np.tanh((r * prev_h) @ params["Whh"] + x @ params["Wxh"] + params["bh"])
    next_h = n * z + prev_h * (1 - z)
    cache = (x, prev_h, params, z, r, n)
    ### END SOLUTION
    return next_h, cache


def mut2_step_backward(dnext_h, cache):
    """The gradient of one step of MUT2.

    Inputs:
    - dnext_h: (N, H), gradient of the loss with respect to next_h
    - cache: from mut2_step_forward

    Returns:
    - dx: (N, H)
    - dprev_h: (N, H)
    - grads: dictionary with the keys and shapes of params

    Source: chain rule.
    """
    ### BEGIN SOLUTION
    x, prev_h, params, z, r, n = cache
    da_z = dnext_h * (n - prev_h) * z * (1 - z)
    da_n = dnext_h * z * (1 - n**2)
    dreset = da_n @ params["Whh"].T  # (N, H), gradient by r * prev_h
    da_r = dreset * prev_h * r * (1 - r)
    dx = da_z @ params["Wxz"].T + da_r + da_n @ params["Wxh"].T
    dprev_h = dnext_h * (1 - z) + dreset * r + da_z @ params["Whz"].T + da_r @ params["Whr"].T
    grads = {
        "Wxz": x.T @ da_z,
        "Whz": prev_h.T @ da_z,
        "bz": da_z.sum(axis=0),
        "Whr": prev_h.T @ da_r,
        "br": da_r.sum(axis=0),
        "Wxh": x.T @ da_n,
        "Whh": (r * prev_h).T @ da_n,
        "bh": da_n.sum(axis=0),
    }
    ### END SOLUTION
    return dx, dprev_h, grads


def mut3_step_forward(x, prev_h, params):
    """One step of MUT3. Here every x has a weight, and D need not be H.

    Inputs:
    - x: (N, D), the input at this time step
    - prev_h: (N, H), the hidden state of the step before
    - params: dictionary of
      - Wxz: (D, H)
      - Whz: (H, H)
      - bz: (H,)
      - Wxr: (D, H)
      - Whr: (H, H)
      - br: (H,)
      - Wxh: (D, H)
      - Whh: (H, H)
      - bh: (H,)

    Returns:
    - next_h: (N, H), the new hidden state
    - cache: whatever mut3_step_backward needs

    Source: lecture, "Other RNN Variants"; Jozefowicz et al. 2015.
    """
    ### BEGIN SOLUTION
    z = sigmoid(x @ params["Wxz"] + np.tanh(prev_h) @ params["Whz"] + params["bz"])
    r = sigmoid(x @ params["Wxr"] + prev_h @ params["Whr"] + params["br"])
    n = np.tanh((r * prev_h) @ params["Whh"] + x @ params["Wxh"] + params["bh"])
    next_h = n * z + prev_h * (1 - z)
    cache = (x, prev_h, params, z, r, n)
    ### END SOLUTION
    return next_h, cache


def mut3_step_backward(dnext_h, cache):
    """The gradient of one step of MUT3.

    Inputs:
    - dnext_h: (N, H), gradient of the loss with respect to next_h
    - cache: from mut3_step_forward

    Returns:
    - dx: (N, D)
    - dprev_h: (N, H)
    - grads: dictionary with the keys and shapes of params

    Source: chain rule.
    """
    ### BEGIN SOLUTION
    x, prev_h, params, z, r, n = cache
    squashed = np.tanh(prev_h)
    da_z = dnext_h * (n - prev_h) * z * (1 - z)
    da_n = dnext_h * z * (1 - n**2)
    dreset = da_n @ params["Whh"].T  # (N, H), gradient by r * prev_h
    da_r = dreset * prev_h * r * (1 - r)
    dx = da_z @ params["Wxz"].T + da_r @ params["Wxr"].T + da_n @ params["Wxh"].T
    dsquashed = da_z @ params["Whz"].T
    dprev_h = (
        dnext_h * (1 - z) + dreset * r + dsquashed * (1 - squashed**2) + da_r @ params["Whr"].T
    )
    grads = {
        "Wxz": x.T @ da_z,
        "Whz": squashed.T @ da_z,
        "bz": da_z.sum(axis=0),
        "Wxr": x.T @ da_r,
        "Whr": prev_h.T @ da_r,
        "br": da_r.sum(axis=0),
        "Wxh": x.T @ da_n,
        "Whh": (r * prev_h).T @ da_n,
        "bh": da_n.sum(axis=0),
    }
    ### END SOLUTION
    return dx, dprev_h, grads
