"""Training practice.

Dropout with one mask a sequence, one table for both ends of a model, reading one's own guesses, and
drawing from the nucleus.
"""

import numpy as np

from autograder.lessons._refusals import outcomes, refuses
from autograder.lessons._saturated import saturated
from autograder.lessons.charlm import draw_scores, scores_of_a_thousand
from autograder.problem import problem

NUMBER = 16

# ------------------------------------------------------------------------------------------ dropout

DROPOUT_SIZES = [dict(N=4, T=3, D=6), dict(N=1, T=5, D=4), dict(N=3, T=1, D=5)]


def draw_dropout(rng, sizes):
    """Something is dropped and something is kept in every row, whatever the draw."""
    N, T, D = sizes["N"], sizes["T"], sizes["D"]
    p = rng.uniform(0.3, 0.6)
    dropped = (np.arange(D) + rng.integers(D, size=(N, 1))) % D < max(1, D // 2)
    u = np.where(
        dropped, p * rng.uniform(0.1, 0.9, (N, D)), p + (1 - p) * rng.uniform(0.1, 0.9, (N, D))
    )
    return {
        "x": rng.normal(size=(N, T, D)),
        "u": u,
        "p": np.array(p),
        "dout": rng.normal(size=(N, T, D)),
    }


def draw_dropout_forward(rng, sizes):
    """The same without a gradient."""
    case = draw_dropout(rng, sizes)
    return {name: case[name] for name in ("x", "u", "p")}


def nothing_dropped(case, rng):
    """p = 0, and draws down to 0 itself."""
    u = case["u"].copy()
    u[0, 0] = 0.0
    return {**case, "u": u, "p": np.array(0.0)}


def draws_on_the_border(case, rng):
    """Draws that are p exactly: they are not below it."""
    u = np.where(case["u"] < case["p"], 0.25, 0.5)
    return {**case, "u": u, "p": np.array(0.5)}


def nearly_all_dropped(case, rng):
    """A large p, so that what is kept becomes eight times as large."""
    u = np.where(case["u"] < case["p"], 0.5, 0.9375)
    return {**case, "u": u, "p": np.array(0.875)}


def dropout_properties(inputs, answers):
    """What became of settings that make no sense, and of one that does."""
    refused = answers["refused"]
    return {
        "refuses_a_negative_p": refuses(refused, bad=(0,), good=(3,)),
        "refuses_a_p_of_one": refuses(refused, bad=(1, 2), good=(3,)),
    }


@problem(
    points=4,
    title="Dropout, one mask for a sequence",
    takes="x[N,T,D] u[N,D] p[]",
    gives="out[N,T,D]",
    holds="refuses_a_negative_p refuses_a_p_of_one",
    brings="refused[4]",
    properties=dropout_properties,
    sizes=DROPOUT_SIZES,
    draw=draw_dropout_forward,
    edges=[nothing_dropped, draws_on_the_border, nearly_all_dropped],
)
def sequence_dropout_forward(student, x, u, p):
    def at(probability):
        copies = x.copy(), u.copy()
        return lambda: student.sequence_dropout_forward(*copies, probability)

    bad = [at(-0.25), at(1.0), at(1.5)]
    good = at(0.0)
    out, _ = student.sequence_dropout_forward(x, u, float(p))
    return {"out": out, "refused": outcomes(*bad, good)}


@problem(
    points=3,
    title="Dropout, backward",
    takes="x[N,T,D] u[N,D] p[] dout[N,T,D]",
    gives="dx[N,T,D]",
    sizes=DROPOUT_SIZES,
    draw=draw_dropout,
    edges=[nothing_dropped, draws_on_the_border, nearly_all_dropped],
    gradient_of="sequence_dropout_forward",
    large=dict(N=30, T=40, D=30),
)
def sequence_dropout_backward(student, x, u, p, dout):
    _, cache = student.sequence_dropout_forward(x, u, float(p))
    dx = student.sequence_dropout_backward(dout, cache)
    return {"dx": dx}


# ------------------------------------------------------------------------------------------- tying


def one_word_again_and_again(case, rng):
    """One word is read at every step, and is the one to be predicted."""
    return {**case, "ids": np.full_like(case["ids"], len(case["E"]) - 1)}


def read_but_never_right(case, rng):
    """Half of the words are read, the other half is to be predicted."""
    half = len(case["E"]) // 2
    ids = case["ids"] % half
    ids[:, -1] = half
    return {**case, "ids": ids}


@problem(
    points=8,
    title="One table for both ends",
    takes="ids[N,T+1]<C s0[N,H] E[C,H] Wx[H,H] Wh[H,H] b[H]",
    gives="loss[] dE[C,H] dWx[H,H] dWh[H,H] db[H]",
    sizes=[dict(N=3, T=5, H=4, C=6), dict(N=1, T=3, H=2, C=5), dict(N=2, T=4, H=5, C=5)],
    edges=[one_word_again_and_again, read_but_never_right, saturated("b")],
    gradient_of="tied_rnnlm_loss",
    large=dict(N=20, T=35, H=45, C=70),
)
def tied_rnnlm_loss(student, ids, s0, E, Wx, Wh, b):
    loss, grads = student.tied_rnnlm_loss({"E": E, "Wx": Wx, "Wh": Wh, "b": b}, ids, s0)
    return {"loss": loss, **{f"d{name}": grads[name] for name in ("E", "Wx", "Wh", "b")}}


# ------------------------------------------------------------------------------- scheduled sampling


def draw_schedule(rng, sizes):
    """Iterations from 0 to far beyond the middle of the decay."""
    k = rng.uniform(4.0, 9.0)
    middle = k * np.log(k)
    steps = np.sort(rng.choice(np.arange(1, int(3 * middle)), size=sizes["S"], replace=False))
    return {"steps": steps, "k": np.array(k)}


def from_the_start(case, rng):
    """The first iterations, iteration 0 among them."""
    return {**case, "steps": np.arange(len(case["steps"]))}


def very_late(case, rng):
    """Iterations at which an exponential is too large for any number, and one early iteration."""
    late = 10_000_000 * np.arange(len(case["steps"]))
    return {**case, "steps": late}


def the_fastest_decay(case, rng):
    """k = 1, the least that is allowed."""
    return {"steps": np.arange(len(case["steps"])), "k": np.array(1.0)}


@problem(
    points=2,
    title="How often the truth is read",
    takes="steps[S] k[]",
    gives="rates[S]",
    sizes=[dict(S=6), dict(S=4), dict(S=1)],
    draw=draw_schedule,
    edges=[from_the_start, very_late, the_fastest_decay],
)
def teacher_forcing_rate(student, steps, k):
    return {"rates": student.teacher_forcing_rate(steps, float(k))}


def draw_reader(rng, sizes):
    """A model with opinions, a text, and coins that fall on either side at most steps."""
    N, T, V, H = sizes["N"], sizes["T"], sizes["V"], sizes["H"]
    return {
        "Wx": rng.normal(scale=1.5, size=(V, H)),
        "Wh": rng.normal(size=(H, H)),
        "b": rng.normal(scale=0.5, size=H),
        "Why": rng.normal(scale=1.5, size=(H, V)),
        "by": rng.normal(scale=0.5, size=V),
        "ids": rng.integers(V, size=(N, T)),
        "h0": np.tanh(rng.normal(size=(N, H))),
        "u": rng.uniform(size=(N, T)),
        "rate": np.array(rng.uniform(0.3, 0.6)),
    }


def truth_only(case, rng):
    """rate = 1: nothing is ever replaced."""
    return {**case, "rate": np.array(1.0)}


def guesses_only(case, rng):
    """rate = 0, and coins down to 0 itself: after the first character everything is a guess."""
    u = case["u"].copy()
    u[:, 1:3] = 0.0
    return {**case, "u": u, "rate": np.array(0.0)}


def coins_on_the_border(case, rng):
    """Coins that are the rate exactly: they are not below it."""
    u = np.where(case["u"] < 0.6, 0.5, 0.25)
    return {**case, "u": u, "rate": np.array(0.5)}


def no_opinion(case, rng):
    """All characters have the same score, and the truth is never the one with the lowest number."""
    V = len(case["by"])
    blank = {"Why": np.zeros_like(case["Why"]), "by": np.zeros(V)}
    return {**case, **blank, "ids": np.maximum(case["ids"], 1)}


@problem(
    points=7,
    title="Reading one's own guesses",
    takes="Wx[V,H] Wh[H,H] b[H] Why[H,V] by[V] ids[N,T]<V h0[N,H] u[N,T] rate[]",
    gives="inputs[N,T]",
    sizes=[dict(N=5, T=8, V=6, H=7), dict(N=1, T=7, V=4, H=5), dict(N=3, T=6, V=5, H=2)],
    draw=draw_reader,
    edges=[truth_only, guesses_only, coins_on_the_border, no_opinion],
)
def scheduled_inputs(student, ids, h0, u, rate, **params):
    return {"inputs": student.scheduled_inputs(params, ids, h0, u, float(rate))}


# ------------------------------------------------------------------------------------------ nucleus


def draw_nucleus(rng, sizes):
    """Scores of which no two in a row are nearly equal, and a p that cuts some rows."""
    case = draw_scores(rng, {**sizes, "k": 1})
    return {"logits": case["logits"], "p": np.array(rng.uniform(0.55, 0.9))}


def ties(case, rng):
    """One entry is the largest, all others share a score, and there is room for two of them."""
    N, V = case["logits"].shape
    V = max(V, 5)  # with two of three that share a score, nobody need choose: both get in
    tied = np.tile(np.where(np.arange(V) == 0, 2.0, 1.0), (N, 1))
    # The sums of probabilities are (e, e + 1, e + 2 ...) / (e + V - 1).
    p = min((np.e + 1.5) / (np.e + V - 1), 0.97)
    return {"logits": rng.permuted(tied, axis=1), "p": np.array(p)}


def only_the_first(case, rng):
    """A p that the first entry has by itself: it stays, though it is above p."""
    return {**case, "p": np.array(0.01)}


def nothing_cut_off(case, rng):
    """p = 1 is the softmax."""
    return {**case, "p": np.array(1.0)}


def flat(case, rng):
    """Rows of which nearly all belongs to the nucleus."""
    return {"logits": case["logits"] / 8, "p": np.array(0.95)}


def nucleus_properties(inputs, answers):
    """What became of settings that make no sense, and of the largest that does."""
    refused = answers["refused"]
    return {
        "refuses_a_p_of_zero": refuses(refused, bad=(0, 1), good=(3,)),
        "refuses_a_p_above_one": refuses(refused, bad=(2,), good=(3,)),
    }


@problem(
    points=6,
    title="Drawing from the nucleus",
    takes="logits[N,V] p[]",
    gives="probs[N,V] probs_of_most[N,V]",
    holds="refuses_a_p_of_zero refuses_a_p_above_one",
    brings="refused[4]",
    properties=nucleus_properties,
    sizes=[dict(N=4, V=7), dict(N=1, V=6), dict(N=3, V=4)],
    draw=draw_nucleus,
    edges=[ties, only_the_first, nothing_cut_off, flat, scores_of_a_thousand],
)
def nucleus_probs(student, logits, p):
    copies = [logits.copy() for _ in range(5)]

    def at(scores, probability):
        return lambda: student.nucleus_probs(scores, probability)

    calls = [at(*call) for call in zip(copies, (0.0, -0.5, 1.5, 1.0), strict=False)]
    return {
        "probs": student.nucleus_probs(logits, float(p)),
        "probs_of_most": student.nucleus_probs(copies[-1], 0.99),
        "refused": outcomes(*calls),
    }
