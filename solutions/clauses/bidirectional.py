"""Every clause of the docstrings about reading both ways, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ------------------------------------------------------------------------------- reverse_ragged
    Known(
        "reverse_ragged", "Reverse the real steps of every row; the padding stays behind them.",
        "reverse_ragged.not_turned_round",
    ),
    Known("reverse_ragged", "the padding stays behind them", "reverse_ragged.padding_in_front"),
    Known(
        "reverse_ragged", "Row n's step t becomes step lengths[n]-1-t.",
        "reverse_ragged.one_step_late",
    ),
    Clause(
        "reverse_ragged", "Row n's step t becomes step lengths[n]-1-t.",
        replace="x[rows, from_the_end]", by="x[rows, np.where(steps == 1, 1, from_the_end)]",
    ),
    Clause(
        "reverse_ragged", "Done twice, it gives the real steps back.",
        replace="x[rows, from_the_end]", by="np.roll(x[rows, from_the_end], 1, axis=1)",
    ),
    Known(
        "reverse_ragged", "rows that are padded to the same T",
        "reverse_ragged.longest_row_for_all",
    ),
    Known(
        "reverse_ragged", "how many steps of a row are real", "reverse_ragged.one_length_for_all",
    ),
    Clause(
        "reverse_ragged", "whole numbers from 1 to T",
        replace="    from_the_end = lengths", by="    lengths = np.maximum(lengths, 2)\n    from_the_end = lengths",
    ),
    Clause(
        "reverse_ragged", "whole numbers from 1 to T",
        replace="    from_the_end = lengths", by="    lengths = np.minimum(lengths, max(x.shape[1] - 1, 1))\n    from_the_end = lengths",
    ),
    Known(
        "reverse_ragged", "exactly 0 at padded steps, whatever x holds there",
        "reverse_ragged.padding_kept",
    ),
    # ------------------------------------------------------------------------ bidirectional_forward
    Known(
        "bidirectional_forward",
        "Two vanilla RNNs over every row, one from each end, and their states side by side.",
        "bidirectional_forward.both_from_the_start",
    ),
    Known("bidirectional_forward", "their states side by side", "bidirectional_forward.states_added"),
    Known(
        "bidirectional_forward", "rows that are padded to the same T",
        "bidirectional_forward.padding_read_first",
    ),
    Clause(
        "bidirectional_forward", "whole numbers from 1 to T, how many steps of a row are real",
        replace="np.arange(T) < lengths[:, None]", by="np.arange(T) < np.maximum(lengths, 2)[:, None]",
    ),
    Clause(
        "bidirectional_forward", "how many steps of a row are real",
        replace="np.arange(T) < lengths[:, None]", by="np.arange(T) < lengths[:1, None] + 0 * lengths[:, None]",
    ),
    Known(
        "bidirectional_forward", "triple of the weights that read from the start to the end",
        "bidirectional_forward.weights_exchanged",
    ),
    Known(
        "bidirectional_forward", "triple of the weights that read from the end to the start",
        "bidirectional_forward.one_set_of_weights",
    ),
    Clause(
        "bidirectional_forward", "shapes as in right",
        replace="h0, *left)", by="h0, left[0], left[1].T, left[2])",
    ),
    Known(
        "bidirectional_forward",
        "at a real step t of row n, the first H numbers have read x[n, 0] to x[n, t]",
        "bidirectional_forward.halves_exchanged",
    ),
    Known(
        "bidirectional_forward", "the last H have read x[n, lengths[n]-1] down to x[n, t]",
        "bidirectional_forward.not_turned_back",
    ),
    Clause(
        "bidirectional_forward", "the last H have read x[n, lengths[n]-1] down to x[n, t]",
        replace="reverse_ragged(x, lengths)", by="reverse_ragged(x, lengths) * (np.arange(T) > 0)[:, None]",
    ),
    Known(
        "bidirectional_forward", "exactly 0 at padded steps",
        "bidirectional_forward.state_runs_on_in_the_padding",
    ),
    # ----------------------------------------------------------------------- bidirectional_backward
    NoInput("bidirectional_backward", "The gradient of bidirectional_forward.", "a title"),
    Known(
        "bidirectional_backward", "gradient of the loss with respect to h",
        "bidirectional_backward.wrong_half",
    ),
    Known(
        "bidirectional_backward", "at padded steps it may hold any finite numbers, and they change nothing",
        "bidirectional_backward.gradient_not_masked",
    ),
    Clause(
        "bidirectional_backward", "exactly 0 at padded steps",
        replace="reverse_ragged(dx_left, lengths)", by="reverse_ragged(dx_left, lengths) + (1 - real) * dh.mean()",
    ),
    Known(
        "bidirectional_backward", "triple dWx, dWh, db for the weights that read from the start to the end",
        "bidirectional_backward.weights_gradients_exchanged",
    ),
    Clause(
        "bidirectional_backward", "triple dWx, dWh, db for the weights that read from the end to the start",
        replace="rnn_backward(reverse_ragged(dh_left, lengths), cache_left)",
        by="rnn_backward(reverse_ragged(dh_left, lengths), cache_right)",
    ),
)  # fmt: skip
