# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   recurrent: {lessons: [embedding, rnn, head, answers_words]}
# ---

# %% [markdown]
# # 4 · Words
#
# A network computes with numbers, and words are not numbers. Give every word a number of its own,
# and *cat* would lie between *castle* and *catalogue*. Give every word a direction of its own, and
# no two have anything in common. Here you do what works: give every word a vector, and let the
# company it keeps decide where the vector points.
#
# {{files}} This notebook only calls your functions.
#
# $V$ words in the vocabulary, $D$ numbers in a vector, $N$ batch, $T$ words in a row.

# %% tags=["setup"]
from check import case, check, hint

# %%
import numpy as np

from recurrent.data import glove, sentences
from recurrent.embedding import (
    analogy,
    bigram_lm_loss,
    cooccurrence,
    init_embedding,
    nearest,
    rnnlm_loss,
    skipgram_negative_loss,
    skipgram_softmax_loss,
    word_embedding_backward,
    word_embedding_forward,
)
from recurrent.pictures.curves import curves
from recurrent.pictures.maps import word_map
from recurrent.training import Adam, budget, progress, reached

# %% [markdown]
# ## 4.1 A table of vectors
#
# A word's one-hot vector is zero everywhere but in its own place. Multiply it by a matrix, and out
# comes one row of the matrix. So nobody multiplies: the row is looked up.
#
# $$\mathrm{out}_{n,t} = W_{x_{n,t}} = \mathrm{onehot}(x_{n,t})\, W$$
#
# Going back, every place where a word stood sends its gradient to that word's row. A word that
# stood there three times gets three. Write `word_embedding_forward` and `word_embedding_backward`.

# %%
check("word_embedding_forward")

# %%
check("word_embedding_backward")

# %% [markdown]
# **Experiment: it is a matrix product.** The same numbers both ways, forward and backward.

# %%
rng = np.random.default_rng(0)
V, D = 50, 8
x, W = rng.integers(V, size=(6, 20)), rng.normal(size=(V, D))
one_hot = np.identity(V).take(x, axis=0)  # (N, T, V)
out, cache = word_embedding_forward(x, W)
dout = rng.normal(size=out.shape)
_ = reached(
    "lookup against product with one-hot vectors, largest difference",
    np.abs(out - one_hot @ W).max(),
    at_most=1e-12,
)
as_product = np.einsum("ntv,ntd->vd", one_hot, dout)
difference = np.abs(word_embedding_backward(dout, cache) - as_product).max()
_ = reached("the same for the gradient of the table", difference, at_most=1e-12)

# %% [markdown]
# **Question.** With a vocabulary of 400 000 words and vectors of 50 numbers, how many
# multiplications does the product need for one word, and how many the lookup?

# %% [markdown] tags=["answer"]
# Twenty million, and none.

# %% [markdown]
# Some of the questions count, with numbers of your own. Write who you are into `STUDENT` in
# `recurrent/answers_words.py`, and a cell like the next one shows you yours. The answer is
# one number, or a list, which you return there.

# %%
check("products_of_one_hot")

# %%
check("cases_that_tell_repeats")

# %% [markdown]
# ## 4.2 The company it keeps
#
# The corpus of this notebook is made up: plain sentences from a little grammar, about a few hundred
# words. It has the advantage that we know what there is to be found, and the disadvantage that it
# says nothing about English. That comes at the end.

# %%
text = sentences.sentences(budget(12_000, 2_500), seed=1)
vocabulary = sentences.vocabulary(text)
ids = [vocabulary.ids(sentence) for sentence in text]
V, WINDOW = len(vocabulary.words), 4
print(f"{len(text)} sentences, {sum(map(len, ids))} words, {V} different ones")
for sentence in text[:5]:
    print("   ", " ".join(sentence))

# %% [markdown]
# Count, for every word, which words stand near it. Write `cooccurrence`.

# %%
check("cooccurrence")

# %% [markdown]
# Each row of the counts is already a vector for a word. Write `nearest`, and ask whose rows point
# the same way.

# %%
check("nearest")

# %%
C = sum(cooccurrence(sentence, V, WINDOW) for sentence in ids)


def neighbours(E, words, k=4):
    """Print the k nearest words of some words, by their vectors E (V, D)."""
    for word in words:
        found = nearest(E[vocabulary.ids([word])[0]], E, k + 1)
        print(
            f"{word:>10}:",
            ", ".join(vocabulary.words[i] for i in found if vocabulary.words[i] != word),
        )


