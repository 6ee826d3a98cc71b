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
    raise NotImplementedError("gru_step_forward (Task 6.1, 5 points)")
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
    raise NotImplementedError("gru_step_backward (Task 6.2, 8 points)")
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
    raise NotImplementedError("gru_forward (Task 6.3, 3 points)")
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
    raise NotImplementedError("gru_backward (Task 6.4, 4 points)")
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
    raise NotImplementedError("gru_to_other_convention (Task 6.5, 3 points)")
    return other_Wx, other_Wh, other_b
