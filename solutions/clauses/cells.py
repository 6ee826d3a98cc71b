"""Every clause of the docstrings about interpretable cells, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ---------------------------------------------------------------------------------- cell_traces
    Known(
        "cell_traces", "What every cell of an LSTM does while it reads a text.",
        "cell_traces.hidden_state",
    ),
    Clause(
        "cell_traces", "The network reads one-hot vectors",
        replace="np.eye(V, dtype=Wx.dtype)[ids]", by="2 * np.eye(V, dtype=Wx.dtype)[ids]",
    ),
    Known(
        "cell_traces", "The network reads one-hot vectors, starting with both states zero.",
        "cell_traces.hidden_state_not_carried",
    ),
    Clause(
        "cell_traces", "starting with both states zero",
        replace="h, c = np.zeros((1, H), Wx.dtype),", by="h, c = np.full((1, H), 0.5),",
    ),
    Clause(
        "cell_traces", "starting with both states zero",
        replace="np.zeros((1, H), Wx.dtype)\n", by="np.ones((1, H), Wx.dtype)\n",
    ),
    Known(
        "cell_traces", "the characters of the text as whole numbers from 0 to V-1",
        "cell_traces.ids_count_from_one",
    ),
    Clause(
        "cell_traces", "whole numbers from 0 to V-1",
        replace="np.eye(V, dtype=Wx.dtype)[ids]", by="np.eye(V, dtype=Wx.dtype)[np.minimum(ids, V - 2)]",
    ),
    Clause(
        "cell_traces", "whole numbers from 0 to V-1",
        replace="np.eye(V, dtype=Wx.dtype)[ids]", by="np.eye(V, dtype=Wx.dtype)[np.maximum(ids, 1)]",
    ),
    Clause(
        "cell_traces", "input-to-hidden weights, blocks i f o g",
        replace="c, Wx, Wh, b)", by="c, np.roll(Wx, H, axis=1), Wh, b)",
    ),
    Clause(
        "cell_traces", "hidden-to-hidden weights, blocks i f o g",
        replace="c, Wx, Wh, b)", by="c, Wx, np.roll(Wh, H, axis=1), b)",
    ),
    Clause(
        "cell_traces", "bias, blocks i f o g",
        replace="c, Wx, Wh, b)", by="c, Wx, Wh, np.roll(b, H))",
    ),
    Known("cell_traces", "the cell states after character t", "cell_traces.before_reading"),
    Known(
        "cell_traces", "tanh(c_t), the cell states after character t, squashed to between -1 and 1",
        "cell_traces.raw_cell_state",
    ),
    # -------------------------------------------------------------------------------- inside_quotes
    Known(
        "inside_quotes", "Where a text is inside a short string literal.",
        "inside_quotes.before_reading",
    ),
    Known(
        "inside_quotes", "Outside, a quote (' or \") opens a string",
        "inside_quotes.only_double_quotes",
    ),
    Clause(
        "inside_quotes", "Outside, a quote (' or \") opens a string",
        replace="character in QUOTES", by='character == "\'"',
    ),
    Known(
        "inside_quotes",
        "Outside, a quote (' or \") opens a string, and the same character closes it. The other one "
        "is ordinary in between.",
        "inside_quotes.any_quote_closes",
    ),
    Clause(
        "inside_quotes", "and the same character closes it",
        replace="elif character in (quote, ", by='elif character in ("\\"", ',
    ),
    Clause(
        "inside_quotes", "The opening quote belongs to the inside",
        replace="inside[t] = bool(quote)",
        by="inside[t] = bool(quote)\n    inside = inside & np.append(False, inside[:-1])",
    ),
    Known(
        "inside_quotes",
        "the closing quote does not: after it has been read, the string is over.",
        "inside_quotes.closing_quote_inside",
    ),
    Known(
        "inside_quotes",
        "Inside, a backslash takes the meaning away from the character after it, whatever that is",
        "inside_quotes.escapes_ignored",
    ),
    Clause(
        "inside_quotes", "from the character after it, whatever that is",
        replace="            escaped = False\n",
        by='            escaped = False\n            quote = "" if character not in QUOTES + "\\\\\\n" else quote\n',
    ),
    Clause(
        "inside_quotes", "from the character after it, whatever that is",
        replace="        elif escaped:\n",
        by='        elif escaped and character not in QUOTES + "\\n\\\\":\n            pass\n'
        "        elif escaped:\n",
    ),
    Clause(
        "inside_quotes", '\\" does not close',
        replace='elif escaped:', by='elif escaped and character != \'"\':',
    ),
    Known(
        "inside_quotes",
        '\\" does not close, and in \\\\" the second backslash means nothing and the quote closes.',
        "inside_quotes.looks_one_back",
    ),
    Known(
        "inside_quotes", "Outside, a backslash is an ordinary character.",
        "inside_quotes.escapes_outside_too",
    ),
    Known(
        "inside_quotes", "Inside, a newline ends the string too", "inside_quotes.newline_ignored",
    ),
    Known(
        "inside_quotes",
        "Inside, a newline ends the string too (unless a backslash has taken its meaning away)",
        "inside_quotes.newline_always_ends",
    ),
    Clause(
        "inside_quotes", "it is outside then",
        replace="        inside[t] = bool(quote)",
        by='        inside[t] = bool(quote) or (character == "\\n" and t > 0 and inside[t - 1])',
    ),
    Clause(
        "inside_quotes", "Comments and triple quotes get no special treatment.",
        replace='    quote, escaped = "", False\n',
        by='    quote, escaped = "", False\n'
        '    rows = text.split("\\n")\n'
        '    rows = [row.partition("#")[0].ljust(len(row), ".") for row in rows]\n'
        '    text = "\\n".join(rows)\n',
    ),
    Clause(
        "inside_quotes", "Comments and triple quotes get no special treatment.",
        replace='    quote, escaped = "", False\n',
        by='    quote, escaped = "", False\n'
        "    text = text.replace('\"\"\"', '\"..').replace(\"'''\", \"'..\")\n",
    ),
    Clause(
        "inside_quotes", "a string of T characters",
        replace="enumerate(text)", by="enumerate(text[:90])",
    ),
    Known(
        "inside_quotes", "booleans, True where a string is open after character t has been read",
        "inside_quotes.before_reading",
    ),
    # -------------------------------------------------------------------------------- bracket_depth
    Known("bracket_depth", "How many brackets are open.", "bracket_depth.closing_not_counted_yet"),
    Known("bracket_depth", "Each of ( [ { counts 1 up", "bracket_depth.only_round"),
    Clause(
        "bracket_depth", "Each of ( [ { counts 1 up",
        replace="character in OPENING", by='character in "(["',
    ),
    Clause(
        "bracket_depth", "Each of ( [ { counts 1 up",
        replace="character in OPENING", by='character in "({"',
    ),
    Clause(
        "bracket_depth", "each of ) ] } counts 1 down",
        replace="character in CLOSING", by='character in ")]"',
    ),
    Clause(
        "bracket_depth", "each of ) ] } counts 1 down",
        replace="character in CLOSING", by='character in ")}"',
    ),
    Clause(
        "bracket_depth", "and nobody checks that the kinds match",
        replace="            open_now += 1\n        elif not quoted and character in CLOSING:\n",
        by="            open_now += 1\n            kinds = text[:t]\n"
        "        elif not quoted and character in CLOSING and (\n"
        "            OPENING.find(\n"
        '                "".join(c for c, q in zip(text[:t], inside_quotes(text[:t])) if not q and c in OPENING)[-1:] or "("\n'
        "            )\n            == CLOSING.find(character)\n        ):\n",
    ),
    Known("bracket_depth", "The depth never goes below 0", "bracket_depth.below_zero"),
    Known(
        "bracket_depth",
        "The depth never goes below 0: a closing bracket that closes nothing is ignored.",
        "bracket_depth.clipped_at_the_end",
    ),
    Known(
        "bracket_depth",
        "Brackets inside quotes (where inside_quotes is True) are ordinary characters.",
        "bracket_depth.quotes_ignored",
    ),
    Clause(
        "bracket_depth", "Brackets inside quotes (where inside_quotes is True)",
        replace="if not quoted and character in OPENING", by="if character in OPENING",
    ),
    Clause(
        "bracket_depth", "Brackets inside quotes (where inside_quotes is True)",
        replace="elif not quoted and character", by="elif character",
    ),
    Clause(
        "bracket_depth", "a string of T characters",
        replace="zip(text, inside_quotes(text), strict=True)",
        by="zip(text[:90], inside_quotes(text[:90]), strict=True)",
    ),
    Known(
        "bracket_depth", "whole numbers, the depth after character t has been read",
        "bracket_depth.before_reading",
    ),
    # ----------------------------------------------------------------------------------- rank_cells
    Known(
        "rank_cells", "Which cells follow a signal most closely, whatever the sign.",
        "rank_cells.by_signed_r",
    ),
    Known(
        "rank_cells", "The measure is the size of Pearson's correlation, |r|", "rank_cells.covariance",
    ),
    Known(
        "rank_cells",
        "The measure is the size of Pearson's correlation, |r|: a cell that is off exactly when the "
        "signal is on knows as much as one that is on.",
        "rank_cells.by_signed_r",
    ),
    Known(
        "rank_cells",
        "A cell that never changes (all its values are equal) knows nothing: its r is 0",
        "rank_cells.constant_cells_nan",
    ),
    Known(
        "rank_cells", "and it comes after all cells that do change",
        "rank_cells.constant_among_the_others",
    ),
    Clause(
        "rank_cells", "If the signal never changes, every r is 0.",
        replace="constant | (np.max(signal) == np.min(signal))", by="constant",
    ),
    Known(
        "rank_cells",
        "r = sum (x - mean x)(y - mean y) / sqrt(sum (x - mean x)^2 sum (y - mean y)^2)",
        "rank_cells.not_centred",
    ),
    Known("rank_cells", "one column for each cell", "rank_cells.signal_one_late"),
    Clause(
        "rank_cells", "numbers or booleans",
        replace="y = signal - np.mean(signal, dtype=x.dtype)",
        by='if np.asarray(signal).dtype == bool:\n        raise TypeError("numbers only")\n'
        "    y = signal - np.mean(signal, dtype=x.dtype)",
    ),
    Clause(
        "rank_cells", "numbers or booleans",
        replace="y = signal - np.mean(signal, dtype=x.dtype)",
        by="signal = np.asarray(signal) > np.mean(signal)\n    y = signal - np.mean(signal, dtype=x.dtype)",
    ),
    Known("rank_cells", "the numbers of all cells, the best first", "rank_cells.worst_first"),
    Known("rank_cells", "the numbers of all cells", "rank_cells.ranks_for_order"),
    Known(
        "rank_cells", "of equals the smaller number comes first", "rank_cells.ties_backwards",
    ),
    Known(
        "rank_cells", "the correlation of each cell with its sign", "rank_cells.r_without_sign",
    ),
    Known(
        "rank_cells", "r[j] belongs to column j, whatever its rank", "rank_cells.r_in_rank_order",
    ),
    # -------------------------------------------------------------------------------- latch_weights
    Known(
        "latch_weights", "Build an LSTM with one cell that remembers a bit.",
        "latch_weights.torch_gate_order",
    ),
    Known(
        "latch_weights", "0 leaves the bit alone", "latch_weights.ordinary_characters_write",
    ),
    Clause(
        "latch_weights", "1 sets it",
        replace="[big, -big, 0, big]", by="[-big, big, 0, big]",
    ),
    Known(
        "latch_weights",
        "It reads texts over three characters: 0 leaves the bit alone, 1 sets it, 2 clears it.",
        "latch_weights.clear_does_nothing",
    ),
    Clause(
        "latch_weights", "The bit starts cleared.",
        replace="[[-big, big, 0, 0]", by="[[1, big, 0, 1]",
    ),
    Clause(
        "latch_weights", "After every character, tanh(c_t) must be above 0.5 where the bit is set",
        replace="[big, -big, 0, big]", by="[big, -big, 0, 0.5]",
    ),
    Clause(
        "latch_weights", "and below 0.5 where it is cleared",
        replace="[big, -big, 0, 0]])", by="[big, -big, 0, 0.8]])",
    ),
    Known(
        "latch_weights", "even when the same command comes several times in a row",
        "latch_weights.set_adds_up",
    ),
    Known(
        "latch_weights",
        "After every character, tanh(c_t) must be above 0.5 where the bit is set and below 0.5 "
        "where it is cleared, even when the same command comes several times in a row, and hundreds "
        "of characters after the last command.",
        "latch_weights.forgets_slowly",
    ),
    Clause(
        "latch_weights",
        "The weights are for cell_traces, with V = 3, H = 1 and blocks i f o g.",
        replace="np.array([[-big, big, 0, 0], [big, -big, 0, big], [big, -big, 0, 0]])",
        by="np.array([[big, -big, 0, 0], [-big, big, 0, big], [-big, big, 0, 0]])",
    ),
    # -------------------------------------------------------------------------------- depth_weights
    Known(
        "depth_weights", "Build an LSTM with one cell that counts.",
        "depth_weights.forget_gate_half_open",
    ),
    Clause(
        "depth_weights", "0 is an ordinary character, 1 opens a bracket",
        replace="[0, step, -step]", by="[1e-4, step, -step]",
    ),
    Clause(
        "depth_weights", "1 opens a bracket, 2 closes one",
        replace="[0, step, -step]", by="[0, -step, step]",
    ),
    Known(
        "depth_weights",
        "It reads texts over three characters: 0 is an ordinary character, 1 opens a bracket, 2 "
        "closes one.",
        "depth_weights.closing_not_counted",
    ),
    NoInput(
        "depth_weights", "In these texts nothing is closed that was not open.",
        "a promise about the texts; it asks nothing of the weights",
    ),
    Known(
        "depth_weights",
        "After every character, c_t must be a tenth of the depth, so tanh(c_t) must be tanh(depth / "
        "10), to 1e-4",
        "depth_weights.tanh_not_undone",
    ),
    Clause(
        "depth_weights", "c_t must be a tenth of the depth",
        replace="np.arctanh(0.1)", by="np.arctanh(0.101)",
    ),
    Known("depth_weights", "for texts of some hundreds of characters", "depth_weights.leaks"),
    Clause(
        "depth_weights",
        "After every character, c_t must be a tenth of the depth, so tanh(c_t) must be tanh(depth / "
        "10), to 1e-4, for texts of some hundreds of characters and depths up to 12.",
        replace="step = np.arctanh(0.1)", by="step = np.arctanh(0.1 * (1 - 4e-4))",
    ),
    Clause(
        "depth_weights",
        "The weights are for cell_traces, with V = 3, H = 1 and blocks i f o g.",
        replace="Wx[:, 3] =", by="Wx[:, 2] =",
    ),
    # --------------------------------------------------------------------------- gru_that_is_an_rnn
    Known(
        "gru_that_is_an_rnn", "Build a GRU that does exactly what a given vanilla RNN does.",
        "gru_that_is_an_rnn.gates_half_open",
    ),
    Clause(
        "gru_that_is_an_rnn", "The RNN is h_t = tanh(x_t Wx + h_{t-1} Wh + b).",
        replace="[gates_open, b]", by="[gates_open, 0 * b]",
    ),
    Known(
        "gru_that_is_an_rnn",
        "The GRU's states must equal those of the RNN to 1e-5, for inputs and weights of ordinary "
        "size and any number of steps.",
        "gru_that_is_an_rnn.gates_nearly_open",
    ),
    Known(
        "gru_that_is_an_rnn",
        "Its weights are for gru_forward: blocks z r h~, and z weighs the new state.",
        "gru_that_is_an_rnn.weights_in_the_first_block",
    ),
    Known("gru_that_is_an_rnn", "z weighs the new state", "gru_that_is_an_rnn.update_gate_shut"),
    Clause(
        "gru_that_is_an_rnn", "input-to-hidden weights of the vanilla RNN",
        replace=", Wx], axis=1)", by=", Wx[::-1]], axis=1)",
    ),
    Clause(
        "gru_that_is_an_rnn", "its hidden-to-hidden weights",
        replace=", Wh], axis=1)", by=", Wh.T], axis=1)",
    ),
    Clause(
        "gru_that_is_an_rnn", "its bias",
        replace="[gates_open, b]", by="[gates_open, b[::-1]]",
    ),
)  # fmt: skip
