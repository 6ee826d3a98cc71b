"""The LSTM.

One step, a sequence, and back; what the forget gate does to a gradient; the same cell in PyTorch's
layout.
"""

import numpy as np

from autograder.lessons._saturated import FAR, saturated
from autograder.problem import problem

NUMBER = 5

STEP = "x[N,D] prev_h[N,H] prev_c[N,H] Wx[D,4H] Wh[H,4H] b[4H]"
SEQUENCE = "x[N,T,D] h0[N,H] Wx[D,4H] Wh[H,4H] b[4H]"
BLOCKS = "i f o g"

STEP_SIZES = [dict(N=3, D=4, H=5), dict(N=1, D=2, H=3), dict(N=4, D=3, H=3)]
SEQUENCE_SIZES = [dict(N=3, T=5, D=4, H=6), dict(N=1, T=4, D=2, H=3), dict(N=2, T=1, D=3, H=4)]


EVERY_UNIT_AT_ITS_END = saturated("b", gates=3)


def a_full_cell(case, rng):
    """Cells so full that their tanh is 1 or -1, and nothing is forgotten."""
    b, prev_c = case["b"].copy(), case["prev_c"]
    H = len(b) // 4
    b[H : 2 * H] = FAR
    return {**case, "b": b, "prev_c": prev_c + np.copysign(30.0, prev_c)}


def a_cell_that_fills_up(case, rng):
    """Every unit is at one of its ends, for so many steps that the cell's tanh is there, too."""
    longer = {}
    for name in ("x", "dh"):
        if name in case:
            longer[name] = np.resize(np.swapaxes(case[name], 0, 1), _steps(case[name], 9))
            longer[name] = np.swapaxes(longer[name], 0, 1)
    return EVERY_UNIT_AT_ITS_END({**case, **longer}, rng)


def _steps(value, T):
    """The shape of a sequence of T steps, time first."""
    return (T, len(value), value.shape[2])


def gates_far_open_and_shut(case, rng):
    """Pre-activations of about a thousand: every gate is fully open or fully shut."""
    return {**case, "b": case["b"] + 1000 * rng.choice([-1.0, 1.0], size=case["b"].shape)}


@problem(
    points=5,
    title="One step forward",
    takes=STEP,
    gives="next_h[N,H] next_c[N,H]",
    sizes=STEP_SIZES,
    edges=[gates_far_open_and_shut, EVERY_UNIT_AT_ITS_END, a_full_cell],
    blocks=BLOCKS,
)
def lstm_step_forward(student, x, prev_h, prev_c, Wx, Wh, b):
    next_h, next_c, _ = student.lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
    return {"next_h": next_h, "next_c": next_c}


@problem(
    points=8,
    title="One step backward",
    takes=STEP + " dnext_h[N,H] dnext_c[N,H]",
    gives="dx[N,D] dprev_h[N,H] dprev_c[N,H] dWx[D,4H] dWh[H,4H] db[4H]",
    sizes=STEP_SIZES,
    edges=[EVERY_UNIT_AT_ITS_END, a_full_cell],
    gradient_of="lstm_step_forward",
    large=dict(N=66, D=50, H=54),
    blocks=BLOCKS,
)
def lstm_step_backward(student, x, prev_h, prev_c, Wx, Wh, b, dnext_h, dnext_c):
    _, _, cache = student.lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
    dx, dprev_h, dprev_c, dWx, dWh, db = student.lstm_step_backward(dnext_h, dnext_c, cache)
    return {"dx": dx, "dprev_h": dprev_h, "dprev_c": dprev_c, "dWx": dWx, "dWh": dWh, "db": db}


@problem(
    points=4,
    title="A whole sequence forward",
    takes=SEQUENCE,
    gives="h[N,T,H]",
    sizes=SEQUENCE_SIZES,
    edges=[a_cell_that_fills_up],
    blocks=BLOCKS,
)
def lstm_forward(student, x, h0, Wx, Wh, b):
    h, _ = student.lstm_forward(x, h0, Wx, Wh, b)
    return {"h": h}


