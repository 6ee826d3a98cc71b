# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   recurrent:
#     lessons: [rnn, head, lstm, gru, embedding, captioning, beam, attention, answers_captions]
# ---

# %% [markdown]
# # 5 · Captions
#
# A picture goes in, a sentence comes out. A network that has seen a million photographs turns the
# picture into numbers; a recurrent network turns the numbers into words. You build the second one,
# let it write in two ways, and then let it look at the picture while it writes.
#
# {{files}}
#
# $N$ batch, $F$ features of a picture, $H$ hidden units, $V$ words, $K$ hypotheses in a beam.

# %% tags=["setup"]
from check import case, check, hint

# %%
import numpy as np

from recurrent.attention import attention_step_backward, attention_step_forward
from recurrent.beam import beam_search, greedy, rescore
from recurrent.captioning import CaptioningRNN, corpus_bleu
from recurrent.data.captions import decode, encode, vocabulary
from recurrent.data.features import covered, pooled, scene_features, whitened
from recurrent.data.scenes import ATTRIBUTION, draw, make_scenes
from recurrent.embedding import log_softmax, word_embedding_backward, word_embedding_forward
from recurrent.gru import gru_forward
from recurrent.head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from recurrent.pictures.attention import attention_over_picture
from recurrent.pictures.captions import gallery, race
from recurrent.pictures.curves import curves
from recurrent.training import Adam, budget, progress, reached

# %% [markdown]
# ## 5.1 Pictures and what may be said of them
#
# The pictures are small scenes: emoji on simple grounds, put together by a program. A grammar
# writes all captions that are right for a scene: four, each as good as the others. So there is no
# end of data, and it is always clear whether a caption is right, which nobody can say of
# photographs.

# %%
scenes, test_scenes = make_scenes(budget(2000, 120), seed=1), make_scenes(budget(300, 60), seed=2)
shown = scenes[:8]
_ = gallery(
    [draw(scene, 256) for scene in shown],
    [scene.captions[0] for scene in shown],
    "Scenes, one caption of four",
    ATTRIBUTION,
)
print(*scenes[0].captions, sep="\n")

# %% [markdown]
# The first half of EfficientNet-Lite0, a small network trained on photographs, has turned each
# picture into a grid of 8 x 8 cells. We use it as it is. Each cell holds 112 numbers that say what
# is there; principal components shorten them to 48. The first time this takes about a minute, then
# the numbers come from a file.
#
# For now the network gets the grid in a coarse form: the mean of each quarter of the picture, 4 x
# 48 = 192 numbers.

# %% [markdown]
# **Which layer, and what is trained?** The lecture takes the picture's vector from a VGGNet
# (Simonyan and Zisserman, 2015): many convolutions, three fully connected layers, and at the end
# scores for a thousand classes. Which of its layers is the picture to a captioner? The first know
# edges and colours; the last ones know what the thousand classes need. In between there is a trade:
# going up, *what* is there becomes plainer, and *where* it is gets lost, until the first fully
# connected layer mixes all places. Karpathy and Fei-Fei (2015) took the layer just before the
# scores, one vector of 4096 numbers. Xu and others (2015), whose network looks at places while it
# writes, took a grid of 14 x 14 from a convolution. We do as they did, and for the same reason:
# section 5.5 needs places.
#
# And should the network that sees be trained along (*fine-tuned*) or left as it is (*frozen*)? Xu
# and others froze it. Vinyals and others, in "Show and Tell: Lessons Learned from the 2015 MSCOCO
# Image Captioning Challenge", first trained the writing part alone and only then both. With both
# from the beginning, the noise in the first gradients of a writer that cannot write yet corrupted
# what the network had learned of photographs, and it never recovered.

# %% [markdown]
# **Questions.** (a) The scores for a thousand classes are numbers about the picture, too. What do
# they no longer tell that a caption such as `a fox right of a guitar` needs? Name two things. (b)
# The other extreme: why not the pixels, or the first layer? (c) We have some thousands of captions,
# and the network has millions of weights. What would you expect of training it along from the first
# step, on the captions that it is trained on and on new ones? (d) When would you fine-tune all the
# same?

