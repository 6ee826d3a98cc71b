"""A correct cells.py in another style: loops, a stack, sums by hand, an LSTM that also uses its
hidden state.
"""

import math

import numpy as np

from .gru import gru_forward  # noqa: F401
from .lstm import lstm_step_forward


def cell_traces(ids, Wx, Wh, b):
    prev_h = np.zeros([1, len(Wh)])
    prev_c = np.zeros([1, len(Wh)])
    rows = []
    for i in ids:
        x = np.array([[1.0 if j == i else 0.0 for j in range(len(Wx))]])
        prev_h, prev_c, cache = lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
        rows.append([math.tanh(value) for value in prev_c[0]])
    return np.array(rows)


def inside_quotes(text):
    result = []
    position = 0
    opened_by = None
    while position < len(text):
        character = text[position]
        if opened_by is None:
            if character == '"' or character == "'":
                opened_by = character
            result.append(opened_by is not None)
        elif character == "\\":
            result.append(True)
            position += 1
            if position < len(text):
                result.append(True)
        elif character == opened_by or character == "\n":
            opened_by = None
            result.append(False)
        else:
            result.append(True)
        position += 1
    return np.array(result, dtype=bool)


def bracket_depth(text):
    inside = inside_quotes(text)
    stack = []
    depths = np.empty(len(text), dtype=np.int64)
    for t in range(len(text)):
        if not inside[t]:
            if text[t] in "([{":
                stack.append(text[t])
            if text[t] in ")]}" and stack:
                stack.pop()
        depths[t] = len(stack)
    return depths


def rank_cells(traces, signal):
    T, H = traces.shape
    r = np.zeros(H)
    groups = [], []
    for j in range(H):
        column = [float(value) for value in traces[:, j]]
        values = [float(value) for value in signal]
        changes = max(column) > min(column)
        if changes and max(values) > min(values):
            x = [value - sum(column) / T for value in column]
            y = [value - sum(values) / T for value in values]
            xy = sum(p * q for p, q in zip(x, y, strict=True))
            r[j] = xy / math.sqrt(sum(p * p for p in x)) / math.sqrt(sum(q * q for q in y))
        groups[0 if changes else 1].append(j)
    groups[0].sort(key=lambda j: -abs(r[j]))
    return np.array(groups[0] + groups[1]), r


def latch_weights():
    """Setting adds a lot, clearing forgets, and the cell may grow."""
    Wx = np.zeros((3, 4))
    Wx[0] = [-30, 30, 0, 0]
    Wx[1] = [30, 30, 0, 5]
    Wx[2] = [-30, -30, 0, 0]
    return Wx, np.array([[0, 0, 0, 0.5]]), np.zeros(4)


def depth_weights():
    Wx = np.zeros((3, 4))
    Wx[:, 0] = 35
    Wx[:, 1] = 35
    Wx[1, 3] = 0.5 * math.log(1.1 / 0.9)
    Wx[2, 3] = -0.5 * math.log(1.1 / 0.9)
    return Wx, np.zeros((1, 4)), np.zeros(4)


def gru_that_is_an_rnn(Wx, Wh, b):
    """The gates are opened by the bias; what their weights say does not matter, as long as it is
    small.
    """
    gru_Wx = np.concatenate([0.1 * Wx, -0.1 * Wx, Wx], axis=1)
    gru_Wh = np.concatenate([0 * Wh, 0.1 * Wh, Wh], axis=1)
    return gru_Wx, gru_Wh, np.concatenate([0 * b + 35, 0 * b + 25, b])
