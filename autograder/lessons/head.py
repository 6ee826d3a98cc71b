"""Outputs and loss.

An output layer for every time step, softmax cross-entropy with padding, perplexity.
"""

import numpy as np

from autograder.compare import alike
from autograder.problem import problem

NUMBER = 2

AFFINE_SIZES = [dict(N=3, T=5, H=4, V=6), dict(N=1, T=4, H=3, V=2), dict(N=2, T=1, H=4, V=3)]
LOSS_SIZES = [dict(N=3, T=5, V=6), dict(N=1, T=4, V=3), dict(N=4, T=1, V=5)]


def scores_of_a_thousand(case, rng):
    """Scores that overflow an unshifted exponential, at very different heights side by side."""
    N, T = case["y"].shape
    heights = np.where((np.arange(N)[:, None] + np.arange(T)) % 2, -1500.0, 1200.0)

    # float32 holds multiples of 1/256 exactly even at this height: work in float32 loses no points.
    x = np.round(256 * case["x"]) / 256 + heights[:, :, None]

    # In one place the right word towers over all others.
    x[0, 0, case["y"][0, 0]] += 1000
    return {**case, "x": x}


def a_wrong_word_towers(case, rng):
    """In one place a wrong word is so far ahead that the right one's probability is 0."""
    x = np.round(256 * case["x"]) / 256
    x[-1, 0, (case["y"][-1, 0] + 1) % x.shape[2]] += 1000
    return {**case, "x": x}


def wrong_words_lead(case, rng):
    """Wrong words are more and more ahead: 1e-8 beside the right ones' probabilities would show."""
    x, mask = case["x"].copy(), case["mask"].copy()
    T, V = x.shape[1:]
    ahead = (case["y"][-1] + 1) % V
    x[-1, np.arange(T), ahead] = x[-1].max(axis=1) + np.geomspace(16.0, 800.0, T)
    mask[-1] = True
    return {**case, "x": x, "mask": mask}


def _hardly_possible(case, ahead):
    """One wrong word is ahead by that much in the first place: hardly a digit is left."""
    x, mask = case["x"].copy(), case["mask"].copy()
    wrong = (case["y"][0, 0] + 1) % x.shape[2]
    x[0, 0, wrong] = x[0, 0, case["y"][0, 0]] + ahead
    mask[0, 0] = True
    return {**case, "x": x, "mask": mask}


def hardly_possible(case, rng):
    """A right word's probability is so small that floating point has few digits left for it."""
    return _hardly_possible(case, 744.1)


def as_good_as_impossible(case, rng):
    """A right word's probability is about the smallest number above 0 that there is."""
    return _hardly_possible(case, 744.75)


def nothing_padded(case, rng):
    """A batch without padding."""
    return {**case, "mask": np.ones_like(case["mask"])}


def a_row_of_padding(case, rng):
    """An example that is all padding still counts in the mean over the batch."""
    mask = case["mask"].copy()
    mask[-1] = False
    return {**case, "mask": mask}


@problem(
    points=2,
    title="Scores at every step",
    takes="x[N,T,H] W[H,V] b[V]",
    gives="out[N,T,V]",
    sizes=AFFINE_SIZES,
)
def temporal_affine_forward(student, x, W, b):
    out, _ = student.temporal_affine_forward(x, W, b)
    return {"out": out}


@problem(
    points=4,
    title="Scores at every step, backward",
    takes="x[N,T,H] W[H,V] b[V] dout[N,T,V]",
    gives="dx[N,T,H] dW[H,V] db[V]",
    sizes=AFFINE_SIZES,
    gradient_of="temporal_affine_forward",
    large=dict(N=18, T=28, H=56, V=48),
)
def temporal_affine_backward(student, x, W, b, dout):
    _, cache = student.temporal_affine_forward(x, W, b)
    dx, dW, db = student.temporal_affine_backward(dout, cache)
    return {"dx": dx, "dW": dW, "db": db}


def _moved(x, positions):
    """The scores, changed where `positions` is True, every word's by another amount."""
    ramp = 3.0 * np.arange(x.shape[2])
    return x + np.where(positions, 1.0, 0.0)[:, :, None] * ramp


def loss_properties(inputs, answers):
    """What the loss hears of, and what a gradient of scores through a softmax sums to."""
    loss, dx = answers["loss"], answers["dx"]
    same = alike(answers["loss_padding_moved"], loss)
    moved = answers["loss_words_moved"]
    other = np.isfinite(moved) & ~np.isclose(moved, loss, rtol=1e-4)
    up, down = np.sum(np.maximum(dx, 0), axis=-1), np.sum(np.maximum(-dx, 0), axis=-1)
    sums_to_zero = alike(up, down)

    # Where there is one word only, there is nothing to lose and no gradient.
    alone = dx.shape[2] == 1
    return {
        "only_real_scores_matter": same & (alone | other),
        # A gradient of zeros sums to zero as well, and is none.
        "gradient_sums_to_zero": sums_to_zero and (alone or np.any(dx)),
    }


@problem(
    points=6,
    title="Softmax loss over time, with padding",
    takes="x[N,T,V] y[N,T]<V mask[N,T]?",
    gives="loss[] dx[N,T,V]",
    holds="only_real_scores_matter gradient_sums_to_zero",
    brings="loss_padding_moved[] loss_words_moved[]",
    properties=loss_properties,
    sizes=LOSS_SIZES,
    edges=[
        scores_of_a_thousand,
        a_wrong_word_towers,
        wrong_words_lead,
        hardly_possible,
        as_good_as_impossible,
        nothing_padded,
        a_row_of_padding,
    ],
    gradient_of="temporal_softmax_loss",
    large=dict(N=20, T=30, V=60),
)
def temporal_softmax_loss(student, x, y, mask):
    # Made before the function runs: it may change its arguments.
    padding_moved = _moved(x, ~mask), y.copy(), mask.copy()
    words_moved = _moved(x, mask), y.copy(), mask.copy()

    loss, dx = student.temporal_softmax_loss(x, y, mask)
    loss_padding_moved, _ = student.temporal_softmax_loss(*padding_moved)
    loss_words_moved, _ = student.temporal_softmax_loss(*words_moved)

    return {
        "loss": loss,
        "dx": dx,
        "loss_padding_moved": loss_padding_moved,
        "loss_words_moved": loss_words_moved,
    }


def nearly_certain(case, rng):
    """Hardly above 1, where a few digits do not do."""
    return {**case, "total_nats": 4e-4 * case["tokens"]}


def at_a_loss(case, rng):
    """As if there were thousands of words to choose from."""
    return {**case, "total_nats": 8.5 * case["tokens"]}


@problem(
    points=2,
    title="Perplexity over batches",
    takes="total_nats[B] tokens[B]",
    gives="perplexity[]",
    sizes=[dict(B=4), dict(B=1), dict(B=3), dict(B=6)],
    edges=[nearly_certain, at_a_loss],
    draw=lambda rng, sizes: {
        "total_nats": rng.uniform(5, 40, size=sizes["B"]),
        "tokens": rng.permutation(np.arange(3, 3 + 5 * sizes["B"], 5)),
    },
)
def perplexity(student, total_nats, tokens):
    return {"perplexity": student.perplexity(total_nats, tokens)}
