# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   recurrent: {lessons: [attention, torch_models, answers_captions]}
# ---

# %% [markdown]
# # 6 · Translation
#
# A translator that reads a sentence into one vector and writes from that vector alone has to fit
# everything through a keyhole. Here you open the door: at every word it writes, the decoder may
# look at every word it has read. First by hand, forward and backward in numpy; then in torch, where
# the same lines train on a real task: numbers, from German to English. And at the end everybody
# looks at everybody, which is the Transformer.
#
# {{files}} This notebook only calls your code.
#
# $N$ batch, $T$ source positions, $H$ decoder state, $E$ encoder state, $A$ hidden units of the
# alignment network.

# %% tags=["setup"]
from check import case, check, hint

# %%
import numpy as np

from recurrent.attention import (
    additive_attention_backward,
    additive_attention_forward,
    masked_softmax,
)
from recurrent.pictures.alignment import alignment, several
from recurrent.pictures.curves import curves
from recurrent.training import Adam, budget, progress, reached

# %% [markdown]
# ## 6.1 Weights that sum to one, and padding that is not there
#
# The decoder scores every source position, $e_1 \dots e_T$, and turns the scores into shares of its
# attention:
#
# $$a_i = \frac{\exp e_i}{\sum_j \exp e_j}$$
#
# Sentences of a batch differ in length, so the shorter ones are padded, and `mask` says where there
# is a word. A padded position gets weight 0: not a small number, none at all.
#
# Write `masked_softmax` in `recurrent/attention.py`.

# %%
check("masked_softmax")

# %% [markdown]
# Each weight depends on every score of its row, since they share one sum. Write
# `masked_softmax_backward`.

# %%
check("masked_softmax_backward")

# %% [markdown]
# **Experiment: the price of being sure.** Four positions, two of them padding. We multiply the
# scores by a growing factor and look at the weights.

# %%
e = np.array([[0.3, 1.0, 5.0, 5.0]])
mask = np.array([[True, True, False, False]])
factors = np.array([0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0])
shares = np.concatenate([masked_softmax(factor * e, mask) for factor in factors])

_ = curves(
    {f"position {i}": np.stack([factors, shares[:, i]], axis=1) for i in range(4)},
    "factor on the scores",
    "attention weight",
    "Positions 2 and 3 are padding, whatever their scores",
)
_ = reached("weight on padding, whatever its score", shares[:, 2:].max(), at_most=0.0)

# %% [markdown]
# **Questions.** (a) What are the weights at factor 0, and why? (b) At factor 16, how large is the
# gradient of a weight by a score? Use $\partial a_i / \partial e_j = a_i ([i = j] - a_j)$.

# %% [markdown] tags=["answer"]
# (a) One half each: equal scores, two words. (b) Nearly 0. A decoder that is sure has stopped
# learning where to look, just as a saturated gate has stopped learning when to open.

# %% [markdown]
# Some of the questions count, with numbers of your own. Write who you are into `STUDENT` in
# `recurrent/answers_captions.py`, and a cell like the next one shows you yours. The answer is
# one number, or a list, which you return there.

# %%
check("sharp_weight")

# %%
check("weight_by_score")

# %% [markdown]
# ## 6.2 Where to look
#
# How well source state $h_i$ answers what the decoder, in state $s$, wants to know, is judged by a
# small network with one hidden layer. Then the states are averaged with the weights:
#
# $$e_i = v \cdot \tanh(s W + h_i U), \qquad a = \mathrm{softmax}(e), \qquad c = \sum_i a_i h_i$$
#
# {{drawing additive_attention}}
#
# Write `additive_attention_forward` and `additive_attention_backward`. Going back, mind that $h_i$
# is used twice: it is judged, and it is averaged.

# %%
check("additive_attention_forward")

# %%
check("additive_attention_backward")

