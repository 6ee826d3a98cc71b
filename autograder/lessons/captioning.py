"""Describing pictures.

Loss and gradients of a captioning model with each kind of cell, writing captions, and scoring them.
"""

import numpy as np

from autograder.lessons._saturated import saturated
from autograder.problem import problem

NUMBER = 9

PARAMS = "W_proj[F,H] b_proj[H] W_embed[V,D] Wx[D,{k}H] Wh[H,{k}H] b[{k}H] W_vocab[H,V] b_vocab[V]"
SPECIAL = "null[]<V start[]<V end[]<V"
BLOCKS = {"rnn": "", "gru": "3", "lstm": "4"}
NAMES = {"rnn": "", "gru": "z r n", "lstm": "i f o g"}

LOSS_SIZES = [dict(N=3, T=5, F=4, D=6, H=7, V=8), dict(N=1, T=3, F=2, D=4, H=5, V=6)]
SAMPLE_SIZES = [
    dict(N=31, T=13, F=4, D=5, H=8, V=10),
    dict(N=26, T=11, F=3, D=4, H=7, V=9),
    dict(N=27, T=12, F=5, D=3, H=9, V=8),
]
TOO_FEW_WORDS = {"V<4": "<NULL>, <START>, <END> and a word take four"}


def _takes(cell):
    return PARAMS.format(k=BLOCKS[cell])


def _gradients(cell):
    return " ".join(f"d{tensor}" for tensor in _takes(cell).split())


def _draw(cell, spread=0.7):
    """Parameters, features, special words anywhere in the vocabulary, captions of many lengths.

    spread: of the parameters; a network with large weights wanders, and its captions differ.
    """
    k = int(BLOCKS[cell] or 1)

    def draw(rng, sizes):
        N, T, F, D, H, V = (sizes[axis] for axis in "NTFDHV")
        # <NULL> is never word 0, so that code which takes it to be 0 shows.
        null, start, end, *words = 1 + rng.permutation(V - 1)
        words.append(0)

        captions = np.full((N, T + 1), null)
        for row in range(N):
            # words before <END>; the first row is full
            length = 1 + (row + T - 2) % (T - 1) if T > 1 else 0
            captions[row, : length + 2] = [start, *rng.choice(words, size=length), end]

        shapes = dict(
            W_proj=(F, H), b_proj=H, W_embed=(V, D), Wx=(D, k * H), Wh=(H, k * H), b=k * H
        )
        params = {name: rng.normal(scale=spread, size=shape) for name, shape in shapes.items()}
        output = dict(W_vocab=rng.normal(size=(H, V)), b_vocab=rng.normal(scale=0.5, size=V))
        special = dict(null=np.array(null), start=np.array(start), end=np.array(end))
        return dict(
            features=rng.normal(size=(N, F)), captions=captions, **special, **params, **output
        )

    return draw


def _without_captions(draw):
    """The same for writing captions: no captions to read, a length to write."""

    def without(rng, sizes):
        drawn = draw(rng, sizes)
        del drawn["captions"]
        return {**drawn, "max_length": np.array(sizes["T"])}

    return without


def _renamed(case, null, start, end):
    """The same case where the special words have other ids; the words in their way move aside."""
    V = len(case["W_embed"])
    old = [int(case[name]) for name in ("null", "start", "end")]
    new = [null, start, end]
    old += [word for word in range(V) if word not in old]
    new += [word for word in range(V) if word not in new]
    now_at = np.empty(V, dtype=int)
    now_at[new] = old  # the word that is now number i was number now_at[i]
    renamed = {
        "null": np.array(null),
        "start": np.array(start),
        "end": np.array(end),
        "W_embed": case["W_embed"][now_at],
        "W_vocab": case["W_vocab"][:, now_at],
        "b_vocab": case["b_vocab"][now_at],
    }
    if "captions" in case:
        renamed["captions"] = np.argsort(now_at)[case["captions"]]
    return {**case, **renamed}


def from_null_to_start(case, rng):
    """<NULL> is word 0, <START> the last."""
    last = len(case["W_embed"]) - 1
    return _renamed(case, 0, last, 1)


def from_start_to_end(case, rng):
    """<START> is word 0, <END> the last."""
    last = len(case["W_embed"]) - 1
    return _renamed(case, 1, 0, last)


def from_end_to_null(case, rng):
    """<END> is word 0, <NULL> the last."""
    last = len(case["W_embed"]) - 1
    return _renamed(case, last, 1, 0)


def nobody_expects_it(case, rng):
    """The first word is so improbable that 1e-8 beside its probability would be seen."""
    b_vocab = case["b_vocab"].copy()
    b_vocab[case["captions"][0, 1]] -= 25.0
    return {**case, "b_vocab": b_vocab}


