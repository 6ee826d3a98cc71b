"""Every clause of the docstrings about describing pictures, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # -------------------------------------------------------------------------------- CaptioningRNN
    NoInput(
        "CaptioningRNN",
        "A captioning model. The constructor is given; you write `loss` and `sample`.",
        "a title, and what is to be done",
    ),
    NoInput(
        "CaptioningRNN",
        "The parameters are the values of the dictionary self.params. k is the number of blocks of "
        'the cell: 1 for "rnn", 3 for "gru" and 4 for "lstm".',
        "what the constructor, which is given, has made",
    ),
    # --------------------------------------------------------------------------- CaptioningRNN.loss
    Known(
        "CaptioningRNN.loss",
        "How badly the model predicts the captions, and the gradient of every parameter.",
        "captioning_loss.gradient_of_picture_from_outputs",
    ),
    Known(
        "CaptioningRNN.loss", "the gradient of every parameter",
        "captioning_loss.projection_gradient_not_summed",
    ),
    Known(
        "CaptioningRNN.loss",
        "Every caption is `<START>` w1 w2 ... `<END>`, filled up with `<NULL>`.",
        "captioning_loss.mask_from_input",
    ),
    Clause(
        "CaptioningRNN.loss", "`<END>`, filled up with `<NULL>`",
        replace="mask = captions_out != self.null",
        by="mask = (captions_out != self.null) & (captions_out != self.end)",
    ),
    Known(
        "CaptioningRNN.loss",
        "The network reads all but the last column and is asked for all but the first",
        "captioning_loss.captions_not_shifted",
    ),
    Clause(
        "CaptioningRNN.loss", "The network reads all but the last column",
        replace="captions_in, captions_out = captions[:, :-1], captions[:, 1:]",
        by="captions_in, captions_out = captions[:, :-1], captions[:, 1:]\n"
        "        captions_in = np.where(captions_in == self.end, self.null, captions_in)\n"
        "        captions_in[:, 1:] = captions_in[:, :-1]",
    ),
    Known(
        "CaptioningRNN.loss", "positions where `<NULL>` is asked for do not count",
        "captioning_loss.padding_counted",
    ),
    Clause(
        "CaptioningRNN.loss", "one row per picture",
        replace="h0 = features @", by="h0 = features[:1] + 0 * features @",
    ),
    Clause(
        "CaptioningRNN.loss", "one row per picture",
        replace="h0 = features @ p", by="h0 = np.repeat(features[:1], len(captions), axis=0) @ p",
    ),
    Known("CaptioningRNN.loss", "(N, T+1), whole numbers", "captioning_loss.null_taken_as_zero"),
    Clause(
        "CaptioningRNN.loss",
        "a number, summed over time and averaged over the batch, as in lesson 2",
        replace="        grads = {}", by="        loss /= captions_in.shape[1]\n        grads = {}",
    ),
    Clause(
        "CaptioningRNN.loss", "averaged over the batch, as in lesson 2",
        replace="        grads = {}", by="        loss *= len(captions)\n        grads = {}",
    ),
    Clause(
        "CaptioningRNN.loss", "averaged over the batch, as in lesson 2",
        replace="        grads = {}", by="        dscores = dscores * len(captions)\n        grads = {}",
    ),
    Clause(
        "CaptioningRNN.loss", "dictionary with the keys and shapes of self.params",
        replace="dh0.sum(axis=0)", by="dh0.sum(axis=0, keepdims=True)",
    ),
    Clause(
        "CaptioningRNN.loss", "dictionary with the keys and shapes of self.params",
        replace='grads["W_proj"] =', by='grads["dW_proj"] =',
    ),
    # ------------------------------------------------------------------------- CaptioningRNN.sample
    Known(
        "CaptioningRNN.sample",
        "Write captions greedily: at every step, the word with the highest score.",
        "captioning_sample.least_likely_word",
    ),
    Known(
        "CaptioningRNN.sample", "the word with the highest score",
        "captioning_sample.bias_of_scores_missing",
    ),
    Known(
        "CaptioningRNN.sample", "The network reads `<START>` first",
        "captioning_sample.null_read_first",
    ),
    Known(
        "CaptioningRNN.sample", "The network reads `<START>` first, and then its own last word.",
        "captioning_sample.own_words_not_fed_back",
    ),
    Clause(
        "CaptioningRNN.sample", "Of equal scores the smallest id wins.",
        replace='word = (h @ p["W_vocab"] + p["b_vocab"]).argmax(axis=1)',
        by='scores = h @ p["W_vocab"] + p["b_vocab"]\n'
        "            word = scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)",
    ),
    Clause(
        "CaptioningRNN.sample", "An LSTM's cell state starts at zero, as in lstm_forward.",
        replace="c = np.zeros_like(h)", by="c = h.copy()", problem="captioning_sample_lstm",
    ),
    NoInput("CaptioningRNN.sample", "What is returned for each picture:", "announces the list"),
    Known(
        "CaptioningRNN.sample",
        "position 0 holds the first word the network *says* (`<START>` is read, never returned)",
        "captioning_sample.start_returned",
    ),
    Known(
        "CaptioningRNN.sample",
        "if the network says `<END>`, that `<END>` is returned in its place",
        "captioning_sample.end_not_returned",
    ),
    Known(
        "CaptioningRNN.sample",
        "if the network says `<END>`, that `<END>` is returned in its place, and every later "
        "position of that row holds `<NULL>`, whatever the network would go on to say",
        "captioning_sample.writes_on_after_end",
    ),
    Known(
        "CaptioningRNN.sample", "every later position of that row holds `<NULL>`",
        "captioning_sample.padded_with_end",
    ),
    Clause(
        "CaptioningRNN.sample", "every later position of that row holds `<NULL>`",
        replace="np.where(ended, self.null, word)", by="np.where(ended, 0, word)",
    ),
    Clause(
        "CaptioningRNN.sample", "every later position of that row",
        replace="ended = ended | (word == self.end)", by="ended = word == self.end",
    ),
    Known(
        "CaptioningRNN.sample", "of that row", "captioning_sample.stops_when_first_row_ends",
    ),
    Clause(
        "CaptioningRNN.sample", "a row that never says `<END>` is cut after max_length words",
        replace="            ended = ended |",
        by="            if t == max_length - 1:\n"
        "                captions[:, t] = np.where(ended, self.null, self.end)\n"
        "            ended = ended |",
    ),
    Clause(
        "CaptioningRNN.sample", "one row per picture",
        replace='(h @ p["W_vocab"] + p["b_vocab"]).argmax',
        by='np.squeeze(h @ p["W_vocab"] + p["b_vocab"]).argmax',
    ),
    Known("CaptioningRNN.sample", "one row per picture", "captioning_sample.picture_ignored"),
    Clause(
        "CaptioningRNN.sample", "a whole number, at least 1",
        replace="max_length), self.null)", by="max(max_length, 2)), self.null)",
    ),
    NoInput(
        "CaptioningRNN.sample", "(N, max_length), whole numbers",
        "a float that is a whole number is as good; others are wrong words",
    ),
    # ---------------------------------------------------------------------------------- corpus_bleu
    NoInput(
        "corpus_bleu",
        "BLEU of a whole test set: how much of what was written stands in what people wrote.",
        "a title",
    ),
    Known("corpus_bleu", "For n = 1..max_n", "corpus_bleu.only_longest_ngrams"),
    Clause(
        "corpus_bleu", "For n = 1..max_n",
        replace="range(1, max_n + 1)", by="range(1, 5)",
    ),
    Clause(
        "corpus_bleu", "over the whole corpus",
        replace="c = sum(len(candidate) for candidate in candidates)",
        by="if len(candidates) > 1:\n"
        "        pairs = zip(candidates, references)\n"
        "        return np.mean([corpus_bleu([c], [r], max_n) for c, r in pairs])\n"
        "    c = sum(len(candidate) for candidate in candidates)",
    ),
    Clause(
        "corpus_bleu", "p_n = matching n-grams / n-grams written",
        replace="written += sum(counts.values())", by="written += len(counts)",
    ),
    Clause(
        "corpus_bleu", "n-grams written",
        replace="range(len(words) - n + 1)", by="range(len(words) - n + 1 or 1)",
    ),
    Clause(
        "corpus_bleu", "n-grams written",
        replace="written += sum(counts.values())", by="written += len(candidate) - n + 1",
    ),
    Known(
        "corpus_bleu", "where an n-gram matches at most as often as it occurs",
        "corpus_bleu.counts_not_clipped",
    ),
    Known(
        "corpus_bleu",
        "where an n-gram matches at most as often as it occurs in that one reference of its picture "
        "that has it most often.",
        "corpus_bleu.references_added_up",
    ),
    Clause(
        "corpus_bleu", "in that one reference of its picture that has it most often",
        replace="for ref in refs:\n                best |= ngrams(ref, n)",
        by="for ref in refs[:1]:\n                best |= ngrams(ref, n)",
    ),
    Clause(
        "corpus_bleu", "With c the total length of all candidates",
        replace="c = sum(len(candidate) for candidate in candidates)",
        by="c = sum(len(set(candidate)) for candidate in candidates)",
    ),
    Known(
        "corpus_bleu",
        "r the sum, over pictures, of the length of the reference nearest in length",
        "corpus_bleu.shortest_reference",
    ),
    Clause(
        "corpus_bleu", "of the length of the reference nearest in length",
        replace="for ref in refs)[1]", by="for ref in refs[:1])[1]",
    ),
    Clause(
        "corpus_bleu", "(the shorter of two equally near)",
        replace="(abs(len(ref) - len(candidate)), len(ref)) for ref in refs)[1]",
        by="(abs(len(ref) - len(candidate)), -len(ref)) for ref in refs)[1] * -1",
    ),
    Clause(
        "corpus_bleu", "(the shorter of two equally near)",
        replace="(abs(len(ref) - len(candidate)), len(ref)) for ref in refs)[1]",
        by="(abs(len(ref) - len(candidate)), i, len(ref)) for i, ref in enumerate(refs))[2]",
    ),
    Clause(
        "corpus_bleu", "(the shorter of two equally near)",
        replace="(abs(len(ref) - len(candidate)), len(ref)) for ref in refs)[1]",
        by="(abs(len(ref) - len(candidate)), -i, len(ref)) for i, ref in enumerate(refs))[2]",
    ),
    Known(
        "corpus_bleu", "(p_1 p_2 ... p_max_n)^(1/max_n)", "corpus_bleu.precisions_not_averaged",
    ),
    Known("corpus_bleu", "brevity = 1 if c > r, else exp(1 - r/c)", "corpus_bleu.brevity_inverted"),
    Known(
        "corpus_bleu",
        "BLEU = brevity * (p_1 p_2 ... p_max_n)^(1/max_n), brevity = 1 if c > r, else exp(1 - r/c)",
        "corpus_bleu.no_brevity",
    ),
    Clause(
        "corpus_bleu", "brevity = 1 if c > r",
        replace="1.0 if c > r else np.exp(1 - r / c)", by="np.exp(1 - r / c)",
    ),
    Known("corpus_bleu", "If any p_n is zero", "corpus_bleu.zero_precisions_skipped"),
    Clause(
        "corpus_bleu", "or there is no n-gram of some length at all",
        replace="        if matches == 0:",
        by="        if written == 0:\n            continue\n        if matches == 0:",
    ),
    Clause(
        "corpus_bleu", "or nothing was written, BLEU is exactly 0",
        replace="    log_p = 0.0\n",
        by='    if c == 0:\n        raise ZeroDivisionError("nothing was written")\n    log_p = 0.0\n',
    ),
    Clause(
        "corpus_bleu", "or nothing was written, BLEU is exactly 0",
        replace="    log_p = 0.0\n", by="    if c == 0:\n        return 1.0\n    log_p = 0.0\n",
    ),
    Clause(
        "corpus_bleu", "no smoothing",
        replace="        if matches == 0:\n            return 0.0\n"
        "        log_p += np.log(matches / written) / max_n",
        by="        log_p += np.log((matches + 1e-9) / (written + 1e-9)) / max_n",
    ),
    Clause(
        "corpus_bleu", "and no small number in the place of 0",
        replace="return 0.0", by="return 1e-9",
    ),
    Clause(
        "corpus_bleu", "no smoothing",
        replace="matches / written)", by="(matches + (n > 1)) / (written + (n > 1)))",
    ),
    Clause(
        "corpus_bleu", "list of captions, each a list of words (any hashable things)",
        replace="tuple(words[i : i + n])", by='" ".join(map(str, words[i : i + n]))',
    ),
    Clause(
        "corpus_bleu", "list of captions, each a list of words (any hashable things)",
        replace="tuple(words[i : i + n])", by="tuple(map(int, words[i : i + n]))",
    ),
    Clause(
        "corpus_bleu", "list of captions, each a list of words (any hashable things)",
        replace="tuple(words[i : i + n])", by="tuple(sorted(words)[:0] + words[i : i + n])",
    ),
    Clause(
        "corpus_bleu", "list, for each candidate, of one or more reference captions",
        replace="for ref in refs)[1]", by="for ref in (refs if len(refs) > 1 else refs * 0))[1]",
    ),
    Clause(
        "corpus_bleu", "list, for each candidate, of one or more reference captions",
        replace="for ref in refs:", by="for ref in refs[:2]:",
    ),
    Clause(
        "corpus_bleu", "a whole number, the length of the longest n-grams that count",
        replace="for n in range(1, max_n + 1):", by="max_n = max(max_n, 2)\n    for n in range(1, max_n + 1):",
    ),
    Clause(
        "corpus_bleu", "a whole number, the length of the longest n-grams that count",
        replace="for n in range(1, max_n + 1):", by="max_n = min(max_n, 4)\n    for n in range(1, max_n + 1):",
    ),
    Clause(
        "corpus_bleu", "a number between 0 and 1",
        replace="bleu = brevity * np.exp(log_p)", by="bleu = 100 * brevity * np.exp(log_p)",
    ),
)  # fmt: skip
