# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   recurrent: {lessons: [head, gradflow, lstm, gru, linear_rnn]}
# ---

# %% [markdown]
# # 7 · RNNs return
#
# A recurrent network has to wait: no step can be computed before the one that it builds on. That is
# the first reason that the authors of the Transformer give for doing without recurrence: training
# cannot use all positions of a sequence at once (Vaswani et al., 2017). In this notebook you take
# away what makes a recurrent network wait, and see what that costs. The minGRU, Mamba, RWKV and
# half of xLSTM are made this way.
#
# {{files}} $N$ is the batch, $T$ time, $D$ the input and $H$ the hidden units. $\odot$ multiplies
# element by element.

# %% tags=["setup"]
from check import case, check, hint

# %%
import time

import numpy as np

from recurrent.gradflow import clip_grad_norm
from recurrent.gru import gru_backward, gru_forward, gru_step_forward
from recurrent.head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from recurrent.linear_rnn import (
    linear_recurrence_forward,
    mingru_backward,
    mingru_forward,
    parallel_scan,
    state_gradient_path,
)
from recurrent.lstm import init_lstm, lstm_backward, lstm_forward
from recurrent.pictures.curves import curves
from recurrent.pictures.gates import gru_gates
from recurrent.pictures.scan import scan_rounds
from recurrent.training import Adam, budget, progress, reached

# %% [markdown]
# ## 7.1 What waits for what
#
# Write three steps of the lecture's network into each other, with $a_t = x_t W_x + b$:
#
# $$h_3 = \tanh(a_3 + \tanh(a_2 + \tanh(a_1 + h_0 W_h) W_h) W_h)$$
#
# All $a_t$ can be computed at once. The rest cannot: the outer tanh needs the inner one, and two
# such steps in one are not a step of the same kind. In general there is no shorter way to write
# them than to write both.
#
# Now take the squashing and the matrix away from the *state*. What is left is linear in it:
#
# $$h_t = f_t \odot h_{t-1} + v_t$$
#
# $f_t$ and $v_t$ may come from the input in any way you like, through sigmoids and whole networks.
# They must not see $h$. The cell state of the LSTM looks just like this, but there $f_t$ and $v_t$
# are made with $h_{t-1}$; that is the difference on which everything here hangs.
#
# First do it step by step. Write `linear_recurrence_forward` in `recurrent/linear_rnn.py`.

# %%
check("linear_recurrence_forward")

# %% [markdown]
# Backward, call $g_t$ all that arrives at $h_t$: its gradient as an output, $dh_t$, and what step
# $t + 1$ sends back. Since $h_{t+1}$ is the only later state that is made from $h_t$ directly,
#
# $$g_t = dh_t + \frac{\partial h_{t+1}}{\partial h_t} \odot g_{t+1}, \qquad g_T = dh_T$$
#
# with a derivative that you can read off the equation of the step. The same equation says what
# $f_t$, $v_t$ and $h_0$ get of it. Write `linear_recurrence_backward`.

# %%
check("linear_recurrence_backward")

# %% [markdown]
# **Questions.** (a) Your backward pass for the vanilla RNN multiplied by a matrix and a slope at
# every step. What are they here? (b) $v_t = x_t W + b$ is linear in the input, too. What is lost if
# in addition $f_t$ is the same number at every step? (c) Look at the equation for $g_t$ again. What
# kind of recurrence is it? (d) "A vanilla RNN cannot be computed in parallel." Suppose somebody
# guesses all states of a sequence at once, and improves the guess. What could one such improvement
# look like?

# %% [markdown] tags=["answer"]
# (a) The matrix is diagonal, with $f_{t+1}$ on the diagonal, and there is no slope. (b) Then a
# state is a fixed weighted sum of the inputs: what is kept, and for how long, no longer depends on
# what was read. (c) A linear one, from the last step to the first: its factors are those of the
# steps after, its addends are $dh$. Whatever computes the one in parallel computes the other. (d)
# Replace each step by its tangent at the guess: a map that is linear in the state, with the
# Jacobian of notebook 1 as its matrix. Such a recurrence can be computed in parallel as in the
# next sections, and the states that it gives are the next guess (Newton's method; Lim et al. 2024).
# It takes several rounds of scans, and products of whole matrices where we have single numbers.

# %% [markdown]
# ## 7.2 Two steps in one
#
# A step does to a unit what a matrix does to a pair of numbers, the state and a 1:
#
# $$\begin{pmatrix} h_t \\ 1 \end{pmatrix} = \begin{pmatrix} f_t & v_t \\ 0 & 1 \end{pmatrix}
# \begin{pmatrix} h_{t-1} \\ 1 \end{pmatrix}$$
#
# So two steps are a product of two such matrices, the later one on the left. Multiply them on
# paper: the second row comes out as $(0, 1)$ again, and the first row holds the $f$ and $v$ of a
# single step that does the work of both. Two numbers described one step, and two numbers describe
# two of them, or a thousand.
#
# A product of matrices is *associative*, $C\,(B A) = (C B)\,A$: the brackets may stand where we
# like. It is not commutative, so the order in time has to be kept. That is all that a parallel
# computation needs. Write `compose_steps`.

# %%
check("compose_steps")

