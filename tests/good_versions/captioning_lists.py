"""A correct captioning.py in the style of a program: small functions, lists of words, a dictionary
of cells.
"""

import statistics

import numpy as np

from .embedding import word_embedding_backward, word_embedding_forward
from .gru import gru_backward, gru_forward
from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .lstm import lstm_backward, lstm_forward
from .rnn import rnn_backward, rnn_forward

CELLS = {
    "rnn": (1, rnn_forward, rnn_backward),
    "gru": (3, gru_forward, gru_backward),
    "lstm": (4, lstm_forward, lstm_backward),
}


class CaptioningRNN:
    def __init__(self, word_to_idx, input_dim, wordvec_dim, hidden_dim, cell_type="rnn", seed=0):
        rng = np.random.default_rng(seed)
        self.cell_type = cell_type
        self.vocabulary = dict(word_to_idx)
        k, self.forward, self.backward = CELLS[cell_type]
        shapes = {
            "W_proj": (input_dim, hidden_dim), "b_proj": (hidden_dim,),
            "W_embed": (len(word_to_idx), wordvec_dim),
            "Wx": (wordvec_dim, k * hidden_dim), "Wh": (hidden_dim, k * hidden_dim),
            "b": (k * hidden_dim,),
            "W_vocab": (hidden_dim, len(word_to_idx)), "b_vocab": (len(word_to_idx),),
        }  # fmt: skip
        self.params = {}
        for name, shape in shapes.items():
            scale = 100 if name == "W_embed" else np.sqrt(shape[0])
            self.params[name] = (
                rng.normal(size=shape) / scale if len(shape) == 2 else np.zeros(shape)
            )

    def first_state(self, features):
        return np.matmul(features, self.params["W_proj"]) + self.params["b_proj"]

    def scores(self, h0, words):
        p = self.params
        x, lookup = word_embedding_forward(words, p["W_embed"])
        h, time = self.forward(x, h0, p["Wx"], p["Wh"], p["b"])
        scores, affine = temporal_affine_forward(h, p["W_vocab"], p["b_vocab"])
        return scores, (lookup, time, affine)

    def loss(self, features, captions):
        targets = captions[:, 1:]
        scores, (lookup, time, affine) = self.scores(self.first_state(features), captions[:, :-1])
        loss, dscores = temporal_softmax_loss(scores, targets, targets != self.vocabulary["<NULL>"])
        dh, dW_vocab, db_vocab = temporal_affine_backward(dscores, affine)
        dx, dh0, dWx, dWh, db = self.backward(dh, time)
        return float(loss), {
            "W_proj": (dh0.T @ features).T, "b_proj": dh0.sum(axis=-2),
            "W_embed": word_embedding_backward(dx, lookup),
            "Wx": dWx, "Wh": dWh, "b": db, "W_vocab": dW_vocab, "b_vocab": db_vocab, "unused": None,
        }  # fmt: skip

    def sample(self, features, max_length):
        """Reads the whole beginning again for every word: slow, and right."""
        h0 = self.first_state(features)
        read = np.full((len(h0), 1), self.vocabulary["<START>"])
        for _ in range(max_length):
            scores, _ = self.scores(h0, read)
            read = np.hstack([read, scores[:, -1].argmax(axis=1)[:, None]])
        return np.array([self.cut(list(row[1:])) for row in read])

    def cut(self, words):
        end, null = self.vocabulary["<END>"], self.vocabulary["<NULL>"]
        length = words.index(end) + 1 if end in words else len(words)
        return words[:length] + [null] * (len(words) - length)


def n_grams(words, n):
    found = {}
    for i in range(len(words) - n + 1):
        gram = tuple(words[i : i + n])
        found[gram] = found.get(gram, 0) + 1
    return found


def precision(candidates, references, n):
    matching = written = 0
    for words, refs in zip(candidates, references, strict=True):
        allowed = [n_grams(ref, n) for ref in refs]
        for gram, times in n_grams(words, n).items():
            written += times
            matching += min(times, max(each.get(gram, 0) for each in allowed))
    return matching / max(written, 1)


def corpus_bleu(candidates, references, max_n=4):
    precisions = [precision(candidates, references, n) for n in range(1, max_n + 1)]
    if not all(precisions):
        return 0.0
    c = sum(len(words) for words in candidates)
    r = 0
    for words, refs in zip(candidates, references, strict=True):
        lengths = sorted(len(ref) for ref in refs)
        r += min(lengths, key=lambda length: abs(length - len(words)))
    return np.float64(statistics.geometric_mean(precisions) * min(1, np.exp(1 - r / c)))
