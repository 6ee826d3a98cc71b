"""Depth.

Recurrent layers on top of each other, vanilla and LSTM.
"""

import numpy as np

from autograder.lessons._numbers import in_shape
from autograder.lessons._saturated import saturated
from autograder.problem import problem

NUMBER = 7

# Widths D -> P -> Q -> R, and once all are equal: there a wrong order of the layers runs, and has
# to show in the values.
RNN = (
    "x[N,T,D] h1[N,P] h2[N,Q] h3[N,R] "
    "Wx1[D,P] Wh1[P,P] b1[P] "
    "Wx2[P,Q] Wh2[Q,Q] b2[Q] "
    "Wx3[Q,R] Wh3[R,R] b3[R]"
)
LSTM = "x[N,T,D] h1[N,P] h2[N,Q] Wx1[D,4P] Wh1[P,4P] b1[4P] Wx2[P,4Q] Wh2[Q,4Q] b2[4Q]"

RNN_SIZES = [
    dict(N=2, T=4, D=3, P=5, Q=6, R=7),
    dict(N=1, T=3, D=4, P=4, Q=4, R=4),
    dict(N=2, T=1, D=4, P=3, Q=2, R=5),
]
LSTM_SIZES = [dict(N=2, T=4, D=3, P=5, Q=6), dict(N=1, T=4, D=3, P=3, Q=3)]

# No gradient passes the top layer, so that all of them are exactly 0.
TOP_OF_THREE_AT_ITS_ENDS = saturated("b3")
TOP_OF_TWO_AT_ITS_ENDS = saturated("b2", gates=3)


def _stack(tensors):
    """The arrays h1, Wx1, Wh1, b1, h2, ... as the two lists that the functions take."""
    depth = sum(name.startswith("h") for name in tensors)
    h0s, layers = [], []
    for n in range(1, depth + 1):
        h0s.append(tensors[f"h{n}"])
        layers.append(tuple(tensors[f"{name}{n}"] for name in ("Wx", "Wh", "b")))
    return h0s, layers


def _unstack(dx, dh0s, dlayers):
    """What a backward pass returns, as dx, dh1, dWx1, dWh1, db1, dh2, ..."""
    outputs = {"dx": dx}
    for n, (dh0, (dWx, dWh, db)) in enumerate(zip(dh0s, dlayers, strict=True), start=1):
        outputs |= {f"dh{n}": dh0, f"dWx{n}": dWx, f"dWh{n}": dWh, f"db{n}": db}
    return outputs


def _gradients(takes):
    """`dx ... dh1 dWx1 dWh1 db1 dh2 ...` for the tensors of a stack."""
    shapes = {tensor.split("[")[0]: f"d{tensor}" for tensor in takes.split()}
    depth = sum(name.startswith("h") for name in shapes)
    declared = [shapes["x"]]
    for n in range(1, depth + 1):
        declared += [shapes[f"{name}{n}"] for name in ("h", "Wx", "Wh", "b")]
    return " ".join(declared)


@problem(
    points=5,
    title="A stack of vanilla RNNs",
    takes=RNN,
    gives="h[N,T,R] h_of_five[N,T,R]",
    sizes=RNN_SIZES,
    edges=[TOP_OF_THREE_AT_ITS_ENDS],
)
def stacked_forward(student, x, **tensors):
    h, _ = student.stacked_forward(x, *_stack(tensors))

    # Five layers: one alone, and on top of it four.
    h0s, layers = _stack(tensors)
    _, Wh, b = layers[-1]
    top = [(Wh, Wh.T, b), (Wh.T, Wh, -b)]
    bottom, _ = student.stacked_forward(x, h0s[:1], layers[:1])
    bottom = in_shape(bottom, (*x.shape[:2], h0s[0].shape[1]))
    h_of_five, _ = student.stacked_forward(bottom, h0s[1:] + 2 * h0s[-1:], layers[1:] + top)
    return {"h": h, "h_of_five": h_of_five}


@problem(
    points=7,
    title="A stack of vanilla RNNs, backward",
    takes=RNN + " dh[N,T,R]",
    gives=_gradients(RNN),
    sizes=RNN_SIZES,
    edges=[TOP_OF_THREE_AT_ITS_ENDS],
    gradient_of="stacked_forward",
    large=dict(N=12, T=50, D=20, P=24, Q=28, R=32),
)
def stacked_backward(student, x, dh, **tensors):
    _, cache = student.stacked_forward(x, *_stack(tensors))
    dx, dh0s, dlayers = student.stacked_backward(dh, cache)
    return _unstack(dx, dh0s, dlayers)


@problem(
    points=4,
    title="A stack of LSTMs",
    takes=LSTM,
    gives="h[N,T,Q]",
    sizes=LSTM_SIZES,
    edges=[TOP_OF_TWO_AT_ITS_ENDS],
    blocks="i f o g",
)
def stacked_lstm_forward(student, x, **tensors):
    h, _ = student.stacked_lstm_forward(x, *_stack(tensors))
    return {"h": h}


@problem(
    points=5,
    title="A stack of LSTMs, backward",
    takes=LSTM + " dh[N,T,Q]",
    gives=_gradients(LSTM),
    sizes=LSTM_SIZES,
    edges=[TOP_OF_TWO_AT_ITS_ENDS],
    gradient_of="stacked_lstm_forward",
    large=dict(N=10, T=24, D=14, P=18, Q=16),
    blocks="i f o g",
)
def stacked_lstm_backward(student, x, dh, **tensors):
    _, cache = student.stacked_lstm_forward(x, *_stack(tensors))
    dx, dh0s, dlayers = student.stacked_lstm_backward(dh, cache)
    return _unstack(dx, dh0s, dlayers)


def eight_layers(case, rng):
    """Many layers, and all of them count."""
    return {"sizes": rng.permutation(np.arange(3, 12))}


@problem(
    points=2,
    title="How many numbers to learn",
    takes="sizes[L+1]",
    gives="rnn[] gru[] lstm[]",
    sizes=[dict(L=3), dict(L=1), dict(L=5)],
    edges=[eight_layers],
    draw=lambda rng, sizes: {"sizes": rng.permutation(np.arange(3, 12))[: sizes["L"] + 1]},
)
def count_parameters(student, sizes):
    widths = [int(n) for n in sizes]
    return {cell: student.count_parameters(list(widths), cell) for cell in ("rnn", "gru", "lstm")}
