"""Lesson 4: why vanilla RNNs are hard to train.

    dh_T/dh_0 = J_T J_{T-1} ... J_1,        J_t = dh_t/dh_{t-1}

A gradient on its way from step T back to the start meets one Jacobian at every step. If each of
them shrinks it, nothing arrives (it vanishes); if each stretches it, far too much does (it
explodes). Here you build these Jacobians, watch gradients shrink, find out what the largest
singular value of Wh says about it and what it does not, take the gradient of Wh apart by the age of
what it learns from, and tame gradients that are too long.

The hidden states h are those of the vanilla RNN: h_t = tanh(x_t Wx + h_{t-1} Wh + b), row vectors,
weights on the right. All functions but clip_grad_norm leave their arguments alone.
"""

import numpy as np


def step_jacobian(next_h, Wh):
    """The Jacobian of one step: how each new hidden unit moves when an old one does.

    The order of the indices is output first, then input, for each example n of the batch:

        J[n, i, j] = d next_h[n, i] / d prev_h[n, j]

    Inputs:
    - next_h: (N, H), the state after the step, next_h = tanh(x Wx + prev_h Wh + b)
    - Wh: (H, H), hidden-to-hidden weights

    Returns:
    - J: (N, H, H)

    Source: lecture, "Vanilla RNN Gradient Flow"; Pascanu, Mikolov and Bengio 2013. tanh'(a) = 1 -
    tanh(a)^2.
    """
    raise NotImplementedError("step_jacobian (Task 4.1, 3 points)")
    return J


def sequence_jacobian(h, Wh):
    """How the last hidden state moves when the one before the first step does.

    Inputs:
    - h: (N, T, H), the hidden states h_1 to h_T; h[:, 0] is the state after the first step, and T
      is at least 1
    - Wh: (H, H), hidden-to-hidden weights

    Returns:
    - J: (N, H, H), with J[n, i, j] = d h_T[n, i] / d h_0[n, j], where h_0 is the state before the
      first step

    Source: chain rule; lecture, "Vanilla RNN Gradient Flow".
    """
    raise NotImplementedError("sequence_jacobian (Task 4.2, 5 points)")
    return J


def gradient_norms(dhT, h, Wh):
    """How long the gradient still is at each step on its way back from the end.

    The loss looks at the last hidden state only. Its gradient with respect to an earlier one is
    dhT, sent back through the steps in between.

    Inputs:
    - dhT: (N, H), gradient of the loss with respect to the last hidden state
    - h: (N, T, H), the hidden states; h[:, 0] is the state after the first step
    - Wh: (H, H), hidden-to-hidden weights

    Returns:
    - norms: (T,), norms[t] is the Euclidean norm of the gradient of the loss with respect to h[:,
      t], over batch and units together (one number for the whole (N, H) array). The last of them is
      the norm of dhT itself.

    Source: lecture, "Vanilla RNN Gradient Flow".
    """
    raise NotImplementedError("gradient_norms (Task 4.3, 5 points)")
    return norms


def vanishing_bound(Wh, T):
    """No gradient grows by more than this factor on its way back through T steps.

        |dL/dh_0|  <=  sigma_max^T |dL/dh_T|

    Here sigma_max is the largest singular value of Wh: the most that a product with Wh or its
    transpose can stretch a vector. The slope of tanh is at most 1 and can only help. So sigma_max <
    1 is enough for gradients to vanish. It does not follow that sigma_max > 1 makes them explode:
    see large_singular_value_that_vanishes.

    Inputs:
    - Wh: (H, H), hidden-to-hidden weights
    - T: a whole number >= 0, how many steps

    Returns:
    - bound: a number, the T-th power of sigma_max

    Source: Pascanu, Mikolov and Bengio 2013, section 2.1.
    """
    raise NotImplementedError("vanishing_bound (Task 4.4, 2 points)")
    return bound


def large_singular_value_that_vanishes(H):
    """A counterexample to "largest singular value > 1: gradients explode".

    Build a matrix that stretches some vector to at least twice its length in one step, and
    nevertheless shrinks every vector to nothing when it is applied often enough. Many matrices will
    do; any of them is right.

    - The largest singular value is at least 2: the most that one product stretches.
    - Each eigenvalue is at most 1/2 in absolute value: what decides in the long run.

    (A matrix with more than 1 and less than 1 would prove the point. 2 and 1/2 are so far from 1
    that rounding does not matter.)

    Inputs:
    - H: a whole number >= 2

    Returns:
    - W: (H, H)

    Raises: ValueError if H is below 2. With a single unit, singular value and eigenvalue are the
    same but for the sign.

    Source: lecture, "Vanilla RNN Gradient Flow"; it says "exploding" where "may explode" is meant.
    """
    raise NotImplementedError("large_singular_value_that_vanishes (Task 4.5, 4 points)")
    return W


def gradient_by_age(dhT, h0, h, Wh):
    """The gradient of Wh taken apart: one term for each step that used Wh.

    The loss looks at the last hidden state only. Wh is used at all T steps. Give each step a copy
    of its own: the gradient with respect to Wh is then the sum of the gradients with respect to the
    T copies, each taken while the other copies stay as they are.

        dL/dWh = terms[0] + terms[1] + ... + terms[T-1]

    This sum is the dWh that rnn_backward returns when dh is zero but at the last step.

    The lecture's slide writes dL_T/dW as one product. Before you copy that: how many of the T terms
    does it hold?

    Inputs:
    - dhT: (N, H), gradient of the loss with respect to the last hidden state
    - h0: (N, H), the state before the first step
    - h: (N, T, H), the hidden states, T at least 1; h[:, 0] is the state after the first step
    - Wh: (H, H), hidden-to-hidden weights

    Returns:
    - terms: (T, H, H), summed over the batch; terms[t] is the gradient with respect to the copy of
      the step that made h[:, t]. So terms[0] is the oldest, of age T-1, and terms[T-1] the newest,
      of age 0

    Source: Pascanu, Mikolov and Bengio 2013, section 1.1; lecture, "Vanilla RNN Gradient Flow".
    """
    raise NotImplementedError("gradient_by_age (Task 4.6, 5 points)")
    return terms


def clip_grad_norm(grads, max_norm):
    """Shorten the gradients if they are too long, all of them by the same factor.

    Take all gradients together as one long vector. If its Euclidean norm is above max_norm, scale
    it to be exactly max_norm long, in the same direction. If it is not, change nothing.

    The arrays themselves are changed (in place): anyone who holds one of them, an optimiser for
    example, sees the clipped values. The dictionary keeps its keys and its arrays.

    The lecture's slide computes `grad_norm = np.sum(grad * grad)` for this. Before you copy that:
    with a threshold of 5 and gradients of norm 3, 10 and 100, how long are they after the slide's
    clipping?

    Inputs:
    - grads: dictionary name -> array of floating-point numbers, of any shape; at least one
    - max_norm: a number > 0

    Returns:
    - norm: a number, the norm before clipping

    Source: Pascanu, Mikolov and Bengio 2013, algorithm 1; lecture, "Gradient clipping".
    """
    raise NotImplementedError("clip_grad_norm (Task 4.7, 6 points)")
    return norm
