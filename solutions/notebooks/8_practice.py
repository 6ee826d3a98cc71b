# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   recurrent: {lessons: [bidirectional, practice, rnn, head, charlm, embedding]}
# ---

# %% [markdown]
# # 8 · Reading both ways, and training practice
#
# Two things that the lecture passes over. The encoder of the translator in notebook 6 knows, at
# each word, only the words before it; the one in the paper (Bahdanau, Cho and Bengio 2015) also
# knows those behind. And between a network that has right gradients and one that learns well lie
# some habits: where to drop units, which weights to share, what to read while training, what to
# draw from while writing. You build each of them, and measure what it does.
#
# {{files}}
#
# $N$ rows, $T$ steps, $D$ numbers a step, $H$ hidden units, $V$ characters, $C$ words.

# %% tags=["setup"]
from check import case, check, hint

# %%
import numpy as np

from recurrent.bidirectional import bidirectional_backward, bidirectional_forward, reverse_ragged
from recurrent.charlm import next_probs, one_hot
from recurrent.data.sentences import sentences, vocabulary
from recurrent.data.source_code import ALPHABET, decode, encode, source_code
from recurrent.embedding import rnnlm_loss
from recurrent.head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from recurrent.pictures.curves import curves
from recurrent.pictures.style import SEQUENTIAL, figure, labels
from recurrent.practice import (
    nucleus_probs,
    scheduled_inputs,
    sequence_dropout_forward,
    teacher_forcing_rate,
    tied_rnnlm_loss,
)
from recurrent.rnn import rnn_backward, rnn_forward, rnn_step_forward
from recurrent.training import Adam, budget, progress, reached

# %% [markdown]
# ## 8.1 Turning ragged rows round
#
# A second network is to read every row from its end. The rows of a batch have different lengths and
# are padded to the same $T$, as in section 1.4. Where does a row end? Not at $T - 1$. A batch of
# two, read from the end, has to look like this, with `.` for padding:
#
# | row | as it is | reversed whole | reversed up to its length |
# | --- | --- | --- | --- |
# | 0 | `a b c d e` | `e d c b a` | `e d c b a` |
# | 1 | `f g . . .` | `. . . g f` | `g f . . .` |
#
# The column in the middle is one line of numpy, runs without complaint, and makes the network read
# three steps of padding before the first word. Write `reverse_ragged` in
# `recurrent/bidirectional.py`.

# %%
check("reverse_ragged")

# %% [markdown]
# Reversing only moves numbers from place to place, so it is a matrix $P$ of zeros and ones, one for
# each row of the batch. For a row of length 2 in a batch of $T = 4$:
#
# $$P = \begin{pmatrix} 0&1&0&0 \\ 1&0&0&0 \\ 0&0&0&0 \\ 0&0&0&0 \end{pmatrix}, \qquad P^\top = P,
# \qquad P P = \begin{pmatrix} 1&0&0&0 \\ 0&1&0&0 \\ 0&0&0&0 \\ 0&0&0&0 \end{pmatrix}$$
#
# Twice is the identity on real steps and zero on padded ones. And because $P$ is its own transpose,
# `reverse_ragged` is its own backward pass. That is all you need for 8.3.

# %% [markdown]
# ## 8.2 Two readings side by side
#
# $$h_t^{\to} = \tanh(x_t W_x + h_{t-1}^{\to} W_h + b), \qquad h_t^{\leftarrow} = \tanh(x_t W_x' +
# h_{t+1}^{\leftarrow} W_h' + b'), \qquad h_t = [h_t^{\to};\, h_t^{\leftarrow}]$$
#
# The second network is a vanilla RNN as well: reverse the row, run it, and put every state
# back to the step that it belongs to. Write `bidirectional_forward`.

# %%
check("bidirectional_forward")

# %% [markdown]
# **Experiment: who has read what?** One row of 7 words in a batch that is padded to 9 steps. We
# change one step of $x$ at a time and look which states move: a row of the picture for each state,
# a column for each step that was changed.

# %%
rng = np.random.default_rng(0)
T, D, H, length = 9, 4, 16, np.array([7])


def weights(D, H, rng, size=0.9):
    """Wx, Wh and b of a vanilla RNN; Wh stretches every vector to `size` times its length."""
    Wh = size * np.linalg.qr(rng.normal(size=(H, H)))[0]
    return rng.normal(size=(D, H)) / np.sqrt(D), Wh, 0.3 * rng.normal(size=H)


x, right, left = rng.normal(size=(1, T, D)), weights(D, H, rng), weights(D, H, rng)
h, _ = bidirectional_forward(x, length, right, left)
moved = np.zeros((2, T, T))
for step in range(T):
    changed = x.copy()
    changed[0, step] += 1.0
    difference = np.abs(bidirectional_forward(changed, length, right, left)[0] - h)[0]
    moved[0, :, step], moved[1, :, step] = difference[:, :H].max(1), difference[:, H:].max(1)

