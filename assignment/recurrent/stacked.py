"""Lesson 7: depth.

    h_t^l = tanh(h_t^{l-1} Wx^l + h_{t-1}^l Wh^l + b^l),        h_t^0 = x_t

A layer reads what the layer below says at the *same* time step, and what it said itself at the step
before. The lecture writes one matrix W^l for both, which needs all layers to be equally wide; here
each layer has its own width.

`layers` is a list with one triple (Wx, Wh, b) for each layer, from the bottom up: layer l maps D_l
to H_l, and D_{l+1} = H_l.
"""

import numpy as np  # noqa: F401  (yours, should you want it)

from .lstm import lstm_backward, lstm_forward
from .rnn import rnn_backward, rnn_forward


def stacked_forward(x, h0s, layers):
    """Several vanilla RNN layers on top of each other.

    Inputs:
    - x: (N, T, D), the inputs of the bottom layer
    - h0s: list of L arrays, from the bottom up: layer l's state before the first step, (N, H_l)
    - layers: list of L triples, from the bottom up; layer l's are
      - Wx: (D_l, H_l)
      - Wh: (H_l, H_l)
      - b: (H_l,)

    Returns:
    - h: (N, T, H_L), the hidden states of the top layer
    - cache: whatever stacked_backward needs

    Source: lecture, "Multilayer RNNs".
    """
    raise NotImplementedError("stacked_forward (Task 7.1, 5 points)")
    return h, cache


def stacked_backward(dh, cache):
    """The gradient of stacked_forward, from the top layer down.

    Inputs:
    - dh: (N, T, H_L), gradient of the loss with respect to the top layer's states
    - cache: from stacked_forward

    Returns:
    - dx: (N, T, D)
    - dh0s: list of L arrays (N, H_l), from the bottom up like h0s
    - dlayers: list of L triples dWx, dWh, db, from the bottom up like layers

    Source: chain rule.
    """
    raise NotImplementedError("stacked_backward (Task 7.2, 7 points)")
    return dx, dh0s, dlayers


def stacked_lstm_forward(x, h0s, layers):
    """The same stack with LSTM cells: only the hidden states travel from layer to layer.

    The cell states stay inside their layer; every one of them starts at zero.

    Inputs:
    - x: (N, T, D), the inputs of the bottom layer
    - h0s: list of L arrays, from the bottom up: layer l's hidden state before the first step, (N,
      H_l)
    - layers: list of L triples, from the bottom up, blocks i f o g; layer l's are
      - Wx: (D_l, 4H_l)
      - Wh: (H_l, 4H_l)
      - b: (4H_l,)

    Returns:
    - h: (N, T, H_L), the hidden states of the top layer
    - cache: whatever stacked_lstm_backward needs

    Source: lecture, "Multilayer RNNs".
    """
    raise NotImplementedError("stacked_lstm_forward (Task 7.3, 4 points)")
    return h, cache


def stacked_lstm_backward(dh, cache):
    """The gradient of stacked_lstm_forward.

    Inputs:
    - dh: (N, T, H_L), gradient of the loss with respect to the top layer's states
    - cache: from stacked_lstm_forward

    Returns:
    - dx: (N, T, D)
    - dh0s: list of L arrays (N, H_l), from the bottom up like h0s
    - dlayers: list of L triples dWx, dWh, db, from the bottom up like layers

    Source: chain rule.
    """
    raise NotImplementedError("stacked_lstm_backward (Task 7.4, 5 points)")
    return dx, dh0s, dlayers


def count_parameters(sizes, cell):
    """How many numbers a stack has to learn.

    Every layer has its own input-to-hidden weights, hidden-to-hidden weights and one bias, as long
    as its blocks together.

    Inputs:
    - sizes: list of L+1 whole numbers: the width of the input, then of every layer
    - cell: "rnn", "gru" or "lstm": a cell with 1, 3 or 4 blocks of weights

    Returns:
    - count: a whole number

    Source: the shapes of the weights in lessons 1, 5 and 6.
    """
    raise NotImplementedError("count_parameters (Task 7.5, 2 points)")
    return count
