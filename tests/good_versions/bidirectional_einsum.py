"""A correct bidirectional.py that turns rows round with a matrix of zeros and ones, and back with
its transpose.
"""

import numpy as np

from .rnn import rnn_backward, rnn_forward


def turns(lengths, T):
    """(N, T, T), 1 where step s of the turned row is step t of the row."""
    s, t = np.indices((T, T))
    lengths = np.asarray(lengths)[:, None, None]
    return (s + t == lengths - 1).astype(float)


def reverse_ragged(x, lengths):
    return np.einsum("nst,ntd->nsd", turns(lengths, x.shape[1]), x)


def bidirectional_forward(x, lengths, right, left):
    N, T, _ = x.shape
    turn = turns(lengths, T)
    real = turn.sum(axis=1)
    h0 = np.zeros((N, right[1].shape[0]))
    x = np.einsum("nt,ntd->ntd", real, x)
    there, cache_there = rnn_forward(x, h0, *right)
    back, cache_back = rnn_forward(np.einsum("nst,ntd->nsd", turn, x), h0, *left)
    h = np.zeros((N, T, 2, h0.shape[1]))
    h[:, :, 0] = np.einsum("nt,nth->nth", real, there)
    h[:, :, 1] = np.einsum("nst,nsh->nth", turn, back)
    return h.reshape(N, T, -1), (turn, real, cache_there, cache_back)


def bidirectional_backward(dh, cache):
    turn, real, cache_there, cache_back = cache
    dthere, dback = np.split(dh, 2, axis=-1)
    one = rnn_backward(np.einsum("nt,nth->nth", real, dthere), cache_there)
    two = rnn_backward(np.einsum("nst,nth->nsh", turn, dback), cache_back)
    dx = one[0] + np.einsum("nst,nsd->ntd", turn, two[0])
    return dx, list(one[2:]), list(two[2:])
