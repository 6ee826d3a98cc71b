"""Gradient flow.

Jacobians of a step and of a sequence, gradients that vanish, what singular values say about it,
the gradient of a weight by the age of its terms, and clipping.
"""

import numpy as np

from autograder.lessons._refusals import outcomes, refuses
from autograder.problem import problem

NUMBER = 4

NAMES = ("Wx", "Wh", "b")


def draw_states(rng, sizes):
    """Hidden states as a tanh gives them, between -1 and 1, some of them nearly saturated."""
    N, T, H = sizes["N"], sizes.get("T", 1), sizes["H"]
    return {
        "h": np.tanh(rng.normal(scale=0.9, size=(N, T, H))),
        "Wh": rng.normal(scale=1.6 / np.sqrt(H), size=(H, H)),
        "dhT": rng.normal(size=(N, H)),
    }


def draw_step(rng, sizes):
    """One step's state and its weights."""
    case = draw_states(rng, sizes)
    return {"next_h": case["h"][:, 0], "Wh": case["Wh"]}


def draw_sequence(rng, sizes):
    """A sequence's states and the weights."""
    case = draw_states(rng, sizes)
    return {"h": case["h"], "Wh": case["Wh"]}


# ---------------------------------------------------------------------------------------- Jacobians


def saturated(case, rng):
    """Some units are at exactly 1 or -1: they do not move at all."""
    next_h = case["next_h"].copy()
    next_h[:, 0], next_h[0, -1] = 1.0, -1.0
    return {**case, "next_h": next_h}


@problem(
    points=3,
    title="The Jacobian of a step",
    takes="next_h[N,H] Wh[H,H]",
    gives="J[N,H,H]",
    sizes=[dict(N=3, H=4), dict(N=1, H=2), dict(N=2, H=1)],
    draw=draw_step,
    edges=[saturated],
)
def step_jacobian(student, next_h, Wh):
    return {"J": student.step_jacobian(next_h, Wh)}


def saturated_at_last(case, rng):
    """In the last step all units are at exactly 1 or -1: no gradient passes it."""
    h = case["h"].copy()
    h[:, -1] = np.copysign(1.0, h[:, -1])
    return {**case, "h": h}


@problem(
    points=5,
    title="The Jacobian of a sequence",
    takes="h[N,T,H] Wh[H,H]",
    gives="J[N,H,H]",
    sizes=[dict(N=2, T=4, H=3), dict(N=1, T=2, H=4), dict(N=3, T=1, H=2)],
    draw=draw_sequence,
    edges=[saturated_at_last],
)
def sequence_jacobian(student, h, Wh):
    return {"J": student.sequence_jacobian(h, Wh)}


@problem(
    points=5,
    title="Gradients on their way back",
    takes="dhT[N,H] h[N,T,H] Wh[H,H]",
    gives="norms[T]",
    sizes=[dict(N=3, T=6, H=4), dict(N=1, T=3, H=2), dict(N=2, T=1, H=3)],
    draw=draw_states,
    edges=[saturated_at_last],
)
def gradient_norms(student, dhT, h, Wh):
    return {"norms": student.gradient_norms(dhT, h, Wh)}


# ---------------------------------------------------------------------------------- singular values


def contracting(case, rng):
    """Weights that shrink every vector."""
    return {**case, "Wh": 0.9 * case["Wh"] / np.linalg.norm(case["Wh"], 2)}


def exploding(case, rng):
    """Weights that stretch some vector forty times in each step."""
    return {**case, "Wh": 40 * case["Wh"] / np.linalg.norm(case["Wh"], 2)}


def nilpotent(case, rng):
    """Weights with a large singular value and no eigenvalue but 0."""
    return {**case, "Wh": np.triu(case["Wh"], k=1)}


def no_steps(case, rng):
    """Over no step at all a gradient keeps its length."""
    return {**case, "T": np.array(0)}


