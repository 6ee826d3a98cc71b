"""Lesson 1: the vanilla RNN.

    h_t = tanh(x_t Wx + h_{t-1} Wh + b)

The lecture stacks the two weight matrices and writes columns, h_t = tanh(W [h_{t-1}; x_t]);
transpose that and split W, and you have the line above. D and H need not be equal here.

Every function returns new arrays and leaves its arguments alone. What goes into `cache` is your own
business: only your own backward pass looks at it.
"""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """One step of a vanilla RNN: next_h = tanh(x Wx + prev_h Wh + b).

    Inputs:
    - x: (N, D), the input at this time step
    - prev_h: (N, H), the hidden state of the step before
    - Wx: (D, H), input-to-hidden weights
    - Wh: (H, H), hidden-to-hidden weights
    - b: (H,), bias

    Returns:
    - next_h: (N, H), the new hidden state
    - cache: whatever rnn_step_backward needs

    Source: lecture, "(Vanilla) Recurrent Neural Network".
    """
    raise NotImplementedError("rnn_step_forward (Task 1.1, 6 points)")
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    """The gradient of one step.

    With a = x Wx + prev_h Wh + b and next_h = tanh(a), start from the gradient with respect to a.

    Inputs:
    - dnext_h: (N, H), gradient of the loss with respect to next_h
    - cache: from rnn_step_forward

    Returns:
    - dx: (N, D)
    - dprev_h: (N, H)
    - dWx: (D, H)
    - dWh: (H, H)
    - db: (H,)

    Source: chain rule; tanh'(a) = 1 - tanh(a)^2.
    """
    raise NotImplementedError("rnn_step_backward (Task 1.2, 10 points)")
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    """A vanilla RNN over a whole sequence: the same step, with the same weights, T times.

    Inputs:
    - x: (N, T, D), the inputs
    - h0: (N, H), the state before the first step
    - Wx: (D, H), input-to-hidden weights
    - Wh: (H, H), hidden-to-hidden weights
    - b: (H,), bias

    Returns:
    - h: (N, T, H), the hidden states; h[:, t] has read x[:, 0] to x[:, t]
    - cache: whatever rnn_backward needs

    Source: lecture, "RNN: Computational Graph: Many to Many".
    """
    raise NotImplementedError("rnn_forward (Task 1.3, 8 points)")
    return h, cache


def rnn_backward(dh, cache):
    """Backpropagation through time.

    A hidden state is used twice: it is an output, and it is the input of the next step. Its
    gradient is the sum.

    Inputs:
    - dh: (N, T, H), gradient of the loss with respect to each h[:, t] as an output (the path
      through later steps is not in it)
    - cache: from rnn_forward

    Returns:
    - dx: (N, T, D)
    - dh0: (N, H)
    - dWx: (D, H), summed over time
    - dWh: (H, H), summed over time
    - db: (H,), summed over time

    Source: lecture, "Vanilla RNN Gradient Flow".
    """
    raise NotImplementedError("rnn_backward (Task 1.4, 12 points)")
    return dx, dh0, dWx, dWh, db


def rnn_backward_truncated(dh, cache, k):
    """Truncated backpropagation through time, in chunks of k steps: [0, k), [k, 2k), ...

    The forward pass is the ordinary one: the state crosses the border between two chunks. The
    gradient does not: what step k would send back to step k-1 is dropped.

    Inputs:
    - dh: (N, T, H), gradient of the loss with respect to each h[:, t] as an output
    - cache: from rnn_forward
    - k: a whole number, the length of a chunk, at least 1; with k >= T this is rnn_backward

    Returns:
    - dx: (N, T, D)
    - dh0: (N, H)
    - dWx: (D, H), summed over time
    - dWh: (H, H), summed over time
    - db: (H,), summed over time

    Source: Williams and Peng 1990, whose BPTT(h; h') goes back h steps after every h' new ones;
    here both are k, so that the chunks do not overlap.
    """
    raise NotImplementedError("rnn_backward_truncated (Task 1.5, 8 points)")
    return dx, dh0, dWx, dWh, db


def last_hidden(h, lengths):
    """Many to one: the hidden state after each row's last real step.

    The rows of a batch are padded to the same T; row n ends after lengths[n] steps.

    Inputs:
    - h: (N, T, H), the hidden states
    - lengths: (N,), whole numbers from 1 to T

    Returns:
    - out: (N, H), row n's state after step number lengths[n]
    - cache: whatever last_hidden_backward needs

    Source: Karpathy 2015, "The Unreasonable Effectiveness of Recurrent Neural Networks".
    """
    raise NotImplementedError("last_hidden (Task 1.6, 3 points)")
    return out, cache


def last_hidden_backward(dout, cache):
    """The gradient of last_hidden.

    Inputs:
    - dout: (N, H), gradient of the loss with respect to out
    - cache: from last_hidden

    Returns:
    - dh: (N, T, H)

    Source: chain rule.
    """
    raise NotImplementedError("last_hidden_backward (Task 1.7, 3 points)")
    return dh
