"""A correct cells.py in another style: matrix products, standard scores, tables of transitions."""

import numpy as np

from .gru import gru_forward  # noqa: F401
from .lstm import lstm_step_forward

OUT, SINGLE, DOUBLE, SINGLE_ESCAPE, DOUBLE_ESCAPE = range(5)


def cell_traces(ids, Wx, Wh, b):
    """A one-hot product picks a row of Wx: so the row goes in as the bias of the pre-activation."""
    H = Wh.shape[0]
    h = c = np.zeros((1, H))
    traces = []
    for row in Wx[np.asarray(ids)]:
        h, c, *_ = lstm_step_forward(np.ones((1, 1)), h, c, row[None], Wh, b)
        traces.append(c)
    return np.tanh(np.vstack(traces))


def next_state(state, character):
    if state == OUT:
        return {"'": SINGLE, '"': DOUBLE}.get(character, OUT)
    if state in (SINGLE_ESCAPE, DOUBLE_ESCAPE):
        return state - 2
    if character == "\\":
        return state + 2
    closing = {SINGLE: "'\n", DOUBLE: '"\n'}[state]
    return OUT if character in closing else state


def inside_quotes(text):
    states = np.zeros(len(text) + 1, dtype=int)
    for t, character in enumerate(text):
        states[t + 1] = next_state(states[t], character)
    return states[1:] != OUT


def bracket_depth(text):
    codes = np.array(list(text) or [], dtype="<U1")
    steps = np.isin(codes, list("([{")).astype(int) - np.isin(codes, list(")]}"))
    steps = np.where(inside_quotes(text), 0, steps)
    free = np.cumsum(steps)
    return free - np.minimum(np.minimum.accumulate(free), 0) if len(text) else free


def rank_cells(traces, signal):
    signal = np.asarray(signal, dtype=float)
    changing = ~np.all(traces == traces[0], axis=0)
    r = np.zeros(traces.shape[1])
    if np.any(signal != signal[0]):
        x, y = traces[:, changing], signal
        x = (x - x.mean(0)) / x.std(0)
        y = (y - y.mean()) / y.std()
        r[changing] = np.einsum("th,t->h", x, y) / len(y)
    strength = np.where(changing, np.abs(r), -1)
    return np.argsort(-strength, kind="stable"), r


def latch_weights():
    """Nothing in the columns: the three rows differ by what they add to the biases."""
    b = np.array([-25.0, 25, -25, 0])
    Wx = np.array([[0, 0, 0, 0], [50.0, -50, 0, 1], [50, -50, 0, -1]])
    return Wx, np.zeros((1, 4)), b


def depth_weights():
    b = np.array([20.0, 25.0, -1.0, 0.0])
    Wx = np.outer([0, 1, -1], [0, 0, 0, np.arctanh(0.1)])
    return Wx, np.zeros((1, 4)), b


def gru_that_is_an_rnn(Wx, Wh, b):
    pad = ((0, 0), (2 * Wx.shape[1], 0))
    return np.pad(Wx, pad), np.pad(Wh, pad), np.pad(b, pad[1], constant_values=100.0)
