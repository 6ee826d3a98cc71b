"""Lesson 5: the LSTM.

    [a_i a_f a_o a_g] = x_t Wx + h_{t-1} Wh + b
    i, f, o = sigma(a_i), sigma(a_f), sigma(a_o)        g = tanh(a_g)
    c_t = f * c_{t-1} + i * g                           h_t = o * tanh(c_t)

The four blocks stand side by side in the order of the lecture, **i f o g**, each H wide. Elsewhere
you will meet other orders: PyTorch has i f g o, some papers i f c o.
"""

import numpy as np


def sigmoid(a):
    """1 / (1 + exp(-a)), elementwise. Given; import it freely.

    It works for numbers of any size: written with a tanh, nothing can overflow.

    Inputs:
    - a: (...), numbers, an array of any shape

    Returns:
    - sigma: (...), numbers between 0 and 1
    """
    return 0.5 * (1 + np.tanh(0.5 * a))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """One step of an LSTM.

    Inputs:
    - x: (N, D), the input at this time step
    - prev_h: (N, H), the hidden state of the step before
    - prev_c: (N, H), the cell state of the step before
    - Wx: (D, 4H), input-to-hidden weights, blocks i f o g
    - Wh: (H, 4H), hidden-to-hidden weights, blocks i f o g
    - b: (4H,), bias, blocks i f o g

    Returns:
    - next_h: (N, H), the new hidden state
    - next_c: (N, H), the new cell state
    - cache: whatever lstm_step_backward needs

    Source: lecture, "Long Short Term Memory"; Hochreiter and Schmidhuber 1997; the forget gate is
    from Gers et al. 2000.
    """
    ### BEGIN SOLUTION
    a_i, a_f, a_o, a_g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)  # each (N, H)
    i, f, o, g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)
    next_h = o * tanh_c
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c)
    ### END SOLUTION
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    """The gradient of one step.

    The new cell state is used twice: by the next step, and by this step's next_h.

    Inputs:
    - dnext_h: (N, H), gradient of the loss with respect to next_h
    - dnext_c: (N, H), gradient of the loss with respect to next_c on its way to the next step (the
      path through next_h is not in it)
    - cache: from lstm_step_forward

    Returns:
    - dx: (N, D)
    - dprev_h: (N, H)
    - dprev_c: (N, H)
    - dWx: (D, 4H)
    - dWh: (H, 4H)
    - db: (4H,)

    Source: chain rule; sigma' = sigma (1 - sigma), tanh' = 1 - tanh^2.
    """
    ### BEGIN SOLUTION
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c = cache
    do = dnext_h * tanh_c
    dc = dnext_c + dnext_h * o * (1 - tanh_c**2)  # (N, H), both ways to c
    df = dc * prev_c
    dprev_c = dc * f
    di = dc * g
    dg = dc * i
    da_i = di * i * (1 - i)
    da_f = df * f * (1 - f)
    da_o = do * o * (1 - o)
    da_g = dg * (1 - g**2)
    da = np.concatenate([da_i, da_f, da_o, da_g], axis=1)  # (N, 4H)
    dx = da @ Wx.T
    dprev_h = da @ Wh.T
    dWx = x.T @ da
    dWh = prev_h.T @ da
    db = da.sum(axis=0)
    ### END SOLUTION
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    """An LSTM over a whole sequence.

    The cell state starts at zero; the hidden state starts at h0.

    Inputs:
    - x: (N, T, D), the inputs
    - h0: (N, H), the hidden state before the first step
    - Wx: (D, 4H), input-to-hidden weights, blocks i f o g
    - Wh: (H, 4H), hidden-to-hidden weights, blocks i f o g
    - b: (4H,), bias, blocks i f o g

    Returns:
    - h: (N, T, H), the hidden states; the cell states stay inside
    - cache: whatever lstm_backward needs

    Source: lecture, "Long Short Term Memory".
    """
    ### BEGIN SOLUTION
    N, T, _ = x.shape
    h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0))
    prev_h, prev_c = h0, np.zeros_like(h0)
    steps = []
    for t in range(T):
        prev_h, prev_c, step = lstm_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, b)
        h[:, t] = prev_h
        steps.append(step)
    cache = (x, h0, Wx, Wh, b, steps)
    ### END SOLUTION
    return h, cache


def lstm_backward(dh, cache):
    """Backpropagation through time for an LSTM.

    Two gradients travel back, one along h and one along c.

    Inputs:
    - dh: (N, T, H), gradient of the loss with respect to each h[:, t] as an output
    - cache: from lstm_forward

    Returns:
    - dx: (N, T, D)
    - dh0: (N, H); there is no gradient for c0, which is the constant zero
    - dWx: (D, 4H), summed over time
    - dWh: (H, 4H), summed over time
    - db: (4H,), summed over time

    Source: chain rule.
    """
    ### BEGIN SOLUTION
    x, h0, Wx, Wh, b, steps = cache
    T = x.shape[1]
    dx, dprev_h = np.zeros(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype)
    dprev_c = np.zeros_like(dprev_h)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
    for t in reversed(range(T)):
        dnext_h = dh[:, t] + dprev_h
        step = lstm_step_backward(dnext_h, dprev_c, steps[t])
        dx[:, t], dprev_h, dprev_c, dWx_t, dWh_t, db_t = step
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    dh0 = dprev_h
    ### END SOLUTION
    return dx, dh0, dWx, dWh, db


