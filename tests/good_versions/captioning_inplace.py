"""A correct captioning.py that keeps everything on the model, writes into its arguments and prints
as it goes.
"""

from collections import Counter

import numpy as np

from .embedding import word_embedding_backward, word_embedding_forward
from .gru import gru_backward, gru_forward, gru_step_forward
from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .lstm import lstm_backward, lstm_forward, lstm_step_forward
from .rnn import rnn_backward, rnn_forward, rnn_step_forward

BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


class CaptioningRNN:
    def __init__(self, word_to_idx, input_dim, wordvec_dim, hidden_dim, cell_type="rnn", seed=0):
        draw = np.random.default_rng(seed).normal
        V, k = len(word_to_idx), BLOCKS[cell_type]
        self.cell_type = cell_type
        self.null, self.start, self.end = (
            word_to_idx[word] for word in ("<NULL>", "<START>", "<END>")
        )
        self.params = {
            "W_proj": draw(size=(input_dim, hidden_dim)) / np.sqrt(input_dim),
            "b_proj": np.zeros(hidden_dim),
            "W_embed": draw(size=(V, wordvec_dim)) / 100,
            "Wx": draw(size=(wordvec_dim, k * hidden_dim)) / np.sqrt(wordvec_dim),
            "Wh": draw(size=(hidden_dim, k * hidden_dim)) / np.sqrt(hidden_dim),
            "b": np.zeros(k * hidden_dim),
            "W_vocab": draw(size=(hidden_dim, V)) / np.sqrt(hidden_dim),
            "b_vocab": np.zeros(V),
        }

    def loss(self, features, captions):
        print("loss of", len(features), "pictures")
        p, self.grads = self.params, {}
        wanted = captions[:, 1:].copy()
        h0 = features.dot(p["W_proj"])
        h0 += p["b_proj"]
        forward = {"rnn": rnn_forward, "gru": gru_forward, "lstm": lstm_forward}[self.cell_type]
        x, self.lookup = word_embedding_forward(captions[:, :-1].copy(), p["W_embed"])
        h, self.time = forward(x, h0, p["Wx"], p["Wh"], p["b"])
        scores, self.output = temporal_affine_forward(h, p["W_vocab"], p["b_vocab"])
        captions.fill(self.null)
        loss, dscores = temporal_softmax_loss(scores, wanted, np.not_equal(wanted, self.null))
        self.back(features, dscores)
        return loss, self.grads

    def back(self, features, dscores):
        backward = {"rnn": rnn_backward, "gru": gru_backward, "lstm": lstm_backward}[self.cell_type]
        dh, self.grads["W_vocab"], self.grads["b_vocab"] = temporal_affine_backward(
            dscores, self.output
        )
        dx, dh0, self.grads["Wx"], self.grads["Wh"], self.grads["b"] = backward(dh, self.time)
        self.grads.update(
            W_embed=word_embedding_backward(dx, self.lookup), b_proj=np.add.reduce(dh0)
        )
        self.grads["W_proj"] = np.einsum("nf,nh->fh", features, dh0)
        features *= 0
        del self.lookup, self.time, self.output

    def sample(self, features, max_length):
        p, N = self.params, len(features)
        h, c = features @ p["W_proj"] + p["b_proj"], 0
        c = h * 0
        words = np.full((N, max_length + 1), self.start)
        for t in range(max_length):
            x = p["W_embed"][words[:, t]]
            if self.cell_type == "rnn":
                h, _ = rnn_step_forward(x, h, p["Wx"], p["Wh"], p["b"])
            elif self.cell_type == "gru":
                h, _ = gru_step_forward(x, h, p["Wx"], p["Wh"], p["b"])
            else:
                h, c, _ = lstm_step_forward(x, h, c, p["Wx"], p["Wh"], p["b"])
            words[:, t + 1] = np.argmax(h @ p["W_vocab"] + p["b_vocab"], axis=-1)
        said = words[:, 1:]
        ends_before = np.cumsum(said == self.end, axis=1) - (said == self.end) > 0
        said[ends_before] = self.null
        return said


def corpus_bleu(candidates, references, max_n=4):
    length, wanted, hits, total = 0, 0, Counter(), Counter()
    while candidates:
        words, refs = candidates.pop(), references.pop()
        length += len(words)
        wanted += sorted((abs(len(ref) - len(words)), len(ref)) for ref in refs)[0][1]
        for n in range(1, max_n + 1):
            mine = Counter(zip(*(words[i:] for i in range(n)), strict=False))
            total[n] += sum(mine.values())
            theirs = [Counter(zip(*(ref[i:] for i in range(n)), strict=False)) for ref in refs]
            hits[n] += sum(
                min(times, max(ref[gram] for ref in theirs)) for gram, times in mine.items()
            )
    if any(hits[n] == 0 for n in range(1, max_n + 1)):
        return 0
    precision = np.exp(np.mean([np.log(hits[n]) - np.log(total[n]) for n in range(1, max_n + 1)]))
    return precision if length > wanted else precision * np.exp(1 - wanted / length)
