"""Wrong ideas about reading both ways."""

from autograder.problem import Misconception, Patch

MISCONCEPTIONS = (
    # ------------------------------------------------------------------------------- reverse_ragged
    Misconception(
        "reverse_ragged", "padding_in_front",
        replace="    from_the_end = lengths[:, None] - 1 - steps  # (N, T)\n    real = from_the_end >= 0",
        by="    from_the_end = x.shape[1] - 1 - steps + 0 * lengths[:, None]\n    real = from_the_end < lengths[:, None]",
        idea="the whole padded row is turned round, so that the padding comes first",
        hints=(
            "A row of T = 5 holds two words and three steps of padding. Where does its first word stand afterwards?",
            "With rows that are all full you are right. Shorten one, and see where its zeros are.",
            "Only the real steps change places. You turn the row together with its padding, which then stands in front.",
        ),
        source="docs/misconceptions.md 84",
    ),
    Misconception(
        "reverse_ragged", "padding_kept",
        replace="np.where(real[:, :, None], x[rows, from_the_end], 0)",
        by="np.where(real[:, :, None], x[rows, from_the_end], x)",
        idea="the padding is handed through as it is",
        hints=(
            "What does the docstring say about padded steps of the result?",
            "The real steps are right. Put a 7 into the padding: where is it now?",
            "What stood behind the end of a row still stands there.",
        ),
        source="own",
    ),
    Misconception(
        "reverse_ragged", "padding_wrapped_round",
        replace="np.where(real[:, :, None], x[rows, from_the_end], 0)",
        by="x[rows, from_the_end]",
        idea="an index below zero counts from the end of the row and brings steps of it behind the real ones",
        hints=(
            "Which index does your formula give for the first padded step, and what does numpy make of it?",
            "The real steps are right. Where does what stands behind them come from?",
            "A negative index is no error: it takes a step from the end of the row.",
        ),
        source="own",
    ),
    Misconception(
        "reverse_ragged", "one_step_late",
        replace="lengths[:, None] - 1 - steps", by="lengths[:, None] - steps",
        also=(Patch("reverse_ragged", "x[rows, from_the_end]", "x[rows, np.minimum(from_the_end, x.shape[1] - 1)]"),),
        idea="the turned row begins one step behind the last real one",
        hints=(
            "A row has three real steps, numbered from 0. What number has the last of them?",
            "Where a row is padded, the first number of your result is padding.",
            "You are off by one: the last real step is one before the length.",
        ),
        source="docs/misconceptions.md 12",
    ),
    Misconception(
        "reverse_ragged", "one_length_for_all",
        replace="    from_the_end = lengths[:, None] - 1", by="    from_the_end = lengths[:1, None] + 0 * lengths[:, None] - 1",
        idea="the first row's length is used for all rows",
        hints=(
            "Which numbers of `lengths` does your function look at?",
            "A batch of one row comes out right. What changes with the second row?",
            "Every row has a length of its own.",
        ),
        source="own",
    ),
    Misconception(
        "reverse_ragged", "longest_row_for_all",
        replace="    from_the_end = lengths[:, None] - 1", by="    from_the_end = lengths.max() + 0 * lengths[:, None] - 1",
        idea="all rows are turned round at the end of the longest one",
        hints=(
            "At which step is a short row turned round?",
            "The longest row comes out right, the shorter ones do not.",
            "The end of the longest row is the end of that row only.",
        ),
        source="own",
    ),
    Misconception(
        "reverse_ragged", "not_turned_round",
        replace="x[rows, from_the_end]", by="x",
        idea="the padding is set to zero and the steps stay where they are",
        hints=(
            "Which step of a full row stands first in your result?",
            "Rows of one step come out right. Try one of two.",
            "You clear the padding, and nothing is reversed.",
        ),
        source="docs/misconceptions.md 11",
    ),
    Misconception(
        "reverse_ragged", "numbers_of_a_step_reversed",
        replace="x[rows, from_the_end]", by="x[rows, from_the_end][:, :, ::-1]",
        idea="the D numbers of every step are turned round too",
        hints=(
            "A step is a vector. What should happen inside it?",
            "With D = 1 you are right.",
            "Only the axis of time is reversed; a vector stays as it is.",
        ),
        source="own",
    ),
    # ------------------------------------------------------------------------ bidirectional_forward
    Misconception(
        "bidirectional_forward", "not_turned_back",
        replace="reverse_ragged(h_left, lengths)], axis=2)", by="h_left * real], axis=2)",
        idea="the states of the second reading stay in the order in which they were made",
        hints=(
            "The second network reads the last word first. At which place of h does the state after that word belong?",
            "Change the last word of a full row only. Which of your second halves stay as they were, and which should?",
            "The second reading's states are right, and each stands at the mirror image of its place.",
        ),
        source="docs/misconceptions.md 11",
    ),
    Misconception(
        "bidirectional_forward", "padding_read_first",
        replace="reverse_ragged(x, lengths)", by="x[:, ::-1]",
        also=(Patch("bidirectional_forward", "reverse_ragged(h_left, lengths)], axis=2)", "h_left[:, ::-1] * real], axis=2)"),),
        idea="the second network starts at the end of the padded row and reads the padding first",
        hints=(
            "Which number is the very first that your second network reads in a row that is padded?",
            "Change what stands in the padding. The first half of h does not move; what does the second?",
            "A row ends at its own length. Your second reading starts at T and comes to the words with a state that is not zero.",
        ),
        source="docs/misconceptions.md 84",
    ),
    Misconception(
        "bidirectional_forward", "both_from_the_start",
        replace="reverse_ragged(x, lengths)", by="x * real",
        also=(Patch("bidirectional_forward", "reverse_ragged(h_left, lengths)], axis=2)", "h_left * real], axis=2)"),),
        idea="the second network reads from the start too",
        hints=(
            "What does the second half of h at the first word know of the last word?",
            "Change the last word only. Which of your numbers at the first word move?",
            "You have two networks that read in the same direction.",
        ),
        source="docs/misconceptions.md 11",
    ),
    Misconception(
        "bidirectional_forward", "halves_exchanged",
        replace="[h_right * real, reverse_ragged(h_left, lengths)]", by="[reverse_ragged(h_left, lengths), h_right * real]",
        idea="the reading from the end stands in the first half",
        hints=(
            "Which reading do the first H numbers belong to?",
            "Your numbers are right. Compare your first half with the second half that is expected.",
            "The two halves of h have changed places.",
        ),
        source="own",
    ),
    Misconception(
        "bidirectional_forward", "one_set_of_weights",
        replace="h0, *left)", by="h0, *right)",
        idea="both readings use the same weights",
        hints=(
            "How many weight matrices does this layer have?",
            "Change the weights in `left`: does anything change?",
            "Each direction has a triple of its own.",
        ),
        source="docs/misconceptions.md 10",
    ),
    Misconception(
        "bidirectional_forward", "weights_exchanged",
        replace="rnn_forward(x, h0, *right)", by="rnn_forward(x, h0, *left)",
        also=(Patch("bidirectional_forward", "rnn_forward(reverse_ragged(x, lengths), h0, *left)", "rnn_forward(reverse_ragged(x, lengths), h0, *right)"),),
        idea="each reading uses the weights of the other",
        hints=(
            "Which triple belongs to the network that starts at the first word?",
            "Set the weights in `left` to zero: which half of h should become zero, and which of yours does?",
            "The two triples have changed places.",
        ),
        source="own",
    ),
    Misconception(
        "bidirectional_forward", "states_added",
        replace="np.concatenate([h_right * real, reverse_ragged(h_left, lengths)], axis=2)",
        by="np.tile(h_right * real + reverse_ragged(h_left, lengths), 2)",
        idea="the two states are added up instead of being laid side by side",
        hints=(
            "How could a reader of h tell what came before from what comes after?",
            "Both of your halves are the same. Should they be?",
            "The states are concatenated; a sum mixes what the two readings know.",
        ),
        source="own",
    ),
    Misconception(
        "bidirectional_forward", "second_starts_where_first_ended",
        replace="rnn_forward(reverse_ragged(x, lengths), h0, *left)",
        by="rnn_forward(reverse_ragged(x, lengths), h_right[np.arange(N), lengths - 1], *left)",
        idea="the second reading starts from the last state of the first",
        hints=(
            "From which state does the second network start?",
            "Change the first word. The second half of h at the last word has not read it, and still moves in yours.",
            "The readings know nothing of each other: both start from zeros.",
        ),
        source="own",
    ),
    Misconception(
        "bidirectional_forward", "state_runs_on_in_the_padding",
        replace="[h_right * real, reverse_ragged", by="[h_right, reverse_ragged",
        idea="the first reading goes on through the padding, and its states there are returned",
        hints=(
            "What is h at a padded step, by the docstring?",
            "The second half is right everywhere. Look at the first half behind the end of a row.",
            "The states that the first network makes of the padding are not cleared.",
        ),
        source="docs/misconceptions.md 84",
    ),
    Misconception(
        "bidirectional_forward", "interleaved",
        replace="np.concatenate([h_right * real, reverse_ragged(h_left, lengths)], axis=2)",
        by="np.stack([h_right * real, reverse_ragged(h_left, lengths)], axis=3).reshape(N, T, 2 * H)",
        idea="the two states are interleaved, unit by unit",
        hints=(
            "Which reading does the second number of a state belong to?",
            "All your numbers are to be found in the right step, and with H = 1 you are right.",
            "First all units of the one reading, then all of the other.",
        ),
        source="own",
    ),
    # ----------------------------------------------------------------------- bidirectional_backward
    Misconception(
        "bidirectional_backward", "wrong_half",
        replace="dh[:, :, :H] * real, dh[:, :, H:]", by="dh[:, :, H:] * real, dh[:, :, :H]",
        idea="each reading is sent the other one's half of dh",
        hints=(
            "Which half of h did the first reading make, and which half of dh do you hand to it?",
            "Let dh be zero in its second half. Whose weights should then get no gradient?",
            "The two halves of dh have changed places.",
        ),
        source="own",
    ),
    Misconception(
        "bidirectional_backward", "gradient_not_turned_round",
        replace="rnn_backward(reverse_ragged(dh_left, lengths), cache_left)", by="rnn_backward(dh_left * real, cache_left)",
        idea="the gradient goes into the second reading in the order of the words",
        hints=(
            "The second network's first step read the last word. Which of the dh belongs to its first step?",
            "Rows of one step come out right. The gradients of the first reading are right too.",
            "What was turned round after the second reading has to be turned round on the way back.",
        ),
        source="docs/misconceptions.md 11",
    ),
    Misconception(
        "bidirectional_backward", "dx_not_turned_back",
        replace="dx_right + reverse_ragged(dx_left, lengths)", by="dx_right + dx_left * real",
        idea="the second reading's gradient of x is added in the order in which it was read",
        hints=(
            "The first step of the second reading read the last word. To which place of dx does its gradient belong?",
            "Only dx is wrong, and where a row has a single step it is right.",
            "The second share of dx stands at the mirror image of its place.",
        ),
        source="docs/misconceptions.md 11",
    ),
    Misconception(
        "bidirectional_backward", "whole_row_turned_round",
        replace="rnn_backward(reverse_ragged(dh_left, lengths), cache_left)", by="rnn_backward(dh_left[:, ::-1], cache_left)",
        idea="on the way back the whole padded row is turned round and not its real steps",
        hints=(
            "Forward, a row was turned round at its own end. Where do you turn round its gradient?",
            "With full rows only you are right.",
            "The gradient of a short row arrives at steps that belong to its padding.",
        ),
        source="own",
    ),
    Misconception(
        "bidirectional_backward", "gradient_not_masked",
        replace="dh[:, :, :H] * real", by="dh[:, :, :H]",
        idea="what dh holds at padded steps goes back through the first reading",
        hints=(
            "h is 0 at a padded step, whatever the weights are. What does a change of the weights do to it?",
            "The gradients of the second reading are right. Set dh to zero where rows are padded, and those of the first are right too.",
            "At padded steps h does not depend on anything, so that no gradient may pass there.",
        ),
        source="docs/misconceptions.md 65",
    ),
    Misconception(
        "bidirectional_backward", "only_the_first_reading",
        replace="dx = dx_right + reverse_ragged(dx_left, lengths)", by="dx = dx_right",
        idea="x gets its gradient from the first reading only",
        hints=(
            "How many networks read a word?",
            "Let dh be zero in its first half: is dx zero in yours? Should it be?",
            "A word that is read twice collects two gradients.",
        ),
        source="own",
    ),
    Misconception(
        "bidirectional_backward", "only_the_second_reading",
        replace="dx = dx_right + reverse_ragged(dx_left, lengths)", by="dx = reverse_ragged(dx_left, lengths)",
        idea="x gets its gradient from the second reading only",
        hints=(
            "How many networks read a word?",
            "Let dh be zero in its second half: is dx zero in yours? Should it be?",
            "A word that is read twice collects two gradients.",
        ),
        source="own",
    ),
    Misconception(
        "bidirectional_backward", "weights_gradients_exchanged",
        replace="_, *dright = rnn_backward(dh_right, cache_right)", by="_, *dleft = rnn_backward(dh_right, cache_right)",
        also=(Patch("bidirectional_backward", "_, *dleft = rnn_backward(reverse_ragged(dh_left, lengths), cache_left)", "_, *dright = rnn_backward(reverse_ragged(dh_left, lengths), cache_left)"),),
        idea="each triple gets the other one's gradients",
        hints=(
            "In which order are the two triples returned?",
            "Your dx is right, and all six gradients of the weights are to be found somewhere.",
            "The two triples of gradients have changed places.",
        ),
        source="own",
    ),
    Misconception(
        "bidirectional_backward", "gradients_shared",
        replace="    dx = dx_right +", by="    dright = dleft = [a + b for a, b in zip(dright, dleft)]\n    dx = dx_right +",
        idea="both networks get the sum of their gradients, as if they shared their weights",
        hints=(
            "How many matrices Wh are there, and how many gradients of them?",
            "Let dh be zero in its second half. Which of your gradients should then be zero?",
            "A sum would be right for one set of weights used twice. These are two sets.",
        ),
        source="docs/misconceptions.md 10",
    ),
)  # fmt: skip
