"""A correct captioning.py that trains in single precision, and writes in double.

Single precision may settle a word chosen by a hair's breadth otherwise, and all that follow it are
others then.
"""

import itertools
from collections import Counter

import numpy as np

from .embedding import word_embedding_backward, word_embedding_forward
from .gru import gru_backward, gru_forward, gru_step_forward
from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .lstm import lstm_backward, lstm_forward, lstm_step_forward
from .rnn import rnn_backward, rnn_forward, rnn_step_forward

BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}
f32 = np.float32


class CaptioningRNN:
    def __init__(self, word_to_idx, input_dim, wordvec_dim, hidden_dim, cell_type="rnn", seed=0):
        rng = np.random.default_rng(seed)
        V, k = len(word_to_idx), BLOCKS[cell_type]
        F, D, H = input_dim, wordvec_dim, hidden_dim
        self.cell_type = cell_type
        self.null, self.start, self.end = (
            word_to_idx[word] for word in ("<NULL>", "<START>", "<END>")
        )
        self.params = {
            "W_proj": rng.normal(size=(F, H)) / np.sqrt(F),
            "b_proj": np.zeros(H),
            "W_embed": rng.normal(size=(V, D)) / 100,
            "Wx": rng.normal(size=(D, k * H)) / np.sqrt(D),
            "Wh": rng.normal(size=(H, k * H)) / np.sqrt(H),
            "b": np.zeros(k * H),
            "W_vocab": rng.normal(size=(H, V)) / np.sqrt(H),
            "b_vocab": np.zeros(V),
        }

    def single(self):
        return {name: value.astype(f32) for name, value in self.params.items()}

    def loss(self, features, captions):
        p = self.single()
        features = features.astype(f32)
        words, lookup = word_embedding_forward(captions[:, 0:-1], p["W_embed"])
        weights = p["Wx"], p["Wh"], p["b"]
        forward = {"rnn": rnn_forward, "lstm": lstm_forward, "gru": gru_forward}[self.cell_type]
        h, steps = forward(words, features @ p["W_proj"] + p["b_proj"], *weights)
        scores, affine = temporal_affine_forward(h.astype(f32), p["W_vocab"], p["b_vocab"])
        loss, dscores = temporal_softmax_loss(
            scores, captions[:, 1:], (captions != self.null)[:, 1:]
        )
        dh, dW_vocab, db_vocab = temporal_affine_backward(dscores.astype(f32), affine)
        backward = {"rnn": rnn_backward, "lstm": lstm_backward, "gru": gru_backward}[self.cell_type]
        dwords, dh0, dWx, dWh, db = backward(dh.astype(f32), steps)
        grads = {
            "W_proj": features.T @ dh0.astype(f32),
            "b_proj": dh0.sum(0),
            "Wx": dWx,
            "Wh": dWh,
            "b": db,
        }
        grads |= {
            "W_embed": word_embedding_backward(dwords, lookup),
            "W_vocab": dW_vocab,
            "b_vocab": db_vocab,
        }
        return f32(loss), {name: grad.astype(f32) for name, grad in grads.items()}

    def sample(self, features, max_length):
        p = self.params
        h = features @ p["W_proj"] + p["b_proj"]
        c = np.zeros_like(h)
        words, going_on = [np.repeat(self.start, len(h))], np.repeat(True, len(h))
        columns = []
        for _ in range(max_length):
            arguments = p["W_embed"][words[-1]], h, p["Wx"], p["Wh"], p["b"]
            if self.cell_type == "lstm":
                h, c, _ = lstm_step_forward(*arguments[:2], c, *arguments[2:])
            elif self.cell_type == "gru":
                h = gru_step_forward(*arguments)[0]
            else:
                h = rnn_step_forward(*arguments)[0]
            words.append(np.argmax(h @ p["W_vocab"] + p["b_vocab"], axis=1))
            columns.append(words[-1] * going_on + self.null * ~going_on)
            going_on = going_on & (words[-1] != self.end)
        return np.stack(columns, axis=1)


def corpus_bleu(candidates, references, max_n=4):
    score = f32(1)
    for n in range(1, max_n + 1):
        pairs = [
            (grams(words, n), list(map(lambda ref: grams(ref, n), refs)))
            for words, refs in zip(candidates, references, strict=False)
        ]
        written = sum(
            own.total() if hasattr(own, "total") else sum(own.values()) for own, _ in pairs
        )
        if written == 0:
            return f32(0)
        matching = sum(min(own[g], max(ref[g] for ref in refs)) for own, refs in pairs for g in own)
        score *= f32(matching / written) ** f32(1 / max_n)
    c = len(list(itertools.chain(*candidates)))
    r = sum(
        min((abs(len(ref) - len(words)), len(ref)) for ref in refs)[1]
        for words, refs in zip(candidates, references, strict=False)
    )
    return score * f32(np.exp(min(0, 1 - r / c)))


def grams(words, n):
    return Counter(tuple(words[i : i + n]) for i in range(max(0, len(words) - n + 1)))
