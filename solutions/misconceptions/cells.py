"""Wrong ideas about interpretable cells."""

from autograder.problem import Misconception

MISCONCEPTIONS = (
    # ---------------------------------------------------------------------------------- cell_traces
    Misconception(
        "cell_traces", "raw_cell_state",
        replace="np.tanh(c[0])", by="c[0]",
        idea="the cell state is returned without the tanh",
        hints=(
            "Between which bounds should a trace lie?",
            "Cell states are unbounded, which makes ugly pictures. What squashes them on the way out of an LSTM?",
            "You have the right state and return it raw.",
        ),
        source="docs/misconceptions.md 44",
    ),
    Misconception(
        "cell_traces", "hidden_state",
        replace="np.tanh(c[0])", by="h[0]",
        idea="the hidden state is traced instead of the cell state",
        hints=(
            "How many states has an LSTM, and which one is wanted?",
            "The hidden state has gone through the output gate, which may be shut while the cell remembers.",
            "You trace what the cell says, not what it knows.",
        ),
        source="docs/misconceptions.md 99",
    ),
    Misconception(
        "cell_traces", "before_reading",
        replace="        h, c, _ = lstm_step_forward(x[None, :], h, c, Wx, Wh, b)\n        traces[t] = np.tanh(c[0])",
        by="        traces[t] = np.tanh(c[0])\n        h, c, _ = lstm_step_forward(x[None, :], h, c, Wx, Wh, b)",
        idea="row t holds the state before character t was read",
        hints=(
            "Your first row is all zeros. Has the network read anything by then?",
            "The last character of the text never shows in your traces.",
            "Look at the cell after the step.",
        ),
        source="docs/misconceptions.md 99",
    ),
    Misconception(
        "cell_traces", "cell_state_not_carried",
        replace="h, c, _ = lstm_step_forward(x[None, :], h, c, Wx, Wh, b)\n        traces[t] = np.tanh(c[0])",
        by="h, c_t, _ = lstm_step_forward(x[None, :], h, c, Wx, Wh, b)\n        traces[t] = np.tanh(c_t[0])",
        idea="the cell state is zero at the start of every step",
        hints=(
            "Your first row is right. What should the second step receive from the first?",
            "How many states does an LSTM hand over?",
            "The step returns two states and wants both back.",
        ),
        source="docs/misconceptions.md 45",
    ),
    Misconception(
        "cell_traces", "hidden_state_not_carried",
        replace="h, c, _ = lstm_step_forward(x[None, :], h, c, Wx, Wh, b)", by="_, c, _ = lstm_step_forward(x[None, :], h, c, Wx, Wh, b)",
        idea="the hidden state is zero at the start of every step",
        hints=(
            "Your first row is right. What should the second step receive from the first?",
            "How many states does an LSTM hand over?",
            "The step returns two states and wants both back.",
        ),
        source="docs/misconceptions.md 2",
    ),
    Misconception(
        "cell_traces", "ids_count_from_one",
        replace="np.eye(V, dtype=Wx.dtype)[ids]", by="np.eye(V, dtype=Wx.dtype)[ids - 1]",
        idea="the ids are taken to count from 1",
        hints=(
            "Which row of Wx belongs to id 0?",
            "Id 0 gives you the last row of the weights. Why?",
            "Ids count from 0.",
        ),
        source="docs/misconceptions.md 63",
    ),
    # -------------------------------------------------------------------------------- inside_quotes
    Misconception(
        "inside_quotes", "before_reading",
        replace="        inside[t] = bool(quote)\n", by="        inside[t:][1:2] = bool(quote)\n",
        idea="element t says what is true before character t is read",
        hints=(
            "Does a cell know of the quote before it has read it?",
            "Your opening quotes are outside and your closing quotes inside.",
            "Every moment in this lesson is after the character.",
        ),
        source="docs/misconceptions.md 99",
    ),
    Misconception(
        "inside_quotes", "closing_quote_inside",
        replace='            quote = ""\n        inside[t] = bool(quote)', by='            quote = ""\n            inside[t] = True\n            continue\n        inside[t] = bool(quote)',
        idea="the closing quote counts as inside",
        hints=(
            "When the closing quote has been read, is a string still open?",
            "The symmetric picture is prettier, but the moment is always after the character.",
            "Opening quotes are inside, closing quotes outside.",
        ),
        source="docs/misconceptions.md 99",
    ),
    Misconception(
        "inside_quotes", "any_quote_closes",
        replace='elif character in (quote, "\\n"):', by='elif character in QUOTES + "\\n":',
        idea="a string is closed by either kind of quote",
        hints=(
            "Is an apostrophe allowed in a string with double quotes?",
            "Remember more than that a string is open.",
            "Only the character that opened the string closes it.",
        ),
        source="own",
    ),
    Misconception(
        "inside_quotes", "only_double_quotes",
        replace='character if character in QUOTES else ""', by="character if character == '\"' else \"\"",
        idea="only double quotes open a string",
        hints=(
            "Which characters can open a string?",
            "There is a name for the set of quotes at the top of the file.",
            "Single quotes do so too.",
        ),
        source="own",
    ),
    Misconception(
        "inside_quotes", "escapes_ignored",
        replace='        elif character == "\\\\":\n            escaped = True\n', by="",
        idea="a backslash does not protect a quote",
        hints=(
            "How does one write a double quote inside a double-quoted string?",
            "Texts without backslashes are right.",
            "A backslash inside a string takes the meaning of the next character away.",
        ),
        source="own",
    ),
    Misconception(
        "inside_quotes", "escapes_outside_too",
        replace='        if not quote:\n            quote = character if character in QUOTES else ""\n        elif escaped:\n            escaped = False\n        elif character == "\\\\":\n            escaped = True\n',
        by='        if escaped:\n            escaped = False\n        elif character == "\\\\":\n            escaped = True\n        elif not quote:\n            quote = character if character in QUOTES else ""\n',
        idea="a backslash protects a quote outside strings as well",
        hints=(
            "What does a backslash mean outside a string?",
            "You miss strings that begin right after a backslash.",
            "Only inside a string does a backslash have a power.",
        ),
        source="own",
    ),
    Misconception(
        "inside_quotes", "looks_one_back",
        replace='        elif escaped:\n            escaped = False\n        elif character == "\\\\":\n            escaped = True\n        elif character',
        by='        elif text[t - 1] != "\\\\" and character',
        idea="a character is protected whenever the one before it is a backslash",
        hints=(
            "Two backslashes and a quote: does the quote close?",
            "Can a backslash itself be protected?",
            "A backslash that has lost its meaning protects nothing. Looking one character back does not tell you that.",
        ),
        source="own",
    ),
    Misconception(
        "inside_quotes", "newline_ignored",
        replace='elif character in (quote, "\\n"):', by="elif character == quote:",
        idea="a new line does not end a string",
        hints=(
            "What does a lonely apostrophe do to the rest of your text?",
            "Texts of one line are right.",
            "There are two ways for a string to end.",
        ),
        source="own",
    ),
    Misconception(
        "inside_quotes", "newline_always_ends",
        replace='        elif escaped:\n            escaped = False\n', by='        elif escaped and character != "\\n":\n            escaped = False\n',
        idea="a new line ends a string even after a backslash",
        hints=(
            "How does one continue a string on the next line?",
            "A backslash takes the meaning away from the next character. From every one?",
            "An escaped new line is an ordinary character too.",
        ),
        source="own",
    ),
    # -------------------------------------------------------------------------------- bracket_depth
    Misconception(
        "bracket_depth", "quotes_ignored",
        replace="zip(text, inside_quotes(text), strict=True)", by="zip(text, np.zeros(len(text), dtype=bool), strict=True)",
        idea="brackets inside strings are counted",
        hints=(
            "Does a bracket in a string open anything?",
            "Texts without quotes are right.",
            "You have a function that says where brackets are just characters.",
        ),
        source="own",
    ),
    Misconception(
        "bracket_depth", "below_zero",
        replace="max(open_now - 1, 0)", by="open_now - 1",
        idea="the depth goes below zero",
        hints=(
            "What does a closing bracket close if nothing is open?",
            "After a stray closing bracket all your depths are one too low.",
            "A depth is never negative, not even for a moment.",
        ),
        source="own",
    ),
    Misconception(
        "bracket_depth", "clipped_at_the_end",
        replace="max(open_now - 1, 0)\n        depth[t] = open_now", by="open_now - 1\n        depth[t] = max(open_now, 0)",
        idea="a negative depth is only hidden, and remembered",
        hints=(
            "After a stray closing bracket, what does the next opening one do?",
            "Your depths are never negative, and yet too low later on.",
            "A closing bracket that closes nothing leaves no debt.",
        ),
        source="own",
    ),
    Misconception(
        "bracket_depth", "only_round",
        replace='    for t, (character, quoted)', by='    OPENING, CLOSING = "(", ")"\n    for t, (character, quoted)',
        idea="only round brackets are counted",
        hints=(
            "How many kinds of brackets are there?",
            "Try a text with square brackets.",
            "All three kinds go into the same count.",
        ),
        source="own",
    ),
    Misconception(
        "bracket_depth", "before_reading",
        replace="        depth[t] = open_now\n", by="        depth[t:][1:2] = open_now\n",
        idea="element t says the depth before character t is read",
        hints=(
            "A text of one opening bracket: what is its depth?",
            "All your depths come one character late.",
            "Every moment in this lesson is after the character.",
        ),
        source="docs/misconceptions.md 99",
    ),
    Misconception(
        "bracket_depth", "closing_not_counted_yet",
        replace="        depth[t] = open_now\n", by="        depth[t] = open_now + (not quoted and character in CLOSING)\n",
        idea="a closing bracket still belongs to the depth that it closes",
        hints=(
            "When the last closing bracket has been read, is anything open?",
            "Your depths are one too high at closing brackets and right elsewhere.",
            "Every moment in this lesson is after the character.",
        ),
        source="docs/misconceptions.md 99",
    ),
    # ----------------------------------------------------------------------------------- rank_cells
    Misconception(
        "rank_cells", "by_signed_r",
        replace="np.lexsort((-np.abs(r), constant))", by="np.lexsort((-r, constant))",
        idea="cells that are off when the signal is on come last",
        hints=(
            "If you know that a cell is always wrong, how useful is it?",
            "Multiply a column by -1: should its rank change?",
            "The size of r counts, not its sign.",
        ),
        source="docs/misconceptions.md 99",
    ),
    Misconception(
        "rank_cells", "worst_first",
        replace="np.lexsort((-np.abs(r), constant))", by="np.lexsort((np.abs(r), constant))",
        idea="the worst cell comes first",
        hints=(
            "Which cell should a reader look at first?",
            "Print the sizes of r in your order.",
            "Sorting puts the smallest first.",
        ),
        source="own",
    ),
    Misconception(
        "rank_cells", "covariance",
        replace="norms = np.sqrt((x**2).sum(axis=0) * (y**2).sum())", by="norms = float(len(y))",
        idea="the covariance is returned instead of the correlation",
        hints=(
            "Multiply a column by 10: should its r change?",
            "Can your r be larger than 1?",
            "A cell that moves a lot does not know more than one that moves a little; divide by both spreads.",
        ),
        source="own",
    ),
    Misconception(
        "rank_cells", "not_centred",
        replace="    x = traces - traces.mean(axis=0)\n    y = signal - np.mean(signal, dtype=x.dtype)\n", by="    x = traces\n    y = signal * 1.0\n",
        idea="the means are not taken off",
        hints=(
            "Add 5 to a column: should its r change?",
            "A cell that is always near 1 looks good to you, whatever it does.",
            "Correlation compares deviations from the mean.",
        ),
        source="own",
    ),
    Misconception(
        "rank_cells", "r_without_sign",
        replace="    order = np.lexsort", by="    r = np.abs(r)\n    order = np.lexsort",
        idea="r is returned without its sign",
        hints=(
            "Your order is right. How does a reader learn which cells are on when the signal is off?",
            "Can your r be negative?",
            "The size is for ranking only.",
        ),
        source="own",
    ),
    Misconception(
        "rank_cells", "r_in_rank_order",
        replace="np.lexsort((-np.abs(r), constant))", by="np.lexsort((-np.abs(r), constant))\n    r = r[order]",
        idea="r is returned in the order of the ranks",
        hints=(
            "To which column does your r[0] belong?",
            "The right numbers are all there, in other places.",
            "r stays in the order of the columns; order says how to read it.",
        ),
        source="own",
    ),
    Misconception(
        "rank_cells", "ranks_for_order",
        replace="np.lexsort((-np.abs(r), constant))", by="np.argsort(np.lexsort((-np.abs(r), constant)))",
        idea="the rank of each cell is returned instead of the cells in order",
        hints=(
            "What is your order[0]: the best cell, or the place of cell 0?",
            "Index r with your order: are the sizes sorted?",
            "A permutation and its inverse look alike; you have the other one.",
        ),
        source="own",
    ),
    Misconception(
        "rank_cells", "constant_cells_nan",
        replace="    r = np.where(unknown, 0.0, (x * y[:, None]).sum(axis=0) / np.where(unknown, 1.0, norms))", by="    r = (x * y[:, None]).sum(axis=0) / np.where(unknown, 0.0, norms)",
        idea="cells that never change get a correlation that is not a number",
        hints=(
            "What is 0 divided by 0?",
            "Look for the columns in which all values are equal.",
            "A cell that never changes knows nothing; its r is defined to be 0.",
        ),
        source="docs/misconceptions.md 99",
    ),
    Misconception(
        "rank_cells", "constant_among_the_others",
        replace="np.lexsort((-np.abs(r), constant))", by="np.argsort(-np.abs(r), kind=\"stable\")",
        idea="constant cells are not put behind cells that do change",
        hints=(
            "A cell changes and its r is exactly 0; another never changes. Which comes first?",
            "Your r is right. The order is wrong where several r are 0.",
            "Being constant counts before the size of r does.",
        ),
        source="own",
    ),
    Misconception(
        "rank_cells", "ties_backwards",
        replace="np.lexsort((-np.abs(r), constant))", by="np.lexsort((-np.arange(len(r)), -np.abs(r), constant))",
        idea="of equally good cells the larger number comes first",
        hints=(
            "Two columns are equal: which comes first?",
            "Did you sort upwards and then turn the result round?",
            "Of equals the smaller number comes first; turning a sorted list round turns its ties round too.",
        ),
        source="own",
    ),
    Misconception(
        "rank_cells", "signal_one_late",
        replace="y = signal - np.mean(signal, dtype=x.dtype)", by="y = np.roll(signal, 1) - np.mean(signal, dtype=x.dtype)",
        idea="the signal is moved by one step before it is compared",
        hints=(
            "At which moment does row t of a trace look at the text, and element t of the signal?",
            "Use the signal itself as a cell: r should be 1.",
            "Traces and signals are aligned already.",
        ),
        source="docs/misconceptions.md 99",
    ),
    # -------------------------------------------------------------------------------- latch_weights
    Misconception(
        "latch_weights", "forgets_slowly",
        replace="big = 40.0", by="big = 4.0",
        idea="the gates are not shut tightly enough",
        hints=(
            "How much of the cell is left after 200 steps with a forget gate of 0.98?",
            "Short texts are right.",
            "A sigmoid never quite reaches 1; how far out must you go for hundreds of steps?",
        ),
        source="own",
    ),
    Misconception(
        "latch_weights", "set_adds_up",
        replace="[big, -big, 0, big], [big, -big, 0, 0]", by="[big, big, 0, big], [big, big, 0, -big]",
        idea="setting adds 1 and clearing takes 1 away",
        hints=(
            "Set the bit three times and clear it once. What is it now?",
            "What should the forget gate do when a command comes?",
            "A command replaces what was there; it does not add to it.",
        ),
        source="own",
    ),
    Misconception(
        "latch_weights", "clear_does_nothing",
        replace="[big, -big, 0, 0]]", by="[-big, big, 0, 0]]",
        idea="clearing leaves the cell as it was",
        hints=(
            "How does a cell become empty?",
            "Your bit stays set for ever.",
            "To clear is to forget; which gate does that?",
        ),
        source="own",
    ),
    Misconception(
        "latch_weights", "ordinary_characters_write",
        replace="[[-big, big, 0, 0]", by="[[big, -big, 0, 0]",
        idea="ordinary characters overwrite the bit",
        hints=(
            "What must the two gates of the cell do on an ordinary character?",
            "Your bit lasts one step.",
            "To hold is to keep the old and let nothing in.",
        ),
        source="own",
    ),
    Misconception(
        "latch_weights", "torch_gate_order",
        replace="[big, -big, 0, big]", by="[big, -big, big, 0]",
        idea="the candidate is written into the output gate's column",
        hints=(
            "Compare your order of blocks with the table in the handout.",
            "What is the candidate when a 1 comes?",
            "The candidate is the last of the four blocks here.",
        ),
        source="docs/misconceptions.md 39",
    ),
    # -------------------------------------------------------------------------------- depth_weights
    Misconception(
        "depth_weights", "tanh_not_undone",
        replace="step = np.arctanh(0.1)", by="step = 0.1",
        idea="the tanh of the candidate is forgotten",
        hints=(
            "By how much exactly does your cell grow at an opening bracket?",
            "tanh(0.1) is nearly 0.1, and nearly adds up.",
            "Which number has a tanh of exactly one tenth?",
        ),
        source="own",
    ),
    Misconception(
        "depth_weights", "input_gate_half_open",
        replace="np.array([open_all, open_all, 0, 0])", by="np.array([0, open_all, 0, 0])",
        idea="the input gate is half open",
        hints=(
            "What is a sigmoid of 0?",
            "Your count is too small by a whole factor. Which?",
            "Two gates have to be wide open.",
        ),
        source="own",
    ),
    Misconception(
        "depth_weights", "forget_gate_half_open",
        replace="np.array([open_all, open_all, 0, 0])", by="np.array([open_all, 0, 0, 0])",
        idea="the forget gate is half open",
        hints=(
            "What is a sigmoid of 0?",
            "Your count fades while nothing happens.",
            "Two gates have to be wide open.",
        ),
        source="own",
    ),
    Misconception(
        "depth_weights", "leaks",
        replace="open_all = 40.0", by="open_all = 5.0",
        idea="the gates are not open widely enough",
        hints=(
            "How much of the cell is left after 200 steps with a forget gate of 0.993?",
            "Short texts are nearly right.",
            "A sigmoid never quite reaches 1; how far out must you go for hundreds of steps?",
        ),
        source="own",
    ),
    Misconception(
        "depth_weights", "closing_not_counted",
        replace="[0, step, -step]", by="[0, step, 0]",
        idea="closing brackets do not count down",
        hints=(
            "Your cell never goes down. What should do that?",
            "Can a candidate be negative?",
            "Characters 1 and 2 are mirror images.",
        ),
        source="own",
    ),
    # --------------------------------------------------------------------------- gru_that_is_an_rnn
    Misconception(
        "gru_that_is_an_rnn", "update_gate_shut",
        replace="gru_b = np.concatenate([gates_open, b])", by="gru_b = np.concatenate([np.repeat([-40.0, 40.0], H), b])",
        idea="the update gate is shut: the state never changes",
        hints=(
            "Your states all equal h0. Which gate decides that?",
            "Whom does z favour here: the old state or the new one?",
            "Torch's z keeps the old state, ours lets the new one in.",
        ),
        source="docs/misconceptions.md 56",
    ),
    Misconception(
        "gru_that_is_an_rnn", "reset_gate_shut",
        replace="gru_b = np.concatenate([gates_open, b])", by="gru_b = np.concatenate([np.repeat([40.0, -40.0], H), b])",
        idea="the reset gate is shut: the candidate does not see the past",
        hints=(
            "Change h0: do your states change?",
            "What does r = 0 do to the candidate?",
            "The vanilla RNN sees all of its past state.",
        ),
        source="docs/misconceptions.md 58",
    ),
    Misconception(
        "gru_that_is_an_rnn", "gates_half_open",
        replace="np.full(2 * H, 40.0", by="np.full(2 * H, 0.0",
        idea="the gates are half open",
        hints=(
            "What is a sigmoid of 0?",
            "Your state is a mean of the old and the new.",
            "With weights of zero, only the bias decides how far a gate is open.",
        ),
        source="own",
    ),
    Misconception(
        "gru_that_is_an_rnn", "gates_nearly_open",
        replace="np.full(2 * H, 40.0", by="np.full(2 * H, 5.0",
        idea="the gates are not open widely enough",
        hints=(
            "How far is a sigmoid of 5 from 1?",
            "You are right to two digits. How many were asked for?",
            "Go further out; nothing overflows there.",
        ),
        source="own",
    ),
    Misconception(
        "gru_that_is_an_rnn", "weights_in_the_first_block",
        replace="np.concatenate([np.zeros((D, 2 * H), Wx.dtype), Wx], axis=1)", by="np.concatenate([Wx, np.zeros((D, 2 * H), Wx.dtype)], axis=1)",
        idea="the RNN's input weights are put into the update gate",
        hints=(
            "Which of the three blocks makes the candidate?",
            "Your states hardly depend on x.",
            "The blocks are z, r and the candidate, in this order.",
        ),
        source="docs/misconceptions.md 39",
    ),
)  # fmt: skip
