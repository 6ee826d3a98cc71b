"""Wrong ideas about depth."""

from autograder.problem import Misconception

DELAYED = "np.concatenate([np.zeros_like(h[:, :1]), h[:, :-1]], axis=1)"

MISCONCEPTIONS = (
    Misconception(
        "stacked_forward", "layer_below_one_step_late",
        replace="h, layer = rnn_forward(h, h0, Wx, Wh, b)", by=f"h, layer = rnn_forward({DELAYED} if cache else h, h0, Wx, Wh, b)",
        idea="a layer reads what the layer below said at the step before",
        hints=("Draw the arrow into layer 2 at time t: where does it start?", "With one layer you are right.", "Up goes at the same time step; only sideways goes in time."),
        source="docs/misconceptions.md 9",
    ),
    Misconception(
        "stacked_forward", "states_reversed",
        replace="zip(h0s, layers, strict=True)", by="zip(h0s[::-1], layers, strict=True)",
        idea="the initial states are handed to the layers from the top down",
        hints=("Which layer does the first initial state belong to?", "When all layers are equally wide, your shapes hide it.", "Both lists go from the bottom up."),
        source="own",
    ),
    Misconception(
        "stacked_forward", "initial_states_ignored",
        replace="rnn_forward(h, h0, Wx", by="rnn_forward(h, np.zeros_like(h0), Wx",
        idea="every layer starts from zeros",
        hints=("Change h0s: does anything change?", "One of your arguments is unused.", "Each layer starts from its own state."),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "stacked_forward", "only_first_layer_has_its_state",
        replace="rnn_forward(h, h0, Wx", by="rnn_forward(h, np.zeros_like(h0) if cache else h0, Wx",
        idea="only the first layer starts from its state",
        hints=("How many initial states are you given?", "With one layer you are right.", "Each layer starts from its own state."),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "stacked_forward", "every_layer_reads_x",
        replace="rnn_forward(h, h0, Wx", by="rnn_forward(x, h0, Wx",
        idea="the upper layers read the input instead of the layer below",
        hints=("What does layer 2 read?", "With one layer you are right.", "Only the bottom layer sees x."),
        source="docs/misconceptions.md 9",
    ),
    Misconception(
        "stacked_forward", "one_set_of_weights",
        replace="zip(h0s, layers, strict=True)", by="zip(h0s, layers[:1] * len(layers), strict=True)",
        idea="all layers use the weights of the first",
        hints=("How many distinct matrices does a 2-layer net own?", "Only with layers of one width does this run at all, and only with one layer is it right.", "Every layer has a triple of its own."),
        source="docs/misconceptions.md 10",
    ),
    Misconception(
        "stacked_forward", "squashed_between_layers",
        replace="        cache.append(layer)\n", by="        h = np.tanh(h) if len(cache) < len(layers) - 1 else h\n        cache.append(layer)\n",
        idea="the states are squashed once more on the way up",
        hints=("What happens to a state between two layers?", "With one layer you are right.", "What a layer says is already a tanh."),
        source="own",
    ),
    Misconception(
        "stacked_forward", "bottom_layer_returned",
        replace="    h, cache = x, []\n    for h0, (Wx, Wh, b) in zip(h0s, layers, strict=True):\n        h, layer = rnn_forward(h, h0, Wx, Wh, b)\n        cache.append(layer)\n", by="    h, cache = x, []\n    for h0, (Wx, Wh, b) in zip(h0s, layers, strict=True):\n        h, layer = rnn_forward(h, h0, Wx, Wh, b)\n        cache.append(layer)\n        first = h if len(cache) == 1 else first\n    h = first\n",
        idea="the states of the bottom layer are returned",
        hints=("How wide should the output be?", "Which layer's states does the loss see?", "The top one."),
        source="own",
    ),
    # ----------------------------------------------------------------------------- stacked_backward
    Misconception(
        "stacked_backward", "bottom_layer_first",
        replace="for layer in reversed(cache):", by="for layer in cache:",
        idea="the layers are undone from the bottom up",
        hints=("Which layer produced what the loss saw?", "With one layer you are right.", "The last layer applied is the first undone."),
        source="docs/misconceptions.md 27",
    ),
    Misconception(
        "stacked_backward", "upstream_to_every_layer",
        replace="        dh, dh0, dWx, dWh, db = rnn_backward(dh, layer)\n", by="        upstream = dh\n        dh, dh0, dWx, dWh, db = rnn_backward(dh, layer)\n        dh = dh + upstream\n",
        idea="the upstream gradient is added again in front of every layer, as if there were residual connections",
        hints=("Which layers' states does the loss see directly?", "Let the layers have different widths: what are you adding to what?", "Between layers there is only one way."),
        source="own",
    ),
    Misconception(
        "stacked_backward", "gradients_from_the_top_down",
        replace="        dh0s.insert(0, dh0)\n        dlayers.insert(0, (dWx, dWh, db))", by="        dh0s.append(dh0)\n        dlayers.append((dWx, dWh, db))",
        idea="the lists of gradients go from the top down",
        hints=("Which layer should come first in your lists?", "Your gradients are right, in the wrong places.", "The same order as `layers`."),
        source="own",
    ),
    Misconception(
        "stacked_backward", "last_hidden_only",
        replace="rnn_backward(dh, layer)", by="rnn_backward(dh * (np.arange(dh.shape[1]) == dh.shape[1] - 1)[:, None], layer)",
        idea="only the last time step's gradient goes down to the layer below",
        hints=("At how many steps does a layer hand something up?", "With T = 1 you are right.", "All of them come back."),
        source="docs/misconceptions.md 24",
    ),
    Misconception(
        "stacked_backward", "initial_gradients_zero",
        replace="dh0s.insert(0, dh0)", by="dh0s.insert(0, np.zeros_like(dh0))",
        idea="the initial states get no gradient",
        hints=("Who receives the gradient that leaves step 0?", "All your weight gradients are right.", "Each layer's backward pass returns it."),
        source="docs/misconceptions.md 30",
    ),
    # ---------------------------------------------------------------------------------- LSTM stacks
    Misconception(
        "stacked_lstm_forward", "layer_below_one_step_late",
        replace="h, layer = lstm_forward(h, h0, Wx, Wh, b)", by=f"h, layer = lstm_forward({DELAYED} if cache else h, h0, Wx, Wh, b)",
        idea="a layer reads what the layer below said at the step before",
        hints=("Draw the arrow into layer 2 at time t: where does it start?", "With one layer you are right.", "Up goes at the same time step."),
        source="docs/misconceptions.md 9",
    ),
    Misconception(
        "stacked_lstm_forward", "initial_states_ignored",
        replace="lstm_forward(h, h0, Wx", by="lstm_forward(h, np.zeros_like(h0), Wx",
        idea="every layer starts from zeros",
        hints=("Which of an LSTM's two states starts at zero here?", "One of your arguments is unused.", "Each layer's hidden state starts from its own h0."),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "stacked_lstm_backward", "bottom_layer_first",
        replace="for layer in reversed(cache):", by="for layer in cache:",
        idea="the layers are undone from the bottom up",
        hints=("Which layer produced what the loss saw?", "With one layer you are right.", "The last layer applied is the first undone."),
        source="docs/misconceptions.md 27",
    ),
    Misconception(
        "stacked_lstm_backward", "gradients_from_the_top_down",
        replace="        dh0s.insert(0, dh0)\n        dlayers.insert(0, (dWx, dWh, db))", by="        dh0s.append(dh0)\n        dlayers.append((dWx, dWh, db))",
        idea="the lists of gradients go from the top down",
        hints=("Which layer should come first in your lists?", "Your gradients are right, in the wrong places.", "The same order as `layers`."),
        source="own",
    ),
    # ----------------------------------------------------------------------------- count_parameters
    Misconception(
        "count_parameters", "weights_shared_by_layers",
        replace="count += blocks * (D * H + H * H + H)", by="count = blocks * (sizes[0] * sizes[1] + sizes[1] ** 2 + sizes[1])",
        idea="all layers share one set of weights",
        hints=("How many distinct matrices does a 2-layer net own?", "With one layer you are right.", "Every layer has its own."),
        source="docs/misconceptions.md 10",
    ),
    Misconception(
        "count_parameters", "two_biases",
        replace="D * H + H * H + H)", by="D * H + H * H + 2 * H)",
        idea="two biases are counted, as PyTorch has them",
        hints=("How many biases does one of our cells add?", "You are too high by a little in every layer.", "One bias a layer."),
        source="docs/misconceptions.md 61",
    ),
    Misconception(
        "count_parameters", "no_bias",
        replace="D * H + H * H + H)", by="D * H + H * H)",
        idea="the biases are not counted",
        hints=("What is added besides the two products?", "You are too low by a little in every layer.", "Biases are learned too."),
        source="own",
    ),
    Misconception(
        "count_parameters", "bias_counted_once_for_all_blocks",
        replace="blocks * (D * H + H * H + H)", by="blocks * (D * H + H * H) + H",
        idea="the blocks share one bias",
        hints=("How long is b of an LSTM?", "For the vanilla RNN you are right.", "Each block has its own."),
        source="own",
    ),
)  # fmt: skip
