"""A correct captioning.py that walks through the sequence itself, with the step functions only."""

import math

import numpy as np

from . import gru, lstm, rnn

BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


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

    def step(self, word, h, c):
        p = self.params
        weights = p["Wx"], p["Wh"], p["b"]
        x = p["W_embed"][word]
        if self.cell_type == "lstm":
            return lstm.lstm_step_forward(x, h, c, *weights)
        forward = rnn.rnn_step_forward if self.cell_type == "rnn" else gru.gru_step_forward
        next_h, cache = forward(x, h, *weights)
        return next_h, c, cache

    def step_back(self, dh, dc, cache):
        """(dx, dprev_h, dprev_c, dWx, dWh, db)"""
        if self.cell_type == "lstm":
            return lstm.lstm_step_backward(dh, dc, cache)
        backward = rnn.rnn_step_backward if self.cell_type == "rnn" else gru.gru_step_backward
        dx, dprev_h, *weights = backward(dh, cache)
        return dx, dprev_h, dc, *weights

    def loss(self, features, captions):
        p, N = self.params, len(features)
        grads = {name: np.zeros(value.shape) for name, value in p.items()}
        h = features @ p["W_proj"] + p["b_proj"]
        c = np.zeros(h.shape)
        loss, steps = 0.0, []
        for word, target in zip(captions.T[:-1], captions.T[1:], strict=True):
            h, c, cache = self.step(word, h, c)
            scores = h @ p["W_vocab"] + p["b_vocab"]
            probs = np.exp(scores - scores.max(1, keepdims=True))
            probs /= probs.sum(1, keepdims=True)
            counts = (target != self.null) / N
            loss -= counts @ np.log(probs[range(N), target])
            probs[range(N), target] -= 1
            steps.append((word, h, cache, probs * counts[:, None]))
        dh, dc = np.zeros(h.shape), np.zeros(h.shape)
        while steps:
            word, h, cache, dscores = steps.pop()
            grads["W_vocab"] += h.T @ dscores
            grads["b_vocab"] += dscores.sum(0)
            dx, dh, dc, *weights = self.step_back(dh + dscores @ p["W_vocab"].T, dc, cache)
            for name, gradient in zip(("Wx", "Wh", "b"), weights, strict=True):
                grads[name] += gradient
            np.add.at(grads["W_embed"], word, dx)
        grads["W_proj"], grads["b_proj"] = features.T @ dh, dh.sum(0)
        return loss, grads

    def sample(self, features, max_length):
        rows = []
        for picture in features:
            h = picture[None] @ self.params["W_proj"] + self.params["b_proj"]
            c, word, said = np.zeros(h.shape), self.start, []
            while len(said) < max_length and word != self.end:
                h, c, _ = self.step(np.array([word]), h, c)
                word = int(np.argmax(h[0] @ self.params["W_vocab"] + self.params["b_vocab"]))
                said.append(word)
            rows.append(said + [self.null] * (max_length - len(said)))
        return rows


def corpus_bleu(candidates, references, max_n=4):
    def count(words, gram):
        return sum(words[i : i + len(gram)] == gram for i in range(len(words)))

    c = sum(map(len, candidates))
    r = sum(
        len(min(refs, key=lambda ref: (abs(len(ref) - len(one)), len(ref))))
        for one, refs in zip(candidates, references, strict=False)
    )
    product = 1.0
    for n in range(1, max_n + 1):
        hits = total = 0
        for one, refs in zip(candidates, references, strict=False):
            grams = [one[i : i + n] for i in range(len(one) - n + 1)]
            total += len(grams)
            for gram in {tuple(gram) for gram in grams}:
                gram = list(gram)
                hits += min(count(one, gram), max(count(ref, gram) for ref in refs))
        product *= hits / total if total else 0.0
    return min(1.0, math.exp(1 - r / c)) * product ** (1 / max_n) if c else 0.0