# %% [markdown]
# ## 7.3 The scan
#
# We want not only all $T$ steps in one, but every beginning: steps 0 to $t$, for each $t$. For sums
# this is called a prefix sum or *scan*, and it works with any associative operation (Blelloch,
# 1990).
#
# At first the map at position $t$ stands for step $t$ alone. In the first round each position takes
# in its left neighbour, and all of them do so at once: now each stands for two steps. The position
# two to the left then stands for just the two steps before these. So in the second round each takes
# in that one, in the third the one four to the left, and so on. Once a stretch begins with step 0,
# it is done.

# %%
_ = scan_rounds(6)

# %% [markdown]
# The stretches double, and so $\lceil \log_2 T \rceil$ rounds are enough: 10 for a thousand steps,
# 20 for a million. This is the scan of Hillis and Steele (1986); Kogge and Stone had it for
# recurrences in 1973, and Martin and Cundy (2018) brought it to recurrent networks.
#
# Write one round, `scan_round`, on whole arrays: no loop over $t$. Mind that all positions read
# what was there *before* the round.

# %%
check("scan_round")

# %% [markdown]
# After the last round, the map at position $t$ leads from $h_0$ to $h_t$. Write `parallel_scan`. It
# takes any $T$, not only powers of two.

# %%
check("parallel_scan")

# %% [markdown]
# **Experiment: two shortcuts that are none.** There is a formula without any rounds. Call the
# product of the first $t$ factors $p_t$; then $h_t = p_t \odot (h_0 + \sum_{s \le t} v_s / p_s)$,
# two cumulative sums and a division. On paper it is right wherever no factor is 0. And since
# products become sums in logarithms, $p_t = \exp \sum \log f_s$. How far does the one get with
# factors between 0 and 1, and how far the other if a single factor is negative, that of step 100?

# %%
rng = np.random.default_rng(0)
N, T, H = 4, 2000, 8
f, v = rng.uniform(0, 1, size=(N, T, H)), rng.normal(size=(N, T, H))
h0 = rng.normal(size=(N, H))
step_by_step, _ = linear_recurrence_forward(f, v, h0)
one_negative = np.where(np.arange(T)[:, None] == 100, -f, f)
with np.errstate(all="ignore"):
    p = np.cumprod(f, axis=1)
    divided = p * (h0[:, None] + (v / p).cumsum(axis=1))
    by_logarithms = np.exp(np.log(one_negative).cumsum(axis=1))


def first_failure(values):
    """The first step at which not all of the values (N, T, H) are finite."""
    return np.isfinite(values).all(axis=(0, 2)).argmin()


_ = reached(
    "largest difference of your scan from your loop, relative",
    np.abs(parallel_scan(f, v, h0) - step_by_step).max() / np.abs(step_by_step).max(),
    at_most=1e-5,
)
_ = reached("step at which the division breaks down", first_failure(divided), at_most=1000)
_ = reached("step at which the logarithms do", first_failure(by_logarithms), at_most=100)

# %% [markdown]
# A product of numbers below 1 soon is smaller than the smallest float64, and from there on the
# quotient divides by 0. A gate that shuts completely, $f = 0$, does so at once. Logarithms bear
# small products, but no zeros and no signs. (The authors of the minGRU do compute in logarithms,
# with candidates that are made positive for this purpose; Feng et al. 2024, appendix.) The scan
# only multiplies and adds, and has none of these troubles.
#
# **Experiment: is it faster?** The loop and the scan give the same numbers. We time both on one
# core, for sequences of different lengths and states of different widths, and divide.


# %%
def seconds(call, times=5):
    """The fastest of a few runs: what slows one down is the other programs on the machine."""
    measured = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        measured.append(time.perf_counter() - start)
    return min(measured)


def times_faster(N, T, H):
    """How many times as long the loop takes as the scan."""
    f, v = np.random.default_rng(0).uniform(0, 1, size=(2, N, T, H))
    h0 = np.zeros_like(f[:, 0])
    loop = seconds(lambda: linear_recurrence_forward(f, v, h0))
    return loop / seconds(lambda: parallel_scan(f, v, h0))


widths = {
    "1 row of 4 units": (1, 4, budget(4096, 1024)),
    "4 rows of 16 units": (4, 16, budget(2048, 512)),
    "32 rows of 32 units": (32, 32, budget(512, 128)),
}
faster = {}
for name, (N, H, longest) in widths.items():
    lengths = 2 ** np.arange(3, int(np.log2(longest)) + 1)
    faster[name] = np.array([(T, times_faster(N, T, H)) for T in lengths])

fig = curves(
    faster,
    "steps T",
    "time of the loop / time of the scan",
    "One core: what the scan wins (above 1) and loses (below)",
    logarithmic=True,
)
fig.axes[0].set_xscale("log", base=2)
fig.axes[0].axhline(1, color="0.6", linewidth=1)
narrow, _, wide = (measured[-1, 1] for measured in faster.values())
_ = reached("loop / scan, 1 row of 4 units, the longest sequence", narrow, at_least=2)
_ = reached("loop / scan, 32 rows of 32 units, the longest sequence", wide, at_most=0.9)

