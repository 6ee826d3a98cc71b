"""Additive attention.

A softmax that ignores padding, one look at the source, and a decoder step that looks before it
speaks.
"""

import numpy as np

from autograder.compare import alike
from autograder.lessons._refusals import outcomes, refuses
from autograder.lessons._saturated import saturated
from autograder.problem import problem

NUMBER = 11

LOOK = "s[N,H] h[N,T,E] mask[N,T]? W[H,A] U[E,A] v[A]"

# Wx has D + E rows, a sum that the grammar of shapes cannot say.
STEP = "x[N,D] prev_s[N,H] h[N,T,E] mask[N,T]? W[H,A] U[E,A] v[A] Wx[_,H] Wh[H,H] b[H]"
STEP_GRADIENTS = "dx[N,D] dprev_s[N,H] dh[N,T,E] dW[H,A] dU[E,A] dv[A] dWx[_,H] dWh[H,H] db[H]"

ROW_SIZES = [dict(N=3, T=5), dict(N=1, T=4), dict(N=2, T=1)]
LOOK_SIZES = [
    dict(N=3, T=4, E=5, H=6, A=7),
    dict(N=1, A=3, H=4, E=5, T=6),
    dict(N=2, T=1, E=3, H=3, A=3),
]
STEP_SIZES = [
    dict(N=2, T=3, D=4, A=5, E=6, H=7),
    dict(N=1, H=2, E=3, D=4, A=5, T=6),
    dict(N=3, T=2, D=4, E=4, H=4, A=4),
]


def row_empty(mask, row):
    """The mask with nothing valid in one row."""
    mask = mask.copy()
    mask[row] = False
    return mask


def with_empty_rows(mask, call):
    """What became of the masks whose first or last row is empty, and of one without padding."""
    return outcomes(
        lambda: call(row_empty(mask, 0)),
        lambda: call(row_empty(mask, -1)),
        lambda: call(np.ones_like(mask)),
    )


def refuses_an_empty_row(answers):
    """Whether the first two of these were refused, and the third answered."""
    return refuses(answers["refused"], bad=(0, 1), good=(2,))


def garbage_in_padding(h, mask):
    """The same encoder states, with other numbers where there is padding."""
    return np.where(mask[:, :, None], h, 3.0 - 20.0 * h)


# ------------------------------------------------------------------------------ how cases are drawn


def no_padding(arrays, rng):
    """Every position holds a word."""
    return {**arrays, "mask": np.ones_like(arrays["mask"])}


def one_word_each(arrays, rng):
    """One valid position in each row, anywhere: its weight is 1, and the context is that state."""
    mask = np.zeros_like(arrays["mask"])
    mask[np.arange(len(mask)), rng.integers(mask.shape[1], size=len(mask))] = True
    return {**arrays, "mask": mask}


def padding_first(arrays, rng):
    """Padding at the front of the rows."""
    mask = arrays["mask"].copy()
    mask[:, 0], mask[:, -1] = False, True
    return {**arrays, "mask": mask}


def large_scores(arrays, rng):
    """Scores of size 1000, every row on a level of its own."""
    e = 3 * arrays["e"] + np.linspace(-1000, 1000, len(arrays["e"]))[:, None]
    return {**arrays, "e": e}


def large_scores_in_padding(arrays, rng):
    """Scores of size 1000 where there is padding."""
    return {**arrays, "e": np.where(arrays["mask"], arrays["e"], 1000.0)}


def huge_scores_in_padding(arrays, rng):
    """Scores in padding that no number taken off or added would bring down."""
    return {**arrays, "e": np.where(arrays["mask"], arrays["e"], 1e30)}


def scores_of_ten_thousand(arrays, rng):
    """The least scores there can be in one row, the largest in the next."""
    mask = arrays["mask"].copy()
    mask[:, :2], mask[:, -1] = True, False

    # Halves, which float32 holds exactly at this height.
    halves = np.tile(np.arange(mask.shape[1]) % 4 / 2, (len(mask), 1))
    low = np.arange(len(mask))[:, None] % 2 == 0
    return {**arrays, "mask": mask, "e": np.where(low, halves - 1e4, 1e4 - halves)}


