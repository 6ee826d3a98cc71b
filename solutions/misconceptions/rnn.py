"""Wrong ideas about the vanilla RNN."""

from autograder.problem import Misconception, Patch

MISCONCEPTIONS = (
    # ----------------------------------------------------------------------------- rnn_step_forward
    Misconception(
        "rnn_step_forward", "Wh_transposed",
        replace="prev_h @ Wh", by="prev_h @ Wh.T",
        idea="Wh is used transposed",
        hints=(
            "Square matrices hide their orientation: every product with Wh has the right shape.",
            "Pretend the old state had 5 numbers and the new one 7. Which shape must Wh have for row vectors?",
            "Rows of Wh belong to the old state, columns to the new one; one of your products has it the other way round.",
        ),
        source="docs/misconceptions.md 3",
    ),
    Misconception(
        "rnn_step_forward", "no_bias",
        replace=" + prev_h @ Wh + b", by=" + prev_h @ Wh",
        idea="the bias is left out",
        hints=(
            "Set x and prev_h to zero: what must the output be?",
            "With no input and no past, something still moves the state. Look for it in the formula.",
            "One of the five arguments never reaches your result.",
        ),
        source="docs/misconceptions.md 4",
    ),
    Misconception(
        "rnn_step_forward", "bias_after_tanh",
        replace="prev_h @ Wh + b  # (N, H)\n    next_h = np.tanh(a)", by="prev_h @ Wh  # (N, H)\n    next_h = np.tanh(a) + b",
        idea="the bias is added after the tanh",
        hints=(
            "Which range must next_h live in, whatever b is?",
            "Let b be 10: the state should saturate near 1, not jump to 10.",
            "All three terms belong inside the nonlinearity.",
        ),
        source="docs/misconceptions.md 4",
    ),
    Misconception(
        "rnn_step_forward", "no_tanh",
        replace="next_h = np.tanh(a)", by="next_h = a",
        idea="the tanh is missing",
        hints=(
            "Which range must next_h live in?",
            "Yours can grow without bound; feed it back a few hundred times and see.",
            "The sum of the three terms is only the pre-activation.",
        ),
        source="docs/misconceptions.md 5",
    ),
    Misconception(
        "rnn_step_forward", "sigmoid_for_tanh",
        replace="next_h = np.tanh(a)", by="next_h = 1 / (1 + np.exp(-a))",
        idea="a sigmoid stands where the tanh should be",
        hints=(
            "Can your hidden state be negative?",
            "At pre-activation 0 the new state should be 0. What is yours?",
            "The gates of an LSTM use the function you chose; the state of a vanilla RNN uses its symmetric cousin.",
        ),
        source="docs/misconceptions.md 5",
    ),
    Misconception(
        "rnn_step_forward", "terms_multiplied",
        replace="x @ Wx + prev_h @ Wh + b", by="(x @ Wx) * (prev_h @ Wh) + b",
        idea="input and past are multiplied, not added",
        hints=(
            "When x is zero, should the past disappear?",
            "Try prev_h = 0 with a non-zero x: the input must still come through.",
            "Both contributions go into one sum.",
        ),
        source="docs/misconceptions.md 6",
    ),
    Misconception(
        "rnn_step_forward", "past_ignored",
        replace="x @ Wx + prev_h @ Wh + b", by="x @ Wx + b",
        idea="the previous state is not used",
        hints=(
            "What would make this network recurrent?",
            "Change prev_h and call again: does anything change?",
            "The previous state has a weight matrix of its own; it should appear in your formula.",
        ),
        source="docs/misconceptions.md 2",
    ),
    # ---------------------------------------------------------------------------- rnn_step_backward
    Misconception(
        "rnn_step_backward", "no_tanh_slope",
        replace="dnext_h * (1 - next_h**2)", by="dnext_h",
        idea="the gradient passes the tanh unchanged",
        hints=(
            "Move the pre-activation a little: how far does tanh move when its output is near 1?",
            "Before any product with a weight matrix there is one elementwise step. Which?",
            "The chain rule has a factor for every function the value went through; the tanh has one too.",
        ),
        source="docs/misconceptions.md 16",
    ),
    Misconception(
        "rnn_step_backward", "sigmoid_slope",
        replace="(1 - next_h**2)", by="next_h * (1 - next_h)",
        idea="the slope of the sigmoid is used for tanh",
        hints=(
            "At output 0 tanh is steepest: does your slope agree?",
            "A slope of tanh is never negative. Can yours be?",
            "You have the derivative of another squashing function; derive this one from its definition.",
        ),
        source="docs/misconceptions.md 17",
    ),
    Misconception(
        "rnn_step_backward", "one_minus_h",
        replace="(1 - next_h**2)", by="(1 - next_h)",
        idea="the slope of tanh is taken as 1 - h instead of 1 - h squared",
        hints=(
            "tanh is symmetric: should its slope at h = -0.5 differ from that at h = 0.5?",
            "Your slope is larger than 1 for negative states; tanh is never steeper than 1.",
            "A square is missing in your derivative.",
        ),
        source="docs/misconceptions.md 17",
    ),
    Misconception(
        "rnn_step_backward", "tanh_twice",
        replace="(1 - next_h**2)", by="(1 - np.tanh(next_h)**2)",
        idea="tanh is applied again to a value that is already a tanh output",
        hints=(
            "Is the quantity you square already a tanh output?",
            "Write down what your cache holds: pre-activation or activation?",
            "The slope formula squares the output of tanh once; yours squashes it once more before.",
        ),
        source="docs/misconceptions.md 18",
    ),
    Misconception(
        "rnn_step_backward", "slope_of_pre_activation",
        replace="(1 - next_h**2)", by="(1 - np.arctanh(next_h)**2)",
        idea="the pre-activation is squared where the activation should be",
        hints=(
            "Can your slope become negative? That of tanh cannot.",
            "1 - (something)^2 is right when that something lies between -1 and 1.",
            "You squared the value before the tanh; the formula wants the value after it.",
        ),
        source="docs/misconceptions.md 18",
    ),
    Misconception(
        "rnn_step_backward", "slope_of_prev_h",
        replace="(1 - next_h**2)", by="(1 - prev_h**2)",
        idea="the slope is measured at the previous state",
        hints=(
            "Whose slope are you measuring?",
            "The tanh of this step produced one array. Is it the one you square?",
            "The previous state went through its own tanh one step earlier; this step's slope belongs to this step's output.",
        ),
        source="docs/misconceptions.md 19",
    ),
    Misconception(
        "rnn_step_backward", "dWh_uses_next_h",
        replace="dWh = prev_h.T @ da", by="dWh = next_h.T @ da",
        idea="dWh is built from the new state instead of the old one",
        hints=(
            "Which activation entered Wh at this step?",
            "dWx is right: it pairs da with what was multiplied by Wx. Do the same for Wh.",
            "Wh never saw the output of this step.",
        ),
        source="docs/misconceptions.md 20",
    ),
    Misconception(
        "rnn_step_backward", "dWh_transposed",
        replace="dWh = prev_h.T @ da", by="dWh = da.T @ prev_h",
        idea="dWh is transposed",
        hints=(
            "dWh is square, so a wrong orientation has the right shape.",
            "Check one entry, dWh[0, 1], by finite differences.",
            "dWx would not even fit if it were built like this; build both the same way.",
        ),
        source="docs/misconceptions.md 21",
    ),
    Misconception(
        "rnn_step_backward", "dprev_h_not_transposed",
        replace="dprev_h = da @ Wh.T", by="dprev_h = da @ Wh",
        idea="the gradient goes back through Wh without transposing it",
        hints=(
            "Going backward, rows and columns of Wh swap roles.",
            "For dx you had no choice: the shapes forced the transpose. What would they force here if Wh were not square?",
            "da has the columns of Wh; dprev_h has its rows.",
        ),
        source="docs/misconceptions.md 22",
    ),
    Misconception(
        "rnn_step_backward", "db_mean",
        replace="db = da.sum(axis=0)", by="db = da.mean(axis=0)",
        idea="db is averaged over the batch",
        hints=(
            "b is shared by N rows: how do shared parameters collect gradient?",
            "dWx adds up over the rows of the batch inside its matrix product. Should b behave differently?",
            "Averages belong to the loss, if anywhere, not to this layer.",
        ),
        source="docs/misconceptions.md 23",
    ),
    Misconception(
        "rnn_step_backward", "db_before_tanh",
        replace="db = da.sum(axis=0)", by="db = dnext_h.sum(axis=0)",
        idea="db is summed before the tanh's slope is applied",
        hints=(
            "Where does b stand: inside or outside the tanh?",
            "b moves next_h only through the pre-activation.",
            "Use the same gradient for b as for the two weight matrices.",
        ),
        source="docs/misconceptions.md 23",
    ),
    Misconception(
        "rnn_step_backward", "db_not_summed",
        replace="db = da.sum(axis=0)", by="db = da",
        idea="db still has a row for every example",
        hints=(
            "What shape has b, and what shape has your db?",
            "In the forward pass b was broadcast over N rows; backward, broadcasting becomes something else.",
            "One bias collects what all N rows send it.",
        ),
        source="docs/misconceptions.md 23",
    ),
    Misconception(
        "rnn_step_backward", "averaged_over_batch",
        replace="da = dnext_h * (1 - next_h**2)", by="da = dnext_h * (1 - next_h**2) / len(x)",
        idea="the gradients are divided by the batch size inside the layer",
        hints=(
            "Your gradients point the right way and are all too small by the same factor.",
            "Who decides whether a loss is a mean or a sum? This layer does not know the loss.",
            "dnext_h already carries whatever average the loss took; nothing is to be divided here.",
        ),
        source="docs/misconceptions.md 29",
    ),
    # ---------------------------------------------------------------------------------- rnn_forward
    Misconception(
        "rnn_forward", "h0_ignored",
        replace="prev_h = h0", by="prev_h = np.zeros_like(h0)",
        idea="the sequence starts from zeros instead of h0",
        hints=(
            "Which state should step 0 see?",
            "If you wrote h[:, t-1]: what does the index -1 mean in numpy?",
            "All your states change when h0 does only if h0 is used.",
        ),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "rnn_forward", "state_never_carried",
        replace="rnn_step_forward(x[:, t], prev_h, Wx, Wh, b)", by="rnn_step_forward(x[:, t], h0, Wx, Wh, b)",
        idea="every step starts again from h0",
        hints=(
            "Your first step matches and the others do not: what should change between calls?",
            "Which of the arguments of the step function depends on t, and which two should?",
            "The state a step returns is the state the next one receives.",
        ),
        source="docs/misconceptions.md 2",
    ),
    Misconception(
        "rnn_forward", "inputs_reversed",
        replace="rnn_step_forward(x[:, t], prev_h", by="rnn_step_forward(x[:, T - 1 - t], prev_h",
        idea="the inputs are read from the end",
        hints=(
            "What has h[:, 0] read?",
            "With T = 1 you are right; with two different steps you are not.",
            "Time runs the same way in x and in h.",
        ),
        source="own",
    ),
    Misconception(
        "rnn_forward", "first_input_repeated",
        replace="rnn_step_forward(x[:, t], prev_h", by="rnn_step_forward(x[:, 0], prev_h",
        idea="every step reads the first input",
        hints=(
            "Your first step matches and the others do not: which input does the second step read?",
            "Change x[:, 3] and look whether anything changes.",
            "The slice of x has to move with t.",
        ),
        source="own",
    ),
    Misconception(
        "rnn_forward", "states_delayed",
        replace="        prev_h, step = rnn_step_forward(x[:, t], prev_h, Wx, Wh, b)\n        h[:, t] = prev_h",
        by="        h[:, t] = prev_h\n        prev_h, step = rnn_step_forward(x[:, t], prev_h, Wx, Wh, b)",
        idea="h[:, t] holds the state before step t instead of after it",
        hints=(
            "Which state has already read x[:, t]?",
            "Your h[:, 0] is h0. Is that a state the network computed?",
            "Store the state after the step has run.",
        ),
        source="docs/misconceptions.md 8",
    ),
    Misconception(
        "rnn_forward", "batch_and_time_scrambled",
        replace="    cache = (x, h0, Wx, Wh, b, steps)",
        by="    h = h.transpose(1, 0, 2).reshape(h.shape)\n    cache = (x, h0, Wx, Wh, b, steps)",
        idea="batch and time are mixed up by a reshape that should be a transpose",
        hints=(
            "Does example 0 stay example 0 after your reshape?",
            "reshape reads numbers in memory order; it never swaps axes.",
            "The right numbers are all there, in the wrong rows.",
        ),
        source="docs/misconceptions.md 13",
    ),
    Misconception(
        "rnn_backward", "cache_of_last_step", function="rnn_forward",
        replace="cache = (x, h0, Wx, Wh, b, steps)", by="cache = (x, h0, Wx, Wh, b, [step] * T)",
        idea="the cache of the last step is kept for all steps",
        hints=(
            "Your forward pass is right; print id(cache[0]) and id(cache[1]) of what you saved.",
            "With T = 1 the backward pass is right too. What do the steps of a longer sequence share that they should not?",
            "Each step needs its own cache, made when that step ran.",
        ),
        source="docs/misconceptions.md 32",
    ),
    # --------------------------------------------------------------------------------- rnn_backward
    Misconception(
        "rnn_backward", "recurrent_gradient_dropped",
        replace="dnext_h = dh[:, t] + dprev_h", by="dnext_h = dh[:, t]",
        idea="what later steps send back is not added",
        hints=(
            "Your gradient for the last step is right and the earlier ones are not.",
            "h[:, t] is used in two places; how many gradients reach it?",
            "One way out of a state leads to the output, the other to the next step. You follow only the first.",
        ),
        source="docs/misconceptions.md 25",
    ),
    Misconception(
        "rnn_backward", "only_last_upstream",
        replace="dnext_h = dh[:, t] + dprev_h", by="dnext_h = dprev_h + (dh[:, t] if t == T - 1 else 0)",
        idea="only the last step's upstream gradient enters",
        hints=(
            "h[:, t] is used in two places; how many gradients reach it?",
            "If the loss looked at h[:, 0] alone, what would your dWx be?",
            "Every step has an output of its own and dh has a slice for it.",
        ),
        source="docs/misconceptions.md 24",
    ),
    Misconception(
        "rnn_backward", "gradients_pile_up",
        replace="dnext_h = dh[:, t] + dprev_h\n        dx[:, t], dprev_h, dWx_t, dWh_t, db_t = rnn_step_backward(dnext_h, steps[t])",
        by="dnext_h = dh[:, t] + dprev_h\n        dx[:, t], dback, dWx_t, dWh_t, db_t = rnn_step_backward(dnext_h, steps[t])\n        dprev_h = dprev_h + dback",
        idea="the recurrent gradient accumulates over steps instead of being replaced",
        hints=(
            "Does gradient that has already passed step t belong at t-1 unchanged?",
            "Weights are shared by all steps and add up; states are not shared.",
            "What step t sends back replaces what it received.",
        ),
        source="docs/misconceptions.md 26",
    ),
    Misconception(
        "rnn_backward", "forward_in_time",
        replace="for t in reversed(range(T)):", by="for t in range(T):",
        idea="the loop runs forward in time",
        hints=(
            "Which state needs its gradient finished first?",
            "To know the gradient at h[:, 0] you need that at h[:, 1].",
            "The first step to be undone is the last one done.",
        ),
        source="docs/misconceptions.md 27",
    ),
    Misconception(
        "rnn_backward", "weights_overwritten",
        replace="        dWx += dWx_t\n        dWh += dWh_t\n        db += db_t", by="        dWx, dWh, db = dWx_t, dWh_t, db_t",
        idea="the weight gradients of one step overwrite those of the others",
        hints=(
            "One matrix, T uses: how many contributions has its gradient?",
            "Your dWx equals the one of step 0 alone.",
            "Shared parameters collect from every step.",
        ),
        source="docs/misconceptions.md 28",
    ),
    Misconception(
        "rnn_backward", "averaged_over_time",
        replace="    dh0 = dprev_h", by="    dh0 = dprev_h\n    dWx, dWh, db = dWx / T, dWh / T, db / T",
        idea="the weight gradients are averaged over time",
        hints=(
            "Your weight gradients point the right way, off by one factor.",
            "The loss adds the steps up; what does its derivative do?",
            "Nothing in this layer divides by T.",
        ),
        source="docs/misconceptions.md 29",
    ),
    Misconception(
        "rnn_backward", "dh0_zero",
        replace="dh0 = dprev_h", by="dh0 = np.zeros_like(h0)",
        idea="dh0 is left at zero",
        hints=(
            "Who receives the gradient that leaves step 0?",
            "h0 is an input like x: move it a little and the loss moves.",
            "After the loop you still hold a gradient that belongs to somebody.",
        ),
        source="docs/misconceptions.md 30",
    ),
    Misconception(
        "rnn_backward", "dh0_upstream_twice",
        replace="dh0 = dprev_h", by="dh0 = dprev_h + dh[:, 0]",
        idea="dh[:, 0] is added to dh0",
        hints=(
            "dh[:, 0] is the gradient of the state after step 0. Is that h0?",
            "All tensors but dh0 are right: what do you do to it that you do to no other state?",
            "h0 is used once, by step 0, and is no output.",
        ),
        source="docs/misconceptions.md 30",
    ),
    # ----------------------------------------------------------------------- rnn_backward_truncated
    Misconception(
        "rnn_backward_truncated", "not_truncated",
        replace="(0 if ends_chunk else dprev_h)", by="dprev_h",
        idea="the gradient crosses the borders of the chunks",
        hints=(
            "How far back may the loss of step k move the weights?",
            "Your result is that of rnn_backward. What should happen at t = k-1?",
            "At the last step of a chunk the gradient from the right must not arrive.",
        ),
        source="docs/misconceptions.md 36",
    ),
    Misconception(
        "rnn_backward_truncated", "border_one_early",
        replace="(t + 1) % k == 0", by="t % k == 0",
        idea="the borders of the chunks are one step off",
        hints=(
            "Which steps belong to the first chunk when k is 3?",
            "Steps 0, 1, 2 are one chunk: between which two steps is the first border?",
            "You cut at the first step of a chunk; look at which of its two sides the gradient comes in.",
        ),
        source="own",
    ),
    Misconception(
        "rnn_backward_truncated", "chunks_from_the_end",
        replace="(t + 1) % k == 0", by="(T - 1 - t) % k == 0",
        idea="the chunks are counted from the end of the sequence",
        hints=(
            "Where does the first chunk begin?",
            "When k divides T you are right. Which chunk is the short one otherwise?",
            "Chunks are counted from t = 0; the last one may be shorter.",
        ),
        source="own",
    ),
    Misconception(
        "rnn_backward_truncated", "only_last_chunk",
        replace="        dx[:, t], dprev_h", by="        if t < (T - 1) // k * k:\n            dprev_h = np.zeros_like(h0)\n            continue\n        dx[:, t], dprev_h",
        idea="only the last chunk gets a gradient",
        hints=(
            "Does the loss of the first chunk teach the weights anything?",
            "Truncation stops the gradient between chunks. It does not stop it within the earlier ones.",
            "Every chunk runs its own backward pass, starting from its own dh.",
        ),
        source="own",
    ),
    # -------------------------------------------------------------------- last_hidden, and backward
    Misconception(
        "last_hidden", "padding_taken",
        replace="last = lengths - 1", by="last = np.full_like(lengths, h.shape[1] - 1)",
        idea="h[:, -1] is taken for every row, padding or not",
        hints=(
            "For a row of length 3 padded to 5, what is at index -1?",
            "A row of length T is right. What does a shorter one return?",
            "Every row has its own last step.",
        ),
        source="docs/misconceptions.md 12",
    ),
    Misconception(
        "last_hidden", "off_by_one",
        replace="last = lengths - 1", by="last = lengths % h.shape[1]",
        idea="the length itself is used as the index of the last step",
        hints=(
            "A row of length 1 has one state. What is its index?",
            "Lengths count from 1, indices from 0.",
            "You read one step too far.",
        ),
        source="own",
    ),
    Misconception(
        "last_hidden", "same_length_for_all",
        replace="last = lengths - 1", by="last = np.full_like(lengths, lengths.max() - 1)",
        idea="the longest length is used for every row",
        hints=(
            "Is the longest row the only one that matters?",
            "Rows shorter than the longest return a padded step.",
            "Pair each row with its own length when you index.",
        ),
        source="docs/misconceptions.md 12",
    ),
    Misconception(
        "last_hidden_backward", "spread_over_time",
        replace="    dh[rows, last] = dout", by="    dh += dout[:, None, :]",
        idea="the gradient is given to every step",
        hints=(
            "Which states did the output depend on?",
            "Move a state that was not selected: does the output move?",
            "Selecting in the forward pass is placing in the backward pass.",
        ),
        source="own",
    ),
    Misconception(
        "last_hidden_backward", "placed_at_the_end",
        replace="dh[rows, last] = dout", by="dh[:, -1] = dout",
        idea="the gradient goes to the padded end of every row",
        hints=(
            "Which step of a short row was selected in the forward pass?",
            "A padded step had no influence on the loss, so its gradient is zero.",
            "Use the same index as the forward pass did.",
        ),
        source="docs/misconceptions.md 12",
    ),
    Misconception(
        "rnn_backward_truncated", "sliding_window",
        replace="        ends_chunk = (t + 1) % k == 0\n        dnext_h = dh[:, t] + (0 if ends_chunk else dprev_h)\n",
        by="        going_on = [(part, left - 1) for part, left in parts if left > 1]\n        parts = [(rnn_step_backward(part, steps[t + 1])[1], left) for part, left in going_on]\n        parts.append((dh[:, t], k))\n        dnext_h = sum(part for part, _ in parts)\n",
        idea="the gradient of every step goes back k steps, as far as a window that slides",
        hints=("How far does the gradient of the last step of a chunk go back, and how far that of its first step?", "Draw T = 4 and k = 2. Does what step 2 sends back reach step 1 in your version?", "Both are called truncated; the chunks of this one do not overlap, and nothing crosses a border."),
        also=(Patch("rnn_backward_truncated", "dx, dprev_h = np.zeros(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype)", "dx, dprev_h, parts = np.zeros(x.shape, Wx.dtype), np.zeros(h0.shape, Wh.dtype), []"),),
        source="seen in real submissions",
    ),
)  # fmt: skip
