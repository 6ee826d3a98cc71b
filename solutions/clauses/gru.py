"""Every clause of the docstrings about the GRU, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ----------------------------------------------------------------------------- gru_step_forward
    Known("gru_step_forward", "One step of a GRU.", "gru_step_forward.reset_after_product"),
    Known("gru_step_forward", "One step of a GRU.", "gru_step_forward.z_keeps"),
    Clause(
        "gru_step_forward", "the input at this time step",
        replace="x @ Wxz", by="x[:1] @ Wxz",
    ),
    Known(
        "gru_step_forward", "the hidden state of the step before", "gru_step_forward.no_reset",
    ),
    Clause(
        "gru_step_forward", "input-to-hidden weights, blocks z r n",
        replace="Wxz, Wxr, Wxn = np.split(Wx", by="Wxr, Wxz, Wxn = np.split(Wx",
    ),
    Clause(
        "gru_step_forward", "hidden-to-hidden weights, blocks z r n",
        replace="Whz, Whr, Whn = np.split(Wh", by="Whz, Whn, Whr = np.split(Wh",
    ),
    Clause(
        "gru_step_forward", "bias, blocks z r n",
        replace="bz, br, bn = np.split(b", by="bn, br, bz = np.split(b",
    ),
    Known("gru_step_forward", "bias, blocks z r n", "gru_step_forward.no_bias_in_candidate"),
    Known("gru_step_forward", "the new hidden state", "gru_step_forward.gates_not_coupled"),
    # ---------------------------------------------------------------------------- gru_step_backward
    NoInput("gru_step_backward", "The gradient of one step.", "a title"),
    Known(
        "gru_step_backward", "The old state is used four times: it is kept",
        "gru_step_backward.keep_path_dropped",
    ),
    Clause(
        "gru_step_backward", "each gate sees it",
        replace=" + da_z @ Whz.T", by="",
    ),
    Clause(
        "gru_step_backward", "each gate sees it",
        replace=" + da_r @ Whr.T", by="",
    ),
    Known(
        "gru_step_backward",
        "The old state is used four times: it is kept, each gate sees it, and r resets it.",
        "gru_step_backward.reset_path_dropped",
    ),
    Clause(
        "gru_step_backward", "gradient of the loss with respect to next_h",
        replace="dz = dnext_h *", by="dz = dnext_h.mean(axis=0) *",
    ),
    # ---------------------------------------------------------------------------------- gru_forward
    Clause(
        "gru_forward", "A GRU over a whole sequence.",
        replace="for t in range(T):", by="for t in range(min(T, 3)):",
    ),
    Known("gru_forward", "A GRU over a whole sequence.", "gru_forward.state_never_carried"),
    Clause(
        "gru_forward", "the inputs",
        replace="gru_step_forward(x[:, t]", by="gru_step_forward(np.squeeze(x[:, t])",
    ),
    Known("gru_forward", "the state before the first step", "gru_forward.h0_ignored"),
    Clause(
        "gru_forward", "input-to-hidden weights, blocks z r n",
        replace="prev_h, Wx, Wh, b)", by="prev_h, np.roll(Wx, h0.shape[1], axis=1), Wh, b)",
    ),
    Clause(
        "gru_forward", "hidden-to-hidden weights, blocks z r n",
        replace="prev_h, Wx, Wh, b)", by="prev_h, Wx, np.roll(Wh, h0.shape[1], axis=1), b)",
    ),
    Clause(
        "gru_forward", "bias, blocks z r n",
        replace="prev_h, Wx, Wh, b)", by="prev_h, Wx, Wh, np.roll(b, h0.shape[1]))",
    ),
    Clause(
        "gru_forward", "the hidden states",
        replace="h[:, t] = prev_h", by="h[:, T - 1 - t] = prev_h",
    ),
    # --------------------------------------------------------------------------------- gru_backward
    NoInput("gru_backward", "Backpropagation through time for a GRU.", "a title"),
    Known(
        "gru_backward", "gradient of the loss with respect to each h[:, t] as an output",
        "gru_backward.recurrent_gradient_dropped",
    ),
    Clause(
        "gru_backward", "gradient of the loss with respect to each h[:, t] as an output",
        replace="dnext_h = dh[:, t] + dprev_h", by="dnext_h = dh[:, t] * (t == T - 1) + dprev_h",
    ),
    Clause(
        "gru_backward", "(D, 3H), summed over time",
        replace="dWx += dWx_t", by="dWx = dWx_t",
    ),
    Clause(
        "gru_backward", "(H, 3H), summed over time",
        replace="dWh += dWh_t", by="dWh += dWh_t * (t > 0)",
    ),
    Clause(
        "gru_backward", "(3H,), summed over time",
        replace="db += db_t", by="db += db_t / T",
    ),
    # ---------------------------------------------------------------------- gru_to_other_convention
    Known(
        "gru_to_other_convention",
        "Weights for the other convention of the update gate, h_t = z * h_{t-1} + (1 - z) * n.",
        "gru_to_other_convention.one_minus_weights",
    ),
    NoInput(
        "gru_to_other_convention",
        "That is PyTorch's: there z says how much of the *old* state is kept.",
        "says the equation above in words",
    ),
    Clause(
        "gru_to_other_convention", "The same network needs other weights for that",
        replace="sign[:H] = -1", by="sign[:H] = 1",
    ),
    Known(
        "gru_to_other_convention", "the blocks r and n stay", "gru_to_other_convention.all_negated",
    ),
    Clause(
        "gru_to_other_convention", "the blocks r and n stay",
        replace="sign[:H] = -1", by="sign[:2 * H] = -1",
    ),
    NoInput(
        "gru_to_other_convention", "(The place of the reset cannot be converted at all.)",
        "an aside about what is not asked",
    ),
    Clause(
        "gru_to_other_convention", "a new array, the input-to-hidden weights for the other convention",
        replace="other_Wx, other_Wh, other_b = Wx * sign, Wh * sign, b * sign",
        by="for w in (Wx, Wh, b):\n        w *= sign\n    other_Wx, other_Wh, other_b = Wx, Wh, b",
    ),
    Clause(
        "gru_to_other_convention", "other_Wx: (D, 3H), a new array",
        replace="other_Wx, other_Wh, other_b = Wx * sign, Wh * sign, b * sign",
        by="other_Wx, other_Wh, other_b = Wh * sign, Wx * sign, b * sign",
    ),
    Known(
        "gru_to_other_convention",
        "input-to-hidden weights, blocks z r n, in the lecture's convention",
        "gru_to_other_convention.reset_negated",
    ),
    Clause(
        "gru_to_other_convention", "(H, 3H), hidden-to-hidden weights",
        replace="Wh * sign", by="Wh * 1",
    ),
    Known("gru_to_other_convention", "(3H,), bias", "gru_to_other_convention.bias_not_negated"),
    Clause(
        "gru_to_other_convention", "the input-to-hidden weights for the other convention",
        replace="Wx * sign", by="Wx * 1",
    ),
    Clause(
        "gru_to_other_convention", "the hidden-to-hidden weights",
        replace="Wh * sign", by="-Wh",
    ),
    Clause(
        "gru_to_other_convention", "the bias",
        replace="b * sign", by="-b",
    ),
)  # fmt: skip
