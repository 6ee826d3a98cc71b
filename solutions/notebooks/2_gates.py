# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   recurrent: {lessons: [rnn, head, gradflow, lstm, gru, mut, stacked, answers_gates]}
# ---

# %% [markdown]
# # 2 · Gates and depth
#
# In the first notebook gradients had to pass a matrix and a squashing at every step, and little
# came through. The way out in the lecture is not a better optimiser but another cell: one that
# *adds* to its memory, and has gates that say when. Here you build the LSTM, the GRU and three
# relatives, look at their gates at work, and stack layers.
#
# {{files}} $N$ is the batch, $T$ time, $D$ the input and $H$ the hidden units.

# %% tags=["setup"]
from check import case, check, hint

# %%
from itertools import pairwise

import numpy as np

from recurrent.gradflow import clip_grad_norm, gradient_by_age
from recurrent.gru import gru_backward, gru_forward, gru_step_forward
from recurrent.head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from recurrent.lstm import (
    cell_gradient_path,
    cell_jacobian,
    init_lstm,
    lstm_backward,
    lstm_forward,
    lstm_step_forward,
)
from recurrent.mut import (
    mut1_step_backward,
    mut1_step_forward,
    mut2_step_backward,
    mut2_step_forward,
    mut3_step_backward,
    mut3_step_forward,
)
from recurrent.pictures.ages import ages, shares
from recurrent.pictures.curves import curves
from recurrent.pictures.gates import gate_maps, gru_gates, lstm_gates
from recurrent.pictures.style import SEQUENTIAL, figure, labels
from recurrent.rnn import rnn_backward, rnn_forward
from recurrent.stacked import (
    count_parameters,
    stacked_backward,
    stacked_forward,
    stacked_lstm_backward,
    stacked_lstm_forward,
)
from recurrent.training import Adam, budget, progress, reached

# %% [markdown]
# ## 2.1 The LSTM
#
# Think of a conveyor belt, the cell state $c$, that runs through all steps. At each step three
# gates, numbers between 0 and 1 for every unit, decide what happens to it: the forget gate $f$ how
# much stays on the belt, the input gate $i$ how much of a new proposal $g$ is laid on it, the
# output gate $o$ how much of it is shown to the rest of the network.
#
# $$[a_i\; a_f\; a_o\; a_g] = x_t W_x + h_{t-1} W_h + b$$
# $$i = \sigma(a_i), \quad f = \sigma(a_f), \quad o = \sigma(a_o), \quad g = \tanh(a_g)$$
# $$c_t = f \odot c_{t-1} + i \odot g, \qquad h_t = o \odot \tanh(c_t)$$
#
# The four blocks stand side by side in this order, each $H$ wide. Write `lstm_step_forward` in
# `recurrent/lstm.py`.
#
# {{drawing lstm_cell}}

# %%
check("lstm_step_forward")

# %% [markdown]
# A backward pass can be read off such a drawing. Walk every way against its arrow, and at each
# thing that you meet do what the table says:
#
# | forward | backward |
# | --- | --- |
# | a way parts in two | the two gradients that come back are added |
# | $+$ | the gradient goes on to both, unchanged |
# | $\times$ | each factor gets the gradient times the *other* factor |
# | $\sigma$, $\tanh$ | times the slope: $y (1 - y)$, $1 - y^2$, for the output $y$ |
# | a product with weights, plus a bias | as in any affine layer |
#
# In the drawing the cell state $c_t$ parts: it leaves to the right, and goes down to become $h_t$.
# The line of $h_{t-1}$ and $x_t$ parts into four.

# %% [markdown]
# Backward, two gradients arrive, one by $h_t$ and one by $c_t$. The cell state gets both: it went
# on to the next step, and it went into $h_t$. Write `lstm_step_backward`.

# %%
check("lstm_step_backward")

# %% [markdown]
# Over a sequence, both states are handed on and both gradients are handed back. $c_0$ is zero.
# Write `lstm_forward` and `lstm_backward`.

# %%
check("lstm_forward")

# %%
check("lstm_backward")

# %% [markdown]
# A gate with bias 0 is half open. Half of the memory lost at every step is a lot: after ten steps a
# thousandth is left. That is why new LSTMs start with a forget bias of 1 or more, and remember
# before they have learned what to forget. Write `init_lstm`.

# %%
check("init_lstm")

# %% [markdown]
# PyTorch has the same cell with the blocks in another order, weights transposed, and two biases. If
# you ever want to carry weights across, this is the function: `to_pytorch`.

# %%
check("to_pytorch")

# %% [markdown]
# ## 2.2 The belt, and the other ways
#
# From $c_t$ back to $c_{t-1}$ along the belt a gradient is multiplied by $f_t$, element by element,
# with no matrix in between. Over a sequence that makes
#
# $$\prod_t f_t$$
#
# and as long as the gates stay open, it stays near 1. Write `cell_gradient_path`.

# %%
check("cell_gradient_path")