def sharp(arrays, rng):
    """Scores in the hundreds: the weights are one-hot."""
    return {**arrays, "v": 300 * arrays["v"]}


AT_AN_END = 48.0
"""So far out that tanh is 1, whatever the state adds."""


def fits_at_their_ends(arrays, rng):
    """Of every second word, each tanh is 1 or -1: one number is so large that no other counts.

    The weights in U are large, and not the words: from large words float32 would get noise for dv.
    """
    h, U = arrays["h"].copy(), arrays["U"].copy()
    column = rng.integers(h.shape[2])
    U[column] = np.copysign(AT_AN_END, U[column])
    h[:, ::2] = 0
    h[:, :, column] = 0
    h[:, ::2, column] = rng.choice([-1.0, 1.0], size=h[:, ::2, column].shape)
    return {**arrays, "h": h, "U": U}


def draw_step(rng, sizes):
    """The arrays of a decoder step; Wx has D + E rows."""
    N, T, D, E, H, A = (sizes[axis] for axis in "NTDEHA")
    shapes = {
        "x": (N, D),
        "prev_s": (N, H),
        "h": (N, T, E),
        "mask": (N, T),
        "W": (H, A),
        "U": (E, A),
        "v": (A,),
        "Wx": (D + E, H),
        "Wh": (H, H),
        "b": (H,),
        "dnext_s": (N, H),
    }
    arrays = {name: rng.normal(scale=0.7, size=shape) for name, shape in shapes.items()}
    arrays["v"] = 2 * arrays["v"]

    # Where there is room, the first row has padding whatever is drawn.
    lengths = rng.integers(1, T + 1, size=N)
    lengths[0] = max(1, T - 1)
    return {**arrays, "mask": np.arange(T) < lengths[:, None]}


def draw_step_forward(rng, sizes):
    """The same without a gradient from above."""
    arrays = draw_step(rng, sizes)
    del arrays["dnext_s"]
    return arrays


# ------------------------------------------------------------------------------------- the problems


def softmax_properties(inputs, answers):
    """Exact zeros in padding, and what became of masks with and without an empty row."""
    return {
        "padding_is_zero": (answers["a"][~inputs["mask"]] == 0).all(),
        "refuses_an_empty_row": refuses_an_empty_row(answers),
    }


@problem(
    points=3,
    title="Softmax over the words and not the padding",
    takes="e[N,T] mask[N,T]?",
    gives="a[N,T]",
    holds="padding_is_zero refuses_an_empty_row",
    brings="refused[3]",
    properties=softmax_properties,
    sizes=ROW_SIZES,
    edges=[
        no_padding,
        padding_first,
        one_word_each,
        large_scores,
        large_scores_in_padding,
        huge_scores_in_padding,
        scores_of_ten_thousand,
    ],
)
def masked_softmax(student, e, mask):
    # Asked first: the student's function may change its arguments.
    refused = with_empty_rows(mask, lambda mask: student.masked_softmax(e.copy(), mask))
    return {"a": student.masked_softmax(e, mask), "refused": refused}


@problem(
    points=2,
    title="Softmax, backward",
    takes="e[N,T] mask[N,T]? da[N,T]",
    gives="de[N,T]",
    sizes=ROW_SIZES,
    gradient_of="masked_softmax",
    large=dict(N=200, T=90),
)
def masked_softmax_backward(student, e, mask, da):
    a = student.masked_softmax(e, mask)
    return {"de": student.masked_softmax_backward(da, a)}


def look_properties(inputs, answers):
    """The same context over other padding, and what became of masks with an empty row."""
    same = alike(answers["context_anew"], answers["context"])
    return {
        "padding_changes_nothing": same,
        "refuses_an_empty_row": refuses_an_empty_row(answers),
    }


