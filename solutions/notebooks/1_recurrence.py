# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   recurrent: {lessons: [rnn, head, gradflow, answers_recurrence]}
# ---

# %% [markdown]
# # 1 · Recurrence
#
# A network that reads one thing after another needs somewhere to keep what it has read. Here you
# build the simplest one that does, the vanilla RNN, send gradients back through it, and find out
# why they get lost on the way.
#
# {{files}} This notebook only calls your functions. Every check cell runs the same check as
# `python check.py`. Save your file and run the cell again: it is read afresh. In a new cell,
# `check("rnn")` checks a whole file, `check()` all of them, and `hint()` shows the next hint on
# what you checked last. A cell that needs a function you have yet to write says so, and the cells
# after it run all the same.
#
# One letter has one meaning throughout: $N$ batch, $T$ time steps, $D$ input, $H$ hidden units, $V$
# symbols. The batch comes first, vectors are rows, weights stand on the right. The lecture has
# columns, $h_t = \tanh(W [h_{t-1}; x_t])$: transpose it, cut $W$ in two, and you have ours.

# %% tags=["setup"]
from check import case, check, hint

# %%
import numpy as np

from recurrent.gradflow import (
    clip_grad_norm,
    gradient_by_age,
    gradient_norms,
    large_singular_value_that_vanishes,
    sequence_jacobian,
    vanishing_bound,
)
from recurrent.head import (
    perplexity,
    temporal_affine_backward,
    temporal_affine_forward,
    temporal_softmax_loss,
)
from recurrent.pictures.ages import ages, lengths, shares
from recurrent.pictures.curves import curves
from recurrent.pictures.style import SEQUENTIAL, figure, labels
from recurrent.rnn import (
    last_hidden,
    last_hidden_backward,
    rnn_backward,
    rnn_backward_truncated,
    rnn_forward,
)
from recurrent.training import Adam, budget, progress, reached

# %% [markdown]
# ## 1.0 Where this network stands
#
# Networks differ in what is connected to what, and in what is shared.
#
# {{drawing space}}
#
# A *fully connected* layer ties every unit to every unit, each pair by a weight of its own: it
# knows nothing of neighbours or of time, and a longer input needs more weights. A *convolution*
# looks at a few neighbours and uses the same few weights at every place, so that what it learned of
# an edge in one corner it knows in all others. A *recurrent* network uses the same weights at every
# step and hands a state from one step to the next. It reads sequences of any length with a fixed
# number of weights, and what came first can matter at the end, as long as the state still holds it.
# *Attention* lets every position look at every other, with weights that are computed from the data:
# nothing has to be carried from step to step, and the work grows with the square of the length. A
# *graph* network is like a convolution whose neighbours are given by a graph in place of a grid.

# %% [markdown]
# One recurrent cell serves several patterns. Count what goes in and what comes out, and when:
#
# {{drawing patterns}}
#
# One to one has no time in it: that is an ordinary layer. The last pattern, *in step*, comes first
# here, with an echo of what was read; many to one follows, with a verdict at the end of a sequence.
# One to many is a caption, in notebook 5; first reading and then writing is a translation, in
# notebook 6.

# %% [markdown]
# **Questions.** (a) Which pattern is each of these: the mark of an essay; a melody continued from
# its first note; a recording typed out when it has been heard to the end; the part of speech of
# every word, said as soon as the word is read? (b) In "first a sentence, then its translation", by
# which way can the second output know of the first input? (c) A unit of a convolution sees its own
# place and one on either side. How many layers of them does it take until an output hears of an
# input ten places away? And how many layers of a recurrent network?

# %% [markdown] tags=["answer"]
# (a) Many to one; one to many; many to many, later; many to many, in step. (b) Through the states
# only: everything that the sentence said must fit into the one vector that is handed on. Notebook 6
# opens another way. (c) Ten: each layer reaches one place further to either side. One, but ten
# steps of it, one after the other: there the distance is in time.

# %% [markdown]
# ## 1.1 One step
#
# The picture in the lecture is a box with an arrow that leaves it and comes back in. The box holds
# one vector, the state $h$. At each step it is mixed with the new input and squashed:
#
# $$\mathtt{next\_h} = \tanh(x\, W_x + \mathtt{prev\_h}\, W_h + b)$$
#
# The squashing keeps every unit between -1 and 1, however often the step is taken. It also has a
# price, which the backward pass shows: a unit near -1 or 1 hardly moves any more, and so passes
# hardly any gradient on.
#
# Write `rnn_step_forward` in `recurrent/rnn.py`.

# %%
check("rnn_step_forward")

# %% [markdown]
# Going back, name what is inside the tanh: $a = x W_x + \mathtt{prev\_h} W_h + b$. First find the
# gradient of the loss by $a$; the other five follow from it as in any affine layer. Write
# `rnn_step_backward`.

# %%
check("rnn_step_backward")

# %% [markdown]
# ## 1.2 A whole sequence
#
# Pull the loop apart and lay the boxes side by side: the same step, the same three weights, $T$
# times.
#
# $$h_t = \tanh(x_t W_x + h_{t-1} W_h + b), \qquad t = 1 \dots T$$
#
# Write `rnn_forward`; let it call your step.
#
# {{drawing unrolled}}

# %%
check("rnn_forward")

# %% [markdown]
# The backward pass walks the chain from its end to its start. Two gradients meet at every state:
# $h_t$ is an output, and it is the input of the next step. And each weight is used at every step,
# so its gradient is a sum over time. Write `rnn_backward`.

