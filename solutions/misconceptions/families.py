"""Wrong ideas that somebody has in one function as well as in another."""

from dataclasses import replace

from autograder.authoring.families import Family
from autograder.problem import Misconception, Patch

CELLS = [
    {"cell": "rnn"},
    {"cell": "lstm"},
    {"cell": "gru"},
]
LSTM_AND_GRU = CELLS[1:]

FORTH, BACK = "for t in range(T):", "for t in reversed(range(T)):"

LAST_STEP = Misconception(
    "<cell>_forward", "last_step_left_out",
    replace=FORTH, by="for t in range(T - 1):",
    idea="the last step is never taken",
    hints=("How often does your loop run for T = 5, and how often for T = 1?", "Look at your last state: did anything write it?", "There are as many steps as inputs, and the last input is read too."),
    also=(Patch("<cell>_backward", BACK, "for t in reversed(range(T - 1)):"),),
    source="seen in real submissions",
)  # fmt: skip

FIRST_STEP = Misconception(
    "<cell>_forward", "first_step_left_out",
    replace=FORTH, by="for t in list(range(T))[1:]:",
    idea="the loop begins at time 1, and the first input is never read",
    hints=("At which time does your loop begin? How often does it run for T = 1?", "Change the first input: what changes in your result?", "Time is counted from 0, and the state before step 0 is h0."),
    also=(
        Patch("<cell>_forward", "steps = []", "steps = [None]"),
        Patch("<cell>_backward", BACK, "for t in reversed(range(1, T)):"),
    ),
    source="seen in real submissions",
)  # fmt: skip

KEPT_AXIS = Misconception(
    "<cell>_step_backward", "db_keeps_its_axis",
    replace="db = da.sum(axis=0)", by="db = da.sum(axis=0, keepdims=True)",
    idea="db keeps the axis that was summed over, as a table of one row",
    hints=("Which shape has b? Which one has your db?", "Only the number of axes of db differs, and none of its numbers.", "What is summed over should be gone: db is a plain row of numbers, like b."),
    also=(Patch("<cell>_backward", "np.zeros_like(b)\n", "np.zeros_like(b)[None]\n"),),
    source="docs/misconceptions.md 23",
)  # fmt: skip

ALSO_TRUNCATED = "rnn_backward_truncated"

