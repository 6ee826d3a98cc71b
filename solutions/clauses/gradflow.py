"""Every clause of the docstrings about gradient flow, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # -------------------------------------------------------------------------------- step_jacobian
    Known(
        "step_jacobian",
        "The Jacobian of one step: how each new hidden unit moves when an old one does.",
        "step_jacobian.no_slope",
    ),
    Known(
        "step_jacobian",
        "The order of the indices is output first, then input, for each example n of the batch: "
        "J[n, i, j] = d next_h[n, i] / d prev_h[n, j]",
        "step_jacobian.transposed",
    ),
    Clause(
        "step_jacobian", "for each example n of the batch",
        replace="J = slope[:, :, None]", by="J = slope[:1, :, None] + 0 * slope[:, :, None]",
    ),
    Known(
        "step_jacobian", "the state after the step, next_h = tanh(x Wx + prev_h Wh + b)",
        "step_jacobian.tanh_twice",
    ),
    Known("step_jacobian", "hidden-to-hidden weights", "step_jacobian.Wh_not_transposed"),
    # ---------------------------------------------------------------------------- sequence_jacobian
    Known(
        "sequence_jacobian",
        "How the last hidden state moves when the one before the first step does.",
        "sequence_jacobian.last_step_only",
    ),
    Known(
        "sequence_jacobian", "the hidden states h_1 to h_T", "sequence_jacobian.last_step_left_out",
    ),
    Clause(
        "sequence_jacobian", "h[:, 0] is the state after the first step, and T is at least 1",
        replace="J = step_jacobian(h[:, 0], Wh)",
        by="if h.shape[1] == 1:\n"
        "        return 0 * step_jacobian(h[:, 0], Wh) + np.eye(len(Wh))\n"
        "    J = step_jacobian(h[:, 0], Wh)",
    ),
    Known(
        "sequence_jacobian", "h[:, 0] is the state after the first step",
        "sequence_jacobian.first_step_left_out",
    ),
    Clause(
        "sequence_jacobian", "hidden-to-hidden weights",
        replace="step_jacobian(h[:, t], Wh) @ J", by="step_jacobian(h[:, t], Wh.T) @ J",
    ),
    Known(
        "sequence_jacobian",
        "with J[n, i, j] = d h_T[n, i] / d h_0[n, j], where h_0 is the state before the first step",
        "sequence_jacobian.order_reversed",
    ),
    # ------------------------------------------------------------------------------- gradient_norms
    Known(
        "gradient_norms",
        "How long the gradient still is at each step on its way back from the end.",
        "gradient_norms.in_the_order_of_walking",
    ),
    Known(
        "gradient_norms", "The loss looks at the last hidden state only.",
        "gradient_norms.gradient_added_at_every_step",
    ),
    Known(
        "gradient_norms",
        "Its gradient with respect to an earlier one is dhT, sent back through the steps in "
        "between.",
        "gradient_norms.forward_in_time",
    ),
    Clause(
        "gradient_norms", "gradient of the loss with respect to the last hidden state",
        replace="dh = dhT", by="dh = dhT / np.sqrt((dhT**2).sum())",
    ),
    Clause(
        "gradient_norms", "gradient of the loss with respect to the last hidden state",
        replace="dh = dhT", by="dh = np.abs(dhT)",
    ),
    Known("gradient_norms", "the hidden states", "gradient_norms.no_slope"),
    Known(
        "gradient_norms", "h[:, 0] is the state after the first step",
        "gradient_norms.old_state_slope",
    ),
    Known("gradient_norms", "hidden-to-hidden weights", "gradient_norms.Wh_not_transposed"),
    Known(
        "gradient_norms",
        "norms[t] is the Euclidean norm of the gradient of the loss with respect to h[:, t], over "
        "batch and units together (one number for the whole (N, H) array).",
        "gradient_norms.averaged_over_batch",
    ),
    Known("gradient_norms", "the Euclidean norm", "gradient_norms.sum_of_absolute_values"),
    Known(
        "gradient_norms", "norms[t] is the Euclidean norm of the gradient of the loss with respect "
        "to h[:, t]", "gradient_norms.one_step_late",
    ),
    Clause(
        "gradient_norms", "The last of them is the norm of dhT itself.",
        replace="for t in reversed(range(T)):",
        by='dh = np.einsum("ni,nij->nj", dh, step_jacobian(h[:, -1], Wh))\n'
        "    for t in reversed(range(T)):",
    ),
    # ------------------------------------------------------------------------------ vanishing_bound
    Known(
        "vanishing_bound",
        "No gradient grows by more than this factor on its way back through T steps.",
        "vanishing_bound.largest_eigenvalue",
    ),
    Known(
        "vanishing_bound", "|dL/dh_0| <= sigma_max^T |dL/dh_T|",
        "vanishing_bound.times_instead_of_power",
    ),
    Known(
        "vanishing_bound",
        "Here sigma_max is the largest singular value of Wh: the most that a product with Wh or its "
        "transpose can stretch a vector.",
        "vanishing_bound.frobenius_norm",
    ),
    NoInput(
        "vanishing_bound", "The slope of tanh is at most 1 and can only help.",
        "why the bound holds; it is computed from Wh alone",
    ),
    Known(
        "vanishing_bound", "So sigma_max < 1 is enough for gradients to vanish.",
        "vanishing_bound.squared",
    ),
    Known(
        "vanishing_bound",
        "It does not follow that sigma_max > 1 makes them explode: see "
        "large_singular_value_that_vanishes.",
        "vanishing_bound.never_above_one",
    ),
    Known("vanishing_bound", "hidden-to-hidden weights", "vanishing_bound.largest_row_sum"),
    Clause(
        "vanishing_bound", "a whole number >= 0, how many steps",
        replace="** T", by="** max(T, 1)",
    ),
    Known("vanishing_bound", "how many steps", "vanishing_bound.one_step_less"),
    Clause(
        "vanishing_bound", "a number, the T-th power of sigma_max",
        replace="** T", by="** T * np.ones(1)",
    ),
    # ----------------------------------------------------------- large_singular_value_that_vanishes
    Known(
        "large_singular_value_that_vanishes",
        'A counterexample to "largest singular value > 1: gradients explode".',
        "large_singular_value_that_vanishes.stretches_for_ever",
    ),
    Clause(
        "large_singular_value_that_vanishes",
        "Build a matrix that stretches some vector to at least twice its length in one step",
        replace="np.full(H - 1, 3.0)", by="np.full(H - 1, 1.9)",
    ),
    Known(
        "large_singular_value_that_vanishes",
        "and nevertheless shrinks every vector to nothing when it is applied often enough.",
        "large_singular_value_that_vanishes.rest_left_alone",
    ),
    NoInput(
        "large_singular_value_that_vanishes", "Many matrices will do; any of them is right.",
        "a promise of the grader, which its tests keep",
    ),
    Known(
        "large_singular_value_that_vanishes",
        "The largest singular value is at least 2: the most that one product stretches.",
        "large_singular_value_that_vanishes.never_stretches",
    ),
    Clause(
        "large_singular_value_that_vanishes",
        "Each eigenvalue is at most 1/2 in absolute value: what decides in the long run.",
        replace="np.diag(np.full(H - 1, 3.0), k=1)",
        by="np.diag(np.full(H - 1, 3.0), k=1) + 0.6 * np.eye(H)",
    ),
    Clause(
        "large_singular_value_that_vanishes",
        "Each eigenvalue is at most 1/2 in absolute value: what decides in the long run.",
        replace="np.diag(np.full(H - 1, 3.0), k=1)",
        by="np.diag(np.full(H - 1, 3.0), k=1) - 0.6 * np.eye(H)",
    ),
    NoInput(
        "large_singular_value_that_vanishes",
        "(A matrix with more than 1 and less than 1 would prove the point. 2 and 1/2 are so far "
        "from 1 that rounding does not matter.)",
        "why the two numbers are what they are",
    ),
    Clause(
        "large_singular_value_that_vanishes", "a whole number >= 2",
        replace="if H < 2:", by="if H < 3:",
    ),
    Clause(
        "large_singular_value_that_vanishes", "Raises: ValueError if H is below 2.",
        replace="raise ValueError(", by="raise TypeError(",
    ),
    Known(
        "large_singular_value_that_vanishes",
        "Raises: ValueError if H is below 2. With a single unit, singular value and eigenvalue are "
        "the same but for the sign.",
        "large_singular_value_that_vanishes.single_unit_accepted",
    ),
    # ------------------------------------------------------------------------------ gradient_by_age
    Known(
        "gradient_by_age",
        "The gradient of Wh taken apart: one term for each step that used Wh.",
        "gradient_by_age.first_term_only",
    ),
    Known(
        "gradient_by_age", "The loss looks at the last hidden state only.",
        "gradient_by_age.gradient_added_at_every_step",
    ),
    Known("gradient_by_age", "Wh is used at all T steps.", "gradient_by_age.newest_term_only"),
    Known(
        "gradient_by_age", "Give each step a copy of its own: the gradient with respect to Wh is "
        "then the sum of the gradients with respect to the T copies",
        "gradient_by_age.first_term_only",
    ),
    Known(
        "gradient_by_age", "each taken while the other copies stay as they are",
        "gradient_by_age.added_up",
    ),
    Clause(
        "gradient_by_age", "dL/dWh = terms[0] + terms[1] + ... + terms[T-1]",
        replace="= prev_h.T @ da", by="= prev_h.T @ da / T",
    ),
    Clause(
        "gradient_by_age",
        "This sum is the dWh that rnn_backward returns when dh is zero but at the last step.",
        replace="= prev_h.T @ da", by="= -prev_h.T @ da",
    ),
    Known(
        "gradient_by_age",
        "The lecture's slide writes dL_T/dW as one product. Before you copy that: how many of the T "
        "terms does it hold?",
        "gradient_by_age.first_term_only",
    ),
    Clause(
        "gradient_by_age", "gradient of the loss with respect to the last hidden state",
        replace="dh = dhT", by="dh = dhT / np.sqrt((dhT**2).sum())",
    ),
    Clause(
        "gradient_by_age", "gradient of the loss with respect to the last hidden state",
        replace="dh = dhT", by="dh = np.abs(dhT)",
    ),
    Known("gradient_by_age", "the state before the first step", "gradient_by_age.h0_ignored"),
    Known("gradient_by_age", "the hidden states", "gradient_by_age.no_slope"),
    Known(
        "gradient_by_age", "h[:, 0] is the state after the first step", "gradient_by_age.new_state",
    ),
    Clause(
        "gradient_by_age", "T at least 1",
        replace="T = h.shape[1]",
        by="T = h.shape[1]\n    if T == 1:\n        return np.zeros((1, *Wh.shape))",
    ),
    Known(
        "gradient_by_age", "hidden-to-hidden weights", "gradient_by_age.Wh_not_transposed",
    ),
    Known("gradient_by_age", "summed over the batch", "gradient_by_age.averaged_over_batch"),
    Known(
        "gradient_by_age",
        "terms[t] is the gradient with respect to the copy of the step that made h[:, t].",
        "gradient_by_age.one_step_too_far",
    ),
    Clause(
        "gradient_by_age",
        "terms[t] is the gradient with respect to the copy of the step that made h[:, t].",
        replace="terms[t] =", by="terms[t - 1] =",
    ),
    Known(
        "gradient_by_age",
        "So terms[0] is the oldest, of age T-1, and terms[T-1] the newest, of age 0",
        "gradient_by_age.in_the_order_of_walking",
    ),
    # ------------------------------------------------------------------------------- clip_grad_norm
    Known(
        "clip_grad_norm",
        "Shorten the gradients if they are too long, all of them by the same factor.",
        "clip_grad_norm.each_tensor_alone",
    ),
    Known(
        "clip_grad_norm", "Take all gradients together as one long vector.",
        "clip_grad_norm.norms_added_up",
    ),
    Known(
        "clip_grad_norm", "If its Euclidean norm is above max_norm",
        "clip_grad_norm.square_root_forgotten",
    ),
    Clause(
        "clip_grad_norm", "scale it to be exactly max_norm long",
        replace="max_norm / norm", by="max_norm / (norm + 1e-2)",
    ),
    Known(
        "clip_grad_norm",
        "If its Euclidean norm is above max_norm, scale it to be exactly max_norm long, in the same "
        "direction.",
        "clip_grad_norm.unit_length",
    ),
    Known("clip_grad_norm", "in the same direction", "clip_grad_norm.entry_by_entry"),
    Known("clip_grad_norm", "If it is not, change nothing.", "clip_grad_norm.always_rescaled"),
    Known(
        "clip_grad_norm", "The arrays themselves are changed (in place)",
        "clip_grad_norm.copies_scaled",
    ),
    Known(
        "clip_grad_norm",
        "The arrays themselves are changed (in place): anyone who holds one of them, an optimiser "
        "for example, sees the clipped values.",
        "clip_grad_norm.new_arrays_in_the_dictionary",
    ),
    Clause(
        "clip_grad_norm", "The dictionary keeps its keys and its arrays.",
        replace="            g *= max_norm / norm",
        by="            g *= max_norm / norm\n        for name in list(grads):\n"
        '            grads["clipped " + name] = grads.pop(name)',
    ),
    Clause(
        "clip_grad_norm", "The dictionary keeps its keys and its arrays.",
        replace="            g *= max_norm / norm",
        by="            g *= max_norm / norm\n        for name in grads:\n"
        "            grads[name] = 0 * grads[name]",
    ),
    Known(
        "clip_grad_norm",
        "The lecture's slide computes `grad_norm = np.sum(grad * grad)` for this. Before you copy "
        "that: with a threshold of 5 and gradients of norm 3, 10 and 100, how long are they after "
        "the slide's clipping?",
        "clip_grad_norm.square_root_forgotten",
    ),
    Clause(
        "clip_grad_norm", "dictionary name -> array of floating-point numbers, of any shape",
        replace="for g in grads.values()))", by="for g in grads.values() if g.ndim < 3))",
    ),
    Clause(
        "clip_grad_norm", "dictionary name -> array",
        replace="for g in grads.values()))", by='for g in map(grads.get, ("Wx", "Wh", "b"))))',
    ),
    Clause(
        "clip_grad_norm", "at least one",
        replace="    norm = np.sqrt(sum(",
        by="    if len(grads) < 2:\n        return 0.0\n    norm = np.sqrt(sum(",
    ),
    Clause(
        "clip_grad_norm", "a number > 0",
        replace="if norm > max_norm:", by="if norm > max(max_norm, 1):",
    ),
    Known(
        "clip_grad_norm", "a number, the norm before clipping",
        "clip_grad_norm.norm_after_returned",
    ),
)  # fmt: skip
