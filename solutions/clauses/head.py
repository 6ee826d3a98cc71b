"""Every clause of the docstrings about outputs and loss, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ---------------------------------------------------------------------- temporal_affine_forward
    Known(
        "temporal_affine_forward", "An affine layer applied to every time step",
        "temporal_affine_forward.only_last_step",
    ),
    NoInput(
        "temporal_affine_forward", "for example the hidden states of a recurrent layer",
        "an example",
    ),
    Clause(
        "temporal_affine_forward", "(H, V), weights",
        replace="out = x @ W + b", by="out = x @ W[:, ::-1] + b",
    ),
    Known("temporal_affine_forward", "(V,), bias", "temporal_affine_forward.no_bias"),
    Clause(
        "temporal_affine_forward", "with out[n, t] = x[n, t] W + b",
        replace="out = x @ W + b", by="out = x[::-1, ::-1] @ W + b",
    ),
    Known(
        "temporal_affine_forward", "with out[n, t] = x[n, t] W + b",
        "temporal_affine_forward.softmaxed",
    ),
    # --------------------------------------------------------------------- temporal_affine_backward
    Known(
        "temporal_affine_backward", "The gradient of temporal_affine_forward",
        "temporal_affine_backward.dx_only_last_step",
    ),
    Clause(
        "temporal_affine_backward", "gradient of the loss with respect to out",
        replace="x, W = cache", by="x, W = cache\n    dout = np.ones_like(dout)",
    ),
    Known(
        "temporal_affine_backward",
        "summed over batch and time: there is one W for all of them",
        "temporal_affine_backward.dW_last_step",
    ),
    Known(
        "temporal_affine_backward",
        "summed over batch and time: there is one W for all of them",
        "temporal_affine_backward.dW_mean_over_time",
    ),
    Clause(
        "temporal_affine_backward",
        "summed over batch and time: there is one W for all of them",
        replace='dW = np.einsum("nth,ntv->hv", x, dout)',
        by='dW = np.einsum("nth,ntv->hv", x, dout) / len(x)',
    ),
    Known(
        "temporal_affine_backward", "db: (V,), summed over batch and time",
        "temporal_affine_backward.db_over_batch_only",
    ),
    Clause(
        "temporal_affine_backward", "db: (V,), summed over batch and time",
        replace="db = dout.sum(axis=(0, 1))", by="db = dout.sum(axis=1).mean(axis=0)",
    ),
    # ------------------------------------------------------------------------ temporal_softmax_loss
    Known(
        "temporal_softmax_loss", "Softmax cross-entropy over a sequence",
        "temporal_softmax_loss.softmax_over_time",
    ),
    Known("temporal_softmax_loss", "with padding", "temporal_softmax_loss.mask_ignored"),
    Clause(
        "temporal_softmax_loss", "any real numbers",
        replace="shifted = x - x.max(axis=2, keepdims=True)",
        by="x = np.maximum(x, 0)\n    shifted = x - x.max(axis=2, keepdims=True)",
    ),
    Known(
        "temporal_softmax_loss", "they may be as large as 1e3", "temporal_softmax_loss.no_shift",
    ),
    Known(
        "temporal_softmax_loss", "they may be as large as 1e3",
        "temporal_softmax_loss.global_shift",
    ),
    Clause(
        "temporal_softmax_loss", "they may be as large as 1e3",
        replace="log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))",
        by="log_p = np.log(np.exp(shifted) / np.exp(shifted).sum(axis=2, keepdims=True))",
    ),
    Clause(
        "temporal_softmax_loss", "they may be as large as 1e3",
        replace="log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))",
        by="p = np.exp(shifted) / np.exp(shifted).sum(axis=2, keepdims=True)\n"
        "    log_p = np.log(p + 1e-8)",
    ),
    Clause(
        "temporal_softmax_loss", "they may be as large as 1e3",
        replace="shifted = x - x.max(axis=2, keepdims=True)",
        by="x = np.clip(x, -700, 700)\n    shifted = x - x.max(axis=2, keepdims=True)",
    ),
    Clause(
        "temporal_softmax_loss", "whole numbers from 0 to V-1",
        replace="rows, steps = np.arange(N)[:, None], np.arange(T)",
        by="y = np.minimum(y, x.shape[2] - 2)\n"
        "    rows, steps = np.arange(N)[:, None], np.arange(T)",
    ),
    Clause(
        "temporal_softmax_loss", "the right word at every position",
        replace="loss = -(mask * log_p[rows, steps, y]).sum() / N",
        by="loss = -(mask * log_p[rows, steps, y[::-1, ::-1]]).sum() / N",
    ),
    Known(
        "temporal_softmax_loss", "booleans; where False, the position is padding",
        "temporal_softmax_loss.mask_inverted",
    ),
    Known(
        "temporal_softmax_loss", "the position is padding and counts for nothing",
        "temporal_softmax_loss.mask_on_scores",
    ),
    Clause(
        "temporal_softmax_loss", "the position is padding and counts for nothing",
        replace="N, T, _ = x.shape",
        by="N, T, _ = x.shape\n    mask = np.arange(T) < mask.sum(axis=1, keepdims=True)",
    ),
    Known(
        "temporal_softmax_loss", "the sum over time and mean over the batch",
        "temporal_softmax_loss.summed_over_batch",
    ),
    Known(
        "temporal_softmax_loss", "divide by N, and by nothing else",
        "temporal_softmax_loss.mean_over_positions",
    ),
    Known(
        "temporal_softmax_loss", "divide by N, and by nothing else",
        "temporal_softmax_loss.empty_rows_not_counted",
    ),
    Known(
        "temporal_softmax_loss", "divide by N, and by nothing else",
        "temporal_softmax_loss.mean_over_mask",
    ),
    Known(
        "temporal_softmax_loss", "of -log softmax(x[n, t])[y[n, t]] over the positions that count",
        "temporal_softmax_loss.softmax_twice",
    ),
    Known(
        "temporal_softmax_loss", "of -log softmax(x[n, t])[y[n, t]] over the positions that count",
        "temporal_softmax_loss.log_base_two",
    ),
    Known(
        "temporal_softmax_loss", "its gradient with respect to x",
        "temporal_softmax_loss.gradient_not_averaged",
    ),
    Known(
        "temporal_softmax_loss", "its gradient with respect to x",
        "temporal_softmax_loss.minus_one_forgotten",
    ),
    Known(
        "temporal_softmax_loss", "exactly 0 at padded positions",
        "temporal_softmax_loss.mask_not_on_gradient",
    ),
    Clause(
        "temporal_softmax_loss", "exactly 0 at padded positions",
        replace="dx *= mask[:, :, None] / N", by="dx *= np.where(mask, 1.0, 1e-3)[:, :, None] / N",
    ),
    # ----------------------------------------------------------------------------------- perplexity
    Known(
        "perplexity",
        "How many equally likely words the model wavers between, from the losses of several "
        "batches.",
        "perplexity.mean_of_exponentials",
    ),
    Known(
        "perplexity", "A model that guesses uniformly among V words has perplexity V",
        "perplexity.power_of_two",
    ),
    Clause(
        "perplexity", "the summed (not averaged) negative log-likelihood of each batch",
        replace="np.exp(np.sum(total_nats) / np.sum(tokens))",
        by="np.exp(np.sum(total_nats * tokens) / np.sum(tokens))",
    ),
    Known("perplexity", "in nats (natural logarithm)", "perplexity.power_of_two"),
    Known("perplexity", "how many tokens that sum runs over", "perplexity.not_divided"),
    NoInput("perplexity", "padding not counted", "a promise about the input"),
    Clause(
        "perplexity", "exp of the average number of nats per token",
        replace="np.exp(np.sum(total_nats) / np.sum(tokens))",
        by="np.sum(total_nats) / np.sum(tokens)",
    ),
    Known(
        "perplexity", "over all tokens of all batches together", "perplexity.mean_of_batch_means",
    ),
)  # fmt: skip
