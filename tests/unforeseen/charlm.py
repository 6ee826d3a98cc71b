"""Wrong versions of the character model lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "one_hot",
        replace="if np.any(ids < 0) or np.any(ids >= V):",
        by="if np.any(ids < 0) or np.any(ids > V):",
        truth="an id that equals V is not refused with a ValueError: only ids above V are",
    ),
    Version(
        "one_hot",
        replace="return rows.reshape(ids.shape + (V,))",
        by="return rows.reshape(ids.shape[0], -1, V)",
        truth="x has three axes always, as if ids were (N, T), where it should have the axes of ids and one more",
    ),
    Version(
        "bigram_log_probs",
        replace="np.log(counts[i, j] / followed)",
        by="np.log(counts[i, j] / np.sum(np.asarray(ids) == i))",
        truth="the counts are divided by how often i occurs in the text, where n(i), how often something follows it, belongs; for the last character of the text these differ",
    ),
    Version(
        "charlm_loss",
        replace="hT = hs[:, -1].copy()",
        by="hT = hs[-1].copy()",
        truth="hT is the sequence of all states of the last row of the batch, where the last state of every row is asked for: the index is on the wrong axis",
    ),
    Version(
        "charlm_loss",
        replace="loss, dscores = temporal_softmax_loss(scores, targets, everywhere)",
        by="loss, dscores = temporal_softmax_loss(scores, targets, everywhere)\n    loss = loss / targets.shape[1]",
        truth="the loss is averaged over time too, where it should be summed over time and averaged over the batch only",
    ),
    Version(
        "charlm_loss",
        replace="_, _, dWx, dWh, db = rnn_backward(dhs, rnn_cache)",
        by="_, dWx, dWh, db = rnn_backward(dhs, rnn_cache)",
        truth="what rnn_backward returns is unpacked into four values, and it returns five: dx, dh0, dWx, dWh, db",
    ),
    Version(
        "next_probs",
        replace='chosen = np.argsort(-logits[n], kind="stable")[:k]',
        by="chosen = np.flatnonzero(logits[n] >= np.sort(logits[n])[-k])",
        truth="all scores that equal the top_k-th largest take part, so with ties more than top_k entries have a probability; among equal scores only those of lower index should",
    ),
    Version(
        "next_probs",
        replace="""        scaled = logits[n, chosen] / temperature
        powers = np.exp(scaled - scaled.max())
        probs[n, chosen] = powers / powers.sum()
""",
        by="""        scaled = logits[n, chosen] * temperature
        powers = np.exp(scaled)
        probs[n, chosen] = powers / powers.sum()
""",
        truth="two mistakes: the scores are multiplied by the temperature where they should be divided by it, and the largest is not subtracted before the exp, which overflows",
    ),
    Version(
        "sample",
        replace="ids[t] = drawn",
        by="ids[t] = current",
        truth="the ids hold the characters that were read, so first_id stands at the front and the last one drawn is missing",
    ),
    Version(
        "bits_per_char",
        replace="nats_each = np.sum(total_nats) / np.sum(chars)",
        by="nats_each = np.mean(np.asarray(total_nats) / np.asarray(chars))",
        truth="the average of each batch is taken first and these are averaged, so a short batch weighs as much as a long one; the average must be over all characters together",
    ),
    Version(
        "bigram_log_probs",
        replace="""    for t in range(len(ids) - 1):
        counts[ids[t], ids[t + 1]] += 1
""",
        by="""    for t in range(len(ids)):
        counts[ids[t - 1], ids[t]] += 1
""",
        truth="the last character of the text is counted as if the first one came after it (the index -1 wraps around)",
    ),
    Version(
        "bigram_log_probs",
        replace="log_probs[i] = -np.log(V)",
        by="log_probs[i] = 1 / V",
        truth="an i that nothing ever follows gets the probability 1/V where its logarithm, -ln V, is asked for",
    ),
    Version(
        "next_probs",
        replace="if temperature <= 0:",
        by="if temperature < 0:",
        truth="a temperature of exactly 0 is not refused with a ValueError",
    ),
    Version(
        "sample",
        replace='state, _ = rnn_step_forward(x, state, params["Wx"], params["Wh"], params["b"])',
        by='state, _ = rnn_step_forward(x, h0, params["Wx"], params["Wh"], params["b"])',
        truth="every step starts from h0 again, so the state does not move on from one character to the next",
    ),
    Version(
        "one_hot",
        replace="np.any(ids < 0) or np.any(ids >= V)",
        by="np.any(ids >= V)",
        truth="negative ids are not refused: they silently count from the end of the row",
    ),
    Version(
        "bigram_log_probs",
        replace="followed = counts[i].sum()",
        by="followed = counts[:, i].sum()",
        truth="the counts are divided by how often the first character occurs as a follower (the sum of its column) instead of by how often it is followed (the sum of its row)",
    ),
    Version(
        "next_probs",
        replace="np.exp(scaled - scaled.max())",
        by="np.exp(scaled)",
        truth="the exponential is not shifted by the largest score, so it overflows when the temperature is low",
    ),
    Version(
        "bits_per_char",
        replace="return nats_each / np.log(2)",
        by="return np.log2(nats_each)",
        truth="the logarithm to base 2 of the nats per character is taken, where nats are turned into bits by dividing by log 2",
    ),
    Version(
        "next_probs",
        replace='np.argsort(-logits[n], kind="stable")[:k]',
        by='np.argsort(logits[n], kind="stable")[::-1][:k]',
        truth="among characters with equal scores top_k keeps those with the highest numbers instead of the lowest",
    ),
)
