"""Every clause of the docstrings about linear recurrences, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # -------------------------------------------------------------------- linear_recurrence_forward
    Known(
        "linear_recurrence_forward",
        "The recurrence h_t = f_t * h_{t-1} + v_t, one step after the other.",
        "linear_recurrence_forward.factor_on_the_sum",
    ),
    Known(
        "linear_recurrence_forward", "one step after the other",
        "linear_recurrence_forward.state_never_carried",
    ),
    Known(
        "linear_recurrence_forward", "the factor of each step",
        "linear_recurrence_forward.factor_of_the_step_before",
    ),
    Clause(
        "linear_recurrence_forward", "any real number, 0 and negative ones too",
        replace="f[:, t] * prev_h", by="np.abs(f[:, t]) * prev_h",
    ),
    Clause(
        "linear_recurrence_forward", "any real number, 0 and negative ones too",
        replace="f[:, t] * prev_h", by="np.where(f[:, t] == 0, 1e-2, f[:, t]) * prev_h",
    ),
    Clause(
        "linear_recurrence_forward", "what each step adds",
        replace="+ v[:, t]", by="+ v[:, 0]",
    ),
    Known(
        "linear_recurrence_forward", "the state before the first step",
        "linear_recurrence_forward.h0_ignored",
    ),
    Clause(
        "linear_recurrence_forward", "the states",
        replace="states.append(prev_h)", by="states.append(prev_h[:1] + 0 * prev_h)",
    ),
    Known(
        "linear_recurrence_forward", "h[:, t] is the state after step t",
        "linear_recurrence_forward.states_delayed",
    ),
    # ------------------------------------------------------------------- linear_recurrence_backward
    NoInput("linear_recurrence_backward", "The gradient of the linear recurrence.", "a title"),
    Known(
        "linear_recurrence_backward",
        "What arrives at a state is its gradient as an output, and what the next step sends back.",
        "linear_recurrence_backward.recurrent_gradient_dropped",
    ),
    Known(
        "linear_recurrence_backward", "its gradient as an output",
        "linear_recurrence_backward.only_last_upstream",
    ),
    Clause(
        "linear_recurrence_backward",
        "gradient of the loss with respect to each h[:, t] as an output",
        replace="dv = dh.copy()", by="dv = dh.mean(axis=0) + 0 * dh",
    ),
    # -------------------------------------------------------------------------------- compose_steps
    Known(
        "compose_steps", "Two steps in one: first h -> f1 h + v1, then h -> f2 h + v2.",
        "compose_steps.order_exchanged",
    ),
    Known(
        "compose_steps", "The two together are again a map h -> f h + v",
        "compose_steps.factors_added",
    ),
    NoInput("compose_steps", "find its f and v", "the task, in words"),
    Clause(
        "compose_steps", "Everything is elementwise.",
        replace="v = f2 * v1 + v2", by="v = f2 * v1[:, ::-1] + v2",
        problem="compose_steps",
    ),
    Known(
        "compose_steps", "the factor of the step that comes first",
        "compose_steps.only_the_second_factor",
    ),
    Clause(
        "compose_steps", "an array of any shape",
        replace="f = f2 * f1", by="f = f2 * f1[:, :1]",
    ),
    Known("compose_steps", "what it adds", "compose_steps.v1_as_it_is"),
    Clause(
        "compose_steps", "the factor of the step that comes second",
        replace="f = f2 * f1", by="f = f1 * np.ones_like(f2)",
    ),
    Known("compose_steps", "the factor of both together", "compose_steps.factors_added"),
    Clause(
        "compose_steps", "what both together add",
        replace="v = f2 * v1 + v2", by="v = f2 * v1",
    ),
    # ----------------------------------------------------------------------------------- scan_round
    Known(
        "scan_round",
        "One round of the scan: every stretch of steps takes in the one that ends before it.",
        "scan_round.looks_ahead",
    ),
    Known(
        "scan_round",
        "Before the round, f[:, t] and v[:, t] are the map of a stretch that ends with step t and "
        "is `distance` steps long, or begins with step 0 if there are not as many.",
        "scan_round.always_the_neighbour",
    ),
    Known(
        "scan_round",
        "After it, each stretch is twice as long, or begins with step 0.",
        "scan_round.factors_left_alone",
    ),
    Known(
        "scan_round",
        "All positions are done at once, from the values before the round",
        "scan_round.in_place",
    ),
    Known(
        "scan_round",
        "where nothing comes before the stretch, it stays as it is",
        "scan_round.first_positions_lost",
    ),
    Known("scan_round", "it stays as it is", "scan_round.round_the_corner"),
    Clause(
        "scan_round", "the factors of the stretches",
        replace="f[:, distance:], v[:, distance:]\n", by="f[:, -1:], v[:, distance:]\n",
    ),
    Clause(
        "scan_round", "what they add",
        replace="f[:, distance:], v[:, distance:]\n", by="f[:, distance:], v[:, -1:]\n",
    ),
    Clause(
        "scan_round", "a whole number, at least 1",
        replace="longer_f, longer_v = f.copy(), v.copy()",
        by="longer_f, longer_v, distance = f.copy(), v.copy(), max(distance, 2)",
    ),
    Clause(
        "scan_round", "it may be T or more",
        replace="longer_f, longer_v = f.copy(), v.copy()",
        by="longer_f, longer_v, distance = f.copy(), v.copy(), min(distance, max(f.shape[1] - 1, 1))",
    ),
    Known("scan_round", "the factors of the longer stretches", "scan_round.factors_left_alone"),
    Known("scan_round", "what they add", "scan_round.later_step_first"),
    # -------------------------------------------------------------------------------- parallel_scan
    Known(
        "parallel_scan",
        "The states of the linear recurrence in ceil(log2 T) rounds, with no loop over the steps.",
        "parallel_scan.last_round_missing",
    ),
    Known("parallel_scan", "ceil(log2 T) rounds", "parallel_scan.rounds_rounded_down"),
    NoInput(
        "parallel_scan", "with no loop over the steps",
        "a loop gives the same numbers; the notebook's experiment measures how long it takes",
    ),
    Known(
        "parallel_scan",
        "When all stretches begin with step 0, each state is one map away from h0.",
        "parallel_scan.h0_as_it_is",
    ),
    Known(
        "parallel_scan", "Do not divide, and take no logarithms",
        "parallel_scan.divided_by_the_products",
    ),
    Known(
        "parallel_scan", "f may be 0, negative, or so small that products of it are 0",
        "parallel_scan.signs_lost_in_logarithms",
    ),
    Known("parallel_scan", "the factor of each step", "parallel_scan.distance_grows_by_one"),
    Clause(
        "parallel_scan", "any real number, 0 and negative ones too",
        replace="distance = 1\n", by="distance, f = 1, np.where(f == 0, 1e-2, f)\n",
    ),
    Clause(
        "parallel_scan", "what each step adds",
        replace="distance = 1\n", by="distance, v = 1, v[:, :1] + 0 * v\n",
    ),
    Known("parallel_scan", "the state before the first step", "parallel_scan.h0_ignored"),
    Known(
        "parallel_scan", "the states, as from linear_recurrence_forward",
        "parallel_scan.h0_in_the_first_state_only",
    ),
    Known(
        "parallel_scan", "T need not be a power of two", "parallel_scan.odd_step_left_over",
    ),
    # -------------------------------------------------------------------------- state_gradient_path
    Known(
        "state_gradient_path",
        "How much of each state is left in the last one: the derivative of h_T by h_t, per unit.",
        "state_gradient_path.from_the_start",
    ),
    Clause(
        "state_gradient_path", "per unit",
        replace="f[:, t + 1] * path[:, t + 1]", by="f[:, t + 1, ::-1] * path[:, t + 1]",
    ),
    Known(
        "state_gradient_path",
        "No other path leads from one state to another, since neither f nor v sees a state: unlike "
        "the direct path of the LSTM, these products are the whole derivative.",
        "state_gradient_path.one_step_only",
    ),
    NoInput(
        "state_gradient_path", "All Jacobians are diagonal.",
        "why one number a unit is enough; the shape of the result says it",
    ),
    Known(
        "state_gradient_path", "The factors may be 0 or negative.",
        "state_gradient_path.divided_out",
    ),
    Clause(
        "state_gradient_path", "The factors may be 0 or negative.",
        replace="f[:, t + 1] * path[:, t + 1]", by="np.abs(f[:, t + 1]) * path[:, t + 1]",
    ),
    Known(
        "state_gradient_path", "the factors of all steps",
        "state_gradient_path.own_factor_included",
    ),
    Known(
        "state_gradient_path",
        "with path[n, t, j] the derivative of h[n, T-1, j] with respect to h[n, t, j]",
        "state_gradient_path.same_for_all_steps",
    ),
    Clause(
        "state_gradient_path", "the last of them, path[:, T-1], is 1",
        replace="    ### END SOLUTION", by="    path[:, -1] = f[:, -1]\n    ### END SOLUTION",
    ),
    # ------------------------------------------------------------------------------- mingru_forward
    NoInput("mingru_forward", "A minGRU over a whole sequence.", "a title"),
    Known(
        "mingru_forward",
        "It is a linear recurrence with the factor 1 - z, and z * n is what each step adds.",
        "mingru_forward.z_keeps",
    ),
    Known("mingru_forward", "z * n is what each step adds", "mingru_forward.candidate_added_whole"),
    Known(
        "mingru_forward", "There is no tanh anywhere, and no Wh.", "mingru_forward.candidate_tanh",
    ),
    Clause(
        "mingru_forward", "the inputs",
        replace="x @ Wx + b", by="x[:, :1] @ Wx + b + 0 * (x @ Wx)",
    ),
    Known("mingru_forward", "the state before the first step", "mingru_forward.h0_ignored"),
    Clause(
        "mingru_forward", "input weights",
        replace="x @ Wx + b", by="x @ Wx[::-1] + b",
    ),
    Known("mingru_forward", "blocks z n", "mingru_forward.blocks_n_z"),
    Known("mingru_forward", "bias", "mingru_forward.no_bias"),
    Clause(
        "mingru_forward", "the hidden states",
        replace="cache = (x, Wx, z, n, recurrence)", by="cache = (x, Wx, z, n, recurrence)\n    h = h - h0[:, None]",
    ),
    # ------------------------------------------------------------------------------ mingru_backward
    NoInput("mingru_backward", "The gradient of a minGRU.", "a title"),
    Known(
        "mingru_backward",
        "The gate is used twice: for what is kept, and for what is added.",
        "mingru_backward.gate_forgets_what_is_kept",
    ),
    Known("mingru_backward", "for what is added", "mingru_backward.gate_forgets_the_candidate"),
    Clause(
        "mingru_backward", "gradient of the loss with respect to each h[:, t] as an output",
        replace="linear_recurrence_backward(dh, recurrence)", by="linear_recurrence_backward(dh.mean(axis=0) + 0 * dh, recurrence)",
    ),
    Known("mingru_backward", "(D, 2H), summed over time", "mingru_backward.last_step_only"),
    Clause(
        "mingru_backward", "(2H,), summed over time",
        replace="db = da.sum(axis=(0, 1))", by="db = da[:, 0].sum(axis=0)",
    ),
    Known("mingru_backward", "summed over time", "mingru_backward.averaged_over_time"),
)  # fmt: skip
