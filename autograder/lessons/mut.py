"""Cells found by search.

MUT1, MUT2 and MUT3, forward and backward; the first two only make sense when D = H.
"""

import numpy as np

from autograder.lessons._refusals import outcomes, refuses
from autograder.lessons._saturated import FAR, saturated
from autograder.problem import problem

NUMBER = 6

ONE = "x[N,H] prev_h[N,H] Wxz[H,H] bz[H] Wxr[H,H] Whr[H,H] br[H] Whh[H,H] bh[H]"
TWO = "x[N,H] prev_h[N,H] Wxz[H,H] Whz[H,H] bz[H] Whr[H,H] br[H] Wxh[H,H] Whh[H,H] bh[H]"
THREE = "x[N,D] prev_h[N,H] Wxz[D,H] Whz[H,H] bz[H] Wxr[D,H] Whr[H,H] br[H] Wxh[D,H] Whh[H,H] bh[H]"

SQUARE = [dict(N=3, H=4), dict(N=1, H=3)]
OBLONG = [dict(N=3, D=4, H=5), dict(N=1, D=2, H=3)]


def gates_open(case, rng):
    """Both gates are fully open."""
    return {**case, **{name: np.full_like(case[name], FAR) for name in ("bz", "br")}}


def width_properties(inputs, answers):
    """What became of inputs of width H + 1, of width 1, which would broadcast, and of width H."""
    refused, H = answers["refused"], inputs["prev_h"].shape[1]
    return {
        "refuses_an_input_of_another_width": refuses(refused, bad=(0,), good=(2,)),
        # With one unit that is the right width.
        "refuses_an_input_of_one_column": refuses(refused, bad=(1,) if H > 1 else (), good=(2,)),
    }


def _at_width(step, prev_h, params, D):
    """A step, not yet taken, with an input of width D."""
    # The input's weights have D rows, so that all products are defined and only the sum is not.
    fitting = dict(params)
    for name in params:
        if name.startswith("Wx"):
            fitting[name] = np.ones((D, params[name].shape[1]))
    return lambda: step(np.ones((len(prev_h), D)), prev_h.copy(), fitting)


def _forward(step, x, prev_h, params):
    next_h, _cache = step(x, prev_h, {name: w.copy() for name, w in params.items()})
    H = prev_h.shape[1]
    widths = [_at_width(step, prev_h, params, D) for D in (H + 1, 1, H)]
    return {"next_h": next_h, "refused": outcomes(*widths)}


def _backward(forward, backward, x, prev_h, params, dnext_h):
    # A dictionary of its own: code that empties it does not empty this one.
    _next_h, cache = forward(x, prev_h, dict(params))
    dx, dprev_h, grads = backward(dnext_h, cache)
    return {"dx": dx, "dprev_h": dprev_h, **{f"d{name}": grads[name] for name in params}}


def _gradients(takes):
    return " ".join(f"d{tensor}" for tensor in takes.split())


@problem(
    points=2.5,
    title="MUT1 forward",
    takes=ONE,
    gives="next_h[N,H]",
    holds="refuses_an_input_of_another_width refuses_an_input_of_one_column",
    brings="refused[3]",
    properties=width_properties,
    sizes=SQUARE,
    edges=[gates_open, saturated("bh")],
)
def mut1_step_forward(student, x, prev_h, **params):
    return _forward(student.mut1_step_forward, x, prev_h, params)


@problem(
    points=2.5,
    title="MUT1 backward",
    takes=ONE + " dnext_h[N,H]",
    gives=_gradients(ONE),
    sizes=SQUARE,
    edges=[gates_open, saturated("bh")],
    gradient_of="mut1_step_forward",
    large=dict(N=80, H=72),
)
def mut1_step_backward(student, x, prev_h, dnext_h, **params):
    return _backward(
        student.mut1_step_forward, student.mut1_step_backward, x, prev_h, params, dnext_h
    )


@problem(
    points=2.5,
    title="MUT2 forward",
    takes=TWO,
    gives="next_h[N,H]",
    holds="refuses_an_input_of_another_width refuses_an_input_of_one_column",
    brings="refused[3]",
    properties=width_properties,
    sizes=SQUARE,
    edges=[gates_open, saturated("bh")],
)
def mut2_step_forward(student, x, prev_h, **params):
    return _forward(student.mut2_step_forward, x, prev_h, params)


@problem(
    points=2.5,
    title="MUT2 backward",
    takes=TWO + " dnext_h[N,H]",
    gives=_gradients(TWO),
    sizes=SQUARE,
    edges=[gates_open, saturated("bh")],
    gradient_of="mut2_step_forward",
    large=dict(N=80, H=72),
)
def mut2_step_backward(student, x, prev_h, dnext_h, **params):
    return _backward(
        student.mut2_step_forward, student.mut2_step_backward, x, prev_h, params, dnext_h
    )


@problem(
    points=2.5,
    title="MUT3 forward",
    takes=THREE,
    gives="next_h[N,H]",
    sizes=OBLONG,
    edges=[gates_open, saturated("bh")],
)
def mut3_step_forward(student, x, prev_h, **params):
    next_h, _cache = student.mut3_step_forward(x, prev_h, params)
    return {"next_h": next_h}


@problem(
    points=2.5,
    title="MUT3 backward",
    takes=THREE + " dnext_h[N,H]",
    gives=_gradients(THREE),
    sizes=OBLONG,
    edges=[gates_open, saturated("bh")],
    gradient_of="mut3_step_forward",
    large=dict(N=72, D=64, H=68),
)
def mut3_step_backward(student, x, prev_h, dnext_h, **params):
    return _backward(
        student.mut3_step_forward, student.mut3_step_backward, x, prev_h, params, dnext_h
    )
