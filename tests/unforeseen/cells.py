"""Wrong versions of the interpretable cells lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "cell_traces",
        replace="""        hid, cell, _ = lstm_step_forward(x, hid, cell, Wx, Wh, b)
        traces[t] = np.tanh(cell[0])
""",
        by="""        traces[t] = np.tanh(cell[0])
        hid, cell, _ = lstm_step_forward(x, hid, cell, Wx, Wh, b)
""",
        truth="row t of the traces is the cell state before character t is read, not after it: all rows are one step late",
    ),
    Version(
        "inside_quotes",
        replace=r"""        elif escaped:
            escaped = False
        elif ch == "\\":
            escaped = True
        elif ch == opener or ch == "\n":
            opener = None
""",
        by=r"""        elif (ch == opener or ch == "\n") and text[t - 1] != "\\":
            opener = None
""",
        truth="a quote or newline after a backslash never closes, even if that backslash's own meaning was taken away by the one before it: two backslashes and a quote should close",
    ),
    Version(
        "bracket_depth",
        replace="""                level = max(level - 1, 0)
        depths[t] = level
""",
        by="""                level -= 1
        depths[t] = max(level, 0)
""",
        truth="a closing bracket that closes nothing is still counted: only what is written is kept from going below 0, so the brackets opened after it start from a negative depth",
    ),
    Version(
        "rank_cells",
        replace="order = sorted(range(H), key=lambda j: (not changes[j], -abs(r[j]), j))",
        by="order = sorted(range(H), key=lambda j: (not changes[j], -r[j], j))",
        truth="cells are ordered by r with its sign and not by its size |r|, so a cell that follows the signal with a minus comes last",
    ),
    Version(
        "rank_cells",
        replace="r[j] = (xc * yc).sum() / np.sqrt((xc**2).sum() * (yc**2).sum())",
        by="r[j] = (xc * yc).mean() / (x.std(ddof=1) * y.std(ddof=1))",
        truth="the covariance is divided by T and the standard deviations by T - 1, so every r is too small by the factor (T - 1) / T",
    ),
    Version(
        "rank_cells",
        replace="""        if not changes[j] or y.max() == y.min():
            continue
""",
        by="",
        truth="nothing is done about a cell or a signal that never changes: its r is 0/0, which is NaN, and should be 0",
    ),
    Version(
        "latch_weights",
        replace="""    Wx[1, 1] = -2 * big
    Wx[2, 1] = -2 * big
""",
        by="",
        truth="the forget gate stays open at a command, so the commands add up in the cell: after the bit was set twice, one clear does not bring it below 0.5",
    ),
    Version(
        "latch_weights",
        replace="big = 40.0",
        by="big = 2.0",
        truth="the weights are too small to shut or open the gates fully: with the forget gate at sigma(2) = 0.88 the bit fades within a few characters",
    ),
    Version(
        "depth_weights",
        replace="step = np.arctanh(0.1)",
        by="step = 0.1",
        truth="the weight into the candidate g is 0.1, but g is tanh of it, so a bracket adds 0.0997 to c_t and not a tenth",
    ),
    Version(
        "gru_that_is_an_rnn",
        replace="wide = 50.0",
        by="wide = 1.0",
        truth="the bias of the gates is 1 as if it were the gate's value: the gates are sigma(1) = 0.73, where z and r must be 1",
    ),
    Version(
        "cell_traces",
        replace="traces[t] = np.tanh(cell[0])",
        by="traces[t] = np.tanh(hid[0])",
        truth="the traces are tanh of the hidden state h_t where the cell state c_t belongs",
    ),
    Version(
        "inside_quotes",
        replace=r"""elif ch == opener or ch == "\n":""",
        by=r"""elif ch in QUOTES or ch == "\n":""",
        truth="either quote closes a string, where only the same character that opened it should",
    ),
    Version(
        "gru_that_is_an_rnn",
        replace="gru_b = np.full(3 * H, wide)",
        by="gru_b = np.full(3 * H, -wide)",
        truth="the biases of the gates have the wrong sign: z is 0, which keeps the old state, and r is 0, which hides it from the candidate; both should be 1",
    ),
    Version(
        "bracket_depth",
        replace="level = max(level - 1, 0)",
        by="level -= 1",
        truth="the depth falls below zero when a bracket closes that was never opened",
    ),
    Version(
        "rank_cells",
        replace="-abs(r[j]), j)",
        by="-r[j], j)",
        truth="the cells are ordered by r itself instead of by its absolute value, so cells that follow the signal with the opposite sign come last",
    ),
    Version(
        "latch_weights",
        replace="Wx[1, 3] = big\n    Wx[2, 3] = -big",
        by="Wx[1, 2] = big\n    Wx[2, 2] = -big",
        truth="the weights that write the bit are put into the third block (the output gate o) instead of the fourth (the content g): that is the order i, f, g, o",
    ),
)
