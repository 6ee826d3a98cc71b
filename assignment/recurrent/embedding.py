"""Lesson 8: words as vectors.

Looking a word up in a table is multiplying its one-hot vector by the table, without the
multiplications. From there we go on to count neighbours, to predict them (bigram, skip-gram), and
to ask the vectors what they learned.
"""

import numpy as np

from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .rnn import rnn_backward, rnn_forward


def log_softmax(scores):
    """Logarithms of the softmax along the last axis. Given; import it freely.

    It is safe for scores of any size.

    Inputs:
    - scores: (..., V), numbers, an array of any shape

    Returns:
    - log_p: (..., V), the logarithms
    """
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def word_embedding_forward(x, W):
    """Look words up in a table.

    Inputs:
    - x: (N, T), whole numbers from 0 to V-1
    - W: (V, D), one row per word

    Returns:
    - out: (N, T, D), with out[n, t] the row of word x[n, t]
    - cache: whatever word_embedding_backward needs

    Source: lecture, "Parameters/embeddings indexed in a table"; equals one_hot(x) times W.
    """
    raise NotImplementedError("word_embedding_forward (Task 8.1, 3 points)")
    return out, cache


def word_embedding_backward(dout, cache):
    """The gradient of the table. A word that occurs three times collects three gradients.

    Inputs:
    - dout: (N, T, D), gradient of the loss with respect to out
    - cache: from word_embedding_forward

    Returns:
    - dW: (V, D); rows of words that do not occur are zero

    Source: chain rule.
    """
    raise NotImplementedError("word_embedding_backward (Task 8.2, 5 points)")
    return dW


def cooccurrence(ids, V, window):
    """How often each word has each other word near it.

    Inputs:
    - ids: (T,), a text as whole numbers from 0 to V-1
    - V: a whole number, the size of the vocabulary
    - window: a whole number, how many positions to either side count as near

    Returns:
    - C: (V, V), where C[a, b] counts the pairs of positions (s, t), s != t, |s - t| <= window, with
      word a at s and word b at t. C is symmetric; a word near another copy of itself counts on the
      diagonal, once from each side.

    Source: lecture, "You shall know a word by the company it keeps" (Firth 1957).
    """
    raise NotImplementedError("cooccurrence (Task 8.5, 4 points)")
    return C


def bigram_lm_loss(params, words, targets):
    """A bigram neural language model: a word's vector, a hidden layer, scores for the next word.

        s = tanh(E[word] W1 + b1),    scores = s W2 + b2,
        loss = -1/N sum_n log softmax(scores[n])[targets[n]]

    Inputs:
    - params: dictionary of
      - E: (V, D), the table of word vectors
      - W1: (D, H)
      - b1: (H,)
      - W2: (H, V)
      - b2: (V,)
    - words: (N,), the previous words
    - targets: (N,), the words that follow them

    Returns:
    - loss: a number, the mean over the N pairs, in nats
    - grads: dictionary with the keys and shapes of params, the gradients of the loss

    Source: lecture, "Vector representations": the previous word predicts the current one through a
    hidden layer.
    """
    raise NotImplementedError("bigram_lm_loss (Task 8.6, 6 points)")
    return loss, grads


def skipgram_softmax_loss(center, outside, centers, outsides):
    """Skip-gram with a full softmax: one centre word predicts each of the words around it.

        loss = -sum_j log softmax(outsides v)[outside[j]],    v the centre word's row of centers

    It must not overflow for products of any size.

    Inputs:
    - center: a whole number, the centre word
    - outside: (J,), whole numbers, the words around it; some may be the same
    - centers: (V, D), vectors of words as centres
    - outsides: (V, D), vectors of words as neighbours

    Returns:
    - loss: a number, summed over the J words, in nats
    - dcenters: (V, D)
    - doutsides: (V, D)

    Source: Mikolov et al. 2013.
    """
    raise NotImplementedError("skipgram_softmax_loss (Task 8.7, 6 points)")
    return loss, dcenters, doutsides


def skipgram_negative_loss(center, outside, negatives, centers, outsides):
    """Skip-gram with negative sampling: one true neighbour against some words drawn at random.

        loss = -log sigma(u_o . v) - sum_k log sigma(-u_k . v),
        v the centre word's row of centers, u rows of outsides

    It must not overflow for products of any size.

    Inputs:
    - center: a whole number, the centre word
    - outside: a whole number, its true neighbour
    - negatives: (K,), the words drawn; a word drawn twice counts twice, and none is the true
      neighbour
    - centers: (V, D), vectors of words as centres
    - outsides: (V, D), vectors of words as neighbours

    Returns:
    - loss: a number, in nats
    - dcenters: (V, D)
    - doutsides: (V, D)

    Source: Mikolov et al. 2013.
    """
    raise NotImplementedError("skipgram_negative_loss (Task 8.8, 6 points)")
    return loss, dcenters, doutsides


