"""Every clause of the docstrings about the cells found by search, and what breaks just that one."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ---------------------------------------------------------------------------- mut1_step_forward
    Known("mut1_step_forward", "One step of MUT1.", "mut1_step_forward.z_for_r"),
    Known("mut1_step_forward", "One step of MUT1.", "mut1_step_forward.recurrent_term_in_z"),
    Known("mut1_step_forward", "the input at this time step", "mut1_step_forward.x_not_squashed"),
    Clause(
        "mut1_step_forward", "the input at this time step",
        replace='x @ params["Wxz"]', by='x[:1] @ params["Wxz"]',
    ),
    Known(
        "mut1_step_forward", "its width D must be H", "mut1_step_forward.broadcasts_silently",
    ),
    Clause(
        "mut1_step_forward", "the hidden state of the step before",
        replace="(r * prev_h) @", by="prev_h @",
    ),
    NoInput("mut1_step_forward", "dictionary of", "a pointer to the lines below it"),
    Known("mut1_step_forward", "the new hidden state", "mut1_step_forward.z_weighs_old"),
    Clause(
        "mut1_step_forward", "Raises: ValueError if D is not H",
        replace="raise ValueError(", by="raise TypeError(",
    ),
    Known(
        "mut1_step_forward",
        "Raises: ValueError if D is not H, also where numpy would broadcast (D = 1).",
        "mut1_step_forward.broadcasts_silently",
    ),
    # --------------------------------------------------------------------------- mut1_step_backward
    Known(
        "mut1_step_backward", "The gradient of one step of MUT1.",
        "mut1_step_backward.no_inner_slope",
    ),
    Clause(
        "mut1_step_backward", "gradient of the loss with respect to next_h",
        replace="da_z = dnext_h *", by="da_z = dnext_h.mean(axis=0) *",
    ),
    Clause(
        "mut1_step_backward", "dictionary with the keys and shapes of params",
        replace="da_z.sum(axis=0)", by="da_z.sum(axis=0, keepdims=True)",
    ),
    Clause(
        "mut1_step_backward", "dictionary with the keys and shapes of params",
        replace='"bz": da_z', by='"dbz": da_z',
    ),
    # ---------------------------------------------------------------------------- mut2_step_forward
    Known("mut2_step_forward", "One step of MUT2.", "mut2_step_forward.no_recurrent_term_in_z"),
    Known("mut2_step_forward", "One step of MUT2.", "mut2_step_forward.x_weighted_in_r"),
    Clause(
        "mut2_step_forward", "the input at this time step",
        replace="r = sigmoid(x +", by="r = sigmoid(x[:1] +",
    ),
    Known(
        "mut2_step_forward", "its width D must be H", "mut2_step_forward.broadcasts_silently",
    ),
    Known("mut2_step_forward", "the hidden state of the step before", "mut2_step_forward.no_reset"),
    NoInput("mut2_step_forward", "dictionary of", "a pointer to the lines below it"),
    Clause(
        "mut2_step_forward", "the new hidden state",
        replace="next_h = n * z + prev_h * (1 - z)", by="next_h = n * (1 - z) + prev_h * z",
    ),
    Clause(
        "mut2_step_forward", "Raises: ValueError if D is not H",
        replace="raise ValueError(", by="raise TypeError(",
    ),
    Known(
        "mut2_step_forward",
        "Raises: ValueError if D is not H, also where numpy would broadcast (D = 1).",
        "mut2_step_forward.broadcasts_silently",
    ),
    # --------------------------------------------------------------------------- mut2_step_backward
    Known(
        "mut2_step_backward", "The gradient of one step of MUT2.",
        "mut2_step_backward.unweighted_x_forgotten",
    ),
    Clause(
        "mut2_step_backward", "gradient of the loss with respect to next_h",
        replace="da_z = dnext_h *", by="da_z = dnext_h.mean(axis=0) *",
    ),
    Clause(
        "mut2_step_backward", "dictionary with the keys and shapes of params",
        replace='"bh": da_n.sum(axis=0)', by='"bh": da_n.sum(axis=0, keepdims=True)',
    ),
    Clause(
        "mut2_step_backward", "dictionary with the keys and shapes of params",
        replace='"Wxh": x.T @ da_n', by='"dWxh": x.T @ da_n',
    ),
    # ---------------------------------------------------------------------------- mut3_step_forward
    Known("mut3_step_forward", "One step of MUT3.", "mut3_step_forward.state_not_squashed_in_z"),
    Clause(
        "mut3_step_forward", "Here every x has a weight, and D need not be H.",
        replace='x @ params["Wxh"]', by="x",
    ),
    Clause(
        "mut3_step_forward", "and D need not be H",
        replace="z = sigmoid(",
        by='if x.shape[1] != prev_h.shape[1]:\n        raise ValueError("D must be H")\n'
        "    z = sigmoid(",
    ),
    Clause(
        "mut3_step_forward", "the input at this time step",
        replace='x @ params["Wxr"]', by='x[:1] @ params["Wxr"]',
    ),
    Known(
        "mut3_step_forward", "the hidden state of the step before",
        "mut3_step_forward.state_squashed_in_r_too",
    ),
    NoInput("mut3_step_forward", "dictionary of", "a pointer to the lines below it"),
    Clause(
        "mut3_step_forward", "the new hidden state",
        replace="next_h = n * z + prev_h * (1 - z)", by="next_h = n * (1 - z) + prev_h * z",
    ),
    # --------------------------------------------------------------------------- mut3_step_backward
    Known(
        "mut3_step_backward", "The gradient of one step of MUT3.",
        "mut3_step_backward.no_slope_of_squashed_state",
    ),
    Clause(
        "mut3_step_backward", "gradient of the loss with respect to next_h",
        replace="da_z = dnext_h *", by="da_z = dnext_h.mean(axis=0) *",
    ),
    Clause(
        "mut3_step_backward", "dictionary with the keys and shapes of params",
        replace='"br": da_r.sum(axis=0)', by='"br": da_r.sum(axis=0, keepdims=True)',
    ),
    Clause(
        "mut3_step_backward", "dictionary with the keys and shapes of params",
        replace='"Whz": squashed.T @ da_z', by='"dWhz": squashed.T @ da_z',
    ),
)  # fmt: skip
