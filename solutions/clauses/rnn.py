"""Every clause of the docstrings about the vanilla RNN, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ----------------------------------------------------------------------------- rnn_step_forward
    Known(
        "rnn_step_forward",
        "One step of a vanilla RNN: next_h = tanh(x Wx + prev_h Wh + b).",
        "rnn_step_forward.no_tanh",
    ),
    Known("rnn_step_forward", "next_h = tanh(x Wx + prev_h Wh + b)", "rnn_step_forward.terms_multiplied"),
    Clause(
        "rnn_step_forward", "the input at this time step",
        replace="x @ Wx", by="x[:1] @ Wx",
    ),
    Known(
        "rnn_step_forward", "the hidden state of the step before", "rnn_step_forward.past_ignored",
    ),
    Clause(
        "rnn_step_forward", "input-to-hidden weights",
        replace="x @ Wx", by="x @ Wx[::-1]",
    ),
    Known("rnn_step_forward", "hidden-to-hidden weights", "rnn_step_forward.Wh_transposed"),
    Known("rnn_step_forward", "bias", "rnn_step_forward.no_bias"),
    Clause(
        "rnn_step_forward", "the new hidden state",
        replace="next_h = np.tanh(a)", by="next_h = np.tanh(a) + prev_h",
    ),
    # ---------------------------------------------------------------------------- rnn_step_backward
    NoInput("rnn_step_backward", "The gradient of one step.", "a title"),
    Known(
        "rnn_step_backward",
        "With a = x Wx + prev_h Wh + b and next_h = tanh(a), start from the gradient with respect "
        "to a.",
        "rnn_step_backward.no_tanh_slope",
    ),
    Clause(
        "rnn_step_backward", "gradient of the loss with respect to next_h",
        replace="da = dnext_h *", by="da = dnext_h.mean(axis=0) *",
    ),
    # ---------------------------------------------------------------------------------- rnn_forward
    Known(
        "rnn_forward",
        "A vanilla RNN over a whole sequence: the same step, with the same weights, T times.",
        "rnn_forward.state_never_carried",
    ),
    Clause(
        "rnn_forward", "the same step, with the same weights, T times",
        replace="for t in range(T):", by="for t in range(min(T, 3)):",
    ),
    Clause(
        "rnn_forward", "with the same weights",
        replace="x[:, t], prev_h, Wx, Wh, b)", by="x[:, t], prev_h, Wx, Wh if t else 0 * Wh, b)",
    ),
    Known("rnn_forward", "the inputs", "rnn_forward.first_input_repeated"),
    Clause(
        "rnn_forward", "the inputs",
        replace="rnn_step_forward(x[:, t], prev_h", by="rnn_step_forward(np.squeeze(x[:, t]), prev_h",
    ),
    Known("rnn_forward", "the state before the first step", "rnn_forward.h0_ignored"),
    Clause(
        "rnn_forward", "input-to-hidden weights",
        replace="prev_h, Wx, Wh, b)", by="prev_h, Wx[::-1], Wh, b)",
    ),
    Clause(
        "rnn_forward", "hidden-to-hidden weights",
        replace="prev_h, Wx, Wh, b)", by="prev_h, Wx, Wh.T, b)",
    ),
    Clause(
        "rnn_forward", "bias",
        replace="prev_h, Wx, Wh, b)", by="prev_h, Wx, Wh, 0 * b if t else b)",
    ),
    Known("rnn_forward", "the hidden states", "rnn_forward.batch_and_time_scrambled"),
    Known("rnn_forward", "h[:, t] has read x[:, 0] to x[:, t]", "rnn_forward.states_delayed"),
    Known("rnn_forward", "h[:, t] has read x[:, 0] to x[:, t]", "rnn_forward.inputs_reversed"),
    # --------------------------------------------------------------------------------- rnn_backward
    NoInput("rnn_backward", "Backpropagation through time.", "a title"),
    Known(
        "rnn_backward",
        "A hidden state is used twice: it is an output, and it is the input of the next step. Its "
        "gradient is the sum.",
        "rnn_backward.recurrent_gradient_dropped",
    ),
    Known("rnn_backward", "it is an output", "rnn_backward.only_last_upstream"),
    Clause(
        "rnn_backward", "Its gradient is the sum.",
        replace="dnext_h = dh[:, t] + dprev_h", by="dnext_h = (dh[:, t] + dprev_h) / (1 + (t < T - 1))",
    ),
    Known(
        "rnn_backward",
        "gradient of the loss with respect to each h[:, t] as an output (the path through later "
        "steps is not in it)",
        "rnn_backward.gradients_pile_up",
    ),
    Clause(
        "rnn_backward", "(D, H), summed over time",
        replace="dWx += dWx_t", by="dWx = dWx_t",
    ),
    Clause(
        "rnn_backward", "(H, H), summed over time",
        replace="dWh += dWh_t", by="dWh += dWh_t * (t > 0)",
    ),
    Clause(
        "rnn_backward", "(H,), summed over time",
        replace="db += db_t", by="db += db_t / T",
    ),
    Known("rnn_backward", "summed over time", "rnn_backward.averaged_over_time"),
    # ----------------------------------------------------------------------- rnn_backward_truncated
    Known(
        "rnn_backward_truncated",
        "Truncated backpropagation through time, in chunks of k steps: [0, k), [k, 2k), ...",
        "rnn_backward_truncated.border_one_early",
    ),
    Known(
        "rnn_backward_truncated", "[0, k), [k, 2k), ...",
        "rnn_backward_truncated.chunks_from_the_end",
    ),
    Clause(
        "rnn_backward_truncated", "[0, k), [k, 2k), ...",
        replace="(t + 1) % k == 0", by="t + 1 == k",
    ),
    Clause(
        "rnn_backward_truncated",
        "The forward pass is the ordinary one: the state crosses the border between two chunks.",
        replace="for t in reversed(range(T)):",
        by="for t in range(k, T, k):\n"
        "        x, prev_h, Wx, Wh, next_h = steps[t]\n"
        "        steps[t] = (x, 0 * prev_h, Wx, Wh, next_h)\n"
        "    for t in reversed(range(T)):",
    ),
    Known(
        "rnn_backward_truncated",
        "The gradient does not: what step k would send back to step k-1 is dropped.",
        "rnn_backward_truncated.not_truncated",
    ),
    Clause(
        "rnn_backward_truncated",
        "gradient of the loss with respect to each h[:, t] as an output",
        replace="dnext_h = dh[:, t] +", by="dnext_h = dh[:, t] * (t % k == k - 1 or t == T - 1) +",
    ),
    Clause(
        "rnn_backward_truncated", "a whole number, the length of a chunk, at least 1",
        replace="(t + 1) % k == 0", by="(t + 1) % max(k, 2) == 0",
    ),
    Clause(
        "rnn_backward_truncated", "with k >= T this is rnn_backward",
        replace="(t + 1) % k == 0", by="(t + 1) % min(k, max(T - 1, 1)) == 0",
    ),
    Clause(
        "rnn_backward_truncated", "(D, H), summed over time",
        replace="dWx += dWx_t", by="dWx = dWx_t",
    ),
    Clause(
        "rnn_backward_truncated", "(H, H), summed over time",
        replace="dWh += dWh_t", by="dWh = dWh_t + dWh * (not ends_chunk)",
    ),
    Clause(
        "rnn_backward_truncated", "(H,), summed over time",
        replace="db += db_t", by="db += db_t / T",
    ),
    # ---------------------------------------------------------------------------------- last_hidden
    Known(
        "last_hidden", "Many to one: the hidden state after each row's last real step.",
        "last_hidden.padding_taken",
    ),
    Known(
        "last_hidden",
        "The rows of a batch are padded to the same T; row n ends after lengths[n] steps.",
        "last_hidden.same_length_for_all",
    ),
    Clause(
        "last_hidden", "row n ends after lengths[n] steps",
        replace="last = lengths - 1", by="last = lengths[:1] - 1",
    ),
    Clause(
        "last_hidden", "the hidden states",
        replace="out = h[rows, last]", by="out = h[rows, last] - h[rows, 0] * (last > 0)[:, None]",
    ),
    Clause(
        "last_hidden", "whole numbers from 1 to T",
        replace="last = lengths - 1", by="last = np.maximum(lengths, 2) - 1",
    ),
    Clause(
        "last_hidden", "whole numbers from 1 to T",
        replace="last = lengths - 1", by="last = np.minimum(lengths, h.shape[1] - 1) - 1",
    ),
    Known("last_hidden", "row n's state after step number lengths[n]", "last_hidden.off_by_one"),
    # ------------------------------------------------------------------------- last_hidden_backward
    NoInput("last_hidden_backward", "The gradient of last_hidden.", "a title"),
    Clause(
        "last_hidden_backward", "gradient of the loss with respect to out",
        replace="= dout", by="= dout.mean(axis=0)",
    ),
)  # fmt: skip
