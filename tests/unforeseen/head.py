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
)