SPECIAL_WORDS_AT_BOTH_ENDS = [from_null_to_start, from_start_to_end, from_end_to_null]


def _model(student, cell, null, start, end, params):
    """The student's model of that cell, with these special words and these parameters."""
    V, D = params["W_embed"].shape
    special = {int(null): "<NULL>", int(start): "<START>", int(end): "<END>"}
    word_to_idx = {special.get(i, f"word{i}"): i for i in range(V)}
    model = student.CaptioningRNN(
        word_to_idx, len(params["W_proj"]), D, len(params["b_proj"]), cell_type=cell
    )
    model.params = {name: value.copy() for name, value in params.items()}
    return model


def _loss(student, cell, features, captions, null, start, end, params):
    loss, grads = _model(student, cell, null, start, end, params).loss(features, captions)
    return {"loss": loss, **{f"d{name}": grads[name] for name in params}}


def _loss_problem(cell, points, title, gradient_of):
    return problem(
        points=points,
        title=title,
        of="CaptioningRNN.loss",
        takes=f"features[N,F] captions[N,T+1]<V {SPECIAL} {_takes(cell)}",
        gives=f"loss[] {_gradients(cell)}",
        sizes=LOSS_SIZES,
        draw=_draw(cell),
        edges=[
            *SPECIAL_WORDS_AT_BOTH_ENDS,
            nobody_expects_it,
            saturated("b", gates=int(BLOCKS[cell] or 1) - 1),
        ],
        never=TOO_FEW_WORDS,
        gradient_of=gradient_of,
        large=dict(N=12, T=30, F=50, D=30, H=36, V=60),
        blocks=NAMES[cell],
    )


@_loss_problem("rnn", 7, "Loss with a vanilla RNN", "captioning_loss")
def captioning_loss(student, features, captions, null, start, end, **params):
    return _loss(student, "rnn", features, captions, null, start, end, params)


@_loss_problem("lstm", 3, "Loss with an LSTM", "captioning_loss_lstm")
def captioning_loss_lstm(student, features, captions, null, start, end, **params):
    return _loss(student, "lstm", features, captions, null, start, end, params)


@_loss_problem("gru", 3, "Loss with a GRU", "captioning_loss_gru")
def captioning_loss_gru(student, features, captions, null, start, end, **params):
    return _loss(student, "gru", features, captions, null, start, end, params)


def half_of_them_end_at_once(case, rng):
    """Every other picture's caption is <END> and nothing else; the others recite many words."""
    end = int(case["end"])
    features, W_proj, Wx, Wh = (case[name].copy() for name in ("features", "W_proj", "Wx", "Wh"))

    # Unit 0 remembers the sign of a picture's first feature; all other units read the last word.
    features[:, 0] = 3.0 * (-1.0) ** np.arange(len(features))
    W_proj[:, 0], Wx[:, 0], Wh[:] = 0, 0, 0
    W_proj[0, 0], Wh[0, 0] = 1, 5

    # After word i the score of word i + 1 is the length of the state that word i leaves, and by
    # Cauchy-Schwarz no other word's is as high.
    states = np.tanh(case["W_embed"] @ Wx)
    W_vocab = np.roll((states / np.linalg.norm(states, axis=1, keepdims=True)).T, 1, axis=1)

    # Where unit 0 is on, <END> beats them all, at every step.
    W_vocab[0, end] = 10

    nothing = {name: np.zeros_like(case[name]) for name in ("b_proj", "b", "b_vocab")}
    return {
        **case,
        **nothing,
        "features": features,
        "W_proj": W_proj,
        "Wx": Wx,
        "Wh": Wh,
        "W_vocab": W_vocab,
    }


def one_picture(case, rng):
    """A batch of one."""
    return {**case, "features": case["features"][:1]}


def one_word_only(case, rng):
    """Captions are cut off after their first word."""
    return {**case, "max_length": np.array(1)}


def two_words_equally_good(case, rng):
    """Two words have the same score, exactly and always, and no word has a higher one.

    There are two such pairs, and the sign of one unit of the state decides between them. (Of two
    units that are both at their end, rounding would decide.)
    """
    V = len(case["W_embed"])
    null, start, end = (int(case[name]) for name in ("null", "start", "end"))
    words = rng.permutation([word for word in range(V) if word not in (null, start, end)])
    # In a small vocabulary there are not four words beside the special ones.
    pairs = np.array([*words, start, null])[:4].reshape(2, 2)

    # A score that is one unit of the state, and nothing else, is exactly the same for both.
    W_vocab = np.zeros_like(case["W_vocab"])
    W_vocab[0, pairs[0]], W_vocab[0, pairs[1]] = 1.0, -1.0
    b_vocab = np.full(V, -3.0)
    b_vocab[pairs] = 0.0
    return {**case, "W_vocab": W_vocab, "b_vocab": b_vocab}