MISCONCEPTIONS = (
    # ------------------------------------------------------------- the ends of a loop over time
    Family(LAST_STEP, LSTM_AND_GRU),
    Family(
        replace(LAST_STEP, also=(*LAST_STEP.also, Patch(ALSO_TRUNCATED, BACK, "for t in reversed(range(T - 1)):"))),
        CELLS[:1],
    ),
    Family(FIRST_STEP, LSTM_AND_GRU),
    Family(
        replace(FIRST_STEP, also=(*FIRST_STEP.also, Patch(ALSO_TRUNCATED, BACK, "for t in reversed(range(1, T)):"))),
        CELLS[:1],
    ),
    Family(
        Misconception(
            "<cell>_backward", "<which>_step_not_undone",
            replace=BACK, by="for t in reversed(range(<those>)):",
            idea="the <which> step is not undone",
            hints=("How many steps are taken forward, and how many back?", "Look at your dx at the <which> time: did anything write it?", "Every step that was taken has to be undone, from the last one to step 0."),
            source="seen in real submissions",
        ),
        [
            {**cell, **end}
            for cell in CELLS
            for end in ({"which": "first", "those": "1, T"}, {"which": "last", "those": "T - 1"})
        ],
    ),
    # ----------------------------------------------------------------- what is summed, and over what
    Family(KEPT_AXIS, LSTM_AND_GRU),
    Family(
        replace(KEPT_AXIS, also=(*KEPT_AXIS.also, Patch(ALSO_TRUNCATED, "np.zeros_like(b)\n", "np.zeros_like(b)[None]\n"))),
        CELLS[:1],
    ),
    Family(
        Misconception(
            "<cell>_step_backward", "db_<summed>",
            replace="db = da.sum(axis=0)", by="db = <sum>",
            idea="<idea>",
            hints=("Which shape has b, and how many numbers has your db?", "Each unit has a bias of its own. Which axis of the gradient counts the units?", "The rows of the batch share a bias, the units do not: only one of the two axes is summed over."),
            source="docs/misconceptions.md 23",
        ),
        [
            {**cell, **way}
            for cell in CELLS
            for way in (
                {"summed": "is_one_number", "sum": "da.sum()", "idea": "db is summed over the units too, down to one number"},
                {"summed": "over_units", "sum": "da.sum(axis=1)", "idea": "db is summed over the units instead of the batch"},
            )
        ],
    ),
    Misconception(
        "temporal_affine_backward", "db_keeps_its_axes",
        replace="db = dout.sum(axis=(0, 1))", by="db = dout.sum(axis=(0, 1), keepdims=True)",
        idea="db keeps the axes that were summed over",
        hints=("Which shape has b? Which one has your db?", "Only the number of axes of db differs, and none of its numbers.", "What is summed over should be gone: db is a plain row of numbers, like b."),
        source="docs/misconceptions.md 23",
    ),
    Family(
        Misconception(
            "<cell>_backward", "dh0_summed_over_steps",
            replace="dWx += dWx_t", by="dWx += dWx_t\n        total = dprev_h if t == T - 1 else total + dprev_h",
            idea="dh0 collects what every step sends back, and not only what step 0 does",
            hints=("How often is h0 used in the forward pass, and how often is Wx?", "For T = 1 your dh0 is right.", "The weights are used at every step and collect; h0 enters step 0 alone, and so does its gradient leave there."),
            also=(Patch("<cell>_backward", "dh0 = dprev_h", "dh0 = total"),),
            source="docs/misconceptions.md 30",
        ),
        CELLS,
    ),
    # ---------------------------------------------------------------------- axes that are squeezed away
    Family(
        Misconception(
            "<problem>", "squeezed",
            replace="<result>", by="<result squeezed>",
            idea="every axis of length 1 is squeezed out of <name>",
            hints=("What does squeeze do to a batch of one?", "Where no axis has length 1 you are right. Print the shape of your <name> for N = 1.", "A batch of one row is still a batch: <name> keeps all its axes, also where one is of length 1."),
            source="docs/misconceptions.md 14",
        ),
        [
            {"problem": "rnn_step_forward", "name": "next_h", "result": "next_h = np.tanh(a)", "result squeezed": "next_h = np.squeeze(np.tanh(a))"},
            {"problem": "lstm_step_forward", "name": "next_h", "result": "next_h = o * tanh_c", "result squeezed": "next_h = np.squeeze(o * tanh_c)"},
            {"problem": "gru_step_forward", "name": "next_h", "result": "next_h = (1 - z) * prev_h + z * n", "result squeezed": "next_h = np.squeeze((1 - z) * prev_h + z * n)"},
            *(
                {"problem": f"{cell}_forward", "name": "h", "result": "cache = (x, h0, Wx, Wh, b, steps)", "result squeezed": "h = np.squeeze(h)\n    cache = (x, h0, Wx, Wh, b, steps)"}
                for cell in ("rnn", "lstm", "gru")
            ),
            {"problem": "temporal_affine_forward", "name": "out", "result": "out = x @ W + b", "result squeezed": "out = np.squeeze(x @ W + b)"},
            {"problem": "word_embedding_forward", "name": "out", "result": "out = W[x]", "result squeezed": "out = np.squeeze(W[x])"},
        ],
    ),
    # -------------------------------------------------------------------- two arguments of one shape
    Family(
        Misconception(
            "<problem>", "<name>", function="<function>",
            replace="<right>", by="<wrong>",
            idea="<what> and <other> change places <where>",
            hints=("Two arrays of one shape stand next to each other. How does Python know which is which?", "Nothing complains, for both are (N, H). Compare your call with the signature, name by name.", "One of the two is exchanged for the other where the step is called: <what> and <other>."),
            source="own",
        ),
        [
            {"problem": "lstm_forward", "name": "states_exchanged_going_in", "function": "", "what": "the hidden state", "other": "the cell state", "where": "on the way into the step", "right": "lstm_step_forward(x[:, t], prev_h, prev_c,", "wrong": "lstm_step_forward(x[:, t], prev_c, prev_h,"},
            {"problem": "lstm_forward", "name": "states_exchanged_coming_out", "function": "", "what": "the hidden state", "other": "the cell state", "where": "on the way out of the step", "right": "prev_h, prev_c, step = lstm_step_forward", "wrong": "prev_c, prev_h, step = lstm_step_forward"},
            {"problem": "lstm_backward", "name": "gradients_exchanged_going_in", "function": "", "what": "the gradient along h", "other": "the gradient along c", "where": "on the way into the step", "right": "lstm_step_backward(dnext_h, dprev_c,", "wrong": "lstm_step_backward(dprev_c, dnext_h,"},
            {"problem": "lstm_backward", "name": "gradients_exchanged_coming_out", "function": "", "what": "the gradient along h", "other": "the gradient along c", "where": "on the way out of the step", "right": "dx[:, t], dprev_h, dprev_c, dWx_t", "wrong": "dx[:, t], dprev_c, dprev_h, dWx_t"},
            {"problem": "cell_traces", "name": "states_exchanged_going_in", "function": "", "what": "the hidden state", "other": "the cell state", "where": "on the way into the step", "right": "lstm_step_forward(x[None, :], h, c,", "wrong": "lstm_step_forward(x[None, :], c, h,"},
            {"problem": "captioning_sample_lstm", "name": "states_exchanged_going_in", "function": "CaptioningRNN.sample", "what": "the hidden state", "other": "the cell state", "where": "on the way into the step", "right": "lstm_step_forward(x, h, c,", "wrong": "lstm_step_forward(x, c, h,"},
            {"problem": "captioning_sample_lstm", "name": "states_exchanged_coming_out", "function": "CaptioningRNN.sample", "what": "the hidden state", "other": "the cell state", "where": "on the way out of the step", "right": "h, c, _ = lstm_step_forward", "wrong": "c, h, _ = lstm_step_forward"},
        ],
    ),
)  # fmt: skip