# %% [markdown]
# **Experiment: learn to look something up.** Each source is a list of pairs, a key and a value; the
# decoder asks with one of the keys and wants its value. Nothing recurs here: attention alone has to
# do it, with your gradients and Adam. The right place to look is known, so we can see whether it
# looks there.

# %%
KEYS, VALUES, PAIRS, A = 6, 5, 5, 24
rng = np.random.default_rng(0)


def draw_lookup(N, rng):
    """s (N, KEYS) the question, h (N, PAIRS, KEYS + VALUES) the list, mask, target value (N,), its
    place (N,).
    """
    keys = np.argsort(rng.random((N, KEYS)), axis=1)[:, :PAIRS]
    values = rng.integers(VALUES, size=(N, PAIRS))
    lengths = rng.integers(2, PAIRS + 1, size=N)
    place = (rng.random(N) * lengths).astype(int)
    h = np.concatenate([np.identity(KEYS)[keys], np.identity(VALUES)[values]], axis=2)
    rows = np.arange(N)
    return (
        np.identity(KEYS)[keys[rows, place]],
        h,
        np.arange(PAIRS) < lengths[:, None],
        values[rows, place],
        place,
    )


params = {
    "W": rng.normal(size=(KEYS, A)) / 2,
    "U": rng.normal(size=(KEYS + VALUES, A)) / 2,
    "v": rng.normal(size=A) / 2,
    "out": rng.normal(size=(KEYS + VALUES, VALUES)) / 2,
}
adam, looked = Adam(params, 0.02), []
for _ in progress(range(budget(1500, 500)), "looking up"):
    s, h, mask, target, place = draw_lookup(64, rng)
    context, weights, cache = additive_attention_forward(
        s, h, mask, params["W"], params["U"], params["v"]
    )
    scores = context @ params["out"]
    probs = np.exp(scores - scores.max(1, keepdims=True))
    probs /= probs.sum(1, keepdims=True)
    looked.append(weights[np.arange(64), place].mean())
    probs[np.arange(64), target] -= 1
    _, _, *grads = additive_attention_backward(probs @ params["out"].T / 64, cache)
    adam.step(dict(zip("WUv", grads, strict=True)) | {"out": context.T @ probs / 64})

smooth = np.convolve(looked, np.ones(25) / 25, mode="valid")
_ = curves(
    {"on the right pair": smooth, "guessing": np.full(len(smooth), np.mean(1 / mask.sum(1)))},
    "iterations",
    "attention weight",
    "Nobody said where to look, only what the answer was",
)
_ = reached(
    "attention on the pair asked for (guessing: 0.32)", smooth[-1], at_least=budget(0.9, 0.6)
)

# %%
s, h, mask, target, place = draw_lookup(8, np.random.default_rng(5))
_, weights, _ = additive_attention_forward(s, h, mask, params["W"], params["U"], params["v"])
there = np.identity(PAIRS)[place]
_ = several(
    [weights, there], ["looked at", "asked for"], "place in the list", "question", "Eight questions"
)

# %% [markdown]
# **Questions.** (a) The loss never mentions the weights. How did they learn? (b) What would happen
# to them if `out` could not tell two values apart?

# %% [markdown] tags=["answer"]
# (a) Through the context: a weight that moves the average towards the right value lowers the loss,
# and the gradient says by how much. (b) There would be no reason to look at one rather than the
# other of the two, and the weights would stay split.

# %% [markdown]
# ## 6.3 A step that looks first
#
# The decoder asks with its *old* state, because the new one does not exist yet; then it reads the
# word before and the context side by side:
#
# $$s_t = \tanh([x_t; c_t]\, W_x + s_{t-1} W_h + b)$$
#
# Write `attention_step_forward` and `attention_step_backward`. The old state is used twice.

# %%
check("attention_step_forward")

# %%
check("attention_step_backward")

