"""Wrong versions of the RNN lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "rnn_step_forward",
        replace="from_state = np.dot(prev_h, Wh)",
        by="from_state = np.dot(prev_h, Wh.T)",
        truth="prev_h is multiplied by the transpose of Wh instead of by Wh",
    ),
    Version(
        "rnn_step_forward",
        replace="pre = from_input + from_state + b\n    next_h = np.tanh(pre)",
        by="pre = from_input + from_state\n    next_h = np.tanh(pre) + b",
        truth="the bias b is added after the tanh, where it belongs inside it",
    ),
    Version(
        "rnn_step_backward",
        replace="slope = 1.0 - new**2",
        by="slope = 1.0 - np.tanh(new) ** 2",
        truth="next_h already is the tanh; for the slope, the tanh is taken of it a second time",
    ),
    Version(
        "rnn_step_backward",
        replace="dWh = np.dot(old.T, dpre)\n    db = dpre.sum(axis=0)",
        by="dWh = np.dot(new.T, dpre)\n    db = dpre.mean(axis=0)",
        truth="two mistakes: dWh is formed with next_h where prev_h belongs, and db is the mean over the batch instead of the sum",
    ),
    Version(
        "rnn_forward",
        replace="rnn_step_forward(x_now, state, Wx, Wh, b)",
        by="rnn_step_forward(x_now, h0, Wx, Wh, b)",
        truth="every step starts from h0: the state of the step before is not passed on",
    ),
    Version(
        "rnn_forward",
        replace="state, step_cache = rnn_step_forward(x_now, state, Wx, Wh, b)\n        h[:, step, :] = state",
        by="h[:, step, :] = state\n        state, step_cache = rnn_step_forward(x_now, state, Wx, Wh, b)",
        truth="h is one step late: h[:, t] holds the state before step t, so h0 comes first and the last state is missing",
    ),
    Version(
        "rnn_backward",
        replace="total = dh[:, step, :] + from_later",
        by="total = dh[:, step, :] if step == n_steps - 1 else from_later",
        truth="dh enters at the last step only; the gradients dh[:, t] of the earlier states as outputs are forgotten",
    ),
    Version(
        "rnn_backward",
        replace="dWh += dWh_now",
        by="dWh = dWh_now",
        truth="dWh is not summed over time: each step overwrites it, and only the first step's share is left",
    ),
    Version(
        "rnn_backward_truncated",
        replace="if step % k == 0 and step > 0:",
        by="if (step + 1) % k == 0:",
        truth="the cut is one step too late in time: the gradient is dropped between the last two steps of a chunk and not at the border from step k to step k-1",
    ),
    Version(
        "rnn_backward_truncated",
        replace="if step % k == 0 and step > 0:\n            carry = np.zeros((n_rows, n_units))",
        by="if n_steps - step == k:\n            break",
        truth="the backward pass stops after the last k steps, so all earlier chunks contribute nothing to dx, dWx, dWh and db, and dh0 is wrong",
    ),
    Version(
        "rnn_backward_truncated",
        replace="if step % k == 0 and step > 0:",
        by="if step % k == 0:",
        truth="the gradient is also dropped before step 0, so dh0 is always zero; the start of the first chunk is not a border",
    ),
    Version(
        "last_hidden",
        replace="last = int(lengths[row]) - 1",
        by="last = int(lengths[0]) - 1",
        truth="the length of the first row is used for all rows",
    ),
    Version(
        "last_hidden_backward",
        replace='dh = np.zeros(cache["shape"])',
        by="dh = np.zeros_like(dout)",
        truth="dh is made in the shape of dout, (N, H), where it must have the shape of h, (N, T, H); this crashes",
    ),
    Version(
        "rnn_step_forward",
        replace="np.dot(prev_h, Wh)",
        by="np.dot(Wh, prev_h.T).T",
        truth="prev_h is multiplied by the transpose of Wh instead of by Wh: the row-vector convention is prev_h Wh",
    ),
    Version(
        "rnn_backward",
        replace="dh0 = from_later",
        by="dh0 = total",
        truth="dh0 is the gradient of the first state h_1 and has not gone back through the first step to h0",
    ),
    Version(
        "rnn_backward_truncated",
        replace="if step % k == 0 and step > 0:",
        by="if (n_steps - step) % k == 0 and step > 0:",
        truth="the chunks of k steps are counted from the end of the sequence instead of from its start, so the cuts are in the wrong places when k does not divide T",
    ),
    Version(
        "last_hidden",
        replace="int(lengths[row]) - 1",
        by="int(lengths[row])",
        truth="the state is taken one step too late: the last real step of a row has index length - 1, and a row of full length runs out of the array",
    ),
)