fig, axes = figure("Two steps of padding at the end: nothing is read there", columns=2, height=3.6)
for axis, values, half in zip(axes, moved, ("first half of h", "second half of h"), strict=True):
    image = axis.imshow(values, cmap=SEQUENTIAL, vmin=0, vmax=moved.max())
    labels(axis, "step of x that is changed", "state at step t" if axis is axes[0] else "", half)
_ = fig.colorbar(image, ax=axes, label="largest move of a unit")
real = length[0]
_ = reached("first half of h, largest move by a later step", np.triu(moved[0], 1).max(), at_most=0)
_ = reached(
    "second half of h, largest move by an earlier step", np.tril(moved[1], -1).max(), at_most=0
)
_ = reached("largest move of any state by the padding", moved[:, :, real:].max(), at_most=0)
_ = reached(
    "second half of h at step 0, move by the last word", moved[1, 0, real - 1], at_least=1e-3
)

# %% [markdown]
# **Experiment: one row, padded differently.** A row of 6 words stands alone, or in a batch with
# longer ones, so that zeros follow it. Its states should not care. We compare with a second network
# that starts at the end of the padded row instead.

# %%
words = rng.normal(size=(1, 6, D))


def padded(T):
    """The row of 6 words with zeros behind it, (1, T, D)."""
    return np.concatenate([words, np.zeros((1, T - 6, D))], axis=1)


def second_half(T):
    """What the second network says at each of the 6 words, (6, H)."""
    return bidirectional_forward(padded(T), np.array([6]), right, left)[0][0, :6, H:]


def second_half_from_T(T):
    """The same, of a network that begins at step T-1."""
    from_the_end = np.flip(padded(T), axis=1)
    return np.flip(rnn_forward(from_the_end, np.zeros((1, H)), *left)[0], axis=1)[0, :6]


alone = second_half(6)
lengths = np.arange(6, 25)
apart = {
    "reading starts at the row's own end": [np.abs(second_half(T) - alone).max() for T in lengths],
    "reading starts at T: at the last word": [
        np.linalg.norm(second_half_from_T(T)[5] - alone[5]) for T in lengths
    ],
    "reading starts at T: at the first word": [
        np.linalg.norm(second_half_from_T(T)[0] - alone[0]) for T in lengths
    ],
}
_ = curves(
    {name: np.column_stack([lengths, values]) for name, values in apart.items()},
    "length T to which the row is padded",
    "distance from the states of the row alone",
    "The same six words, in batches of different width",
)
own, at_last, at_first = apart.values()
_ = reached("states of a row, largest change by padding", max(own), at_most=0)
_ = reached("the same if reading starts at T, at the last word", max(at_last), at_least=0.5)

# %% [markdown]
# **Questions.** (a) The zeros of the padding carry no information. How can they move a state? (b)
# In the last picture, why is the error at the last word larger than at the first? (c) One vector
# for a whole row is wanted, made of the last state of each reading. At which step does the last
# state of the first reading stand in $h$, and at which that of the second?

# %% [markdown] tags=["answer"]
# (a) By the bias and by what the bias has brought into the state: $\tanh(0\, W_x + h W_h + b)$ is
# not $h$. (b) The reading meets the last word first, straight from the padding; on its way to the
# first word it forgets, as in section 1.2. (c) The first reading ends at step `lengths[n] - 1`, the
# second at step 0. Whoever takes both halves at the same step gets, in one of them, a state that
# has read a single word.

# %% [markdown] tags=["bidirectional"]
# ## 8.3 The way back
#
# Write $R$ and $L$ for the two networks, $M$ for the matrix that clears padded steps. The forward
# pass is
#
# $$h^{\to} = M\, R(x), \qquad h^{\leftarrow} = P\, L(P x)$$
#
# and the backward pass follows term by term: transpose every matrix, reverse the order, and send
# what arrives at a network through its own backward pass. With $R^\ast$ and $L^\ast$ for
# the backward passes of the two networks,
#
# $$dx = R^\ast(M\, dh^{\to}) + P\, L^\ast(P\, dh^{\leftarrow})$$
#
# since $M$ and $P$ are their own transposes. $M$ says what to do with numbers that `dh` holds at
# padded steps: $h$ is 0 there whatever the weights are, so they must not count. Write
# `bidirectional_backward`.

# %%
check("bidirectional_backward")

# %% [markdown]
# **Experiment: the hidden letter.** Lines of Python, of 8 to 24 characters each, and one network
# that has to guess every character from those *before* it, another one from those before it *and*
# those behind it. The second one uses the first half of the state one step to the left and the
# second half of the state one step to the right, so that neither has read the character itself.
# Both have as many units in all.

