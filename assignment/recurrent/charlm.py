"""Lesson 3: the character model.

    x_t = one_hot(c_t)              h_t = tanh(x_t Wx + h_{t-1} Wh + b)
    y_t = h_t Why + by              p(c_{t+1}) = softmax(y_t)

The network reads a text one character at a time and says, at every character, how probable each
next one is. You have already built everything that is hard: the recurrent layer is that of
`rnn.py`, scores and loss are those of `head.py`.

`params` is a dictionary with these five keys, in this lesson and wherever else the character model
is used:

    Wx (V, H)    Wh (H, H)    b (H,)    Why (H, V)    by (V,)

The lecture's example is "hello" with the vocabulary h, e, l, o. An l is followed once by an l and
once by an o, so a model that sees only the last character cannot do better than (2 ln 2) / 4 =
0.347 nats a character there. A model that remembers can. The check `learns_hello` trains your
`charlm_loss` on that one word, by plain gradient descent, and looks whether the loss gets below
that.
"""

import numpy as np

from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .rnn import rnn_backward, rnn_forward, rnn_step_forward


def one_hot(ids, V):
    """Each number as a row that is 1 in the place of that number and 0 elsewhere.

    Inputs:
    - ids: (...), whole numbers from 0 to V-1, an array of any shape
    - V: a whole number, the size of the vocabulary

    Returns:
    - x: (..., V), floating-point

    Raises: ValueError if any of the ids is negative or not below V. (numpy would take -1 for the
    last one.)

    Source: lecture, "Potential Input Representations".
    """
    raise NotImplementedError("one_hot (Task 3.1, 1 point)")
    return x


def bigram_log_probs(ids, V):
    """The best bigram model of a text, without training: counts of which character follows which.

    With n(i, j) the number of times that j comes directly after i, and n(i) = sum_j n(i, j),

        log p(j | i) = ln( n(i, j) / n(i) )

    - A pair that never occurs, after an i that does: -inf (there is no smoothing).
    - An i that nothing ever follows, n(i) = 0 (it does not occur, or only as the last character):
      the text says nothing about it, so all V characters are equally probable, -ln V each.

    Inputs:
    - ids: (T,), one text as whole numbers from 0 to V-1, T >= 1
    - V: a whole number, the size of the vocabulary

    Returns:
    - log_probs: (V, V), in nats; row i is about what follows i, and exp of a row sums to 1

    Source: maximum likelihood; it is where gradient descent on a bigram model's loss would end.
    """
    raise NotImplementedError("bigram_log_probs (Task 3.2, 4 points)")
    return log_probs


def charlm_loss(params, ids, h0):
    """Loss of the character model on a batch of texts, and its gradients.

    Of the T+1 characters in a row, the first T are read and the last T are predicted: having read
    ids[n, 0] to ids[n, t], the model is asked for ids[n, t+1].

    Inputs:
    - params: dictionary of
      - Wx: (V, H)
      - Wh: (H, H)
      - b: (H,)
      - Why: (H, V)
      - by: (V,)
    - ids: (N, T+1), whole numbers from 0 to V-1; no padding
    - h0: (N, H), the hidden state before the first character

    Returns:
    - loss: a number, -ln p of the predicted characters, summed over time and averaged over the
      batch (divide by N, and by nothing else)
    - grads: dictionary with the keys and shapes of params, the gradients of the loss
    - hT: (N, H), the hidden state after the last character that was read; handed to the next call
      as h0, it lets a long text be read in chunks

    Source: lecture, "Example: Character-level Language Model".
    """
    raise NotImplementedError("charlm_loss (Tasks 3.3 and 3.7, 10 points)")
    return loss, grads, hT


def next_probs(logits, temperature=1.0, top_k=None):
    """From scores to the probabilities that the next character is drawn from.

    In each row only the top_k largest scores take part; all others get probability exactly 0. Among
    those that do,

        p_j  proportional to  exp(logits_j / temperature)

    Inputs:
    - logits: (N, V), scores; any real numbers, they may be as large as 1e3
    - temperature: a number > 0. Below 1 the favourites gain, above 1 they lose; it may be as small
      as 1e-3, where a row is all but certain of its largest score. No overflow, no NaN.
    - top_k: a whole number >= 1, or None for all V. Exactly top_k entries of a row take part: among
      equal scores the lower index goes first. If top_k is larger than V, all V take part.

    Returns:
    - probs: (N, V), each row sums to 1

    Raises: ValueError if temperature is not above 0, or if top_k is below 1.

    Source: Boltzmann distribution; top-k as in Fan, Lewis and Dauphin 2018.
    """
    raise NotImplementedError("next_probs (Task 3.4, 4 points)")
    return probs


def sample(params, h0, first_id, u):
    """Let the model write: read a character, draw the next one, read that, and so on.

    Chance comes in as numbers u, so that the result can be checked. At step t = 0, 1, ..., T-1

    1. the model reads a character: first_id at t = 0, after that the one drawn at t-1; the state
       moves on;
    2. p is the softmax of the scores (temperature 1, nothing cut off);
    3. the character drawn is the smallest j with u[t] < p_0 + p_1 + ... + p_j. If rounding leaves
       the sum over all of p at or below u[t], it is V-1.

    Inputs:
    - params: dictionary, as in charlm_loss
    - h0: (1, H), the hidden state before the first character
    - first_id: a whole number from 0 to V-1
    - u: (T,), numbers in [0, 1)

    Returns:
    - ids: (T,), the drawn characters; ids[0] is the first one drawn, first_id is not among them

    Source: lecture, "Example: Character-level Language Model", at test time; drawing by the inverse
    of the cumulative distribution.
    """
    raise NotImplementedError("sample (Task 3.5, 4 points)")
    return ids


def bits_per_char(total_nats, chars):
    """How many bits the model needs for a character, from the losses of several batches.

    1 bit is ln 2 nats. A model that guesses uniformly among V characters needs log2 V bits;
    perplexity is 2 to the power of this number.

    Inputs:
    - total_nats: (B,), the summed (not averaged) negative log-likelihood of each batch, in nats
      (natural logarithm)
    - chars: (B,), how many characters that sum runs over

    Returns:
    - bits: a number, the average over all characters of all batches together

    Source: Shannon 1948.
    """
    raise NotImplementedError("bits_per_char (Task 3.6, 2 points)")
    return bits