# %% [markdown]
# ## 6.4 The same in torch
#
# From here torch does the backward pass, and what you write, in `recurrent/torch_models.py`, are
# the forward passes once more: the LSTM step, attention, and the translator made of them.
#
# The translator is the fourth pattern of notebook 1: it reads a sentence, and then writes another.

# %%
check("lstm_cell")

# %%
check("additive_attention")

# %%
check("seq2seq_encode")

# %%
check("seq2seq_forward")

# %%
check("seq2seq_translate")

# %% [markdown]
# **Experiment: German numbers.** *achthundertdreiundzwanzig* is *eight hundred twenty three*:
# German says the three before the twenty and writes it all as one word. The source is read letter
# by letter, the target written word by word, and the numbers go up to $10^9$. We train your
# `AttentionSeq2Seq` twice, for the same number of iterations, with the same seed: once as it is,
# once with its attention taken out, so that all it has of the source is the last state of the
# encoder.
#
# Short numbers come first, the longest ones when two thirds of the iterations are over. Learning to
# count with three-digit numbers is quick; what was learned is then there for the long ones.

# %% tags=["torch_models"]
import torch
from torch import nn

from recurrent.data.numbers import dictionary, draw_numbers, english, german, pairs
from recurrent.torch_models import AttentionSeq2Seq, TransformerBlock

torch.set_num_threads(1)
DIGITS = budget(9, 4)
numbers = draw_numbers(budget(8600, 1500), seed=0, most_digits=DIGITS)
known = dictionary(numbers)
held_out = pairs(numbers[: budget(600, 100)], known)
training = pairs(numbers[budget(600, 100) :], known)
for number in numbers[:4]:
    print(f"{german(number)}  →  {' '.join(english(number))}")


# %%
class NoAttention(nn.Module):
    """Looks at nothing: a context of zeros, and equal weights for the picture."""

    def forward(self, s, h, mask):
        return torch.zeros_like(h[:, 0]), mask / mask.sum(1, keepdim=True)


