"""Cells of the judge's own: what weights that a student built make an LSTM or a GRU do.

From the lecture's formulas.
"""

import numpy as np


def gate(total):
    """The logistic function, in a form that no number overflows."""
    return 0.5 * (1.0 + np.tanh(0.5 * total))


def lstm_traces(ids, Wx, Wh, b):
    """tanh(c) of every unit after every character; the blocks are i f o g."""
    units = len(b) // 4
    state, memory, rows = np.zeros(units), np.zeros(units), []
    for written in Wx[ids] + b:
        totals = np.reshape(written + np.dot(state, Wh), (4, units))
        keep, let_in, let_out = gate(totals[1]), gate(totals[0]), gate(totals[2])
        memory = keep * memory + let_in * np.tanh(totals[3])
        rows.append(np.tanh(memory))
        state = let_out * rows[-1]
    return np.reshape(rows, (len(rows), units))


def gru_states(x, h0, Wx, Wh, b):
    """The states of a batch after every step; the blocks are z r n and z weighs the new state."""
    states = np.zeros((*x.shape[:2], h0.shape[1]))
    for example, written in enumerate(x):
        h = h0[example]
        for step, numbers in enumerate(written):
            h = _gru_step(numbers, h, Wx, Wh, b)
            states[example, step] = h
    return states


def _gru_step(x, h, Wx, Wh, b):
    H = len(h)
    reset = np.zeros(H)
    for unit in range(H):
        column = H + unit
        reset[unit] = gate(np.dot(x, Wx[:, column]) + np.dot(h, Wh[:, column]) + b[column])
    next_h = np.zeros(H)
    for unit in range(H):
        z = gate(np.dot(x, Wx[:, unit]) + np.dot(h, Wh[:, unit]) + b[unit])
        column = 2 * H + unit
        seen = np.dot(reset * h, Wh[:, column])
        candidate = np.tanh(np.dot(x, Wx[:, column]) + seen + b[column])
        next_h[unit] = (1.0 - z) * h[unit] + z * candidate
    return next_h
