"""Every clause of the docstrings about attention, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ------------------------------------------------------------------------------- masked_softmax
    Known(
        "masked_softmax", "Softmax over the positions that are not padding",
        "masked_softmax.mask_ignored",
    ),
    Known("masked_softmax", "row by row", "masked_softmax.over_the_batch"),
    Clause(
        "masked_softmax", "Scores may be as large as 1e4 in absolute value",
        replace="e = np.where(mask, e, -np.inf)",
        by="e = np.where(mask, np.clip(e, -5000, 5000), -np.inf)",
    ),
    Clause(
        "masked_softmax", "Scores may be as large as 1e4 in absolute value",
        replace="e = np.where(mask, e, -np.inf)", by="e = np.where(mask, e, -1e3)",
    ),
    Clause(
        "masked_softmax", "Scores may be as large as 1e4 in absolute value",
        replace="e = np.where(mask, e, -np.inf)", by="e = np.where(mask, e, -1e4)",
    ),
    Known("masked_softmax", "must not overflow", "masked_softmax.no_shift"),
    Known("masked_softmax", "must not overflow", "masked_softmax.shift_by_global_max"),
    Known(
        "masked_softmax", "The scores at padded positions are arbitrary",
        "masked_softmax.shift_by_padding",
    ),
    Clause(
        "masked_softmax", "The scores at padded positions are arbitrary",
        replace="e = np.where(mask, e, -np.inf)", by="e = e - 1e9 * ~mask",
    ),
    Known("masked_softmax", "booleans, True where there is a word", "masked_softmax.mask_inverted"),
    Clause(
        "masked_softmax", "booleans, True where there is a word",
        replace="e = np.where(mask, e, -np.inf)",
        by="mask = np.arange(e.shape[1]) < mask.sum(axis=1, keepdims=True)\n"
        "    e = np.where(mask, e, -np.inf)",
    ),
    Clause(
        "masked_softmax", "booleans, True where there is a word",
        replace="e = np.where(mask, e, -np.inf)",
        by="last = e.shape[1] - mask[:, ::-1].argmax(axis=1, keepdims=True)\n"
        "    e = np.where(np.arange(e.shape[1]) < last, e, -np.inf)",
    ),
    Known(
        "masked_softmax", "weights; exactly 0 where mask is False",
        "masked_softmax.padding_scores_small",
    ),
    Clause(
        "masked_softmax", "exactly 0 where mask is False",
        replace="a = a / a.sum(axis=1, keepdims=True)",
        by="a = np.where(mask, a / a.sum(axis=1, keepdims=True), 1e-4)",
    ),
    Known("masked_softmax", "every row sums to 1", "masked_softmax.mask_after_softmax"),
    Clause(
        "masked_softmax", "every row sums to 1",
        replace="a = a / a.sum(axis=1, keepdims=True)",
        by="a = a / (a.sum(axis=1, keepdims=True) + 1e-2)",
    ),
    Known(
        "masked_softmax",
        "ValueError if a row of mask has no True: there is nothing to attend to",
        "masked_softmax.empty_row_accepted",
    ),
    Clause(
        "masked_softmax",
        "ValueError if a row of mask has no True: there is nothing to attend to",
        replace="if not mask.any(axis=1).all():", by="if not mask.any():",
    ),
    # ---------------------------------------------------------------------- masked_softmax_backward
    Known(
        "masked_softmax_backward", "The gradient of masked_softmax, from its output alone",
        "masked_softmax_backward.mean_not_subtracted",
    ),
    Known(
        "masked_softmax_backward", "Every weight depends on every score of its row",
        "masked_softmax_backward.diagonal_only",
    ),
    Known(
        "masked_softmax_backward", "every score of its row",
        "masked_softmax_backward.over_the_batch",
    ),
    Clause(
        "masked_softmax_backward", "gradient of the loss with respect to the weights",
        replace="mean = (a * da)", by="da = da * a\n    mean = (a * da)",
    ),
    Known(
        "masked_softmax_backward", "arbitrary at padded positions",
        "masked_softmax_backward.plain_mean",
    ),
    Clause(
        "masked_softmax_backward", "arbitrary at padded positions",
        replace="mean = (a * da)",
        by="da = da / np.abs(da).max(axis=1, keepdims=True)\n    mean = (a * da)",
    ),
    NoInput(
        "masked_softmax_backward", "the weights that masked_softmax returned",
        "where they come from; the problem hands on what the student's own forward returns",
    ),
    Clause(
        "masked_softmax_backward", "gradient of the loss with respect to the scores",
        replace="de = a * (da - mean)", by="de = da - mean",
    ),
    Clause(
        "masked_softmax_backward", "0 at padded positions",
        replace="de = a * (da - mean)", by="de = np.where(a > 0, a, 0.01) * (da - mean)",
    ),
    # ------------------------------------------------------------------- additive_attention_forward
    Known(
        "additive_attention_forward",
        "One look at the source, which gives its words weights and averages their states",
        "additive_attention_forward.all_states_alike",
    ),
    Known(
        "additive_attention_forward", "e_i = v . tanh(s W + h_i U)",
        "additive_attention_forward.no_tanh",
    ),
    Known(
        "additive_attention_forward", "a = softmax(e) over the words",
        "additive_attention_forward.scores_as_weights",
    ),
    Clause(
        "additive_attention_forward", "a = softmax(e) over the words",
        replace="weights = masked_softmax(e, mask)",
        by="weights = masked_softmax(e, mask | ~mask)",
    ),
    Known(
        "additive_attention_forward", "c = sum_i a_i h_i",
        "additive_attention_forward.context_averaged",
    ),
    Known(
        "additive_attention_forward", "the decoder's state of the step before, the query",
        "additive_attention_forward.query_of_first_row",
    ),
    Known(
        "additive_attention_forward", "the encoder's states",
        "additive_attention_forward.context_of_projections",
    ),
    Clause(
        "additive_attention_forward", "booleans, True where there is a word",
        replace="weights = masked_softmax(e, mask)",
        by="weights = masked_softmax(e, mask[:, ::-1])",
    ),
    Clause(
        "additive_attention_forward", "the alignment network's weights for s",
        replace="(s @ W)", by="(s @ np.abs(W))",
    ),
    Clause(
        "additive_attention_forward", "its weights for h",
        replace="h @ U", by="h @ np.abs(U)",
    ),
    Clause(
        "additive_attention_forward", "its output weights",
        replace="e = q @ v", by="e = q @ np.abs(v)",
    ),
    Known(
        "additive_attention_forward", "the average c", "additive_attention_forward.only_the_best",
    ),
    Clause(
        "additive_attention_forward", "the weights a",
        replace="cache = (s, h, W, U, v, q, weights)",
        by="cache = (s, h, W, U, v, q, weights)\n    weights = e",
    ),
    Clause(
        "additive_attention_forward", "exactly 0 where mask is False",
        replace="cache = (s, h, W, U, v, q, weights)",
        by="cache = (s, h, W, U, v, q, weights)\n    weights = np.where(mask, weights, 0.01)",
    ),
    Clause(
        "additive_attention_forward", "ValueError if a row of mask has no True",
        replace="weights = masked_softmax(e, mask)",
        by="weights = masked_softmax(e, mask | ~mask.any(axis=1, keepdims=True))",
    ),
    # ------------------------------------------------------------------ additive_attention_backward
    Known(
        "additive_attention_backward", "The gradient of additive_attention_forward",
        "additive_attention_backward.softmax_skipped",
    ),
    Clause(
        "additive_attention_backward", "for a loss that sees the context only",
        replace="de = masked_softmax_backward(da, weights)",
        by="de = masked_softmax_backward(da + weights, weights)",
    ),
    Known(
        "additive_attention_backward",
        "An encoder state is used twice: it is averaged into the context, and it is asked how "
        "well it fits.",
        "additive_attention_backward.score_path_of_dh",
    ),
    Known(
        "additive_attention_backward",
        "An encoder state is used twice: it is averaged into the context, and it is asked how "
        "well it fits.",
        "additive_attention_backward.sum_path_of_dh",
    ),
    Clause(
        "additive_attention_backward", "gradient of the loss with respect to context",
        replace="da = (dcontext[:, None, :] * h)",
        by="dcontext = np.ones_like(dcontext)\n    da = (dcontext[:, None, :] * h)",
    ),
    Clause(
        "additive_attention_backward", "0 at padded positions",
        replace="dh = weights[:, :, None] * dcontext[:, None, :]",
        by="seen = np.where(weights > 0, weights, 0.01)\n"
        "    dh = seen[:, :, None] * dcontext[:, None, :]",
    ),
    # ----------------------------------------------------------------------- attention_step_forward
    Known(
        "attention_step_forward",
        "One step of a decoder that looks at its source: first attend, then step",
        "attention_step_forward.asks_with_new_state",
    ),
    Known(
        "attention_step_forward", "The context comes from the query prev_s",
        "attention_step_forward.asks_with_new_state",
    ),
    Known(
        "attention_step_forward",
        "the vanilla cell of lesson 1 then reads the word and the context side by side",
        "attention_step_forward.context_left_out",
    ),
    Known(
        "attention_step_forward", "s_t = tanh([x; c] Wx + s_{t-1} Wh + b)",
        "attention_step_forward.state_not_carried",
    ),
    Clause(
        "attention_step_forward", "s_t = tanh([x; c] Wx + s_{t-1} Wh + b)",
        replace="prev_s, Wx, Wh, b)", by="prev_s, Wx, Wh, 0 * b)",
    ),
    Known(
        "attention_step_forward",
        "the word's D numbers first, the context's E numbers after them",
        "attention_step_forward.context_before_word",
    ),
    Clause(
        "attention_step_forward", "the vector of the word before",
        replace="np.concatenate([x, context], axis=1)",
        by="np.concatenate([x[::-1], context], axis=1)[:, ::-1]",
    ),
    Known(
        "attention_step_forward", "the decoder's state before this step",
        "attention_step_forward.state_not_carried",
    ),
    Clause(
        "attention_step_forward", "the encoder's states",
        replace="additive_attention_forward(prev_s, h, ",
        by="additive_attention_forward(prev_s, h[:, ::-1], ",
    ),
    Known(
        "attention_step_forward", "booleans, True where there is a word",
        "attention_step_forward.mask_not_passed_on",
    ),
    Clause(
        "attention_step_forward", "the alignment network's weights for prev_s",
        replace="mask, W, U, v)", by="mask, np.abs(W), U, v)",
    ),
    Clause(
        "attention_step_forward", "its weights for h",
        replace="mask, W, U, v)", by="mask, W, np.abs(U), v)",
    ),
    Clause(
        "attention_step_forward", "its output weights",
        replace="mask, W, U, v)", by="mask, W, U, np.abs(v))",
    ),
    Clause(
        "attention_step_forward", "the cell's input-to-hidden weights",
        replace="prev_s, Wx, Wh, b)", by="prev_s, Wx[::-1], Wh, b)",
    ),
    Clause(
        "attention_step_forward", "its hidden-to-hidden weights",
        replace="prev_s, Wx, Wh, b)", by="prev_s, Wx, Wh.T, b)",
    ),
    Clause(
        "attention_step_forward", "its bias",
        replace="prev_s, Wx, Wh, b)", by="prev_s, Wx, Wh, -b)",
    ),
    Clause(
        "attention_step_forward", "the new state",
        replace="cache = (x.shape[1], attention, cell)",
        by="cache = (x.shape[1], attention, cell)\n    next_s = np.arctanh(next_s)",
    ),
    Clause(
        "attention_step_forward", "what the decoder looked at",
        replace="cache = (x.shape[1], attention, cell)",
        by="cache = (x.shape[1], attention, cell)\n    weights = weights[:, ::-1]",
    ),
    Clause(
        "attention_step_forward", "ValueError if a row of mask has no True",
        replace="additive_attention_forward(prev_s, h, mask,",
        by="additive_attention_forward(\n"
        "        prev_s, h, mask | ~mask.any(axis=1, keepdims=True),",
    ),
    # ---------------------------------------------------------------------- attention_step_backward
    Known(
        "attention_step_backward", "The gradient of attention_step_forward",
        "attention_step_backward.attention_gets_nothing",
    ),
    Clause(
        "attention_step_backward", "for a loss that sees next_s only",
        replace="additive_attention_backward(dcontext, attention)",
        by="additive_attention_backward(dcontext + 1, attention)",
    ),
    Clause(
        "attention_step_backward", "gradient of the loss with respect to next_s",
        replace="rnn_step_backward(dnext_s, cell)",
        by="rnn_step_backward(np.ones_like(dnext_s), cell)",
    ),
    Known(
        "attention_step_backward", "the old state was used twice",
        "attention_step_backward.query_path_dropped",
    ),
    Known(
        "attention_step_backward", "the old state was used twice",
        "attention_step_backward.cell_path_dropped",
    ),
)  # fmt: skip
