"""Lesson 2: outputs and loss.

    y_t = h_t Why + by,    loss = -1/N sum_n sum_t mask[n,t] log softmax(y_t)[target]

The same output layer is used at every time step. The loss is summed over time and averaged over the
batch; positions that are only padding count neither in the loss nor in its gradient.
"""

import numpy as np


def temporal_affine_forward(x, W, b):
    """An affine layer applied to every time step.

    Inputs:
    - x: (N, T, H), for example the hidden states of a recurrent layer
    - W: (H, V), weights
    - b: (V,), bias

    Returns:
    - out: (N, T, V), with out[n, t] = x[n, t] W + b
    - cache: whatever temporal_affine_backward needs

    Source: lecture, y_t = W_hy h_t + b_y.
    """
    raise NotImplementedError("temporal_affine_forward (Task 2.1, 2 points)")
    return out, cache


def temporal_affine_backward(dout, cache):
    """The gradient of temporal_affine_forward.

    Inputs:
    - dout: (N, T, V), gradient of the loss with respect to out
    - cache: from temporal_affine_forward

    Returns:
    - dx: (N, T, H)
    - dW: (H, V), summed over batch and time: there is one W for all of them
    - db: (V,), summed over batch and time

    Source: chain rule, as for any affine layer; here the examples fill two axes instead of one.
    """
    raise NotImplementedError("temporal_affine_backward (Task 2.2, 4 points)")
    return dx, dW, db


def temporal_softmax_loss(x, y, mask):
    """Softmax cross-entropy over a sequence, with padding.

    Inputs:
    - x: (N, T, V), scores (any real numbers; they may be as large as 1e3)
    - y: (N, T), whole numbers from 0 to V-1, the right word at every position
    - mask: (N, T), booleans; where False, the position is padding and counts for nothing

    Returns:
    - loss: a number, the sum over time and mean over the batch (divide by N, and by nothing else)
      of -log softmax(x[n, t])[y[n, t]] over the positions that count
    - dx: (N, T, V), its gradient with respect to x; exactly 0 at padded positions

    Source: lecture, the loss at every step of a many-to-many network; normalised as in CS231n's
    captioning task.
    """
    raise NotImplementedError("temporal_softmax_loss (Task 2.3, 6 points)")
    return loss, dx


def perplexity(total_nats, tokens):
    """How many equally likely words the model wavers between, from the losses of several batches.

    A model that guesses uniformly among V words has perplexity V.

    Inputs:
    - total_nats: (B,), the summed (not averaged) negative log-likelihood of each batch, in nats
      (natural logarithm)
    - tokens: (B,), how many tokens that sum runs over, padding not counted

    Returns:
    - perplexity: a number, exp of the average number of nats per token, over all tokens of all
      batches together

    Source: Jelinek et al. 1977.
    """
    raise NotImplementedError("perplexity (Task 2.4, 2 points)")
    return result
