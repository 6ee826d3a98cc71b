# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   recurrent: {lessons: [charlm, cells, rnn, head, lstm, gru, answers_words]}
# ---

# %% [markdown]
# # 3 · Characters, and cells one can read
#
# A network reads a text one character at a time and guesses the next. Nobody tells it about words,
# brackets or lines; it finds out what it needs. First with five letters, then with the source code
# of Python itself. Then you open it up and look for cells that mean something.
#
# {{files}}
#
# $V$ characters, $N$ texts at a time, $T$ steps, $H$ hidden units.

# %% tags=["setup"]
from check import case, check, hint

# %%
import numpy as np

import recurrent
from recurrent.cells import (
    bracket_depth,
    cell_traces,
    depth_weights,
    inside_quotes,
    latch_weights,
    rank_cells,
)
from recurrent.charlm import (
    bigram_log_probs,
    bits_per_char,
    charlm_loss,
    next_probs,
    one_hot,
    sample,
)
from recurrent.data.source_code import ALPHABET, decode, encode, signals, source_code, varied
from recurrent.head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from recurrent.lstm import init_lstm, lstm_backward, lstm_forward, lstm_step_forward
from recurrent.pictures.curves import curves
from recurrent.pictures.text import coloured_text
from recurrent.training import Adam, budget, progress, reached, save_weights

# %% [markdown]
# ## 3.1 hello
#
# The lecture's example: four characters, one word. Each character goes in as a one-hot vector,
#
# $$x_t = \mathrm{onehot}(c_t), \quad h_t = \tanh(x_t W_x + h_{t-1} W_h + b), \quad y_t = h_t W_{hy}
# + b_y, \quad p(c_{t+1}) = \mathrm{softmax}(y_t).$$
#
# Write `one_hot`, and then the model's `charlm_loss`: it puts together what you have.

# %%
check("one_hot")

# %%
check("charlm_loss")

# %% [markdown]
# How good can it get? Who sees only the last character can count which one follows how often. That
# is the best any bigram model can do. Write `bigram_log_probs`.

# %%
check("bigram_log_probs")

# %% [markdown]
# After an *l* comes once an *l* and once an *o*, so two of the four guesses of a bigram model are a
# coin's toss: $(2 \ln 2) / 4 = 0.347$ nats a character. A network that remembers how many it has
# seen can do better.

# %%
check("learns_hello")

# %%
LETTERS = "helo"
hello = np.array([[LETTERS.index(letter) for letter in "hello"]])
rng = np.random.default_rng(0)
V, H = len(LETTERS), 8
hello_params = {
    "Wx": rng.normal(size=(V, H)) / 2, "Wh": rng.normal(size=(H, H)) / 4, "b": np.zeros(H),
    "Why": rng.normal(size=(H, V)) / 2, "by": np.zeros(V),
}  # fmt: skip
losses = []
for _ in range(300):
    loss, grads, _ = charlm_loss(hello_params, hello, np.zeros((1, H)))
    losses.append(loss / 4)
    for name, gradient in grads.items():
        hello_params[name] -= 0.1 * gradient

log_probs = bigram_log_probs(hello[0], V)
floor = -np.mean([log_probs[i, j] for i, j in zip(hello[0], hello[0, 1:], strict=False)])
_ = curves(
    {"a network that remembers": np.array(losses), "the best bigram model": np.full(300, floor)},
    "iterations",
    "loss in nats a character",
    '"hello": below what the last character alone can say',
)
_ = reached('"hello", best bigram model, nats a character', floor, at_most=0.3466, at_least=0.3465)
_ = reached('"hello", network, nats a character', losses[-1], at_most=0.1)

# %% [markdown]
# **Question.** The input at the first *l* and at the second is the same. By which way can the two
# guesses come to differ all the same, and which number or numbers of the network must be different
# there?

# %% [markdown] tags=["answer"]
# By $h_{t-1} W_h$ only. No single unit must differ by itself, but the state as a whole must, and so
# much that $W_{hy}$ makes an *l* of the one and an *o* of the other.