@problem(
    points=4,
    title="One look at the source",
    takes=LOOK,
    gives="context[N,E] weights[N,T]",
    holds="padding_changes_nothing refuses_an_empty_row",
    brings="context_anew[N,E] refused[3]",
    properties=look_properties,
    sizes=LOOK_SIZES,
    edges=[no_padding, padding_first, one_word_each, sharp, fits_at_their_ends],
)
def additive_attention_forward(student, s, h, mask, W, U, v):
    def look(h, mask):
        return student.additive_attention_forward(s.copy(), h, mask, W.copy(), U.copy(), v.copy())

    context_anew, _, _ = look(garbage_in_padding(h, mask), mask.copy())
    refused = with_empty_rows(mask, lambda mask: look(h.copy(), mask))

    context, weights, _ = student.additive_attention_forward(s, h, mask, W, U, v)
    return {
        "context": context,
        "weights": weights,
        "context_anew": context_anew,
        "refused": refused,
    }


@problem(
    points=5,
    title="One look at the source, backward",
    takes=LOOK + " dcontext[N,E]",
    gives="ds[N,H] dh[N,T,E] dW[H,A] dU[E,A] dv[A]",
    sizes=LOOK_SIZES,
    edges=[no_padding, fits_at_their_ends],
    never={"U=0": "all words fit equally well: ds and dW are 0, and in float32 they are noise"},
    gradient_of="additive_attention_forward",
    large=dict(N=22, T=30, E=40, H=45, A=35),
)
def additive_attention_backward(student, s, h, mask, W, U, v, dcontext):
    _, _, cache = student.additive_attention_forward(s, h, mask, W, U, v)
    ds, dh, dW, dU, dv = student.additive_attention_backward(dcontext, cache)
    return {"ds": ds, "dh": dh, "dW": dW, "dU": dU, "dv": dv}


def step_properties(inputs, answers):
    """What became of masks with and without an empty row."""
    return {"refuses_an_empty_row": refuses_an_empty_row(answers)}


@problem(
    points=2,
    title="A decoder step that looks first",
    takes=STEP,
    gives="next_s[N,H] weights[N,T]",
    holds="refuses_an_empty_row",
    brings="refused[3]",
    properties=step_properties,
    sizes=STEP_SIZES,
    edges=[saturated("b")],
    draw=draw_step_forward,
)
def attention_step_forward(student, x, prev_s, h, mask, W, U, v, Wx, Wh, b):
    def step(mask):
        copies = [value.copy() for value in (x, prev_s, h, mask, W, U, v, Wx, Wh, b)]
        return student.attention_step_forward(*copies)

    refused = with_empty_rows(mask, step)
    next_s, weights, _ = student.attention_step_forward(x, prev_s, h, mask, W, U, v, Wx, Wh, b)
    return {"next_s": next_s, "weights": weights, "refused": refused}


@problem(
    points=3,
    title="A decoder step, backward",
    takes=STEP + " dnext_s[N,H]",
    gives=STEP_GRADIENTS,
    sizes=STEP_SIZES,
    edges=[saturated("b")],
    draw=draw_step,
    gradient_of="attention_step_forward",
    large=dict(N=30, T=35, D=36, A=42, E=40, H=45),
    # Where attention is nearly one-hot, float32 strays by 8e-5 of the scale (on 200 seeds).
    atol=2e-4,
)
def attention_step_backward(student, x, prev_s, h, mask, W, U, v, Wx, Wh, b, dnext_s):
    _, _, cache = student.attention_step_forward(x, prev_s, h, mask, W, U, v, Wx, Wh, b)
    dx, dprev_s, dh, dW, dU, dv, dWx, dWh, db = student.attention_step_backward(dnext_s, cache)
    states = {"dx": dx, "dprev_s": dprev_s, "dh": dh}
    alignment = {"dW": dW, "dU": dU, "dv": dv}
    cell = {"dWx": dWx, "dWh": dWh, "db": db}
    return {**states, **alignment, **cell}
