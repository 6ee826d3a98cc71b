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
    ### BEGIN SOLUTION
    out = W[x]
    cache = (x, W.shape)
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    x, shape = cache
    dW = np.zeros(shape, dout.dtype)
    np.add.at(dW, x, dout)
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    C = np.zeros((V, V))
    for distance in range(1, window + 1):
        left, right = ids[:-distance], ids[distance:]
        np.add.at(C, (left, right), 1)
        np.add.at(C, (right, left), 1)
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    N = len(words)
    vectors = params["E"][words]  # (N, D)
    s = np.tanh(vectors @ params["W1"] + params["b1"])  # (N, H)
    log_p = log_softmax(s @ params["W2"] + params["b2"])  # (N, V)
    loss = -log_p[np.arange(N), targets].mean()
    dscores = np.exp(log_p)
    dscores[np.arange(N), targets] -= 1
    dscores /= N
    da = (dscores @ params["W2"].T) * (1 - s**2)  # (N, H)
    dE = np.zeros_like(params["E"])
    np.add.at(dE, words, da @ params["W1"].T)
    grads = {
        "E": dE,
        "W1": vectors.T @ da,
        "b1": da.sum(0),
        "W2": s.T @ dscores,
        "b2": dscores.sum(0),
    }
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    v = centers[center]  # (D,)
    log_p = log_softmax(outsides @ v)  # (V,)
    loss = -log_p[outside].sum()
    dscores = len(outside) * np.exp(log_p)
    np.add.at(dscores, outside, -1)
    dcenters = np.zeros_like(centers)
    dcenters[center] = dscores @ outsides
    doutsides = np.outer(dscores, v)
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    v = centers[center]  # (D,)
    rows = np.concatenate([[outside], negatives])  # (1 + K,)
    sign = np.ones(len(rows), v.dtype)
    sign[1:] = -1
    u = outsides[rows]  # (1 + K, D)
    margin = sign * (u @ v)
    loss = np.logaddexp(0, -margin).sum()
    dproduct = -sign * np.exp(-np.logaddexp(0, margin))  # -sign * sigma(-margin)
    dcenters, doutsides = np.zeros_like(centers), np.zeros_like(outsides)
    dcenters[center] = dproduct @ u
    np.add.at(doutsides, rows, np.outer(dproduct, v))
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    cosine = (E @ query) / (np.linalg.norm(E, axis=1) * np.linalg.norm(query))
    ids = np.argsort(-cosine, kind="stable")[:k]
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    unit = E / np.linalg.norm(E, axis=1, keepdims=True)
    cosine = unit @ (unit[b] - unit[a] + unit[c])
    cosine[[a, b, c]] = -np.inf
    word = int(np.argmax(cosine))
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    spread = vectors[known].std() if known.any() else 1.0
    E = 1.0 * vectors  # a new array, of real numbers even where the vectors are whole ones
    E[~known] = rng.normal(0, spread, size=(int((~known).sum()), vectors.shape[1]))
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    H, C = params["V"].shape
    vectors, lookup = word_embedding_forward(ids[:, :-1], params["U"])
    identity, no_bias = np.eye(H, dtype=vectors.dtype), np.zeros(C, vectors.dtype)
    s, through_time = rnn_forward(vectors, s0, identity, params["W"], params["b"])
    scores, output = temporal_affine_forward(s, params["V"], no_bias)
    loss, dscores = temporal_softmax_loss(scores, ids[:, 1:], np.ones(ids[:, 1:].shape, dtype=bool))
    ds, dV, _ = temporal_affine_backward(dscores, output)
    dvectors, _, _, dW, db = rnn_backward(ds, through_time)
    grads = {"U": word_embedding_backward(dvectors, lookup), "W": dW, "b": db, "V": dV}
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    patterns = present @ table
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    units = choices.sum()
    local = np.array([units, units * (units + 1) // 2])
    # each property of a pair shows two of its values, in no order
    distributed = np.array([choices.prod(), (choices * (choices + 1) // 2).prod()])
    ### END SOLUTION
    return local, distributed