@problem(
    points=6,
    title="Backpropagation through time",
    takes=SEQUENCE + " dh[N,T,H]",
    gives="dx[N,T,D] dh0[N,H] dWx[D,4H] dWh[H,4H] db[4H]",
    sizes=SEQUENCE_SIZES,
    edges=[a_cell_that_fills_up],
    gradient_of="lstm_forward",
    large=dict(N=10, T=26, D=22, H=24),
    blocks=BLOCKS,
)
def lstm_backward(student, x, h0, Wx, Wh, b, dh):
    _, cache = student.lstm_forward(x, h0, Wx, Wh, b)
    dx, dh0, dWx, dWh, db = student.lstm_backward(dh, cache)
    return {"dx": dx, "dh0": dh0, "dWx": dWx, "dWh": dWh, "db": db}


def a_cell_that_forgets(case, rng):
    """A negative bias: whoever wants a cell that forgets has it."""
    return {**case, "forget_bias": -case["forget_bias"]}


def forget_bias_zero(case, rng):
    """A bias of zero is a bias that was asked for, not one that was left out."""
    return {**case, "forget_bias": np.array(0.0)}


@problem(
    points=2,
    title="Weights to start from",
    takes="D[]=D H[]=H seed[] forget_bias[]",
    gives="Wx[D,4H] Wh[H,4H] b[4H]",
    sizes=[dict(D=3, H=4), dict(D=5, H=2)],
    edges=[a_cell_that_forgets, forget_bias_zero],
    draw=lambda rng, sizes: {
        "D": np.array(sizes["D"]),
        "H": np.array(sizes["H"]),
        "seed": np.array(rng.integers(1000)),
        "forget_bias": np.array(rng.uniform(0.5, 2)),
    },
    blocks=BLOCKS,
)
def init_lstm(student, D, H, seed, forget_bias):
    rng = np.random.default_rng(int(seed))
    Wx, Wh, b = student.init_lstm(int(D), int(H), rng, forget_bias=float(forget_bias))
    return {"Wx": Wx, "Wh": Wh, "b": b}


def fully_open_and_shut(case, rng):
    """One unit's gates are all fully open, another unit's gate is shut once."""
    f = case["f"].copy()
    f[:, :, 0] = 1.0
    f[0, 0, -1] = 0.0
    return {"f": f}


@problem(
    points=2,
    title="The direct path along the cell states",
    takes="f[N,T,H]",
    gives="path[N,H]",
    sizes=[dict(N=3, T=5, H=4), dict(N=1, T=1, H=2)],
    edges=[fully_open_and_shut],
    draw=lambda rng, sizes: {"f": rng.uniform(0.2, 1, size=(sizes["N"], sizes["T"], sizes["H"]))},
)
def cell_gradient_path(student, f):
    return {"path": student.cell_gradient_path(f)}


@problem(
    points=4,
    title="All paths from one cell state to the next",
    takes="x[N,D] prev_c[N,H] prev_o[N,H] Wx[D,4H] Wh[H,4H] b[4H]",
    gives="J[N,H,H]",
    sizes=[dict(N=3, D=4, H=5), dict(N=1, D=2, H=3)],
    edges=[EVERY_UNIT_AT_ITS_END, a_full_cell],
    blocks=BLOCKS,
)
def cell_jacobian(student, x, prev_c, prev_o, Wx, Wh, b):
    return {"J": student.cell_jacobian(x, prev_c, prev_o, Wx, Wh, b)}


@problem(
    points=2,
    title="The same cell in PyTorch's layout",
    takes="Wx[D,4H] Wh[H,4H] b[4H]",
    gives="weight_ih[4H,D] weight_hh[4H,H] biases[2,4H]",
    sizes=[dict(D=3, H=4), dict(D=2, H=2)],
    blocks="i f g o",
)
def to_pytorch(student, Wx, Wh, b):
    weight_ih, weight_hh, bias_ih, bias_hh = student.to_pytorch(Wx, Wh, b)
    # One result: the second bias is zeros, which alone would be a gift.
    biases = [bias_ih, bias_hh]
    return {"weight_ih": weight_ih, "weight_hh": weight_hh, "biases": biases}