# %% [markdown]
# Some of the questions count, with numbers of your own. Write who you are into `STUDENT` in
# `recurrent/answers_words.py`, and a cell like the next one shows you yours. The answer is
# one number, or a list, which you return there.

# %%
check("bigram_floor")

# %% [markdown]
# ## 3.2 Python, letter by letter
#
# Now a real text: the modules of Python's own standard library, as they are on your machine,
# without comments and docstrings. One file in ten is held out. The vanilla RNN forgets too soon for
# this, so we take your LSTM; the state is carried from one stretch of text to the next, and the
# gradient is not.

# %%
code = source_code(budget(2_500_000, 250_000))
training, held_out = encode(code.training), encode(code.held_out)
V = len(ALPHABET)
print(
    f"{len(code.files)} files, {len(training)} characters to learn from, {len(held_out)} held out\n"
)
print(code.held_out[:600])

# %%
N, T, H = 32, 64, budget(96, 48)
single = np.float32  # half the memory, twice the speed, and precise enough to learn with


def new_model(seed):
    """The parameters of an LSTM with one-hot inputs and a score for every character."""
    rng = np.random.default_rng(seed)
    Wx, Wh, b = init_lstm(V, H, rng)
    params = {
        "Wx": Wx,
        "Wh": Wh,
        "b": b,
        "Why": rng.normal(size=(H, V)) / np.sqrt(H),
        "by": np.zeros(V),
    }
    return {name: value.astype(single) for name, value in params.items()}


def loss_and_grads(params, ids, h0):
    """Your functions, one after the other; the loss is the mean over characters, in nats."""
    x = one_hot(ids[:, :-1], V).astype(single)
    h, through_time = lstm_forward(x, h0, params["Wx"], params["Wh"], params["b"])
    scores, output = temporal_affine_forward(h.astype(single), params["Why"], params["by"])
    wanted = ids[:, 1:]
    loss, dscores = temporal_softmax_loss(scores, wanted, wanted >= 0)
    steps = wanted.shape[1]
    dh, dWhy, dby = temporal_affine_backward((dscores / steps).astype(single), output)
    _, _, dWx, dWh, db = lstm_backward(dh.astype(single), through_time)
    return (
        loss / steps,
        {"Wx": dWx, "Wh": dWh, "b": db, "Why": dWhy, "by": dby},
        h[:, -1].astype(single),
    )


