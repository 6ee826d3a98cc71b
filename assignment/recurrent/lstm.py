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
    raise NotImplementedError("lstm_step_forward (Task 5.1, 5 points)")
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
    raise NotImplementedError("lstm_step_backward (Task 5.2, 8 points)")
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
    raise NotImplementedError("lstm_forward (Task 5.3, 4 points)")
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
    raise NotImplementedError("lstm_backward (Task 5.4, 6 points)")
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
    raise NotImplementedError("init_lstm (Task 5.5, 2 points)")
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
    raise NotImplementedError("cell_gradient_path (Task 5.6, 2 points)")
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
    raise NotImplementedError("cell_jacobian (Task 5.7, 4 points)")
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

    raise NotImplementedError("to_pytorch (Task 5.8, 2 points)")
    return weight_ih, weight_hh, bias_ih, bias_hh