# %% [markdown]
# **Worked on paper: two steps.** One unit, one input, one example, so that every letter is a
# number. The inputs are chosen so that the states come out round. Take a pencil, and cover the
# lines below the one that you are at.
#
# $$W_x = 2, \quad W_h = 0.8, \quad b = 0, \quad h_0 = 0.4, \quad x_1 = 0.11465, \quad x_2 =
# 0.14657$$
#
# *Forward.* Each step mixes, then squashes:
#
# $$a_1 = 2 \cdot 0.11465 + 0.8 \cdot 0.4 = 0.5493, \qquad h_1 = \tanh(a_1) = 0.5$$
# $$a_2 = 2 \cdot 0.14657 + 0.8 \cdot 0.5 = 0.6931, \qquad h_2 = \tanh(a_2) = 0.6$$
#
# Both states are asked for: the first should be 0.2, the second 0.35.
#
# $$L = L_1 + L_2 = \tfrac12 (h_1 - 0.2)^2 + \tfrac12 (h_2 - 0.35)^2$$
#
# *Back, one step.* Begin at the end, where nothing comes from later:
#
# $$\frac{\partial L}{\partial h_2} = h_2 - 0.35 = 0.25$$
#
# Through the tanh, whose slope at $a_2$ is one less the square of what came out, $1 - 0.6^2 =
# 0.64$:
#
# $$\frac{\partial L}{\partial a_2} = 0.25 \cdot 0.64 = 0.16$$
#
# And $a_2$ is a sum of products: each factor gets 0.16 times the factor that it stood beside. For
# the three weights that is this step's share, and for the old state what is handed back:
#
# $$W_h: \; 0.16 \cdot 0.5 = 0.08, \qquad W_x: \; 0.16 \cdot 0.14657 = 0.0235$$
# $$b: \; 0.16, \qquad h_1: \; 0.16 \cdot 0.8 = 0.128$$
#
# *Back, another step.* At $h_1$ two gradients meet, from its own loss and from the step after it:
#
# $$\frac{\partial L}{\partial h_1} = (0.5 - 0.2) + 0.128 = 0.428, \qquad \frac{\partial L}{\partial
# a_1} = 0.428 \cdot (1 - 0.5^2) = 0.321$$
# $$W_h: \; 0.321 \cdot 0.4 = 0.1284, \qquad W_x: \; 0.321 \cdot 0.11465 = 0.0368$$
# $$b: \; 0.321, \qquad h_0: \; 0.321 \cdot 0.8 = 0.2568$$
#
# *The sum over steps.* The weights were used twice, and each use has its share:
#
# | | by step 2 | by step 1 | together |
# | --- | --- | --- | --- |
# | $\partial L / \partial W_h$ | 0.08 | 0.1284 | **0.2084** |
# | $\partial L / \partial W_x$ | 0.0235 | 0.0368 | **0.0603** |
# | $\partial L / \partial b$ | 0.16 | 0.321 | **0.481** |
#
# *The sum over losses.* The lecture sorts the same number otherwise, by which loss it comes from,
# $\partial L / \partial W = \sum_t \partial L_t / \partial W$. Follow each loss back to each use of
# $W_h$ before it:
#
# | | by step 2 | by step 1 |
# | --- | --- | --- |
# | $L_1$ | | $0.3 \cdot 0.75 \cdot 0.4 = 0.09$ |
# | $L_2$ | $0.16 \cdot 0.5 = 0.08$ | $0.16 \cdot 0.8 \cdot 0.75 \cdot 0.4 = 0.0384$ |
#
# Three terms, and they sum to 0.2084 again. With a loss at each of $T$ steps there are $T(T+1)/2$
# terms. The backward pass needs $T$ steps for all of them, because at every state it adds up what
# arrives before it goes on.

# %% [markdown]
# **Questions.** (a) The pass runs from the end to the start. Which number above could not be
# written down if it ran the other way? (b) One of the three terms has $W_h$ itself among its
# factors. Which way does it take in the drawing, and what would become of it over 50 steps? (c) The
# lecture writes $\partial L_T / \partial W$ as one product that ends in $\partial h_1 / \partial
# W$. Which of the two terms of $L_2$ is that, and which is missing?

# %% [markdown] tags=["answer"]
# (a) 0.428: what is handed back from step 2 must be known before the gradient at $h_1$ is complete.
# (b) The last, 0.0384: it goes from the second loss through $h_2$ and along the dashed arrow to
# $h_1$. Over 50 steps it would have 49 factors of $W_h$, and $0.8^{49}$ is 0.00002 before a single
# slope is counted. (c) The one by step 1, 0.0384. The one by step 2, 0.08, is missing, and here it
# is the larger of the two: on its way lies no factor of $W_h$.

# %%
check("rnn_backward")

# %% [markdown]
# **Experiment: the same two steps by your functions.** They should say what your pencil said.

# %%
on_paper = {"dh0": 0.2568, "dWx": 0.0603, "dWh": 0.2084, "db": 0.481}
round_states = np.array([0.4, 0.5, 0.6])
two_inputs = (np.arctanh(round_states[1:]) - 0.8 * round_states[:2]) / 2
two_states, two_steps = rnn_forward(
    two_inputs.reshape(1, 2, 1),
    np.array([[0.4]]),
    np.array([[2.0]]),
    np.array([[0.8]]),
    np.zeros(1),
)
upstream = two_states - np.array([0.2, 0.35]).reshape(1, 2, 1)
_, *two_step_gradients = rnn_backward(upstream, two_steps)
for name, gradient in zip(on_paper, two_step_gradients, strict=True):
    reached(
        f"two steps on paper, {name}",
        gradient.item(),
        at_least=on_paper[name] - 0.0001,
        at_most=on_paper[name] + 0.0001,
    )

# %% [markdown]
# **Experiment: how long does a start matter?** Two copies of one network read the same random input
# from two different $h_0$. How far apart are their states after $t$ steps? We take an orthogonal
# matrix for $W_h$, one that keeps every vector's length, and multiply it by a size.


# %%
def orthogonal(H, size, rng):
    """(H, H), stretches every vector to `size` times its length."""
    return size * np.linalg.qr(rng.normal(size=(H, H)))[0]


rng = np.random.default_rng(0)
N, T, D, H = 16, 40, 8, 64
x = 0.5 * rng.normal(size=(N, T, D))
Wx, b = rng.normal(size=(D, H)) / np.sqrt(D), np.zeros(H)
here, there = 0.5 * rng.normal(size=(2, N, H))

distance = {}
for size in (0.5, 0.8, 1.0):
    Wh = orthogonal(H, size, np.random.default_rng(1))
    h_here, _ = rnn_forward(x, here, Wx, Wh, b)
    h_there, _ = rnn_forward(x, there, Wx, Wh, b)
    distance[f"Wh of size {size}"] = np.linalg.norm(h_here - h_there, axis=2).mean(axis=0)

_ = curves(
    distance,
    "time step t",
    "distance of the two states",
    "Two starts, one input: the start is forgotten",
    logarithmic=True,
)
_ = reached(
    "distance of two starts after 40 steps, Wh of size 0.5",
    distance["Wh of size 0.5"][-1],
    at_most=1e-6,
)

# %% [markdown]
# **Questions.** (a) The curves are nearly straight on a logarithmic axis. What does that say about
# the forgetting? (b) Even with size 1.0 the distance shrinks. Which part of the step does that? (c)
# Would you expect to hear of the start from a gradient, where you cannot hear of it from the state?

# %% [markdown] tags=["answer"]
# (a) A constant share of the difference is lost per step: it decays exponentially. (b) The tanh:
# its slope is below 1 wherever a unit is not at 0, and the orthogonal matrix neither stretches nor
# shrinks. (c) No. A small change of $h_0$ moves $h_T$ by the same Jacobian that carries gradients
# back, so what the state forgets, the gradient does not find.

