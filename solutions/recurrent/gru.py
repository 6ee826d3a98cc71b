"""Lesson 6: the GRU, in the lecture's convention.

    z = sigma(x Wxz + h_{t-1} Whz + bz)            how much of the new state is taken
    r = sigma(x Wxr + h_{t-1} Whr + br)            how much of the old state the candidate sees
    n = tanh(x Wxn + (r * h_{t-1}) Whn + bn)       the candidate, h~ in the lecture
    h_t = (1 - z) * h_{t-1} + z * n

The blocks stand side by side in the order **z r n**: Wx = [Wxz Wxr Wxn], and Wh and b likewise.
Note that r multiplies the state *before* the product with Whn (PyTorch resets after it), and that z
weighs the *new* state (PyTorch's weighs the old one).
"""

import numpy as np

from .lstm import sigmoid


def gru_step_forward(x, prev_h, Wx, Wh, b):
    """One step of a GRU.

    Inputs:
    - x: (N, D), the input at this time step
    - prev_h: (N, H), the hidden state of the step before
    - Wx: (D, 3H), input-to-hidden weights, blocks z r n
    - Wh: (H, 3H), hidden-to-hidden weights, blocks z r n
    - b: (3H,), bias, blocks z r n

    Returns:
    - next_h: (N, H), the new hidden state
    - cache: whatever gru_step_backward needs

    Source: lecture, "Gated Recurrent Units"; Cho et al. 2014.
    """
    ### BEGIN SOLUTION
    Wxz, Wxr, Wxn = np.split(Wx, 3, axis=1)
    Whz, Whr, Whn = np.split(Wh, 3, axis=1)
    bz, br, bn = np.split(b, 3)
    z = sigmoid(x @ Wxz + prev_h @ Whz + bz)
    r = sigmoid(x @ Wxr + prev_h @ Whr + br)
    n = np.tanh(x @ Wxn + (r * prev_h) @ Whn + bn)
    next_h = (1 - z) * prev_h + z * n
    cache = (x, prev_h, Wx, Wh, z, r, n)
    ### END SOLUTION
    return next_h, cache


def gru_step_backward(dnext_h, cache):
    """The gradient of one step.

    The old state is used four times: it is kept, each gate sees it, and r resets it.

    Inputs:
    - dnext_h: (N, H), gradient of the loss with respect to next_h
    - cache: from gru_step_forward

    Returns:
    - dx: (N, D)
    - dprev_h: (N, H)
    - dWx: (D, 3H)
    - dWh: (H, 3H)
    - db: (3H,)

    Source: chain rule.
    """
    ### BEGIN SOLUTION
    x, prev_h, Wx, Wh, z, r, n = cache
    Whz, Whr, Whn = np.split(Wh, 3, axis=1)
    dz = dnext_h * (n - prev_h)
    dn = dnext_h * z
    da_n = dn * (1 - n**2)
    dreset = da_n @ Whn.T  # (N, H), gradient by r * prev_h
    dr = dreset * prev_h
    da_z = dz * z * (1 - z)
    da_r = dr * r * (1 - r)
    dprev_h = dnext_h * (1 - z) + dreset * r + da_z @ Whz.T + da_r @ Whr.T
    da = np.concatenate([da_z, da_r, da_n], axis=1)  # (N, 3H)
    dx = da @ Wx.T
    dWx = x.T @ da
    dWh = np.concatenate([prev_h.T @ da_z, prev_h.T @ da_r, (r * prev_h).T @ da_n], axis=1)
    db = da.sum(axis=0)
    ### END SOLUTION
    return dx, dprev_h, dWx, dWh, db


def gru_forward(x, h0, Wx, Wh, b):
    """A GRU over a whole sequence.

    Inputs:
    - x: (N, T, D), the inputs
    - h0: (N, H), the state before the first step
    - Wx: (D, 3H), input-to-hidden weights, blocks z r n
    - Wh: (H, 3H), hidden-to-hidden weights, blocks z r n
    - b: (3H,), bias, blocks z r n

    Returns:
    - h: (N, T, H), the hidden states
    - cache: whatever gru_backward needs

    Source: lecture, "Gated Recurrent Units".
    """
    ### BEGIN SOLUTION
    N, T, _ = x.shape
    h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0))
    prev_h = h0
    steps = []
    for t in range(T):
        prev_h, step = gru_step_forward(x[:, t], prev_h, Wx, Wh, b)
        h[:, t] = prev_h
        steps.append(step)
    cache = (x, h0, Wx, Wh, b, steps)
    ### END SOLUTION
    return h, cache


def gru_backward(dh, cache):
    """Backpropagation through time for a GRU.

    Inputs:
    - dh: (N, T, H), gradient of the loss with respect to each h[:, t] as an output
    - cache: from gru_forward

    Returns:
    - dx: (N, T, D)
    - dh0: (N, H)
    - dWx: (D, 3H), summed over time
    - dWh: (H, 3H), summed over time
    - db: (3H,), summed over time

    Source: chain rule.
    """
    ### BEGIN SOLUTION
    x, h0, Wx, Wh, b, steps = cache
    T = x.shape[1]
    dx, dprev_h = np.zeros(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
    for t in reversed(range(T)):
        dnext_h = dh[:, t] + dprev_h
        dx[:, t], dprev_h, dWx_t, dWh_t, db_t = gru_step_backward(dnext_h, steps[t])
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    dh0 = dprev_h
    ### END SOLUTION
    return dx, dh0, dWx, dWh, db


def gru_to_other_convention(Wx, Wh, b):
    """Weights for the other convention of the update gate, h_t = z * h_{t-1} + (1 - z) * n.

    That is PyTorch's: there z says how much of the *old* state is kept. The same network needs
    other weights for that; the blocks r and n stay. (The place of the reset cannot be converted at
    all.)

    Inputs:
    - Wx: (D, 3H), input-to-hidden weights, blocks z r n, in the lecture's convention
    - Wh: (H, 3H), hidden-to-hidden weights
    - b: (3H,), bias

    Returns:
    - other_Wx: (D, 3H), a new array, the input-to-hidden weights for the other convention
    - other_Wh: (H, 3H), a new array, the hidden-to-hidden weights
    - other_b: (3H,), a new array, the bias

    Source: 1 - sigma(a) = sigma(-a).
    """
    ### BEGIN SOLUTION
    H = Wh.shape[0]
    sign = np.ones_like(b)
    sign[:H] = -1
    other_Wx, other_Wh, other_b = Wx * sign, Wh * sign, b * sign
    ### END SOLUTION
    return other_Wx, other_Wh, other_b