@problem(
    points=2,
    title="A bound from the largest singular value",
    takes="Wh[H,H] T[]=T",
    gives="bound[]",
    sizes=[dict(H=4, T=3), dict(H=3, T=5), dict(H=1, T=2)],
    edges=[contracting, exploding, nilpotent, no_steps],
)
def vanishing_bound(student, Wh, T):
    return {"bound": student.vanishing_bound(Wh, int(T))}


def two_units(case, rng):
    """The smallest example there is."""
    return {"H": np.array(2)}


def more_units(case, rng):
    """Each of them has to vanish."""
    return {"H": case["H"] + 4}


def stretch_and_shrink(inputs, built):
    """What the matrix does: no entry of it is the same for all that are right.

    How far it stretches a vector in one step is cut off at the 2 that is asked for, the largest
    eigenvalue at the 1/2. They are one result: each by itself is had without any thought.
    """
    W = built["W"]
    if not np.isfinite(W).all():
        return {"does": np.full(2, np.nan), "refuses_a_single_unit": np.array(False)}
    stretch = min(np.linalg.norm(W, 2), 2.0)
    shrink = max(np.abs(np.linalg.eigvals(W)).max(), 0.5)
    return {
        "does": np.array([stretch, shrink]),
        "refuses_a_single_unit": np.array(bool(refuses(built["refused"], bad=(0,), good=(1, 2)))),
    }


@problem(
    points=4,
    title="A large singular value, and yet it vanishes",
    takes="H[]=H",
    gives="does[2]",
    holds="refuses_a_single_unit",
    brings="W[H,H] refused[3]",
    finish=stretch_and_shrink,
    sizes=[dict(H=3)],
    edges=[two_units, more_units],
    never={"H<2": "the only singular value of one unit is its eigenvalue: there is no such matrix"},
)
def large_singular_value_that_vanishes(student, H):
    """Judged by what the matrix does: any matrix of the right kind will do."""

    def build(units):
        return lambda: student.large_singular_value_that_vanishes(units)

    return {"W": build(int(H))(), "refused": outcomes(*map(build, (1, 2, 3)))}


# -------------------------------------------------------------------------------- one term per step


def draw_sequence_and_start(rng, sizes):
    """A sequence's states, the state before them, the weights, and the gradient at the end."""
    start = np.tanh(rng.normal(scale=0.9, size=(sizes["N"], sizes["H"])))
    return {**draw_states(rng, sizes), "h0": start}


def saturated_in_turn(case, rng):
    """In each step another unit is at exactly 1 or -1: what comes back to it goes no further."""
    h = case["h"].copy()
    for t in range(h.shape[1]):
        unit = t % h.shape[2]
        h[:, t, unit] = np.copysign(1.0, h[:, t, unit])
    return {**case, "h": h}


@problem(
    points=5,
    title="The gradient of a weight, by age",
    takes="dhT[N,H] h0[N,H] h[N,T,H] Wh[H,H]",
    gives="terms[T,H,H]",
    sizes=[dict(N=3, T=5, H=4), dict(N=1, T=4, H=2), dict(N=2, T=1, H=3)],
    draw=draw_sequence_and_start,
    edges=[saturated_in_turn],
)
def gradient_by_age(student, dhT, h0, h, Wh):
    return {"terms": student.gradient_by_age(dhT, h0, h, Wh)}


# ----------------------------------------------------------------------------------------- clipping


def length(grads):
    """The norm of all gradients taken as one vector."""
    return np.linalg.norm(np.concatenate([np.ravel(g) for g in grads]))


def draw_long(rng, sizes):
    """Gradients two or three times too long, in tensors of different length."""
    D, H = sizes["D"], sizes["H"]
    grads = {
        "dWx": 1.5 * rng.normal(size=(D, H)),
        "dWh": 0.5 * rng.normal(size=(H, H)),
        "db": rng.normal(size=H),
    }
    return {**grads, "max_norm": np.array(length(grads.values()) * rng.uniform(0.3, 0.5))}