def train_translator(with_attention, iterations, N, H, learning_rate=6e-3):
    """The trained model and its loss at every iteration."""
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    model = AttentionSeq2Seq(len(known.letters), len(known.words), 32, H, 64)
    if not with_attention:
        model.attention = NoAttention()
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, learning_rate, total_steps=iterations, pct_start=0.1
    )
    lengths = training.source_mask.sum(1)
    shortest_first, losses = np.argsort(lengths, kind="stable"), []
    for iteration in progress(range(iterations), "with attention" if with_attention else "without"):
        share = min(1.0, 0.15 + 0.85 * iteration / (0.7 * iterations))
        pool = rng.choice(
            shortest_first[: int(share * len(training))],
            min(4 * N, int(share * len(training))),
            False,
        )
        pool = pool[np.argsort(lengths[pool])]
        first = rng.integers(len(pool) - N + 1)
        batch = training.batch(pool[first : first + N])
        target = torch.tensor(batch.target)
        logits, _ = model(
            torch.tensor(batch.source), torch.tensor(batch.source_mask), target[:, :-1]
        )
        loss = nn.functional.cross_entropy(
            logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=0
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return model, np.array(losses)


def share_right(model):
    """The share of held-out numbers that are translated without a mistake."""
    right = 0
    for start in range(0, len(held_out), 100):
        batch = held_out.batch(range(start, min(start + 100, len(held_out))))
        source, mask = torch.tensor(batch.source), torch.tensor(batch.source_mask)
        written = model.translate(source, mask, known.start, known.end, batch.target.shape[1])
        right += sum(
            tuple(known.say(row)) == english(n)
            for row, n in zip(written.numpy(), batch.numbers, strict=True)
        )
    return right / len(held_out)


iterations, N, H = budget(600, 60), budget(64, 32), budget(128, 64)
looking, losses_looking = train_translator(True, iterations, N, H)
blind, losses_blind = train_translator(False, iterations, N, H)

# %%
window = np.ones(10) / 10
_ = curves(
    {
        "with attention": np.convolve(losses_looking, window, mode="valid"),
        "without": np.convolve(losses_blind, window, mode="valid"),
    },
    "iterations",
    "loss in nats a word",
    f"Numbers of up to {DIGITS} digits, which grow longer as training goes on",
)
_ = reached("numbers, loss of the first ten iterations over that of the last, with attention",
            losses_looking[:10].mean() / losses_looking[-10:].mean(),
            at_least=budget(10, 1.2))  # fmt: skip
with_it = reached(
    "held-out numbers right, with attention", share_right(looking), at_least=budget(0.9, 0)
)
without = reached(
    "held-out numbers right, without attention", share_right(blind), at_most=budget(0.5, 1)
)

# %% [markdown]
# Now look at where it looks. Feed the true translation (teacher forcing) and draw the weights: a
# row for each word written.


# %%
def draw_alignment(number):
    """(T, S) weights and the two sentences."""
    one = pairs([number], known)
    with torch.no_grad():
        _, weights = looking(
            torch.tensor(one.source),
            torch.tensor(one.source_mask),
            torch.tensor(one.target[:, :-1]),
        )
    return weights[0].numpy(), list(german(number)), [*english(number), "<END>"]


for number in budget([833, 823_154], [833]):
    weights, letters, words = draw_alignment(number)
    _ = alignment(weights, letters, words, german(number))

# %% [markdown]
# **Questions.** (a) In *achthundertdreiunddreißig*, which rows of the map jump to the right and
# back? Why must they? (b) The weights often sit on a letter behind the one you expect. What does
# the encoder know there that it did not know before? (c) Why does the translator without attention
# do better on short numbers than on long ones?

# %% [markdown] tags=["answer"]
# (a) *thirty* and the *three* after it: the thirty stands at the end of the German word, the three
# before it. (b) The whole of the morpheme: after *drei* alone it may still become *dreizehn* or
# *dreißig*, and the state a letter or two later knows. (c) Its one vector has to hold all digits at
# once. Three fit; nine do not, in so many iterations.

# %% [markdown]
# **Reading both ways.** Our encoder reads from left to right, so that the state at a letter knows
# what stands before it and nothing of what follows. That is why the weights above come late.
# Bahdanau, Cho and Bengio, who invented this attention ("Neural Machine Translation by Jointly
# Learning to Align and Translate", 2015), had two encoders: one reads forwards, the other, with
# weights of its own, backwards, and $h_i$ is both states side by side.
#
# {{drawing bidirectional_encoder}}

# %% [markdown]
# **Questions.** (a) In *dreizehn*, what does each of the two states at the *i* of *drei* know?
# Where would you expect a decoder with such an encoder to look for *thirteen*? (b) A row of a batch
# is padded at its end. What does the network that reads backwards meet first, and what has to be
# done about it? (c) Could a model that writes, such as the character model of notebook 3, read both
# ways too?

# %% [markdown] tags=["answer"]
# (a) The one that reads forwards knows *drei*, the other *zehn* and the *i*: together they know the
# whole number, at any letter of it, so that the weights need not wait for the end. (b) The padding:
# it would start with a state that the padding made. Each row has to be turned round within its own
# length. (c) No. It would read what it has yet to write.

# %% [markdown]
# ## 6.5 Everybody looks at everybody
#
# If looking is what matters, why recur at all? In self-attention every position of a sentence asks
# every other, in several heads at once:
#
# $$\mathrm{weights}_{ij} = \mathrm{softmax}_j\left(\frac{Q_i \cdot K_j}{\sqrt{d}}\right), \qquad
# \mathrm{out}_i = \sum_j \mathrm{weights}_{ij} V_j$$
#
# Add what you had, normalise, run a small network over every position by itself, add and normalise
# again: a Transformer block. Write `LayerNorm`, `SelfAttention` and `TransformerBlock`.
#
# {{drawing transformer_block}}

# %%
check("layer_norm")

# %%
check("self_attention")

# %%
check("transformer_block")

# %% [markdown]
# **Experiment: no looking ahead.** A model that writes may not see what it has yet to write. With
# `causal=True` a change of position 5 may move the outputs at 5 and later, and none before. Is that
# so?

# %%
torch.manual_seed(0)
T, E = 9, 16
block = TransformerBlock(E, 2, 32)
x = torch.randn(1, T, E)
words = torch.ones(1, T, dtype=torch.bool)
changed = x.clone()
changed[0, 5] += 1.0
with torch.no_grad():
    moved = {
        name: (block(x, words, causal) - block(changed, words, causal)).norm(dim=2)[0].numpy()
        for name, causal in {"causal": True, "not causal": False}.items()
    }
_ = curves(moved, "position", "how far its output moves", "Position 5 was changed")
_ = reached("causal block: largest move before the change", moved["causal"][:5].max(), at_most=1e-6)
_ = reached(
    "block that may look ahead: smallest move before the change",
    moved["not causal"][:5].min(),
    at_least=1e-4,
)

# %% [markdown]
# **Experiment: order has to be told.** Self-attention alone does not know where anything stands:
# shuffle the words, and the outputs are shuffled alike. So a vector for the place is added to the
# vector for the word. The usual one is made of waves,
#
# $$p_{t,2k} = \sin(t / 10000^{2k/E}), \qquad p_{t,2k+1} = \cos(t / 10000^{2k/E}).$$
#
# The task: read a line of digits, write it backwards. One block without places, one with, trained
# alike.


# %%
def waves(T, E):
    """(T, E), sines in the even columns, cosines in the odd ones."""
    angle = np.arange(T)[:, None] / 10000 ** (np.arange(0, E, 2) / E)
    return np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(T, E)


class Reverser(nn.Module):
    """Digits -> vectors, with or without places -> one block -> a digit for every position."""

    def __init__(self, T, E, with_places):
        super().__init__()
        self.embedding = nn.Embedding(10, E)
        self.places = torch.tensor(
            waves(T, E) if with_places else np.zeros((T, E)), dtype=torch.float32
        )
        self.block = TransformerBlock(E, 4, 2 * E)
        self.output = nn.Linear(E, 10)

    def forward(self, digits):
        everywhere = torch.ones(digits.shape, dtype=torch.bool)
        return self.output(self.block(self.embedding(digits) + self.places, everywhere))


right = {}
for name, with_places in {"with places": True, "without places": False}.items():
    torch.manual_seed(2)
    model = Reverser(10, 64, with_places)
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    right[name] = []
    for _ in progress(range(budget(600, 150)), name):
        digits = torch.randint(10, (128, 10))
        logits, wanted = model(digits), digits.flip(1)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        right[name].append((logits.argmax(2) == wanted).float().mean().item())

_ = curves(
    {name: np.convolve(values, window, mode="valid") for name, values in right.items()},
    "iterations",
    "share of right digits",
    "Ten digits, written backwards by one block",
)
_ = reached(
    "digits backwards, one block with places",
    np.mean(right["with places"][-10:]),
    at_least=budget(0.95, 0.5),
)
_ = reached(
    "digits backwards, one block without places",
    np.mean(right["without places"][-10:]),
    at_most=0.4,
)

# %%
_ = several(
    [(waves(40, 64) + 1) / 2],
    ["a row for each place"],
    "column",
    "place t",
    "The waves, from -1 (dark) to 1 (bright)",
)

# %% [markdown]
# **Questions.** (a) Without places the block still does better than guessing one digit in ten. How?
# (b) Which operations of the block would change if the sentence were twice as long, and how does
# the work grow? Compare an RNN. (c) `LSTM`, `attention`, `Transformer`: which of them can be
# computed for all positions at once while training, and why does that matter?

# %% [markdown] tags=["answer"]
# (a) It sees which digits there are, if not where, and can say the one that is there most often.
# (b) Only the attention: every position asks every position, four times the work for twice the
# length; an RNN does twice the work, one step after the other. (c) The Transformer: no position
# waits for the output of another. On hardware that does many things at once, that is the
# difference.

# %% [markdown]
# With numbers of your own, in `recurrent/answers_captions.py`:

# %%
check("attention_work")

# %% [markdown]
# ## 6.6 Your cell against the library's
#
# This section is optional, and has nothing to write. `nn.LSTM` has the same equations as your
# `LSTMCell`. It orders the blocks i f g o where yours are i f o g, has two biases that are added,
# and walks through time in compiled code. For rows of different length it takes a *packed*
# sequence, in which there is no padding at all: at each step only the rows that still go on are
# computed.
#
# **Experiment: the same weights, the same numbers?** Rows of 8 to 40 random symbols; at each step
# the network has to name the symbol that stood three steps before. Your cell and the library's
# start from the same weights and see the same batches. One thing must be seen to first: of two
# biases that are added, Adam moves both, so that their sum moves twice as far as your single one.
# The second one is therefore held at zero.

# %% tags=["torch_models"]
import time

from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from recurrent.torch_models import LSTMCell

SYMBOLS, BEFORE = 6, 3


class WithYourCell(nn.Module):
    """Your cell, step by step; what it says behind the end of a row is not looked at."""

    def __init__(self, H):
        super().__init__()
        self.cell, self.scores = LSTMCell(SYMBOLS, H), nn.Linear(H, SYMBOLS)

    def forward(self, x, lengths):
        state = memory = x.new_zeros(len(x), self.scores.in_features)
        said = []
        for now in x.unbind(1):
            state, memory = self.cell(now, state, memory)
            said.append(self.scores(state))
        return torch.stack(said, dim=1)


class WithTheLibrary(nn.Module):
    """torch's own LSTM on packed rows, with the weights of another model."""

    def __init__(self, other):
        super().__init__()
        D, H = other.cell.Wx.shape[0], other.scores.in_features
        self.lstm, self.scores = nn.LSTM(D, H, batch_first=True), nn.Linear(H, SYMBOLS)
        self.scores.load_state_dict(other.scores.state_dict())
        i_f, o, g = range(2 * H), range(2 * H, 3 * H), range(3 * H, 4 * H)
        places = [*i_f, *g, *o]
        with torch.no_grad():
            self.lstm.weight_ih_l0.copy_(other.cell.Wx[:, places].T)
            self.lstm.weight_hh_l0.copy_(other.cell.Wh[:, places].T)
            self.lstm.bias_ih_l0.copy_(other.cell.b[places])
            self.lstm.bias_hh_l0.zero_()
        self.lstm.bias_hh_l0.requires_grad = False

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(
            self.lstm(packed)[0], batch_first=True, total_length=x.shape[1]
        )
        return self.scores(states)


def draw_rows(N, T, generator):
    """Symbols one-hot (N, T, SYMBOLS), lengths (N,), targets (N, T) with -100 where none is due."""
    ids = torch.randint(SYMBOLS, (N, T), generator=generator)
    lengths = torch.randint(8, T + 1, (N,), generator=generator)
    targets = ids.roll(BEFORE, dims=1)
    at = torch.arange(T)
    targets[(at < BEFORE) | (at >= lengths[:, None])] = -100
    return nn.functional.one_hot(ids, SYMBOLS).double(), lengths, targets


def losses_of(model, iterations, what):
    """The loss in every iteration, on batches that depend on nothing else, (iterations,)."""
    generator = torch.Generator().manual_seed(3)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    adam, losses = torch.optim.Adam(learned, 1e-2), []
    for _ in progress(range(iterations), what):
        x, lengths, targets = draw_rows(16, 40, generator)
        loss = nn.functional.cross_entropy(model(x, lengths).flatten(0, 1), targets.flatten())
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(loss.item())
    return np.array(losses)


torch.manual_seed(4)
yours = WithYourCell(24).double()
library = WithTheLibrary(yours).double()
x, lengths, targets = draw_rows(16, 40, torch.Generator().manual_seed(5))
due = targets >= 0
with torch.no_grad():
    apart = (yours(x, lengths) - library(x, lengths))[due].abs().max().item()
_ = reached("your LSTM and torch's, same weights: largest difference", apart, at_most=1e-10)

iterations = budget(200, 40)
loss_curves = {
    "your cell": losses_of(yours, iterations, "your cell"),
    "nn.LSTM, packed": losses_of(library, iterations, "nn.LSTM"),
}
_ = curves(
    loss_curves,
    "iterations",
    "loss in nats a symbol",
    "One curve lies on the other (guessing: 1.79)",
)
mine, theirs = loss_curves.values()
_ = reached(
    "your LSTM and torch's, loss curves: largest difference",
    np.abs(mine - theirs).max(),
    at_most=1e-6,
)
_ = reached("your LSTM, loss in the last iteration", mine[-1], at_most=budget(0.2, 1.7))

# %% [markdown]
# **Experiment: the price of a loop in Python.** Forward and backward on one batch of rows of 8 to
# 100 steps, on one thread of the processor, and on a GPU where there is one: your cell, the library
# on packed rows, and the library on padded rows.


# %% tags=["torch_models"]
class OnPaddedRows(WithTheLibrary):
    """torch's own LSTM, over the padding too."""

    def forward(self, x, lengths):
        return self.scores(self.lstm(x)[0])


def milliseconds(model, device, N=32, T=100):
    """The median time of a forward and a backward pass, in single precision: processor time, on a
    GPU the time that passes.
    """
    clock = time.perf_counter if device == "cuda" else time.process_time
    model = model.to(device, torch.float32)
    x, lengths, targets = draw_rows(N, T, torch.Generator().manual_seed(6))
    x, targets = x.to(device, torch.float32), targets.to(device)
    spent = []
    for _ in range(2 + budget(8, 3)):  # the first two warm up
        start = clock()
        loss = nn.functional.cross_entropy(model(x, lengths).flatten(0, 1), targets.flatten())
        loss.backward()
        if device == "cuda":
            torch.cuda.synchronize()
        spent.append(clock() - start)
    return 1000 * np.median(spent[2:])


for device in ("cpu", "cuda"):
    if device == "cuda" and not torch.cuda.is_available():
        print("There is no GPU here, so the comparison on one is skipped.")
        continue
    print(f"{device}, milliseconds{'your cell':>12}{'packed':>10}{'padded':>10}")
    for H in budget((32, 128, 256), (32,)):
        model = WithYourCell(H)
        models = model, WithTheLibrary(model), OnPaddedRows(model)
        own, packed, padded = (milliseconds(one, device) for one in models)
        print(f"{f'H = {H}':17}{own:12.1f}{packed:10.1f}{padded:10.1f}")
_ = reached("your LSTM's time over nn.LSTM's on padded rows, the largest H above", own / padded)

# %% [markdown]
# **Questions.** (a) `nn.LSTM` never sees the padding of packed rows, your loop computes it and
# looks away. Why are the losses the same, and the gradients? (b) Would they be, if the library also
# read from right to left (`bidirectional=True`) and a second loop of yours ran over the padded rows
# from their ends at $T$? (c) Your loop and the library on padded rows do the same multiplications.
# Where does your time go, and for which $H$ does that matter least? (d) Does packing, which saves
# work, save time in your table?

# %% [markdown] tags=["answer"]
# (a) Reading from left to right, a state at a real step depends on real steps only; and the states
# behind the end get no gradient, since no target is due there. (b) No: the second reading would
# come to the words from the padding. Rows have to be reversed within their own length, as packing
# does, and as notebook 8 does. (c) Into Python and into many small operations, each with its own
# bookkeeping for the backward pass: a fixed price for each step. The larger the matrices, the
# smaller its share. (d) Look. On our machine it did not, on one thread of the processor: the
# backward pass on packed rows took several times as long as on padded ones. Fewer operations are
# not always less time; measure before you believe.

# %% [markdown]
# ## You should now be able to
#
# Try each of these with the page covered. What does not come leads you back to its section.

# %% [markdown] tags=["attention"]
# * compute scores, weights and context for two source positions on paper;
# * say which state asks, and why it cannot be the new one;
# * say how a gradient gets from a word to the place that was looked at, though no loss mentions
#   places;
# * say what a softmax that is sure of itself does to that gradient.

# %% [markdown] tags=["torch_models"]
# * read a map of alignments, and say why its weights often come a letter late;
# * draw a Transformer block, and say where its vectors interact and where they do not;
# * say what a mask forbids in a model that writes, and why order has to be told to it;
# * compare an RNN and self-attention by work, by steps that wait for each other, and by the length
#   of the way from one position to another.

# %% [markdown] tags=["rnn", "gradflow", "lstm", "charlm", "embedding", "captioning", "attention"]
# ## What the six notebooks say
#
# 1. **How can a network remember?** By a state, and one function at every step. Its gradient is a
#    product of matrices, and a long product rarely keeps a gradient's length.
# 2. **How can it remember longer?** By adding in place of replacing: along the cell state a
#    gradient meets the forget gate only. Whether that gate is open, a bias says first, and training
#    later.
# 3. **What does it remember?** What helps to guess the next character: a bracket, a quote. Some of
#    it shows in a single cell, and such cells can be built by hand.
# 4. **What is a word to it?** A row of a table. Words that keep the same company get rows that lie
#    near each other.
# 5. **How does it write?** A word at a time, each by what was read and written before. The most
#    probable sentence has to be searched for: the best words one by one do not make it.
# 6. **Must everything go through the state?** No. Attention reads what was kept, by weights that
#    come from what is asked and what is there; a Transformer does with that alone.
#
# One thread runs through all of it: **how far back does a gradient reach, and by which way?** Take
# an output, and an input $k$ steps before it.
#
# | | factors on the way | each of them | steps that wait for each other |
# | --- | --- | --- | --- |
# | vanilla RNN | $k$ | a slope and a matrix | $T$ |
# | LSTM, GRU, the direct way | $k$ | a gate | $T$ |
# | attention to an encoder's states | one | a weight | $T$ |
# | self-attention | one | a weight | one, but work as $T^2$ |
#
# (Vaswani and others, "Attention Is All You Need", 2017, have such a table.) No row is best in all:
# that is why you have built all four.
#
# The lecture has a map: `lecture.md`, beside the README, says of each slide where you met it, and
# which of your functions it became.

# %% [markdown]
# ## To read on
#
# * Sutskever, Vinyals and Le 2014, [Sequence to sequence learning with neural
#   networks](https://arxiv.org/abs/1409.3215): all of a sentence in one vector.
# * Bahdanau, Cho and Bengio 2015, [Neural machine translation by jointly learning to align and
#   translate](https://arxiv.org/abs/1409.0473): the attention of sections 6.1 to 6.3.
# * Vaswani and others 2017, [Attention is all you need](https://arxiv.org/abs/1706.03762): the
#   Transformer; the table above is like its table 1.
# * Ba, Kiros and Hinton 2016, [Layer normalization](https://arxiv.org/abs/1607.06450): the layer
#   between the others, first tried on recurrent networks.
# * Zhang, Lipton, Li and Smola 2023, [Dive into Deep Learning, on the
#   Transformer](https://d2l.ai/chapter_attention-mechanisms-and-transformers/transformer.html): a
#   larger one, with a decoder.
