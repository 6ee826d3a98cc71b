"""Reading both ways.

Rows of different lengths read from both ends, and the gradient through both readings.
"""

import numpy as np

from autograder.lessons._numbers import has_shape
from autograder.lessons._saturated import saturated
from autograder.problem import problem

NUMBER = 14

WEIGHTS = "Wx_right[D,H] Wh_right[H,H] b_right[H] Wx_left[D,H] Wh_left[H,H] b_left[H]"
ROWS = "x[N,T,D] lengths[N]<=T " + WEIGHTS
NAMES = ("Wx", "Wh", "b")

SIZES = [dict(N=4, T=5, D=3, H=6), dict(N=1, T=4, D=2, H=3), dict(N=3, T=1, D=4, H=2)]
SATURATED = saturated("b_right", "b_left")


def one_of_each_kind(case, rng):
    """A full row, a row of one step, and others between them."""
    N, T = case["x"].shape[:2]
    lengths = rng.integers(2, T, size=N) if T > 2 else np.ones(N, dtype=int)
    lengths[0], lengths[-1] = T, 1
    return {**case, "lengths": rng.permutation(lengths)}


def nobody_full_length(case, rng):
    """Every row is padded, even the longest."""
    return {**case, "lengths": np.minimum(case["lengths"], case["x"].shape[1] - 1)}


def all_full_length(case, rng):
    """No padding at all."""
    return {**case, "lengths": np.full_like(case["lengths"], case["x"].shape[1])}


def large_numbers_in_the_padding(case, rng):
    """What stands behind the end of a row is far larger than what stands before it."""
    case = nobody_full_length(case, rng)
    padded = np.arange(case["x"].shape[1]) >= case["lengths"][:, None]
    changed = {"x": case["x"] + 1e3 * padded[:, :, None]}
    if "dh" in case:
        changed["dh"] = case["dh"] - 1e3 * padded[:, :, None]
    return {**case, **changed}


def triples(tensors):
    """The weights as the two triples that the functions take."""
    right = tuple(tensors[f"{name}_right"] for name in NAMES)
    left = tuple(tensors[f"{name}_left"] for name in NAMES)
    return right, left


@problem(
    points=6,
    title="Turning ragged rows round",
    takes="x[N,T,D] lengths[N]<=T",
    gives="out[N,T,D] out_twice[N,T,D]",
    sizes=[dict(N=4, T=5, D=3), dict(N=1, T=4, D=2), dict(N=3, T=1, D=2)],
    edges=[
        one_of_each_kind,
        nobody_full_length,
        all_full_length,
        large_numbers_in_the_padding,
    ],
)
def reverse_ragged(student, x, lengths):
    out = student.reverse_ragged(x, lengths.copy())
    # Only what can be turned round again is: else the second call would be blamed for the first.
    again = has_shape(out, x.shape)
    out_twice = student.reverse_ragged(np.array(out), lengths.copy()) if again else out
    return {"out": out, "out_twice": out_twice}


@problem(
    points=10,
    title="Two readings side by side",
    takes=ROWS,
    gives="h[N,T,2H]",
    sizes=SIZES,
    edges=[
        one_of_each_kind,
        nobody_full_length,
        all_full_length,
        large_numbers_in_the_padding,
        SATURATED,
    ],
)
def bidirectional_forward(student, x, lengths, **weights):
    h, _ = student.bidirectional_forward(x, lengths, *triples(weights))
    return {"h": h}


@problem(
    points=14,
    title="Two readings, backward",
    takes=ROWS + " dh[N,T,2H]",
    gives="dx[N,T,D] " + " ".join(f"d{tensor}" for tensor in WEIGHTS.split()),
    sizes=SIZES,
    edges=[
        one_of_each_kind,
        nobody_full_length,
        large_numbers_in_the_padding,
        SATURATED,
    ],
    gradient_of="bidirectional_forward",
    large=dict(N=12, T=30, D=24, H=32),
)
def bidirectional_backward(student, x, lengths, dh, **weights):
    _, cache = student.bidirectional_forward(x, lengths, *triples(weights))
    dx, dright, dleft = student.bidirectional_backward(dh, cache)
    gradients = {"dx": dx}
    for side, (dWx, dWh, db) in (("right", dright), ("left", dleft)):
        gradients |= {f"dWx_{side}": dWx, f"dWh_{side}": dWh, f"db_{side}": db}
    return gradients
