"""The vanilla RNN.

One step, a sequence of steps, and back again through time.
"""

import numpy as np

from autograder.lessons._saturated import FAR, saturated
from autograder.problem import problem

NUMBER = 1

STEP = "x[N,D] prev_h[N,H] Wx[D,H] Wh[H,H] b[H]"
SEQUENCE = "x[N,T,D] h0[N,H] Wx[D,H] Wh[H,H] b[H]"
GRADIENTS = "dx[N,T,D] dh0[N,H] dWx[D,H] dWh[H,H] db[H]"

STEP_SIZES = [dict(N=3, D=4, H=5), dict(N=1, D=2, H=3), dict(N=4, D=3, H=3)]
SEQUENCE_SIZES = [dict(N=3, T=5, D=4, H=6), dict(N=1, T=4, D=2, H=3), dict(N=2, T=1, D=3, H=4)]


def states_that_cancel(case, rng):
    """After the first step, all states are 1 or -1; the second adds them up to exactly 0.

    So that it shows if they are a little less than that.
    """
    x, Wx = case["x"].copy(), case["Wx"].copy()
    # Of 64ths, which float32 adds up exactly: the steps that follow would make much of any rest.
    Wh = np.round(4 * 64 * case["Wh"]) / 64
    Wx[0] += np.copysign(1.0, Wx[0])
    x[:, 0] = 0.0
    x[:, :2, 0] = FAR, 0.0
    x[:, 1] = 0.0
    return {**case, "x": x, "Wx": Wx, "Wh": Wh, "b": -np.sign(Wx[0]) @ Wh}


def a_short_last_chunk(case, rng):
    """Chunks that do not divide T, so that it matters from which end they are counted."""
    return {**case, "k": np.array(case["x"].shape[1] - 2)}


def nobody_full_length(case, rng):
    """Every row is padded, even the longest."""
    return {**case, "lengths": np.minimum(case["lengths"], case["h"].shape[1] - 1)}


@problem(
    points=6,
    title="One step forward",
    takes=STEP,
    gives="next_h[N,H]",
    sizes=STEP_SIZES,
    edges=[saturated("b")],
)
def rnn_step_forward(student, x, prev_h, Wx, Wh, b):
    next_h, _ = student.rnn_step_forward(x, prev_h, Wx, Wh, b)
    return {"next_h": next_h}


@problem(
    points=10,
    title="One step backward",
    takes=STEP + " dnext_h[N,H]",
    gives="dx[N,D] dprev_h[N,H] dWx[D,H] dWh[H,H] db[H]",
    sizes=STEP_SIZES,
    edges=[saturated("b")],
    gradient_of="rnn_step_forward",
    large=dict(N=110, D=72, H=84),
)
def rnn_step_backward(student, x, prev_h, Wx, Wh, b, dnext_h):
    _, cache = student.rnn_step_forward(x, prev_h, Wx, Wh, b)
    dx, dprev_h, dWx, dWh, db = student.rnn_step_backward(dnext_h, cache)
    return {"dx": dx, "dprev_h": dprev_h, "dWx": dWx, "dWh": dWh, "db": db}


@problem(
    points=8,
    title="A whole sequence forward",
    takes=SEQUENCE,
    gives="h[N,T,H]",
    sizes=SEQUENCE_SIZES,
    edges=[states_that_cancel],
)
def rnn_forward(student, x, h0, Wx, Wh, b):
    h, _ = student.rnn_forward(x, h0, Wx, Wh, b)
    return {"h": h}


@problem(
    points=12,
    title="Backpropagation through time",
    takes=SEQUENCE + " dh[N,T,H]",
    gives=GRADIENTS,
    sizes=SEQUENCE_SIZES,
    edges=[saturated("b")],
    gradient_of="rnn_forward",
    large=dict(N=16, T=34, D=30, H=38),
)
def rnn_backward(student, x, h0, Wx, Wh, b, dh):
    _, cache = student.rnn_forward(x, h0, Wx, Wh, b)
    dx, dh0, dWx, dWh, db = student.rnn_backward(dh, cache)
    return {"dx": dx, "dh0": dh0, "dWx": dWx, "dWh": dWh, "db": db}


@problem(
    points=8,
    title="Truncated backpropagation through time",
    takes=SEQUENCE + " dh[N,T,H] k[]=k",
    gives=GRADIENTS,
    sizes=[
        dict(N=3, T=7, D=4, H=6, k=5),
        dict(N=3, T=7, D=5, H=4, k=2),
        dict(N=1, T=3, D=2, H=4, k=5),
        dict(N=2, T=4, D=5, H=3, k=1),
    ],
    edges=[a_short_last_chunk, saturated("b")],
)
def rnn_backward_truncated(student, x, h0, Wx, Wh, b, dh, k):
    _, cache = student.rnn_forward(x, h0, Wx, Wh, b)
    dx, dh0, dWx, dWh, db = student.rnn_backward_truncated(dh, cache, int(k))
    return {"dx": dx, "dh0": dh0, "dWx": dWx, "dWh": dWh, "db": db}


@problem(
    points=3,
    title="Many to one with ragged lengths",
    takes="h[N,T,H] lengths[N]<=T",
    gives="out[N,H]",
    sizes=[dict(N=4, T=5, H=3), dict(N=1, T=4, H=2)],
    edges=[nobody_full_length],
)
def last_hidden(student, h, lengths):
    out, _ = student.last_hidden(h, lengths)
    return {"out": out}


@problem(
    points=3,
    title="Many to one, backward",
    takes="h[N,T,H] lengths[N]<=T dout[N,H]",
    gives="dh[N,T,H]",
    sizes=[dict(N=4, T=5, H=3), dict(N=1, T=4, H=2)],
    edges=[nobody_full_length],
    gradient_of="last_hidden",
    large=dict(N=250, T=45, H=50),
)
def last_hidden_backward(student, h, lengths, dout):
    _, cache = student.last_hidden(h, lengths)
    dh = student.last_hidden_backward(dout, cache)
    return {"dh": dh}
