"""Lesson 16: training practice.

Five things that language models are trained and read out with, each of them a few lines on top of
what you have: dropout with one mask for a whole sequence, one table of words for both ends of a
model, a model that learns to read its own guesses, and drawing from the nucleus.

Chance comes in as uniform numbers u from [0, 1), so that every result can be checked.
"""

import numpy as np

from .charlm import one_hot
from .embedding import rnnlm_loss
from .rnn import rnn_step_forward


def sequence_dropout_forward(x, u, p):
    """Dropout with one mask for a whole sequence: what is dropped is dropped at every step.

    Unit d of row n is dropped where u[n, d] < p. What is kept is multiplied by 1 / (1 - p), so that
    the mean over all masks is x, and nothing has to be done at test time ("inverted" dropout).

    Inputs:
    - x: (N, T, D), for example the inputs of a recurrent layer or its states
    - u: (N, D), uniform numbers from [0, 1), one for each unit of each row
    - p: a number, how probable it is that a unit is dropped, 0 <= p < 1

    Returns:
    - out: (N, T, D)
    - cache: whatever sequence_dropout_backward needs

    Raises: ValueError if p is negative, or not below 1.

    Source: Gal and Ghahramani 2016; Srivastava et al. 2014 for dropout itself.
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"p should be at least 0 and below 1, it is {p}")
    mask = (u >= p) / (1 - p)  # (N, D)
    mask = mask.astype(x.dtype)
    out = x * mask[:, None, :]
    cache = mask
    ### END SOLUTION
    return out, cache


def sequence_dropout_backward(dout, cache):
    """The gradient of sequence_dropout_forward, through the same mask.

    Inputs:
    - dout: (N, T, D), gradient of the loss with respect to out
    - cache: from sequence_dropout_forward

    Returns:
    - dx: (N, T, D)

    Source: chain rule.
    """
    ### BEGIN SOLUTION
    mask = cache
    dx = dout * mask[:, None, :]
    ### END SOLUTION
    return dx


def tied_rnnlm_loss(params, ids, s0):
    """A recurrent language model with one table of words for the way in and the way out.

        s_t = tanh(E[ids_t] Wx + s_{t-1} Wh + b),    scores_t = s_t E^T,    predicting ids_{t+1}

    It is rnnlm_loss of embedding.py with E Wx as U, Wh as W and the transpose of E as V. A word's
    row is used where the word is read, and at every step where it is scored; its gradient is the
    sum of both.

    Inputs:
    - params: dictionary, with C words in the vocabulary, of
      - E: (C, H)
      - Wx: (H, H)
      - Wh: (H, H)
      - b: (H,)
    - ids: (N, T+1), whole numbers from 0 to C-1: the first T are read, the last T are predicted
    - s0: (N, H), the state before the first word

    Returns:
    - loss: a number, summed over time and averaged over the batch, in nats
    - grads: dictionary with the keys and shapes of params, the gradients of the loss

    Source: Press and Wolf 2017; Inan, Khosravi and Socher 2017.
    """
    ### BEGIN SOLUTION
    E, Wx = params["E"], params["Wx"]
    untied = {"U": E @ Wx, "W": params["Wh"], "b": params["b"], "V": E.T}
    loss, untied_grads = rnnlm_loss(untied, ids, s0)
    dE = untied_grads["U"] @ Wx.T + untied_grads["V"].T
    dWx = E.T @ untied_grads["U"]
    grads = {"E": dE, "Wx": dWx, "Wh": untied_grads["W"], "b": untied_grads["b"]}
    ### END SOLUTION
    return loss, grads


def teacher_forcing_rate(steps, k):
    """How often the truth is read after so many iterations: the inverse sigmoid decay.

        rate_i = k / (k + exp(i / k))

    It begins at k / (k + 1), is 1/2 where exp(i/k) = k, and falls to 0; the larger k, the later.
    However late the iteration, nothing may overflow.

    Inputs:
    - steps: (S,), numbers of iterations i, from 0 on
    - k: a number, at least 1

    Returns:
    - rates: (S,), between 0 and 1

    Source: Bengio et al. 2015, section 2.4.
    """
    ### BEGIN SOLUTION
    falling = k * np.exp(-steps / k)
    rates = falling / (falling + 1)
    ### END SOLUTION
    return rates


def scheduled_inputs(params, ids, h0, u, rate):
    """What the character model reads if it is given the truth only some of the time.

    At step 0 every row reads ids[n, 0]. At step t > 0 a coin is tossed for each row by itself:

    - u[n, t] < rate: the true character ids[n, t] is read;
    - otherwise the model's own guess is read: the character with the largest score after step t-1,
      the lower number of two with the same score. The state at step t-1 has read what was read,
      guesses included.

    Inputs:
    - params: dictionary of the character model, as in charlm.py, of
      - Wx: (V, H)
      - Wh: (H, H)
      - b: (H,)
      - Why: (H, V)
      - by: (V,)
    - ids: (N, T), whole numbers from 0 to V-1, the true characters that would be read
    - h0: (N, H), the state before the first character
    - u: (N, T), uniform numbers from [0, 1); those of step 0 decide nothing
    - rate: a number from 0 (the first character, then guesses only) to 1 (the truth only)

    Returns:
    - inputs: (N, T), whole numbers, the characters that are read

    Source: Bengio et al. 2015, section 2.4, with a coin for every token and the most probable one
    as the guess.
    """
    ### BEGIN SOLUTION
    V = len(params["by"])
    inputs = ids.copy()
    h = h0
    for t in range(ids.shape[1]):
        if t > 0:
            guess = (h @ params["Why"] + params["by"]).argmax(axis=1)  # (N,)
            inputs[:, t] = np.where(u[:, t] < rate, ids[:, t], guess)
        x = one_hot(inputs[:, t], V)
        h, _ = rnn_step_forward(x, h, params["Wx"], params["Wh"], params["b"])
    ### END SOLUTION
    return inputs


def nucleus_probs(logits, p):
    """From scores to the probabilities that are drawn from: the nucleus, and nothing outside it.

    With the entries of a row in the order of falling softmax probability, an entry belongs to the
    nucleus if the probabilities before it add up to less than p. So the first one always does, and
    the nucleus is the shortest head of the row with a total of at least p. Its probabilities are
    divided by their total; all others become exactly 0.

    Inputs:
    - logits: (N, V), scores; any real numbers, they may be as large as 1e3
    - p: a number, 0 < p <= 1; with p = 1 nothing is cut off, and the result is the softmax

    Returns:
    - probs: (N, V), each row sums to 1; among equal scores the lower index goes first

    Raises: ValueError if p is not above 0, or is above 1.

    Source: Holtzman et al. 2020, section 3.1.
    """
    ### BEGIN SOLUTION
    if not 0 < p <= 1:
        raise ValueError(f"p should be above 0 and at most 1, it is {p}")
    probs = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    for row in probs:
        # stable: equal scores stay in the order of their index
        order = np.argsort(-row, kind="stable")
        total_before = np.cumsum(row[order]) - row[order]
        # Where p is 1, rounding must not cut the tail off.
        outside = order[total_before >= p] if p < 1 else []
        row[outside] = 0
        row /= row.sum()
    ### END SOLUTION
    return probs