# %% [markdown]
# Some of the questions count, with numbers of your own. Write who you are into `STUDENT` in
# `recurrent/answers_recurrence.py`, and a cell like the next one shows you yours. The answer is
# one number, or a list, which you return there.

# %%
check("cases_that_tell_h0")

# %% [markdown]
# ## 1.3 Outputs, a loss, and how unsure the network is
#
# On top of every state sits the same affine layer, which gives a score to each of $V$ symbols:
#
# $$y_t = h_t W_{hy} + b_y$$
#
# Write `temporal_affine_forward` and `temporal_affine_backward` in `recurrent/head.py`.

# %%
check("temporal_affine_forward")

# %%
check("temporal_affine_backward")

# %% [markdown]
# The loss asks at each position how surprised the network was by the right symbol $k_{n,t}$, in
# nats. It adds up over time and is averaged over the batch. Positions where the mask is False,
# padding for example, count for nothing:
#
# $$\mathtt{loss} = -\frac1N \sum_{n} \sum_{t} \mathtt{mask}_{n,t} \, \log
# \mathrm{softmax}(y_{n,t})_{k_{n,t}}$$
#
# Write `temporal_softmax_loss`. Scores can be large; subtract the largest one before you take
# exponentials.

# %%
check("temporal_softmax_loss")

# %% [markdown]
# Nats are hard to picture. Their exponential is easier: a network with *perplexity* 4 is as unsure
# as if it had to guess among 4 equally likely symbols. Batches of different lengths are added up
# first, and divided once:
#
# $$\mathtt{perplexity} = \exp\Big(\textstyle\sum \mathtt{total\_nats} \,\big/ \sum
# \mathtt{tokens}\Big)$$

# %%
check("perplexity")

# %% [markdown]
# **Experiment: an echo.** The network reads random symbols, one of 4 at each step, and has to say
# which one it read $d$ steps ago. All it can use is its state. The first $d$ positions have no
# right answer and are masked. A network that remembers nothing has perplexity 4, one that remembers
# everything has 1.


# %%
def new_params(D, H, V, size, rng):
    """Weights of an RNN with a layer of scores on top; Wh is orthogonal, times `size`."""
    return {
        "Wx": rng.normal(size=(D, H)) / np.sqrt(D),
        "Wh": orthogonal(H, size, rng),
        "b": np.zeros(H),
        "Why": rng.normal(0, 1 / np.sqrt(H), size=(H, V)),
        "by": np.zeros(V),
    }


def loss_and_grads(params, x, y, mask, backward=rnn_backward):
    """Loss of a many-to-many network on one batch, its gradients by all parameters, and the scores
    (N, T, V).
    """
    start = np.zeros((x.shape[0], params["Wh"].shape[0]))
    h, rnn_cache = rnn_forward(x, start, params["Wx"], params["Wh"], params["b"])
    scores, head_cache = temporal_affine_forward(h, params["Why"], params["by"])
    loss, dscores = temporal_softmax_loss(scores, y, mask)
    dh, dWhy, dby = temporal_affine_backward(dscores, head_cache)
    _, _, *rnn_grads = backward(dh, rnn_cache)
    return loss, dict(zip(params, [*rnn_grads, dWhy, dby], strict=True)), scores


def echo_batch(delay, rng, N=32, T=24, V=4):
    """Random symbols, one-hot (N, T, V); the symbol `delay` steps before, (N, T); where there is
    one, (N, T).
    """
    ids = rng.integers(V, size=(N, T))
    mask = np.tile(np.arange(T) >= delay, (N, 1))
    return np.identity(V)[ids], np.roll(ids, delay, axis=1), mask


def held_out_perplexity(params, delay):
    rng = np.random.default_rng(99)
    nats, tokens = [], []
    for _ in range(4):
        x, y, mask = echo_batch(delay, rng)
        nats.append(loss_and_grads(params, x, y, mask)[0] * len(x))
        tokens.append(mask.sum())
    return perplexity(np.array(nats), np.array(tokens))


echoes = {}
for delay in (2, 4, 8):
    rng = np.random.default_rng(delay)
    params = new_params(4, 32, 4, 0.9, rng)
    optimiser = Adam(params, learning_rate=3e-3)
    measured = []
    for step in progress(range(budget(1000, 400) + 1), f"an echo after {delay} steps"):
        if step % 50 == 0:
            measured.append((step, held_out_perplexity(params, delay)))
        optimiser.step(loss_and_grads(params, *echo_batch(delay, rng))[1])
    echoes[f"{delay} steps ago"] = np.array(measured)

_ = curves(
    echoes, "iterations", "perplexity, new symbols", "An echo is learned, and the older the later"
)
for name, measured in echoes.items():
    reached(
        f"perplexity of the symbol {name} (4 when guessing)",
        measured[-1, 1],
        at_most=budget(1.1, 1.6),
    )

# %% [markdown]
# **Questions.** (a) Why does learning to echo after 8 steps take longer than after 2? Two reasons.
# (b) Leave the mask out (all True): what does the perplexity of a perfect network become for a
# delay of 8? (`np.roll` brings the last 8 symbols to the front.) (c) A perplexity below 1: what
# does it tell you?

# %% [markdown] tags=["answer"]
# (a) The state has to hold eight symbols at once, since it never knows which one matters later; and
# the gradient has to travel 8 steps back to say so. (b) The first 8 of 24 positions ask for symbols
# that come later, pure guesses: $\exp(\frac{8}{24} \ln 4) = 1.59$. (c) That there is a mistake: a
# negative loss, so probabilities above 1.

# %% [markdown]
# With numbers of your own, in `recurrent/answers_recurrence.py`:

# %%
check("unmasked_perplexity")

# %% [markdown]
# ## 1.4 One answer at the end
#
# A sentence is good or bad as a whole: one answer for many inputs. Sentences in a batch have
# different lengths, and the shorter ones are padded. The answer has to be read from the state after
# the last *real* step,
#
# $$\mathtt{out}_n = h_{n,\,\mathtt{lengths}_n}$$
#
# (steps count from 1 here, and from 0 in an array). Write `last_hidden` and `last_hidden_backward`
# in `recurrent/rnn.py`.

# %%
check("last_hidden")

# %%
check("last_hidden_backward")

# %% [markdown]
# **Experiment: were there more ones than zeros?** Rows of 5 to 15 bits, padded to 50 steps. One
# network is read after its last bit, the other one after the padding, `h[:, -1]`, which is easy to
# write and runs without complaint.


# %%
def majority_batch(rng, N=32, T=50):
    """Bits, one-hot and 0 where padded, (N, T, 2); lengths (N,); 1 where ones are in the majority,
    (N, 1).
    """
    lengths = rng.integers(5, 16, size=N)
    bits, real = rng.integers(2, size=(N, T)), np.arange(T) < lengths[:, None]
    more_ones = ((2 * bits - 1) * real).sum(axis=1, keepdims=True) > 0
    return np.eye(2)[bits] * real[:, :, None], lengths, more_ones.astype(int)