# %% [markdown]
# Count before you read on. For each unit the loop does $T$ multiplications and $T$ additions. The
# scan puts together up to $T$ pairs of steps in each of its $\lceil \log_2 T \rceil$ rounds, and
# each pair costs two multiplications and an addition. On one core all of this is done one after the
# other, so that the scan *must* lose once arithmetic is what takes the time, as in the lowest
# curve. It wins where a step is so small that the loop spends its time on calling numpy at all:
# there, a few large calls beat many small ones.
#
# A GPU has thousands of lanes. What counts on it is not the work alone but how many rounds have to
# wait for each other: $T$ for the loop, $\log_2 T$ for the scan. With lanes to spare, a round takes
# about as long as a step.

# %% [markdown]
# **Questions.** (a) For $T = 1024$: how many rounds, and how many times the operations of the loop?
# (b) There are scans that do only a constant times the work of the loop (Blelloch, 1990). They put
# pairs of steps together, scan the $T / 2$ pairs, and then fill in what lies between. How many
# levels has this, and about how many compositions? (c) Generating text, one character at a time:
# does the scan help?

# %% [markdown] tags=["answer"]
# (a) 10 rounds; nearly 20 times the multiplications and nearly 10 times the additions (nearly,
# since in each round the first positions have nothing to take in). (b) The levels halve, so $\log_2
# T$ of them down and as many up again. Compositions: $T/2$ for the pairs and at most $T/2$ to fill
# in, then half of that on the next level, which adds up to at most $2T$. Twice the rounds for far
# less work. (c) No: the next input is known only when the last output is. There the loop is the
# right thing, and its cost per character does not grow with the text, unlike attention's.

# %% [markdown]
# ## 7.4 A GRU that can be scanned
#
# Take the GRU of notebook 2 and cross out what sees the state. The update gate loses $h_{t-1}$. The
# candidate loses it too, and with it the reset gate, which has nothing left to reset. The tanh was
# there to keep the state bounded; a mean of candidates, weighed by a gate, does not run away, and
# so it goes as well. The *minGRU* (Feng et al., 2024) is what remains:
#
# $$z_t = \sigma(x_t W_z + b_z), \qquad n_t = x_t W_n + b_n$$
# $$h_t = (1 - z_t) \odot h_{t-1} + z_t \odot n_t$$
#
# Two blocks, in the order $z\,n$, and no $W_h$. It is your linear recurrence; only what goes in is
# new. Write `mingru_forward` and `mingru_backward`.

# %%
check("mingru_forward")

# %%
check("mingru_backward")

# %% [markdown]
# In notebook 2 the belt of the LSTM carried a gradient past $f_t$ after $f_t$, but it was not the
# only way: the gates saw the state, too. Here they do not. From $h_t$ to the last state leads one
# path, and its product of factors *is* the derivative. Write `state_gradient_path`.

# %%
check("state_gradient_path")

# %% [markdown]
# **Experiment: is that all?** We send a gradient from the last state back to $h_0$, once by your
# backward pass and once by the product of $1 - z_t$ alone, for the minGRU and for the GRU. (The
# gates of a GRU can be measured from outside; `pictures/gates.py` says how.) How large is what the
# product leaves out, compared with the whole?

# %%
rng = np.random.default_rng(0)
N, T, D, H = 8, 30, 8, 32
x, h0 = rng.normal(size=(N, T, D)), rng.normal(size=(N, H))
dh = np.zeros((N, T, H))
dh[:, -1] = rng.normal(size=(N, H))
start_shut = np.repeat([-2.0, 0.0, 0.0], H)  # the update gate first, in both cells


def left_out(whole, kept):
    """The part of a gradient that the product of all kept shares (N, T, H) does not carry."""
    product = state_gradient_path(kept)[:, 0] * kept[:, 0]
    return np.linalg.norm(whole - product * dh[:, -1]) / np.linalg.norm(whole)


Wx, b = rng.normal(size=(D, 2 * H)) / np.sqrt(D), start_shut[: 2 * H]
_, cache = mingru_forward(x, h0, Wx, b)
kept = 1 / (1 + np.exp((x @ Wx + b)[:, :, :H]))
of_mingru = left_out(mingru_backward(dh, cache)[1], kept)

Wx, Wh = rng.normal(size=(D, 3 * H)) / np.sqrt(D), rng.normal(size=(H, 3 * H)) / np.sqrt(H)
_, cache = gru_forward(x, h0, Wx, Wh, start_shut)
kept = 1 - gru_gates(gru_step_forward, x, h0, Wx, Wh, start_shut)["z"]
of_gru = left_out(gru_backward(dh, cache)[1], kept)

_ = reached("minGRU: share of the gradient that the product leaves out", of_mingru, at_most=1e-5)
_ = reached("GRU: share of the gradient that the product leaves out", of_gru, at_least=0.2)

# %% [markdown]
# **Questions.** (a) Can the gradient of a minGRU explode on its way back? (b) "So it cannot vanish
# either." Right? (c) The vanilla RNN had a bound $\sigma_{\max}^T$ in notebook 1. What is the
# largest singular value of a minGRU's step?

# %% [markdown] tags=["answer"]
# (a) No: every factor $1 - z_t$ lies between 0 and 1, and so the gradient of the last state can
# only get shorter on its way. (b) No: half-open gates halve it at every step. Only the exploding is
# gone, and the way by which it vanishes is in plain sight, one number a unit and step. (c) The
# largest of its $1 - z_t$. The matrix is diagonal with positive entries, so that singular values
# and eigenvalues are the same here.

