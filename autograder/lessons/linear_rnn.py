"""Linear recurrences and the minGRU.

A recurrence that can run in parallel: one step and another make a step, a scan does all of them in
a few rounds, and gates that do not see the state.
"""

import numpy as np

from autograder.problem import problem

NUMBER = 15

RECURRENCE = "f[N,T,H] v[N,T,H] h0[N,H]"
MINGRU = "x[N,T,D] h0[N,H] Wx[D,2H] b[2H]"
BLOCKS = "z n"

RECURRENCE_SIZES = [dict(N=3, T=5, H=4), dict(N=1, T=7, H=3), dict(N=2, T=1, H=3)]
MINGRU_SIZES = [dict(N=3, T=5, D=4, H=6), dict(N=1, T=4, D=2, H=3), dict(N=2, T=1, D=3, H=4)]


def _resized(case, T):
    """The same case with T steps: its own, over and over."""
    longer = {}
    for name, value in case.items():
        if value.ndim == 3:
            longer[name] = np.take(value, np.arange(T) % value.shape[1], axis=1)
    return {**case, **longer}


def forgets_everything(case, rng):
    """One unit's factor is always 0, and once that of all units is: what came before is gone."""
    f = case["f"].copy()
    f[:, :, 0] = 0.0
    f[:, f.shape[1] // 2] = 0.0
    return {**case, "f": f}


def factors_nearly_zero(case, rng):
    """Factors so small that a product of a few of them is 0 in float64."""
    return {**case, "f": 1e-120 * case["f"]}


def a_power_of_two(case, rng):
    """Eight steps, so that the last of the rounds fits exactly."""
    return _resized(case, 8)


def one_step_more(case, rng):
    """Nine steps: one more than a power of two takes another round."""
    return _resized(case, 9)


def many_steps(case, rng):
    """Enough steps for six rounds, the last of them not full."""
    longer = _resized(case, 43)
    return {**longer, "f": np.clip(longer["f"], -1.0, 1.0)}


@problem(
    points=4,
    title="The recurrence, step by step",
    takes=RECURRENCE,
    gives="h[N,T,H]",
    sizes=RECURRENCE_SIZES,
    edges=[forgets_everything],
)
def linear_recurrence_forward(student, f, v, h0):
    h, _ = student.linear_recurrence_forward(f, v, h0)
    return {"h": h}


@problem(
    points=7,
    title="The recurrence, backward",
    takes=RECURRENCE + " dh[N,T,H]",
    gives="df[N,T,H] dv[N,T,H] dh0[N,H]",
    sizes=RECURRENCE_SIZES,
    edges=[forgets_everything],
    gradient_of="linear_recurrence_forward",
    large=dict(N=12, T=40, H=36),
)
def linear_recurrence_backward(student, f, v, h0, dh):
    _, cache = student.linear_recurrence_forward(f, v, h0)
    df, dv, dh0 = student.linear_recurrence_backward(dh, cache)
    return {"df": df, "dv": dv, "dh0": dh0}


@problem(
    points=3,
    title="Two steps in one",
    takes="f1[N,H] v1[N,H] f2[N,H] v2[N,H]",
    gives="f[N,H] v[N,H]",
    sizes=[dict(N=3, H=4), dict(N=1, H=2)],
)
def compose_steps(student, f1, v1, f2, v2):
    f, v = student.compose_steps(f1, v1, f2, v2)
    return {"f": f, "v": v}


@problem(
    points=4,
    title="One round of the scan",
    takes="f[N,T,H] v[N,T,H] distance[]=k",
    gives="longer_f[N,T,H] longer_v[N,T,H]",
    sizes=[
        dict(N=3, T=7, H=4, k=2),
        dict(N=2, T=5, H=3, k=4),
        dict(N=1, T=6, H=2, k=1),
        dict(N=2, T=3, H=4, k=5),
    ],
)
def scan_round(student, f, v, distance):
    longer_f, longer_v = student.scan_round(f, v, int(distance))
    return {"longer_f": longer_f, "longer_v": longer_v}


@problem(
    points=6,
    title="The same states in a few rounds",
    takes=RECURRENCE,
    gives="h[N,T,H]",
    sizes=RECURRENCE_SIZES,
    edges=[
        forgets_everything,
        factors_nearly_zero,
        a_power_of_two,
        one_step_more,
        many_steps,
    ],
)
def parallel_scan(student, f, v, h0):
    return {"h": student.parallel_scan(f, v, h0)}


@problem(
    points=4,
    title="What is left of each state",
    takes="f[N,T,H]",
    gives="path[N,T,H]",
    sizes=[dict(N=3, T=5, H=4), dict(N=1, T=4, H=2)],
    edges=[forgets_everything],
)
def state_gradient_path(student, f):
    return {"path": student.state_gradient_path(f)}


def gates_far_open_and_shut(case, rng):
    """Pre-activations of about a thousand: every gate is fully open or fully shut."""
    b = case["b"].copy()
    H = len(b) // 2
    b[:H] += 1000 * rng.permutation(np.where(np.arange(H) % 2, -1.0, 1.0))
    return {**case, "b": b}


@problem(
    points=4,
    title="The minGRU forward",
    takes=MINGRU,
    gives="h[N,T,H]",
    sizes=MINGRU_SIZES,
    edges=[gates_far_open_and_shut],
    blocks=BLOCKS,
)
def mingru_forward(student, x, h0, Wx, b):
    h, _ = student.mingru_forward(x, h0, Wx, b)
    return {"h": h}


@problem(
    points=8,
    title="The minGRU backward",
    takes=MINGRU + " dh[N,T,H]",
    gives="dx[N,T,D] dh0[N,H] dWx[D,2H] db[2H]",
    sizes=MINGRU_SIZES,
    edges=[gates_far_open_and_shut],
    gradient_of="mingru_forward",
    large=dict(N=14, T=32, D=26, H=34),
    blocks=BLOCKS,
)
def mingru_backward(student, x, h0, Wx, b, dh):
    _, cache = student.mingru_forward(x, h0, Wx, b)
    dx, dh0, dWx, db = student.mingru_backward(dh, cache)
    return {"dx": dx, "dh0": dh0, "dWx": dWx, "db": db}
