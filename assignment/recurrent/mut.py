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
    raise NotImplementedError("mut1_step_forward (Task 6.6, 2.5 points)")
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
    raise NotImplementedError("mut1_step_backward (Task 6.7, 2.5 points)")
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
    raise NotImplementedError("mut2_step_forward (Task 6.8, 2.5 points)")
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
    raise NotImplementedError("mut2_step_backward (Task 6.9, 2.5 points)")
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
    raise NotImplementedError("mut3_step_forward (Task 6.10, 2.5 points)")
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
    raise NotImplementedError("mut3_step_backward (Task 6.11, 2.5 points)")
    return dx, dprev_h, grads
