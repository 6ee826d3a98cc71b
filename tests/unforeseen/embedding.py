"""Wrong versions of the embedding lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "word_embedding_forward",
        replace="out[n, t] = W[x[n, t]]",
        by="out[n, t] = W[x[n, t] - 1]",
        truth="words are taken to be numbered from 1, so out[n, t] is the row before that of word x[n, t]",
    ),
    Version(
        "word_embedding_backward",
        replace="    for n in range(N):\n",
        by='    for n in range(N):\n        dW = np.zeros(cache["table_shape"])\n',
        truth="dW is set back to zero for every row of the batch, so only the gradients of the last row are left in it",
    ),
    Version(
        "cooccurrence",
        replace="if t == s:",
        by="if ids[t] == ids[s]:",
        truth="pairs of equal words are skipped where only the position itself (s = t) should be, so a word near another copy of itself is missing from the diagonal of C",
    ),
    Version(
        "cooccurrence",
        replace="first = max(0, s - window)",
        by="first = s - window",
        truth="the window is not cut off at the start of the text: negative positions wrap around to the end of ids, and words there are counted as near",
    ),
    Version(
        "bigram_lm_loss",
        replace="""    dscores = dscores / N
    grads = {}
    grads["W2"] = hidden.T @ dscores
    grads["b2"] = dscores.sum(axis=0)
    dhidden = dscores @ W2.T
    dpre = dhidden * (1 - hidden**2)
    grads["W1"] = vecs.T @ dpre
    grads["b1"] = dpre.sum(axis=0)
    dvecs = dpre @ W1.T
    dE = np.zeros_like(E)
    np.add.at(dE, words, dvecs)
""",
        by="""    grads = {}
    grads["W2"] = hidden.T @ dscores
    grads["b2"] = dscores.sum(axis=0)
    dhidden = dscores @ W2.T
    dpre = dhidden * (1 - hidden**2)
    grads["W1"] = vecs.T @ dpre
    grads["b1"] = dpre.sum(axis=0)
    dvecs = dpre @ W1.T
    dE = np.zeros_like(E)
    dE[words] += dvecs
""",
        truth="two mistakes: the gradients are not divided by N although the loss is the mean over the N pairs, and in dE a word that occurs several times among words keeps only one of its gradients",
    ),
    Version(
        "skipgram_softmax_loss",
        replace="""    for word in outside:
        dscore[word] -= 1.0
""",
        by="""    dscore[outside] -= 1.0
