"""Lesson 15: recurrences that are linear in the state, and how to run them in parallel.

    h_t = f_t * h_{t-1} + v_t

All products are elementwise: each unit minds its own business. f_t and v_t may depend on the input,
but not on the state. So one step is a map h -> f h + v, which two numbers per unit describe, and
many steps in a row are such a map again. That is why the steps need not wait for each other.

The minGRU is a GRU whose gate and candidate see the input only:

    z_t = sigma(x_t Wz + bz)        n_t = x_t Wn + bn        h_t = (1 - z_t) * h_{t-1} + z_t * n_t

Its two blocks stand side by side in the order **z n**: Wx = [Wz Wn], and b likewise. As in the GRU
of the lecture, z weighs the *new* state. Time is the second axis throughout.
"""

import numpy as np

from .lstm import sigmoid


def linear_recurrence_forward(f, v, h0):
    """The recurrence h_t = f_t * h_{t-1} + v_t, one step after the other.

    Inputs:
    - f: (N, T, H), the factor of each step; any real number, 0 and negative ones too
    - v: (N, T, H), what each step adds
    - h0: (N, H), the state before the first step

    Returns:
    - h: (N, T, H), the states; h[:, t] is the state after step t
    - cache: whatever linear_recurrence_backward needs

    Source: Martin and Cundy 2018, section 2.
    """
    ### BEGIN SOLUTION
    states = []
    prev_h = h0
    for t in range(f.shape[1]):
        prev_h = f[:, t] * prev_h + v[:, t]
        states.append(prev_h)
    h = np.stack(states, axis=1)
    cache = (f, h0, h)
    ### END SOLUTION
    return h, cache


def linear_recurrence_backward(dh, cache):
    """The gradient of the linear recurrence.

    What arrives at a state is its gradient as an output, and what the next step sends back.

    Inputs:
    - dh: (N, T, H), gradient of the loss with respect to each h[:, t] as an output
    - cache: from linear_recurrence_forward

    Returns:
    - df: (N, T, H)
    - dv: (N, T, H)
    - dh0: (N, H)

    Source: chain rule; Martin and Cundy 2018, section 2.
    """
    ### BEGIN SOLUTION
    f, h0, h = cache
    dv = dh.copy()  # grows into all that arrives at each state
    for t in reversed(range(f.shape[1] - 1)):
        dv[:, t] += f[:, t + 1] * dv[:, t + 1]
    prev_h = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    df = dv * prev_h
    dh0 = f[:, 0] * dv[:, 0]
    ### END SOLUTION
    return df, dv, dh0


def compose_steps(f1, v1, f2, v2):
    """Two steps in one: first h -> f1 h + v1, then h -> f2 h + v2.

    The two together are again a map h -> f h + v; find its f and v. Everything is elementwise.

    Inputs:
    - f1: (...), the factor of the step that comes first, an array of any shape
    - v1: (...), what it adds
    - f2: (...), the factor of the step that comes second
    - v2: (...), what it adds

    Returns:
    - f: (...), the factor of both together
    - v: (...), what both together add

    Source: Blelloch 1990, "Prefix Sums and Their Applications", section 1.4.
    """
    ### BEGIN SOLUTION
    f = f2 * f1
    v = f2 * v1 + v2
    ### END SOLUTION
    return f, v


def scan_round(f, v, distance):
    """One round of the scan: every stretch of steps takes in the one that ends before it.

    Before the round, f[:, t] and v[:, t] are the map of a stretch that ends with step t and is
    `distance` steps long, or begins with step 0 if there are not as many. After it, each stretch is
    twice as long, or begins with step 0. All positions are done at once, from the values before the
    round; where nothing comes before the stretch, it stays as it is.

    Inputs:
    - f: (N, T, H), the factors of the stretches
    - v: (N, T, H), what they add
    - distance: a whole number, at least 1; it may be T or more

    Returns:
    - longer_f: (N, T, H), the factors of the longer stretches
    - longer_v: (N, T, H), what they add

    Source: Hillis and Steele 1986, "Data Parallel Algorithms"; before them, for recurrences, Kogge
    and Stone 1973.
    """
    ### BEGIN SOLUTION
    longer_f, longer_v = f.copy(), v.copy()
    longer_f[:, distance:], longer_v[:, distance:] = compose_steps(
        f[:, :-distance], v[:, :-distance], f[:, distance:], v[:, distance:]
    )
    ### END SOLUTION
    return longer_f, longer_v


