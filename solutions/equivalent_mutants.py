"""HIDDEN. Mutants of the reference that lose no points because they are not wrong, each with the reason.

`make proof` refuses a survivor that is not listed here once too many survive, and an entry that no longer survives.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Equivalent:
    """A mutant by its function and its change, as `make proof` prints them, and why it computes the same."""

    function: str
    change: str
    reason: str


EQUIVALENT: tuple[Equivalent, ...] = (
    Equivalent(
        "rnn_forward",
        "h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0)) -> h = np.ones((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0))",
        "every entry is overwritten",
    ),
    Equivalent(
        "rnn_forward",
        "for t in range(T): -> (after) cache = (x, h0, Wx, Wh, b, steps)",
        "the cache holds the list itself, which is filled all the same",
    ),
    Equivalent(
        "rnn_forward",
        "h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0)) -> h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 2.0))",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "rnn_forward",
        "h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0)) -> h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 0.0))",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "rnn_backward",
        "dx, dprev_h = (np.zeros(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype)) -> dx, dprev_h = (np.ones(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype))",
        "every entry is overwritten",
    ),
    Equivalent(
        "rnn_backward_truncated",
        "dx, dprev_h = (np.zeros(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype)) -> dx, dprev_h = (np.ones(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype))",
        "every entry is overwritten",
    ),
    Equivalent(
        "charlm_loss",
        "x = one_hot(inputs, len(params['by'])).astype(params['Wx'].dtype) -> x = one_hot(inputs, len(params['by']))",
        "cases are in float64, as one_hot is; tests/test_precision.py sees the difference",
    ),
    Equivalent(
        "next_probs",
        "probs = np.zeros_like(1.0 * logits) -> probs = np.zeros_like(2.0 * logits)",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "next_probs",
        "probs = np.zeros_like(1.0 * logits) -> probs = np.zeros_like(0.0 * logits)",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "next_probs",
        "probs = np.zeros_like(1.0 * logits) -> probs = np.zeros_like(1.0 / logits)",
        "only the type and the shape are taken over",
    ),
    Equivalent(
        "next_probs",
        "probs = np.zeros_like(1.0 * logits) -> probs = np.zeros_like(1.0 + logits)",
        "only the type and the shape are taken over",
    ),
    Equivalent(
        "next_probs",
        "probs = np.zeros_like(1.0 * logits) -> probs = np.zeros_like(logits)",
        "the scores of all cases are real numbers",
    ),
    Equivalent(
        "gradient_norms",
        "norms = np.zeros(T, h.dtype) -> norms = np.ones(T, h.dtype)",
        "every entry is overwritten",
    ),
    Equivalent(
        "large_singular_value_that_vanishes",
        "W = np.diag(np.full(H - 1, 3.0), k=1) -> W = np.diag(np.full(H - 1, 4.0), k=1)",
        "another matrix with the property that is asked for",
    ),
    Equivalent(
        "large_singular_value_that_vanishes",
        "W = np.diag(np.full(H - 1, 3.0), k=1) -> W = np.diag(np.full(H - 1, 2.0), k=1)",
        "another matrix with the property that is asked for",
    ),
    Equivalent(
        "large_singular_value_that_vanishes",
        "W = np.diag(np.full(H - 1, 3.0), k=1) -> W = np.diag(np.full(H - 1, -3.0), k=1)",
        "another matrix with the property that is asked for",
    ),
    Equivalent(
        "gradient_by_age",
        "terms = np.zeros((T, *Wh.shape), dtype=Wh.dtype) -> terms = np.ones((T, *Wh.shape), dtype=Wh.dtype)",
        "every entry is overwritten",
    ),
    Equivalent(
        "clip_grad_norm",
        "if norm > max_norm: -> if norm >= max_norm:",
        "at equality the factor is 1",
    ),
    Equivalent(
        "lstm_forward",
        "h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0)) -> h = np.ones((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0))",
        "every entry is overwritten",
    ),
    Equivalent(
        "lstm_forward",
        "for t in range(T): -> (after) cache = (x, h0, Wx, Wh, b, steps)",
        "the cache holds the list itself, which is filled all the same",
    ),
    Equivalent(
        "lstm_forward",
        "h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0)) -> h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 2.0))",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "lstm_forward",
        "h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0)) -> h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 0.0))",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "lstm_backward",
        "dx, dprev_h = (np.zeros(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype)) -> dx, dprev_h = (np.ones(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype))",
        "every entry is overwritten",
    ),
    Equivalent(
        "init_lstm",
        "b[H:2 * H] = forget_bias -> b[H:-2 * H] = forget_bias",
        "4H - 2H is 2H",
    ),
    Equivalent(
        "gru_forward",
        "h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0)) -> h = np.ones((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0))",
        "every entry is overwritten",
    ),
    Equivalent(
        "gru_forward",
        "for t in range(T): -> (after) cache = (x, h0, Wx, Wh, b, steps)",
        "the cache holds the list itself, which is filled all the same",
    ),
    Equivalent(
        "gru_forward",
        "h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0)) -> h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 2.0))",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "gru_forward",
        "h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 1.0)) -> h = np.zeros((N, T, h0.shape[1]), np.result_type(x, h0, Wx, 0.0))",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "gru_backward",
        "dx, dprev_h = (np.zeros(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype)) -> dx, dprev_h = (np.ones(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype))",
        "every entry is overwritten",
    ),
    Equivalent(
        "gru_to_other_convention",
        "other_Wx, other_Wh, other_b = (Wx * sign, Wh * sign, b * sign) -> other_Wx, other_Wh, other_b = (Wx / sign, Wh * sign, b * sign)",
        "multiplying and dividing by 1 or -1 is the same",
    ),
    Equivalent(
        "gru_to_other_convention",
        "other_Wx, other_Wh, other_b = (Wx * sign, Wh * sign, b * sign) -> other_Wx, other_Wh, other_b = (Wx * sign, Wh / sign, b * sign)",
        "multiplying and dividing by 1 or -1 is the same",
    ),
    Equivalent(
        "gru_to_other_convention",
        "other_Wx, other_Wh, other_b = (Wx * sign, Wh * sign, b * sign) -> other_Wx, other_Wh, other_b = (Wx * sign, Wh * sign, b / sign)",
        "multiplying and dividing by 1 or -1 is the same",
    ),
    Equivalent(
        "stacked_forward",
        "for h0, (Wx, Wh, b) in zip(h0s, layers, strict=True): -> for h0, (Wx, Wh, b) in zip(h0s, layers, strict=False):",
        "the two lists are of one length",
    ),
    Equivalent(
        "stacked_lstm_forward",
        "for h0, (Wx, Wh, b) in zip(h0s, layers, strict=True): -> for h0, (Wx, Wh, b) in zip(h0s, layers, strict=False):",
        "the two lists are of one length",
    ),
    Equivalent(
        "cooccurrence",
        "np.add.at(C, (left, right), 1) -> (after) np.add.at(C, (right, left), 1)",
        "sums do not depend on the order",
    ),
    Equivalent(
        "bigram_lm_loss",
        "np.add.at(dE, words, da @ params['W1'].T) -> (after) grads = {'E': dE, 'W1': vectors.T @ da, 'b1': da.sum(0), 'W2': s.T @ dscores, 'b2': dscores.sum(0)}",
        "the dictionary holds the array itself, which is filled all the same",
    ),
    Equivalent(
        "skipgram_softmax_loss",
        "log_p = log_softmax(outsides @ v) -> log_p = log_softmax(outsides @ v.T)",
        "a vector has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "skipgram_softmax_loss",
        "dcenters[center] = dscores @ outsides -> dcenters[center] = dscores.T @ outsides",
        "a vector has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "skipgram_negative_loss",
        "margin = sign * (u @ v) -> margin = sign * (u @ v.T)",
        "a vector has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "skipgram_negative_loss",
        "dcenters[center] = dproduct @ u -> dcenters[center] = dproduct.T @ u",
        "a vector has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "nearest",
        "cosine = E @ query / (np.linalg.norm(E, axis=1) * np.linalg.norm(query)) -> cosine = E @ query.T / (np.linalg.norm(E, axis=1) * np.linalg.norm(query))",
        "a vector has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "nearest",
        "cosine = E @ query / (np.linalg.norm(E, axis=1) * np.linalg.norm(query)) -> cosine = E @ query / np.linalg.norm(E, axis=1)",
        "the length of the query is the same for all words and does not change their order",
    ),
    Equivalent(
        "nearest",
        "cosine = E @ query / (np.linalg.norm(E, axis=1) * np.linalg.norm(query)) -> cosine = E @ query / (np.linalg.norm(E, axis=1) / np.linalg.norm(query))",
        "the length of the query is the same for all words and does not change their order",
    ),
    Equivalent(
        "analogy",
        "cosine = unit @ (unit[b] - unit[a] + unit[c]) -> cosine = unit @ (unit[b] - unit[a] + unit[c]).T",
        "a vector has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "analogy",
        "unit = E / np.linalg.norm(E, axis=1, keepdims=True) -> unit = -(E / np.linalg.norm(E, axis=1, keepdims=True))",
        "all vectors turned round have the same cosines",
    ),
    Equivalent(
        "rnnlm_loss",
        "identity, no_bias = (np.eye(H, dtype=vectors.dtype), np.zeros(C, vectors.dtype)) -> identity, no_bias = (np.eye(H, dtype=vectors.dtype), np.ones(C, vectors.dtype))",
        "the same number added to every score changes no probability, and the bias' gradient is dropped",
    ),
    Equivalent(
        "CaptioningRNN.loss",
        "grads['W_embed'] = word_embedding_backward(dwords, lookup) -> (after) grads['W_proj'] = features.T @ dh0",
        "a vector has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "CaptioningRNN.loss",
        "grads['W_proj'] = features.T @ dh0 -> (after) grads['b_proj'] = dh0.sum(axis=0)",
        "a vector has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "corpus_bleu",
        "for candidate, refs in zip(candidates, references, strict=True): -> for candidate, refs in zip(candidates, references, strict=False):",
        "the two lists are of one length",
    ),
    Equivalent(
        "corpus_bleu",
        "brevity = 1.0 if c > r else np.exp(1 - r / c) -> brevity = 1.0 if c >= r else np.exp(1 - r / c)",
        "at equality the penalty is exp(0) = 1",
    ),
    Equivalent(
        "corpus_bleu",
        "r += min(((abs(len(ref) - len(candidate)), len(ref)) for ref in refs))[1] -> r += min(((abs(len(candidate) - len(ref)), len(ref)) for ref in refs))[1]",
        "the distance is the same from either side",
    ),
    Equivalent(
        "greedy",
        "score += log_probs[0, word] -> (after) ids.append(word)",
        "the two lines do not use each other's results",
    ),
    Equivalent(
        "beam_search",
        "state = state[[parent for _, _, parent in going_on]] -> (after) words = np.array([ids[-1] for ids, _ in alive])",
        "the two lines do not use each other's results",
    ),
    Equivalent(
        "additive_attention_forward",
        "e = q @ v -> e = q @ v.T",
        "v has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "AdditiveAttention.forward",
        "e = (q @ self.v).masked_fill(~mask, -torch.inf) -> e = (q @ self.v.T).masked_fill(~mask, -torch.inf)",
        "v has one axis, and transposing it does nothing",
    ),
    Equivalent(
        "AttentionSeq2Seq.translate",
        "finished = finished | (words == end) -> (after) written.append(words)",
        "the two lines do not use each other's results",
    ),
    Equivalent(
        "LayerNorm.forward",
        "variance = ((x - mean) ** 2).mean(dim=-1, keepdim=True) -> variance = ((mean - x) ** 2).mean(dim=-1, keepdim=True)",
        "the square of a difference has no sign",
    ),
    Equivalent(
        "SelfAttention.forward",
        "scores = Q @ K.transpose(2, 3) / math.sqrt(E / self.heads) -> scores = Q @ K.transpose(-2, 3) / math.sqrt(E / self.heads)",
        "a negative number names the same axis",
    ),
    Equivalent(
        "SelfAttention.forward",
        "out = self.output((weights @ V).transpose(1, 2).reshape(N, T, E)) -> out = self.output((weights @ V).transpose(1, -2).reshape(N, T, E))",
        "a negative number names the same axis",
    ),
    Equivalent(
        "SelfAttention.forward",
        "return y.reshape(N, T, self.heads, -1).transpose(1, 2) -> return y.reshape(N, T, self.heads, -1).transpose(1, -2)",
        "a negative number names the same axis",
    ),
    Equivalent(
        "SelfAttention.forward",
        "N, T, E = x.shape -> (after) def split(y):",
        "the definition in between does not use these names until it is called",
    ),
    Equivalent(
        "cell_traces",
        "h, c = (np.zeros((1, H), Wx.dtype), np.zeros((1, H), Wx.dtype)) -> h, c = (np.zeros((2, H), Wx.dtype), np.zeros((1, H), Wx.dtype))",
        "two equal rows of states, of which the first is traced; the input broadcasts",
    ),
    Equivalent(
        "cell_traces",
        "h, c = (np.zeros((1, H), Wx.dtype), np.zeros((1, H), Wx.dtype)) -> h, c = (np.zeros((1, H), Wx.dtype), np.zeros((2, H), Wx.dtype))",
        "two equal rows of states, of which the first is traced; the input broadcasts",
    ),
    Equivalent(
        "cell_traces",
        "traces = np.zeros((len(ids), H), np.result_type(Wx, 1.0)) -> traces = np.ones((len(ids), H), np.result_type(Wx, 1.0))",
        "every row is overwritten",
    ),
    Equivalent(
        "cell_traces",
        "traces = np.zeros((len(ids), H), np.result_type(Wx, 1.0)) -> traces = np.zeros((len(ids), H), np.result_type(Wx, 2.0))",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "cell_traces",
        "traces = np.zeros((len(ids), H), np.result_type(Wx, 1.0)) -> traces = np.zeros((len(ids), H), np.result_type(Wx, 0.0))",
        "only that the number is real counts, and not which it is",
    ),
    Equivalent(
        "inside_quotes",
        "inside = np.zeros(len(text), dtype=bool) -> inside = np.ones(len(text), dtype=bool)",
        "every element is overwritten",
    ),
    Equivalent(
        "bracket_depth",
        "depth = np.zeros(len(text), dtype=int) -> depth = np.ones(len(text), dtype=int)",
        "every element is overwritten",
    ),
    Equivalent(
        "bracket_depth",
        "for t, (character, quoted) in enumerate(zip(text, inside_quotes(text), strict=True)): -> for t, (character, quoted) in enumerate(zip(text, inside_quotes(text), strict=False)):",
        "both have the length of the text",
    ),
    Equivalent(
        "rank_cells",
        "r = np.where(unknown, 0.0, (x * y[:, None]).sum(axis=0) / np.where(unknown, 1.0, norms)) -> r = np.where(unknown, 0.0, (x * y[:, None]).sum(axis=0) / np.where(unknown, 2.0, norms))",
        "where this value is used, r is 0 whatever it is",
    ),
    Equivalent(
        "rank_cells",
        "r = np.where(unknown, 0.0, (x * y[:, None]).sum(axis=0) / np.where(unknown, 1.0, norms)) -> r = np.where(unknown, 0.0, (x * y[:, None]).sum(axis=0) / np.where(unknown, 0.0, norms))",
        "where this value is used, r is 0 whatever it is",
    ),
    Equivalent(
        "latch_weights",
        "big = 40.0 -> big = 41.0",
        "a sigmoid of 39 is 1 to the last digit too",
    ),
    Equivalent(
        "latch_weights",
        "big = 40.0 -> big = 39.0",
        "a sigmoid of 39 is 1 to the last digit too",
    ),
    Equivalent(
        "latch_weights",
        "Wx = np.array([[-big, big, 0, 0], [big, -big, 0, big], [big, -big, 0, 0]]) -> Wx = np.array([[big, big, 0, 0], [big, -big, 0, big], [big, -big, 0, 0]])",
        "with a candidate of 0 an open input gate lets nothing in",
    ),
    Equivalent(
        "latch_weights",
        "Wx = np.array([[-big, big, 0, 0], [big, -big, 0, big], [big, -big, 0, 0]]) -> Wx = np.array([[-big, big, 1, 0], [big, -big, 0, big], [big, -big, 0, 0]])",
        "the output gate has no part in the cell state, when Wh is 0",
    ),
    Equivalent(
        "latch_weights",
        "Wx = np.array([[-big, big, 0, 0], [big, -big, 0, big], [big, -big, 0, 0]]) -> Wx = np.array([[-big, big, 0, 1], [big, -big, 0, big], [big, -big, 0, 0]])",
        "with a shut input gate the candidate does not matter",
    ),
    Equivalent(
        "latch_weights",
        "Wx = np.array([[-big, big, 0, 0], [big, -big, 0, big], [big, -big, 0, 0]]) -> Wx = np.array([[-big, big, 0, 0], [big, big, 0, big], [big, -big, 0, 0]])",
        "a set cell may grow: it stays above one half, and clearing forgets it",
    ),
    Equivalent(
        "latch_weights",
        "Wx = np.array([[-big, big, 0, 0], [big, -big, 0, big], [big, -big, 0, 0]]) -> Wx = np.array([[-big, big, 0, 0], [big, -big, 1, big], [big, -big, 0, 0]])",
        "the output gate has no part in the cell state, when Wh is 0",
    ),
    Equivalent(
        "latch_weights",
        "Wx = np.array([[-big, big, 0, 0], [big, -big, 0, big], [big, -big, 0, 0]]) -> Wx = np.array([[-big, big, 0, 0], [big, -big, 0, big], [big, -big, 1, 0]])",
        "the output gate has no part in the cell state, when Wh is 0",
    ),
    Equivalent(
        "latch_weights",
        "Wh, b = (np.zeros((1, 4)), np.zeros(4)) -> Wh, b = (np.ones((1, 4)), np.zeros(4))",
        "the gates are too far out to be moved, and a cleared cell stays below one half (tanh 0.38)",
    ),
    Equivalent(
        "depth_weights",
        "open_all = 40.0 -> open_all = 41.0",
        "a sigmoid of 39 is 1 to the last digit too",
    ),
    Equivalent(
        "depth_weights",
        "open_all = 40.0 -> open_all = 39.0",
        "a sigmoid of 39 is 1 to the last digit too",
    ),
    Equivalent(
        "depth_weights",
        "Wx = np.zeros((3, 4)) -> Wx = np.ones((3, 4))",
        "the output gate has no part in the cell state when Wh is 0, and the wide open gates may open wider",
    ),
    Equivalent(
        "depth_weights",
        "Wh, b = (np.zeros((1, 4)), np.array([open_all, open_all, 0, 0])) -> Wh, b = (np.zeros((1, 4)), np.array([open_all, open_all, 1, 0]))",
        "the output gate has no part in the cell state when Wh is 0, and the wide open gates may open wider",
    ),
    Equivalent(
        "gru_that_is_an_rnn",
        "gates_open = np.full(2 * H, 40.0, b.dtype) -> gates_open = np.full(2 * H, 41.0, b.dtype)",
        "a sigmoid of 39 is 1 to the last digit too",
    ),
    Equivalent(
        "gru_that_is_an_rnn",
        "gates_open = np.full(2 * H, 40.0, b.dtype) -> gates_open = np.full(2 * H, 39.0, b.dtype)",
        "a sigmoid of 39 is 1 to the last digit too",
    ),
    Equivalent(
        "gru_that_is_an_rnn",
        "gru_Wx = np.concatenate([np.zeros((D, 2 * H), Wx.dtype), Wx], axis=1) -> gru_Wx = np.concatenate([np.ones((D, 2 * H), Wx.dtype), Wx], axis=1)",
        "the gates stay wide open whatever such weights add",
    ),
    Equivalent(
        "gru_that_is_an_rnn",
        "gru_Wh = np.concatenate([np.zeros((H, 2 * H), Wh.dtype), Wh], axis=1) -> gru_Wh = np.concatenate([np.ones((H, 2 * H), Wh.dtype), Wh], axis=1)",
        "the gates stay wide open whatever such weights add",
    ),
    Equivalent(
        "bidirectional_forward",
        "H = len(right[2]) -> H = len(right[1])",
        "Wh has as many rows as the bias has entries",
    ),
    Equivalent(
        "bidirectional_forward",
        "H = len(right[2]) -> H = len(right[-2])",
        "Wh has as many rows as the bias has entries",
    ),
    Equivalent(
        "bidirectional_backward",
        "dx_right, _, *dright = rnn_backward(dh_right, cache_right) -> (after) dx_left, _, *dleft = rnn_backward(reverse_ragged(dh_left, lengths), cache_left)",
        "neither of the two lines uses what the other one makes",
    ),
    Equivalent(
        "scheduled_inputs",
        "inputs = ids.copy() -> inputs = ids",
        "each true character is read before it is overwritten, and the result is the same",
    ),
    Equivalent(
        "nucleus_probs",
        "outside = order[total_before >= p] if p < 1 else [] -> outside = order[total_before >= p]",
        "with p = 1 only what rounding makes of a tail below 1e-15 differs",
    ),
    Equivalent(
        "nucleus_probs",
        "outside = order[total_before >= p] if p < 1 else [] -> outside = order[total_before >= p] if p <= 1 else []",
        "with p = 1 only what rounding makes of a tail below 1e-15 differs",
    ),
    Equivalent(
        "nucleus_probs",
        "outside = order[total_before >= p] if p < 1 else [] -> outside = order[total_before >= p] if p < 2 else []",
        "with p = 1 only what rounding makes of a tail below 1e-15 differs",
    ),
    Equivalent(
        "nucleus_probs",
        "outside = order[total_before >= p] if p < 1 else [] -> outside = order[total_before > p] if p < 1 else []",
        "where a sum is p to the last digit, rounding decides",
    ),
    Equivalent(
        "linear_recurrence_backward",
        "dv = dh.copy() -> dv = dh",
        "the same numbers, though an argument is written into, which is said and costs nothing",
    ),
    Equivalent(
        "scan_round",
        "longer_f, longer_v = (f.copy(), v.copy()) -> longer_f, longer_v = (f, v.copy())",
        "the same numbers, though an argument is written into, which is said and costs nothing",
    ),
    Equivalent(
        "scan_round",
        "longer_f, longer_v = (f.copy(), v.copy()) -> longer_f, longer_v = (f.copy(), v)",
        "the same numbers, though an argument is written into, which is said and costs nothing",
    ),
    Equivalent(
        "parallel_scan",
        "while distance < f.shape[1]: -> while distance <= f.shape[1]:",
        "one round more, of a distance of T, leaves everything as it is",
    ),
    Equivalent(
        "steps_to_vanish",
        "answer = 0 -> answer = 1",
        "no share that is asked for is reached in one step",
    ),
    Equivalent(
        "steps_to_vanish",
        "while sigma ** answer >= share: -> while sigma ** answer > share:",
        "no power of a singular value is exactly the share",
    ),
    Equivalent(
        "gru_units",
        "answer = 0 -> answer = 1",
        "a GRU of one unit is smaller than every LSTM that is asked for",
    ),
)
