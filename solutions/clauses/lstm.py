"""Every clause of the docstrings about the LSTM, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ---------------------------------------------------------------------------- lstm_step_forward
    Known("lstm_step_forward", "One step of an LSTM.", "lstm_step_forward.no_input_gate"),
    Known("lstm_step_forward", "One step of an LSTM.", "lstm_step_forward.coupled_gates"),
    Clause(
        "lstm_step_forward", "the input at this time step",
        replace="x @ Wx", by="x[:1] @ Wx",
    ),
    Clause(
        "lstm_step_forward", "the hidden state of the step before",
        replace="prev_h @ Wh", by="prev_c @ Wh",
    ),
    Known(
        "lstm_step_forward", "the cell state of the step before",
        "lstm_step_forward.forget_gate_on_h",
    ),
    Known(
        "lstm_step_forward", "input-to-hidden weights, blocks i f o g",
        "lstm_step_forward.blocks_interleaved",
    ),
    Clause(
        "lstm_step_forward", "input-to-hidden weights, blocks i f o g",
        replace="x @ Wx", by="x @ np.roll(Wx, prev_h.shape[1], axis=1)",
    ),
    Clause(
        "lstm_step_forward", "hidden-to-hidden weights, blocks i f o g",
        replace="prev_h @ Wh", by="prev_h @ np.roll(Wh, prev_h.shape[1], axis=1)",
    ),
    Known("lstm_step_forward", "bias, blocks i f o g", "lstm_step_forward.no_bias"),
    Clause(
        "lstm_step_forward", "bias, blocks i f o g",
        replace="prev_h @ Wh + b", by="prev_h @ Wh + np.roll(b, prev_h.shape[1])",
    ),
    Known("lstm_step_forward", "the new hidden state", "lstm_step_forward.no_tanh_of_cell"),
    Clause(
        "lstm_step_forward", "the new cell state",
        replace="cache = (x", by="next_c = tanh_c\n    cache = (x",
    ),
    # --------------------------------------------------------------------------- lstm_step_backward
    NoInput("lstm_step_backward", "The gradient of one step.", "a title"),
    Known(
        "lstm_step_backward",
        "The new cell state is used twice: by the next step, and by this step's next_h.",
        "lstm_step_backward.path_from_h_dropped",
    ),
    Known(
        "lstm_step_backward",
        "The new cell state is used twice: by the next step",
        "lstm_step_backward.dnext_c_dropped",
    ),
    Clause(
        "lstm_step_backward", "gradient of the loss with respect to next_h",
        replace="do = dnext_h * tanh_c", by="do = dnext_h.mean(axis=0) * tanh_c",
    ),
    Clause(
        "lstm_step_backward",
        "gradient of the loss with respect to next_c on its way to the next step (the path through "
        "next_h is not in it)",
        replace="dc = dnext_c + dnext_h * o * (1 - tanh_c**2)", by="dc = dnext_c.copy()",
    ),
    # --------------------------------------------------------------------------------- lstm_forward
    Clause(
        "lstm_forward", "An LSTM over a whole sequence.",
        replace="for t in range(T):", by="for t in range(min(T, 3)):",
    ),
    Known("lstm_forward", "The cell state starts at zero", "lstm_forward.c0_is_h0"),
    Known("lstm_forward", "the hidden state starts at h0", "lstm_forward.h0_ignored"),
    Clause(
        "lstm_forward", "the inputs",
        replace="lstm_step_forward(x[:, t]", by="lstm_step_forward(np.squeeze(x[:, t])",
    ),
    Clause(
        "lstm_forward", "the hidden state before the first step",
        replace="= h0, np.zeros_like(h0)", by="= h0[:1], np.zeros_like(h0)",
    ),
    Clause(
        "lstm_forward", "input-to-hidden weights, blocks i f o g",
        replace="prev_c, Wx, Wh, b)", by="prev_c, np.roll(Wx, h0.shape[1], axis=1), Wh, b)",
    ),
    Clause(
        "lstm_forward", "hidden-to-hidden weights, blocks i f o g",
        replace="prev_c, Wx, Wh, b)", by="prev_c, Wx, np.roll(Wh, h0.shape[1], axis=1), b)",
    ),
    Clause(
        "lstm_forward", "bias, blocks i f o g",
        replace="prev_c, Wx, Wh, b)", by="prev_c, Wx, Wh, np.roll(b, h0.shape[1]))",
    ),
    Clause(
        "lstm_forward", "the hidden states",
        replace="h[:, t] = prev_h", by="h[:, T - 1 - t] = prev_h",
    ),
    Known("lstm_forward", "the cell states stay inside", "lstm_forward.cell_states_returned"),
    # -------------------------------------------------------------------------------- lstm_backward
    NoInput("lstm_backward", "Backpropagation through time for an LSTM.", "a title"),
    Known(
        "lstm_backward", "Two gradients travel back, one along h and one along c.",
        "lstm_backward.recurrent_gradient_dropped",
    ),
    Known("lstm_backward", "one along c", "lstm_backward.cell_gradient_reset"),
    Known(
        "lstm_backward", "gradient of the loss with respect to each h[:, t] as an output",
        "lstm_backward.only_last_upstream",
    ),
    Clause(
        "lstm_backward", "there is no gradient for c0, which is the constant zero",
        replace="dh0 = dprev_h", by="dh0 = dprev_h + dprev_c",
    ),
    Clause(
        "lstm_backward", "(D, 4H), summed over time",
        replace="dWx += dWx_t", by="dWx = dWx_t",
    ),
    Clause(
        "lstm_backward", "(H, 4H), summed over time",
        replace="dWh += dWh_t", by="dWh += dWh_t * (t > 0)",
    ),
    Clause(
        "lstm_backward", "(4H,), summed over time",
        replace="db += db_t", by="db += db_t / T",
    ),
    # ------------------------------------------------------------------------------------ init_lstm
    NoInput("init_lstm", "Weights to start training from.", "a title"),
    Clause(
        "init_lstm", "Draw Wx first, then Wh",
        replace="    Wx = rng.normal(0, 1 / np.sqrt(D), size=(D, 4 * H))\n"
        "    Wh = rng.normal(0, 1 / np.sqrt(H), size=(H, 4 * H))",
        by="    Wh = rng.normal(0, 1 / np.sqrt(H), size=(H, 4 * H))\n"
        "    Wx = rng.normal(0, 1 / np.sqrt(D), size=(D, 4 * H))",
    ),
    Clause(
        "init_lstm", "each with one call of rng.normal",
        replace="rng.normal(0, 1 / np.sqrt(D), size=(D, 4 * H))",
        by="np.hstack([rng.normal(0, 1 / np.sqrt(D), size=(D, H)) for _ in range(4)])",
    ),
    Clause(
        "init_lstm", "of rng.normal",
        replace="rng.normal(0, 1 / np.sqrt(D)", by="rng.uniform(-1, 1 / np.sqrt(D)",
    ),
    Clause(
        "init_lstm", "with mean 0",
        replace="rng.normal(0, 1 / np.sqrt(H)", by="rng.normal(0.01, 1 / np.sqrt(H)",
    ),
    Known("init_lstm", "standard deviation 1/sqrt(D) for Wx", "init_lstm.variance_for_deviation"),
    Clause(
        "init_lstm", "standard deviation 1/sqrt(D) for Wx and 1/sqrt(H) for Wh",
        replace="rng.normal(0, 1 / np.sqrt(H)", by="rng.normal(0, 1 / np.sqrt(D)",
    ),
    Known(
        "init_lstm", "The bias is zero except for the forget block", "init_lstm.forget_bias_everywhere",
    ),
    Known("init_lstm", "except for the forget block", "init_lstm.forget_bias_in_input_block"),
    Known(
        "init_lstm",
        "which holds forget_bias, so that a new cell remembers before it has learned what to forget.",
        "init_lstm.no_forget_bias",
    ),
    Clause(
        "init_lstm", "which holds forget_bias",
        replace="= forget_bias", by="= 1.0",
    ),
    Clause(
        "init_lstm", "a whole number, the length of an input",
        replace="size=(D, 4 * H)", by="size=(max(D, 2), 4 * H)",
    ),
    Clause(
        "init_lstm", "a whole number, the length of a hidden state",
        replace="b[H : 2 * H]", by="b[max(H, 2) : 2 * H]",
    ),
    Clause(
        "init_lstm", "a numpy Generator",
        replace="Wx = rng.normal(", by="rng = np.random.default_rng(0)\n    Wx = rng.normal(",
    ),
    Clause(
        "init_lstm", "forget_bias: a number",
        replace="= forget_bias", by="= abs(forget_bias)",
    ),
    Clause(
        "init_lstm", "forget_bias: a number",
        replace="= forget_bias", by="= forget_bias or 1.0",
    ),
    # --------------------------------------------------------------------------- cell_gradient_path
    Known(
        "cell_gradient_path",
        "The direct path from the last cell state back to the one before the first step.",
        "cell_gradient_path.first_step_left_out",
    ),
    Clause(
        "cell_gradient_path", "from the last cell state",
        replace="f.prod(axis=1)", by="f[:, : max(f.shape[1] - 1, 1)].prod(axis=1)",
    ),
    Clause(
        "cell_gradient_path", "It stays on the belt of cell states",
        replace="f.prod(axis=1)", by="f.prod(axis=1) + (1 - f).prod(axis=1)",
    ),
    Clause(
        "cell_gradient_path", "the gates count as given",
        replace="f.prod(axis=1)", by="(1 / (1 + np.exp(-f))).prod(axis=1)",
    ),
    Known("cell_gradient_path", "the forget gates of all steps", "cell_gradient_path.over_units"),
    Known(
        "cell_gradient_path", "by how much that path alone multiplies a gradient",
        "cell_gradient_path.mean_for_product",
    ),
    Clause(
        "cell_gradient_path", "1 where every gate stays open",
        replace="f.prod(axis=1)", by="np.where(f < 1, f, 0).prod(axis=1)",
    ),
    Clause(
        "cell_gradient_path", "1 where every gate stays open",
        replace="f.prod(axis=1)", by="np.exp(np.log(f + 1e-2).sum(axis=1))",
    ),
    # -------------------------------------------------------------------------------- cell_jacobian
    Known(
        "cell_jacobian", "All of dc_t/dc_{t-1}, the direct path and the paths through the gates.",
        "cell_jacobian.direct_path_only",
    ),
    Known(
        "cell_jacobian", "The lecture shows the direct path, diag(f)",
        "cell_jacobian.direct_path_missing",
    ),
    Clause(
        "cell_jacobian", "diag(f)",
        replace="f[:, :, None] * np.eye(H, dtype=f.dtype)", by="f[:, :, None]",
    ),
    Clause(
        "cell_jacobian",
        "but the gates of step t also see h_{t-1}, and h_{t-1} = o_{t-1} * tanh(c_{t-1}) was made "
        "from the same cell state.",
        replace="(prev_o * tanh_c) @ Wh + b", by="(prev_o * prev_c) @ Wh + b",
    ),
    Known("cell_jacobian", "h_{t-1} = o_{t-1} * tanh(c_{t-1})", "cell_jacobian.no_tanh_slope"),
    Clause(
        "cell_jacobian", "the gates of step t also see h_{t-1}",
        replace="dc_da_f[:, :, None] * W_f.T + dc_da_g[:, :, None] * W_g.T",
        by="dc_da_f[:, :, None] * W_f.T",
    ),
    Clause(
        "cell_jacobian", "the input of step t",
        replace="x @ Wx", by="x[:1] @ Wx",
    ),
    Clause(
        "cell_jacobian", "the cell state of step t-1",
        replace="prev_c * f * (1 - f)", by="tanh_c * f * (1 - f)",
    ),
    Clause(
        "cell_jacobian", "the output gate of step t-1",
        replace="dh_dc = prev_o *", by="dh_dc =",
    ),
    Clause(
        "cell_jacobian", "treat it as a constant",
        replace="dh_dc = prev_o * (1 - tanh_c**2)",
        by="dh_dc = prev_o * (1 - tanh_c**2) + prev_o * (1 - prev_o) * tanh_c",
    ),
    Clause(
        "cell_jacobian", "input-to-hidden weights, blocks i f o g",
        replace="x @ Wx", by="x @ np.roll(Wx, H, axis=1)",
    ),
    Clause(
        "cell_jacobian", "hidden-to-hidden weights, blocks i f o g",
        replace="W_i, W_f, _, W_g = np.split(Wh, 4, axis=1)",
        by="W_i, W_f, W_g, _ = np.split(Wh, 4, axis=1)",
    ),
    Clause(
        "cell_jacobian", "bias, blocks i f o g",
        replace="@ Wh + b", by="@ Wh + np.roll(b, H)",
    ),
    Known(
        "cell_jacobian",
        "with J[n, j, k] the derivative of c_t[n, j] with respect to c_{t-1}[n, k]",
        "cell_jacobian.transposed",
    ),
    # ----------------------------------------------------------------------------------- to_pytorch
    NoInput("to_pytorch", "The same cell in the layout of torch.nn.LSTM.", "a title"),
    Known(
        "to_pytorch", "PyTorch has columns where we have rows", "to_pytorch.weights_not_transposed",
    ),
    Known("to_pytorch", "blocks in the order i f g o", "to_pytorch.not_reordered"),
    Known("to_pytorch", "and two biases that are added.", "to_pytorch.bias_counted_twice"),
    Clause(
        "to_pytorch", "input-to-hidden weights, blocks i f o g",
        replace="reorder(Wx).T", by="reorder(Wx)[::-1].T",
    ),
    Clause(
        "to_pytorch", "hidden-to-hidden weights, blocks i f o g",
        replace="reorder(Wh).T", by="Wh.T",
    ),
    Clause(
        "to_pytorch", "bias, blocks i f o g",
        replace="bias_ih, bias_hh = reorder(b)", by="bias_ih, bias_hh = b",
    ),
    Clause(
        "to_pytorch", "(4H,), all zero",
        replace="reorder(b), np.zeros_like(b)", by="np.zeros_like(b), reorder(b)",
    ),
)  # fmt: skip