""",
        truth="in the gradient a word that stands several times in outside is subtracted only once",
    ),
    Version(
        "skipgram_softmax_loss",
        replace="dcenters[center] = outsides.T @ dscore",
        by="dcenters[center] = centers.T @ dscore",
        truth="the gradient of the centre word's vector is summed over the rows of centers where the rows of outsides belong",
    ),
    Version(
        "skipgram_negative_loss",
        replace="push = logistic(score)",
        by="push = logistic(-score)",
        truth="the gradient of -log sigma(-u_k . v) for the negatives is formed with sigma(-u_k . v) where sigma(u_k . v) belongs",
    ),
    Version(
        "analogy",
        replace="wanted = unit[b] - unit[a] + unit[c]",
        by="wanted = unit[a] - unit[b] + unit[c]",
        truth="the vectors of a and b are swapped: the query is a - b + c where b - a + c belongs",
    ),
    Version(
        "init_embedding",
        replace="E = np.array(vectors, dtype=float)",
        by="E = np.asarray(vectors, dtype=float)",
        truth="E is not a new array: the unknown rows are filled into the argument vectors itself",
    ),
    Version(
        "init_embedding",
        replace="E[~known] = rng.normal(0.0, spread, size=(how_many, D))",
        by="E[~known] = np.random.normal(0.0, spread, size=(how_many, D))",
        truth="the unknown rows are drawn from numpy's global np.random and not from the rng that was given",
    ),
    Version(
        "nearest",
        replace='best_first = np.argsort(-cosines, kind="stable")',
        by='best_first = np.argsort(cosines, kind="stable")[::-1]',
        truth="of two equal cosines the larger id comes first: the rising order is reversed as a whole, the ties with it",
    ),
    Version(
        "rnnlm_loss",
        replace="dW += states[:, t].T @ da",
        by="dW += s.T @ da",
        truth="dW is formed with the new state s_t where the state of the step before, s_{t-1}, belongs",
    ),
    Version(
        "word_embedding_backward",
        replace="dW[words[n, t]] += dout[n, t]",
        by="dW[words[n, t]] += dout[n, t] / N",
        truth="dW is divided by the batch size N: dout is the gradient of the loss already, and a table's gradient is a plain sum over the positions",
    ),
    Version(
        "cooccurrence",
        replace="for t in range(first, last + 1):",
        by="for t in range(first, last):",
        truth="the farthest neighbour on the right is left out of each window (the range ends one position too early), so C is not symmetric",
    ),
    Version(
        "bigram_lm_loss",
        replace="dpre = dhidden * (1 - hidden**2)",
        by="dpre = dhidden * (1 - np.tanh(hidden) ** 2)",
        truth="the derivative of the tanh is taken at s, which is the tanh's output already, so tanh is applied twice; it should be 1 - s^2",
    ),
    Version(
        "skipgram_softmax_loss",
        replace="dscore = J * np.exp(logp)",
        by="dscore = np.exp(logp)",
        truth="the softmax's part of the gradient of the scores is counted once and not J times, once for each of the words in outside",
    ),
    Version(
        "skipgram_negative_loss",
        replace="doutsides[k] += push * v",
        by="doutsides[k] = push * v",
        truth="doutsides is overwritten and not added to for the negatives, so a word drawn twice counts only once there",
    ),
    Version(
        "nearest",
        replace="cosines = unit_rows(E) @ (query / np.linalg.norm(query))",
        by="cosines = E @ (query / np.linalg.norm(query))",
        truth="the rows of E are not divided by their lengths, so words are ordered by the product with the query and not by the cosine, and long vectors win",
    ),
    Version(
        "rnnlm_loss",
        replace="np.add.at(dU, read[:, t], da)",
        by="np.add.at(dU, asked[:, t], da)",
        truth="the gradient of U goes to the rows of the words that are predicted, not of the words that are read",
    ),
    Version(
        "cooccurrence",
        replace="range(first, last + 1)",
        by="range(first, last)",
        truth="the window is one word too short on the right-hand side",
    ),
    Version(
        "bigram_lm_loss",
        replace="dpre = dhidden * (1 - hidden**2)",
        by="dpre = dhidden * hidden * (1 - hidden)",
        truth="the hidden layer is a tanh, but the derivative of the logistic function is used for it",
    ),
    Version(
        "nearest",
        replace='unit_rows(E) @ (query / np.linalg.norm(query))\n    best_first = np.argsort(-cosines, kind="stable")',
        by='E @ query\n    best_first = np.argsort(cosines, kind="stable")',
        truth="two mistakes: the rows of E are not divided by their lengths, so it is no cosine, and the order is from the least similar upwards",
    ),
    # The four below come from the author of the problems, written before anything was said to them.
    Version(
        "compose",
        replace="patterns[n] += table[p]",
        by="patterns[n] = table[p]",
        truth="the pattern is overwritten and not added to, so only the row of a thing's last part is left",
    ),
    Version(
        "compose",
        replace="np.flatnonzero(present[n])",
        by="present[n].astype(int)",
        truth="the booleans are taken for the numbers of rows, so row 1 is added for each part that is present and row 0 for each that is absent",
    ),
    Version(
        "concepts_expressible",
        replace="units = int(choices.sum())",
        by="units = len(choices)",
        truth="the number of properties is taken for the number of units, which is the sum of choices; both numbers of local are wrong",
    ),
    Version(
        "concepts_expressible",
        replace="pairs *= int(values) * (int(values) + 1) // 2",
        by="pairs *= int(values) * (int(values) - 1) // 2",
        truth="in each property only pairs of different values are counted, so pairs of things that share a value are missing",
    ),
)
