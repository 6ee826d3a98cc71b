"""Wrong versions of the LSTM lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "lstm_step_forward",
        replace="next_c = f * prev_c + i * g",
        by="next_c = f * prev_c + (1 - f) * g",
        truth="next_c weighs g with 1 - f instead of with the input gate i, which is never used",
    ),
    Version(
        "lstm_step_forward",
        replace="a_i, a_f, a_o, a_g = np.split(scores, 4, axis=1)\n    i = sigmoid(a_i)\n    f = sigmoid(a_f)\n    o = sigmoid(a_o)\n"
        "    g = np.tanh(a_g)\n    next_c = f * prev_c + i * g\n    squashed = np.tanh(next_c)",
        by="a_i, a_f, a_g, a_o = np.split(scores, 4, axis=1)\n    i = sigmoid(a_i)\n    f = sigmoid(a_f)\n    o = sigmoid(a_o)\n"
        "    g = np.tanh(a_g)\n    next_c = f * prev_c + i * g\n    squashed = next_c",
        truth="two mistakes: the blocks are taken in the order i f g o instead of i f o g, and next_h is o times next_c without the tanh",
    ),
    Version(
        "lstm_step_backward",
        replace="d_c = dnext_c + dnext_h * o * (1 - tc * tc)",
        by="d_c = dnext_c + dnext_h * o",
        truth="on the path from next_h to next_c the slope of the tanh, 1 - tanh(next_c)^2, is missing",
    ),
    Version(
        "lstm_step_backward",
        replace="da_i = d_i * i * (1 - i)",
        by="da_i = d_i * i * 1 - i",
        truth="the slope of the input gate's sigmoid lacks its brackets: i is subtracted from the product instead of multiplying by 1 - i",
    ),
    Version(
        "lstm_step_backward",
        replace="return dx, dprev_h, dprev_c, dWx, dWh, db",
        by="return dx, dprev_c, dprev_h, dWx, dWh, db",
        truth="dprev_h and dprev_c are returned in the wrong order",
    ),
    Version(
        "lstm_step_backward",
        replace='dWh = np.einsum("nh,nk->hk", cache["prev_h"], da)',
        by='dWh = np.einsum("nh,nk->hk", cache["next_h"], da)',
        truth="dWh asks the cache for next_h, which is not in it (a KeyError); the product is with prev_h",
    ),
    Version(
        "lstm_forward",
        replace="cell = np.zeros((N, H))",
        by="cell = h0.copy()",
        truth="the cell state starts at h0 where it should start at zero",
    ),
    Version(
        "lstm_forward",
        replace="hidden, cell, c = lstm_step_forward(x[:, t], hidden, cell, Wx, Wh, b)",
        by="new_hidden, cell, c = lstm_step_forward(x[:, t], hidden, cell, Wx, Wh, b)\n        hidden[:] = new_hidden",
        truth="the hidden state is overwritten in place, starting with the argument h0, so all time steps of h are the same array and show the last state",
    ),
    Version(
        "lstm_backward",
        replace="lstm_step_backward(back_h, back_c, cache[t])",
        by="lstm_step_backward(back_h, np.zeros((N, H)), cache[t])",
        truth="the gradient along the cell states is not passed on: every step gets zero for dnext_c",
    ),
    Version(
        "lstm_backward",
        replace="return dx, back_h, dWx, dWh, db",
        by="return dx, back_h + dh[:, 0], dWx, dWh, db",
        truth="dh[:, 0] is added once more to dh0, although h0 is not one of the outputs",
    ),
    Version(
        "init_lstm",
        replace="Wx = rng.normal(0.0, 1.0 / np.sqrt(D), size=(D, 4 * H))\n    Wh = rng.normal(0.0, 1.0 / np.sqrt(H), size=(H, 4 * H))",
        by="Wh = rng.normal(0.0, 1.0 / np.sqrt(H), size=(H, 4 * H))\n    Wx = rng.normal(0.0, 1.0 / np.sqrt(D), size=(D, 4 * H))",
        truth="Wh is drawn before Wx; Wx has to be drawn first",
    ),
    Version(
        "cell_gradient_path",
        replace="for t in range(T):",
        by="for t in range(1, T):",
        truth="the forget gate of the first step is left out of the product, which has to reach back to the state before the first step",
    ),
    Version(
        "cell_jacobian",
        replace="J[n, j, :] = (via_i + via_f + via_g) * dh_dc[n]",
        by="J[n, j, :] = (via_i + via_f + via_g) * dh_dc[n, j]",
        truth="dh_{t-1}/dc_{t-1} is taken at the unit j of the output, c_t, where it belongs to the unit k of c_{t-1}",
    ),
    Version(
        "cell_jacobian",
        replace="J[n, j, j] += f[n, j]",
        by="J[n, j] += f[n, j]",
        truth="the direct path f is added to the whole row of J instead of to its diagonal only",
    ),
    Version(
        "to_pytorch",
        replace="bias_ih = reorder(b, H)\n    bias_hh = np.zeros(4 * H)",
        by="bias_ih = reorder(b, H) / 2\n    bias_hh = reorder(b, H) / 2",
        truth="the bias is split evenly over bias_ih and bias_hh; bias_hh has to be all zero and bias_ih holds everything",
    ),
    Version(
        "lstm_forward",
        replace="cell = np.zeros((N, H))",
        by="cell = h0",
        truth="the cell state starts as h0 instead of as zeros",
    ),
    Version(
        "init_lstm",
        replace="b = np.zeros(4 * H)\n    b[H : 2 * H] = forget_bias",
        by="b = np.full(4 * H, forget_bias)",
        truth="forget_bias is put into all four blocks of b instead of the forget block only",
    ),
    Version(
        "cell_gradient_path",
        replace="path = path * f[:, t]\n    return path",
        by="path = path * f[:, t]",
        truth="the function ends without returning the path",
    ),
    Version(
        "cell_jacobian",
        replace="* dh_dc[n]\n",
        by="* dh_dc[n, j]\n",
        truth="the slope of prev_h by prev_c is taken at the output unit (the row of J) instead of at the unit of prev_c that is moved (the column)",
    ),
    Version(
        "lstm_step_backward",
        replace="d_c = dnext_c + dnext_h * o * (1 - tc * tc)\n    d_i = d_c * g\n    d_f = d_c * old_c",
        by="d_c = dnext_c + dnext_h * (1 - tc * tc)\n    d_i = d_c * g\n    d_f = d_c * new_c",
        truth="two mistakes: the factor o of the output gate is missing where dnext_h flows into the cell state, and the gradient of the forget gate is formed with next_c where prev_c belongs",
    ),
    Version(
        "init_lstm",
        replace="Wh = rng.normal(",
        by="Wh = np.random.normal(",
        truth="Wh is drawn from numpy's global generator instead of from rng",
    ),
)