# %% [markdown]
# ## 7.5 The first symbol once more
#
# **Experiment.** The task of section 2.5: the first of 60 symbols has to be named at the very end.
# Your LSTM, your GRU and your minGRU, 32 units each, with the same data, optimiser and number of
# iterations. The gates start shut: forget bias 3, update bias $-2$ and $-3$.
#
# We do it in two versions. In the first, as in notebook 2, the first symbol is one of A to D and
# all others are one of E to H. In the second, *all* are one of A to D: that a letter is the first
# one can only be told from what has been read before. Think before you run it: which of the three
# can still do it?


# %%
def head(H, V, rng):
    return {"Why": rng.normal(0, 1 / np.sqrt(H), size=(H, V)), "by": np.zeros(V)}


def scores_of(cell, params, x):
    """The scores (N, T, V) that a cell with these parameters gives, and the two caches."""
    forward, _, weights = cell
    start = np.zeros((len(x), len(params["Why"])))
    h, cache = forward(x, start, *(params[name] for name in weights))
    scores, head_cache = temporal_affine_forward(h, params["Why"], params["by"])
    return scores, cache, head_cache


def train(cell, H, batch, V, iterations, what, learning_rate=3e-3):
    """The trained parameters of a cell with a layer of scores on top, and the share of right
    answers in every iteration, (iterations,).

    cell: forward, backward, and a dict of the weights that forward takes after x and h0.
    """
    _, backward, weights = cell
    params = {**weights, **head(H, V, np.random.default_rng(3))}
    rng, optimiser, right = np.random.default_rng(7), Adam(params, learning_rate), []
    for _ in progress(range(iterations), what):
        x, y, mask = batch(rng)
        scores, cache, head_cache = scores_of(cell, params, x)
        _, dscores = temporal_softmax_loss(scores, y, mask)
        dh, dWhy, dby = temporal_affine_backward(dscores, head_cache)
        _, _, *of_weights = backward(dh, cache)
        grads = {**dict(zip(weights, of_weights, strict=True)), "Why": dWhy, "by": dby}
        clip_grad_norm(grads, 1.0)
        optimiser.step(grads)
        right.append(np.mean((scores.argmax(axis=2) == y)[mask]))
    return params, np.array(right)