def scaled(case, norm):
    """The same gradients, stretched to a given length."""
    grads = {name: case[name] for name in ("dWx", "dWh", "db")}
    factor = norm / length(grads.values())
    return {**case, **{name: g * factor for name, g in grads.items()}}


def short(case, rng):
    """Far below the threshold, and below 1: nothing is to be done."""
    return {**scaled(case, 0.4), "max_norm": np.array(2.5)}


def between_one_and_the_threshold(case, rng):
    """Below the threshold, its square above: nothing is to be done."""
    return {**scaled(case, 4.0), "max_norm": np.array(5.0)}


def long_only_together(case, rng):
    """Each tensor is short enough; all of them together are not."""
    equal = {name: case[name] / np.linalg.norm(case[name]) for name in ("dWx", "dWh", "db")}
    return {**case, **equal, "max_norm": np.array(1.25)}


def all_below_one(case, rng):
    """Norm and threshold are both below 1, and the square of the norm is below the threshold."""
    return {**scaled(case, 0.7), "max_norm": np.array(0.55)}


def no_gradient(case, rng):
    """All zero: nothing is to be done, and nothing may be divided by the norm."""
    zeros = {name: np.zeros_like(case[name]) for name in ("dWx", "dWh", "db")}
    return {**case, **zeros}


def one_huge_entry(case, rng):
    """An exploding gradient: one entry dwarfs the rest."""
    dWh = case["dWh"].copy()
    dWh[0, -1] = 1000.0
    return {**case, "dWh": dWh, "max_norm": np.array(5.0)}


def clip_properties(inputs, answers):
    """How long the arrays became, and whether what the dictionary holds points where it did."""
    before = [inputs[f"d{name}"] for name in NAMES]
    in_place = [answers[f"in_place_d{name}"] for name in NAMES]
    after = [answers[f"d{name}"] for name in NAMES]
    allowed = min(length(before), float(inputs["max_norm"]))

    # Each times the length of the other, not divided by its own, which may be 0.
    length_before, length_after = length(before), length(after)
    tolerance = 1e-5 * length_before * length_after
    same_direction = all(
        np.allclose(a * length_before, b * length_after, rtol=1e-4, atol=tolerance)
        for a, b in zip(after, before, strict=True)
    )
    return {
        "the_arrays_themselves_have_the_right_length": np.isclose(
            length(in_place), allowed, rtol=1e-4
        ),
        "the_direction_is_kept_and_the_length_is_right": same_direction
        and np.isclose(length_after, allowed, rtol=1e-4),
    }


@problem(
    points=6,
    title="Clipping by the global norm",
    takes="dWx[D,H] dWh[H,H] db[H] max_norm[]",
    gives="norm[] dWx[D,H] dWh[H,H] db[H] dkernel[D,H,H]",
    holds="the_arrays_themselves_have_the_right_length "
    "the_direction_is_kept_and_the_length_is_right",
    brings="in_place_dWx[D,H] in_place_dWh[H,H] in_place_db[H]",
    properties=clip_properties,
    sizes=[dict(D=3, H=4), dict(D=2, H=1)],
    draw=draw_long,
    edges=[
        short,
        between_one_and_the_threshold,
        long_only_together,
        all_below_one,
        no_gradient,
        one_huge_entry,
    ],
)
def clip_grad_norm(student, dWx, dWh, db, max_norm):
    arrays = {"Wx": dWx.copy(), "Wh": dWh.copy(), "b": db.copy()}
    grads = dict(arrays)
    norm = student.clip_grad_norm(grads, float(max_norm))

    # `arrays` shows what happened in place, `grads` what the dictionary holds now.
    after = {f"d{name}": np.asarray(grads[name], dtype=float) for name in NAMES}
    in_place = {f"in_place_d{name}": arrays[name] for name in NAMES}

    # Another dictionary: one array with three axes, of another name.
    kernel = np.multiply.outer(dWx, db)
    student.clip_grad_norm({"kernel": kernel}, float(max_norm))
    return {"norm": norm, **after, "dkernel": kernel, **in_place}
