"""Every clause of the docstrings about depth, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ------------------------------------------------------------------------------ stacked_forward
    Known(
        "stacked_forward", "Several vanilla RNN layers on top of each other.",
        "stacked_forward.every_layer_reads_x",
    ),
    Clause(
        "stacked_forward", "Several vanilla RNN layers",
        replace="zip(h0s, layers, strict=True)", by="zip(h0s[:3], layers[:3], strict=True)",
    ),
    Clause(
        "stacked_forward", "Several vanilla RNN layers",
        replace="h, cache = x, []",
        by='if len(layers) < 2:\n        raise ValueError("one layer is no stack")\n    h, cache = x, []',
    ),
    Clause(
        "stacked_forward", "the inputs of the bottom layer",
        replace="h, cache = x, []", by="h, cache = np.tanh(x), []",
    ),
    Known(
        "stacked_forward",
        "list of L arrays, from the bottom up: layer l's state before the first step, (N, H_l)",
        "stacked_forward.states_reversed",
    ),
    Known(
        "stacked_forward", "layer l's state before the first step",
        "stacked_forward.initial_states_ignored",
    ),
    Known(
        "stacked_forward", "list of L triples, from the bottom up; layer l's are",
        "stacked_forward.one_set_of_weights",
    ),
    Clause(
        "stacked_forward", "list of L triples, from the bottom up",
        replace="zip(h0s, layers, strict=True)", by="zip(h0s, layers[::-1], strict=True)",
    ),
    Known(
        "stacked_forward", "the hidden states of the top layer",
        "stacked_forward.bottom_layer_returned",
    ),
    # ----------------------------------------------------------------------------- stacked_backward
    Known(
        "stacked_backward", "The gradient of stacked_forward, from the top layer down.",
        "stacked_backward.bottom_layer_first",
    ),
    Known(
        "stacked_backward", "gradient of the loss with respect to the top layer's states",
        "stacked_backward.upstream_to_every_layer",
    ),
    Clause(
        "stacked_backward", "list of L arrays (N, H_l), from the bottom up like h0s",
        replace="dh0s.insert(0, dh0)", by="dh0s.append(dh0)",
    ),
    Known(
        "stacked_backward", "list of L arrays (N, H_l), from the bottom up like h0s",
        "stacked_backward.initial_gradients_zero",
    ),
    Clause(
        "stacked_backward", "list of L triples dWx, dWh, db, from the bottom up like layers",
        replace="dlayers.insert(0, (dWx, dWh, db))", by="dlayers.append((dWx, dWh, db))",
    ),
    Clause(
        "stacked_backward", "triples dWx, dWh, db",
        replace="(dWx, dWh, db))", by="(dWh, dWx, db))",
    ),
    # ------------------------------------------------------------------------- stacked_lstm_forward
    Clause(
        "stacked_lstm_forward",
        "The same stack with LSTM cells: only the hidden states travel from layer to layer.",
        replace="h, layer = lstm_forward(h, h0, Wx, Wh, b)",
        by="h, layer = lstm_forward(h, h0, Wx, Wh, b)\n"
        "        if len(cache) + 1 < len(layers):\n"
        "            h = np.stack([np.arctanh(step[-1]) for step in layer[2]], axis=1)",
    ),
    Known(
        "stacked_lstm_forward", "only the hidden states travel from layer to layer",
        "stacked_lstm_forward.layer_below_one_step_late",
    ),
    Clause(
        "stacked_lstm_forward", "The cell states stay inside their layer",
        replace="        cache.append(layer)",
        by="        cache.append(layer)\n    h = np.stack([step[-1] for step in layer[2]], axis=1)",
    ),
    Clause(
        "stacked_lstm_forward", "every one of them starts at zero",
        replace="        h, layer = lstm_forward(h, h0, Wx, Wh, b)",
        by="        from .lstm import lstm_step_forward\n"
        "        states, c = [], h0\n"
        "        for t in range(h.shape[1]):\n"
        "            h0, c, _ = lstm_step_forward(h[:, t], h0, c, Wx, Wh, b)\n"
        "            states.append(h0)\n"
        "        h, layer = np.stack(states, axis=1), None",
    ),
    Clause(
        "stacked_lstm_forward", "the inputs of the bottom layer",
        replace="h, cache = x, []", by="h, cache = np.tanh(x), []",
    ),
    Clause(
        "stacked_lstm_forward",
        "list of L arrays, from the bottom up: layer l's hidden state before the first step, (N, "
        "H_l)",
        replace="lstm_forward(h, h0, ", by="lstm_forward(h, h0[:1] + 0 * h0, ",
    ),
    Known(
        "stacked_lstm_forward", "layer l's hidden state before the first step",
        "stacked_lstm_forward.initial_states_ignored",
    ),
    Clause(
        "stacked_lstm_forward",
        "list of L triples, from the bottom up, blocks i f o g; layer l's are",
        replace="lstm_forward(h, h0, Wx, Wh, b)",
        by="lstm_forward(h, h0, np.roll(Wx, h0.shape[1], axis=1), Wh, b)",
    ),
    Clause(
        "stacked_lstm_forward", "list of L triples, from the bottom up, blocks i f o g",
        replace="lstm_forward(h, h0, Wx, Wh, b)",
        by="lstm_forward(h, h0, Wx, Wh, layers[0][2][:1] * 0 + b[::-1])",
    ),
    Clause(
        "stacked_lstm_forward", "the hidden states of the top layer",
        replace="    for h0, (Wx, Wh, b) in zip(h0s, layers, strict=True):",
        by="    for h0, (Wx, Wh, b) in zip(h0s[:1], layers[:1], strict=True):",
    ),
    # ------------------------------------------------------------------------ stacked_lstm_backward
    Known(
        "stacked_lstm_backward", "The gradient of stacked_lstm_forward.",
        "stacked_lstm_backward.bottom_layer_first",
    ),
    Clause(
        "stacked_lstm_backward", "gradient of the loss with respect to the top layer's states",
        replace="lstm_backward(dh, layer)",
        by="lstm_backward(dh * (np.arange(dh.shape[1]) == dh.shape[1] - 1)[:, None], layer)",
    ),
    Clause(
        "stacked_lstm_backward", "list of L arrays (N, H_l), from the bottom up like h0s",
        replace="dh0s.insert(0, dh0)", by="dh0s.append(dh0)",
    ),
    Known(
        "stacked_lstm_backward", "list of L triples dWx, dWh, db, from the bottom up like layers",
        "stacked_lstm_backward.gradients_from_the_top_down",
    ),
    Clause(
        "stacked_lstm_backward", "list of L triples dWx, dWh, db, from the bottom up like layers",
        replace="dlayers.insert(0, (dWx, dWh, db))", by="dlayers.append((dWx, dWh, db))",
    ),
    # ----------------------------------------------------------------------------- count_parameters
    NoInput("count_parameters", "How many numbers a stack has to learn.", "a title"),
    Known(
        "count_parameters", "Every layer has its own input-to-hidden weights",
        "count_parameters.weights_shared_by_layers",
    ),
    Clause(
        "count_parameters", "Every layer has its own input-to-hidden weights",
        replace="D * H + H * H + H", by="sizes[0] * H + H * H + H",
    ),
    Clause(
        "count_parameters", "hidden-to-hidden weights",
        replace="D * H + H * H + H", by="D * H + H",
    ),
    Known("count_parameters", "and one bias", "count_parameters.two_biases"),
    Known(
        "count_parameters",
        "Every layer has its own input-to-hidden weights, hidden-to-hidden weights and one bias, as "
        "long as its blocks together.",
        "count_parameters.bias_counted_once_for_all_blocks",
    ),
    Clause(
        "count_parameters",
        "list of L+1 whole numbers: the width of the input, then of every layer",
        replace="range(1, len(sizes))", by="range(1, max(len(sizes) - 1, 2))",
    ),
    Clause(
        "count_parameters",
        "list of L+1 whole numbers: the width of the input, then of every layer",
        replace="range(1, len(sizes))", by="range(1, min(len(sizes), 4))",
    ),
    Clause(
        "count_parameters", '"rnn", "gru" or "lstm": a cell with 1, 3 or 4 blocks of weights',
        replace='{"rnn": 1, "gru": 3, "lstm": 4}', by='{"rnn": 1, "gru": 4, "lstm": 3}',
    ),
    Clause(
        "count_parameters", '"rnn", "gru" or "lstm": a cell with 1, 3 or 4 blocks of weights',
        replace='{"rnn": 1, "gru"', by='{"rnn": 2, "gru"',
    ),
    Clause(
        "count_parameters", "a whole number",
        replace="blocks * (D * H + H * H + H)", by="blocks * (D * H + H * H + H) + 0.5",
    ),
)  # fmt: skip
