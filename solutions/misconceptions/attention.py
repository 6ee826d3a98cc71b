"""Wrong ideas about additive attention."""

from autograder.problem import Misconception

MISCONCEPTIONS = (
    # ------------------------------------------------------------------------------- masked_softmax
    Misconception(
        "masked_softmax", "mask_after_softmax",
        replace="    e = np.where(mask, e, -np.inf)\n    e = e - e.max(axis=1, keepdims=True)\n    a = np.exp(e)\n    a = a / a.sum(axis=1, keepdims=True)",
        by="    e = e - e.max(axis=1, keepdims=True)\n    a = np.exp(e)\n    a = a / a.sum(axis=1, keepdims=True) * mask",
        idea="the mask is applied after the softmax, without sharing out what it took",
        hints=(
            "What does each row of your weights sum to?",
            "Rows without padding are right. How much weight do the others lose?",
            "Padding must be out of the race before the weights are made to sum to 1.",
        ),
        source="docs/misconceptions.md 87",
    ),
    Misconception(
        "masked_softmax", "padding_scores_zero",
        replace="np.where(mask, e, -np.inf)", by="np.where(mask, e, 0.0)",
        idea="padded positions get the score 0",
        hints=(
            "Is exp(0) zero?",
            "Your padded positions have weights like anybody else's.",
            "Which score makes exp give exactly 0?",
        ),
        source="docs/misconceptions.md 87",
    ),
    Misconception(
        "masked_softmax", "padding_scores_small",
        replace="np.where(mask, e, -np.inf)", by="np.where(mask, e, -10.0)",
        idea="padded positions get a score that is low but not low enough",
        hints=(
            "Are the weights of your padded positions small, or 0?",
            "What happens if the scores of all real words are lower than the one you give to padding?",
            "There is one value that is lower than every score.",
        ),
        source="docs/misconceptions.md 87",
    ),
    Misconception(
        "masked_softmax", "mask_inverted",
        replace="np.where(mask, e, -np.inf)", by="np.where(mask, -np.inf, e)",
        idea="the mask is read the wrong way round",
        hints=(
            "What does True mean in this mask?",
            "Your weight is on the padding.",
            "Some libraries mark the padding, this one marks the words.",
        ),
        source="docs/misconceptions.md 87",
    ),
    Misconception(
        "masked_softmax", "mask_ignored",
        replace="    e = np.where(mask, e, -np.inf)\n", by="",
        idea="the mask is not used",
        hints=(
            "Change a score at a padded position: which weights may change?",
            "Rows without padding are right.",
            "The second argument says who takes part.",
        ),
        source="docs/misconceptions.md 87",
    ),
    Misconception(
        "masked_softmax", "over_the_batch",
        replace="    e = e - e.max(axis=1, keepdims=True)\n    a = np.exp(e)\n    a = a / a.sum(axis=1, keepdims=True)",
        by="    e = e - e.max(axis=0, keepdims=True)\n    a = np.exp(e)\n    a = a / a.sum(axis=0, keepdims=True)",
        idea="the weights sum to 1 over the batch instead of over the source",
        hints=(
            "Each sentence distributes one unit of attention over what?",
            "With a batch of one all your weights are 1.",
            "Sum your weights along both axes and see where the ones are.",
        ),
        source="docs/misconceptions.md 86",
    ),
    Misconception(
        "masked_softmax", "no_shift",
        replace="    e = e - e.max(axis=1, keepdims=True)\n", by="",
        idea="exp is taken of the raw scores",
        hints=(
            "What is exp(1000) in floating point?",
            "Add 1000 to all scores of a row: should anything change?",
            "A softmax does not change when a number is subtracted from the whole row; choose one that makes the largest score 0.",
        ),
        source="docs/misconceptions.md 64",
    ),
    Misconception(
        "masked_softmax", "shift_by_global_max",
        replace="e.max(axis=1, keepdims=True)", by="e.max()",
        idea="one maximum for all rows is subtracted",
        hints=(
            "What is exp(-2000) in floating point, and what if a whole row looks like that?",
            "Let one row have scores near -1000 and another near 1000.",
            "Each row needs a maximum of its own.",
        ),
        source="docs/misconceptions.md 64",
    ),
    Misconception(
        "masked_softmax", "shift_by_padding",
        replace="    e = np.where(mask, e, -np.inf)\n    e = e - e.max(axis=1, keepdims=True)\n    a = np.exp(e)\n",
        by="    e = e - e.max(axis=1, keepdims=True)\n    a = np.exp(e) * mask\n",
        idea="the maximum is taken over the padding too",
        hints=(
            "What if the largest score of a row stands at a padded position?",
            "Put 1000 into the padding: your real words all get exp of something near -1000.",
            "Hide the padding before you look for the maximum.",
        ),
        source="docs/misconceptions.md 64",
    ),
    Misconception(
        "masked_softmax", "empty_row_accepted",
        replace='        raise ValueError("a row of mask has no valid position: there is nothing to attend to")', by="        pass",
        idea="a row without any word is not refused",
        hints=(
            "Over what should the weights of an empty sentence sum to 1?",
            "Give it a mask with a row of False. What comes out, and who would notice?",
            "The contract names an error for a row with nothing to attend to.",
        ),
        source="docs/misconceptions.md 87",
    ),
    Misconception(
        "masked_softmax", "padding_refused",
        replace="mask.any(axis=1).all()", by="mask.all(axis=1).any()",
        idea="ordinary padding is refused",
        hints=(
            "Which rows make attention impossible: those with some padding, or those with nothing else?",
            "A batch in which every row has a padded position raises an error.",
            "One True in a row is enough.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------------- masked_softmax_backward
    Misconception(
        "masked_softmax_backward", "diagonal_only",
        replace="de = a * (da - mean)", by="de = a * (1 - a) * da",
        idea="each weight is taken to depend on its own score only",
        hints=(
            "Raise one score: what happens to the other weights?",
            "Add the same number to all scores: the weights do not change. What must each row of de sum to?",
            "You have the diagonal of the Jacobian; the rest of it is not zero.",
        ),
        source="docs/misconceptions.md 67",
    ),
    Misconception(
        "masked_softmax_backward", "mean_not_subtracted",
        replace="(da - mean)", by="da",
        idea="the second term of the softmax's derivative is missing",
        hints=(
            "Add the same number to all scores: the weights do not change. What must each row of de sum to?",
            "If da is the same at all positions, no score can help. Is your de zero then?",
            "Each score competes with the average of the others; that average is to be taken off.",
        ),
        source="docs/misconceptions.md 67",
    ),
    Misconception(
        "masked_softmax_backward", "plain_mean",
        replace="(a * da).sum(axis=1, keepdims=True)", by="da.mean(axis=1, keepdims=True)",
        idea="the plain mean of da is subtracted instead of the weighted one",
        hints=(
            "What must each row of de sum to? What does yours?",
            "With equal weights you are right.",
            "The average that is taken off is the average under the weights.",
        ),
        source="own",
    ),
    Misconception(
        "masked_softmax_backward", "plain_sum",
        replace="(a * da).sum(axis=1, keepdims=True)", by="da.sum(axis=1, keepdims=True)",
        idea="the sum of da is subtracted without the weights",
        hints=(
            "What must each row of de sum to? What does yours?",
            "Change da at a padded position: does anything change in your result?",
            "Write the Jacobian for two positions: every term has two weights in it or one squared.",
        ),
        source="own",
    ),
    Misconception(
        "masked_softmax_backward", "over_the_batch",
        replace="(a * da).sum(axis=1, keepdims=True)", by="(a * da).sum(axis=0, keepdims=True)",
        idea="the sum runs over the batch instead of over the source",
        hints=(
            "Do two sentences of a batch compete for attention?",
            "What must each row of de sum to?",
            "The softmax ran over positions; so does the sum in its gradient.",
        ),
        source="docs/misconceptions.md 86",
    ),
    # ------------------------------------------------------------------- additive_attention_forward
    Misconception(
        "additive_attention_forward", "no_tanh",
        replace="np.tanh((s @ W)[:, None, :] + h @ U)", by="((s @ W)[:, None, :] + h @ U)",
        idea="the tanh is missing",
        hints=(
            "Additive attention is a network with one hidden layer. Where is its nonlinearity?",
            "Change s: your weights stay as they are. Why?",
            "Without a nonlinearity the query adds the same number to every score of a row.",
        ),
        source="docs/misconceptions.md 88",
    ),
    Misconception(
        "additive_attention_forward", "tanh_outside",
        replace="    q = np.tanh((s @ W)[:, None, :] + h @ U)  # (N, T, A)\n    e = q @ v", by="    q = (s @ W)[:, None, :] + h @ U\n    e = np.tanh(q @ v)",
        idea="the tanh is applied to the score instead of the hidden layer",
        hints=(
            "Between which bounds do your scores lie?",
            "Can your attention ever be sharp, if all scores are between -1 and 1?",
            "The nonlinearity belongs to the A hidden units; v comes after it.",
        ),
        source="docs/misconceptions.md 88",
    ),
    Misconception(
        "additive_attention_forward", "query_without_effect",
        replace="np.tanh((s @ W)[:, None, :] + h @ U)", by="(np.tanh(s @ W)[:, None, :] + np.tanh(h @ U))",
        idea="query and state never meet: each has a tanh of its own, or the query is not used",
        hints=(
            "Should the decoder look at the same words at every step?",
            "Change s: your weights stay as they are. Why? (Is tanh(a + b) the same as tanh(a) + tanh(b)?)",
            "Query and state must meet before the nonlinearity, or they never interact.",
        ),
        source="docs/misconceptions.md 88",
    ),
    Misconception(
        "additive_attention_forward", "sigmoid_for_tanh",
        replace="np.tanh((s @ W)[:, None, :] + h @ U)", by="(1 / (1 + np.exp(-(s @ W)[:, None, :] - h @ U)))",
        idea="a sigmoid stands where the tanh should be",
        hints=(
            "Can your hidden units be negative?",
            "At pre-activation 0 a hidden unit should be 0.",
            "It is the symmetric squashing function.",
        ),
        source="docs/misconceptions.md 5",
    ),
    Misconception(
        "additive_attention_forward", "query_of_first_row",
        replace="(s @ W)[:, None, :]", by="(s @ W)[:1, None, :]",
        idea="every row of the batch asks with the first row's query",
        hints=(
            "With a batch of one you are right.",
            "Change the last row of s: do its weights change?",
            "Each sentence has a query of its own; look at which axis your broadcast runs along.",
        ),
        source="own",
    ),
    Misconception(
        "additive_attention_forward", "scores_scaled",
        replace="e = q @ v", by="e = q @ v / np.sqrt(len(v))",
        idea="the scores are divided by the square root of the width",
        hints=(
            "Your weights are flatter than they should be.",
            "You divide by something. Is it in the formula?",
            "That factor belongs to another kind of attention, the dot product's.",
        ),
        source="docs/misconceptions.md 91",
    ),
    Misconception(
        "additive_attention_forward", "scores_as_weights",
        replace="weights = masked_softmax(e, mask)", by="weights = np.where(mask, e, 0.0)",
        idea="the scores are used as weights without a softmax",
        hints=(
            "What do your weights sum to?",
            "Can a weight be negative?",
            "Between the scores and the weighted sum one step is missing; you have written a function for it.",
        ),
        source="own",
    ),
    Misconception(
        "additive_attention_forward", "context_averaged",
        replace="(weights[:, :, None] * h).sum(axis=1)", by="(weights[:, :, None] * h).mean(axis=1)",
        idea="the weighted states are averaged instead of summed",
        hints=(
            "One-hot weights must return that encoder state exactly. What do yours return?",
            "Your context is too small by a whole factor. Which?",
            "The weights sum to 1 already.",
        ),
        source="docs/misconceptions.md 90",
    ),
    Misconception(
        "additive_attention_forward", "all_states_alike",
        replace="(weights[:, :, None] * h).sum(axis=1)", by="h.mean(axis=1)",
        idea="the context is the plain mean of the encoder's states",
        hints=(
            "What do you use the weights for?",
            "Change s: does your context change?",
            "One-hot weights must return that encoder state exactly.",
        ),
        source="docs/misconceptions.md 90",
    ),
    Misconception(
        "additive_attention_forward", "only_the_best",
        replace="(weights[:, :, None] * h).sum(axis=1)", by="h[np.arange(len(h)), weights.argmax(axis=1)]",
        idea="the context is the state with the largest weight",
        hints=(
            "When one weight is nearly 1 you are right.",
            "If two words share the attention, what should the context be?",
            "This attention is soft: every state comes in, by its weight.",
        ),
        source="own",
    ),
    Misconception(
        "additive_attention_forward", "context_of_projections",
        replace="(weights[:, :, None] * h).sum(axis=1)", by="(weights[:, :, None] * (h @ U)).sum(axis=1)",
        idea="the projected states are averaged instead of the states",
        hints=(
            "Which shape should the context have, and which has yours?",
            "One-hot weights must return that encoder state exactly.",
            "U serves the scores; the context is made of the states themselves.",
        ),
        source="docs/misconceptions.md 90",
    ),
    # ------------------------------------------------------------------ additive_attention_backward
    Misconception(
        "additive_attention_backward", "score_path_of_dh",
        replace=" + dp @ U.T", by="",
        idea="dh has only the path through the weighted sum",
        hints=(
            "How many times does an encoder state occur in the three formulas?",
            "dU is right, so you have the gradient at the hidden layer. Who else fed that layer?",
            "Move a state a little: the weights move as well.",
        ),
        source="own",
    ),
    Misconception(
        "additive_attention_backward", "sum_path_of_dh",
        replace="weights[:, :, None] * dcontext[:, None, :] + dp @ U.T", by="dp @ U.T",
        idea="dh has only the path through the scores",
        hints=(
            "How many times does an encoder state occur in the three formulas?",
            "With one-hot weights, how does the context depend on that one state? What is your dh there?",
            "Keep the weights fixed and move a state: the context still moves.",
        ),
        source="own",
    ),
    Misconception(
        "additive_attention_backward", "softmax_skipped",
        replace="de = masked_softmax_backward(da, weights)", by="de = da",
        idea="the gradient passes the softmax unchanged",
        hints=(
            "Your gradient by the weights is right. Are weights and scores the same thing?",
            "What must each row of de sum to?",
            "Between e and the weights stands a function, and you have written its backward pass.",
        ),
        source="own",
    ),
    Misconception(
        "additive_attention_backward", "no_tanh_slope",
        replace="de[:, :, None] * v * (1 - q**2)", by="de[:, :, None] * v * np.ones_like(q)",
        idea="the gradient passes the tanh unchanged",
        hints=(
            "dv is right and four others are not: what do these four share?",
            "How far does a hidden unit move when it is near 1 already?",
            "The chain rule has a factor for every function the value went through; the tanh has one too.",
        ),
        source="docs/misconceptions.md 16",
    ),
    Misconception(
        "additive_attention_backward", "tanh_twice",
        replace="(1 - q**2)", by="(1 - np.tanh(q) ** 2)",
        idea="tanh is applied again to a value that is already a tanh output",
        hints=(
            "Is the quantity you square already a tanh output?",
            "Write down what your cache holds: pre-activation or activation?",
            "The slope formula squares the output of tanh once; yours squashes it once more before.",
        ),
        source="docs/misconceptions.md 18",
    ),
    Misconception(
        "additive_attention_backward", "v_forgotten",
        replace="de[:, :, None] * v * (1 - q**2)", by="de[:, :, None] * (1 - q**2)",
        idea="the gradient does not go through v",
        hints=(
            "dv is right and four others are not: what do these four share?",
            "If v were twice as large, by how much would a hidden unit matter more?",
            "A score is a product of v with the hidden layer; its gradient by the hidden layer contains v.",
        ),
        source="own",
    ),
    Misconception(
        "additive_attention_backward", "query_gradient_averaged",
        replace="dp_sum = dp.sum(axis=1)", by="dp_sum = dp.mean(axis=1)",
        idea="what the query receives from the positions is averaged",
        hints=(
            "ds and dW point the right way and are too small by the same factor. Which?",
            "One query is compared with T states: how many contributions does it collect?",
            "In the forward pass the query was broadcast over T positions; backward, broadcasting becomes a sum.",
        ),
        source="docs/misconceptions.md 29",
    ),
    Misconception(
        "additive_attention_backward", "query_gradient_of_last",
        replace="dp_sum = dp.sum(axis=1)", by="dp_sum = dp[:, -1]",
        idea="the query receives gradient from the last position only",
        hints=(
            "With T = 1 you are right.",
            "One query is compared with T states: how many contributions does it collect?",
            "In the forward pass the query was broadcast over T positions; backward, broadcasting becomes a sum.",
        ),
        source="docs/misconceptions.md 28",
    ),
    Misconception(
        "additive_attention_backward", "dv_from_weights",
        replace="(de[:, :, None] * q).sum(axis=(0, 1))", by="(weights[:, :, None] * q).sum(axis=(0, 1))",
        idea="dv is built from the weights instead of the gradient by the scores",
        hints=(
            "Double dcontext: which of your gradients do not double?",
            "Every gradient contains what came from above. Does dv?",
            "v meets the hidden layer in the scores; start from the gradient by the scores.",
        ),
        source="own",
    ),
    Misconception(
        "additive_attention_backward", "averaged_over_batch",
        replace="    dh = weights", by="    dW, dU, dv = dW / len(s), dU / len(s), dv / len(s)\n    dh = weights",
        idea="the parameters' gradients are averaged over the batch",
        hints=(
            "Three of your gradients are too small by the same factor. What have they in common?",
            "Who decides whether a loss is a mean or a sum? This layer does not know the loss.",
            "dcontext already carries whatever average the loss took.",
        ),
        source="docs/misconceptions.md 29",
    ),
    # ----------------------------------------------------------------------- attention_step_forward
    Misconception(
        "attention_step_forward", "context_before_word",
        replace="[x, context]", by="[context, x]",
        idea="the context stands before the word",
        hints=(
            "Which rows of Wx belong to the word?",
            "The sum of the two widths is right whichever comes first.",
            "The docstring says which of the two comes first.",
        ),
        source="docs/misconceptions.md 7",
    ),
    Misconception(
        "attention_step_forward", "asks_with_new_state",
        replace="additive_attention_forward(prev_s, h, mask, W, U, v)",
        by="additive_attention_forward(np.tanh(x @ Wx[: x.shape[1]] + prev_s @ Wh + b), h, mask, W, U, v)",
        idea="the query is a state of this step instead of the step before",
        hints=(
            "Which state exists before the context does?",
            "You step twice to make one step.",
            "This is the other school's order. Here the decoder looks first and steps then.",
        ),
        source="docs/misconceptions.md 89",
    ),
    Misconception(
        "attention_step_forward", "context_left_out",
        replace="[x, context]", by="[x, 0 * context]",
        idea="the context never reaches the cell",
        hints=(
            "Change h: does next_s change?",
            "What did you attend for?",
            "The cell reads two vectors side by side.",
        ),
        source="own",
    ),
    Misconception(
        "attention_step_forward", "state_not_carried",
        replace="rnn_step_forward(x_and_context, prev_s, Wx, Wh, b)", by="rnn_step_forward(x_and_context, np.zeros_like(prev_s), Wx, Wh, b)",
        idea="the old state asks but does not enter the cell",
        hints=(
            "How many times is prev_s used in a step?",
            "Let Wh be zero: then you are right.",
            "Attention is added to the recurrence; it does not replace it.",
        ),
        source="docs/misconceptions.md 85",
    ),
    Misconception(
        "attention_step_forward", "mask_not_passed_on",
        replace="additive_attention_forward(prev_s, h, mask, W, U, v)", by="additive_attention_forward(prev_s, h, np.ones_like(mask), W, U, v)",
        idea="the decoder step looks at the padding",
        hints=(
            "Where do your weights lie for a short sentence?",
            "Sentences without padding are right.",
            "Your attention respects a mask if it is given the right one.",
        ),
        source="docs/misconceptions.md 87",
    ),
    # ---------------------------------------------------------------------- attention_step_backward
    Misconception(
        "attention_step_backward", "query_path_dropped",
        replace="    dprev_s = dprev_s + dquery\n", by="",
        idea="the old state gets no gradient from the attention",
        hints=(
            "How many times is prev_s used in a step?",
            "Your dprev_s is that of the cell alone.",
            "The query was the old state too.",
        ),
        source="own",
    ),
    Misconception(
        "attention_step_backward", "cell_path_dropped",
        replace="dprev_s = dprev_s + dquery", by="dprev_s = dquery",
        idea="the old state gets gradient from the attention only",
        hints=(
            "How many times is prev_s used in a step?",
            "You computed two gradients for one array and kept the later.",
            "What is used twice collects twice.",
        ),
        source="own",
    ),
    Misconception(
        "attention_step_backward", "attention_gets_nothing",
        replace="additive_attention_backward(dcontext, attention)", by="additive_attention_backward(0 * dcontext, attention)",
        idea="no gradient reaches the attention",
        hints=(
            "How would the alignment network ever learn?",
            "The gradients of W, U and v are zero in your result.",
            "The cell's input is the word and the context; its gradient has two parts as well.",
        ),
        source="own",
    ),
    Misconception(
        "attention_step_backward", "split_at_the_wrong_end",
        replace="dx_and_context[:, :D], dx_and_context[:, D:]", by="dx_and_context[:, -D:], dx_and_context[:, :-D]",
        idea="the gradient by [x; c] is taken apart in the wrong order",
        hints=(
            "Which columns of the cell's input were the word?",
            "dWx is right, and dx is not, although both come from the same call.",
            "Take apart in the order in which you put together.",
        ),
        source="docs/misconceptions.md 7",
    ),
)  # fmt: skip
