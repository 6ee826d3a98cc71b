"""Wrong versions of the captioning lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "captioning_loss",
        replace="counts = words_out != self.null",
        by="counts = words_in != self.null",
        truth="the mask looks for <NULL> among the words that are read and not among those that are asked for, so in every padded row the first position where <NULL> is asked for counts in the loss",
    ),
    Version(
        "captioning_loss",
        replace='grads["W_proj"] = features.T @ dh0',
        by='grads["W_proj"] = features.T @ dh[:, 0]',
        truth="the gradient of W_proj is formed with the gradient of the first output h[:, 0], where that of the initial state h_0, dh0, belongs",
    ),
    Version(
        "captioning_loss_lstm",
        replace='h, cell_cache = lstm_forward(vectors, h0, P["Wx"], P["Wh"], P["b"])',
        by='h, cell_cache = lstm_forward(vectors, np.zeros_like(h0), P["Wx"], P["Wh"], P["b"])',
        truth="the LSTM starts from a hidden state of zeros, so the picture's projected features h_0 never enter it",
    ),
    Version(
        "captioning_loss_gru",
        replace="""        elif self.cell_type == "gru":
            back = gru_backward(dh, cell_cache)
        else:
            back = rnn_backward(dh, cell_cache)
""",
        by="""        else:
            back = rnn_backward(dh, cell_cache)
""",
        truth="with a GRU the backward pass calls rnn_backward on the cache of gru_forward; there is no branch for the gru",
    ),
    Version(
        "captioning_sample",
        replace="""                if not over[n]:
                    written[n, t] = last_word[n]
                if last_word[n] == self.end:
                    over[n] = True
""",
        by="""                if last_word[n] == self.end:
                    over[n] = True
                if not over[n]:
                    written[n, t] = last_word[n]
""",
        truth="a row is marked as over before its word is written, so the <END> itself is not returned: <NULL> stands in its place",
    ),
    Version(
        "captioning_sample",
        replace="""            for n in range(N):
                if not over[n]:
                    written[n, t] = last_word[n]
                if last_word[n] == self.end:
                    over[n] = True
""",
        by="""            written[:, t] = last_word
            for n in range(N):
                if last_word[n] == self.end:
                    over[n] = True
            if over.all():
                break
""",
        truth="a row that has said <END> is written on as long as another row goes on: the positions after its <END> hold what the network says there and not <NULL>",
    ),
    Version(
        "captioning_sample_lstm",
        replace="memory = np.zeros_like(state)",
        by="memory = state.copy()",
        truth="the LSTM's cell state starts as a copy of h_0, where it should start at zero",
    ),
    Version(
        "captioning_sample_gru",
        replace='state, _ = gru_step_forward(x_t, state, prm["Wx"], prm["Wh"], prm["b"])',
        by='state, _ = gru_step_forward(state, x_t, prm["Wx"], prm["Wh"], prm["b"])',
        truth="in the call of gru_step_forward the word's vector and the state are swapped",
    ),
    Version(
        "corpus_bleu",
        replace="key=lambda m: (abs(m - len(cand)), m)",
        by="key=lambda m: (abs(m - len(cand)), -m)",
        truth="of two references equally near in length the longer one is taken for r, not the shorter",
    ),
    Version(
        "corpus_bleu",
        replace="""    brevity = 1.0 if c > r else np.exp(1 - r / c)
    return brevity * np.exp(log_sum / max_n)
""",
        by="""    brevity = 1.0 if c > r else np.exp(1 - c / r)
    return brevity * np.exp(log_sum)
""",
        truth="two mistakes: the brevity has c/r where r/c belongs, and the product of the p_n is not raised to 1/max_n",
    ),
    Version(
        "captioning_loss",
        replace="counts = words_out != self.null",
        by="counts = (words_out != self.null) & (words_out != self.end)",
        truth="positions where <END> is asked for are left out of the loss; only those where <NULL> is asked for should be",
    ),
    Version(
        "corpus_bleu",
        replace="allowed[gram] = max(allowed[gram], times)",
        by="allowed[gram] += times",
        truth="an n-gram may match as often as it occurs in all references of its picture together, not in the one that has it most often",
    ),
    Version(
        "corpus_bleu",
        replace="""        if total == 0 or hits == 0:
            return 0.0
        log_sum += np.log(hits / total)
""",
        by="""        if total == 0 or hits == 0:
            continue
        log_sum += np.log(hits / total)
""",
        truth="an n for which p_n is zero, or for which there is no n-gram at all, is left out of the product, where BLEU must be 0",
    ),
    Version(
        "captioning_loss",
        replace='grads["b_proj"] = dh0.sum(axis=0)',
        by='grads["b_proj"] = dh0.mean(axis=0)',
        truth="the gradient of b_proj is the mean of dh0 over the batch instead of the sum",
    ),
    Version(
        "captioning_loss_gru",
        replace="back = gru_backward(dh, cell_cache)",
        by="back = rnn_backward(dh, cell_cache)",
        truth="with a GRU the backward pass of the vanilla RNN is called on the cache of gru_forward",
    ),
    Version(
        "captioning_sample_lstm",
        replace='x_t, state, memory, prm["Wx"]',
        by='x_t, state, np.zeros_like(memory), prm["Wx"]',
        truth="the cell state of the LSTM is not passed on: every step starts with a cell state of zeros",
    ),
    Version(
        "corpus_bleu",
        replace="        r += min((len(ref) for ref in refs), key=lambda m: (abs(m - len(cand)), m))\n    brevity = 1.0 if c > r else np.exp(1 - r / c)",
        by="        r += min(len(ref) for ref in refs)\n    brevity = 1.0 if c > r else np.exp(1 - c / r)",
        truth="two mistakes in the brevity penalty: the shortest reference is taken instead of the one nearest in length, and the ratio of the lengths is upside down",
    ),
    Version(
        "captioning_sample_gru",
        replace="last_word = np.argmax(word_scores, axis=1)",
        by="last_word = np.argmax(word_scores.squeeze(), axis=-1)",
        truth="the scores are squeezed, which loses the batch axis when there is only one picture",
    ),
)