def parallel_scan(f, v, h0):
    """The states of the linear recurrence in ceil(log2 T) rounds, with no loop over the steps.

    When all stretches begin with step 0, each state is one map away from h0. Do not divide, and
    take no logarithms: f may be 0, negative, or so small that products of it are 0.

    Inputs:
    - f: (N, T, H), the factor of each step; any real number, 0 and negative ones too
    - v: (N, T, H), what each step adds
    - h0: (N, H), the state before the first step

    Returns:
    - h: (N, T, H), the states, as from linear_recurrence_forward; T need not be a power of two

    Source: Hillis and Steele 1986; Martin and Cundy 2018 for recurrent networks.
    """
    ### BEGIN SOLUTION
    distance = 1
    while distance < f.shape[1]:
        f, v = scan_round(f, v, distance)
        distance = 2 * distance
    h = f * h0[:, None] + v
    ### END SOLUTION
    return h


def state_gradient_path(f):
    """How much of each state is left in the last one: the derivative of h_T by h_t, per unit.

    No other path leads from one state to another, since neither f nor v sees a state: unlike the
    direct path of the LSTM, these products are the whole derivative. All Jacobians are diagonal.
    The factors may be 0 or negative.

    Inputs:
    - f: (N, T, H), the factors of all steps

    Returns:
    - path: (N, T, H), with path[n, t, j] the derivative of h[n, T-1, j] with respect to h[n, t, j];
      the last of them, path[:, T-1], is 1

    Source: chain rule; compare the lecture, "Additive Updates".
    """
    ### BEGIN SOLUTION
    path = np.ones_like(f)
    for t in reversed(range(f.shape[1] - 1)):
        path[:, t] = f[:, t + 1] * path[:, t + 1]
    ### END SOLUTION
    return path


def mingru_forward(x, h0, Wx, b):
    """A minGRU over a whole sequence.

    It is a linear recurrence with the factor 1 - z, and z * n is what each step adds. There is no
    tanh anywhere, and no Wh.

    Inputs:
    - x: (N, T, D), the inputs
    - h0: (N, H), the state before the first step
    - Wx: (D, 2H), input weights, blocks z n
    - b: (2H,), bias, blocks z n

    Returns:
    - h: (N, T, H), the hidden states
    - cache: whatever mingru_backward needs

    Source: Feng et al. 2024, "Were RNNs All We Needed?".
    """
    ### BEGIN SOLUTION
    a_z, n = np.split(x @ Wx + b, 2, axis=2)  # each (N, T, H), all steps at once
    z = sigmoid(a_z)
    h, recurrence = linear_recurrence_forward(1 - z, z * n, h0)
    cache = (x, Wx, z, n, recurrence)
    ### END SOLUTION
    return h, cache


def mingru_backward(dh, cache):
    """The gradient of a minGRU.

    The gate is used twice: for what is kept, and for what is added.

    Inputs:
    - dh: (N, T, H), gradient of the loss with respect to each h[:, t] as an output
    - cache: from mingru_forward

    Returns:
    - dx: (N, T, D)
    - dh0: (N, H)
    - dWx: (D, 2H), summed over time
    - db: (2H,), summed over time

    Source: chain rule.
    """
    ### BEGIN SOLUTION
    x, Wx, z, n, recurrence = cache
    df, dv, dh0 = linear_recurrence_backward(dh, recurrence)
    dz = dv * n - df
    dn = dv * z
    da_z = dz * z * (1 - z)
    da = np.concatenate([da_z, dn], axis=2)  # (N, T, 2H)
    dx = da @ Wx.T
    dWx = np.einsum("ntd,ntk->dk", x, da)
    db = da.sum(axis=(0, 1))
    ### END SOLUTION
    return dx, dh0, dWx, db