# %% [markdown]
# The slide says "only elementwise multiplication by $f$, no matrix multiply by $W$". That is the
# direct path, but it is not the only one: $c_{t-1}$ was shown to the rest as
# $h_{t-1} = o_{t-1} \odot \tanh(c_{t-1})$, and the gates of step $t$ look at $h_{t-1}$. The whole
# derivative is a matrix:
#
# $$J_{jk} = \frac{\partial c_{t,j}}{\partial c_{t-1,k}}$$
#
# Write `cell_jacobian`.

# %% [markdown]
# Before you do, walk the drawing of 2.1 with a pencil. Put the $h_{t-1}$ and the $c_{t-1}$ of this
# step beside the $h_t$ and the $c_t$ of the step before: they are the same. Start at $c_{t-1}$ and
# find every way to $c_t$. One is the belt. The others leave it through the tanh and the output gate
# of step $t - 1$, become $h_{t-1}$, and enter step $t$ from below. How many of the four blocks
# there lead to $c_t$? Each way is a product of what lies on it, and $J$ is their sum.

# %%
check("cell_jacobian")

# %% [markdown]
# **Experiment: how much do the other ways carry?** A new LSTM reads random input. We follow the
# derivative of later cell states by the first one, once along the belt only and once along all
# ways. (The gates of an LSTM can be measured from outside, without a look into your code;
# `pictures/gates.py` says how.) Size is the root of the mean square over units: 1 if everything is
# kept.

# %%
N, T, D, H = 8, 50, 8, 32
x = 0.5 * np.random.default_rng(0).normal(size=(N, T, D))
ways = {}
for forget_bias in (0.0, 1.0, 3.0):
    weights = init_lstm(D, H, np.random.default_rng(1), forget_bias)
    gates = lstm_gates(lstm_step_forward, x, np.zeros((N, H)), *weights)
    belt, everything, whole = [1.0], [1.0], np.eye(H)
    for t in range(1, T):
        before = gates["c"][:, t - 1], gates["o"][:, t - 1]
        whole = cell_jacobian(x[:, t], *before, *weights) @ whole  # (N, H, H)
        belt.append(np.sqrt((cell_gradient_path(gates["f"][:, 1 : t + 1]) ** 2).mean()))
        everything.append(np.sqrt((whole**2).sum(axis=(1, 2)).mean() / H))
    ways[f"forget bias {forget_bias:g}, belt only"] = np.array(belt)
    ways[f"forget bias {forget_bias:g}, all ways"] = np.array(everything)

_ = curves(
    ways,
    "steps in between",
    "size of the derivative",
    "From one cell state to a later one",
    logarithmic=True,
)
last = {name: values[-1] for name, values in ways.items()}
_ = reached(
    "cell state after 49 steps by the first, forget bias 0, belt only",
    last["forget bias 0, belt only"],
    at_most=1e-6,
)
_ = reached(
    "cell state after 49 steps by the first, forget bias 3, belt only",
    last["forget bias 3, belt only"],
    at_least=0.03,
)

# %% [markdown]
# **Questions.** (a) With a bias of 3 a gate is at $\sigma(3) = 0.953$. Compute what the belt should
# keep over 49 steps and compare. (b) Do the other ways help or harm? Does it depend on the bias?
# (c) Which of the curves would an optimiser be able to change, and how?

# %% [markdown] tags=["answer"]
# (a) $0.953^{49} = 0.09$; the picture shows about that, the gates vary a little. (b) They carry
# more than the belt in all three, by a large factor where the belt is short. They are no free gift:
# their matrices may also make gradients grow. (c) All: the forget gate has weights, so that a
# network can learn to keep a unit open until something happens.

# %% [markdown]
# Some of the questions count, with numbers of your own. Write who you are into `STUDENT` in
# `recurrent/answers_gates.py`, and a cell like the next one shows you yours. The answer is
# one number, or a list, which you return there.

# %%
check("belt_left")

# %%
check("bias_that_keeps")

# %% [markdown]
# **Similar to ResNet!** The slide says no more than that. Here are both:
#
# {{drawing residual}}
#
# A block of a ResNet (He and others, "Deep Residual Learning for Image Recognition", 2016) computes
# a change $F(x)$ and adds it to what came in. Where nothing follows the sum, as in the form of
# their "Identity Mappings in Deep Residual Networks" of the same year, its derivative is $I +
# \partial F / \partial x$: whatever $F$ does, there is a part of the gradient that goes through
# unchanged. The cell state has the same form, $f \odot c_{t-1}$ and something added to it, and the
# same effect. Two things are different. On the LSTM's straight way stands a gate, which depends on
# what is read and can close. And the LSTM adds up over *time*, with the same weights at every step,
# where a ResNet adds up over *depth*, each block with weights of its own. In between stands the
# highway network (Srivastava and others, 2015), $y = t \odot F(x) + (1 - t) \odot x$: a GRU's sum,
# over depth.

# %% [markdown]
# **Questions.** (a) Fifty blocks, or fifty steps. What does the straight way leave of a gradient in
# a ResNet, and what in an LSTM whose forget gate is always at 0.9? (b) With which $f$ would the
# cell state's straight way be a ResNet's? What could such a cell not do? (c) ResNets came nearly
# twenty years after the LSTM. Which problem do both solve, and what plays the part of time in a
# ResNet?

