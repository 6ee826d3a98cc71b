"""Lesson 9: describing pictures."""

from collections import Counter

import numpy as np

from .embedding import word_embedding_backward, word_embedding_forward
from .gru import gru_backward, gru_forward, gru_step_forward
from .head import temporal_affine_backward, temporal_affine_forward, temporal_softmax_loss
from .lstm import lstm_backward, lstm_forward, lstm_step_forward
from .rnn import rnn_backward, rnn_forward, rnn_step_forward

BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


class CaptioningRNN:
    """A captioning model. The constructor is given."""

    def __init__(self, word_to_idx, input_dim, wordvec_dim, hidden_dim, cell_type="rnn", seed=0):
        """Draw the parameters."""
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

    def loss(self, features, captions):
        """Loss of the captions, and the gradient of every parameter."""
        words_in = captions[:, :-1]
        words_out = captions[:, 1:]
        counts = words_out != self.null
        P = self.params

        h0 = features @ P["W_proj"] + P["b_proj"]
        vectors, embed_cache = word_embedding_forward(words_in, P["W_embed"])
        if self.cell_type == "lstm":
            h, cell_cache = lstm_forward(vectors, h0, P["Wx"], P["Wh"], P["b"])
        elif self.cell_type == "gru":
            h, cell_cache = gru_forward(vectors, h0, P["Wx"], P["Wh"], P["b"])
        else:
            h, cell_cache = rnn_forward(vectors, h0, P["Wx"], P["Wh"], P["b"])
        scores, vocab_cache = temporal_affine_forward(h, P["W_vocab"], P["b_vocab"])
        loss, dscores = temporal_softmax_loss(scores, words_out, counts)

        grads = {}
        dh, grads["W_vocab"], grads["b_vocab"] = temporal_affine_backward(dscores, vocab_cache)
        if self.cell_type == "lstm":
            back = lstm_backward(dh, cell_cache)
        elif self.cell_type == "gru":
            back = gru_backward(dh, cell_cache)
        else:
            back = rnn_backward(dh, cell_cache)
        dvectors, dh0, grads["Wx"], grads["Wh"], grads["b"] = back
        grads["W_embed"] = word_embedding_backward(dvectors, embed_cache)
        grads["W_proj"] = features.T @ dh0
        grads["b_proj"] = dh0.sum(axis=0)
        return loss, grads

    def sample(self, features, max_length):
        """Write captions greedily: at every step, the word with the highest score."""
        prm = self.params
        N = features.shape[0]
        state = features @ prm["W_proj"] + prm["b_proj"]
        memory = np.zeros_like(state)
        written = np.full((N, max_length), self.null)
        last_word = np.full(N, self.start)
        over = np.zeros(N, dtype=bool)

        for t in range(max_length):
            x_t = prm["W_embed"][last_word]
            if self.cell_type == "rnn":
                state, _ = rnn_step_forward(x_t, state, prm["Wx"], prm["Wh"], prm["b"])
            elif self.cell_type == "lstm":
                state, memory, _ = lstm_step_forward(
                    x_t, state, memory, prm["Wx"], prm["Wh"], prm["b"]
                )
            else:
                state, _ = gru_step_forward(x_t, state, prm["Wx"], prm["Wh"], prm["b"])
            word_scores = state @ prm["W_vocab"] + prm["b_vocab"]
            last_word = np.argmax(word_scores, axis=1)
            for n in range(N):
                if not over[n]:
                    written[n, t] = last_word[n]
                if last_word[n] == self.end:
                    over[n] = True
        return written


def count_ngrams(caption, n):
    """How often each n-gram occurs in a caption."""
    return Counter(tuple(caption[i : i + n]) for i in range(len(caption) - n + 1))


def corpus_bleu(candidates, references, max_n=4):
    """BLEU of a whole test set."""
    log_sum = 0.0
    for n in range(1, max_n + 1):
        hits, total = 0, 0
        for cand, refs in zip(candidates, references):
            mine = count_ngrams(cand, n)
            allowed = Counter()
            for ref in refs:
                for gram, times in count_ngrams(ref, n).items():
                    allowed[gram] = max(allowed[gram], times)
            for gram, times in mine.items():
                hits += min(times, allowed[gram])
            total += sum(mine.values())
        if total == 0 or hits == 0:
            return 0.0
        log_sum += np.log(hits / total)

    c = sum(len(cand) for cand in candidates)
    r = 0
    for cand, refs in zip(candidates, references):
        r += min((len(ref) for ref in refs), key=lambda m: (abs(m - len(cand)), m))
    brevity = 1.0 if c > r else np.exp(1 - r / c)
    return brevity * np.exp(log_sum / max_n)
