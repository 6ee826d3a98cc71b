"""Every clause of the docstrings about training practice, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # --------------------------------------------------------------------- sequence_dropout_forward
    Known(
        "sequence_dropout_forward",
        "Dropout with one mask for a whole sequence: what is dropped is dropped at every step.",
        "sequence_dropout_forward.mask_moves_with_time",
    ),
    Known(
        "sequence_dropout_forward", "what is dropped is dropped at every step",
        "sequence_dropout_forward.first_step_only",
    ),
    Known(
        "sequence_dropout_forward", "Unit d of row n is dropped where u[n, d] < p.",
        "sequence_dropout_forward.kept_and_dropped_exchanged",
    ),
    Known("sequence_dropout_forward", "where u[n, d] < p", "sequence_dropout_forward.border_dropped"),
    Known(
        "sequence_dropout_forward",
        'What is kept is multiplied by 1 / (1 - p), so that the mean over all masks is x, and nothing has to be done at test time ("inverted" dropout).',
        "sequence_dropout_forward.not_scaled",
    ),
    NoInput(
        "sequence_dropout_forward", "for example the inputs of a recurrent layer or its states",
        "what it is good for",
    ),
    Known(
        "sequence_dropout_forward", "one for each unit of each row",
        "sequence_dropout_forward.one_mask_for_the_batch",
    ),
    Clause(
        "sequence_dropout_forward", "uniform numbers from [0, 1)",
        replace="(u >= p)", by="(np.round(u) >= p)",
    ),
    Clause(
        "sequence_dropout_forward", "a number, how probable it is that a unit is dropped, 0 <= p < 1",
        replace="if not 0 <= p < 1:", by="if not 0 < p < 1:",
    ),
    Clause(
        "sequence_dropout_forward", "0 <= p < 1",
        replace="(u >= p) / (1 - p)", by="(u >= p) / max(1 - p, 0.2)",
    ),
    Known(
        "sequence_dropout_forward", "ValueError if p is negative, or not below 1",
        "sequence_dropout_forward.p_never_refused",
    ),
    Clause(
        "sequence_dropout_forward", "ValueError if p is negative",
        replace="if not 0 <= p < 1:", by="if not p < 1:",
    ),
    Clause(
        "sequence_dropout_forward", "or not below 1",
        replace="if not 0 <= p < 1:", by="if not 0 <= p <= 1:",
    ),
    Clause(
        "sequence_dropout_forward", "ValueError",
        replace="raise ValueError(", by="raise IndexError(",
    ),
    # -------------------------------------------------------------------- sequence_dropout_backward
    Known(
        "sequence_dropout_backward",
        "The gradient of sequence_dropout_forward, through the same mask.",
        "sequence_dropout_backward.no_mask",
    ),
    Clause(
        "sequence_dropout_backward", "gradient of the loss with respect to out",
        replace="dout *", by="dout.mean(axis=1, keepdims=True) *",
    ),
    # ----------------------------------------------------------------------------- tied_rnnlm_loss
    Known(
        "tied_rnnlm_loss",
        "A recurrent language model with one table of words for the way in and the way out.",
        "tied_rnnlm_loss.untied_on_the_way_out",
    ),
    Clause(
        "tied_rnnlm_loss", "s_t = tanh(E[ids_t] Wx + s_{t-1} Wh + b)",
        replace='"W": params["Wh"], "b"', by='"W": params["Wh"].T, "b"',
    ),
    Known("tied_rnnlm_loss", "scores_t = s_t E^T", "tied_rnnlm_loss.table_not_transposed"),
    Clause(
        "tied_rnnlm_loss", "predicting ids_{t+1}",
        replace="rnnlm_loss(untied, ids, s0)", by="rnnlm_loss(untied, ids[:, ::-1], s0)",
    ),
    Clause(
        "tied_rnnlm_loss", "It is rnnlm_loss of embedding.py with E Wx as U, Wh as W and the transpose of E as V.",
        replace='"V": E.T}', by='"V": 2 * E.T}',
    ),
    Known(
        "tied_rnnlm_loss", "A word's row is used where the word is read",
        "tied_rnnlm_loss.output_gradient_only",
    ),
    Known(
        "tied_rnnlm_loss", "and at every step where it is scored",
        "tied_rnnlm_loss.input_gradient_only",
    ),
    Known("tied_rnnlm_loss", "its gradient is the sum of both", "tied_rnnlm_loss.averaged"),
    NoInput("tied_rnnlm_loss", "dictionary, with C words in the vocabulary, of", "the name of a type"),
    Clause(
        "tied_rnnlm_loss", "whole numbers from 0 to C-1",
        replace="rnnlm_loss(untied, ids, s0)", by="rnnlm_loss(untied, np.minimum(ids, len(E) - 2), s0)",
    ),
    Clause(
        "tied_rnnlm_loss", "the first T are read, the last T are predicted",
        replace="rnnlm_loss(untied, ids, s0)",
        by="rnnlm_loss(untied, np.concatenate([ids[:, :-1], ids[:, -2:-1]], axis=1), s0)",
    ),
    Clause(
        "tied_rnnlm_loss", "the state before the first word",
        replace="rnnlm_loss(untied, ids, s0)", by="rnnlm_loss(untied, ids, 0 * s0)",
    ),
    Clause(
        "tied_rnnlm_loss", "a number, summed over time and averaged over the batch, in nats",
        replace="    dE = ", by="    loss = loss / (ids.shape[1] - 1)\n    dE = ",
    ),
    Clause(
        "tied_rnnlm_loss", "averaged over the batch",
        replace="    dE = ", by="    loss = loss * len(ids)\n    dE = ",
    ),
    Clause(
        "tied_rnnlm_loss", "in nats",
        replace="    dE = ", by="    loss = loss / np.log(2)\n    dE = ",
    ),
    Clause(
        "tied_rnnlm_loss", "dictionary with the keys and shapes of params, the gradients of the loss",
        replace='"Wh": untied_grads["W"], "b"', by='"Wh": untied_grads["W"].T, "b"',
    ),
    # ------------------------------------------------------------------------- teacher_forcing_rate
    Known(
        "teacher_forcing_rate",
        "How often the truth is read after so many iterations: the inverse sigmoid decay.",
        "teacher_forcing_rate.rising",
    ),
    Known(
        "teacher_forcing_rate", "rate_i = k / (k + exp(i / k))",
        "teacher_forcing_rate.k_in_one_place_only",
    ),
    Known(
        "teacher_forcing_rate",
        "It begins at k / (k + 1), is 1/2 where exp(i/k) = k, and falls to 0",
        "teacher_forcing_rate.plain_sigmoid",
    ),
    Clause(
        "teacher_forcing_rate", "falls to 0",
        replace="falling / (falling + 1)", by="np.maximum(falling / (falling + 1), 0.01)",
    ),
    Clause(
        "teacher_forcing_rate", "the larger k, the later",
        replace="    falling = k *", by="    k = min(k, 5.0)\n    falling = k *",
    ),
    Known(
        "teacher_forcing_rate", "However late the iteration, nothing may overflow.",
        "teacher_forcing_rate.overflow",
    ),
    Clause(
        "teacher_forcing_rate", "numbers of iterations i, from 0 on",
        replace="np.exp(-steps / k)", by="np.exp(-np.maximum(steps, 1) / k)",
    ),
    Clause(
        "teacher_forcing_rate", "a number, at least 1",
        replace="    falling = k *", by="    k = max(k, 2.0)\n    falling = k *",
    ),
    Clause(
        "teacher_forcing_rate", "between 0 and 1",
        replace="falling / (falling + 1)", by="100 * falling / (falling + 1)",
    ),
    # ----------------------------------------------------------------------------- scheduled_inputs
    Known(
        "scheduled_inputs",
        "What the character model reads if it is given the truth only some of the time.",
        "scheduled_inputs.coins_exchanged",
    ),
    Known(
        "scheduled_inputs", "At step 0 every row reads ids[n, 0].",
        "scheduled_inputs.first_may_be_a_guess",
    ),
    Known(
        "scheduled_inputs", "At step t > 0 a coin is tossed for each row by itself:",
        "scheduled_inputs.one_coin_for_a_step",
    ),
    Known(
        "scheduled_inputs", "u[n, t] < rate: the true character ids[n, t] is read;",
        "scheduled_inputs.border_is_truth",
    ),
    Clause(
        "scheduled_inputs", "the true character ids[n, t] is read",
        replace="ids[:, t], guess)", by="ids[:, t - 1], guess)",
    ),
    Known(
        "scheduled_inputs",
        "otherwise the model's own guess is read: the character with the largest score after step t-1",
        "scheduled_inputs.least_probable",
    ),
    Clause(
        "scheduled_inputs", "the lower number of two with the same score",
        replace='(h @ params["Why"] + params["by"]).argmax(axis=1)',
        by='V - 1 - (h @ params["Why"] + params["by"])[:, ::-1].argmax(axis=1)',
    ),
    Known(
        "scheduled_inputs", "The state at step t-1 has read what was read, guesses included.",
        "scheduled_inputs.guesses_on_the_truth",
    ),
    NoInput("scheduled_inputs", "dictionary of the character model, as in charlm.py, of", "a pointer"),
    Clause(
        "scheduled_inputs", "whole numbers from 0 to V-1, the true characters that would be read",
        replace="inputs = ids.copy()", by="inputs = ids = np.minimum(ids, V - 2)",
    ),
    Known(
        "scheduled_inputs", "the state before the first character", "scheduled_inputs.start_ignored",
    ),
    Clause(
        "scheduled_inputs", "uniform numbers from [0, 1)",
        replace="u[:, t] < rate", by="np.round(u[:, t]) < rate",
    ),
    Known(
        "scheduled_inputs", "those of step 0 decide nothing", "scheduled_inputs.coins_one_step_early",
    ),
    Clause(
        "scheduled_inputs", "a number from 0 (the first character, then guesses only)",
        replace="u[:, t] < rate", by="u[:, t] < max(rate, 0.1)",
    ),
    Clause(
        "scheduled_inputs", "to 1 (the truth only)",
        replace="u[:, t] < rate", by="u[:, t] < min(rate, 0.7)",
    ),
    Clause(
        "scheduled_inputs", "whole numbers, the characters that are read",
        replace="inputs = ids.copy()", by="inputs = 0 * ids.copy()",
    ),
    # -------------------------------------------------------------------------------- nucleus_probs
    Clause(
        "nucleus_probs",
        "From scores to the probabilities that are drawn from: the nucleus, and nothing outside it.",
        replace="row[outside] = 0", by="row[outside] = 1e-3",
    ),
    Known(
        "nucleus_probs",
        "With the entries of a row in the order of falling softmax probability, an entry belongs to the nucleus if the probabilities before it add up to less than p.",
        "nucleus_probs.order_of_index",
    ),
    Known(
        "nucleus_probs", "the probabilities before it add up to less than p",
        "nucleus_probs.crossing_one_left_out",
    ),
    Clause(
        "nucleus_probs", "So the first one always does",
        replace="order[total_before >= p] if", by="order[(total_before >= p) | (row[order] > 10 * p)] if",
    ),
    Clause(
        "nucleus_probs", "the nucleus is the shortest head of the row with a total of at least p",
        replace="total_before >= p", by="total_before - 0.1 >= p",
    ),
    Known(
        "nucleus_probs", "Its probabilities are divided by their total", "nucleus_probs.not_renormalised",
    ),
    Clause(
        "nucleus_probs", "all others become exactly 0",
        replace="row[outside] = 0", by="row[outside] /= 2",
    ),
    NoInput("nucleus_probs", "scores", "the name of what comes in"),
    Known(
        "nucleus_probs", "any real numbers, they may be as large as 1e3", "nucleus_probs.no_shift",
    ),
    Clause(
        "nucleus_probs", "a number, 0 < p <= 1",
        replace="if not 0 < p <= 1:", by="if not 0 < p < 1:",
    ),
    Clause(
        "nucleus_probs", "with p = 1 nothing is cut off, and the result is the softmax",
        replace="if p < 1 else []", by="if p < 1 else order[-1:]",
    ),
    Known("nucleus_probs", "each row sums to 1", "nucleus_probs.not_renormalised"),
    Known("nucleus_probs", "among equal scores the lower index goes first", "nucleus_probs.ties_the_other_way"),
    Known(
        "nucleus_probs", "ValueError if p is not above 0, or is above 1",
        "nucleus_probs.p_never_refused",
    ),
    Clause(
        "nucleus_probs", "ValueError if p is not above 0",
        replace="if not 0 < p <= 1:", by="if not p <= 1:",
    ),
    Clause(
        "nucleus_probs", "or is above 1",
        replace="if not 0 < p <= 1:", by="if not 0 < p:",
    ),
    Clause(
        "nucleus_probs", "ValueError",
        replace="raise ValueError(", by="raise IndexError(",
    ),
)  # fmt: skip