# %% tags=["bidirectional"]
code = source_code(budget(1_000_000, 250_000))
V, LONGEST = len(ALPHABET), 24


def lines_of(text):
    """Short lines without their indentation, ids (N, LONGEST) with padding, and lengths (N,)."""
    kept = [line.strip() for line in text.split("\n") if 8 <= len(line.strip()) <= LONGEST]
    ids = np.zeros((len(kept), LONGEST), dtype=int)
    for row, line in zip(ids, kept, strict=True):
        row[: len(line)] = encode(line)
    return ids, np.array([len(line) for line in kept])


training, held_out = lines_of(code.training), lines_of(code.held_out)
print(f"{len(training[0])} lines to learn from, {len(held_out[0])} held out, for example")
print("\n".join(decode(row[:n]) for row, n in zip(*(part[:5] for part in training), strict=True)))


# %%
def move(values, by):
    """The steps of (N, T, H), moved along by one to the right (1) or the left (-1); 0 comes in."""
    moved = np.zeros_like(values)
    if by == 1:
        moved[:, 1:] = values[:, :-1]
    else:
        moved[:, :-1] = values[:, 1:]
    return moved


def new_reader(both, units, seed):
    """A reader of one direction or of both, with that many units in all."""
    rng, params = np.random.default_rng(seed), {}
    for side in ("", "_left") if both else ("",):
        cell = weights(V, units // 2 if both else units, rng)
        # One-hot inputs: a row of Wx is all that a character brings.
        params[f"Wx{side}"], params[f"Wh{side}"], params[f"b{side}"] = 4 * cell[0], *cell[1:]
    params["Why"] = 0.5 * rng.normal(size=(units, V)) / np.sqrt(units)
    return params | {"by": np.zeros(V)}


def states_of(params, ids, lengths):
    """What is known of every character without having read it, (N, T, units), and a cache."""
    x, cell = one_hot(ids, V), [params[name] for name in ("Wx", "Wh", "b")]
    if "Wx_left" not in params:
        h, cache = rnn_forward(x, np.zeros((len(ids), len(cell[2]))), *cell)
        return move(h, 1), cache
    other = [params[f"{name}_left"] for name in ("Wx", "Wh", "b")]
    h, cache = bidirectional_forward(x, lengths, cell, other)
    before, behind = np.split(h, 2, axis=2)
    return np.concatenate([move(before, 1), move(behind, -1)], axis=2), cache


def gradients_of(params, dstates, cache):
    """Gradients of the cells' weights, in the order of the parameters."""
    if "Wx_left" not in params:
        return rnn_backward(move(dstates, -1), cache)[2:]
    before, behind = np.split(dstates, 2, axis=2)
    dh = np.concatenate([move(before, -1), move(behind, 1)], axis=2)
    _, dright, dleft = bidirectional_backward(dh, cache)
    return [*dright, *dleft]


def bits_and_grads(params, ids, lengths):
    """Bits a character, gradients by all parameters, and scores (N, T, V)."""
    states, cache = states_of(params, ids, lengths)
    scores, output = temporal_affine_forward(states, params["Why"], params["by"])
    real = np.arange(LONGEST) < lengths[:, None]
    loss, dscores = temporal_softmax_loss(scores, ids, real)
    share = len(ids) / real.sum()
    dstates, dWhy, dby = temporal_affine_backward(share * dscores, output)
    grads = [*gradients_of(params, dstates, cache), dWhy, dby]
    return share * loss / np.log(2), dict(zip(params, grads, strict=True)), scores


def shorten(grads, most=1.0):
    """The gradients, all by the same factor, so that together they are not longer than `most`."""
    norm = np.sqrt(sum(float((gradient**2).sum()) for gradient in grads.values()))
    return {name: gradient * min(1, most / norm) for name, gradient in grads.items()}


def train_reader(both, iterations, what, seed=0):
    """The parameters, and bits a character in every iteration."""
    params, rng = new_reader(both, budget(96, 64), seed), np.random.default_rng(seed)
    adam, bits = Adam(params, 6e-3), []
    for iteration in progress(range(iterations), what):
        chosen = rng.choice(len(training[0]), budget(48, 32))
        adam.learning_rate = 6e-3 * (1 - 0.9 * iteration / iterations)
        loss, grads, _ = bits_and_grads(params, *(part[chosen] for part in training))
        adam.step(shorten(grads))
        bits.append(loss)
    return params, np.array(bits)


iterations = budget(500, 80)
one_way, bits_one_way = train_reader(False, iterations, "before it only")
both_ways, bits_both_ways = train_reader(True, iterations, "before and behind")

# %%
window = np.ones(10) / 10
_ = curves(
    {
        "from what stands before it": np.convolve(bits_one_way, window, "valid"),
        "from what stands before and behind it": np.convolve(bits_both_ways, window, "valid"),
    },
    "iterations",
    "bits a character",
    "Guessing a hidden letter",
)
some = [part[:400] for part in held_out]
bits_before, _, scores_before = bits_and_grads(one_way, *some)
bits_both, _, scores_both = bits_and_grads(both_ways, *some)
_ = reached("hidden letter, held-out bits, read from the start", bits_before)
_ = reached("hidden letter, held-out bits, read both ways", bits_both)
_ = reached(
    "hidden letter, bits that reading both ways saves",
    bits_before - bits_both,
    at_least=budget(0.5, 0.1),
)

# %%
ids, lengths = some
for n in np.flatnonzero(lengths > 16)[:4]:
    print(f"{'the line':20}{decode(ids[n, : lengths[n]])}")
    for name, scores in (("before", scores_before), ("before and behind", scores_both)):
        print(f"{name:20}{decode(scores[n, : lengths[n]].argmax(1))}")
    print()

# %% [markdown]
# **Questions.** (a) In the guesses above, find a letter that only the second reader gets, and say
# which character behind it gave it away. (b) Could the second reader *write* a line, letter by
# letter, as in section 3.3? (c) Why is the state one step to the side used, and not the state at
# the letter itself? (d) For a translator's *encoder* both readings are harmless, for its *decoder*
# they are not. Why?

# %% [markdown] tags=["answer"]
# (a) For example an opening bracket or quote, which the closing one demands, or the first letters
# of a word whose end is seen. (b) No: it needs what stands behind, and that is not written yet. Its
# guesses are no product $\prod_t p(x_t \mid x_{<t})$, so its bits are no length of a code for the
# line, and they are not to be compared with those of a language model as such. (c) The state at the
# letter has read it, and would only have to copy. (d) The source is there as a whole before the
# first word is written. What stands behind in the target is what has yet to be said.

# %% [markdown]
# ## 8.4 Dropout, once for a sequence
#
# Dropout sets each unit to 0 with probability $p$ and multiplies the others by $1 / (1 - p)$, anew
# for each example, so that no unit can rely on any other. Where in a recurrent network? Suppose
# that the state itself is dropped on its way to the next step, with a new mask at every step. A
# unit that holds a bit has to get through all of them, and
#
# $$P(\text{a unit is never dropped in } t \text{ steps}) = (1 - p)^t.$$
#
# With $p = 0.3$ and 20 steps that is 0.0008: a mask for each step erases memory. Zaremba, Sutskever
# and Vinyals (2014) therefore dropped only what goes up, never what goes on in time. Gal and
# Ghahramani (2016) draw *one* mask for a sequence and use it at every step: the share that is never
# dropped is $1 - p$, however long the sequence. Write `sequence_dropout_forward` and
# `sequence_dropout_backward` in `recurrent/practice.py`.

# %%
check("sequence_dropout_forward")

# %%
check("sequence_dropout_backward")

# %% [markdown]
# **Experiment: how long is a bit held?** Units that each hold a bit: $W_h = 3 I$, no input, no
# bias, so that $h = \tanh(3h)$ has rests near 1 and -1, and one at 0. The state is dropped before
# every step. A unit that was dropped once is at 0, and stays there.

# %%
N, H, T, p = 64, 64, 24, 0.3
rng = np.random.default_rng(0)
bits_held = np.sign(rng.normal(size=(N, H)))
masks = {
    "a mask for each step": rng.random((T, N, H)),
    "a mask for the sequence": np.tile(rng.random((N, H)), (T, 1, 1)),
}
held = {}
for name, draws in masks.items():
    h, shares = bits_held, [1.0]
    for u in draws:
        dropped, _ = sequence_dropout_forward(h[:, None], u, p)
        h, _ = rnn_step_forward(
            np.zeros((N, 1)), dropped[:, 0], np.zeros((1, H)), 3 * np.eye(H), np.zeros(H)
        )
        shares.append(np.mean(h * bits_held > 0.5))
    held[name] = np.array(shares)

steps = np.arange(T + 1)
by_the_formula = {
    "a mask for each step": (1 - p) ** steps,
    "a mask for the sequence": np.where(steps > 0, 1 - p, 1.0),
}
_ = curves(
    held | {"$(1 - p)^t$": by_the_formula["a mask for each step"]},
    "steps",
    "share of units that still hold their bit",
    "The state is dropped before each step, p = 0.3",
)
for name, shares in held.items():
    _ = reached(
        f"bits held, {name}: largest distance from the formula",
        np.abs(shares - by_the_formula[name]).max(),
        at_most=0.03,
    )
_ = reached(
    "bits held after 20 steps, a mask for each step", held["a mask for each step"][20], at_most=0.01
)
_ = reached(
    "bits held after 20 steps, a mask for the sequence",
    held["a mask for the sequence"][20],
    at_least=0.6,
)

# %% [markdown]
# **Questions.** (a) Your function takes `u` of shape $(N, D)$. How do you get a mask for each step
# from it, without another function? (b) At test time nothing is dropped. What would have to be done
# then if training did not divide by $1 - p$? (c) Why is the mask that is drawn for a sequence not
# kept for all sequences of the training?

# %% [markdown] tags=["answer"]
# (a) Make of every step a sequence of its own: $x$ as $(N T, 1, D)$, with $N T$ rows of draws. (b)
# Every unit would send $1 / (1 - p)$ times as much as in training on average, so that its outgoing
# weights would have to be multiplied by $1 - p$. (c) Then it would be no dropout but a smaller
# network: the units that are dropped would never learn.

# %% [markdown]
# ## 8.5 One table for both ends
#
# A language model has two tables of words (in notebook 4 they are $U$ and $V$): a row of one is a
# word that was read, a column of the other one that may come. Both place words that are used alike
# near each other. Press and Wolf (2017) and Inan, Khosravi and Socher (2017) use one table for
# both,
#
# $$s_t = \tanh(E_{w_t} W_x + s_{t-1} W_h + b), \qquad \mathrm{scores}_t = s_t E^\top$$
#
# which saves up to half of the parameters. Where a weight is used twice, its gradient is the sum
# over its uses, as for $W_h$ over the steps of section 1.2: if $f(E) = g(E, E)$ then
#
# $$\frac{\partial f}{\partial E} = \frac{\partial g}{\partial (\text{first } E)} +
# \frac{\partial g}{\partial (\text{second } E)}.$$
#
# You have $g$ and its two gradients: the model with two tables, of notebook 4. Write
# `tied_rnnlm_loss`.

# %%
check("tied_rnnlm_loss")

# %% [markdown]
# **Experiment: what does it cost, what does it save?** A hundred and fifty sentences to learn from,
# so that there is something to overfit. Three models with 32 units: two tables; one table; and one
# table with $W_x$ fixed to the identity, so that a word's row enters the state as it is.

# %%
count, H, T = 150, 32, 12
text = sentences(count + 600, seed=0)
known = vocabulary(text)
C = len(known.words)
stream, unseen = (
    np.concatenate([known.ids(sentence) for sentence in part])
    for part in (text[:count], text[count:])
)


def new_model(kind, rng):
    """Parameters for rnnlm_loss ("two tables") or for tied_rnnlm_loss."""
    Wh = 0.8 * np.linalg.qr(rng.normal(size=(H, H)))[0]
    E, V = 0.3 * rng.normal(size=(C, H)), 0.3 * rng.normal(size=(H, C))
    if kind == "two tables":
        return {"U": E, "W": Wh, "b": np.zeros(H), "V": V}
    Wx = np.eye(H) if kind == "one table, no matrix" else rng.normal(size=(H, H)) / np.sqrt(H)
    return {"E": E, "Wx": Wx, "Wh": Wh, "b": np.zeros(H)}


def nats_a_word(params, ids):
    """The loss, and its gradients, both divided by the number of steps."""
    loss_of = tied_rnnlm_loss if "E" in params else rnnlm_loss
    loss, grads = loss_of(params, ids, np.zeros((len(ids), H)))
    steps = ids.shape[1] - 1
    return loss / steps, {name: gradient / steps for name, gradient in grads.items()}


def train_model(kind, iterations, seed=0):
    """Pairs of iteration and held-out loss, (M, 2), and the number of parameters."""
    rng = np.random.default_rng(seed)
    params, measured = new_model(kind, rng), []
    rows = unseen[: len(unseen) // (T + 1) * (T + 1)].reshape(-1, T + 1)
    learned = [name for name in params if (kind, name) != ("one table, no matrix", "Wx")]
    adam = Adam(params, 3e-3)
    for iteration in progress(range(iterations + 1), kind):
        if iteration % 25 == 0:
            measured.append((iteration, nats_a_word(params, rows)[0]))
        starts = rng.integers(len(stream) - T, size=16)
        _, grads = nats_a_word(params, stream[starts[:, None] + np.arange(T + 1)])
        adam.step({name: grads[name] for name in learned})
    return np.array(measured), sum(params[name].size for name in learned)


losses, sizes = {}, {}
for kind in ("two tables", "one table", "one table, no matrix"):
    measured, size = train_model(kind, budget(500, 200))
    losses[f"{kind}: {size} parameters"], sizes[kind] = measured, size
_ = curves(losses, "iterations", "held-out loss in nats a word", "150 sentences to learn from")
two, one, bare = (measured[:, 1].min() for measured in losses.values())
_ = reached("two tables, least held-out loss in nats a word", two)
_ = reached("one table: loss above that of two tables", one - two, at_most=budget(0.2, 0.4))
_ = reached(
    "one table: share of the parameters", sizes["one table"] / sizes["two tables"], at_most=0.7
)
_ = reached("one table, no matrix: loss above that of one table", bare - one, at_least=0.2)

# %% [markdown]
# **Questions.** (a) Where does the number of parameters come from, in all three? Which share would
# tying save with 32 units and 10,000 words? (b) Without a matrix, the state that has just read a
# word points in the direction of that word's row. Which word gets a large score then? (c) Does this
# experiment show that tying makes better models?

# %% [markdown] tags=["answer"]
# (a) $2CH + H^2 + H$, then $CH + 2H^2 + H$, then $CH + H^2 + H$. With 10,000 words the tables are
# nearly everything, and half of it goes. (b) The same word once more, which hardly ever comes.
# $W_h$ does not help, since it acts on the state of the step before; so the model has to spend its
# training on getting words out of their own way. (c) No. It shows about the same loss with two
# thirds of the parameters, on one small text. That tied models also get better is what the two
# papers report for theirs.

# %% [markdown]
# ## 8.6 Reading one's own guesses
#
# While training, a model reads the truth at every step (*teacher forcing*). While writing, it reads
# what it has written, mistakes included, and nothing in its training was like that. Bengio et al.
# (2015) therefore toss a coin at every step: with probability $\epsilon_i$ the truth is read, else
# the model's own guess, and $\epsilon_i$ falls while training goes on. One of their schedules:
#
# $$\epsilon_i = \frac{k}{k + \exp(i / k)}$$
#
# Write `teacher_forcing_rate` and `scheduled_inputs`. No gradient goes through the choice of a
# guess: the inputs are numbers like any other inputs.

# %%
check("teacher_forcing_rate")

# %%
check("scheduled_inputs")

# %%
i = np.arange(1001)
_ = curves(
    {f"k = {k}": teacher_forcing_rate(i, k) for k in (10, 50, 150)},
    "iteration i",
    "how often the truth is read",
    "Inverse sigmoid decay",
)
_ = reached(
    "k = 50: the rate where i = k ln k", teacher_forcing_rate(np.array([50 * np.log(50)]), 50.0)[0],
    at_least=0.4999, at_most=0.5001,
)  # fmt: skip

# %% [markdown]
# **Experiment: singing along.** 24 songs of 24 notes, each note one of 6, drawn at random. The
# first few notes say which song it is. One network is trained on the truth, one on the schedule,
# both for as long. Then each sings twice: beside the record, reading the true notes, and alone,
# from the first note on. The share of right notes is measured in both.

# %%
SONGS, LENGTH, NOTES, H = 24, 24, 6, 32
songs = np.random.default_rng(100).integers(NOTES, size=(SONGS, LENGTH))


def loss_and_grads(params, inputs, wanted):
    """Nats a note, gradients, and the share of notes that would be right."""
    x = one_hot(inputs, NOTES)
    h, through_time = rnn_forward(x, np.zeros((len(x), H)), *(params[n] for n in ("Wx", "Wh", "b")))
    scores, output = temporal_affine_forward(h, params["Why"], params["by"])
    loss, dscores = temporal_softmax_loss(scores, wanted, np.ones(wanted.shape, dtype=bool))
    dh, dWhy, dby = temporal_affine_backward(dscores / wanted.shape[1], output)
    grads = [*rnn_backward(dh, through_time)[2:], dWhy, dby]
    right = np.mean(scores.argmax(axis=2) == wanted)
    return loss / wanted.shape[1], dict(zip(params, grads, strict=True)), right


def right_notes(params, rate):
    """The share of right notes in all songs, where the truth is read that often."""
    read, wanted = songs[:, :-1], songs[:, 1:]
    u = np.random.default_rng(0).random(read.shape)
    inputs = scheduled_inputs(params, read, np.zeros((SONGS, H)), u, rate)
    return loss_and_grads(params, inputs, wanted)[2]


def train_singer(schedule, iterations, what, seed=0):
    """Pairs of iteration and share of right notes, beside the record and alone, (M, 2) each."""
    rng = np.random.default_rng(seed)
    Wx, Wh, b = weights(NOTES, H, rng)
    params = {"Wx": Wx, "Wh": Wh, "b": 0 * b, "Why": rng.normal(size=(H, NOTES)) / np.sqrt(H)}
    params["by"] = np.zeros(NOTES)
    adam, beside, alone = Adam(params, 3e-3), [], []
    for iteration in progress(range(iterations + 1), what):
        if iteration % 20 == 0:
            beside.append((iteration, right_notes(params, 1.0)))
            alone.append((iteration, right_notes(params, 0.0)))
        chosen = songs[rng.choice(SONGS, 16)]
        u = rng.random((16, LENGTH - 1))
        inputs = scheduled_inputs(params, chosen[:, :-1], np.zeros((16, H)), u, schedule(iteration))
        adam.step(shorten(loss_and_grads(params, inputs, chosen[:, 1:])[1]))
    return np.array(beside), np.array(alone)


iterations = budget(500, 250)
k = iterations / 10
truth = train_singer(lambda i: 1.0, iterations, "the truth")
mixed = train_singer(
    lambda i: teacher_forcing_rate(np.array([i]), k)[0], iterations, "the schedule"
)
_ = curves(
    {
        "trained on the truth, beside the record": truth[0],
        "trained on the truth, alone": truth[1],
        "on the schedule, beside the record": mixed[0],
        "on the schedule, alone": mixed[1],
    },
    "iterations",
    "share of right notes",
    "Songs by heart (guessing: 0.17)",
)
(beside_truth, alone_truth), (beside_mixed, alone_mixed) = (
    [pairs[-3:, 1].mean() for pairs in singer] for singer in (truth, mixed)
)
_ = reached("right notes beside the record, trained on the truth", beside_truth)
_ = reached("right notes alone, trained on the truth", alone_truth)
_ = reached(
    "right notes alone, schedule less truth", alone_mixed - alone_truth, at_least=budget(0.04, -1.0)
)
_ = reached(
    "right notes beside the record, truth less schedule",
    beside_truth - beside_mixed,
    at_least=budget(0.25, -1.0),
)
_ = reached(
    "right notes, trained on the schedule, beside the record less alone",
    beside_mixed - alone_mixed,
    at_most=budget(0.15, 1.0),
)

# %% [markdown]
# So the schedule does what it promises, and at a price. Alone, the network that was trained on it
# is better. Beside the record it has become much worse, and no better than alone: it hardly uses
# what it hears.

# %% [markdown]
# **Questions.** (a) In a song, the network has read a wrong note of its own at step 5. What is it
# asked for at step 6, and is that the best continuation of what it has read? (b) What does a
# network learn to do with its inputs, when at the end of the schedule nearly all of them are its
# own guesses? (c) Would you expect the same price for a translator, whose decoder sees the source
# at every step?

# %% [markdown] tags=["answer"]
# (a) The true sixth note, as if nothing had happened: right for a song that is fixed, and not in
# general for a text, where the best continuation depends on the words that were written. (b) To
# mistrust them: it may as well go by the position, which the state can count. Huszár (2015) shows
# that a model which minimises this loss need not become the distribution of the data, however much
# there is of it, since the target does not fit what was read. (c) Less: what has to be said next is
# in the source, and the words read say mainly how far one has come. Bengio et al. report that it
# helped for captions, where the picture plays the part of the source.

# %% [markdown]
# ## 8.7 The nucleus
#
# When a model writes, many improbable characters have a small probability each, and together a
# large one: sooner or later a text draws one of them, and goes on from there. Top-k (section 3.3)
# cuts them off by number. Holtzman et al. (2020) cut by mass: of a row's probabilities, the largest
# are kept until they add up to $p$. That is one character where the model is sure, and many where
# it is not. Write `nucleus_probs`.

# %%
check("nucleus_probs")

# %% [markdown]
# **Experiment: how large is a nucleus?** The reader of 8.3 that knows only what stands before is a
# character model. At every character of the held-out lines we ask how many it has to keep for 90 %
# of the probability; and how much of the probability is kept by the top $k$, with $k$ the same
# number on average.

# %%
real = np.arange(LONGEST) < some[1][:, None]
real[:, 0] = False  # before a line's first character nothing has been read
logits = scores_before[real]
softmax = nucleus_probs(logits, 1.0)
size_of_nucleus = (nucleus_probs(logits, 0.9) > 0).sum(axis=1)
k = int(np.round(size_of_nucleus.mean()))
kept_by_top_k = (softmax * (next_probs(logits, 1.0, k) > 0)).sum(axis=1)
kept_by_nucleus = (softmax * (nucleus_probs(logits, 0.9) > 0)).sum(axis=1)

rank = np.linspace(0, 1, len(logits))
fig, axes = figure("At every character of the held-out lines, in order", columns=2)
axes[0].plot(rank, np.sort(size_of_nucleus), label="nucleus, p = 0.9")
axes[0].axhline(k, color="black", linestyle="--", label=f"top-k, k = {k}")
labels(axes[0], "share of the positions", "characters kept")
axes[1].plot(rank, np.sort(kept_by_nucleus), label="nucleus, p = 0.9")
axes[1].plot(rank, np.sort(kept_by_top_k), linestyle="--", color="black", label=f"top-k, k = {k}")
labels(axes[1], "share of the positions", "probability kept")
for axis in axes:
    axis.legend()

_ = reached("characters in the nucleus, mean", size_of_nucleus.mean())
_ = reached(
    "characters in the nucleus, 95 % of positions over 5 % of positions",
    np.quantile(size_of_nucleus, 0.95) / np.quantile(size_of_nucleus, 0.05),
    at_least=budget(4, 1.5),
)
_ = reached("least probability kept by the nucleus", kept_by_nucleus.min(), at_least=0.9 - 1e-9)
_ = reached("least probability kept by top-k", kept_by_top_k.min(), at_most=budget(0.8, 0.89))
true_one = some[0][real]
outside = nucleus_probs(logits, 0.9)[np.arange(len(logits)), true_one] == 0
_ = reached(
    "held-out characters outside the nucleus (0.1 where the model is right)", outside.mean()
)


# %%
def write_line(choose, rng, length=24):
    """A line that begins as one of the training lines does; each further character is drawn from
    what `choose` makes of the scores.
    """
    cell, h = [one_way[name] for name in ("Wx", "Wh", "b")], np.zeros((1, len(one_way["b"])))
    line = [int(rng.choice(training[0][:, 0]))]
    while len(line) < length:
        h, _ = rnn_step_forward(one_hot(np.array([line[-1]]), V), h, *cell)
        probs = choose(h @ one_way["Why"] + one_way["by"])[0]
        line.append(int(rng.choice(V, p=probs / probs.sum())))
    return decode(np.array(line))


ways = {
    "all": lambda scores: next_probs(scores),
    f"top-k, k = {k}": lambda scores: next_probs(scores, 1.0, k),
    "nucleus, p = 0.9": lambda scores: nucleus_probs(scores, 0.9),
    "nucleus, p = 0.5": lambda scores: nucleus_probs(scores, 0.5),
}
for name, choose in ways.items():
    rng = np.random.default_rng(1)
    print(f"--- {name} ---")
    for _ in range(5):
        print(write_line(choose, rng))

# %% [markdown]
# **Questions.** (a) A row has probabilities 0.4, 0.3, 0.2, 0.1. What is the nucleus for $p = 0.7$
# and for $p = 0.71$, and what becomes of the first probability in each? (b) Where does top-k keep
# too much, where too little? (c) What would you expect of a text that is drawn with $p$ near 0?

# %% [markdown] tags=["answer"]
# (a) The first two, which add up to 0.7 (in exact arithmetic; floating point may add them up to a
# little less), and $0.4 / 0.7 = 0.57$; then the first three, and $0.4 / 0.9 = 0.44$. (b) Too much
# where the model is sure, within a word say, and each superfluous character can spoil it; too
# little where much is possible, at the start of a line say, so that variety is lost. (c) It always
# takes the favourite: greedy, and soon repetitive (section 3.3).

# %% [markdown]
# ## You should now be able to
#
# * read a batch of ragged rows from both ends, and say what each half of a state has read;
# * derive a backward pass through a permutation and a mask;
# * say when a model may use what stands behind, and when not;
# * explain why dropout on a recurrent state needs one mask for a sequence, with a formula;
# * add up the gradients of a weight that is used in two places;
# * describe what scheduled sampling gains and what it loses, from your own measurement;
# * cut a distribution by mass instead of by number.
#
# **Where next?** The states $h_i$ of 8.2 are what attention looks at in sections 6.1 to 6.3; the
# character model of section 3.2 is the place to try the nucleus on an LSTM.

# %% [markdown]
# ## To read on
#
# * Schuster and Paliwal 1997, [Bidirectional recurrent neural
#   networks](https://doi.org/10.1109/78.650093): reading from both ends.
# * Bahdanau, Cho and Bengio 2015, [Neural machine translation by jointly learning to align and
#   translate](https://arxiv.org/abs/1409.0473): an encoder that reads so.
# * Zaremba, Sutskever and Vinyals 2014, [Recurrent neural network
#   regularization](https://arxiv.org/abs/1409.2329): dropout on the way up only.
# * Gal and Ghahramani 2016, [A theoretically grounded application of dropout in recurrent neural
#   networks](https://arxiv.org/abs/1512.05287): one mask for a sequence.
# * Press and Wolf 2017, [Using the output embedding to improve language
#   models](https://arxiv.org/abs/1608.05859): one table for both ends.
# * Inan, Khosravi and Socher 2017, [Tying word vectors and word
#   classifiers](https://arxiv.org/abs/1611.01462): the same, for another reason.
# * Bengio, Vinyals, Jaitly and Shazeer 2015, [Scheduled sampling for sequence prediction with
#   recurrent neural networks](https://arxiv.org/abs/1506.03099): the coin at every step.
# * Huszár 2015, [How (not) to train your generative model](https://arxiv.org/abs/1511.05101): why
#   not to toss it.
# * Holtzman and others 2020, [The curious case of neural text
#   degeneration](https://arxiv.org/abs/1904.09751): the nucleus.