def _sample_problem(cell, points, title):
    return problem(
        points=points,
        title=title,
        of="CaptioningRNN.sample",
        takes=f"features[N,F] {SPECIAL} {_takes(cell)} max_length[]=T",
        gives="captions[N,T]",
        sizes=SAMPLE_SIZES,
        draw=_without_captions(_draw(cell, spread=2.0)),
        edges=[
            *([half_of_them_end_at_once] if cell == "rnn" else []),
            *SPECIAL_WORDS_AT_BOTH_ENDS,
            one_picture,
            one_word_only,
            two_words_equally_good,
        ],
        never=TOO_FEW_WORDS,
    )


def _sample(student, cell, features, null, start, end, max_length, params):
    model = _model(student, cell, null, start, end, params)
    return {"captions": model.sample(features, int(max_length))}


@_sample_problem("rnn", 6, "Writing captions with a vanilla RNN")
def captioning_sample(student, features, null, start, end, max_length, **params):
    return _sample(student, "rnn", features, null, start, end, max_length, params)


@_sample_problem("lstm", 2, "Writing captions with an LSTM")
def captioning_sample_lstm(student, features, null, start, end, max_length, **params):
    return _sample(student, "lstm", features, null, start, end, max_length, params)


@_sample_problem("gru", 2, "Writing captions with a GRU")
def captioning_sample_gru(student, features, null, start, end, max_length, **params):
    return _sample(student, "gru", features, null, start, end, max_length, params)


def _bleu_corpus(rng, sizes):
    """Candidates much like their references, of other lengths, words repeated; padded with -1."""
    P, R, L = sizes["P"], sizes["R"], sizes["L"]
    references = np.full((P, R, L), -1)
    candidates = np.full((P, L), -1)
    for picture in range(P):
        text = rng.integers(4, size=L)
        for which in range(R):
            length = max(1, L - (picture + 2 * which) % 3)
            references[picture, which, :length] = np.where(
                rng.random(length) < 0.15, 4, text[:length]
            )
        length = max(1, L - (picture + 1) % 4)
        candidates[picture, :length] = np.where(
            rng.random(length) < 0.2, rng.integers(4, size=length), text[:length]
        )
    # Four as everywhere, but where captions are so short that it would always be 0.
    max_n = min(4, max(1, L - 1))
    return {"candidates": candidates, "references": references, "max_n": np.array(max_n)}


def the_the_the(case, rng):
    """'the the the ...' against captions with one 'the' each: repeated words must be clipped."""
    candidates = case["candidates"].copy()
    candidates[0, : candidates.shape[1] - 1] = 0
    references = case["references"].copy()
    references[0] = np.where(references[0] == 0, 1, references[0])
    references[0, :, 0] = 0
    return {**case, "candidates": candidates, "references": references}


def nothing_in_common_but_words(case, rng):
    """All words match and no pair of words does: BLEU is 0."""
    length = case["candidates"].shape[1]
    candidates = np.full_like(case["candidates"], -1)
    references = np.full_like(case["references"], -1)
    candidates[:, :length] = np.arange(length)
    references[:, :, :length] = np.arange(length)[::-1]
    return {**case, "candidates": candidates, "references": references}


def three_words_each(case, rng):
    """No candidate has four words, so there is no group of four at all: BLEU is 0."""
    candidates = case["references"][:, 0].copy()
    candidates[:, 3:] = -1
    return {**case, "candidates": candidates}


def short_captions(case, rng):
    """Candidates much shorter than any reference: the brevity penalty decides."""
    candidates = case["references"][:, 0].copy()
    candidates[:, candidates.shape[1] - 4 :] = -1
    return {**case, "candidates": candidates}


def long_captions(case, rng):
    """Candidates longer than every reference: no penalty, and no reward."""
    references = case["references"].copy()
    candidates = np.where(references[:, 0] < 0, 4, references[:, 0])
    references[:, :, -3:] = -1
    return {**case, "candidates": candidates, "references": references}


def between_two_references(case, rng):
    """One word shorter than the long reference, three longer than the short: the nearer counts."""
    candidates, references = case["candidates"].copy(), case["references"].copy()
    candidates[:] = references[:, 0] = np.arange(candidates.shape[1])
    candidates[:, -1:] = -1
    references[:, 1:] = references[:, :1]
    references[:, -1, -4:] = -1
    return {**case, "candidates": candidates, "references": references}


