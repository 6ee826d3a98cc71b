"""Lesson 14: reading both ways.

    h_t^right = tanh(x_t Wx + h_{t-1}^right Wh + b)        from the start of the row to its end
    h_t^left  = tanh(x_t Wx' + h_{t+1}^left Wh' + b')      from its end to its start
    h_t       = [h_t^right; h_t^left]

A state of a recurrent network knows what came before it, and nothing of what comes after. Where
the whole row is at hand, two networks can read it, one from each end, and their states are laid
side by side. That is the h_i at which the translator of Bahdanau, Cho and Bengio (2015) looks; the
networks in it are GRUs, ours are vanilla RNNs.

The rows of a batch have different lengths and are padded to the same T. The end of row n is step
lengths[n]-1, not step T-1: a network that starts at T-1 reads the padding first. Whatever finite
numbers stand in the padding, they change nothing, and every result is exactly 0 there.

`right` and `left` are triples (Wx, Wh, b), the weights of the two networks; both start from a state
of zeros. You have everything that is hard: the two networks are those of `rnn.py`.
"""

import numpy as np

from .rnn import rnn_backward, rnn_forward


def reverse_ragged(x, lengths):
    """Reverse the real steps of every row; the padding stays behind them.

    Row n's step t becomes step lengths[n]-1-t. Done twice, it gives the real steps back.

    Inputs:
    - x: (N, T, D), rows that are padded to the same T
    - lengths: (N,), whole numbers from 1 to T, how many steps of a row are real

    Returns:
    - out: (N, T, D), exactly 0 at padded steps, whatever x holds there

    Source: Schuster and Paliwal 1997, the backward states; Bahdanau et al. 2015, section 3.2, reads
    the words in the reverse order.
    """
    ### BEGIN SOLUTION
    steps = np.arange(x.shape[1])
    from_the_end = lengths[:, None] - 1 - steps  # (N, T)
    real = from_the_end >= 0
    rows = np.arange(len(x))[:, None]
    out = np.where(real[:, :, None], x[rows, from_the_end], 0)
    ### END SOLUTION
    return out


def bidirectional_forward(x, lengths, right, left):
    """Two vanilla RNNs over every row, one from each end, and their states side by side.

    Inputs:
    - x: (N, T, D), rows that are padded to the same T
    - lengths: (N,), whole numbers from 1 to T, how many steps of a row are real
    - right: triple of the weights that read from the start to the end
      - Wx: (D, H)
      - Wh: (H, H)
      - b: (H,)
    - left: triple of the weights that read from the end to the start, shapes as in right

    Returns:
    - h: (N, T, 2H); at a real step t of row n, the first H numbers have read x[n, 0] to x[n, t],
      the last H have read x[n, lengths[n]-1] down to x[n, t]; exactly 0 at padded steps
    - cache: whatever bidirectional_backward needs

    Source: Schuster and Paliwal 1997; Bahdanau et al. 2015, section 3.2, h_i is the concatenation.
    """
    ### BEGIN SOLUTION
    N, T, _ = x.shape
    H = len(right[2])
    h0 = np.zeros((N, H), x.dtype)
    real = (np.arange(T) < lengths[:, None])[:, :, None]  # (N, T, 1)
    h_right, cache_right = rnn_forward(x, h0, *right)
    h_left, cache_left = rnn_forward(reverse_ragged(x, lengths), h0, *left)
    h = np.concatenate([h_right * real, reverse_ragged(h_left, lengths)], axis=2)
    cache = (lengths, real, H, cache_right, cache_left)
    ### END SOLUTION
    return h, cache


def bidirectional_backward(dh, cache):
    """The gradient of bidirectional_forward.

    Inputs:
    - dh: (N, T, 2H), gradient of the loss with respect to h; at padded steps it may hold any
      finite numbers, and they change nothing
    - cache: from bidirectional_forward

    Returns:
    - dx: (N, T, D), exactly 0 at padded steps
    - dright: triple dWx, dWh, db for the weights that read from the start to the end
    - dleft: triple dWx, dWh, db for the weights that read from the end to the start

    Source: chain rule; reversing the steps is undone by reversing them again.
    """
    ### BEGIN SOLUTION
    lengths, real, H, cache_right, cache_left = cache
    dh_right, dh_left = dh[:, :, :H] * real, dh[:, :, H:]
    dx_right, _, *dright = rnn_backward(dh_right, cache_right)
    dx_left, _, *dleft = rnn_backward(reverse_ragged(dh_left, lengths), cache_left)
    dx = dx_right + reverse_ragged(dx_left, lengths)
    ### END SOLUTION
    return dx, dright, dleft