# %% [markdown] tags=["answer"]
# (a) Where things are, and how many there are; also whatever is not among the thousand classes, and
# colours and grounds that do not tell a class from another. (b) They hold all of it, but as edges
# and colours: the captioner would first have to learn to see, from a few captions. (c) It would fit
# the captions that it is trained on better, and might do worse on new ones: with so many weights it
# can learn the pictures by heart, and forget what it knew of photographs. (d) With many captions,
# pictures unlike those that the network has seen, a writer that can write already, and a small
# learning rate; and only if captions held out say that it helps.

# %%
grid, test_grid = whitened(scene_features(scenes), scene_features(test_scenes), keep=48)
features, test_features = pooled(grid, side=2), pooled(test_grid, side=2)
word_to_idx = vocabulary(caption for scene in scenes + test_scenes for caption in scene.captions)
V, LENGTH = len(word_to_idx), 11
captions = np.array([encode(scene.captions, word_to_idx, LENGTH) for scene in scenes])
test_captions = np.array([encode(scene.captions, word_to_idx, LENGTH) for scene in test_scenes])
print(f"grid {grid.shape}   features {features.shape}   captions {captions.shape}   {V} words")

# %% [markdown]
# ## 5.2 A network that starts from a picture
#
# In the lecture a network that saw the picture hands one vector to a network that writes: one to
# many, among the patterns of notebook 1. Here that vector becomes the first hidden state, and
# nothing else of the picture is seen:
#
# $$h_0 = \mathtt{features}\, W_{proj} + b_{proj}, \qquad h_t = \mathrm{cell}(W_{embed}[w_{t-1}],
# h_{t-1}), \qquad \mathtt{scores}_t = h_t W_{vocab} + b_{vocab}$$
#
# {{drawing captioner}}
#
# While it trains it always reads the true word before, not its own (*teacher forcing*). A caption
# `<START> a cat <END>` is read as `<START> a cat` and asked for as `a cat <END>`: the same row,
# shifted by one. Where `<NULL>` is asked for, nothing counts.
#
# Write `CaptioningRNN.loss` in `recurrent/captioning.py`, first for the vanilla cell.

# %%
check("captioning_loss")

# %% [markdown]
# Only the middle part changes with the cell. The LSTM's $c_0$ is zero: the picture enters through
# $h_0$ alone.

# %%
check("captioning_loss_lstm")

# %%
check("captioning_loss_gru")


# %% [markdown]
# **Experiment: which cell keeps the picture in mind?** Three networks, equal but for the cell, and
# as many iterations for each. In every iteration a random half of the features is hidden, so that
# no network can rest on a few of them.


# %%
def train(model, iterations, what):
    """Adam on batches of 64 scenes, each with one of its captions; returns the loss of every
    iteration.
    """
    rng, optimiser, losses = np.random.default_rng(0), Adam(model.params, learning_rate=3e-3), []
    for i in progress(range(iterations), what):
        if i == 7 * iterations // 10:
            optimiser.learning_rate /= 4
        rows, which = rng.integers(len(scenes), size=64), rng.integers(4, size=64)
        seen = features[rows] * 2 * (rng.random((64, features.shape[1])) > 0.5)
        loss, grads = model.loss(seen, captions[rows, which])
        optimiser.step(grads)
        losses.append(loss)
    return np.array(losses)


