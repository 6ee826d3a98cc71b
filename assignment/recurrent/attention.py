"""Lesson 11: additive attention.

An encoder has left a state h_i for every source word; a decoder wants to know which of them matter
now. It asks with its own state s of the step before (the new one does not exist yet):

    e_i = v . tanh(s W + h_i U)              alignment scores, a small network with one hidden layer
    a_i = exp(e_i) / sum_j exp(e_j)          attention weights, over the source positions
    c   = sum_i a_i h_i                      the context vector

Row vectors, weights on the right, no biases in the alignment network. N batch, T source positions,
H decoder state, E encoder state, A hidden units of the alignment network, D word vector of the
decoder. All these may differ.

A batch pads its sources to one length. `mask` is boolean, (N, T): True where there is a word, False
where there is padding. Padding gets weight exactly 0, and no number that stands there, be it as
large as 1e100, may change any result. (Infinity and NaN never stand there.)

Sources: lecture, "Machine Translation with RNNs and Attention"; Bahdanau, Cho and Bengio 2015.
"""

import numpy as np

from .rnn import rnn_step_backward, rnn_step_forward


def masked_softmax(e, mask):
    """Softmax over the positions that are not padding, row by row.

    Scores may be as large as 1e4 in absolute value, and must not overflow. The scores at padded
    positions are arbitrary.

    Inputs:
    - e: (N, T), scores
    - mask: (N, T), booleans, True where there is a word

    Returns:
    - a: (N, T), weights; exactly 0 where mask is False; every row sums to 1

    Raises: ValueError if a row of mask has no True: there is nothing to attend to.

    Source: lecture, "Machine Translation with RNNs and Attention".
    """
    raise NotImplementedError("masked_softmax (Task 11.1, 3 points)")
    return a


def masked_softmax_backward(da, a):
    """The gradient of masked_softmax, from its output alone.

    Every weight depends on every score of its row.

    Inputs:
    - da: (N, T), gradient of the loss with respect to the weights; arbitrary at padded positions
    - a: (N, T), the weights that masked_softmax returned

    Returns:
    - de: (N, T), gradient of the loss with respect to the scores; 0 at padded positions

    Source: da_i/de_j = a_i ([i = j] - a_j).
    """
    raise NotImplementedError("masked_softmax_backward (Task 11.2, 2 points)")
    return de


def additive_attention_forward(s, h, mask, W, U, v):
    """One look at the source, which gives its words weights and averages their states.

        e_i = v . tanh(s W + h_i U),    a = softmax(e) over the words,    c = sum_i a_i h_i

    Inputs:
    - s: (N, H), the decoder's state of the step before, the query
    - h: (N, T, E), the encoder's states
    - mask: (N, T), booleans, True where there is a word
    - W: (H, A), the alignment network's weights for s
    - U: (E, A), its weights for h
    - v: (A,), its output weights

    Returns:
    - context: (N, E), the average c
    - weights: (N, T), the weights a; exactly 0 where mask is False
    - cache: whatever additive_attention_backward needs

    Raises: ValueError if a row of mask has no True.

    Source: lecture, "Machine Translation with RNNs and Attention"; f_att as in Bahdanau et al.
    2015, appendix A.1.2.
    """
    raise NotImplementedError("additive_attention_forward (Task 11.3, 4 points)")
    return context, weights, cache


def additive_attention_backward(dcontext, cache):
    """The gradient of additive_attention_forward, for a loss that sees the context only.

    An encoder state is used twice: it is averaged into the context, and it is asked how well it
    fits.

    Inputs:
    - dcontext: (N, E), gradient of the loss with respect to context
    - cache: from additive_attention_forward

    Returns:
    - ds: (N, H)
    - dh: (N, T, E), 0 at padded positions
    - dW: (H, A)
    - dU: (E, A)
    - dv: (A,)

    Source: chain rule.
    """
    raise NotImplementedError("additive_attention_backward (Task 11.4, 5 points)")
    return ds, dh, dW, dU, dv


def attention_step_forward(x, prev_s, h, mask, W, U, v, Wx, Wh, b):
    """One step of a decoder that looks at its source: first attend, then step.

    The context comes from the query prev_s; the vanilla cell of lesson 1 then reads the word and
    the context side by side, s_t = tanh([x; c] Wx + s_{t-1} Wh + b): the word's D numbers first,
    the context's E numbers after them.

    Inputs:
    - x: (N, D), the vector of the word before
    - prev_s: (N, H), the decoder's state before this step
    - h: (N, T, E), the encoder's states
    - mask: (N, T), booleans, True where there is a word
    - W: (H, A), the alignment network's weights for prev_s
    - U: (E, A), its weights for h
    - v: (A,), its output weights
    - Wx: (D+E, H), the cell's input-to-hidden weights
    - Wh: (H, H), its hidden-to-hidden weights
    - b: (H,), its bias

    Returns:
    - next_s: (N, H), the new state
    - weights: (N, T), what the decoder looked at
    - cache: whatever attention_step_backward needs

    Raises: ValueError if a row of mask has no True.

    Source: lecture, "Machine Translation with RNNs and Attention".
    """
    raise NotImplementedError("attention_step_forward (Task 11.5, 2 points)")
    return next_s, weights, cache


def attention_step_backward(dnext_s, cache):
    """The gradient of attention_step_forward, for a loss that sees next_s only.

    Inputs:
    - dnext_s: (N, H), gradient of the loss with respect to next_s
    - cache: from attention_step_forward

    Returns:
    - dx: (N, D)
    - dprev_s: (N, H); the old state was used twice
    - dh: (N, T, E)
    - dW: (H, A)
    - dU: (E, A)
    - dv: (A,)
    - dWx: (D+E, H)
    - dWh: (H, H)
    - db: (H,)

    Source: chain rule.
    """
    raise NotImplementedError("attention_step_backward (Task 11.6, 3 points)")
    return dx, dprev_s, dh, dW, dU, dv, dWx, dWh, db
