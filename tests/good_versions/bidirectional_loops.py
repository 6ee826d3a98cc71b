"""A correct bidirectional.py that needs no other lesson: row by row, word by word, with lists."""

import numpy as np


def reverse_ragged(x, lengths):
    out = np.zeros(x.shape)
    for n, length in enumerate(lengths):
        for t in range(length):
            out[n, t] = x[n, length - 1 - t]
    return out


def read(words, weights):
    """The states after each of the words, in the order in which they are read."""
    Wx, Wh, b = weights
    state, states = np.zeros(len(b)), []
    for word in words:
        state = np.tanh(word @ Wx + state @ Wh + b)
        states.append(state)
    return states


def unread(dstates, words, states, weights):
    """The gradients of the words, in the same order, and of the weights."""
    Wx, Wh, b = weights
    dwords, dWx, dWh, db = [], np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(b.shape)
    later = np.zeros(len(b))
    for t in range(len(words) - 1, -1, -1):
        da = (dstates[t] + later) * (1 - states[t] ** 2)
        before = states[t - 1] if t > 0 else np.zeros(len(b))
        dWx += np.outer(words[t], da)
        dWh += np.outer(before, da)
        db += da
        dwords.insert(0, Wx @ da)
        later = Wh @ da
    return dwords, (dWx, dWh, db)


def bidirectional_forward(x, lengths, right, left):
    N, T, _ = x.shape
    H = len(right[2])
    h = np.zeros((N, T, 2 * H))
    for n in range(N):
        words = list(x[n, : lengths[n]])
        for t, state in enumerate(read(words, right)):
            h[n, t, :H] = state
        for t, state in enumerate(read(words[::-1], left)):
            h[n, lengths[n] - 1 - t, H:] = state
    return h, {"x": x, "lengths": lengths, "right": right, "left": left, "h": h}


def bidirectional_backward(dh, cache):
    x, lengths, h = cache["x"], cache["lengths"], cache["h"]
    H = h.shape[2] // 2
    dx = np.zeros(x.shape)
    totals = [[np.zeros(w.shape) for w in cache[side]] for side in ("right", "left")]
    for n, length in enumerate(lengths):
        words, states, dstates = x[n, :length], h[n, :length], dh[n, :length]
        there = unread(dstates[:, :H], words, states[:, :H], cache["right"])
        back = unread(dstates[::-1, H:], words[::-1], states[::-1, H:], cache["left"])
        dx[n, :length] = np.array(there[0]) + np.array(back[0])[::-1]
        for total, (_, gradients) in zip(totals, (there, back), strict=True):
            for i in range(3):
                total[i] += gradients[i]
    return dx, tuple(totals[0]), tuple(totals[1])