def one_word_among_many(case, rng):
    """One candidate is a single word, which has no group of four: none, and not minus two."""
    candidates = case["references"][:, 0].copy()
    candidates[-1, 1:] = -1
    return {**case, "candidates": candidates}


def one_says_nothing(case, rng):
    """One candidate is empty: it has no groups of two either, and not minus one."""
    candidates = case["references"][:, 0].copy()
    candidates[0] = -1
    return {**case, "candidates": candidates}


def equally_near(case, rng):
    """A reference is one word longer, another one word shorter: the shorter one counts."""
    P, R, L = case["references"].shape
    candidates = np.full((P, L), -1)
    references = np.full((P, R, L), -1)

    # Whichever comes first or last, it is the wrong one for one of the first two pictures.
    candidates[:2, : L - 1] = np.arange(L - 1)
    for picture in range(2):
        for which in range(R):
            length = L if (picture + which) % 2 else L - 2
            references[picture, which, :length] = np.arange(length)

    # The others are so short that the penalty shows every word more in a reference.
    candidates[2:, : L - 3] = np.arange(L - 3)
    references[2:] = np.arange(L)
    return {**case, "candidates": candidates, "references": references}


def only_in_the_last_reference(case, rng):
    """What was written stands in the last of four references, and in no other."""
    right = case["references"][:, :1]
    wrong = np.where(right < 0, -1, right + 10)
    references = np.concatenate([wrong, wrong, wrong, right], axis=1)
    return {**case, "candidates": right[:, 0], "references": references}


def nothing_written(case, rng):
    """All candidates are empty: BLEU is 0."""
    return {**case, "candidates": np.full_like(case["candidates"], -1)}


def words_alone(case, rng):
    """Groups of one word are the longest that count."""
    return {**case, "max_n": np.array(1)}


def longer_than_every_caption(case, rng):
    """No group of words is as long as the longest that counts: BLEU is 0."""
    longest = np.array(case["candidates"].shape[1] + 1)
    return {**case, "candidates": case["references"][:, 0], "max_n": longest}


ODD_WORDS = 1000
KINDS = ("a", "a a", (3,), None)
"""Words that are no numbers: ODD_WORDS and what follows. Two that differ may look alike."""


def words_of_all_kinds(case, rng):
    """Texts, tuples, None. "a", "a a" is written where everybody wrote "a a", "a"."""
    candidates, references = (
        np.where(case[name] < 0, -1, ODD_WORDS + 2 + case[name] % 2)
        for name in ("candidates", "references")
    )
    candidates[0, :2] = ODD_WORDS, ODD_WORDS + 1
    references[0, :, :2] = ODD_WORDS + 1, ODD_WORDS
    return {**case, "candidates": candidates, "references": references}


def _words(row):
    """A row without its padding, as a list."""
    words = [int(word) for word in row if word >= 0]
    return [KINDS[word - ODD_WORDS] if word >= ODD_WORDS else word for word in words]


SMALLEST_BLEU = 1e-6
"""No corpus of a case has a BLEU between 0 and this."""


def bleu_properties(inputs, answers):
    """Whether 0 is 0: a smoothed 0 is so small that it would pass for one."""
    scores = np.array([answers["bleu"], answers["bleu_up_to_pairs"]])
    is_small = (scores != 0) & (np.abs(scores) < SMALLEST_BLEU)
    return {"no_small_number_stands_for_zero": not is_small.any()}


@problem(
    points=4,
    title="BLEU",
    takes="candidates[P,L] references[P,R,L] max_n[]",
    gives="bleu[] bleu_up_to_pairs[]",
    holds="no_small_number_stands_for_zero",
    properties=bleu_properties,
    sizes=[dict(P=6, R=3, L=10), dict(P=5, R=1, L=9)],
    edges=[
        the_the_the,
        nothing_in_common_but_words,
        three_words_each,
        short_captions,
        long_captions,
        between_two_references,
        one_word_among_many,
        one_says_nothing,
        equally_near,
        only_in_the_last_reference,
        nothing_written,
        words_alone,
        longer_than_every_caption,
        words_of_all_kinds,
    ],
    draw=_bleu_corpus,
)
def corpus_bleu(student, candidates, references, max_n):
    def bleu(longest):
        written = [_words(row) for row in candidates]
        right = [[_words(row) for row in picture] for picture in references]
        return student.corpus_bleu(written, right, longest)

    return {"bleu": bleu(int(max_n)), "bleu_up_to_pairs": bleu(2)}