def smooth(values, width=25):
    """Means over `width` neighbouring iterations, as pairs of iteration and value."""
    means = values[: len(values) // width * width].reshape(-1, width).mean(axis=1)
    return np.column_stack([width * (np.arange(len(means)) + 1), means])


def new_mingru(D, H, rng, update_bias):
    Wx = rng.normal(size=(D, 2 * H)) / np.sqrt(D)
    return mingru_forward, mingru_backward, {"Wx": Wx, "b": np.repeat([update_bias, 0.0], H)}


def new_gru(D, H, rng, update_bias):
    Wx, Wh = rng.normal(size=(D, 3 * H)) / np.sqrt(D), rng.normal(size=(H, 3 * H)) / np.sqrt(H)
    b = np.repeat([update_bias, 0.0, 0.0], H)
    return gru_forward, gru_backward, {"Wx": Wx, "Wh": Wh, "b": b}


def new_lstm(D, H, rng, forget_bias):
    weights = dict(zip(("Wx", "Wh", "b"), init_lstm(D, H, rng, forget_bias), strict=True))
    return lstm_forward, lstm_backward, weights


# %%
def first_symbol(T, first_among_others, N=32, V=4):
    """Letters A to H, one-hot (N, T, 8); the first one, (N, T); where it is asked for, (N, T)."""

    def batch(rng):
        ids = rng.integers(V, size=(N, T))
        if not first_among_others:
            ids[:, 1:] += V
        mask = np.zeros((N, T), dtype=bool)
        mask[:, -1] = True
        return np.eye(2 * V)[ids], np.repeat(ids[:, :1], T, axis=1), mask

    return batch


T, iterations = budget(60, 16), budget(600, 250)
builders = {
    "LSTM, forget bias 3": (new_lstm, 3.0),
    "GRU, update bias -2": (new_gru, -2.0),
    "minGRU, update bias -3": (new_mingru, -3.0),
}
end = {}
for first_among_others in (False, True):
    others = "A to D, like all others" if first_among_others else "A to D, all others E to H"
    memory = {}
    for name, (build, bias) in builders.items():
        cell = build(8, 32, np.random.default_rng(0), bias)
        batch = first_symbol(T, first_among_others)
        _, right = train(cell, 32, batch, 4, iterations, name)
        memory[name] = smooth(right)
        end[name, first_among_others] = memory[name][-2:, 1].mean()
    fig = curves(
        memory,
        "iterations",
        "share of right answers",
        f"The first of {T} letters: {others} (0.25: guessing)",
    )
    fig.axes[0].set_ylim(0.15, 1.05)

lstm, gru, mingru = builders
apart, alike = f"first of {T} letters, others E to H", f"first of {T} letters, others alike"
_ = reached(f"{apart}, LSTM", end[lstm, False], at_least=0.9)
_ = reached(f"{apart}, GRU", end[gru, False], at_least=budget(0.9, 0.8))
_ = reached(f"{apart}, minGRU", end[mingru, False], at_least=0.9)
_ = reached(f"{alike}, LSTM", end[lstm, True], at_least=budget(0.9, 0.5))
_ = reached(f"{alike}, GRU", end[gru, True])
_ = reached(f"{alike}, minGRU", end[mingru, True], at_most=0.45)

# %% [markdown]
# **Questions.** (a) In the first version, what has the minGRU's gate learned to do? (b) In the
# second, write the last state of a minGRU as a sum over all letters read. How does the share of an
# A at the start compare with that of an A at the end? (c) What does the LSTM do in the second
# version that a gate without $h$ cannot? (d) An iteration of the minGRU took a fraction of the
# LSTM's time although you used a loop for it, or may have. Where does that come from?

# %% [markdown] tags=["answer"]
# (a) To open for A to D and to stay shut for E to H: the letter alone says what to do, and that is
# all a gate needs that sees only the letter. (b) $h_T = \sum_t z_t n_t \prod_{s > t} (1 - z_s)$,
# from a zero start. $z_t n_t$ depends on the letter only, and the product can only shrink with
# age: in every unit, of two A's the newer counts at least as much as the older. Only a difference
# of units that fade at different speeds could bring the oldest letter to the fore, a small number
# among large ones, and training does not find it. (c) Once something is stored, its gates can see
# that in $h$ and shut for everything that comes after. (d) No product with $W_h$ at every step, a
# matrix of $32 \times 128$ in the LSTM; and gates and candidates of all steps come out of one large
# product.

# %% [markdown]
# ## 7.6 What is lost
#
# **Is the number of ones so far odd?** This is called *parity*. A single bit of state is enough:
# keep it on a 0, turn it over on a 1. A vanilla RNN can do it. Can a layer of minGRU?
#
# Feed it nothing but ones. The input is the same at every step, so each unit has one $z$ and one
# $n$, and its state moves from $h_0$ towards $n$ by the same share at every step:
#
# $$h_t = n + (1 - z)^t\,(h_0 - n)$$
#
# A score is a weighted sum of units and a bias, and so is the difference of the scores for odd and
# even, which decides the answer:
#
# $$d(t) = c_0 + \sum_{j=1}^{H} c_j\, r_j^{\,t}, \qquad 0 < r_j = 1 - z_j < 1$$
#
# The right answer changes at every step, so $d$ would have to change its sign at every step.
#
# **Such a $d$ has at most $H$ zeros,** unless it is zero throughout. For $H = 0$ it is a constant.
# For more units, take the derivative: $c_0$ drops out, and divided by $r_1^{\,t}$ what is left is a
# sum of the same form with one unit less. (Its bases are $r_j / r_1$. They are positive, and that
# is all the argument needs.) By induction it has at most $H - 1$ zeros. Between two zeros of $d$
# lies one of its derivative (Rolle; where $d$ only touches zero, count it twice), so $d$ has at
# most $H$. With $H$ units the answer changes at most $H$ times, whatever the weights: on the first
# $H + 2$ ones there is a mistake.
#
# More layers do not help for ever. Sarrof et al. (2024) prove for networks of any depth that
# recurrences with factors between 0 and 1 do not compute parity for all lengths, in numbers of
# finite precision; Grazzi et al. (2025) extend that to matrices whose eigenvalues are positive.
#
# **Experiment.** 16 units, rows of 20 bits, an answer after every bit; then rows of 80 new bits,
# and a row of 80 ones.


# %%
def parity_batch(T, N=32):
    def batch(rng):
        bits = rng.integers(2, size=(N, T))
        return np.eye(2)[bits], bits.cumsum(axis=1) % 2, np.ones((N, T), dtype=bool)

    return batch


H, iterations = 16, budget(1000, 400)
right_at, turns = {}, {}
for name, (build, bias) in {
    "LSTM": (new_lstm, 1.0),
    "GRU": (new_gru, 0.0),
    "minGRU": (new_mingru, 0.0),
}.items():
    cell = build(2, H, np.random.default_rng(0), bias)
    params, _ = train(cell, H, parity_batch(20), 2, iterations, f"parity, {name}", 1e-2)
    x, y, _ = parity_batch(80, N=500)(np.random.default_rng(99))
    right_at[name] = (scores_of(cell, params, x)[0].argmax(axis=2) == y).mean(axis=0)
    only_ones = np.tile(np.eye(2)[1], (1, 80, 1))
    answers = scores_of(cell, params, only_ones)[0].argmax(axis=2)[0]
    turns[name] = np.count_nonzero(answers[1:] != answers[:-1])

fig = curves(
    right_at,
    "bits read before this one",
    "share of right answers",
    "Parity (0.5: guessing), trained on 20 bits",
)
fig.axes[0].axvline(19, color="0.6", linewidth=1)
for name in ("LSTM", "GRU"):
    reached(f"parity after 20 to 80 bits, {name}", right_at[name][20:].mean(), at_least=0.95)
    reached(f"80 ones: how often the {name}'s answer changes", turns[name], at_least=70)
_ = reached("parity after 20 to 80 bits, minGRU", right_at["minGRU"][20:].mean(), at_most=0.6)
_ = reached("80 ones: how often the minGRU's answer changes", turns["minGRU"], at_most=H)

# %% [markdown]
# **Experiment: it is not the linearity.** Here is parity, computed for a thousand bits by your
# scan, with a single unit and nothing learned: a 1 turns the sign over.

# %%
bits = np.random.default_rng(1).integers(2, size=(3, 1000))
sign = parallel_scan(1.0 - 2.0 * bits[:, :, None], np.zeros((3, 1000, 1)), np.ones((3, 1)))[:, :, 0]
odd = bits.cumsum(axis=1) % 2 == 1
_ = reached("parity of 1000 bits by your scan", np.mean((sign < 0) == odd), at_least=1.0)

# %% [markdown]
# So what is missing in gates is the *sign*: a share between 0 and 1 can fade a state out, and never
# turn it over. With factors from $-1$ to 1, Mamba and its relatives learn parity (Grazzi et al.
# 2025). Other tasks need more than that. Counting modulo 3, as in section 2.8, needs factors that
# turn in a plane, complex numbers or matrices that are not triangular (the same paper). And where
# the order of what happens matters, as in swapping five cups again and again, no network of such
# layers does it for all lengths, unless two classes of problems are the same that are thought to
# differ (Merrill et al. 2024, "The Illusion of State in State-Space Models": in numbers of limited
# precision these networks are in $\mathsf{TC}^0$, the task is complete for $\mathsf{NC}^1$). A
# recurrence with a tanh can do all three. That is the price: not everything that can be computed
# step by step can be computed in a few rounds.

# %% [markdown]
# **Questions.** (a) On a row of ones, how many changes of its answer does the proof allow the
# minGRU, and how many did it learn? (b) Does the proof still hold if the layer of scores is
# replaced by a large network? (c) In a copy of your minGRU, let the factor be $\tanh(a)$ instead of
# $1 - \sigma(a)$, and add the candidate whole. What changes in the backward pass, and what does
# training reach? (d) In which of the two tasks of section 7.5 would negative factors help?

# %% [markdown] tags=["answer"]
# (a) 16 are allowed, and it learned none or a few: that weights exist does not mean that training
# finds them. (b) Not as it stands: a network may turn one slow movement of $h$ into many changes of
# the answer. But all units still approach a limit, the steps between two lengths become as small as
# you like, and with numbers of finite precision two lengths are the same to the network in the end.
# (c) The factor's gradient goes through the slope of tanh, and the addend's no longer through a
# gate. In our runs it learned parity within 200 iterations, and was right on all of 80 bits. (d) In
# neither. The first is solved, and in the second it still holds that in every unit the newer of two
# A's counts at least as much as the older, whatever the signs.

# %% [markdown]
# ## 7.7 Three that came back
#
# The same recurrence is at the heart of three families of language models, and your own scan
# computes them. In each, look for $f_t$, look for $v_t$, and ask whether they see the state. The
# experiments compare: each model as its paper writes it, one step or one sum at a time, and by
# `parallel_scan`.
#
# **Mamba** (Gu and Dao, 2023) comes from *state space models*. Each channel $d$ of the input has a
# few states $s$ of its own. $A_{ds} < 0$ is learned; how long a step is, $\Delta$, what is written,
# $B$, and what is read, $C$, come from the input:
#
# $$h_{t,ds} = e^{\Delta_{t,d} A_{ds}}\, h_{t-1,ds} + \frac{e^{\Delta_{t,d} A_{ds}} - 1}{A_{ds}}\,
# B_{t,s}\, x_{t,d}, \qquad y_{t,d} = \sum_s C_{t,s}\, h_{t,ds}, \qquad \Delta_t =
# \mathrm{softplus}(\cdots)$$
#
# With one state a channel, $A = -1$ and $B = C = 1$, the factor is $e^{-\mathrm{softplus}(a)} = 1 -
# \sigma(a)$, and $x$ is weighed by $\sigma(a)$. That is a gate (their theorem 1), and a minGRU
# whose candidate is the input itself.


# %%
def scanned(f, v):
    """The states of a linear recurrence from zero, whatever axes follow batch and time."""
    N, T = v.shape[:2]
    flat = (N, T, -1)
    f = np.broadcast_to(f, v.shape)
    states = parallel_scan(f.reshape(flat), v.reshape(flat), np.zeros((N, v[0, 0].size)))
    return states.reshape(v.shape)


def far_apart(one, other):
    return np.abs(one - other).max() / np.abs(other).max()


def softplus(a):
    return np.log1p(np.exp(a))


def mamba_step_by_step(x, delta, A, B, C):
    """x, delta (N, T, D); A (D, S); B, C (N, T, S). Returns y (N, T, D)."""
    state, outputs = np.zeros((len(x), *A.shape)), []
    for t in range(x.shape[1]):
        factor = np.exp(delta[:, t, :, None] * A)
        state = factor * state + (factor - 1) / A * B[:, t, None, :] * x[:, t, :, None]
        outputs.append((state * C[:, t, None, :]).sum(axis=2))
    return np.stack(outputs, axis=1)


def mamba_by_scan(x, delta, A, B, C):
    factor = np.exp(delta[:, :, :, None] * A)  # (N, T, D, S)
    states = scanned(factor, (factor - 1) / A * B[:, :, None, :] * x[:, :, :, None])
    return (states * C[:, :, None, :]).sum(axis=3)


rng = np.random.default_rng(0)
N, T, D, S = 3, 50, 6, 4
x, a = rng.normal(size=(2, N, T, D))
A, (B, C) = -rng.uniform(0.5, 2, size=(D, S)), rng.normal(size=(2, N, T, S))
mamba = x, softplus(a), A, B, C
_ = reached(
    "Mamba by your scan, relative difference",
    far_apart(mamba_by_scan(*mamba), mamba_step_by_step(*mamba)),
    at_most=1e-4,
)

W, ones = rng.normal(size=(D, D)), np.ones((N, T, 1))
one_state = mamba_step_by_step(x, softplus(x @ W), -np.ones((D, 1)), ones, ones)
candidate_is_input = np.hstack([W, np.eye(D)])
as_mingru, _ = mingru_forward(x, np.zeros((N, D)), candidate_is_input, np.zeros(2 * D))
_ = reached(
    "Mamba with one state a channel as your minGRU, relative difference",
    far_apart(one_state, as_mingru),
    at_most=1e-4,
)

# %% [markdown]
# **RWKV** (Peng et al., 2023; this is its version 4) is a weighted mean of all values $v_i$ read so
# far. A key $k_i$ says how much one counts, and its weight fades by $e^{-w}$ at every step; $w$ is
# learned for each channel and does not depend on the input. The present has a bonus $u$:
#
# $$\mathtt{wkv}_t = \frac{\sum_{i<t} e^{-(t-1-i)w + k_i} \odot v_i + e^{u + k_t} \odot v_t}
# {\sum_{i<t} e^{-(t-1-i)w + k_i} + e^{u + k_t}}$$
#
# Each of the two sums over the past is a linear recurrence with $f = e^{-w}$.


# %%
def wkv_sum_by_sum(k, v, w, u):
    """k, v (N, T, D); w, u (D,). Returns (N, T, D)."""
    means = []
    for t in range(k.shape[1]):
        age = np.arange(t - 1, -1, -1)[:, None]
        weights = np.exp(k[:, : t + 1])
        weights[:, :t] *= np.exp(-age * w)
        weights[:, t] *= np.exp(u)
        means.append((weights * v[:, : t + 1]).sum(axis=1) / weights.sum(axis=1))
    return np.stack(means, axis=1)


def wkv_by_scan(k, v, w, u):
    def of_the_past(added):
        """At each step the state before it: the sum over all earlier ones."""
        states = scanned(np.exp(-w), added)
        return np.concatenate([np.zeros_like(added[:, :1]), states[:, :-1]], axis=1)

    weight, now = np.exp(k), np.exp(u + k)
    return (of_the_past(weight * v) + now * v) / (of_the_past(weight) + now)


k, v = rng.normal(size=(2, N, T, D))
rwkv = k, v, rng.uniform(0.1, 1, size=D), rng.normal(size=D)
_ = reached(
    "RWKV by your scan, relative difference",
    far_apart(wkv_by_scan(*rwkv), wkv_sum_by_sum(*rwkv)),
    at_most=1e-4,
)

# %% [markdown]
# **xLSTM** (Beck et al., 2024) has two cells. The *mLSTM* keeps a matrix, into which it writes
# pairs of key and value, and asks it with a query. Its gates see the input only, and are one number
# each, $i_t = \exp(\cdot)$ and $f_t = \sigma(\cdot)$ or $\exp(\cdot)$:
#
# $$C_t = f_t\, C_{t-1} + i_t\, v_t k_t^{\top}, \qquad n_t = f_t\, n_{t-1} + i_t\, k_t, \qquad h_t =
# o_t \odot \frac{C_t\, q_t}{\max(|n_t^{\top} q_t|, 1)}$$
#
# The other one, the *sLSTM*, is the LSTM with $\exp$ gates and a sum of weights $n$ to divide by,
#
# $$c_t = f_t \odot c_{t-1} + i_t \odot z_t, \qquad n_t = f_t \odot n_{t-1} + i_t, \qquad h_t = o_t
# \odot c_t / n_t$$
#
# and its gates *do* see $h_{t-1}$, as the LSTM's. For that it gives up being computed in parallel.


# %%
def read(matrix, vector, q):
    """What a query (..., D) gets from a matrix (..., D, D) and a sum of keys (..., D)."""
    asked = np.abs((vector * q).sum(axis=-1, keepdims=True))
    return np.einsum("...ij,...j->...i", matrix, q) / np.maximum(asked, 1)


def mlstm_step_by_step(q, k, v, f, i):
    """q, k, v (N, T, D); the gates f, i (N, T, 1). Returns h (N, T, D) with an open output gate."""
    N, steps, D = q.shape
    matrix, vector, outputs = np.zeros((N, D, D)), np.zeros((N, D)), []
    for t in range(steps):
        pair = v[:, t, :, None] * k[:, t, None, :]
        matrix = f[:, t, :, None] * matrix + i[:, t, :, None] * pair
        vector = f[:, t] * vector + i[:, t] * k[:, t]
        outputs.append(read(matrix, vector, q[:, t]))
    return np.stack(outputs, axis=1)


def mlstm_by_scan(q, k, v, f, i):
    pairs = v[:, :, :, None] * k[:, :, None, :]
    return read(scanned(f[..., None], i[..., None] * pairs), scanned(f, i * k), q)


q, k, v = rng.normal(size=(3, N, T, D))
mlstm = q, k, v, 1 / (1 + np.exp(-a[..., :1])), np.exp(a[..., 1:2])
_ = reached(
    "mLSTM by your scan, relative difference",
    far_apart(mlstm_by_scan(*mlstm), mlstm_step_by_step(*mlstm)),
    at_most=1e-4,
)

# %% [markdown]
# Side by side:
#
# | | state | factor $f_t$ | $f_t$ and $v_t$ see | all steps at once |
# | --- | --- | --- | --- | --- |
# | LSTM (1997) | a vector $c$ | $\sigma$ | $x_t$, $h_{t-1}$ | no |
# | minGRU (2024) | a vector | $1 - \sigma$ | $x_t$ | yes |
# | Mamba (2023) | some numbers a channel | $e^{\Delta_t A}$ | $x_t$ | yes |
# | RWKV-4 (2023) | two numbers a channel | $e^{-w}$, always the same | $x_t$, $x_{t-1}$ | yes |
# | mLSTM (2024) | a matrix and a vector | $\sigma$ or $\exp$, one number | $x_t$ | yes |
# | sLSTM (2024) | two vectors | $\sigma$ or $\exp$ | $x_t$, $h_{t-1}$ | no |
#
# These are the recurrences only. The models wrap them in projections, short convolutions or, as
# RWKV, a mix with the step before, in normalisation, output gates and residual connections, and
# stack them many layers deep. What is $x_t$ to one layer has already looked back in those below.

# %% [markdown]
# **Questions.** (a) Softmax attention also is a mean of values, weighed by exponentials. What does
# its weight depend on that RWKV's does not? (b) How many numbers does each of the models keep from
# a text of a million words, with $D$ channels? And attention? (c) Which rows of the table can turn
# a state over? (d) The paper computes $\exp$ gates with the largest exponent subtracted. Which of
# your functions needed the same trick?

# %% [markdown] tags=["answer"]
# (a) On the query of the position that asks: $e^{q_t \cdot k_i}$ is another weight for each $t$,
# while in RWKV all later positions see the same $k_i$, only faded. (b) A fixed number, $D$ times
# the states of a channel in Mamba, $2D$ in RWKV, $D^2 + D$ in the mLSTM, whatever the length;
# attention keeps all keys and values, $2D$ for each word. (c) None by its factor: all of them are
# positive. The LSTM and the sLSTM can by way of $h_{t-1}$: what they add may depend on what is
# there. (d) `temporal_softmax_loss`, and every softmax after it.

# %% [markdown]
# ## You should now be able to
#
# * say why the steps of a vanilla RNN, an LSTM or a GRU wait for each other, and those of a linear
#   recurrence need not;
# * put two steps into one, and explain why the brackets do not matter but the order does;
# * compute all states in $\lceil \log_2 T \rceil$ rounds, for any $T$, without dividing and without
#   logarithms;
# * say when that is faster, and why it is not on one core with wide states;
# * derive the backward pass of a linear recurrence and of a minGRU, and read off how much of an
#   early state is left at the end;
# * name a task that a layer with gates between 0 and 1 cannot do, and prove it;
# * find $f_t$ and $v_t$ in the equations of Mamba, RWKV and xLSTM, and say which cell of theirs
#   gave up the scan, and for what.

# %% [markdown]
# ## To read on
#
# * Vaswani and others 2017, [Attention is all you need](https://arxiv.org/abs/1706.03762): why one
#   wanted to be rid of steps that wait for each other.
# * Kogge and Stone 1973, [A parallel algorithm for the efficient solution of a general class of
#   recurrence equations](https://doi.org/10.1109/TC.1973.5009159): the scan, for recurrences.
# * Hillis and Steele 1986, [Data parallel algorithms](https://doi.org/10.1145/7902.7903): the scan
#   as it is drawn here.
# * Blelloch 1990, [Prefix sums and their
#   applications](https://www.cs.cmu.edu/~guyb/papers/Ble93.pdf): a scan with less work, and what it
#   is good for.
# * Martin and Cundy 2018, [Parallelizing linear recurrent neural nets over sequence
#   length](https://arxiv.org/abs/1709.04057): the scan in recurrent networks.
# * Lim and others 2024, [Parallelizing non-linear sequential models over the sequence
#   length](https://arxiv.org/abs/2309.12252): states guessed, and guessed better.
# * Feng and others 2024, [Were RNNs all we needed?](https://arxiv.org/abs/2410.01201): minGRU and
#   minLSTM.
# * Gu and Dao 2023, [Mamba: linear-time sequence modeling with selective state
#   spaces](https://arxiv.org/abs/2312.00752): gates that depend on the input alone.
# * Peng and others 2023, [RWKV: reinventing RNNs for the Transformer
#   era](https://arxiv.org/abs/2305.13048): a mean with weights that fade.
# * Beck and others 2024, [xLSTM: extended long short-term
#   memory](https://arxiv.org/abs/2405.04517): a cell that remembers a matrix, and one that gave up
#   the scan.
# * Merrill, Petty and Sabharwal 2024, [The illusion of state in state-space
#   models](https://arxiv.org/abs/2404.08819): what such layers cannot track, in terms of circuits.
# * Sarrof, Veitsman and Hahn 2024, [The expressive capacity of state space models: a formal
#   language perspective](https://arxiv.org/abs/2405.17394): what they can, and what not.
# * Grazzi and others 2025, [Unlocking state-tracking in linear RNNs through negative
#   eigenvalues](https://arxiv.org/abs/2411.12537): what a factor below zero is good for.