WORDS = ["king", "paris", "japan", "bigger", "cold"]
neighbours(C, WORDS)

# %% [markdown]
# **Questions.** (a) The counts of *the* are large in every row. What does that do to the cosines?
# (b) What would you do about it?

# %% [markdown] tags=["answer"]
# (a) All rows point towards *the*, and so towards each other; what tells words apart is a small
# part of the angle. (b) Compare with what chance would give: the logarithm of C over the product of
# the two words' frequencies (pointwise mutual information).

# %% [markdown]
# ## 4.3 Do not count, predict
#
# A bigram language model predicts the next word from the one before, through a small network. To
# predict well it has to give similar vectors to words with similar followers.
#
# $$s = \tanh(E_w W_1 + b_1), \qquad \mathrm{loss} = -\frac{1}{N} \sum_n \log \mathrm{softmax}(s W_2
# + b_2)_{t_n}$$
#
# Write `bigram_lm_loss`.

# %%
check("bigram_lm_loss")

# %%
D, H = 16, 32
pairs = np.concatenate([np.stack([sentence[:-1], sentence[1:]], axis=1) for sentence in ids])
held_out, training = pairs[: len(pairs) // 10], pairs[len(pairs) // 10 :]
params = {
    "E": rng.normal(size=(V, D)) / 4, "W1": rng.normal(size=(D, H)) / 4, "b1": np.zeros(H),
    "W2": rng.normal(size=(H, V)) / 6, "b2": np.zeros(V),
}  # fmt: skip
adam, losses = Adam(params, 0.01), []
for _ in progress(range(budget(1500, 250)), "bigrams"):
    words, targets = training[rng.integers(len(training), size=128)].T
    loss, grads = bigram_lm_loss(params, words, targets)
    adam.step(grads)
    losses.append(loss)

# What counting gives, with one count added everywhere: the best that a model of the word before can
# do, nearly.
counts = np.ones((V, V))
np.add.at(counts, tuple(training.T), 1)
table = np.log(counts / counts.sum(axis=1, keepdims=True))
counted = -table[tuple(held_out.T)].mean()
neural, _ = bigram_lm_loss(params, *held_out.T)

_ = curves(
    {
        "neural bigram model": np.convolve(losses, np.ones(20) / 20, "valid"),
        "counted, held out": np.full(len(losses) - 19, counted),
    },
    "iterations",
    "loss in nats a word",
    "Predicting the next word from the one before",
)  # fmt: skip
_ = reached(
    "neural bigram model, nats a word above the counted one",
    neural - counted,
    at_most=budget(0.1, 0.6),
)

# %% [markdown]
# ## 4.4 Skip-gram
#
# Turn it round and forget about order: one word predicts each of the words around it. Two tables,
# one for a word as the centre and one for it as a neighbour; the score of a pair is the product of
# their vectors.
#
# $$\mathrm{loss} = -\sum_{o} \log \mathrm{softmax}(U v)_o, \qquad v = \mathrm{centers}_c$$
#
# Write `skipgram_softmax_loss`.

# %%
check("skipgram_softmax_loss")

# %% [markdown]
# The softmax asks every word of the vocabulary for every pair. Negative sampling asks only the true
# neighbour and a few words drawn at random, and wants yes for the one and no for the others.
#
# $$\mathrm{loss} = -\log \sigma(u_o \cdot v) - \sum_k \log \sigma(-u_k \cdot v)$$
#
# Write `skipgram_negative_loss`. A word that is drawn twice counts twice.

# %%
check("skipgram_negative_loss")

# %% [markdown]
# **Experiment: vectors from company.** Both losses, trained on our corpus with plain gradient
# descent; then the nearest neighbours again, and a map.


# %%
def train_skipgram(negatives, epochs, D=24, learning_rate=0.05):
    """The two tables, after some passes over the corpus. negatives: how many to draw; 0 for the
    whole softmax.
    """
    rng = np.random.default_rng(3)
    centers, outsides = rng.normal(size=(2, V, D)) / D
    often = vocabulary.counts**0.75
    draw = rng.choice(V, size=200_000, p=often / often.sum())  # drawn once, used in turn
    step, steps, next_draw = 0, epochs * len(ids), 0
    for _ in range(epochs):
        for i in progress(rng.permutation(len(ids)), f"{negatives or 'all'} negatives"):
            sentence, rate = ids[i], learning_rate * (1 - 0.95 * step / steps)
            step += 1
            for t, center in enumerate(sentence):
                around = np.concatenate(
                    [sentence[max(0, t - WINDOW) : t], sentence[t + 1 : t + 1 + WINDOW]]
                )
                if not negatives:
                    _, dcenters, doutsides = skipgram_softmax_loss(
                        center, around, centers, outsides
                    )
                    centers -= rate * dcenters
                    outsides -= rate * doutsides
                    continue
                for outside in around:
                    drawn = draw[next_draw : next_draw + negatives]
                    next_draw = (next_draw + negatives) % (len(draw) - negatives)
                    _, dcenters, doutsides = skipgram_negative_loss(
                        center, outside, drawn[drawn != outside], centers, outsides
                    )
                    centers -= rate * dcenters
                    outsides -= rate * doutsides
    return centers, outsides


centers, outsides = train_skipgram(0, epochs=budget(4, 3))
neighbours(centers, WORDS)

# %%
few, _ = train_skipgram(5, epochs=1)
neighbours(few, WORDS)

# %% [markdown]
# ## 4.5 Analogies
#
# What a man is to a king, a woman is to a ...: if the step from *man* to *king* is the same as the
# one from *woman* to *queen*, then $king - man + woman$ lies near *queen*. Write `analogy`; the
# three words of the question do not compete.

# %%
check("analogy")


# %%
def share_right(E, words, asked):
    """Kind -> the share of analogies answered right; the average over kinds is under `all`."""
    known = {word: i for i, word in enumerate(words)}
    shares = {}
    for kind, questions in asked.items():
        hits = [analogy(E, *(known[w] for w in (a, b, c))) == known[d] for a, b, c, d in questions]
        shares[kind] = float(np.mean(hits))
    return shares | {"all": float(np.mean(list(shares.values())))}


def show_shares(title, shares):
    """One line a kind."""
    print(title)
    for kind, share in shares.items():
        print(f"    {kind:>14}: {share:.2f}")


asked = sentences.questions()
trained, random = (
    share_right(E, vocabulary.words, asked) for E in (centers, rng.normal(size=centers.shape))
)
show_shares("Vectors trained on the made-up corpus", trained)
_ = reached("analogies of the made-up corpus, skip-gram", trained["all"], at_least=budget(0.5, 0.3))
_ = reached("analogies of the made-up corpus, random vectors", random["all"], at_most=0.1)

# %%
PLOTTED = {
    "he": [he for he, _, _ in sentences.PEOPLE],
    "she": [she for _, she, _ in sentences.PEOPLE],
    "countries": [country[0] for country in sentences.COUNTRIES],
    "capitals": [country[1] for country in sentences.COUNTRIES],
}
names = [word for group in PLOTTED.values() for word in group]
places = {word: i for i, word in enumerate(names)}
_ = word_map(
    centers[vocabulary.ids(names)],
    names,
    {group: [places[word] for word in words] for group, words in PLOTTED.items()},
    "The made-up corpus: what the grammar put in",
    lines=[(places[a], places[b]) for one, two in (("he", "she"), ("countries", "capitals"))
           for a, b in zip(PLOTTED[one], PLOTTED[two], strict=True)],
)  # fmt: skip

# %% [markdown]
# **Questions.** (a) Without the clause that the three words do not compete, what is the answer to
# most questions? Try it with `nearest`. (b) The share is high because our grammar is so regular.
# Which sentence forms of `data/sentences.py` make *queen* to *king* what *woman* is to *man*?

# %% [markdown] tags=["answer"]
# (a) The second word: `b - a + c` lies nearest to b, since the step from a to c is shorter than the
# vectors. (b) Those with *his* and *her*, a coat and a dress: they are the same for all of a kind,
# and a word's place (throne, castle) is shared by the pair.

# %% [markdown]
# ## 4.6 Starting from known vectors
#
# Often some words have vectors from elsewhere and some have none. Write `init_embedding`: the
# unknown rows are drawn with the spread of the known ones, so that nobody stands out by length.

# %%
check("init_embedding")

# %% [markdown]
# And a language model with a memory, which reads by one table and writes by another. Write
# `rnnlm_loss`.

# %%
check("rnnlm_loss")

# %% [markdown]
# **Experiment: a good start.** The same recurrent language model from two starts: random vectors,
# and the skip-gram vectors of above. (`U` has rows of length $H$, so the vectors have as many
# numbers as the state.)


# %%
def train_rnnlm(U, iterations, learning_rate=0.003):
    """The loss at every iteration."""
    rng = np.random.default_rng(4)
    H = U.shape[1]
    params = {
        "U": U.copy(),
        "W": rng.normal(size=(H, H)) / np.sqrt(H),
        "b": np.zeros(H),
        "V": rng.normal(size=(H, V)) / 5,
    }
    adam, losses = Adam(params, learning_rate), []
    stream = np.concatenate(ids)
    for _ in progress(range(iterations), "rnnlm"):
        starts = rng.integers(len(stream) - 13, size=32)
        loss, grads = rnnlm_loss(params, stream[starts[:, None] + np.arange(13)], np.zeros((32, H)))
        adam.step(grads)
        losses.append(loss / 12)
    return np.array(losses)


scale = 1 / np.linalg.norm(centers, axis=1).mean()
nothing_known = init_embedding(
    np.zeros(V, dtype=bool), centers, np.random.default_rng(5)
) / np.sqrt(centers.shape[1])
losses = {
    "from skip-gram vectors": train_rnnlm(centers * scale, budget(500, 80)),
    "from random vectors": train_rnnlm(nothing_known, budget(500, 80)),
}
_ = curves(
    {name: np.convolve(values, np.ones(10) / 10, "valid") for name, values in losses.items()},
    "iterations",
    "loss in nats a word",
    "A recurrent language model with two starts",
)
early = {name: values[10:60].mean() for name, values in losses.items()}
_ = reached("rnnlm, nats a word that the known vectors are ahead at iterations 10 to 60",
            early["from random vectors"] - early["from skip-gram vectors"],
            at_least=0.02)  # fmt: skip
_ = reached(
    "rnnlm, nats a word at the end",
    losses["from skip-gram vectors"][-20:].mean(),
    at_most=budget(1.7, 4.2),
)

# %% [markdown]
# ## 4.7 Real words
#
# GloVe vectors were trained on six thousand million words of English. If the package is not
# installed, this says how to get it, and goes on with the vectors you have trained.

# %%
try:
    glove_words, E = glove.load(budget(30_000, 10_000))
    asked, real = glove.questions(glove_words), True
except glove.NoVectors as why:
    print(why)
    glove_words, E, asked, real = list(vocabulary.words), centers, sentences.questions(), False

known = {word: i for i, word in enumerate(glove_words)}
for a, b, c in (("man", "king", "woman"), ("france", "paris", "japan"), ("big", "bigger", "fast")):
    print(f"{a} is to {b} as {c} is to {glove_words[analogy(E, known[a], known[b], known[c])]}")
shares = share_right(E, glove_words, asked)
show_shares("GloVe" if real else "Our own vectors", shares)
if real:
    answers = [glove_words[analogy(E, *(known[word] for word in question.split()))]
               for question in ("man king woman", "france paris japan")]  # fmt: skip
    _ = reached(
        "GloVe: queen and tokyo are the answers", float(answers == ["queen", "tokyo"]), at_least=1
    )
    _ = reached("GloVe: our own analogies, all kinds", shares["all"], at_least=0.5)
    _ = reached("GloVe: nationalities", shares["nationality"], at_least=0.8)

# %%
if real:
    groups = {
        "countries": "france germany italy spain japan egypt england",
        "capitals": "paris berlin rome madrid tokyo cairo london",
        "he": "man king father brother uncle",
        "she": "woman queen mother sister aunt",
        "animals": "dog cat horse cow sheep",
    }
else:
    groups = {name: " ".join(words) for name, words in PLOTTED.items()}
names = " ".join(groups.values()).split()
places = {word: i for i, word in enumerate(names)}
_ = word_map(
    E[[known[word] for word in names]].astype(float),
    names,
    {group: [places[word] for word in words.split()] for group, words in groups.items()},
    "GloVe, 50 numbers a word, in two" if real else "Our own vectors, in two",
    lines=[(places[a], places[b]) for one, two in (("countries", "capitals"), ("he", "she"))
           for a, b in zip(groups[one].split(), groups[two].split(), strict=True)],
)  # fmt: skip

# %% [markdown]
# **Questions.** (a) Opposites do badly and nationalities well. What company do *hot* and *cold*
# keep? (b) The map keeps a part of all differences only, and says which part. What can you not
# conclude from two words that lie close on it? (c) Ask the vectors `man`, `doctor`, `woman`. Where
# does such an answer come from, and who is harmed if a program acts on it?

# %% [markdown] tags=["answer"]
# (a) The same: both are said of weather, water, food. Company tells what words are about, not which
# end they stand for. (b) That they are close: they may differ in a direction that is not drawn. (c)
# From the text: vectors learn who was written about, and how. Whoever sorts applications by them
# repeats it.
