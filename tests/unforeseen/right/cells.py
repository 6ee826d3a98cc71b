"""Lesson 13: searching for interpretable cells."""

import numpy as np

from .gru import gru_forward  # noqa: F401 - keep it: a check runs the weights you build with it
from .lstm import lstm_step_forward

QUOTES = "'\""
OPENING, CLOSING = "([{", ")]}"


def cell_traces(ids, Wx, Wh, b):
    """What every cell of an LSTM does while it reads a text."""
    V, H = Wx.shape[0], Wh.shape[0]
    hid = np.zeros((1, H))
    cell = np.zeros((1, H))
    traces = np.zeros((len(ids), H))
    for t, char in enumerate(ids):
        x = np.zeros((1, V))
        x[0, char] = 1.0
        hid, cell, _ = lstm_step_forward(x, hid, cell, Wx, Wh, b)
        traces[t] = np.tanh(cell[0])
    return traces


def inside_quotes(text):
    """Where a text is inside a short string literal."""
    result = np.zeros(len(text), dtype=bool)
    opener = None
    escaped = False
    for t, ch in enumerate(text):
        if opener is None:
            if ch in QUOTES:
                opener = ch
        elif escaped:
            escaped = False
        elif ch == "\\":
            escaped = True
        elif ch == opener or ch == "\n":
            opener = None
        result[t] = opener is not None
    return result


def bracket_depth(text):
    """How many brackets are open."""
    quoted = inside_quotes(text)
    depths = np.zeros(len(text), dtype=int)
    level = 0
    for t, ch in enumerate(text):
        if not quoted[t]:
            if ch in OPENING:
                level += 1
            elif ch in CLOSING:
                level = max(level - 1, 0)
        depths[t] = level
    return depths


def rank_cells(traces, signal):
    """Which cells follow a signal most closely, whatever the sign."""
    H = traces.shape[1]
    y = np.asarray(signal, dtype=float)
    r = np.zeros(H)
    changes = np.zeros(H, dtype=bool)
    for j in range(H):
        x = traces[:, j]
        changes[j] = x.max() > x.min()
        if not changes[j] or y.max() == y.min():
            continue
        xc = x - x.mean()
        yc = y - y.mean()
        r[j] = (xc * yc).sum() / np.sqrt((xc**2).sum() * (yc**2).sum())
    order = sorted(range(H), key=lambda j: (not changes[j], -abs(r[j]), j))
    return np.array(order), r


def latch_weights():
    """Build an LSTM with one cell that remembers a bit."""
    big = 40.0
    Wx = np.zeros((3, 4))
    Wh = np.zeros((1, 4))
    b = np.zeros(4)
    b[0] = -big  # closed, unless there is a command
    b[1] = big  # keeps, unless there is a command
    Wx[1, 0] = 2 * big
    Wx[2, 0] = 2 * big
    Wx[1, 1] = -2 * big
    Wx[2, 1] = -2 * big
    Wx[1, 3] = big
    Wx[2, 3] = -big
    return Wx, Wh, b


def depth_weights():
    """Build an LSTM with one cell that counts."""
    open_gate = 40.0
    step = np.arctanh(0.1)
    Wx = np.zeros((3, 4))
    Wh = np.zeros((1, 4))
    b = np.zeros(4)
    b[:2] = open_gate
    Wx[1, 3] = step
    Wx[2, 3] = -step
    return Wx, Wh, b


def gru_that_is_an_rnn(Wx, Wh, b):
    """Build a GRU that does exactly what a given vanilla RNN does."""
    D, H = Wx.shape
    wide = 50.0
    gru_Wx = np.zeros((D, 3 * H))
    gru_Wh = np.zeros((H, 3 * H))
    gru_b = np.full(3 * H, wide)
    gru_Wx[:, 2 * H :] = Wx
    gru_Wh[:, 2 * H :] = Wh
    gru_b[2 * H :] = b
    return gru_Wx, gru_Wh, gru_b