def nearest(query, E, k):
    """The k words whose vectors point most nearly the same way.

    Inputs:
    - query: (D,), a vector, of any length but zero
    - E: (V, D), one row per word, of any lengths but zero
    - k: a whole number, how many, at most V

    Returns:
    - ids: (k,), whole numbers, by falling cosine; of two equal cosines the smaller id comes first

    Source: lecture, "Linguistic regularities in word vectors".
    """
    raise NotImplementedError("nearest (Task 8.9, 3 points)")
    return ids


def analogy(E, a, b, c):
    """`a` is to `b` as `c` is to ... : analogy(E, man, king, woman) should be queen.

    Every vector is first brought to unit length. The answer is then the word nearest (by cosine) to
    b - a + c, where the three words of the question do not compete. Without that last clause the
    answer to king - man + woman is king. No two words are equally near.

    Inputs:
    - E: (V, D), one row per word; V is at least 4
    - a: a whole number, a word
    - b: a whole number, the word that belongs to a
    - c: a whole number, the word whose partner is wanted

    Returns:
    - word: a whole number, the partner of c

    Source: lecture, "King - man + woman"; Mikolov et al. 2013, who also exclude the words of the
    question.
    """
    raise NotImplementedError("analogy (Task 8.10, 4 points)")
    return word


def init_embedding(known, vectors, rng):
    """A table that starts from pre-trained vectors where there are some.

    Known rows are the vectors as they are. The others are filled by one call of rng.normal for all
    unknown words together, in the order of their ids, with mean 0 and the standard deviation of all
    numbers in the known rows (np.std of them, which divides by how many they are; 1 if no word is
    known), so that no word stands out by its length.

    Inputs:
    - known: (V,), booleans, whether word w has a pre-trained vector
    - vectors: (V, D), the vectors, floating-point; rows of unknown words hold anything
    - rng: a numpy Generator

    Returns:
    - E: (V, D), a new array

    Source: lecture, "Can be initialized with pre-trained word embeddings".
    """
    raise NotImplementedError("init_embedding (Task 8.11, 3 points)")
    return E


def rnnlm_loss(params, ids, s0):
    """A recurrent language model with two tables of words, U on the way in and V on the way out.

        s_t = tanh(U[ids_t] + s_{t-1} W + b),    scores_t = s_t V,    predicting ids_{t+1}

    Looking up U is the lecture's product of a one-hot vector with the input matrix: the word's
    vector enters the state directly, so the rows of U have length H.

    Inputs:
    - params: dictionary, with C words in the vocabulary, of
      - U: (C, H)
      - W: (H, H)
      - b: (H,)
      - V: (H, C)
    - ids: (N, T+1), whole numbers from 0 to C-1: the first T are read, the last T are predicted
    - s0: (N, H), the state before the first word

    Returns:
    - loss: a number, summed over time and averaged over the batch, in nats
    - grads: dictionary with the keys and shapes of params, the gradients of the loss

    Source: lecture, "Word representations using RNNs"; Mikolov et al. 2010.
    """
    raise NotImplementedError("rnnlm_loss (Task 8.12, 6 points)")
    return loss, grads


def compose(present, table):
    """The patterns of things that are made of parts: the rows of their parts, added up.

    A code is local if each thing is a single part with a row of its own: its pattern is looked up.
    It is distributed if a thing has several parts. The lecture's V + H + E, vertical and horizontal
    and an ellipse, is nearly a circle, and the table has no row for circles.

    Inputs:
    - present: (N, P), booleans, whether thing n has part p; a thing may have no part at all
    - table: (P, D), one row per part

    Returns:
    - patterns: (N, D)

    Source: lecture, "Power of distributed representations!"; Hinton, McClelland and Rumelhart 1986.
    """
    raise NotImplementedError("compose (Task 8.3, 2 points)")
    return patterns


def concepts_expressible(choices):
    """How many things a local and a distributed code tell apart, with equally many units.

    Things differ in A properties, and property a takes one of choices[a] values. Both codes have
    one unit for each value of each property, the sum of choices in all, and a unit is on or off.

    The local code spends a unit on each thing, which is on for this thing only: there are as many
    things as units. In the distributed code a thing switches A units on, one for each of its
    properties: there is a thing for each combination of values.

    If two things are shown at once, their patterns are added. Two pairs can be told apart if their
    sums differ: in the lecture's toy, VR and HE together look like VE and HR. The order in a pair
    does not matter, and a thing may be paired with itself.

    Inputs:
    - choices: (A,), whole numbers from 1, how many values each property takes

    Returns:
    - local: (2,), whole numbers: how many things, and how many pairs of them, can be told apart
    - distributed: (2,), the same two numbers for the distributed code

    Source: lecture, "Power of distributed representations!"; Hinton, McClelland and Rumelhart 1986.
    """
    raise NotImplementedError("concepts_expressible (Task 8.4, 2 points)")
    return local, distributed