def train_majority(padding_too, iterations, what):
    """Share of right answers in every iteration, (iterations,)."""
    rng = np.random.default_rng(0)
    params = new_params(2, 24, 2, 0.9, rng)
    optimiser, right = Adam(params, learning_rate=3e-3), []
    for _ in progress(range(iterations), what):
        x, lengths, y = majority_batch(rng)
        if padding_too:
            lengths = np.full_like(lengths, x.shape[1])
        start = np.zeros((len(x), 24))
        h, rnn_cache = rnn_forward(x, start, params["Wx"], params["Wh"], params["b"])
        out, last_cache = last_hidden(h, lengths)
        scores, head_cache = temporal_affine_forward(out[:, None], params["Why"], params["by"])
        _, dscores = temporal_softmax_loss(scores, y, np.ones_like(y, dtype=bool))
        dout, dWhy, dby = temporal_affine_backward(dscores, head_cache)
        _, _, *rnn_grads = rnn_backward(last_hidden_backward(dout[:, 0], last_cache), rnn_cache)
        optimiser.step(dict(zip(params, [*rnn_grads, dWhy, dby], strict=True)))
        right.append(np.mean(scores.argmax(axis=2) == y))
    return np.array(right)


def smooth(values, width=50):
    """Means over `width` neighbouring iterations, as pairs of iteration and value."""
    means = values[: len(values) // width * width].reshape(-1, width).mean(axis=1)
    return np.column_stack([width * (np.arange(len(means)) + 1), means])


iterations = budget(1000, 400)
majority = {
    "state after the last bit": smooth(
        train_majority(False, iterations, "read after the last bit")
    ),
    "state after the padding": smooth(train_majority(True, iterations, "read after the padding")),
}
_ = curves(
    majority,
    "iterations",
    "share of right answers",
    "Where the answer is read: 5 to 15 bits, padded to 50 steps",
)
_ = reached(
    "majority of 5 to 15 bits, read after the last bit",
    majority["state after the last bit"][-1, 1],
    at_least=0.9,
)
_ = reached(
    "majority of 5 to 15 bits, read after the padding",
    majority["state after the padding"][-1, 1],
    at_most=budget(0.9, 0.8),
)

# %% [markdown]
# **Questions.** (a) The padding is all zeros. Why does it harm at all? (b) What does
# `last_hidden_backward` put at the padded steps, and what does `rnn_backward` therefore do there?

# %% [markdown] tags=["answer"]
# (a) A step with $x = 0$ is still a step: the state is multiplied by $W_h$ and squashed, 35 to 45
# times more, and section 1.2 showed what that leaves of it. The gradient has the same way to go
# back. (b) Zeros; the gradient that starts its way back at the last real step meets nothing before
# it, and the padded steps add nothing to the weights.

# %% [markdown]
# ## 1.5 What one step does to a gradient
#
# On the lecture's slide a red arrow runs from $h_t$ back to $h_{t-1}$, and at each box it is
# multiplied by $W$ and by a slope. Both together are the Jacobian of a step, one $H \times H$
# matrix for each example:
#
# $$J_{ij} = \frac{\partial\, \mathtt{next\_h}_i}{\partial\, \mathtt{prev\_h}_j}$$
#
# Work it out from the step's equation (mind which index of $W_h$ is which) and write
# `step_jacobian` in `recurrent/gradflow.py`.

# %%
check("step_jacobian")

# %% [markdown]
# From the last state to the one before the first, all of them are multiplied, the latest furthest
# left:
#
# $$\frac{\partial h_T}{\partial h_0} = J_T\, J_{T-1} \cdots J_1$$

# %%
check("sequence_jacobian")

# %% [markdown]
# Usually nobody needs the whole matrix, only what it does to one gradient. `gradient_norms` sends
# the gradient `dhT` back, one Jacobian at a time, and notes how long it is at every step.

# %%
check("gradient_norms")

# %% [markdown]
# How long can it be at most? A product with $W_h$ stretches a vector by no more than its largest
# singular value $\sigma_{\max}$, and the slope of tanh is never above 1:
#
# $$\left\|\frac{\partial L}{\partial h_0}\right\| \le \sigma_{\max}^T \left\|\frac{\partial
# L}{\partial h_T}\right\|$$

# %%
check("vanishing_bound")

# %% [markdown]
# **Experiment: the gradient against the time lag**, for three sizes of $W_h$: largest singular
# value below, at and above 1. The dashed line is the bound.

# %%
rng = np.random.default_rng(0)
N, T, D, H = 16, 41, 8, 64
x = 0.1 * rng.normal(size=(N, T, D))
Wx = rng.normal(size=(D, H)) / np.sqrt(D)
dh_last = rng.normal(size=(N, H))
dh_last /= np.linalg.norm(dh_last)

norms, bounds = {}, {}
for size in (0.8, 1.0, 2.0):
    Wh = orthogonal(H, size, np.random.default_rng(1))
    h, _ = rnn_forward(x, np.zeros((N, H)), Wx, Wh, np.zeros(H))
    name = f"$\\sigma_{{max}}$ = {size}"
    # from the last step back: element k is k steps before the end
    norms[name] = gradient_norms(dh_last, h, Wh)[::-1]
    bounds[name] = np.array([vanishing_bound(Wh, lag) for lag in range(T)])
    assert np.all(norms[name] <= bounds[name] * (1 + 1e-9)), (
        "a gradient is longer than its bound: see gradient_norms"
    )

_ = curves(
    norms,
    "time lag in steps",
    "norm of the gradient",
    "Gradients on their way back",
    logarithmic=True,
    bounds=bounds,
)
small, one, large = (values[-1] for values in norms.values())
_ = reached("gradient left of 1 after 40 steps, sigma_max 0.8", small, at_most=0.8**40)
_ = reached("gradient left of 1 after 40 steps, sigma_max 1", one, at_most=0.5)
_ = reached("gradient become of 1 after 40 steps, sigma_max 2", large, at_least=10)

# %% [markdown]
# **Questions.** (a) For which of the three is the bound nearly reached, and why not for the
# largest? (b) With $\sigma_{\max} = 1$, forty steps leave about a tenth. Who took the rest? (c)
# Multiply the inputs `x` by 10 and run again. Explain.

# %% [markdown] tags=["answer"]
# (a) For 0.8: states stay small, slopes stay near 1. With size 2 the states grow until the tanh
# stops them, and there its slope is well below 1: every step stretches by 2 and shrinks by about as
# much. (b) The slopes of tanh, each a little below 1. (c) Large inputs drive units to where the
# tanh is flat; the first two curves fall much faster, and with size 2 the gradient grows far less.

# %% [markdown]
# With numbers of your own, in `recurrent/answers_recurrence.py`:

# %%
check("share_left")

# %%
check("steps_to_vanish")

# %% [markdown]
# ## 1.6 "Above 1 explodes": does it?
#
# The slide says: largest singular value below 1, vanishing gradients; above 1, exploding gradients.
# The first half is a theorem, you have just drawn it. The second half is not. A singular value
# tells how far *one* product can stretch. Whether a hundred of them do depends on whether the
# stretched vector is again one that gets stretched; in the long run the eigenvalues decide.
#
# Find a matrix that stretches at least one vector to twice its length, and whose powers vanish all
# the same. Write `large_singular_value_that_vanishes`.

# %%
check("large_singular_value_that_vanishes")

# %% [markdown]
# **Experiment.** Three matrices, each scaled to the same $\sigma_{\max} = 1.5$: an orthogonal one,
# a random one, and yours. With no input and $h_0 = 0$ all states are 0 and all slopes 1, so that
# nothing but the matrix counts. How far can $\partial h_T / \partial h_0$ stretch a vector?

# %%
H, T = 8, 60
rng = np.random.default_rng(0)
matrices = {
    "orthogonal": orthogonal(H, 1.0, rng),
    "random": rng.normal(size=(H, H)),
    "yours": large_singular_value_that_vanishes(H),
}
stretch = {}
for name, W in matrices.items():
    Wh = 1.5 * W / vanishing_bound(W, 1)
    h, _ = rnn_forward(np.zeros((1, T, 1)), np.zeros((1, H)), np.zeros((1, H)), Wh, np.zeros(H))
    over_time = [np.linalg.norm(sequence_jacobian(h[:, : t + 1], Wh)[0], ord=2) for t in range(T)]
    largest_eigenvalue = abs(np.linalg.eigvals(Wh)).max()
    stretch[f"{name}: largest |eigenvalue| {largest_eigenvalue:.2f}"] = np.column_stack(
        [np.arange(1, T + 1), over_time]
    )

fig = curves(
    stretch,
    "number of steps T",
    "largest singular value of $\\partial h_T / \\partial h_0$",
    "Three matrices with $\\sigma_{max}$ = 1.5",
    logarithmic=True,
)
fig.axes[0].set_ylim(1e-8, 1e12)
last = [pairs[-1, 1] for pairs in stretch.values()]
_ = reached("largest stretch in 60 steps, orthogonal, sigma_max 1.5", last[0], at_least=1e10)
_ = reached("largest stretch in 60 steps, your matrix, sigma_max 1.5", last[2], at_most=1e-3)

# %% [markdown]
# **Questions.** (a) Yours may well grow at first. When does it turn round? (b) The random matrix
# has the same $\sigma_{\max}$ as the others. What would you have to scale it by, to keep gradients
# about as long as they are? (c) Can gradients explode when $\sigma_{\max} < 1$?

# %% [markdown] tags=["answer"]
# (a) A matrix that hands everything on to the next unit drops it at the last one: with $H$ units
# after $H$ steps. (b) So that its largest eigenvalue is 1 in absolute value; here it nearly is.
# Numbers drawn with standard deviation $1/\sqrt{H}$ have this for large $H$, with
# $\sigma_{\max} \approx 2$. (c) No, that half is the theorem.

# %% [markdown]
# ## 1.7 What reaches the weights
#
# So far gradients were followed from state to state. But no optimiser ever changes a state: it
# changes weights. What becomes of a vanishing gradient in the *update*?
#
# The loss of a sequence is a sum, $L = L_1 + \dots + L_T$, and the derivative of a sum is the sum
# of the derivatives:
#
# $$\frac{\partial L}{\partial W} = \sum_{t=1}^T \frac{\partial L_t}{\partial W}$$
#
# Look at its last part, $L_T$, which sees the last state $h_T$ only. One matrix $W$ was used at
# every step on the way to $h_T$. Imagine that each step had a copy of its own, $W^{(1)}, \dots,
# W^{(T)}$, all with the same numbers. Then $L_T$ is a function of $T$ matrices; to change $W$ is to
# change all of them together, and the chain rule adds up what each does alone:
#
# $$\frac{\partial L_T}{\partial W} = \sum_{t=1}^T \frac{\partial L_T}{\partial W^{(t)}}$$
#
# Copy $t$ makes $h_t$ and nothing else. Whatever a change of it does to the loss goes through
# $h_t$, and from there through every later step, a Jacobian each. With $h_{t-1}$ held fixed, write
# $\partial^+ h_t / \partial W$ for what $W$ does within step $t$. Then
#
# $$\frac{\partial L_T}{\partial W} = \sum_{t=1}^T \; \frac{\partial L_T}{\partial h_T} \Big(
# \prod_{j=t+1}^{T} \frac{\partial h_j}{\partial h_{j-1}} \Big) \frac{\partial^+ h_t}{\partial W}$$
#
# In the product, later steps stand further left. The last term, $t = T$, has an empty product: no
# Jacobian at all. The first, $t = 1$, has $T - 1$ of them. (Pascanu, Mikolov and Bengio 2013,
# section 1.1, write it so.)
#
# Now hold the lecture's slide beside it:
#
# $$\frac{\partial L_T}{\partial W} = \frac{\partial L_T}{\partial h_T} \Big( \prod_{t=2}^T
# \frac{\partial h_t}{\partial h_{t-1}} \Big) \frac{\partial h_1}{\partial W}$$
#
# Try both on paper for the smallest network there is, one unit and two steps, $h_1 = \tanh(w h_0)$
# and $h_2 = \tanh(w h_1)$. Which of the two is the derivative of $h_2$ by $w$?
#
# For $W_h$, each term is one $H \times H$ matrix. Write `gradient_by_age`, which gives them out one
# by one, in the order of time: the last of them has age 0, the first age $T - 1$.

# %%
check("gradient_by_age")

# %% [markdown]
# **Experiment: the sum, and the slide.** A sequence of 12 steps, an orthogonal $W_h$ of size 0.9, a
# loss that looks at the last state. Do your terms add up to the $\partial L / \partial W_h$ of
# `rnn_backward`? And how much of it is the one term that the slide has?

# %%
rng = np.random.default_rng(0)
N, T, D, H = 16, 30, 8, 64
x, start = 0.5 * rng.normal(size=(N, T, D)), 0.5 * rng.normal(size=(N, H))
Wx = rng.normal(size=(D, H)) / np.sqrt(D)
dh_last = rng.normal(size=(N, H))

Wh = orthogonal(H, 0.9, np.random.default_rng(1))
h, cache = rnn_forward(x[:, :12], start, Wx, Wh, np.zeros(H))
dh = np.zeros_like(h)
dh[:, -1] = dh_last
whole = rnn_backward(dh, cache)[3]
terms = gradient_by_age(dh_last, start, h, Wh)
_ = reached(
    "distance of the sum of your terms from dWh, and 1 is the length of dWh",
    np.linalg.norm(terms.sum(axis=0) - whole) / np.linalg.norm(whole),
    at_most=1e-6,
)
_ = reached(
    "length of the slide's one term, and 1 is the length of dWh", lengths(terms)[0], at_most=0.05
)

# %% [markdown]
# **Experiment: the update by age.** Now 30 steps, and four sizes of $W_h$. On the left, how much
# each term adds to the update, measured along the update:
#
# $$\mathtt{share}_t = \frac{\langle \mathtt{term}_t, \mathtt{whole} \rangle}{\langle
# \mathtt{whole}, \mathtt{whole} \rangle}, \qquad \sum_t \mathtt{share}_t = 1$$
#
# On the right, how long each term is, in powers of ten. (Section 2.4 of the second notebook draws
# the same for the LSTM.)

# %%
by_size = {}
for size in (0.5, 0.9, 1.3, 2.0):
    Wh = orthogonal(H, size, np.random.default_rng(1))
    h, _ = rnn_forward(x, start, Wx, Wh, np.zeros(H))
    by_size[f"Wh of size {size}"] = gradient_by_age(dh_last, start, h, Wh)

_ = ages(by_size, "How old is what a vanilla RNN learns from?")
old = {name: shares(terms)[:-10].sum() for name, terms in by_size.items()}
_ = reached(
    "share of the update that is 10 steps old or more, Wh of size 0.9",
    old["Wh of size 0.9"],
    at_most=0.02,
)
_ = reached(
    "share of the update that is 10 steps old or more, Wh of size 1.3",
    old["Wh of size 1.3"],
    at_least=0.05,
    at_most=0.35,
)
_ = reached(
    "share of the update that is 10 steps old or more, Wh of size 2",
    old["Wh of size 2.0"],
    at_least=0.9,
)

# %% [markdown]
# **Questions.** (a) None of the four updates is zero, and none of the gradients by $W_h$ is short.
# What is it, then, that vanishes with size 0.5 and 0.9? (b) After 12 steps with size 0.9, the
# slide's term is one or two hundredths of the update. With $h_0 = 0$ it is exactly zero. Why, and
# what could a network learn that believed the slide? (c) With size 2.0 nearly all of the update
# comes from the oldest steps. Is that good for learning a long lag? (d) Usually the loss looks at
# every state. Does that bring old steps into the update?

# %% [markdown] tags=["answer"]
# (a) The old terms, beside the new ones. With size 0.9 the very last step makes about half of the
# update, and the last ten make all but a thousandth of it. The length of the sum says nothing of
# that. (b) The step from $h_0$ to $h_1$ multiplies $W_h$ by $h_0$; where that is zero, $W_h$ has no
# effect in it. Such a network would never change its $W_h$, and would change its $W_x$ by what the
# first input says alone. (c) No. Those terms are long because Jacobians stretched them some twenty
# times, whether or not anything of that time matters to the loss; and what the last steps have to
# say is drowned. (d) Not from far. Each $\partial L_t / \partial W_h$ is such a sum, with ages
# counted back from $t$. Every step is heard now, by the losses shortly after it; but a loss that
# needs what was read long before hears of it as little as $L_T$ does.

# %% [markdown]
# ## 1.8 Clipping
#
# Gradients that vanish cannot be mended afterwards, those that explode can: keep the direction,
# shorten the step. Take the gradients of all parameters as one long vector $g$:
#
# $$g \leftarrow g \cdot \frac{\mathtt{max\_norm}}{\|g\|} \quad\text{if } \|g\| >
# \mathtt{max\_norm}$$
#
# The slide computes `grad_norm = np.sum(grad * grad)`. Read it again, work out what becomes of
# gradients of norm 3, 10 and 100 with a threshold of 5, and only then write `clip_grad_norm`.

# %%
check("clip_grad_norm")

# %% [markdown]
# **Experiment: how long is the step?** The same gradients through both.


# %%
def clip_as_on_the_slide(grads, threshold):
    """What the slide says, on all gradients together, in place."""
    together = np.concatenate([grad.ravel() for grad in grads.values()])
    grad_norm = np.sum(together * together)
    if grad_norm > threshold:
        for grad in grads.values():
            grad *= threshold / grad_norm


def leave(grads, threshold):
    """No clipping."""


def length_after(clip, norm, threshold):
    grads = {"Wh": np.array([[0.6, 0.0], [0.0, 0.0]]) * norm, "b": np.array([0.0, 0.8]) * norm}
    clip(grads, threshold)
    return np.sqrt((grads["Wh"] ** 2).sum() + (grads["b"] ** 2).sum())


before = np.geomspace(0.5, 500, 40)
ways = {
    "not clipped": leave,
    "as on the slide": clip_as_on_the_slide,
    "by the norm": clip_grad_norm,
}
after = {
    name: np.column_stack([before, [length_after(clip, norm, 5.0) for norm in before]])
    for name, clip in ways.items()
}
fig = curves(
    after,
    "norm of the gradient before",
    "norm after clipping",
    "Clipping with a threshold of 5",
    logarithmic=True,
)
fig.axes[0].set_xscale("log")
_ = reached(
    "norm 100 clipped at 5, as on the slide",
    length_after(clip_as_on_the_slide, 100.0, 5.0),
    at_most=0.06,
)
_ = reached(
    "norm 100 clipped at 5, by the norm",
    length_after(clip_grad_norm, 100.0, 5.0),
    at_least=4.999,
    at_most=5.001,
)

# %% [markdown]
# On the slide's curve the longest gradients make the shortest steps. That matters most where
# gradients are long, at a cliff. **Experiment: a cliff.** One unit, no input, 20 steps from
# $h_0 = -0.5$; the loss wants the last state at 0.7. There are two numbers to learn, $W_h$ and $b$,
# so that the whole landscape can be drawn. Below a certain $b$ the state falls to a negative rest,
# above it climbs to a positive one, and in between the loss drops like a wall. The best place is on
# the left, where the wall is low. (Not clipping is a lottery: the throw depends on where the wall
# is hit.)


# %%
def unit_loss_and_grads(params, target=0.7, T=20):
    h, cache = rnn_forward(
        np.zeros((1, T, 1)), np.full((1, 1), -0.5), np.zeros((1, 1)), params["Wh"], params["b"]
    )
    miss = h[0, -1, 0] - target
    dh = np.zeros_like(h)
    dh[0, -1, 0] = miss
    _, _, _, dWh, db = rnn_backward(dh, cache)
    return miss**2 / 2, {"Wh": dWh, "b": db}


def descend(clip, iterations=120, learning_rate=0.05, threshold=1.0):
    """The path of plain gradient descent, (iterations + 1, 3): Wh, b and the loss there."""
    params, path = {"Wh": np.array([[1.6]]), "b": np.array([-0.1])}, []
    for _ in range(iterations + 1):
        loss, grads = unit_loss_and_grads(params)
        path.append((params["Wh"].item(), params["b"].item(), loss))
        clip(grads, threshold)
        for name, grad in grads.items():
            params[name] -= learning_rate * grad
    return np.array(path)


def landscape(Wh, b, target=0.7, T=20):
    """The loss for all pairs, (b, Wh). Each row of a batch gets its own b, as an input that does
    not change.
    """
    x = np.repeat(b[:, None, None], T, axis=1)
    ends = [
        rnn_forward(x, np.full((len(b), 1), -0.5), np.eye(1), np.full((1, 1), w), np.zeros(1))[0][
            :, -1, 0
        ]
        for w in Wh
    ]
    return (np.column_stack(ends) - target) ** 2 / 2


paths = {name: descend(clip) for name, clip in ways.items()}
fig, axes = figure(
    "Gradient descent meets a cliff: 120 steps from the star to the cross", columns=3, height=3.4
)
Wh_axis, b_axis = np.linspace(1.0, 1.75, 100), np.linspace(-0.2, 0.4, 100)
losses = landscape(Wh_axis, b_axis)
for axis, (name, path) in zip(axes, paths.items(), strict=True):
    filled = axis.contourf(Wh_axis, b_axis, losses, levels=15, cmap=SEQUENTIAL)
    axis.plot(path[:, 0], path[:, 1], color="white", marker="o", markersize=2.5, linewidth=0.8)
    axis.plot(*path[0, :2], color="white", marker="*", markersize=13, markeredgecolor="black")
    axis.plot(*path[-1, :2], color="white", marker="X", markersize=9, markeredgecolor="black")
    axis.set(xlim=(1.0, 1.75), ylim=(-0.2, 0.4))
    labels(axis, "$W_h$", "$b$" if axis is axes[0] else "", name)
fig.colorbar(filled, label="loss", ticks=[0, 0.5, 1.0])

late = {name: path[-20:, 2].mean() for name, path in paths.items()}
_ = reached(
    "cliff, not clipped: the farthest b it is thrown to",
    np.abs(paths["not clipped"][:, 1]).max(),
    at_least=1,
)
_ = reached(
    "cliff, clipped as on the slide: loss over the last 20 steps",
    late["as on the slide"],
    at_least=0.05,
)
_ = reached(
    "cliff, clipped by the norm: loss over the last 20 steps", late["by the norm"], at_most=0.01
)

# %% [markdown]
# **Experiment: the same in training.** The echo of section 1.3, three steps back, with plain
# gradient descent and a $W_h$ that starts at size 2.5, where gradients explode.

# %%
iterations, T, delay = budget(1000, 600), 24, 3
learning = {}
for name, clip in ways.items():
    rng = np.random.default_rng(1)
    params, losses = new_params(4, 32, 4, 2.5, rng), []
    for _ in progress(range(iterations), name):
        loss, grads, _ = loss_and_grads(params, *echo_batch(delay, rng))
        losses.append(loss / (T - delay))
        clip(grads, 5.0)
        for parameter, grad in grads.items():
            params[parameter] -= 0.1 * grad
    learning[name] = smooth(np.array(losses))

_ = curves(
    learning,
    "iterations",
    "loss in nats a symbol",
    "Exploding gradients (guessing: 1.39)",
    logarithmic=True,
)
_ = reached(
    "echo with exploding gradients, nats a symbol, not clipped",
    learning["not clipped"][-1, 1],
    at_least=1.4,
)
_ = reached(
    "echo with exploding gradients, clipped as on the slide",
    learning["as on the slide"][-1, 1],
    at_least=1.2,
)
_ = reached(
    "echo with exploding gradients, clipped by the norm",
    learning["by the norm"][-1, 1],
    at_most=budget(0.1, 0.6),
)

# %% [markdown]
# **Questions.** (a) Gradients of norm 3, 10 and 100, threshold 5: how long are they after the
# slide's clipping? (b) In the picture of the cliff, what keeps the slide's version where it is? (c)
# Clipping each array by its own norm would bound the step too. What would be lost? (d) Clipping
# cures explosion. Why is there no such cure for vanishing?

# %% [markdown] tags=["answer"]
# (a) 1.67, 0.5 and 0.05: a gradient of norm 3 is shortened although it was short enough
# ($3^2 > 5$), and the longest ends shortest. (b) On the wall gradients are about a hundred long, so
# that its steps there are a hundredth of what they are for the other. It spends most of them on the
# wall, and hardly gets on to where the wall is lower. (c) The direction: arrays with long gradients
# would be shortened, the others not. (d) The direction of an exploded gradient is still known. In a
# vanished one, what came from far away is smaller than what came from nearby, and lost in the sum.

# %% [markdown]
# With numbers of your own, in `recurrent/answers_recurrence.py`:

# %%
check("slide_clipping")

# %% [markdown]
# ## 1.9 Truncated backpropagation through time
#
# A text has a million characters, and nobody keeps the cache of a million steps. So the sequence is
# cut into chunks of $k$ steps. The *state* crosses the border between two chunks, as if there were
# none; the *gradient* stops there:
#
# $$\frac{\partial L}{\partial h_t} \text{ gets nothing from step } t + 1 \text{ where } t \text{
# ends a chunk.}$$
#
# Write `rnn_backward_truncated` in `recurrent/rnn.py`. With $k \ge T$ it is `rnn_backward`.
#
# (If the loss looks at the last state only, and $k$ divides $T$, what it leaves of the gradient by
# $W_h$ is the sum of the $k$ newest terms of section 1.7.)

# %%
check("rnn_backward_truncated")

# %% [markdown]
# **Experiment: a long lag.** The first of 24 symbols is one of four, and has to be named at the
# very end. In between come distractors, drawn from four other symbols. One network gets the whole
# gradient, the others pieces of 12 and 4 steps.


# %%
def recall_batch(lag, rng, N=32, T=24, V=4):
    """One symbol below V, `lag` steps before the end (a number, or one a row), among others from V
    to 2V - 1.
    """
    ids, wanted = V + rng.integers(V, size=(N, T)), rng.integers(V, size=N)
    ids[np.arange(N), T - 1 - lag] = wanted
    mask = np.zeros((N, T), dtype=bool)
    mask[:, -1] = True
    return np.eye(2 * V)[ids], np.where(mask, wanted[:, None], 0), mask


def train_recall(k, draw_lag, iterations, what):
    """The trained parameters, and the share of right answers in every iteration, (iterations,)."""
    rng = np.random.default_rng(2)
    params, right = new_params(8, 32, 4, 0.8, rng), []
    optimiser = Adam(params, learning_rate=2e-3)
    for _ in progress(range(iterations), what):
        x, y, mask = recall_batch(draw_lag(rng), rng)
        _, grads, scores = loss_and_grads(
            params, x, y, mask, backward=lambda dh, cache: rnn_backward_truncated(dh, cache, k)
        )
        clip_grad_norm(grads, 1.0)
        optimiser.step(grads)
        right.append(np.mean(scores[:, -1].argmax(1) == y[:, -1]))
    return params, np.array(right)


iterations = budget(2000, 1200)
recall = {}
for k in (24, 12, 4):
    name = f"chunks of {k} steps" + (", the whole sequence" if k == 24 else "")
    _, right = train_recall(k, lambda rng: 23, iterations, name)
    recall[name] = smooth(right)
_ = curves(
    recall,
    "iterations",
    "share of right answers",
    "The first of 24 symbols, named at the end (0.25: guessing)",
)
whole, half, short = (values[-1, 1] for values in recall.values())
_ = reached("symbol 23 steps back, gradient over all 24 steps", whole, at_least=0.9)
_ = reached("symbol 23 steps back, gradient over 12 steps", half, at_most=0.5)
_ = reached("symbol 23 steps back, gradient over 4 steps", short, at_most=0.5)

# %% [markdown]
# So a truncated gradient cannot learn a long lag. Or can it? Now let the lag vary: the symbol
# stands anywhere among the 24. The gradient still ends after 4 steps.

# %%
anywhere, _ = train_recall(
    4, lambda rng: rng.integers(24, size=32), iterations, "the symbol anywhere, chunks of 4 steps"
)
at_the_start, _ = train_recall(4, lambda rng: 23, iterations, "the symbol first, chunks of 4 steps")


def right_at(params, lag):
    x, y, mask = recall_batch(np.full(500, lag), np.random.default_rng(lag), N=500)
    scores = loss_and_grads(params, x, y, mask)[2]
    return np.mean(scores[:, -1].argmax(1) == y[:, -1])


by_lag = {
    "trained with the symbol anywhere": np.array([right_at(anywhere, lag) for lag in range(24)]),
    "trained with the symbol first": np.array([right_at(at_the_start, lag) for lag in range(24)]),
}
fig = curves(
    by_lag, "time lag of the symbol in steps", "share of right answers", "Chunks of 4 steps in both"
)
fig.axes[0].set_ylim(0, 1.05)
_ = reached(
    "chunks of 4 steps, symbol anywhere: right at lag 23",
    by_lag["trained with the symbol anywhere"][23],
    at_least=0.8,
)

# %% [markdown]
# **Questions.** (a) How can a network remember over 23 steps when no gradient ever went back
# further than 4? (b) The share in the first picture stays at 0.25 for chunks of 12 and of 4. With a
# $W_h$ of size 1.0 instead of 0.8 in `train_recall` they often get quite far. Try it (about half
# right or better is far from guessing), and explain. (c) A character model is trained on chunks of
# 100 characters. Is it bound to forget a bracket opened 200 characters ago? (d) Cut at random: at
# every border between two steps, going back, the gradient is handed on with probability $p$ and is
# then divided by $p$; else it stops. What is the mean of such gradients, over many passes? What is
# the price?

# %% [markdown] tags=["answer"]
# (a) From short lags it learns to *hold* a symbol from one step to the next, and the weights that
# hold it for one step are the same at every step. Only where a lag is never short is there nothing
# to begin with. (b) An orthogonal matrix of size 1.0 carries the symbol to the end all by itself;
# the last chunk need only learn to read it there. (c) No: the state crosses the border, and holding
# on to a bracket can be learned from brackets that close sooner. (d) The whole gradient: what is
# $k$ steps old arrives with probability $p^k$, and then divided by $p^k$. The price is noise. With
# $p = 0.8$, what is 20 steps old arrives once in 87 passes, 87 times too large.

# %% [markdown]
# With numbers of your own, in `recurrent/answers_recurrence.py`:

# %%
check("steps_reached")

# %% [markdown]
# ## You should now be able to
#
# Try each of these with the page covered. What does not come leads you back to its section.

# %% [markdown] tags=["rnn"]
# * write one step of an RNN and derive its five gradients on paper;
# * do a backward pass over two steps with numbers, and say why the gradient of a weight that is
#   used at every step is a sum;
# * say which of five patterns a task has, and where its losses stand;
# * read one answer from a batch of sequences of different lengths, and say what goes wrong when it
#   is read after the padding;
# * say what crosses the border between two chunks and what does not, and when a network learns to
#   remember across it all the same.

# %% [markdown] tags=["head"]
# * say over what a loss is summed and over what it is averaged, and what a mask does to both the
#   loss and its gradient;
# * turn nats into perplexity, and say what guessing among $V$ symbols costs.

# %% [markdown] tags=["gradflow"]
# * write down the Jacobian of a step, and a bound for the gradient after $T$ of them;
# * say which half of "below 1 vanishes, above 1 explodes" is a theorem, and give a matrix that
#   contradicts the other half;
# * clip a gradient, and say what happens to the longest ones if the norm lacks its square root;
# * say why clipping cures explosion and nothing like it cures vanishing. What does help is another
#   cell: notebook 2.

# %% [markdown]
# ## To read on
#
# * Pascanu, Mikolov and Bengio 2013, [On the difficulty of training recurrent neural
#   networks](https://arxiv.org/abs/1211.5063): sections 1.5 to 1.8 with proofs. Clipping by the
#   norm and the picture of a cliff are from there.
# * Bengio, Simard and Frasconi 1994, [Learning long-term dependencies with gradient descent is
#   difficult](https://doi.org/10.1109/72.279181): why a state that holds something safely passes on
#   no gradient.
# * Werbos 1990, [Backpropagation through time: what it does and how to do
#   it](https://doi.org/10.1109/5.58337): section 1.2, when it was new.
# * Tallec and Ollivier 2017, [Unbiasing truncated backpropagation through
#   time](https://arxiv.org/abs/1705.08209): chunks cut at random, as in the last question of
#   section 1.9, and how to cut with less noise.
# * Zhang, Lipton, Li and Smola 2023, [Dive into Deep Learning, on backpropagation through
#   time](https://d2l.ai/chapter_recurrent-neural-networks/bptt.html): the same in columns, and in
#   other words.
