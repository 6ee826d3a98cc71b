"""Wrong versions of the lesson on training practice; not blind, for their author knows the reference."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "sequence_dropout_forward",
        replace="scale = 1.0 / (1.0 - p)",
        by="scale = 1.0",
        truth="what is kept is not divided by 1 - p",
    ),
    Version(
        "sequence_dropout_forward",
        replace="keep = np.where(u < p, 0.0, 1.0)",
        by="keep = np.where(u < 1 - p, 1.0, 0.0)",
        truth="a unit is kept where u is below 1 - p, instead of where u is at least p",
    ),
    Version(
        "sequence_dropout_forward",
        replace="if p < 0 or p >= 1:",
        by="if p < 0 or p > 1:",
        truth="p = 1 is not refused",
    ),
    Version(
        "sequence_dropout_backward",
        replace="dx = dout * mask",
        by="dx = dout * (mask != 0)",
        truth="the gradient is masked and not multiplied by 1 / (1 - p)",
    ),
    Version(
        "sequence_dropout_backward",
        replace="dx = dout * mask",
        by="dx = dout * mask * mask",
        truth="the mask is applied twice, so that the factor 1 / (1 - p) is squared",
    ),
    Version(
        "tied_rnnlm_loss",
        replace='"E": d_in + d_out',
        by='"E": d_in',
        truth="the gradient of the table as output weights is missing",
    ),
    Version(
        "tied_rnnlm_loss",
        replace='d_in = np.dot(g["U"], params["Wx"].T)',
        by='d_in = g["U"]',
        truth="the gradient of the rows that are read does not go back through Wx",
    ),
    Version(
        "tied_rnnlm_loss",
        replace='dWx = np.dot(table.T, g["U"])',
        by='dWx = np.dot(g["U"].T, table)',
        truth="dWx is transposed",
    ),
    Version(
        "tied_rnnlm_loss",
        replace='dWx = np.dot(table.T, g["U"])',
        by='dWx = np.dot(table.T, g["U"] + g["V"].T)',
        truth="dWx also counts the gradient of the table as output weights, which does not go through Wx",
    ),
    Version(
        "teacher_forcing_rate",
        replace="power = np.asarray(steps, dtype=float) / k",
        by="power = np.asarray(steps, dtype=float) * k",
        truth="the iteration is multiplied by k instead of being divided by it",
    ),
    Version(
        "teacher_forcing_rate",
        replace="rates = k * shrink / (k * shrink + 1.0)",
        by="rates = k * shrink / (shrink + 1.0)",
        truth="k is missing below the fraction bar, so that rates above 1 come out",
    ),
    Version(
        "scheduled_inputs",
        replace="if u[row, step] >= rate:",
        by="if u[row, step] < rate:",
        truth="the two sides of the coin are exchanged: a guess is read where the truth should be",
    ),
    Version(
        "scheduled_inputs",
        replace="x_now = np.eye(n_chars)[read[:, step]]",
        by="x_now = np.eye(n_chars)[ids[:, step]]",
        truth="the state always moves on with the true character, never with the guess that was read",
    ),
    Version(
        "scheduled_inputs",
        replace='scores = np.dot(state, params["Why"]) + params["by"]',
        by='scores = np.dot(state, params["Why"])',
        truth="the bias by is missing from the scores",
    ),
    Version(
        "scheduled_inputs",
        replace="state, _ = rnn_step_forward(x_now, state,",
        by="state, _ = rnn_step_forward(x_now, h0,",
        truth="every step starts from h0 instead of from the state of the step before",
    ),
    Version(
        "nucleus_probs",
        replace="if total >= p and p < 1:",
        by="if total + probs[row, j] > p and p < 1:",
        truth="the entry with which the total passes p is left out of the nucleus, and a first entry above p leaves nothing",
    ),
    Version(
        "nucleus_probs",
        replace="out[row] = out[row] / np.sum(out[row])",
        by="out[row] = out[row] / p",
        truth="the nucleus is divided by p instead of by its own total",
    ),
    Version(
        "nucleus_probs",
        replace='order = np.argsort(-probs[row], kind="stable")',
        by='order = np.argsort(probs[row], kind="stable")[::-1]',
        truth="among equal scores the higher index goes first",
    ),
    Version(
        "nucleus_probs",
        replace='order = np.argsort(-probs[row], kind="stable")',
        by="order = range(probs.shape[1])",
        truth="the entries are not sorted by probability before they are added up",
    ),
)