def train(params, iterations, learning_rate=6e-3):
    """Bits a character at every iteration. The N lanes of text are read from left to right, T
    characters at a time.
    """
    lanes = training[: len(training) // N * N].reshape(N, -1)
    adam, bits, at, h0 = Adam(params, learning_rate), [], 0, np.zeros((N, H), single)
    for iteration in progress(range(iterations), "reading Python"):
        if at + T + 1 > lanes.shape[1]:
            at, h0 = 0, np.zeros((N, H), single)
        loss, grads, h0 = loss_and_grads(params, lanes[:, at : at + T + 1], h0)
        at += T
        norm = np.sqrt(sum(float((gradient**2).sum()) for gradient in grads.values()))
        adam.learning_rate = (
            learning_rate * min(1, (iteration + 1) / 50) * (1 - 0.95 * iteration / iterations)
        )
        adam.step({name: gradient * min(1, 1 / norm) for name, gradient in grads.items()})
        bits.append(loss / np.log(2))
    return np.array(bits)


untrained, params = new_model(0), new_model(0)
bits = train(params, budget(2000, 120))

# %% [markdown]
# What is a good number? Write `bits_per_char`, which turns sums of nats into bits a character.
# Guessing among all characters costs $\log_2 V$ bits; counting pairs costs what the bigram model
# says.

# %%
check("bits_per_char")

# %%
length = budget(2001, 301)
loss, _, _ = loss_and_grads(
    params, held_out[: N * length].reshape(N, length), np.zeros((N, H), single)
)
characters = N * (length - 1)
network = bits_per_char(np.array([loss * characters]), np.array([characters]))

pairs = np.ones((V, V))  # one of each, so that no pair costs infinitely much
np.add.at(pairs, (training[:-1], training[1:]), 1)
log_pairs = np.log(pairs / pairs.sum(axis=1, keepdims=True))
counted = bits_per_char(
    np.array([-log_pairs[held_out[:-1], held_out[1:]].sum()]), np.array([len(held_out) - 1])
)

window = np.ones(20) / 20
smooth = np.convolve(bits, window, "valid")
_ = curves(
    {
        "LSTM, training text": smooth,
        "pairs counted, held out": np.full(len(smooth), counted),
        "guessing": np.full(len(smooth), np.log2(V)),
    },
    "iterations",
    "bits a character",
    "Learning to write Python",
)
_ = reached("Python source, guessing, bits a character", np.log2(V))
_ = reached("Python source, pairs counted, held-out bits a character", counted)
_ = reached("Python source, LSTM, held-out bits a character", network, at_most=budget(2.4, 5.5))

# %% [markdown]
# ## 3.3 Let it write
#
# To write, the model draws from its own guess and reads what it has drawn. The temperature decides
# how bold it is:
#
# $$p_j \propto \exp(y_j / \mathrm{temperature})$$
#
# Write `next_probs`, and `sample`, which writes with the model of 3.1.

# %%
check("next_probs")

# %%
check("sample")

# %%
drawn = sample(
    hello_params, np.zeros((1, 8)), LETTERS.index("h"), np.random.default_rng(0).random(4)
)
print("h" + "".join(LETTERS[i] for i in drawn))


# %%
def write(params, length, temperature, seed, first="\n"):
    """A text of this length, drawn character by character with your `next_probs`."""
    rng = np.random.default_rng(seed)
    h, c, cell = np.zeros((1, H)), np.zeros((1, H)), [params[name] for name in ("Wx", "Wh", "b")]
    current, written = ALPHABET.index(first), []
    for _ in range(length):
        x = one_hot(np.array([current]), V)
        h, c, _ = lstm_step_forward(x, h, c, *cell)
        p = next_probs(h @ params["Why"] + params["by"], temperature)[0]
        current = min(int(np.searchsorted(np.cumsum(p), rng.random(), side="right")), V - 1)
        written.append(current)
    return decode(np.array(written))


for temperature in (0.3, 0.7, 1.2):
    print(
        f"--- temperature {temperature} ---{write(params, budget(500, 150), temperature, seed=1)}\n"
    )


# %%
def closed(text):
    """The share of opened brackets that are closed again on the same line."""
    lines = [line for line in text.split("\n") if "(" in line]
    return np.mean([line.count("(") == line.count(")") for line in lines]) if lines else 0.0


much = {
    temperature: write(params, budget(4000, 200), temperature, seed=2) for temperature in (0.5, 1.5)
}
_ = reached(
    "lines whose brackets all close, temperature 0.5", closed(much[0.5]), at_least=budget(0.6, 0)
)
_ = reached("the same at temperature 1.5", closed(much[1.5]))

# %% [markdown]
# **Questions.** (a) What does a low temperature do to the variety of the text, and what at the
# limit of 0? (b) The samples close their brackets more often than a model of pairs would. What does
# the network have to remember for that? (c) Name something about Python that the model has not
# understood.

# %% [markdown] tags=["answer"]
# (a) It becomes safe and repetitive; at 0 it always takes the favourite and soon goes in circles.
# (b) That one is open, and since when: a number that survives all characters in between. (c) That
# names must be defined before they are used, for example.

# %% [markdown]
# With numbers of your own, in `recurrent/answers_words.py`:

# %%
check("odds_at_temperature")

# %%
check("word_perplexity")

# %% [markdown]
# ## 3.4 What do the cells know?
#
# Read held-out code with the trained network and write down what every cell does: `cell_traces`.
# Then say, character by character, what you are looking for: `inside_quotes` and `bracket_depth`.
# And compare: `rank_cells` finds the cells that follow a signal most closely, by the size of
# Pearson's $r$.

# %%
check("cell_traces")

# %%
check("inside_quotes")

# %%
check("bracket_depth")

# %%
check("rank_cells")

# %% [markdown]
# **Experiment: are your two rules right?** Python reads its own source with a tokenizer, which
# knows more about quotes than your rule does. How often do they agree, character by character?

# %%
text = code.held_out[: budget(20_000, 3_000)]
said = signals(text)
_ = reached(
    "inside_quotes, agrees with Python's tokenizer",
    np.mean(inside_quotes(text) == said["in a string"]),
    at_least=0.95,
)
_ = reached(
    "bracket_depth, agrees with Python's tokenizer",
    np.mean(bracket_depth(text) == said["bracket depth"]),
    at_least=0.95,
)

# %% [markdown]
# **Experiment: a search for cells.** Three of the four signals are yours; the fourth, how many
# blocks are open, is the tokenizer's.

# %%
followed = {
    "in brackets": bracket_depth(text) > 0,
    "bracket depth": bracket_depth(text),
    "in a string": inside_quotes(text),
    "indentation": said["indentation"],
}


def traces_of(params):
    """(T, H), what every cell does while the text is read."""
    return cell_traces(encode(text), *(params[name].astype(float) for name in ("Wx", "Wh", "b")))


traces, traces_untrained = traces_of(params), traces_of(untrained)
best = {}
print(f"{'':16}{'cell':>6}{'r':>8}{'untrained |r|':>15}")
for name, signal in followed.items():
    order, r = rank_cells(traces, signal)
    _, r_untrained = rank_cells(traces_untrained, signal)
    best[name] = order[0], r[order[0]], np.abs(r_untrained).max()
    print(f"{name:16}{order[0]:6}{best[name][1]:8.2f}{best[name][2]:15.2f}")

brackets, untrained_brackets = abs(best["in brackets"][1]), best["in brackets"][2]
_ = reached("cell for brackets, best |r|", brackets, at_least=budget(0.6, 0))
_ = reached("cell for brackets, best |r| of the untrained network", untrained_brackets, at_most=0.6)
_ = reached(
    "cell for brackets, trained less untrained",
    brackets - untrained_brackets,
    at_least=budget(0.2, -0.8),
)
_ = reached("cell for strings, best |r|", abs(best["in a string"][1]))
_ = reached("cell for indentation, best |r|", abs(best["indentation"][1]))

# %% [markdown]
# The best of many cells is never bad, so the untrained network is the one to beat: it has as many
# cells, and knows nothing.
#
# Now look at them, in a stretch of held-out code that has something of everything. Violet is near
# 1; orange and underlined is near -1. A cell whose $r$ is negative says the same the other way
# round.

# %%
shown = varied(text, list(followed.values()), 900)
for name in ("in brackets", "in a string", "indentation"):
    cell, r, _ = best[name]
    _ = coloured_text(
        text[shown], traces[shown, cell], f"cell {cell}: follows '{name}' with r = {r:.2f}"
    )

# %% [markdown]
# **Questions.** (a) Where does the bracket cell change, exactly at the bracket or a character
# later? (b) Find a place where a cell is wrong. What might it be following instead? (c) We looked
# for what we had names for. What follows from a cell for which you find no name?

# %% [markdown] tags=["answer"]
# (a) At it: the trace after an opening bracket has been read already knows of it. (b) Long strings,
# for example: the cell decays, because in the training text most strings end soon. (c) Nothing. It
# may be part of a group that means something together, or mean something we have no word for; a
# cell by itself need not mean anything.

# %% [markdown]
# ## 3.5 Build them yourself
#
# What a network finds by training, you can build by hand. A cell that remembers a bit, a cell that
# counts brackets, and a GRU that does exactly what a vanilla RNN does: no training, only weights.
# Write `latch_weights`, `depth_weights` and `gru_that_is_an_rnn`.

# %%
check("latch_weights")

# %%
check("depth_weights")

# %%
check("gru_that_is_an_rnn")

# %%
rng = np.random.default_rng(3)
commands = rng.choice(3, size=120, p=[0.9, 0.05, 0.05])  # 0 nothing, 1 set, 2 clear
depth, brackets = 0, []
for _ in range(120):
    move = int(rng.choice([0, 1, 2 if depth else 0], p=[0.6, 0.22, 0.18]))
    depth += (move == 1) - (move == 2)
    brackets.append(move)
counter = np.arctanh(cell_traces(np.array(brackets), *depth_weights())[:, 0]) * 10
_ = curves(
    {
        "latch": (cell_traces(commands, *latch_weights())[:, 0] > 0.5).astype(float),
        "counter": counter,
        "brackets open": np.cumsum(np.equal(brackets, 1))
        - np.cumsum(np.equal(brackets, 2)).astype(float),
    },
    "character",
    "bit, or depth",
    "Two cells built by hand",
)
true_depth = np.cumsum(np.equal(brackets, 1).astype(int) - np.equal(brackets, 2))
_ = reached(
    "counter built by hand, largest error in 120 characters",
    np.abs(counter - true_depth).max(),
    at_most=0.01,
)

# %% [markdown]
# **Question.** Your counter counts with a cell that never forgets. What would a forget gate of 0.99
# do to it after a hundred characters, and why is the trained network's bracket cell more of a
# switch than of a counter?

# %% [markdown] tags=["answer"]
# It would have forgotten 63 % of a bracket opened at the start. Training only rewards what helps to
# guess the next character, and for that it mostly matters whether a bracket is open, not how many.

# %% [markdown]
# With numbers of your own, in `recurrent/answers_words.py`:

# %%
check("forgotten")

# %% [markdown]
# ## 3.6 A model to hand in
#
# A course may have a leaderboard; where yours has one, the README says so. Then you can hand in the
# weights of a model, and are ranked by its bits a character on Python source that you have not
# seen. The model of 3.2 is a start: read on with a smaller learning rate, save it, and score what
# was saved as it is done there, on the text that you hold out yourself. Every stretch of 513
# characters is read from a state of zeros.

# %%
handed_in = {name: value.copy() for name, value in params.items()}
_ = train(handed_in, budget(500, 20), learning_rate=2e-3)

# %%
from pathlib import Path

from safetensors.numpy import load_file

file = Path(recurrent.__file__).with_name("weights.safetensors")
save_weights(file, handed_in)
saved = load_file(file)
stretches = held_out[: len(held_out) // 513 * 513].reshape(-1, 513)[:64]
loss, _, _ = loss_and_grads(saved, stretches, np.zeros((len(stretches), H), single))
characters = len(stretches) * 512
score = bits_per_char(np.array([loss * characters]), np.array([characters]))
_ = reached("saved LSTM, held-out bits a character", score, at_most=budget(2.6, 5.5))

# %% [markdown]
# A better model has more units, has read more text, or has read it more often: `H`, the budget of
# `source_code` and that of `train` are yours to change. An RNN or a GRU of yours may be handed in,
# too.

# %% [markdown]
# ## You should now be able to
#
# Try each of these with the page covered. What does not come leads you back to its section.

# %% [markdown] tags=["charlm"]
# * write the loss of a character model, and say what the best model of pairs can reach on a given
#   text;
# * turn nats into bits a character, and say what guessing costs;
# * say what a temperature does to a distribution, and write a text with a model that guesses the
#   next character.

# %% [markdown] tags=["cells"]
# * say how to look for a cell that follows a signal, and why an untrained network is what it has to
#   be compared with;
# * build, without training, a cell that keeps a bit and a cell that counts;
# * say what does not follow from a cell for which you have found a name.

# %% [markdown] tags=["charlm"]
# The characters went in one-hot here: no two of them are more alike than any others. Words are too
# many for that, and some are alike. Notebook 4 gives them vectors.

# %% [markdown]
# ## To read on
#
# * Karpathy, Johnson and Fei-Fei 2015, [Visualizing and understanding recurrent
#   networks](https://arxiv.org/abs/1506.02078): the cells of section 3.4, found in larger networks,
#   and how sure one can be of them.
# * Karpathy 2015, [The unreasonable effectiveness of recurrent neural
#   networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/): what larger character
#   models write.
# * Shannon 1951, [Prediction and entropy of printed
#   English](https://doi.org/10.1002/j.1538-7305.1951.tb01366.x): people guess the next letter, and
#   bits a character come out.
# * Weiss, Goldberg and Yahav 2018, [On the practical computational power of finite precision RNNs
#   for language recognition](https://arxiv.org/abs/1805.04908): why an LSTM can count and a GRU
#   cannot.
