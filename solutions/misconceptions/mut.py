"""Wrong ideas about the three mutants."""

from autograder.problem import Misconception

UNWEIGHTED = (
    "What width must x have to be added to the state?",
    "Try D = 1: numpy says nothing. Should your function?",
    "Compare the two widths first, and raise what the docstring says.",
)

MISCONCEPTIONS = (
    # -------------------------------------------------------------------------------------- forward
    Misconception(
        "mut1_step_forward", "recurrent_term_in_z",
        replace='z = sigmoid(x @ params["Wxz"] + params["bz"])', by='z = sigmoid(x @ params["Wxz"] + prev_h @ params["Whr"] + params["bz"])',
        idea="z is given a recurrent term",
        hints=("MUT1's update gate looks at one source only.", "Change prev_h: does your z change?", "Copy the formula symbol by symbol."),
        source="docs/misconceptions.md 59",
    ),
    Misconception(
        "mut1_step_forward", "z_for_r",
        replace='np.tanh((r * prev_h) @ params["Whh"]', by='np.tanh((z * prev_h) @ params["Whh"]',
        idea="z is used where r should reset the state",
        hints=("Which gate stands before h in the candidate?", "You compute a gate that you never use.", "Resetting is r's work."),
        source="docs/misconceptions.md 59",
    ),
    Misconception(
        "mut1_step_forward", "tanh_closes_too_early",
        replace='np.tanh((r * prev_h) @ params["Whh"] + np.tanh(x) + params["bh"])', by='np.tanh((r * prev_h) @ params["Whh"]) + np.tanh(x) + params["bh"]',
        idea="the outer tanh closes before tanh(x)",
        hints=("Which range must the candidate live in?", "Where does the outer bracket close?", "All three terms stand inside it."),
        source="docs/misconceptions.md 60",
    ),
    Misconception(
        "mut1_step_forward", "x_not_squashed",
        replace="np.tanh(x) + params", by="x + params",
        idea="x enters the candidate without its own tanh",
        hints=("How many tanh does MUT1's candidate have?", "For small x you are nearly right.", "There is one inside the other."),
        source="docs/misconceptions.md 60",
    ),
    Misconception(
        "mut1_step_forward", "z_weighs_old",
        replace="next_h = n * z + prev_h * (1 - z)", by="next_h = prev_h * z + n * (1 - z)",
        idea="z weighs the old state",
        hints=("Push z's bias to +20: freeze or replace?", "The lecture's last line decides.", "z weighs the new state."),
        source="docs/misconceptions.md 56",
    ),
    Misconception(
        "mut1_step_forward", "broadcasts_silently",
        replace="if x.shape[1] != prev_h.shape[1]:", by="if x.shape[1] not in (1, prev_h.shape[1]):",
        idea="an input of width 1 is broadcast over the state",
        hints=UNWEIGHTED, source="docs/misconceptions.md 60",
    ),
    Misconception(
        "mut2_step_forward", "x_weighted_in_r",
        replace='r = sigmoid(x + prev_h @ params["Whr"]', by='r = sigmoid(x @ params["Wxz"] + prev_h @ params["Whr"]',
        idea="x is given a weight in r",
        hints=("How many matrices does MUT2 have for x?", "x stands alone in one place.", "Copy the formula symbol by symbol."),
        source="docs/misconceptions.md 60",
    ),
    Misconception(
        "mut2_step_forward", "no_recurrent_term_in_z",
        replace='z = sigmoid(x @ params["Wxz"] + prev_h @ params["Whz"] + params["bz"])', by='z = sigmoid(x @ params["Wxz"] + params["bz"])',
        idea="z lacks its recurrent term, as in MUT1",
        hints=("Which of the three cells has a z without the state?", "One of the matrices is unused.", "MUT2's update gate looks at both."),
        source="docs/misconceptions.md 59",
    ),
    Misconception(
        "mut2_step_forward", "no_reset",
        replace='(r * prev_h) @ params["Whh"]', by='prev_h @ params["Whh"]',
        idea="the reset gate is not used",
        hints=("Set r to 0: what may the candidate see?", "You compute a gate that you never use.", "r multiplies the state before the product."),
        source="docs/misconceptions.md 58",
    ),
    Misconception(
        "mut2_step_forward", "broadcasts_silently",
        replace="if x.shape[1] != prev_h.shape[1]:", by="if x.shape[1] not in (1, prev_h.shape[1]):",
        idea="an input of width 1 is broadcast over the state",
        hints=UNWEIGHTED, source="docs/misconceptions.md 60",
    ),
    Misconception(
        "mut3_step_forward", "state_not_squashed_in_z",
        replace='np.tanh(prev_h) @ params["Whz"]', by='prev_h @ params["Whz"]',
        idea="the tanh of the state is forgotten inside z",
        hints=("One gate sees a squashed state. Which?", "For small states you are nearly right.", "Copy the formula symbol by symbol."),
        source="docs/misconceptions.md 60",
    ),
    Misconception(
        "mut3_step_forward", "state_squashed_in_r_too",
        replace='prev_h @ params["Whr"]', by='np.tanh(prev_h) @ params["Whr"]',
        idea="the state is squashed inside r as well",
        hints=("One gate sees a squashed state. Which?", "For small states you are nearly right.", "Only z does."),
        source="docs/misconceptions.md 60",
    ),
    Misconception(
        "mut3_step_forward", "reset_after_product",
        replace='(r * prev_h) @ params["Whh"]', by='r * (prev_h @ params["Whh"])',
        idea="the reset comes after the product",
        hints=("Can unit 3's reset gate silence unit 3's contribution to unit 5?", "Reset, then multiply, or the other way round?", "The bracket closes before the matrix."),
        source="docs/misconceptions.md 57",
    ),
    # ------------------------------------------------------------------------------------- backward
    Misconception(
        "mut1_step_backward", "unweighted_x_forgotten",
        replace=" + da_n * (1 - np.tanh(x) ** 2)", by="",
        idea="the way by which x enters without a weight is left out",
        hints=("x is used three times. How many terms has your dx?", "Only dx is wrong.", "tanh(x) stands in the candidate by itself."),
        source="own",
    ),
    Misconception(
        "mut1_step_backward", "no_inner_slope",
        replace="da_n * (1 - np.tanh(x) ** 2)", by="da_n",
        idea="the slope of the inner tanh is missing",
        hints=("How many tanh did x go through?", "Only dx is wrong.", "Both have a slope."),
        source="docs/misconceptions.md 16",
    ),
    Misconception(
        "mut1_step_backward", "state_gets_z_path",
        replace='dprev_h = dnext_h * (1 - z) + dreset * r + da_r @ params["Whr"].T', by='dprev_h = dnext_h * (1 - z) + dreset * r + (da_r + da_z) @ params["Whr"].T',
        idea="the state is given a gradient through z, which never saw it",
        hints=("Which gates of MUT1 see the state?", "Only dprev_h is wrong.", "z looks at x alone."),
        source="docs/misconceptions.md 59",
    ),
    Misconception(
        "mut2_step_backward", "unweighted_x_forgotten",
        replace=' + da_r + da_n @', by=' + da_n @',
        idea="the way by which x enters r without a weight is left out",
        hints=("x is used three times. How many terms has your dx?", "Only dx is wrong.", "x stands in r by itself."),
        source="own",
    ),
    Misconception(
        "mut2_step_backward", "Whh_without_reset",
        replace='"Whh": (r * prev_h).T @ da_n', by='"Whh": prev_h.T @ da_n',
        idea="Whh is paired with the whole state instead of the reset one",
        hints=("What exactly was multiplied by Whh?", "Only one of your gradients is wrong.", "It was the reset state."),
        source="docs/misconceptions.md 57",
    ),
    Misconception(
        "mut2_step_backward", "keep_path_dropped",
        replace="dprev_h = dnext_h * (1 - z) + dreset * r", by="dprev_h = dreset * r",
        idea="the path along which the state is kept is left out",
        hints=("The state is used four times. How many terms are there?", "Only dprev_h is wrong.", "With z = 0 the gradient passes unchanged."),
        source="own",
    ),
    Misconception(
        "mut3_step_backward", "no_slope_of_squashed_state",
        replace="dsquashed * (1 - squashed**2)", by="dsquashed",
        idea="the slope of the tanh inside z is missing",
        hints=("Which gate saw a squashed state?", "Only dprev_h is wrong.", "That tanh has a slope too."),
        source="docs/misconceptions.md 16",
    ),
    Misconception(
        "mut3_step_backward", "Whz_paired_with_state",
        replace='"Whz": squashed.T @ da_z', by='"Whz": prev_h.T @ da_z',
        idea="Whz is paired with the state instead of its tanh",
        hints=("What exactly was multiplied by Whz?", "Only one of your gradients is wrong.", "It was the squashed state."),
        source="docs/misconceptions.md 20",
    ),
    Misconception(
        "mut3_step_backward", "dz_sign",
        replace="da_z = dnext_h * (n - prev_h)", by="da_z = dnext_h * (prev_h - n)",
        idea="the update gate's gradient has the wrong sign",
        hints=("Which way does the state move when z grows?", "Everything that comes through z has the opposite sign.", "z weighs the new state."),
        source="docs/misconceptions.md 56",
    ),
)  # fmt: skip
