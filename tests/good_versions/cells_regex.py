"""A correct cells.py in another style: regular expressions, itertools, numpy's correlation,
saturated candidates.
"""

import re
from itertools import accumulate

import numpy as np

from .gru import gru_forward  # noqa: F401
from .lstm import lstm_step_forward

STRING = re.compile(r"""(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\\?(?=(\1|\n|$))""")


def cell_traces(ids, Wx, Wh, b):
    def read(states, character):
        one_hot = np.zeros((1, Wx.shape[0]))
        one_hot[0, character] = 1
        return lstm_step_forward(one_hot, *states, Wx, Wh, b)[:2]

    start = np.zeros((1, Wh.shape[0])), np.zeros((1, Wh.shape[0]))
    states = list(accumulate(ids, read, initial=start))[1:]
    return np.tanh(np.concatenate([c for _, c in states]))


def inside_quotes(text):
    inside = [0] * len(text)
    end = 0
    while match := STRING.search(text, end):
        inside[match.start() : match.end()] = [1] * (match.end() - match.start())
        end = match.end() + 1
        if end > len(text):
            break
    return np.array(inside) == 1


def bracket_depth(text):
    step = {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}
    steps = [
        0 if quoted else step.get(c, 0) for c, quoted in zip(text, inside_quotes(text), strict=True)
    ]
    return np.array(
        list(accumulate(steps, lambda depth, step: max(depth + step, 0), initial=0))[1:], dtype=int
    )


def rank_cells(traces, signal):
    with np.errstate(all="ignore"):
        r = np.array([np.corrcoef(column, signal)[0, 1] for column in traces.T])
    constant = np.ptp(traces, axis=0) == 0
    r[constant | (np.ptp(np.asarray(signal, dtype=float)) == 0)] = 0
    order = sorted(range(len(r)), key=lambda j: (constant[j], -abs(r[j]), j))
    return order, r


def latch_weights():
    """The candidate is always 1 or -1, so a cleared bit is at -1."""
    Wx = np.array([[-50, 50, 0, 0], [50, -50, 0, 50], [50, -50, 0, -50]], dtype=float)
    return Wx, np.zeros((1, 4)), np.array([0, 0, 3.0, 0])


def depth_weights():
    """The candidate is 1 or -1 and the input gate lets a tenth of it in, and nothing on ordinary
    characters.
    """
    tenth = np.log(0.1 / 0.9)
    Wx = np.array([[-60, 30, 0, 0], [tenth, 30, 0, 50], [tenth, 30, 0, -50]])
    return Wx, np.zeros((1, 4)), np.zeros(4)


def gru_that_is_an_rnn(Wx, Wh, b):
    D, H = Wx.shape
    big_Wx, big_Wh, big_b = np.zeros((D, 3 * H)), np.zeros((H, 3 * H)), np.full(3 * H, 30.0)
    big_Wx[:, 2 * H :] = Wx
    big_Wh[:, 2 * H :] = Wh
    big_b[2 * H :] = b
    return big_Wx, big_Wh, big_b