def every_tenth(losses):
    """Means of ten iterations each, with the iteration at which they end."""
    means = losses[: len(losses) // 10 * 10].reshape(-1, 10).mean(axis=1)
    return np.column_stack([10 * np.arange(1, len(means) + 1), means])


cells = {}
for cell_type in ("rnn", "lstm", "gru"):
    candidate = CaptioningRNN(word_to_idx, features.shape[1], 64, 128, cell_type)
    cells[cell_type] = every_tenth(train(candidate, budget(300, 60), cell_type))
_ = curves(
    cells,
    "iteration",
    "loss, nats a caption",
    "Three cells that see the same picture in their first state",
)
ahead = cells["lstm"][-1, 1] - cells["gru"][-1, 1]
_ = reached(
    "captions: how far the GRU is ahead of the LSTM after as many iterations, nats a caption",
    ahead,
    at_least=0.5,
)

# %% [markdown]
# **Questions.**
# 1. Each scene has four captions that are equally right, and one of them is drawn at random. What
#    is the least loss that any network can reach on scenes it has never seen, in nats?
# 2. All three see the picture in $h_0$ only. Why does the vanilla cell lose it sooner than the GRU?
#    And the LSTM: think of $c_0$, and of what the forget gate does when its bias is zero.

# %% [markdown] tags=["answer"]
# 1. Even who knows the four captions must guess which: $-\ln(1/4) = 1.386$ nats a caption.
# 2. The vanilla cell writes its whole state anew at every step. The LSTM's memory is $c$, and
#    $c_0 = 0$: what $h_0$ says must first get into $c$ through the gates of step 1, and with a bias
#    of zero the forget gate is near one half, so that half of it is lost at every step.
#    (`init_lstm` of lesson 5 starts with a forget bias of 1 for that reason.) The GRU keeps
#    $(1 - z) h$, which is the picture itself from the first step on.

# %% [markdown]
# Some of the questions count, with numbers of your own. Write who you are into `STUDENT` in
# `recurrent/answers_captions.py`, and a cell like the next one shows you yours. The answer is
# one number, or a list, which you return there.

# %%
check("least_loss")

# %% [markdown]
# The GRU it is. Now for longer:

# %%
model = CaptioningRNN(word_to_idx, features.shape[1], 64, 128, "gru")
losses = every_tenth(train(model, budget(1500, 250), "training the captioner"))
test_loss = np.mean([model.loss(test_features, test_captions[:, which])[0] for which in range(4)])
floor = np.column_stack([losses[:, 0], np.full(len(losses), np.log(4))])
_ = curves(
    {"GRU": losses},
    "iteration (64 captions each)",
    "loss, nats a caption",
    "Training the captioner; dashed: ln 4, the answer to question 1",
    bounds={"GRU": floor},
    bound="floor",
)
_ = reached("captions: first loss of training, nats a caption", losses[0, 1])
_ = reached(
    "captions: loss on scenes never seen, nats a caption", test_loss, at_most=budget(2.7, 9.0)
)

# %% [markdown]
# ## 5.3 Writing greedily
#
# Nobody is there to supply the true word now. The network reads `<START>`, says its most probable
# word, reads that, and so on until it says `<END>`. Read in the docstring what stands at position 0
# and what follows `<END>`: most mistakes in programs like this are there. Write
# `CaptioningRNN.sample`.

# %%
check("captioning_sample")

# %%
check("captioning_sample_lstm")

# %%
check("captioning_sample_gru")

# %% [markdown]
# Is what it writes any good? One measure is strict: the part of captions that are, word for word,
# among the four right ones. The other is the field's, BLEU: which part of the words, of the pairs,
# triples and quadruples of words that were written also stands in a right caption? With $p_n$ that
# part for $n$ words in a row, $c$ the length of all that was written and $r$ of the references
# nearest in length,
#
# $$\mathrm{BLEU} = \min(1, e^{1 - r/c}) \, (p_1 p_2 p_3 p_4)^{1/4}$$
#
# A word counts at most as often as it stands in a reference, or `the the the` would score well; and
# being brief is punished, or one safe word would. Write `corpus_bleu`.

# %%
check("corpus_bleu")


# %%
def judge(written, judged_scenes):
    """Captions (lists of words) against the scenes: the share right word for word, and BLEU."""
    references = [[caption.split() for caption in scene.captions] for scene in judged_scenes]
    right = [words in good for words, good in zip(written, references, strict=True)]
    return np.array(right), corpus_bleu(written, references)


greedy_words = [decode(row, word_to_idx) for row in model.sample(test_features, LENGTH - 1)]
greedy_right, greedy_bleu = judge(greedy_words, test_scenes)
shown = np.r_[np.flatnonzero(greedy_right)[:4], np.flatnonzero(~greedy_right)[:4]]
_ = gallery(
    [draw(test_scenes[n], 256) for n in shown],
    [("right: " if greedy_right[n] else "wrong: ") + " ".join(greedy_words[n]) for n in shown],
    "Written greedily, scenes never seen: some right ones, some wrong ones",
    ATTRIBUTION,
)
_ = reached(
    "captions: right word for word, greedy, part of new scenes",
    greedy_right.mean(),
    at_least=budget(0.6, 0.02),
)
_ = reached("captions: BLEU, greedy", greedy_bleu, at_least=budget(0.8, 0.2))

# %% [markdown]
# With numbers of your own, in `recurrent/answers_captions.py`:

# %%
check("cases_that_tell_brevity")

# %% [markdown]
# ## 5.4 Writing with a beam
#
# The most probable *sentence* need not begin with the most probable *word*. The lecture: keep
# several beginnings, expand each by every word, discard all but the best. The probability of a
# sentence is a product, so its logarithm is a sum:
#
# $$\mathtt{score}(w_1 \dots w_T) = \sum_t \log p(w_t \mid w_1 \dots w_{t-1}, \mathtt{picture})$$
#
# Your search gets the network as a function `step(state, ids)`; the top of `recurrent/beam.py` says
# what it promises. Begin with `rescore`: what is a given sentence worth?

# %%
check("rescore")

# %% [markdown]
# `greedy` always takes the most probable word, for one picture, and gives the score too.

# %%
check("greedy")

# %% [markdown]
# Now the heart of it, one step of the search: of *all* pairs of a beginning and a next word, the
# best `beam_size`. Two of them may have the same parent, and a parent may have no child at all.
# Write `expand`.

# %%
check("expand")

# %% [markdown]
# Every word costs probability, so short sentences win a plain comparison. Divide by a power of the
# length: $\mathtt{score} / \mathtt{length}^{\alpha}$. Write `rank`.

# %%
check("rank")

# %% [markdown]
# And all of it together. What has said `<END>` leaves the beam and waits for the final comparison.

# %%
check("beam_search")

# %% [markdown]
# Two limits tell whether a search is right: a beam of 1 is greedy, and a beam that discards nothing
# finds the best sentence there is.

# %%
check("beam_search_limits")


# %% [markdown]
# **Experiment: greedy against beam.** The captioner as `step`: a sequence of one word, through the
# same functions as in training.


# %%
def step(state, ids):
    """The captioner as a decoder for beam search: state (K, H), ids (K,) -> log-probabilities (K,
    V), new state.
    """
    p = model.params
    word, _ = word_embedding_forward(ids[:, None], p["W_embed"])
    new, _ = gru_forward(word, state, p["Wx"], p["Wh"], p["b"])
    spoken, _ = temporal_affine_forward(new, p["W_vocab"], p["b_vocab"])
    return log_softmax(spoken[:, 0]), new[:, 0]


# one row a picture
starts = (test_features @ model.params["W_proj"] + model.params["b_proj"])[:, None]
START, END = word_to_idx["<START>"], word_to_idx["<END>"]


def search(beam_size, alpha):
    """The best hypothesis for each test scene: its words, and its scores."""
    best = [
        beam_search(step, start, START, END, beam_size, LENGTH - 1, alpha)[0] for start in starts
    ]
    return [decode(ids, word_to_idx) for ids, _ in best], np.array([score for _, score in best])


print("beam   right    BLEU   mean score, nats")
found = {}
for beam_size in (1, 2, 3, 5):
    found[beam_size] = search(beam_size, alpha=0)
    right, bleu = judge(found[beam_size][0], test_scenes)
    print(f"{beam_size:4d}  {right.mean():6.3f}  {bleu:6.3f}  {found[beam_size][1].mean():8.3f}")

beam_words, beam_scores = found[3]
beam_right, beam_bleu = judge(beam_words, test_scenes)
better = beam_scores > found[1][1] + 1e-9
_ = reached(
    "captions: a beam of 3 finds a more probable caption, part of new scenes",
    better.mean(),
    at_least=0.05,
)
_ = reached(
    "captions: right word for word, beam of 3", beam_right.mean(), at_least=budget(0.65, 0.02)
)
_ = reached(
    "captions: BLEU, beam of 3 less greedy", beam_bleu - greedy_bleu, at_least=budget(-0.01, -0.05)
)

# %% [markdown]
# Where does greedy go wrong? Take the scene in which the beam is right, greedy is wrong, and the
# beam's caption is more probable by the widest margin. Below is the score of both captions after
# each word.

# %%
gain = beam_scores - found[1][1] + 100.0 * (beam_right & ~greedy_right)
scene_id = int(gain.argmax())
both = {}
for name, words in (("greedy", found[1][0][scene_id]), ("beam of 3", beam_words[scene_id])):
    ids = [word_to_idx[word] for word in words] + [END]
    sums = [rescore(step, starts[scene_id], START, ids[: t + 1]) for t in range(len(ids))]
    both[name] = ([*words, "<END>"], np.diff([0.0, *sums]))
    print(f"{name:10s} {sums[-1]:7.3f} nats, p = {np.exp(sums[-1]):.3f}   {' '.join(words)}")
print(
    f"greedy again, by your own function: "
    f"{decode(greedy(step, starts[scene_id], START, END, 10)[0], word_to_idx)}"
)
_ = race(
    draw(test_scenes[scene_id], 256),
    both,
    "Greedy leads for some words, then pays for them",
    ATTRIBUTION,
)
won, lost = np.flatnonzero(beam_right & ~greedy_right), np.flatnonzero(greedy_right & ~beam_right)
with_an = sum("an" in beam_words[n] and "an" not in greedy_words[n] for n in won)
print(
    f"right with the beam only: {len(won)} scenes, in {with_an} of them it says `an` and greedy "
    f"does not"
)
print(f"right with greedy only: {len(lost)} scenes")
_ = reached(
    "captions: scenes won by the beam less scenes lost by it",
    len(won) - len(lost),
    at_least=budget(4, -2),
)

# %% [markdown]
# Two things happen. Where the network is unsure what it sees, `a` collects the probability of all
# nouns that may follow it, while `an` can be followed by two only: greedy says `a`, and then none
# of many nouns is likely. And where there are two ways of telling, `a guitar left of a fox` and
# `a fox right of a guitar`, greedy may begin the one and go on with the other. The beam still has
# the better beginning when that becomes clear.
#
# **Experiment: long against short.** Two of the four right captions also name the ground. What does
# alpha do?

# %%
print("alpha   words a caption   right    BLEU")
lengths = []
for alpha in (0, 0.5, 1):
    words, _ = search(3, alpha)
    right, bleu = judge(words, test_scenes)
    lengths.append(np.mean([len(each) for each in words]))
    print(f"{alpha:5.1f}  {lengths[-1]:12.2f}  {right.mean():10.3f}  {bleu:6.3f}")
_ = reached(
    "captions: more words a caption with alpha 1 than with alpha 0",
    lengths[-1] - lengths[0],
    at_least=0.1,
)

# %% [markdown]
# **Questions.**
# 1. Look at the curves. At which word does greedy lose, and why could it not know?
# 2. Can a beam of 3 end with a less probable caption than greedy? Is a beam of 5 always as good as
#    a beam of 3?
# 3. All four captions of a scene are right. Why does a plain comparison of scores prefer those
#    without the ground?

# %% [markdown] tags=["answer"]
# 1. At the noun after its second `a`, where no noun is likely: the thing there is an owl, and `a`
#    has ruled it out. The word was chosen for its own probability; how sure the network will be of
#    what follows is not part of that choice.
# 2. Yes. Greedy's beginning may be pushed out of the beam by three that look better for the moment
#    and end badly; and a larger beam may push out what a smaller one kept, in the same way. Only a
#    beam that discards nothing is safe.
# 3. A longer caption has more factors below 1. Both kinds were equally frequent in training, so
#    after the last noun `<END>` and `on` have each about one half; but the long caption must then
#    also name the ground rightly, and no network is quite sure of that.

# %% [markdown]
# With numbers of your own, in `recurrent/answers_captions.py`:

# %%
check("ratio_at_a_tie")

# %% [markdown]
# ## 5.5 Looking while writing
#
# So far the network saw the picture once and had to keep it in mind. Now it may look again before
# every word, each time somewhere else. The lecture does it with the words of a sentence; the cells
# of a picture serve as well. Cell $i$ has the vector $h_i$, the decoder asks with its state $s$ of
# the step before:
#
# $$e_i = v \cdot \tanh(s W + h_i U), \qquad a_i = \frac{\exp e_i}{\sum_j \exp e_j}, \qquad c =
# \sum_i a_i h_i$$
#
# The weights $a_i$ are positive and sum to 1: a spotlight that can be wide or narrow. Everything is
# smooth, so where to look is learned like all the rest. Then the cell reads the word and the
# context side by side, $s_t = \tanh([x_t; c_t] W_x + s_{t-1} W_h + b)$.
#
# This section calls `attention_step_forward` and `attention_step_backward` of
# `recurrent/attention.py`. Notebook 6 leads you to them and checks them. If you have not been
# there, this is the place to leave and come back.
#
# **Experiment: where does it look?** A decoder with a vanilla cell. Its state at the start is the
# same for every picture, so it knows nothing but what it looks at: 64 cells, 48 numbers each. It
# learns from captions only; nobody tells it where anything is.


# %%
def attention_params(rng, D=48, H=128, A=32, E=48):
    """Parameters of a captioner with attention: words, alignment network, cell, output, state at
    the start.
    """
    sizes = {
        "words": (V, D),
        "W": (H, A),
        "U": (E, A),
        "Wx": (D + E, H),
        "Wh": (H, H),
        "out": (H, V),
    }
    params = {name: rng.normal(size=size) / np.sqrt(size[0]) for name, size in sizes.items()}
    return params | {
        "v": rng.normal(size=A) / np.sqrt(A),
        "b": np.zeros(H),
        "b_out": np.zeros(V),
        "start": np.zeros(H),
    }


LOOK, CELL = ("W", "U", "v"), ("Wx", "Wh", "b")


def look_and_step(p, x, s, pictures):
    """One decoder step on pictures (N, 64, E): new state, weights (N, 64) and cache."""
    everywhere = np.ones(pictures.shape[:2], dtype=bool)
    return attention_step_forward(x, s, pictures, everywhere, *(p[name] for name in LOOK + CELL))


def attention_loss(p, pictures, rows):
    """The loss of captions (N, T+1) for pictures (N, 64, E), and the gradients."""
    read, asked = rows[:, :-1], rows[:, 1:]
    x, looked_up = word_embedding_forward(read, p["words"])
    s, states, caches = np.tile(p["start"], (len(rows), 1)), [], []
    for t in range(read.shape[1]):
        s, _, kept = look_and_step(p, x[:, t], s, pictures)
        states.append(s)
        caches.append(kept)
    spoken, kept_out = temporal_affine_forward(np.stack(states, axis=1), p["out"], p["b_out"])
    loss, dspoken = temporal_softmax_loss(spoken, asked, asked != word_to_idx["<NULL>"])

    grads = {name: np.zeros_like(value) for name, value in p.items()}
    dstates, grads["out"], grads["b_out"] = temporal_affine_backward(dspoken, kept_out)
    dx, ds = np.zeros_like(x), np.zeros_like(s)
    for t in reversed(range(read.shape[1])):
        dx[:, t], ds, _, *dparams = attention_step_backward(ds + dstates[:, t], caches[t])
        for name, dparam in zip(LOOK + CELL, dparams, strict=True):
            grads[name] += dparam
    grads["words"] = word_embedding_backward(dx, looked_up)
    grads["start"] = ds.sum(axis=0)
    return loss, grads


rng = np.random.default_rng(0)
looking = attention_params(rng)
optimiser, looking_losses = Adam(looking, learning_rate=2e-3), []
iterations = budget(1400, 120)
for i in progress(range(iterations), "training with attention"):
    if i == 7 * iterations // 10:
        optimiser.learning_rate /= 4
    rows, which = rng.integers(len(scenes), size=32), rng.integers(4, size=32)
    loss, grads = attention_loss(looking, grid[rows], captions[rows, which])
    optimiser.step(grads)
    looking_losses.append(loss)
looking_losses = every_tenth(np.array(looking_losses))
looking_test_loss = np.mean(
    [attention_loss(looking, test_grid, test_captions[:, which])[0] for which in range(4)]
)
_ = curves(
    {"decoder with attention": looking_losses},
    "iteration (32 captions each)",
    "loss, nats a caption",
    "Training with attention; dashed: ln 4",
    bounds={
        "decoder with attention": np.column_stack(
            [looking_losses[:, 0], np.full(len(looking_losses), np.log(4))]
        )
    },
    bound="floor",
)
_ = reached(
    "attention over pictures: loss on scenes never seen, nats a caption",
    looking_test_loss,
    at_most=budget(2.9, 9.0),
)


# %% [markdown]
# Now it writes captions for new scenes, and we keep the weights of every word. When it says the
# name of a thing, which part of its attention lies in the box around that thing? If it looked
# anywhere, that would be the box's part of the area.


# %%
def write_and_look(p, pictures):
    """Greedy captions (N, 10) of pictures (N, 64, E), and where it looked for each word, (N, 10,
    64).
    """
    s, word = np.tile(p["start"], (len(pictures), 1)), np.full(len(pictures), START)
    said, looks = [], []
    for _ in range(LENGTH - 1):
        s, weights, _ = look_and_step(p, p["words"][word], s, pictures)
        word = np.argmax(s @ p["out"] + p["b_out"], axis=1)
        said.append(word)
        looks.append(weights)
    return np.stack(said, axis=1), np.stack(looks, axis=1)


said, looks = write_and_look(looking, test_grid)
looking_words = [decode(row, word_to_idx) for row in said]
looking_right, looking_bleu = judge(looking_words, test_scenes)
in_box, area = [], []
for scene, words, weights in zip(test_scenes, looking_words, looks, strict=True):
    for word, weight in zip(words, weights, strict=False):
        if things := scene.named(word):
            inside = covered(things)
            in_box.append(weight @ inside)
            area.append(inside.mean())
_ = reached("attention over pictures: BLEU, greedy", looking_bleu, at_least=budget(0.75, 0.15))
_ = reached(
    "attention over pictures: attention in the box of what is named",
    np.mean(in_box),
    at_least=budget(0.45, 0.2),
)
_ = reached(
    "attention over pictures: the same, times its part of the area",
    np.mean(in_box) / np.mean(area),
    at_least=budget(2.2, 1.2),
)

# %%
pairs = [n for n, scene in enumerate(test_scenes) if looking_right[n] and len(scene.nouns) == 2]
copies = [n for n, scene in enumerate(test_scenes) if looking_right[n] and len(scene.things) > 2]
for n in [*pairs[:2], *copies[:1]] or [0]:
    words = looking_words[n]
    _ = attention_over_picture(
        draw(test_scenes[n], 256),
        words,
        looks[n, : len(words)],
        f"Where it looked: “{' '.join(words)}”",
        ATTRIBUTION,
        boxes=[[thing.box for thing in test_scenes[n].named(word)] for word in words],
    )

# %% [markdown]
# Look closely: at the first noun there is often light on the *other* thing. Is that chance? Take
# all captions of two things that are right, and measure at the articles, too. (A box has about a
# seventh of the area.)

# %%
roles = ("first article", "first noun", "second article", "second noun")
in_boxes = []
for n in pairs:
    words = looking_words[n]
    nouns = [t for t, word in enumerate(words) if test_scenes[n].named(word)]
    boxes = np.stack([covered(test_scenes[n].named(words[t])) for t in nouns], axis=1)  # (64, 2)
    in_boxes.append(looks[n, [nouns[0] - 1, nouns[0], nouns[1] - 1, nouns[1]]] @ boxes)
print(f"{len(pairs)} captions     in the box of the first thing, of the second")
for role, (first, second) in zip(roles, np.mean(in_boxes, axis=0) if pairs else [], strict=False):
    print(f"{role:14s} {first:33.2f} {second:15.2f}")

# %% [markdown]
# **Questions.**
# 1. The query is the state *before* the step. What must the decoder know to choose between `a` and
#    `an`? When must it have looked at the first thing, then?
# 2. At which words is the spotlight widest? The context is a mean over cells: does it say where the
#    cells are?
# 3. Nobody told the network where things are. What made it look at them?
# 4. “It said owl because it looked at the owl.” What do the numbers above say to that, for the
#    first noun?

# %% [markdown] tags=["answer"]
# 1. It must know which noun will follow, so it has to look at the things while it writes the
#    article. It looks at both then: it has yet to decide which of them comes first.
# 2. At words such as `above` and `right`. The mean alone does not say where, but the features do:
#    the network pads its pictures with zeros, and each cell knows its surroundings, sky or ground.
#    (Adding the row and the column of each cell to its features changed nothing when we tried.)
# 3. The loss. A context that holds the right thing makes the right noun more probable, and the
#    gradient reaches the scores $e_i$ through the softmax: weight flows to cells that help.
# 4. At the first noun the light is on both things, nearly as much on the one that is not named, and
#    yet the noun is right: it was known from the look before. At the second noun the saying holds
#    better. Weights show what was read at a step, not what is done with it; the state has a memory.

# %% [markdown]
# ## You should now be able to
#
# Try each of these with the page covered. What does not come leads you back to its section.

# %% [markdown] tags=["captioning"]
# * say by which way a picture gets into a recurrent network, and why a GRU keeps it longer in mind
#   than a vanilla cell;
# * say which layer of a pretrained network to take, and when to leave it frozen;
# * say what a captioner reads while it trains, and what it reads while it writes;
# * work out BLEU for a short sentence, and say what it does not measure.

# %% [markdown] tags=["beam"]
# * do two steps of a beam search on paper;
# * say why greedy may miss the most probable sentence, and when a beam of N is sure not to;
# * say what dividing by the length does to long sentences.

# %% [markdown] tags=["attention"]
# * say what a context is, and what one must not conclude from where a network looked.

# %% [markdown]
# ## To read on
#
# * Vinyals, Toshev, Bengio and Erhan 2015, [Show and tell: a neural image caption
#   generator](https://arxiv.org/abs/1411.4555): a picture as the first thing that is read; and, of
#   2016, [Lessons learned from the 2015 MSCOCO image captioning
#   challenge](https://arxiv.org/abs/1609.06647).
# * Karpathy and Fei-Fei 2015, [Deep visual-semantic alignments for generating image
#   descriptions](https://arxiv.org/abs/1412.2306): a captioner on top of VGGNet, and which words
#   belong to which part of a picture.
# * Simonyan and Zisserman 2015, [Very deep convolutional networks for large-scale image
#   recognition](https://arxiv.org/abs/1409.1556): VGGNet.
# * Xu and others 2015, [Show, attend and tell: neural image caption generation with visual
#   attention](https://arxiv.org/abs/1502.03044): where a captioner looks.
# * Papineni, Roukos, Ward and Zhu 2002, [BLEU: a method for automatic evaluation of machine
#   translation](https://aclanthology.org/P02-1040/): how the score is made, and what it was
#   compared with.
# * Jain and Wallace 2019, [Attention is not explanation](https://arxiv.org/abs/1902.10186): what
#   one must not conclude from weights.
# * Zhang, Lipton, Li and Smola 2023, [Dive into Deep Learning, on beam
#   search](https://d2l.ai/chapter_recurrent-modern/beam-search.html): the search with another
#   example.