# %% [markdown] tags=["answer"]
# (a) All of it: multiply out fifty factors $I + \partial F / \partial x$, and one of the terms is
# $I$. $0.9^{50} = 0.005$. (b) With $f = 1$. It could not forget: everything that it ever wrote
# would stay in the sum. (c) A gradient that has to pass many layers, or steps, shrinks or grows at
# each of them. Depth.

# %% [markdown]
# ## 2.3 The GRU
#
# One state instead of two, and one gate for both keeping and taking: what is not replaced is kept.
#
# $$z = \sigma(x W_{xz} + h_{t-1} W_{hz} + b_z), \qquad r = \sigma(x W_{xr} + h_{t-1} W_{hr} +
# b_r)$$
# $$n = \tanh(x W_{xn} + (r \odot h_{t-1}) W_{hn} + b_n)$$
# $$h_t = (1 - z) \odot h_{t-1} + z \odot n$$
#
# ($n$ is $\tilde h$ in the lecture.) The blocks stand in the order $z\,r\,n$, and the reset gate
# $r$ is applied before the product. Write `gru_step_forward` in `recurrent/gru.py`.
#
# {{drawing gru_cell}}

# %%
check("gru_step_forward")

# %% [markdown]
# Backward, count in how many places $h_{t-1}$ is used: each is a way by which a gradient comes back
# to it. The drawing shows them all. Write `gru_step_backward`.

# %%
check("gru_step_backward")

# %%
check("gru_forward")

# %%
check("gru_backward")

# %% [markdown]
# The straight line at the top of the drawing is the GRU's belt: along it a gradient is multiplied
# by $1 - z$, element by element. A gate that starts at $\sigma(0) = 0.5$ leaves $0.5^{10} = 0.001$
# after ten steps; one that starts at $\sigma(-2) = 0.12$ leaves $0.88^{10} = 0.28$. And as in the
# LSTM it is not the only way: $z$, $r$ and $n$ see $h_{t-1}$ too.

# %% [markdown]
# Half of the books let $z$ weigh the new state, as the lecture does, the other half the old one. A
# network can be carried from one convention to the other without training it again. Write
# `gru_to_other_convention`; one property of $\sigma$ is all it takes.

# %%
check("gru_to_other_convention")

# %% [markdown]
# With numbers of your own, in `recurrent/answers_gates.py`:

# %%
check("gru_unit")

# %% [markdown]
# ## 2.4 Gradient against time lag, all in one picture
#
# **Experiment.** New, untrained networks read the same random input. Only the last state counts.
# How much of its gradient reaches the input $k$ steps earlier, compared with the last one
# ($k = 0$)?
#
# The GRU's update gate has a bias too: at $-2$ it takes little of the new and so keeps most of the
# old. That is its forget bias.


# %%
def new_cells(D, H, rng):
    """name -> forward, backward, (Wx, Wh, b): the networks to compare."""

    def drawn(blocks, bias_of_first_block=0.0):
        Wx = rng.normal(size=(D, blocks * H)) / np.sqrt(D)
        Wh = rng.normal(0, 1 / np.sqrt(H), size=(H, blocks * H))
        return Wx, Wh, np.repeat([bias_of_first_block] + [0.0] * (blocks - 1), H)

    return {
        "RNN": (rnn_forward, rnn_backward, drawn(1)),
        "LSTM, forget bias 0": (lstm_forward, lstm_backward, init_lstm(D, H, rng, 0.0)),
        "LSTM, forget bias 1": (lstm_forward, lstm_backward, init_lstm(D, H, rng, 1.0)),
        "LSTM, forget bias 3": (lstm_forward, lstm_backward, init_lstm(D, H, rng, 3.0)),
        "GRU, update bias 0": (gru_forward, gru_backward, drawn(3)),
        "GRU, update bias -2": (gru_forward, gru_backward, drawn(3, -2.0)),
    }


rng = np.random.default_rng(0)
N, T, D, H = 16, 51, 8, 64
x = 0.5 * rng.normal(size=(N, T, D))
dh = np.zeros((N, T, H))
dh[:, -1] = rng.normal(size=(N, H))

arrives = {}
for name, (forward, backward, weights) in new_cells(D, H, rng).items():
    _, cache = forward(x, np.zeros((N, H)), *weights)
    dx = backward(dh, cache)[0]
    by_lag = np.sqrt((dx**2).sum(axis=(0, 2)))[::-1]
    arrives[name] = by_lag / by_lag[0]

_ = curves(
    arrives,
    "time lag in steps",
    "norm of the gradient, 1 at lag 0",
    "What reaches earlier inputs",
    logarithmic=True,
)
_ = reached(
    "gradient after 50 steps, LSTM with forget bias 0",
    arrives["LSTM, forget bias 0"][-1],
    at_most=1e-4,
)
for name in ("LSTM, forget bias 1", "LSTM, forget bias 3", "GRU, update bias -2"):
    more = arrives[name][-1] / arrives["RNN"][-1]
    reached(f"gradient after 50 steps, {name}, as a multiple of the RNN's", more, at_least=10)

# %% [markdown]
# **Questions.** (a) Which two gated cells are no better than the vanilla RNN, and why? (b) "LSTMs
# solve the vanishing gradient." Say it more carefully. (c) A forget bias of 10 would keep nearly
# everything for ever. Why not do that?

