"""The GRU.

One step, a sequence, back, and the two conventions of its update gate.
"""

import numpy as np

from autograder.lessons._saturated import saturated
from autograder.problem import problem

NUMBER = 6

STEP = "x[N,D] prev_h[N,H] Wx[D,3H] Wh[H,3H] b[3H]"
SEQUENCE = "x[N,T,D] h0[N,H] Wx[D,3H] Wh[H,3H] b[3H]"
BLOCKS = "z r n"

STEP_SIZES = [dict(N=3, D=4, H=5), dict(N=1, D=2, H=3), dict(N=4, D=3, H=3)]
SEQUENCE_SIZES = [dict(N=3, T=5, D=4, H=6), dict(N=1, T=4, D=2, H=3), dict(N=2, T=1, D=3, H=4)]

EVERY_UNIT_AT_ITS_END = saturated("b", gates=2)


@problem(
    points=5,
    title="One step forward",
    takes=STEP,
    gives="next_h[N,H]",
    sizes=STEP_SIZES,
    edges=[EVERY_UNIT_AT_ITS_END],
    blocks=BLOCKS,
)
def gru_step_forward(student, x, prev_h, Wx, Wh, b):
    next_h, _ = student.gru_step_forward(x, prev_h, Wx, Wh, b)
    return {"next_h": next_h}


@problem(
    points=8,
    title="One step backward",
    takes=STEP + " dnext_h[N,H]",
    gives="dx[N,D] dprev_h[N,H] dWx[D,3H] dWh[H,3H] db[3H]",
    sizes=STEP_SIZES,
    edges=[EVERY_UNIT_AT_ITS_END],
    gradient_of="gru_step_forward",
    large=dict(N=70, D=60, H=65),
    blocks=BLOCKS,
)
def gru_step_backward(student, x, prev_h, Wx, Wh, b, dnext_h):
    _, cache = student.gru_step_forward(x, prev_h, Wx, Wh, b)
    dx, dprev_h, dWx, dWh, db = student.gru_step_backward(dnext_h, cache)
    return {"dx": dx, "dprev_h": dprev_h, "dWx": dWx, "dWh": dWh, "db": db}


@problem(
    points=3,
    title="A whole sequence forward",
    takes=SEQUENCE,
    gives="h[N,T,H]",
    sizes=SEQUENCE_SIZES,
    edges=[EVERY_UNIT_AT_ITS_END],
    blocks=BLOCKS,
)
def gru_forward(student, x, h0, Wx, Wh, b):
    h, _ = student.gru_forward(x, h0, Wx, Wh, b)
    return {"h": h}


@problem(
    points=4,
    title="Backpropagation through time",
    takes=SEQUENCE + " dh[N,T,H]",
    gives="dx[N,T,D] dh0[N,H] dWx[D,3H] dWh[H,3H] db[3H]",
    sizes=SEQUENCE_SIZES,
    edges=[EVERY_UNIT_AT_ITS_END],
    gradient_of="gru_forward",
    large=dict(N=10, T=28, D=22, H=26),
    blocks=BLOCKS,
)
def gru_backward(student, x, h0, Wx, Wh, b, dh):
    _, cache = student.gru_forward(x, h0, Wx, Wh, b)
    dx, dh0, dWx, dWh, db = student.gru_backward(dh, cache)
    return {"dx": dx, "dh0": dh0, "dWx": dWx, "dWh": dWh, "db": db}


@problem(
    points=3,
    title="The other convention",
    takes="Wx[D,3H] Wh[H,3H] b[3H]",
    gives="other_Wx[D,3H] other_Wh[H,3H] other_b[3H]",
    sizes=[dict(D=4, H=3), dict(D=2, H=2)],
    blocks=BLOCKS,
)
def gru_to_other_convention(student, Wx, Wh, b):
    student.gru_to_other_convention(Wx, Wh, b)
    # Once more: code that wrote into its arguments now converts them back.
    other_Wx, other_Wh, other_b = student.gru_to_other_convention(Wx, Wh, b)
    return {
        "other_Wx": np.asarray(other_Wx),
        "other_Wh": np.asarray(other_Wh),
        "other_b": np.asarray(other_b),
    }
