"""Wrong ideas about dropout, tying, scheduled sampling and the nucleus."""

from autograder.problem import Misconception, Patch

MISCONCEPTIONS = (
    # --------------------------------------------------------------------- sequence_dropout_forward
    Misconception(
        "sequence_dropout_forward", "not_scaled",
        replace="(u >= p) / (1 - p)", by="(u >= p) * 1.0",
        idea="what is kept is not made larger",
        hints=(
            "Half of the units are dropped. What becomes of the mean of a sum over them, if nothing else happens?",
            "Compare a number that you keep with the one in x, and with the one that is expected.",
            "The mask is right. What is kept has to make up for what is dropped.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_forward", "scaled_by_p",
        replace="/ (1 - p)", by="/ p if p else 1.0 * (u >= p)",
        idea="what is kept is divided by the probability of being dropped",
        hints=(
            "With p = 0.1 nearly everything is kept. By how much should it grow?",
            "Only with p = 0.5 are you right.",
            "The factor belongs to the share that is kept, not to the one that is dropped.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_forward", "scaled_down",
        replace="(u >= p) / (1 - p)", by="(u >= p) * (1 - p)",
        idea="what is kept is multiplied by 1 - p, which is for test time, and only where training does not scale",
        hints=(
            "Should a number that is kept grow or shrink?",
            "The mean of your result over many masks is (1 - p) squared times x. What is asked for?",
            "Scaling by 1 - p makes up for dropout when all units are back. Here nothing happens at test time, and training makes up for it.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_forward", "kept_and_dropped_exchanged",
        replace="(u >= p)", by="(u < p)",
        idea="what should be dropped is kept, and the other way round",
        hints=(
            "With p = 0 nothing may be dropped. What do you drop?",
            "Your zeros stand exactly where none should be.",
            "The comparison is the wrong way round.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_forward", "border_dropped",
        replace="(u >= p)", by="(u > p)",
        idea="a draw that is exactly p is dropped",
        hints=(
            "A draw may be 0. With p = 0, is it below p?",
            "With p = 0 nothing may be dropped, and a draw of 0 is in your way.",
            "A unit is dropped where its draw is below p, not where it equals p.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_forward", "first_step_only",
        replace="x * mask[:, None, :]", by="np.concatenate([x[:, :1] * mask[:, None, :], x[:, 1:]], axis=1)",
        idea="the mask is applied at the first step only",
        hints=(
            "At how many steps is a dropped unit zero?",
            "Sequences of one step come out right.",
            "One mask, for all steps of the row.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_forward", "one_mask_for_the_batch",
        replace="x * mask[:, None, :]", by="x * mask[:1, None, :]",
        idea="all rows get the mask of the first row",
        hints=(
            "u has a row for each sequence. How many of them do you use?",
            "A batch of one row comes out right.",
            "Every sequence has a mask of its own.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_forward", "mask_moves_with_time",
        replace="x * mask[:, None, :]", by="x * np.stack([np.roll(mask, t, axis=1) for t in range(x.shape[1])], axis=1)",
        idea="every step drops other units",
        hints=(
            "Which units are zero at step 0, and which at step 1?",
            "At step 0 you are right.",
            "That would be dropout per step. Here a unit that is dropped stays dropped for the whole sequence.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_forward", "p_never_refused",
        replace="if not 0 <= p < 1:", by="if False:",
        idea="a p that makes no sense is accepted",
        hints=(
            "What does your function do with p = 1?",
            "Call it with p = -0.25: does it say anything?",
            "The docstring names an exception for a p outside its range.",
        ),
        source="own",
    ),
    # -------------------------------------------------------------------- sequence_dropout_backward
    Misconception(
        "sequence_dropout_backward", "no_mask",
        replace="dout * mask[:, None, :]", by="dout * mask.max()",
        idea="the gradient passes dropped units too",
        hints=(
            "A dropped unit is 0 whatever x is. What is its gradient?",
            "Where are the zeros of out, and where are those of your dx?",
            "What was multiplied by 0 on the way forth is multiplied by 0 on the way back.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_backward", "not_scaled",
        replace="dout * mask[:, None, :]", by="dout * (mask[:, None, :] > 0)",
        idea="the gradient is masked and not scaled",
        hints=(
            "Forward, a number that is kept is multiplied by something. What is the slope of that?",
            "Your zeros are right. By which factor are the other numbers too small?",
            "The way back goes through the same factor as the way forth, not only through the same zeros.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_backward", "scaled_back",
        replace="dout * mask[:, None, :]", by="np.divide(dout, mask[:, None, :], out=np.zeros_like(dout), where=mask[:, None, :] > 0)",
        idea="the gradient is divided by the factor, as if the forward pass were to be undone",
        hints=(
            "y = 2x. What is dy/dx, and is it 2 or 1/2?",
            "Your zeros are right, and your other numbers too small.",
            "A backward pass does not invert the forward pass; it multiplies by its slope.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_dropout_backward", "masked_once",
        replace="dout * mask[:, None, :]", by="np.concatenate([dout[:, :1] * mask[:, None, :], dout[:, 1:] * mask.max()], axis=1)",
        idea="only the first step's gradient is masked",
        hints=(
            "At how many steps was the unit dropped?",
            "Sequences of one step come out right.",
            "The mask holds at every step, on the way back too.",
        ),
        source="own",
    ),
    # ----------------------------------------------------------------------------- tied_rnnlm_loss
    Misconception(
        "tied_rnnlm_loss", "input_gradient_only",
        replace='untied_grads["U"] @ Wx.T + untied_grads["V"].T', by='untied_grads["U"] @ Wx.T',
        idea="only the gradient of the way in is counted",
        hints=(
            "In how many places of the model does E stand?",
            "A word that is never read gets no gradient from you. Is its score of no account?",
            "E is used on the way in and on the way out. The share of the scores is missing.",
        ),
        source="own",
    ),
    Misconception(
        "tied_rnnlm_loss", "output_gradient_only",
        replace='untied_grads["U"] @ Wx.T + untied_grads["V"].T', by='untied_grads["V"].T',
        idea="only the gradient of the way out is counted",
        hints=(
            "In how many places of the model does E stand?",
            "Change the row of a word that is only read and never right: through which places does the loss move?",
            "E is used on the way in and on the way out. The share of the words that are read is missing.",
        ),
        source="own",
    ),
    Misconception(
        "tied_rnnlm_loss", "averaged",
        replace='untied_grads["U"] @ Wx.T + untied_grads["V"].T', by='(untied_grads["U"] @ Wx.T + untied_grads["V"].T) / 2',
        idea="the mean of the two gradients is taken instead of their sum",
        hints=(
            "f(w) = g(w, w). What is df/dw, in the two derivatives of g?",
            "Your dE is half of what is expected.",
            "Two uses, two gradients, and they add up.",
        ),
        source="docs/misconceptions.md 29",
    ),
    Misconception(
        "tied_rnnlm_loss", "untied_on_the_way_out",
        replace='"V": E.T}', by='"V": E[::-1].T}',
        also=(Patch("tied_rnnlm_loss", 'untied_grads["V"].T', 'untied_grads["V"].T[::-1]'),),
        idea="the rows of the table are scored in the reverse order",
        hints=(
            "Which row of E gives the score of word 0?",
            "Make one row of E very long, and see which word is predicted.",
            "A word is scored with the row with which it is read.",
        ),
        source="own",
    ),
    Misconception(
        "tied_rnnlm_loss", "table_not_transposed",
        replace='"V": E.T}', by='"V": E if E.shape[0] == E.shape[1] else E.T}',
        also=(Patch("tied_rnnlm_loss", 'untied_grads["V"].T', '(untied_grads["V"] if E.shape[0] == E.shape[1] else untied_grads["V"].T)'),),
        idea="where the table is square, it is not transposed on the way out",
        hints=(
            "scores = s V. Which axis of V counts words, and which axis of E?",
            "Only where there are as many words as units do your numbers differ.",
            "On the way out a word is a column, on the way in a row.",
        ),
        source="docs/misconceptions.md 3",
    ),
    Misconception(
        "tied_rnnlm_loss", "past_the_matrix",
        replace='untied_grads["U"] @ Wx.T', by='untied_grads["U"]',
        idea="the gradient of the way in does not go back through Wx",
        hints=(
            "What lies between a word's row and the state that reads it?",
            "With Wx the identity you are right.",
            "On the way in a row is multiplied by a matrix; on the way back its gradient is, too.",
        ),
        source="own",
    ),
    Misconception(
        "tied_rnnlm_loss", "Wx_not_transposed",
        replace='untied_grads["U"] @ Wx.T', by='untied_grads["U"] @ Wx',
        idea="on the way back Wx is used as on the way forth",
        hints=(
            "A row goes forward through Wx. What does its gradient go back through?",
            "With a symmetric Wx you would be right.",
            "On the way back every arrow is turned round, and so is the matrix.",
        ),
        source="docs/misconceptions.md 22",
    ),
    # ------------------------------------------------------------------------- teacher_forcing_rate
    Misconception(
        "teacher_forcing_rate", "rising",
        replace="    rates = falling / (falling + 1)", by="    rates = 1 / (falling + 1)",
        idea="the rate of guesses is returned instead of the rate of the truth",
        hints=(
            "A beginner guesses badly. What should be read at iteration 0, and is your rate high there?",
            "Add your numbers to those that are expected.",
            "Your schedule begins with guesses and ends with the truth.",
        ),
        source="own",
    ),
    Misconception(
        "teacher_forcing_rate", "exponential_decay",
        replace="    rates = falling / (falling + 1)", by="    rates = falling / k",
        idea="the rate decays exponentially from the first iteration on",
        hints=(
            "At iteration 0 the formula gives k / (k + 1). What do you give?",
            "Draw your curve. Does it have a plateau at first?",
            "There is a second term below the fraction bar.",
        ),
        source="own",
    ),
    Misconception(
        "teacher_forcing_rate", "k_in_one_place_only",
        replace="np.exp(-steps / k)", by="np.exp(-steps / 1.0)",
        idea="the iteration is not divided by k",
        hints=(
            "k stands in three places of the formula. In how many does it stand in yours?",
            "With k = 1 you are right; for larger k your curve falls too soon.",
            "Time is measured in units of k.",
        ),
        source="own",
    ),
    Misconception(
        "teacher_forcing_rate", "plain_sigmoid",
        replace="k * np.exp(-steps / k)", by="np.exp(-steps / k)",
        idea="a plain sigmoid of -i/k is taken, which is 1/2 at the start",
        hints=(
            "What is the rate at iteration 0 for k = 9, by the formula and by your code?",
            "Yours starts at 1/2 whatever k is.",
            "The exponential is compared with k, not with 1.",
        ),
        source="own",
    ),
    Misconception(
        "teacher_forcing_rate", "overflow",
        replace="    falling = k * np.exp(-steps / k)\n    rates = falling / (falling + 1)",
        by="    growing = np.exp(steps / k)\n    rates = 1 - growing / (k + growing)",
        idea="the exponential overflows at late iterations and leaves NaN",
        hints=(
            "What is exp(1000) in floating point?",
            "Early iterations come out right. Look at the late ones.",
            "Divide above and below by the exponential: then it falls instead of growing.",
        ),
        source="docs/misconceptions.md 46",
    ),
    # ----------------------------------------------------------------------------- scheduled_inputs
    Misconception(
        "scheduled_inputs", "coins_exchanged",
        replace="np.where(u[:, t] < rate, ids[:, t], guess)", by="np.where(u[:, t] < rate, guess, ids[:, t])",
        idea="the guess is read where the truth should be, and the other way round",
        hints=(
            "rate = 1: what should be read?",
            "With a rate of 1 your inputs should be ids itself.",
            "The coin decides, and its two sides are exchanged.",
        ),
        source="own",
    ),
    Misconception(
        "scheduled_inputs", "border_is_truth",
        replace="u[:, t] < rate", by="u[:, t] <= rate",
        idea="a coin that is exactly the rate counts as below it",
        hints=(
            "A draw may be 0. With rate = 0, is it below the rate?",
            "With a rate of 0 the truth may not be read after step 0, and in yours it is, sometimes.",
            "Below, not at most.",
        ),
        source="own",
    ),
    Misconception(
        "scheduled_inputs", "one_coin_for_a_row",
        replace="u[:, t] < rate", by="u[:, 1] < rate",
        idea="one coin is tossed for a whole row, after its first step",
        hints=(
            "How many coins does a row of eight characters have?",
            "In your result a row is either all truth or all guesses.",
            "Each step of each row has its own coin.",
        ),
        source="own",
    ),
    Misconception(
        "scheduled_inputs", "one_coin_for_a_step",
        replace="u[:, t] < rate", by="u[0, t] < rate",
        idea="all rows use the first row's coins",
        hints=(
            "How many coins are there at one step of a batch?",
            "A batch of one row comes out right.",
            "Each row has its own coin.",
        ),
        source="own",
    ),
    Misconception(
        "scheduled_inputs", "coins_one_step_early",
        replace="u[:, t] < rate", by="u[:, t - 1] < rate",
        idea="the coin of the step before is used",
        hints=(
            "Which coin decides what is read at step 1?",
            "Change the coins of step 0: nothing may move.",
            "Each step has its own coin; yours are one step early.",
        ),
        source="own",
    ),
    Misconception(
        "scheduled_inputs", "guesses_on_the_truth",
        replace="        x = one_hot(inputs[:, t], V)", by="        x = one_hot(ids[:, t], V)",
        idea="the guesses are those of a model that has read the truth only",
        hints=(
            "A guess was read at step 2. What has the model read, when it guesses at step 3?",
            "The first guess in a row is right. The later ones are not.",
            "What is read is what the state moves on with. Yours moves on with the truth.",
        ),
        source="docs/misconceptions.md 83",
    ),
    Misconception(
        "scheduled_inputs", "guess_of_the_last_state",
        replace="        x = one_hot(inputs[:, t], V)\n        h, _ = rnn_step_forward(x, h, params[\"Wx\"], params[\"Wh\"], params[\"b\"])",
        by="        x = one_hot(inputs[:, t], V)\n        h, _ = rnn_step_forward(x, h0, params[\"Wx\"], params[\"Wh\"], params[\"b\"])",
        idea="the state is not carried on: every step starts from h0",
        hints=(
            "Which state does step 2 start from?",
            "The guess after the first character is right, later ones are not.",
            "The state goes on from step to step, whoever has chosen the character.",
        ),
        source="docs/misconceptions.md 2",
    ),
    Misconception(
        "scheduled_inputs", "first_may_be_a_guess",
        replace="        if t > 0:\n", by="        if True:\n",
        idea="at step 0 a coin is tossed too",
        hints=(
            "What has the model read when it would have to guess the first character?",
            "With a rate of 0, compare your first column with that of ids.",
            "Step 0 always reads the truth.",
        ),
        source="docs/misconceptions.md 81",
    ),
    Misconception(
        "scheduled_inputs", "start_ignored",
        replace="    h = h0", by="    h = np.zeros_like(h0)",
        idea="the state before the first character is taken as zero",
        hints=(
            "Which of your arguments is unused?",
            "Change h0: does anything change?",
            "The model starts from the state that it is given.",
        ),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "scheduled_inputs", "least_probable",
        replace=".argmax(axis=1)", by=".argmin(axis=1)",
        idea="the guess is the character with the smallest score",
        hints=(
            "Which character does a model guess that is nearly certain?",
            "Let by tower for one character: is it the one that you read?",
            "The guess is the most probable one; yours is the least.",
        ),
        source="own",
    ),
    # -------------------------------------------------------------------------------- nucleus_probs
    Misconception(
        "nucleus_probs", "not_renormalised",
        replace="        row /= row.sum()", by="        row /= 1.0",
        idea="the nucleus is not divided by its total",
        hints=(
            "What do your rows sum to?",
            "The zeros are right. By which factor do the other numbers of a row differ?",
            "What is left of a distribution has to be made one again.",
        ),
        source="own",
    ),
    Misconception(
        "nucleus_probs", "crossing_one_left_out",
        replace="total_before = np.cumsum(row[order]) - row[order]", by="total_before = np.cumsum(row[order])",
        also=(Patch("nucleus_probs", "order[total_before >= p]", "order[1:][total_before[1:] >= p]"),),
        idea="the entry with which the total reaches p is left out",
        hints=(
            "Probabilities 0.5, 0.3, 0.2 and p = 0.7: what do the first two add up to, and what does the first alone?",
            "Your nucleus is one entry short, unless it is one entry.",
            "The total of the nucleus is at least p. Yours stays below.",
        ),
        source="own",
    ),
    Misconception(
        "nucleus_probs", "threshold_on_each",
        replace="order[total_before >= p]", by="order[row[order] < (1 - p) * row.max()]",
        idea="entries are kept by their own probability, compared with that of the largest",
        hints=(
            "Is an entry's place in the nucleus decided by itself or by what stands before it?",
            "Take a flat row of a hundred entries and p = 0.5. How many should stay?",
            "It is the running total that counts, from the most probable entry down.",
        ),
        source="own",
    ),
    Misconception(
        "nucleus_probs", "order_of_index",
        replace='order = np.argsort(-row, kind="stable")', by="order = np.arange(len(row))",
        idea="the running total goes through the entries in the order of their index",
        hints=(
            "Which entry is counted first?",
            "Put the largest score last: is it kept?",
            "The entries come in the order of falling probability.",
        ),
        source="own",
    ),
    Misconception(
        "nucleus_probs", "least_probable_first",
        replace="np.argsort(-row, kind", by="np.argsort(row, kind",
        idea="the running total begins with the least probable entry",
        hints=(
            "Which entry is counted first?",
            "Is the most probable entry of a row always among those that you keep?",
            "You go through the entries from the wrong end.",
        ),
        source="docs/misconceptions.md 72",
    ),
    Misconception(
        "nucleus_probs", "ties_the_other_way",
        replace='np.argsort(-row, kind="stable")', by='np.argsort(row, kind="stable")[::-1]',
        idea="of equal scores the higher index goes first",
        hints=(
            "Two entries have the same score and there is room for one. Which?",
            "All your rows without equal scores are right.",
            "A sort that is turned round turns round the order of equal entries too.",
        ),
        source="docs/misconceptions.md 72",
    ),
    Misconception(
        "nucleus_probs", "ties_all_kept",
        replace="        row[outside] = 0", by="        row[row < row[order[np.sum(total_before < p) - 1]]] = 0",
        idea="all entries with the score of the last one in the nucleus are kept",
        hints=(
            "Nine equal entries and p = 0.5: how many stay?",
            "All your rows without equal scores are right.",
            "Equal scores do not all get in: the lower index goes first, until p is reached.",
        ),
        source="docs/misconceptions.md 72",
    ),
    Misconception(
        "nucleus_probs", "total_of_scores",
        replace="    probs /= probs.sum(axis=1, keepdims=True)\n", by="",
        idea="exponentials are added up that do not sum to one",
        hints=(
            "What does the running total of a row end at?",
            "Add 1 to all scores of a row, with p as it is: should anything change?",
            "p is a share of the whole. Make a distribution of the row before you add.",
        ),
        source="own",
    ),
    Misconception(
        "nucleus_probs", "no_shift",
        replace="np.exp(logits - logits.max(axis=1, keepdims=True))", by="np.exp(logits)",
        idea="the exponentials overflow, or vanish, for large scores",
        hints=(
            "What is exp(1000) in floating point?",
            "Small scores come out right. Add 1000 to a row.",
            "The softmax is the same if the row's largest score is taken off first.",
        ),
        source="docs/misconceptions.md 64",
    ),
    Misconception(
        "nucleus_probs", "p_is_cut_off",
        replace="total_before >= p", by="total_before >= 1 - p",
        also=(Patch("nucleus_probs", "if p < 1 else []", "if p > 0 else []"),),
        idea="p is taken for the share that is cut off",
        hints=(
            "p = 0.9: is that a large nucleus or a small one?",
            "With p = 0.01 you keep nearly everything.",
            "p is the share that stays.",
        ),
        source="own",
    ),
    Misconception(
        "nucleus_probs", "p_never_refused",
        replace="if not 0 < p <= 1:", by="if False:",
        idea="a p that makes no sense is accepted",
        hints=(
            "What should come out for p = 0, where nothing is kept?",
            "Call your function with p = 1.5: does it say anything?",
            "The docstring names an exception for a p outside its range.",
        ),
        source="own",
    ),
)  # fmt: skip