# %% [markdown] tags=["answer"]
# (a) The two whose gates start half open, forget bias 0 and update bias 0: half per step is lost.
# (b) They have a path on which gradients need not vanish, if the gates are open; whether they are
# is a matter of the bias first and of training later. (c) A cell that never forgets sums up
# everything it reads, the noise too, and its gate, far out in the flat part of the sigmoid, has no
# gradient to learn forgetting with.

# %% [markdown]
# **Experiment: how old is what an LSTM learns from?** Nobody changes an input; training changes
# weights. The first notebook took the gradient by $W_h$ apart: one term for each step that used it,
# and only the few newest of them counted. Here is the same for LSTMs, beside the RNN, on the same
# input.
#
# How to get at the terms without a look into your code? Wire one more input to each pre-activation,
# with weight 1, and let all of these inputs be 0. They change nothing. But the gradient that
# `lstm_backward` finds for them is the gradient by the pre-activations of each step, and from there
# it is one product to the weights.


# %%
def lstm_terms(x, dh, Wx, Wh, b):
    """The terms of dWh, (T, H, 4H), the oldest first, for an LSTM that starts at zero."""
    (N, T, D), wide = x.shape, Wh.shape[1]
    start = np.zeros((N, len(Wh)))
    wired = np.concatenate([x, np.zeros((N, T, wide))], axis=2)
    h, cache = lstm_forward(wired, start, np.concatenate([Wx, np.eye(wide)]), Wh, b)
    dx, _, _, dWh, _ = lstm_backward(dh, cache)
    read = np.concatenate([start[:, None], h[:, :-1]], axis=1)
    terms = np.einsum("nti,ntj->tij", read, dx[:, :, D:])
    assert np.allclose(terms.sum(axis=0), dWh), "terms that do not add up: see lstm_backward"
    return terms


cells = new_cells(D, H, np.random.default_rng(0))
h, _ = rnn_forward(x, np.zeros((N, H)), *cells["RNN"][2])
update = {"RNN": gradient_by_age(dh[:, -1], np.zeros((N, H)), h, cells["RNN"][2][1])}
for name in ("LSTM, forget bias 0", "LSTM, forget bias 1", "LSTM, forget bias 3"):
    update[name] = lstm_terms(x, dh, *cells[name][2])

_ = ages(update, "How old is what a new network learns from?")
old = {name: shares(terms)[:-10].sum() for name, terms in update.items()}
_ = reached("share of the update that is 10 steps old or more, RNN", old["RNN"], at_most=0.05)
_ = reached(
    "share of the update that is 10 steps old or more, LSTM, forget bias 0",
    old["LSTM, forget bias 0"],
    at_most=0.02,
)
_ = reached(
    "share of the update that is 10 steps old or more, LSTM, forget bias 3",
    old["LSTM, forget bias 3"],
    at_least=0.75,
)
_ = reached(
    "share of the update that is 40 steps old or more, LSTM, forget bias 3",
    shares(update["LSTM, forget bias 3"])[:-40].sum(),
    at_least=0.1,
)

# %% [markdown]
# **Questions.** (a) A lag of 40 steps is to be learned. For which of the four can a single step of
# training do anything about it? (b) On the right, the curves that get so far end at age 49, though
# there are 51 steps. What became of the last term? (c) With forget bias 3 no step makes more than a
# few hundredths of the update. What does this cost, when only the last few steps matter?

# %% [markdown] tags=["answer"]
# (a) For the one with forget bias 3: about a quarter of its update is 40 steps old or more. With
# forget bias 1 it is less than a hundredth, and with the other two far less than that. (b) The
# oldest term belongs to the step that reads $h_0$, which is zero, and so is the term. It is the one
# term that the lecture's product has. (c) What matters is a small part of the update: the last ten
# steps make about a tenth of it.

# %% [markdown]
# ## 2.5 Remember the first symbol
#
# **Experiment.** The first symbol of a sequence is one of four. Then come distractors, and at the
# very end the network has to say which symbol came first. All networks have 32 units, the same
# data, the same optimiser and the same number of iterations. What is learned depends on luck as
# well, so that each is trained from three different starts.


# %%
def train(run, gradients, params, batch, iterations, what, learning_rate=3e-3):
    """Train with a layer of scores on top of any recurrent network; the arrays in `params` are
    changed.

    run(params, x) -> h, cache; gradients(dh, cache) -> a dict with the names of params without
    "Why" and "by"; batch(rng) -> x, y, mask. Returns the share of right answers in every iteration,
    (iterations,).
    """
    rng, optimiser, right = np.random.default_rng(7), Adam(params, learning_rate), []
    for _ in progress(range(iterations), what):
        x, y, mask = batch(rng)
        h, cache = run(params, x)
        scores, head_cache = temporal_affine_forward(h, params["Why"], params["by"])
        _, dscores = temporal_softmax_loss(scores, y, mask)
        dh, dWhy, dby = temporal_affine_backward(dscores, head_cache)
        grads = {**gradients(dh, cache), "Why": dWhy, "by": dby}
        clip_grad_norm(grads, 1.0)
        optimiser.step(grads)
        right.append(np.mean((scores.argmax(axis=2) == y)[mask]))
    return np.array(right)


