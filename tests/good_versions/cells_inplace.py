"""A correct cells.py as some people write it: arguments changed in place, single precision, prints,
lists, views.
"""

import pdb  # noqa: F401
import time  # noqa: F401

import numpy as np

from .gru import *  # noqa: F403
from .lstm import *  # noqa: F403


def cell_traces(ids, Wx, Wh, b):
    H = Wh.shape[0]
    print("reading", len(ids), "characters")
    buffer = np.zeros((len(ids) + 1, H), dtype=np.float32)
    h, c = np.zeros((1, H), dtype=np.float32), np.zeros((1, H))
    for t in range(len(ids)):
        x = np.zeros((1, len(Wx)), dtype=np.float32)
        x[0][ids[t]] = 1
        h, c, _ = lstm_step_forward(x, h, c, Wx, Wh, b)  # noqa: F405
        buffer[t + 1] = np.tanh(c)
    return buffer[1:]


def inside_quotes(text):
    text = list(text)
    opened = ""
    for t in range(len(text)):
        if not opened:
            opened = text[t] if text[t] in ("'", '"') else ""
        elif text[t] == "\\":
            if t + 1 < len(text):
                text[t + 1] = "x"
        elif text[t] == opened or text[t] == "\n":
            opened = ""
        text[t] = bool(opened)
    return text


def bracket_depth(text):
    depth, depths = 0, []
    for t, quoted in enumerate(inside_quotes(text)):
        if not quoted:
            depth += text[t] in {"(", "[", "{"}
            depth -= text[t] in {")", "]", "}"} and depth > 0
        depths.append(depth)
    return depths


def rank_cells(traces, signal):
    constant = [len(set(column)) == 1 for column in traces.T.tolist()]
    flat = len(set(signal.tolist())) == 1
    signal = signal - signal.mean()
    traces -= traces.mean(0)
    r = []
    for j in range(traces.shape[1]):
        if constant[j] or flat:
            r.append(0)
        else:
            traces[:, j] /= np.linalg.norm(traces[:, j])
            r.append(np.dot(traces[:, j], signal) / np.linalg.norm(signal))
    return sorted(range(len(r)), key=lambda j: (constant[j], -round(abs(r[j]), 12))), r


def latch_weights():
    return (
        np.array([[-20, 20, 0, 0], [20, -20, 0, 20], [20, -20, 0, 0]]),
        np.zeros((1, 4), dtype=int),
        np.zeros(4, dtype=int),
    )


def depth_weights():
    weights = np.zeros((3, 4))
    weights[:, :2] = 25
    weights[1:, 3] = np.arctanh([0.1, -0.1])
    return weights, np.zeros((1, 4)), np.zeros(4)


def gru_that_is_an_rnn(Wx, Wh, b):
    H = len(b)
    return (
        np.hstack([Wx * 0, Wx * 0, Wx]),
        np.hstack([Wh * 0, Wh * 0, Wh]),
        np.hstack([np.ones(H) * 20, np.ones(H) * 20, b]),
    )
