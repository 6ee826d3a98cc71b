"""Wrong versions of the attention lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "masked_softmax",
        replace="powers = np.exp(picked - picked.max())",
        by="powers = np.exp(picked - e[n].max())",
        truth="the maximum that is subtracted is taken over the padded positions too: a large score there makes every exp underflow to 0",
    ),
    Version(
        "masked_softmax",
        replace="if not mask.any(axis=1).all():",
        by="if not mask.any(axis=0).all():",
        truth="the check for a word runs over the wrong axis: a ValueError is raised where a position is padding in all rows, and a row without any word is not what it looks for",
    ),
    Version(
        "masked_softmax_backward",
        replace="row_sums = weighted.sum(axis=1, keepdims=True)",
        by="row_sums = da.sum(axis=1, keepdims=True)",
        truth="the sum over the row is that of da alone, where each da_j has to be weighted with a_j",
    ),
    Version(
        "additive_attention_forward",
        replace='context = np.einsum("nt,nte->ne", weights, h)',
        by='context = np.einsum("nt,nte->ne", e, h)',
        truth="the context is summed with the scores e where the attention weights a belong",
    ),
    Version(
        "additive_attention_forward",
        replace="hidden[:, i] = np.tanh(query + h[:, i] @ U)",
        by="hidden[:, i] = query + np.tanh(h[:, i] @ U)",
        truth="the tanh is taken of h_i U alone; the query s W is added outside of it",
    ),
    Version(
        "additive_attention_backward",
        replace="dpre = dhidden * (1 - hidden**2)",
        by="dpre = dhidden * hidden * (1 - hidden)",
        truth="the derivative of a sigmoid is used for the hidden units of the alignment network, which are tanh units",
    ),
    Version(
        "additive_attention_backward",
        replace='dU = np.einsum("nte,nta->ea", h, dpre)',
        by="dU = h.T @ dpre",
        truth="dU is a plain matrix product of the transposed h, which has three axes, with a three-dimensional gradient; the sum over batch and positions is missing and the shapes do not fit",
    ),
    Version(
        "additive_attention_backward",
        replace="""    dquery = dpre.sum(axis=1)
    ds = dquery @ W.T
    dW = s.T @ dquery
    dU = np.einsum("nte,nta->ea", h, dpre)
    dh = dh + dpre @ U.T
""",
        by="""    dquery = dpre.mean(axis=1)
    ds = dquery @ W.T
    dW = s.T @ dquery
    dU = np.einsum("nte,nta->ea", h, dpre)
    dh = dpre @ U.T
""",
        truth="two mistakes: the gradient of s W is the mean over the positions where the sum belongs, and dh lacks the path through the average, a_i times dcontext",
    ),
    Version(
        "attention_step_forward",
        replace="both = np.concatenate([x, context], axis=1)",
        by="both = np.concatenate([context, x], axis=1)",
        truth="the cell reads the context first and the word after it, where the word's D numbers come first",
    ),
    Version(
        "attention_step_backward",
        replace="dprev_s = ds_step + ds_look",
        by="dprev_s = ds_step",
        truth="dprev_s lacks the path through the query: the old state was used by the attention too",
    ),
    Version(
        "masked_softmax",
        replace="""        picked = e[n, words]
        powers = np.exp(picked - picked.max())
        weights[n, words] = powers / powers.sum()
""",
        by="""        powers = np.exp(e[n] - e[n].max())
        weights[n] = words * powers / powers.sum()
""",
        truth="the softmax runs over the padded positions too and is set to 0 there afterwards, so the rows do not sum to 1",
    ),
    Version(
        "masked_softmax_backward",
        replace="weighted.sum(axis=1, keepdims=True)",
        by="weighted.sum(axis=0, keepdims=True)",
        truth="the sum in the softmax's gradient runs over the batch, where it should run over the positions of each row",
    ),
    Version(
        "masked_softmax",
        replace="        picked = e[n, words]\n        powers = np.exp(picked - picked.max())\n        weights[n, words] = powers / powers.sum()\n",
        by="        powers = np.exp(e[n] - e[n].max())\n        weights[n] = powers / powers.sum() * words\n",
        truth="the softmax is normalised over all positions and masked afterwards, so the weights of the words do not add up to 1",
    ),
    Version(
        "additive_attention_forward",
        replace='e = np.einsum("nta,a->nt", hidden, v)',
        by='e = np.einsum("nta,a->nt", hidden, v) / np.sqrt(len(v))',
        truth="the scores e are divided by the square root of the attention size, which belongs to scaled dot-product attention and not to additive attention",
    ),
    Version(
        "additive_attention_backward",
        replace="dh = dh + dpre @ U.T",
        by="dh = dpre @ U.T",
        truth="dh keeps only the path through the scores, the direct path through the weighted mean (weights times dcontext) is overwritten",
    ),
    Version(
        "additive_attention_backward",
        replace='np.einsum("nt,nta->a", de, hidden)',
        by='np.einsum("nt,nta->a", weights, hidden)',
        truth="dv is formed with the attention weights where the gradient of the scores, de, belongs",
    ),
)