def head(H, V, rng):
    return {"Why": rng.normal(0, 1 / np.sqrt(H), size=(H, V)), "by": np.zeros(V)}


def train_cell(cell, batch, V, iterations, what, learning_rate=3e-3):
    """The trained parameters of one of `new_cells`, and the share of right answers in every
    iteration.
    """
    forward, backward, (Wx, Wh, b) = cell
    H = len(Wh)
    params = {"Wx": Wx, "Wh": Wh, "b": b, **head(H, V, np.random.default_rng(3))}

    def run(params, x):
        return forward(x, np.zeros((len(x), H)), params["Wx"], params["Wh"], params["b"])

    def gradients(dh, cache):
        _, _, dWx, dWh, db = backward(dh, cache)
        return {"Wx": dWx, "Wh": dWh, "b": db}

    return params, train(run, gradients, params, batch, iterations, what, learning_rate)


def smooth(values, width=25):
    """Means over `width` neighbouring iterations, as pairs of iteration and value."""
    means = values[: len(values) // width * width].reshape(-1, width).mean(axis=1)
    return np.column_stack([width * (np.arange(len(means)) + 1), means])


def first_symbol(T, N=32, V=4):
    def batch(rng):
        ids = V + rng.integers(V, size=(N, T))  # distractors are V to 2V - 1
        ids[:, 0] -= V
        mask = np.zeros((N, T), dtype=bool)
        mask[:, -1] = True
        return np.eye(2 * V)[ids], np.repeat(ids[:, :1], T, axis=1), mask

    return batch


T, iterations, seeds = budget(60, 16), budget(600, 250), budget(3, 1)
memory = {}
for name in new_cells(8, 32, np.random.default_rng(0)):
    runs = []
    for seed in range(seeds):
        cell = new_cells(8, 32, np.random.default_rng(seed))[name]
        runs.append(
            train_cell(cell, first_symbol(T), 4, iterations, f"{name}, {seed + 1} of {seeds}")[1]
        )
    memory[name] = smooth(np.mean(runs, axis=0))

fig = curves(
    memory,
    "iterations",
    f"share of right answers, mean of {seeds}",
    f"The first of {T} symbols, named at the end (0.25: guessing)",
)
fig.axes[0].set_ylim(0.15, 1.05)
end = {name: values[-4:, 1].mean() for name, values in memory.items()}
where = f"first of {T} symbols"
_ = reached(f"{where}, RNN (luck has a say)", end["RNN"])
_ = reached(f"{where}, LSTM, forget bias 3", end["LSTM, forget bias 3"], at_least=0.9)
_ = reached(f"{where}, GRU, update bias -2", end["GRU, update bias -2"], at_least=0.9)
lead = end["LSTM, forget bias 3"] - end["LSTM, forget bias 0"]
_ = reached(
    f"{where}, lead of the LSTM with forget bias 3 over that with 0",
    lead,
    at_least=budget(0.5, 0.15),
)

# %% [markdown]
# **Questions.** (a) Compare with the picture of section 2.4: does the untrained gradient foretell
# who learns? (b) The vanilla RNN learned from one of the three starts. What was lucky about it?
# (Look at the largest eigenvalue of its $W_h$ before training.) (c) Set `T` to 20. Who learns now,
# and what do you say to somebody who shows you only that picture? (d) Some networks get half of the
# answers right, for long. What may such a network know?

# %% [markdown] tags=["answer"]
# (a) Largely: the two that still hear the first input well learn. To be heard at a hundredth, as in
# the LSTM with forget bias 1, is not enough here. (b) Its largest eigenvalue is 1.05; those of the
# others are 0.95, which forgets, and 1.19, which drowns the symbol in echoes of distractors. A
# vanilla RNN *can* remember, but only near the edge. (c) The vanilla RNN learns as fast as the LSTM
# with forget bias 1, and faster than the one with 0: over short lags gates are no advantage. (d)
# Two pairs of symbols, say: it tells the pairs apart, and guesses within.

# %% [markdown]
# ## 2.6 Gates, opening and closing
#
# **Experiment: a note to be kept.** At each step the network reads a letter, A to D; now and then a
# letter carries a star. At every step it has to say which letter carried the latest star. So there
# is a right moment to forget and a right moment to write. Small networks of 8 units learn this in a
# second; then we look at their gates while they read a new sequence.


# %%
def starred_letters(rng, N=32, T=24, V=4):
    """Letters and where the stars are, (N, T) each; the first letter has one."""
    letters, star = rng.integers(V, size=(N, T)), rng.random((N, T)) < 0.15
    star[:, 0] = True
    return letters, star


def note_inputs(letters, star):
    return np.concatenate([np.eye(4)[letters], star[:, :, None]], axis=2)  # (N, T, 5)


def note_batch(rng):
    letters, star = starred_letters(rng)
    latest = np.maximum.accumulate(np.where(star, np.arange(letters.shape[1]), 0), axis=1)
    return (
        note_inputs(letters, star),
        np.take_along_axis(letters, latest, axis=1),
        np.ones_like(star),
    )


cells = new_cells(5, 8, np.random.default_rng(1))
iterations = budget(1500, 400)
lstm, lstm_right = train_cell(cells["LSTM, forget bias 1"], note_batch, 4, iterations, "LSTM", 1e-2)
gru, gru_right = train_cell(cells["GRU, update bias 0"], note_batch, 4, iterations, "GRU", 1e-2)

letters, star = starred_letters(np.random.default_rng(5))
x, start = note_inputs(letters, star), np.zeros((len(letters), 8))
of_lstm = lstm_gates(lstm_step_forward, x, start, lstm["Wx"], lstm["Wh"], lstm["b"])
of_gru = gru_gates(gru_step_forward, x, start, gru["Wx"], gru["Wh"], gru["b"])
read = [
    "ABCD"[letter] + "*" * int(starred) for letter, starred in zip(letters[0], star[0], strict=True)
]
_ = gate_maps(
    {
        "LSTM: input": of_lstm["i"][0],
        "LSTM: forget": of_lstm["f"][0],
        "LSTM: output": of_lstm["o"][0],
        "GRU: update": of_gru["z"][0],
    },
    read,
    "Gates while a new sequence is read",
)
_ = reached(
    "the latest starred letter, LSTM, right answers", lstm_right[-50:].mean(), at_least=0.95
)
_ = reached("the latest starred letter, GRU, right answers", gru_right[-50:].mean(), at_least=0.95)
kept = of_lstm["f"][~star].mean() - of_lstm["f"][star].mean()
_ = reached("forget gate: mean without a star less mean at a star", kept, at_least=0.2)

# %% [markdown]
# **Questions.** (a) Where do you see a star in the forget gate, and why dark there? (b) The GRU has
# no forget gate. Where do you see its stars? (c) Some units do not react to stars at all. What may
# they be for? (d) The lecture says of a gate that it decides about "this bit of information". Is a
# single unit enough to see what is remembered?

# %% [markdown] tags=["answer"]
# (a) A dark column: the old letter is wiped off the belt just when the new one is written. (b) The
# update gate opens: taking the new and dropping the old are one and the same there. (c) They may
# hold on to something else, or be of no use: nothing forces a network to use all its units. (d)
# Rarely. A letter is spread over several units, and each of them takes part in several letters;
# notebook 3 looks for single units that do mean something.

# %% [markdown]
# ## 2.7 Three mutants
#
# Are these gates the best there are? Jozefowicz and others had a computer try ten thousand cells,
# changing a piece at a time. Three did well enough to get names. The recipe is the GRU's, with an
# ingredient or two replaced:
#
# | | update gate $z$ | reset gate $r$ | inside the candidate's tanh |
# | --- | --- | --- | --- |
# | MUT1 | does not see $h$ | as in the GRU | $\tanh(x)$, without a weight |
# | MUT2 | as in the GRU | $x$ without a weight | as in the GRU |
# | MUT3 | sees $\tanh(h)$ | as in the GRU | as in the GRU |
#
# The equations are in `recurrent/mut.py`. Where $x$ comes without a weight, it is added to a vector
# of length $H$: it must be $H$ wide itself, and you raise a `ValueError` where it is not. Mind
# $D = 1$: numpy would not complain.

# %%
check("mut1_step_forward")

# %%
check("mut1_step_backward")

# %%
check("mut2_step_forward")

# %%
check("mut2_step_backward")

# %%
check("mut3_step_forward")

# %%
check("mut3_step_backward")

# %% [markdown]
# **Experiment: the mutants' gradients.** As in 2.4, but on the state: the gradient by $h_T$ is
# handed back step by step. Each mutant is drawn twice, with an update gate that starts half open
# (bias 0) and one that starts nearly shut (bias $-2$).

# %%
rng = np.random.default_rng(0)
N, T, H = 16, 50, 32
x = 0.5 * rng.normal(size=(N, T, H))
matrix = {
    name: rng.normal(0, 1 / np.sqrt(H), size=(H, H))
    for name in ("Wxz", "Whz", "Wxr", "Whr", "Wxh", "Whh")
}
mutants = {
    "MUT1": (mut1_step_forward, mut1_step_backward, ("Wxz", "Wxr", "Whr", "Whh")),
    "MUT2": (mut2_step_forward, mut2_step_backward, ("Wxz", "Whz", "Whr", "Wxh", "Whh")),
    "MUT3": (mut3_step_forward, mut3_step_backward, tuple(matrix)),
}
last_gradient = rng.normal(size=(N, H))
last_gradient /= np.linalg.norm(last_gradient)

handed_back = {}
for update_bias in (0.0, -2.0):
    for name, (step_forward, step_backward, needs) in mutants.items():
        params = {
            **{each: matrix[each] for each in needs},
            "bz": np.full(H, update_bias),
            "br": np.zeros(H),
            "bh": np.zeros(H),
        }
        state, caches = np.zeros((N, H)), []
        for now in np.moveaxis(x, 1, 0):
            state, cache = step_forward(now, state, params)
            caches.append(cache)
        gradient, lengths = last_gradient, [1.0]
        for cache in caches[::-1]:
            gradient = step_backward(gradient, cache)[1]
            lengths.append(np.linalg.norm(gradient))
        handed_back[f"{name}, update bias {update_bias:g}"] = np.array(lengths)

_ = curves(
    handed_back,
    "time lag in steps",
    "norm of the gradient",
    "Three mutants, two biases",
    logarithmic=True,
)
for name in mutants:
    more = handed_back[f"{name}, update bias -2"][-1] / handed_back[f"{name}, update bias 0"][-1]
    reached(
        f"gradient after 50 steps, {name}: with update bias -2, as a multiple of that with 0",
        more,
        at_least=100,
    )

# %% [markdown]
# **Questions.** (a) Three curves lie on three others. What matters more for the gradient, the
# mutation or the bias, and what do all three have in common with the GRU, and the LSTM too? (b)
# MUT1's update gate does not see the state. Which kind of remembering does that rule out? (c) Ten
# thousand candidates, and the winners look like a GRU. What would you conclude, and what not?

# %% [markdown] tags=["answer"]
# (a) The bias, by far. The new state is the old one times a gate, plus something: a sum, and a path
# without a matrix; how open that path is, the bias says. (b) To keep or to
# overwrite depending on what is stored already; only the input can decide. (c) That this
# neighbourhood is a good one. Not that there is nothing better elsewhere: the search changed known
# cells a piece at a time, and would not get far away from them.

# %% [markdown]
# ## 2.8 Depth
#
# A layer can read another layer instead of the input. Each has weights of its own and a state of
# its own:
#
# $$h_t^l = \tanh(h_t^{l-1} W_x^l + h_{t-1}^l W_h^l + b^l), \qquad h_t^0 = x_t$$
#
# Two indices, time and layer, and two directions in which things travel: to the right and upwards.
#
# {{drawing stack}}
#
# Write `stacked_forward` and `stacked_backward` in `recurrent/stacked.py`.

# %%
check("stacked_forward")

# %%
check("stacked_backward")

# %% [markdown]
# The same stack over LSTMs: only $h$ goes up, each layer's belt stays its own.

# %%
check("stacked_lstm_forward")

# %%
check("stacked_lstm_backward")

# %% [markdown]
# And for a fair comparison we need to know how many numbers a stack has to learn. Write
# `count_parameters`.

# %%
check("count_parameters")

# %% [markdown]
# **Experiment: where does a change go?** Six layers read a random sequence, and read it again with
# one input changed. How much does every state move?

# %%
L, T, D, H, changed = 6, 30, 8, 32, 8
rng = np.random.default_rng(0)
x = 0.5 * rng.normal(size=(1, T, D))
other = x.copy()
other[:, changed] += 0.5 * rng.normal(size=D)
widths = [D] + [H] * L
layers = [
    (
        rng.normal(0, 1 / np.sqrt(wide), size=(wide, H)),
        0.8 * np.linalg.qr(rng.normal(size=(H, H)))[0],
        np.zeros(H),
    )
    for wide in widths[:-1]
]
moved = np.zeros((L, T))
for l in range(L):
    starts = [np.zeros((1, H))] * (l + 1)
    h, _ = stacked_forward(x, starts, layers[: l + 1])
    h_other, _ = stacked_forward(other, starts, layers[: l + 1])
    moved[l] = np.linalg.norm(h_other - h, axis=2)[0]

fig, axis = figure(f"What a change of the input at step {changed} moves", height=3.0)
shown = axis.imshow(
    np.log10(np.maximum(moved, 1e-4)), origin="lower", aspect="auto", cmap=SEQUENTIAL, vmin=-4
)
axis.set_yticks(range(L), range(1, L + 1))
labels(axis, "time step", "layer")
fig.colorbar(shown, label="distance of the states,\npowers of ten")
_ = reached("largest move of a state before the change", moved[:, :changed].max(), at_most=0.0)
_ = reached(
    "move of the top layer in the very step of the change", moved[-1, changed], at_least=1e-3
)

# %% [markdown]
# **Experiment: is deeper better?** The network reads letters A, B, C and counts, modulo 3, how
# often the letter has changed. One, two and three layers, vanilla and LSTM, each as wide as a
# common number of parameters allows.


# %%
def change_batch(rng, N=32, T=20):
    letters = rng.integers(3, size=(N, T))
    changes = np.zeros((N, T), dtype=int)
    changes[:, 1:] = letters[:, 1:] != letters[:, :-1]
    return np.eye(3)[letters], changes.cumsum(axis=1) % 3, np.ones((N, T), dtype=bool)


def widest(depth, kind, allowed):
    """The sizes (depth + 1,) of the widest stack with at most so many parameters."""
    best = 1
    while count_parameters(np.array([3] + [best + 1] * depth), kind) <= allowed:
        best += 1
    return np.array([3] + [best] * depth)


def train_stack(sizes, kind, iterations, what):
    rng, layers = np.random.default_rng(1), []
    for below, H in pairwise(sizes):
        Wx, Wh = (
            rng.normal(0, 1 / np.sqrt(below), size=(below, H)),
            rng.normal(0, 1 / np.sqrt(H), size=(H, H)),
        )
        layers.append(init_lstm(below, H, rng) if kind == "lstm" else (Wx, Wh, np.zeros(H)))
    forward = stacked_lstm_forward if kind == "lstm" else stacked_forward
    backward = stacked_lstm_backward if kind == "lstm" else stacked_backward

    def named(triples):
        return {
            f"{name}{l}": w
            for l, triple in enumerate(triples)
            for name, w in zip("xhb", triple, strict=True)
        }

    def run(params, x):
        return forward(x, [np.zeros((len(x), H)) for H in sizes[1:]], layers)

    def gradients(dh, cache):
        return named(backward(dh, cache)[2])

    params = {**named(layers), **head(sizes[-1], 3, rng)}
    return train(run, gradients, params, change_batch, iterations, what)


iterations = budget(2000, 250)
for kind, allowed in (("rnn", 1200), ("lstm", 1200)):
    depth_curves = {}
    for depth in (1, 2, 3):
        sizes = widest(depth, kind, allowed)
        name = (
            f"{depth} layer{'s' * (depth > 1)} of {sizes[1]}, {count_parameters(sizes, kind)} "
            f"parameters"
        )
        depth_curves[name] = smooth(train_stack(sizes, kind, iterations, name), 50)
        reached(
            f"changes modulo 3, {kind.upper()}, {name}",
            depth_curves[name][-1, 1],
            at_least=budget(0.8, 0.35),
        )
    title = f"Counting changes modulo 3 (guessing: 0.33), {kind.upper()}"
    _ = curves(depth_curves, "iterations", "share of right answers", title)

# %% [markdown]
# **Questions.** (a) In the first picture: why does the top layer move in the very step of the
# change, and not six steps later? (b) Is deeper better here? What would make a fair comparison even
# fairer? (c) `count_parameters` gives the same number for stacks of different depth. Is a training
# step of theirs equally expensive?

# %% [markdown] tags=["answer"]
# (a) A layer reads the one below at the *same* step: up costs no time, only to the right does. (b)
# No: with equal parameters the curves come out about the same, and which is ahead changes with the
# seed. More seeds, and a learning rate chosen for each. Depth pays with much more data and wider
# layers, not on small puzzles. (c) The products cost about the same, but the layers have to wait
# for each other: more, smaller products one after the other, which is slower on most machines.

# %% [markdown]
# With numbers of your own, in `recurrent/answers_gates.py`:

# %%
check("lstm_numbers")

# %%
check("gru_units")

# %%
check("rounds_of_a_stack")

# %% [markdown]
# ## You should now be able to
#
# Try each of these with the page covered. What does not come leads you back to its section.

# %% [markdown] tags=["lstm"]
# * draw one step of an LSTM, and read its backward pass off the drawing;
# * say by what a gradient is multiplied along the cell state, by which other ways it can go, and
#   why the forget bias decides how much is left after 50 steps;
# * say what a cell state and a ResNet have in common, and two things that they have not;
# * carry an LSTM's weights from one order of blocks to another.

# %% [markdown] tags=["gru"]
# * write one step of a GRU, and name the ways by which the old state enters it;
# * turn a GRU whose $z$ takes the new into one whose $z$ keeps the old, without training.

# %% [markdown] tags=["mut"]
# * say what a MUT cell changes in a GRU, and why two of the three ask for an input as wide as the
#   state.

# %% [markdown] tags=["stacked"]
# * write a stack of layers, and say in which step a change of the input reaches the top;
# * count the parameters of a stack, and compare networks of different depth fairly.

# %% [markdown] tags=["lstm"]
# In notebook 3 an LSTM reads the source code of Python, and you look for cells that mean something.
# In notebook 6 a network no longer has to keep everything in its state: it may look back.

# %% [markdown]
# ## To read on
#
# * Hochreiter and Schmidhuber 1997, [Long short-term
#   memory](https://doi.org/10.1162/neco.1997.9.8.1735): the cell state, still without a forget
#   gate.
# * Gers, Schmidhuber and Cummins 2000, [Learning to forget: continual prediction with
#   LSTM](https://doi.org/10.1162/089976600300015015): the forget gate, and why a cell that only
#   adds up needs one.
# * Cho and others 2014, [Learning phrase representations using RNN encoder-decoder for statistical
#   machine translation](https://arxiv.org/abs/1406.1078): the GRU, in section 2.3; there $z$ keeps
#   the old.
# * Jozefowicz, Zaremba and Sutskever 2015, [An empirical exploration of recurrent network
#   architectures](https://proceedings.mlr.press/v37/jozefowicz15.html): ten thousand cells, the
#   three mutants, and the forget bias of 1.
# * Greff and others 2017, [LSTM: a search space odyssey](https://arxiv.org/abs/1503.04069): which
#   parts of an LSTM can be left out.
# * He and others 2016, [Deep residual learning for image
#   recognition](https://arxiv.org/abs/1512.03385): and the same authors' [Identity mappings in deep
#   residual networks](https://arxiv.org/abs/1603.05027): the straight way over depth.
# * Srivastava, Greff and Schmidhuber 2015, [Highway networks](https://arxiv.org/abs/1505.00387):
#   gates over depth.
# * Zhang, Lipton, Li and Smola 2023, [Dive into Deep Learning, on the
#   LSTM](https://d2l.ai/chapter_recurrent-modern/lstm.html): the gates with a weight matrix each,
#   in three frameworks.
