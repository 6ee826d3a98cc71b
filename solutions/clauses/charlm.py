"""Every clause of the docstrings about the character model, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # -------------------------------------------------------------------------------------- one_hot
    Known(
        "one_hot",
        "Each number as a row that is 1 in the place of that number and 0 elsewhere",
        "one_hot.counted_from_one",
    ),
    Clause(
        "one_hot", "and 0 elsewhere",
        replace="x = np.eye(V)[ids]", by="x = np.tri(V)[ids]",
    ),
    Clause(
        "one_hot", "whole numbers from 0 to V-1",
        replace="(ids >= V)", by="(ids >= V - 1)",
    ),
    Known("one_hot", "an array of any shape", "one_hot.flattened"),
    Clause(
        "one_hot", "an array of any shape",
        replace="x = np.eye(V)[ids]", by="x = np.eye(V)[np.atleast_1d(ids)]",
    ),
    Clause(
        "one_hot", "an array of any shape",
        replace="x = np.eye(V)[ids]",
        by="x = np.eye(V)[ids if ids.ndim < 3 else ids.reshape(-1, ids.shape[-1])]",
    ),
    Clause(
        "one_hot", "a whole number, the size of the vocabulary",
        replace="x = np.eye(V)[ids]", by="x = np.eye(ids.max() + 1)[ids]",
    ),
    Known("one_hot", "x: (..., V), floating-point", "one_hot.vocabulary_first"),
    NoInput("one_hot", "floating-point", "1 and 1.0 compare equal, and compute alike"),
    Known(
        "one_hot", "ValueError if any of the ids is negative or not below V",
        "one_hot.strangers_let_in",
    ),
    Known("one_hot", "or not below V", "one_hot.one_past_the_end"),
    Clause(
        "one_hot", "ValueError if any of the ids is negative",
        replace="raise ValueError(", by="raise IndexError(",
    ),
    Clause(
        "one_hot", "any of the ids",
        replace="if np.any(", by="if np.all(",
    ),
    Known(
        "one_hot", "(numpy would take -1 for the last one.)", "one_hot.strangers_let_in",
    ),
    # ----------------------------------------------------------------------------- bigram_log_probs
    Known(
        "bigram_log_probs",
        "The best bigram model of a text, without training: counts of which character follows "
        "which.",
        "bigram_log_probs.transposed",
    ),
    Known(
        "bigram_log_probs", "n(i, j) the number of times that j comes directly after i",
        "bigram_log_probs.repeated_pairs_counted_once",
    ),
    Clause(
        "bigram_log_probs", "comes directly after i",
        replace="first, second = one_hot(ids[:-1], V), one_hot(ids[1:], V)",
        by="first, second = one_hot(ids[:-2], V), one_hot(ids[2:], V)",
    ),
    Known(
        "bigram_log_probs", "n(i) = sum_j n(i, j)", "bigram_log_probs.last_character_counted",
    ),
    Known(
        "bigram_log_probs", "log p(j | i) = ln( n(i, j) / n(i) )",
        "bigram_log_probs.columns_normalised",
    ),
    Known(
        "bigram_log_probs", "log p(j | i) = ln( n(i, j) / n(i) )", "bigram_log_probs.joint",
    ),
    Known(
        "bigram_log_probs",
        "A pair that never occurs, after an i that does: -inf (there is no smoothing)",
        "bigram_log_probs.add_one_smoothing",
    ),
    Clause(
        "bigram_log_probs",
        "A pair that never occurs, after an i that does: -inf (there is no smoothing)",
        replace="np.log(n_ij / n_i)", by="np.log(n_ij / n_i + 1e-8)",
    ),
    Clause(
        "bigram_log_probs", "-inf",
        replace="np.log(n_ij / n_i)", by="np.maximum(np.log(n_ij / n_i), -1e9)",
    ),
    Known(
        "bigram_log_probs",
        "An i that nothing ever follows, n(i) = 0",
        "bigram_log_probs.unseen_rows_impossible",
    ),
    Clause(
        "bigram_log_probs", "it does not occur",
        replace="n_i > 0, np.log(n_ij / n_i), -np.log(V))",
        by="(n_i > 0) | ~one_hot(ids, V).any(axis=0)[:, None], np.log(n_ij / n_i), -np.log(V))",
    ),
    Clause(
        "bigram_log_probs", "or only as the last character",
        replace="n_i > 0, np.log(n_ij / n_i), -np.log(V))",
        by="one_hot(ids, V).any(axis=0)[:, None], np.log(n_ij / n_i), -np.log(V))",
    ),
    Clause(
        "bigram_log_probs",
        "the text says nothing about it, so all V characters are equally probable, -ln V each",
        replace="-np.log(V))", by="-np.log(len(np.unique(ids))))",
    ),
    Clause(
        "bigram_log_probs", "one text as whole numbers from 0 to V-1",
        replace="first, second = one_hot(ids[:-1], V), one_hot(ids[1:], V)",
        by="ids = np.minimum(ids, V - 2)\n"
        "    first, second = one_hot(ids[:-1], V), one_hot(ids[1:], V)",
    ),
    Clause(
        "bigram_log_probs", "T >= 1",
        replace="n_i = first.sum(axis=0)[:, None]",
        by="n_i = first.sum(axis=0)[:, None] if len(ids) > 1 else np.ones((V, 1))",
    ),
    Clause(
        "bigram_log_probs", "a whole number, the size of the vocabulary",
        replace="first, second = one_hot(ids[:-1], V)",
        by="V = ids.max() + 1\n    first, second = one_hot(ids[:-1], V)",
    ),
    Known("bigram_log_probs", "in nats", "bigram_log_probs.bits"),
    Known("bigram_log_probs", "row i is about what follows i", "bigram_log_probs.transposed"),
    Known("bigram_log_probs", "exp of a row sums to 1", "bigram_log_probs.joint"),
    # ---------------------------------------------------------------------------------- charlm_loss
    Known(
        "charlm_loss", "Loss of the character model on a batch of texts, and its gradients",
        "charlm_loss.downhill",
    ),
    Known(
        "charlm_loss",
        "Of the T+1 characters in a row, the first T are read and the last T are predicted",
        "charlm_loss.targets_not_shifted",
    ),
    Known("charlm_loss", "the first T are read", "charlm_loss.reads_the_future"),
    Known("charlm_loss", "the last T are predicted", "charlm_loss.last_prediction_dropped"),
    Known(
        "charlm_loss",
        "having read ids[n, 0] to ids[n, t], the model is asked for ids[n, t+1]",
        "charlm_loss.first_prediction_dropped",
    ),
    Clause(
        "charlm_loss", "having read ids[n, 0] to ids[n, t]",
        replace="scores, affine_cache = temporal_affine_forward(h,",
        by="scores, affine_cache = temporal_affine_forward(h[:, ::-1],",
    ),
    NoInput("charlm_loss", "dictionary of", "the name of a type"),
    Clause(
        "charlm_loss", "whole numbers from 0 to V-1",
        replace="inputs, targets = ids[:, :-1], ids[:, 1:]",
        by='ids = np.minimum(ids, len(params["by"]) - 2)\n'
        "    inputs, targets = ids[:, :-1], ids[:, 1:]",
    ),
    Clause(
        "charlm_loss", "no padding",
        replace="np.ones(targets.shape, dtype=bool)", by="targets > 0",
    ),
    Known(
        "charlm_loss", "the hidden state before the first character", "charlm_loss.h0_ignored",
    ),
    Clause(
        "charlm_loss", "a number, -ln p of the predicted characters",
        replace="    hT = h[:, -1]", by="    hT = h[:, -1]\n    loss = loss / np.log(2)",
    ),
    Known("charlm_loss", "summed over time", "charlm_loss.only_loss_averaged"),
    Clause(
        "charlm_loss", "averaged over the batch",
        replace="    hT = h[:, -1]", by="    hT = h[:, -1]\n    loss = loss * len(h)",
    ),
    Known("charlm_loss", "divide by N, and by nothing else", "charlm_loss.mean_over_time"),
    Clause(
        "charlm_loss", "dictionary with the keys and shapes of params",
        replace='"b": db,', by='"db": db,',
    ),
    Clause(
        "charlm_loss", "dictionary with the keys and shapes of params",
        replace='"b": db,', by='"b": db[None],',
    ),
    Known("charlm_loss", "the gradients of the loss", "charlm_loss.clipped_inside"),
    Known(
        "charlm_loss", "the gradients of the loss", "charlm_loss.gradient_of_last_step_only",
    ),
    Known(
        "charlm_loss", "the hidden state after the last character that was read",
        "charlm_loss.first_state_returned",
    ),
    Known(
        "charlm_loss",
        "handed to the next call as h0, it lets a long text be read in chunks",
        "charlm_loss.old_state_returned",
    ),
    # ----------------------------------------------------------------------------------- next_probs
    Known(
        "next_probs",
        "From scores to the probabilities that the next character is drawn from",
        "next_probs.temperature_on_probabilities",
    ),
    Known(
        "next_probs", "In each row only the top_k largest scores take part",
        "next_probs.smallest_kept",
    ),
    Clause(
        "next_probs", "In each row",
        replace="kept = np.argsort(-row, kind",
        by="kept = np.argsort(-logits.sum(axis=0), kind",
    ),
    Known(
        "next_probs", "all others get probability exactly 0",
        "next_probs.cut_scores_set_to_zero",
    ),
    Clause(
        "next_probs", "all others get probability exactly 0",
        replace="probs = np.zeros_like(1.0 * logits)", by="probs = np.full(logits.shape, 1e-4)",
    ),
    Known(
        "next_probs", "Among those that do, p_j proportional to exp(logits_j / temperature)",
        "next_probs.temperature_multiplied",
    ),
    Known("next_probs", "scores; any real numbers", "next_probs.shift_of_the_batch"),
    Clause(
        "next_probs", "any real numbers",
        replace="probs = np.zeros_like(1.0 * logits)",
        by="probs = np.zeros_like(1.0 * logits)\n    logits = np.maximum(logits, 0)",
    ),
    Known("next_probs", "they may be as large as 1e3", "next_probs.no_shift"),
    Clause(
        "next_probs", "they may be as large as 1e3",
        replace="probs = np.zeros_like(1.0 * logits)",
        by="probs = np.zeros_like(1.0 * logits)\n    logits = np.clip(logits, -700, 700)",
    ),
    Known("next_probs", "a number > 0", "next_probs.temperature_ignored"),
    Clause(
        "next_probs", "Below 1 the favourites gain",
        replace="probs = np.zeros_like(1.0 * logits)",
        by="probs = np.zeros_like(1.0 * logits)\n    temperature = max(temperature, 1.0)",
    ),
    Clause(
        "next_probs", "above 1 they lose",
        replace="probs = np.zeros_like(1.0 * logits)",
        by="probs = np.zeros_like(1.0 * logits)\n    temperature = min(temperature, 1.0)",
    ),
    Clause(
        "next_probs",
        "it may be as small as 1e-3, where a row is all but certain of its largest score",
        replace="/ temperature)", by="/ (temperature + 1e-2))",
    ),
    Clause(
        "next_probs",
        "it may be as small as 1e-3, where a row is all but certain of its largest score",
        replace="np.exp((row[kept] - row.max()) / temperature)",
        by="np.exp(row[kept] - row.max()) ** (1 / temperature)\n"
        "        probs[n, kept] = np.where(temperature < 0.01, 1 / len(kept), probs[n, kept])",
    ),
    Clause(
        "next_probs", "No overflow, no NaN",
        replace="np.exp((row[kept] - row.max()) / temperature)",
        by="np.exp(row[kept] / temperature)",
    ),
    Clause(
        "next_probs", "No overflow, no NaN",
        replace="np.exp((row[kept] - row.max()) / temperature)",
        by="np.exp((row[kept] - row.mean()) / temperature)",
    ),
    Clause(
        "next_probs", "No overflow, no NaN",
        replace="np.exp((row[kept] - row.max()) / temperature)",
        by="np.exp((row - row.max()) / 1.0)[kept] * np.exp((1 / temperature - 1) * row[kept])",
    ),
    Clause(
        "next_probs", "a whole number >= 1",
        replace="[:top_k]", by="[: None if top_k is None else max(top_k, 2)]",
    ),
    Known("next_probs", "or None for all V", "next_probs.smallest_kept"),
    Clause(
        "next_probs", "or None for all V",
        replace="[:top_k]", by="[: top_k or 3]",
    ),
    Known("next_probs", "Exactly top_k entries of a row take part", "next_probs.one_too_many"),
    Known("next_probs", "Exactly top_k entries of a row take part", "next_probs.ties_all_kept"),
    Known(
        "next_probs", "among equal scores the lower index goes first",
        "next_probs.ties_from_the_end",
    ),
    Clause(
        "next_probs", "If top_k is larger than V, all V take part",
        replace="[:top_k]", by="[: top_k if top_k is None or top_k <= len(row) else 1]",
    ),
    Known("next_probs", "each row sums to 1", "next_probs.not_renormalised"),
    Known(
        "next_probs", "ValueError if temperature is not above 0", "next_probs.zero_accepted",
    ),
    Clause(
        "next_probs", "ValueError if temperature is not above 0",
        replace="if temperature <= 0:", by="if temperature == 0:",
    ),
    Clause(
        "next_probs", "or if top_k is below 1",
        replace="if top_k is not None and top_k < 1:", by="if False:",
    ),
    # --------------------------------------------------------------------------------------- sample
    Known(
        "sample",
        "Let the model write: read a character, draw the next one, read that, and so on",
        "sample.draw_not_fed_back",
    ),
    Known(
        "sample", "Chance comes in as numbers u, so that the result can be checked",
        "sample.argmax",
    ),
    Clause(
        "sample", "At step t = 0, 1, ..., T-1",
        replace="for u_t in u:", by="for u_t in u[:-1]:",
    ),
    Clause(
        "sample", "the model reads a character: first_id at t = 0",
        replace="h, current = h0, first_id", by="h, current = h0, 0",
    ),
    Known("sample", "after that the one drawn at t-1", "sample.one_hot_accumulates"),
    Known("sample", "the state moves on", "sample.state_not_carried"),
    Known("sample", "the state moves on", "sample.drawn_before_reading"),
    Known("sample", "p is the softmax of the scores", "sample.probabilities_ignored"),
    Clause(
        "sample", "temperature 1",
        replace='+ params["by"])[0]', by='+ params["by"], 0.7)[0]',
    ),
    Clause(
        "sample", "nothing cut off",
        replace='+ params["by"])[0]', by='+ params["by"], 1.0, V - 1)[0]',
    ),
    Known(
        "sample", "the character drawn is the smallest j with u[t] < p_0 + p_1 + ... + p_j",
        "sample.not_cumulated",
    ),
    Clause(
        "sample", "u[t] < p_0",
        replace='side="right"', by='side="left"',
    ),
    Known(
        "sample",
        "If rounding leaves the sum over all of p at or below u[t], it is V-1",
        "sample.rounding_forgotten",
    ),
    NoInput("sample", "dictionary, as in charlm_loss", "a pointer"),
    Clause(
        "sample", "the hidden state before the first character",
        replace="h, current = h0, first_id", by="h, current = np.zeros_like(h0), first_id",
    ),
    Clause(
        "sample", "a whole number from 0 to V-1",
        replace="h, current = h0, first_id", by="h, current = h0, min(first_id, V - 2)",
    ),
    Known("sample", "(T,), numbers in [0, 1)", "sample.same_draw_every_time"),
    Clause(
        "sample", "numbers in [0, 1)",
        replace="for u_t in u:", by="for u_t in np.maximum(u, 1e-3):",
    ),
    Clause(
        "sample", "the drawn characters",
        replace="ids = np.array(drawn)", by="ids = np.array([first_id, *drawn[:-1]])",
    ),
    Clause(
        "sample", "ids[0] is the first one drawn",
        replace="ids = np.array(drawn)", by="ids = np.array(drawn[::-1])",
    ),
    Known("sample", "first_id is not among them", "sample.first_id_returned"),
    # -------------------------------------------------------------------------------- bits_per_char
    Known(
        "bits_per_char",
        "How many bits the model needs for a character, from the losses of several batches",
        "bits_per_char.per_batch",
    ),
    Known("bits_per_char", "1 bit is ln 2 nats", "bits_per_char.wrong_way_round"),
    Known(
        "bits_per_char", "A model that guesses uniformly among V characters needs log2 V bits",
        "bits_per_char.nats",
    ),
    Known(
        "bits_per_char", "perplexity is 2 to the power of this number", "bits_per_char.perplexity",
    ),
    Clause(
        "bits_per_char", "the summed (not averaged) negative log-likelihood of each batch",
        replace="np.sum(total_nats)", by="np.sum(total_nats * chars)",
    ),
    Known("bits_per_char", "in nats (natural logarithm)", "bits_per_char.nats"),
    Known(
        "bits_per_char", "how many characters that sum runs over", "bits_per_char.per_batch",
    ),
    Known(
        "bits_per_char",
        "a number, the average over all characters of all batches together",
        "bits_per_char.mean_of_batch_means",
    ),
)  # fmt: skip
