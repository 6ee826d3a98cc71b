"""Wrong versions of the lesson on outputs and loss, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "temporal_affine_forward",
        replace="for t in range(T):",
        by="for t in range(N):",
        truth="the loop over time runs N times instead of T times: later steps stay zero when N < T, and it crashes when N > T",
    ),
    Version(
        "temporal_affine_forward",
        replace="return out, cache",
        by="return out",
        truth="the cache is not returned, only out",
    ),
    Version(
        "temporal_affine_backward",
        replace="flat_x = x.reshape(N * T, H)",
        by="flat_x = x.transpose(1, 0, 2).reshape(N * T, H)",
        truth="in dW, x is flattened time first and dout batch first, so inputs are paired with the gradients of other positions",
    ),
    Version(
        "temporal_softmax_loss",
        replace="top = x.max(axis=2, keepdims=True)",
        by="top = x.max()",
        truth="the largest score of the whole array is subtracted instead of that of each position, so a position with far smaller scores has a sum of exponentials of zero and a log of zero",
    ),
    Version(
        "temporal_softmax_loss",
        replace="log_z = np.log(np.exp(shifted).sum(axis=2, keepdims=True))",
        by="log_z = np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
        truth="the softmax is normalised over time (axis 1) instead of over the words of the vocabulary",
    ),
    Version(
        "temporal_softmax_loss",
        replace="loss = loss / N\n    dx = dx / N",
        by="loss = loss / np.sum(mask)\n    dx = dx / np.sum(mask)",
        truth="loss and dx are divided by the number of positions that count instead of by the batch size N",
    ),
    Version(
        "temporal_softmax_loss",
        replace="            else:\n                dx[n, t] = 0\n    loss = loss / N\n    dx = dx / N",
        by="    loss = loss / N",
        truth="two mistakes in dx: it is not divided by the batch size N, and it is not zero at padded positions, where the softmax probabilities stay",
    ),
    Version(
        "temporal_softmax_loss",
        replace="if mask[n, t]:\n                loss -= logp[n, t, y[n, t]]\n",
        by="loss -= logp[n, t, y[n, t]]\n            if mask[n, t]:\n",
        truth="the padded positions count in the loss; the mask is only used for the gradient",
    ),
    Version(
        "perplexity",
        replace="result = np.exp(nats / count)",
        by="result = np.mean(np.exp(np.asarray(total_nats) / tokens))",
        truth="the perplexities of the batches are averaged, instead of exp of the average number of nats over all tokens of all batches",
    ),
    Version(
        "temporal_affine_forward",
        replace="for t in range(T):",
        by="for t in range(1, T):",
        truth="the first step of out is never computed: the loop over time starts at 1 and leaves zeros there",
    ),
    Version(
        "temporal_affine_backward",
        replace="flat_d = dout.reshape(N * T, V)",
        by="flat_d = dout.transpose(1, 0, 2).reshape(N * T, V)",
        truth="dout is flattened time first while x is flattened batch first, so the rows of dout do not belong to the rows of x in dW, and dx comes back in the wrong order",
    ),
    Version(
        "temporal_affine_backward",
        replace="flat_d.dot(W.T)",
        by="flat_d.dot(W)",
        truth="dx multiplies dout by W instead of by its transpose, and the shapes do not fit",
    ),
    Version(
        "temporal_softmax_loss",
        replace="loss = loss / N\n    dx = dx / N",
        by="loss = loss / (N * T)",
        truth="two mistakes: the loss is averaged over time as well as over the batch, and dx is not divided by N at all",
    ),
    Version(
        "temporal_softmax_loss",
        replace="            else:\n                dx[n, t] = 0\n",
        by="",
        truth="dx is not set to zero at the padded positions: the mask counts for the loss only",
    ),
    Version(
        "perplexity",
        replace="result = np.exp(nats / count)",
        by="result = np.mean(np.exp(np.asarray(total_nats) / np.asarray(tokens)))",
        truth="the perplexities of the batches are averaged, where all nats should be divided by all tokens before the exponential",
    ),
)