def init_lstm(D, H, rng, forget_bias=1.0):
    """Weights to start training from.

    Draw Wx first, then Wh, each with one call of rng.normal with mean 0: standard deviation
    1/sqrt(D) for Wx and 1/sqrt(H) for Wh. The bias is zero except for the forget block, which holds
    forget_bias, so that a new cell remembers before it has learned what to forget.

    Inputs:
    - D: a whole number, the length of an input
    - H: a whole number, the length of a hidden state
    - rng: a numpy Generator
    - forget_bias: a number

    Returns:
    - Wx: (D, 4H)
    - Wh: (H, 4H)
    - b: (4H,)

    Source: Gers et al. 2000 and Jozefowicz et al. 2015 for the forget bias.
    """
    ### BEGIN SOLUTION
    Wx = rng.normal(0, 1 / np.sqrt(D), size=(D, 4 * H))
    Wh = rng.normal(0, 1 / np.sqrt(H), size=(H, 4 * H))
    b = np.zeros(4 * H)
    b[H : 2 * H] = forget_bias
    ### END SOLUTION
    return Wx, Wh, b


def cell_gradient_path(f):
    """The direct path from the last cell state back to the one before the first step.

    It stays on the belt of cell states; the gates count as given.

    Inputs:
    - f: (N, T, H), the forget gates of all steps

    Returns:
    - path: (N, H), by how much that path alone multiplies a gradient; 1 where every gate stays open

    Source: lecture, "Additive Updates": "only elementwise multiplication by f, no matrix multiply
    by W".
    """
    ### BEGIN SOLUTION
    path = f.prod(axis=1)
    ### END SOLUTION
    return path


def cell_jacobian(x, prev_c, prev_o, Wx, Wh, b):
    """All of dc_t/dc_{t-1}, the direct path and the paths through the gates.

    The lecture shows the direct path, diag(f); but the gates of step t also see h_{t-1}, and

        h_{t-1} = o_{t-1} * tanh(c_{t-1})

    was made from the same cell state.

    Inputs:
    - x: (N, D), the input of step t
    - prev_c: (N, H), the cell state of step t-1
    - prev_o: (N, H), the output gate of step t-1; treat it as a constant
    - Wx: (D, 4H), input-to-hidden weights, blocks i f o g
    - Wh: (H, 4H), hidden-to-hidden weights, blocks i f o g
    - b: (4H,), bias, blocks i f o g

    Returns:
    - J: (N, H, H), with J[n, j, k] the derivative of c_t[n, j] with respect to c_{t-1}[n, k]

    Source: chain rule; lecture, "Additive Updates", has the direct path only.
    """
    ### BEGIN SOLUTION
    H = prev_c.shape[1]
    tanh_c = np.tanh(prev_c)
    a_i, a_f, _, a_g = np.split(x @ Wx + (prev_o * tanh_c) @ Wh + b, 4, axis=1)
    i, f, g = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g)
    W_i, W_f, _, W_g = np.split(Wh, 4, axis=1)  # each (H, H), from h_{t-1}[k] to a[j]
    dc_da_i, dc_da_f, dc_da_g = g * i * (1 - i), prev_c * f * (1 - f), i * (1 - g**2)  # each (N, H)
    through_gates = (
        dc_da_i[:, :, None] * W_i.T + dc_da_f[:, :, None] * W_f.T + dc_da_g[:, :, None] * W_g.T
    )
    dh_dc = prev_o * (1 - tanh_c**2)  # (N, H)
    J = f[:, :, None] * np.eye(H, dtype=f.dtype) + through_gates * dh_dc[:, None, :]
    ### END SOLUTION
    return J


def to_pytorch(Wx, Wh, b):
    """The same cell in the layout of torch.nn.LSTM.

    PyTorch has columns where we have rows, blocks in the order i f g o, and two biases that are
    added.

    Inputs:
    - Wx: (D, 4H), input-to-hidden weights, blocks i f o g
    - Wh: (H, 4H), hidden-to-hidden weights, blocks i f o g
    - b: (4H,), bias, blocks i f o g

    Returns:
    - weight_ih: (4H, D)
    - weight_hh: (4H, H)
    - bias_ih: (4H,)
    - bias_hh: (4H,), all zero

    Source: the documentation of torch.nn.LSTM.
    """

    ### BEGIN SOLUTION
    def reorder(w):
        i, f, o, g = np.split(w, 4, axis=-1)
        return np.concatenate([i, f, g, o], axis=-1)

    weight_ih, weight_hh = reorder(Wx).T, reorder(Wh).T
    bias_ih, bias_hh = reorder(b), np.zeros_like(b)
    ### END SOLUTION
    return weight_ih, weight_hh, bias_ih, bias_hh
