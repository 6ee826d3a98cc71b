"""Wrong versions of the lesson on reading both ways; not blind, for their author knows the reference."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "reverse_ragged",
        replace="out[row, :n] = x[row, :n][::-1]",
        by="out[row, :n] = x[row, -n:][::-1]",
        truth="the last n steps of the padded row are taken, which are padding where the row is short, instead of its first n steps",
    ),
    Version(
        "reverse_ragged",
        replace="out[row, :n] = x[row, :n][::-1]",
        by="out[row, x.shape[1] - n:] = x[row, :n][::-1]",
        truth="the reversed steps are put at the end of the row, behind the padding, instead of at its start",
    ),
    Version(
        "reverse_ragged",
        replace="n = int(lengths[row])",
        by="n = int(lengths[row]) - 1",
        truth="the last real step is left out: only length - 1 steps are reversed",
    ),
    Version(
        "bidirectional_forward",
        replace="states_l, cache_l = rnn_forward(flipped, start,",
        by="states_l, cache_l = rnn_forward(flipped, states_r[:, -1],",
        truth="the second reading starts from the last state of the first, padding included, instead of from zeros",
    ),
    Version(
        "bidirectional_forward",
        replace="first = clear_padding(states_r, lengths)",
        by="first = states_r",
        truth="the states of the first reading are not set to zero at padded steps",
    ),
    Version(
        "bidirectional_forward",
        replace="second = reverse_ragged(states_l, lengths)",
        by="second = clear_padding(states_l, lengths)",
        truth="the states of the second reading are not put back into the order of the words",
    ),
    Version(
        "bidirectional_forward",
        replace="np.concatenate([first, second], axis=-1)",
        by="np.stack([first, second], axis=-1).reshape(*first.shape[:2], -1)",
        truth="the two states are interleaved, unit by unit, instead of being laid side by side",
    ),
    Version(
        "bidirectional_backward",
        replace="dfirst = clear_padding(dh[:, :, :n_units], lengths)",
        by="dfirst = dh[:, :, :n_units]",
        truth="the gradient at padded steps is not cleared for the first reading, although h is 0 there",
    ),
    Version(
        "bidirectional_backward",
        replace="dx = dx_r + reverse_ragged(dx_l, lengths)",
        by="dx = np.concatenate([dx_r, reverse_ragged(dx_l, lengths)], axis=-1)[:, :, : dx_r.shape[2]]",
        truth="the share of dx from the second reading is lost: only that of the first is returned",
    ),
    Version(
        "bidirectional_backward",
        replace="dsecond = reverse_ragged(dh[:, :, n_units:], lengths)",
        by="dsecond = dh[:, ::-1, n_units:]",
        truth="the second half of dh is reversed as a whole padded row, so that short rows get the gradients of padded steps",
    ),
    Version(
        "bidirectional_backward",
        replace="return dx, (dWx_r, dWh_r, db_r), (dWx_l, dWh_l, db_l)",
        by="return dx, (dWx_l, dWh_l, db_l), (dWx_r, dWh_r, db_r)",
        truth="the two triples of gradients are returned in the wrong order",
    ),
)
