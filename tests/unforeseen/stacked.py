"""Wrong versions of the lesson on depth, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "stacked_forward",
        replace="for l in range(len(layers)):",
        by="for l in range(2):",
        truth="the number of layers is fixed at two instead of being the length of layers",
    ),
    Version(
        "stacked_forward",
        replace="cache.append(layer_cache)",
        by="cache.append(layer_cache)\n        if l < len(layers) - 1:\n"
        "            below = np.concatenate([np.zeros_like(below[:, :1]), below[:, :-1]], axis=1)",
        truth="a layer reads what the layer below said one time step earlier, instead of at the same time step",
    ),
    Version(
        "stacked_backward",
        replace="dh0s[l] = dh0",
        by="dh0s[n_layers - 1 - l] = dh0",
        truth="dh0s is listed from the top down where it should go from the bottom up like h0s",
    ),
    Version(
        "stacked_backward",
        replace="dlayers[l] = (dWx, dWh, db)",
        by="dlayers[l] = (dWh, dWx, db)",
        truth="the triples in dlayers have dWh before dWx; they should be dWx, dWh, db",
    ),
    Version(
        "stacked_lstm_forward",
        replace="lstm_forward(seq, start, *weights)",
        by="lstm_forward(seq, np.zeros_like(start), *weights)",
        truth="the hidden states start at zero in every layer and h0s is ignored; only the cell states start at zero",
    ),
    Version(
        "stacked_lstm_backward",
        replace="dh0s.insert(0, result[1])",
        by="dh0s.insert(0, result[0][:, 0])",
        truth="for dh0s, the gradient of a layer's first input is taken where the gradient of its first hidden state h0 belongs",
    ),
    Version(
        "stacked_lstm_backward",
        replace="sorted(cache, reverse=True)",
        by="sorted(cache)",
        truth="the layers are gone through from the bottom up where the gradient has to start at the top",
    ),
    Version(
        "count_parameters",
        replace="count += blocks * (below * width + width * width + width)",
        by="count += blocks * (below * width + width * width) + width",
        truth="the bias is counted once per layer, of length H, instead of being as long as all blocks together",
    ),
    Version(
        "stacked_forward",
        replace="rnn_forward(below, h0s[l], Wx, Wh, b)",
        by="rnn_forward(below, h0s[0], Wx, Wh, b)",
        truth="every layer starts from the first layer's initial state h0s[0] instead of its own",
    ),
    Version(
        "stacked_backward",
        replace="dlayers[l] = (dWx, dWh, db)",
        by="dlayers[n_layers - 1 - l] = (dWx, dWh, db)",
        truth="the weight gradients of the layers are handed back top layer first, they should be in the order of layers, from the bottom",
    ),
    Version(
        "count_parameters",
        replace="blocks * (below * width + width * width + width)",
        by="blocks * (below * width + width * width) + width",
        truth="the bias is counted once for each layer instead of once for each block of gates",
    ),
)
