"""Wrong ideas about the GRU."""

from dataclasses import replace

from autograder.authoring.families import Family, orders
from autograder.problem import Misconception, Patch

SPLIT = """Wxz, Wxr, Wxn = np.split(Wx, 3, axis=1)
    Whz, Whr, Whn = np.split(Wh, 3, axis=1)
    bz, br, bn = np.split(b, 3)"""
SPLIT_IN_ORDER = """Wx<1>, Wx<2>, Wx<3> = np.split(Wx, 3, axis=1)
    Wh<1>, Wh<2>, Wh<3> = np.split(Wh, 3, axis=1)
    b<1>, b<2>, b<3> = np.split(b, 3)"""
BACK_IN_ORDER = (
    Patch("gru_step_backward", "Whz, Whr, Whn = np.split", "Wh<1>, Wh<2>, Wh<3> = np.split"),
    Patch("gru_step_backward", "np.concatenate([da_z, da_r, da_n], axis=1)", "np.concatenate([da_<1>, da_<2>, da_<3>], axis=1)"),
)  # fmt: skip
OF_DWH = "np.concatenate([prev_h.T @ da_z, prev_h.T @ da_r, (r * prev_h).T @ da_n], axis=1)"
DWH_IN_ORDER = (
    "np.concatenate([{'z': prev_h.T @ da_z, 'r': prev_h.T @ da_r, 'n': <dWhn>}[block] "
    "for block in '<1><2><3>'], axis=1)"
)

# Somebody who reads the blocks in another order writes his gradients in that order, too.
IN_ANOTHER_ORDER = Misconception(
    "gru_step_forward", "blocks_<1>_<2>_<3>",
    replace=SPLIT, by=SPLIT_IN_ORDER,
    idea="the three blocks are taken in the order <order>",
    hints=(
        "Write the names of the three blocks above the columns of Wx. Where does the file say which comes first?",
        "Raise the first third of b by 20: what happens to your state, and what should happen?",
        "Your blocks follow each other in another order than the one at the top of the file.",
    ),
    also=(
        *BACK_IN_ORDER,
        Patch("gru_step_backward", OF_DWH, DWH_IN_ORDER.replace("<dWhn>", "(r * prev_h).T @ da_n")),
        Patch("gru_to_other_convention", "sign[:H] = -1", "sign[<at z> * H : (<at z> + 1) * H] = -1"),
    ),
    source="docs/misconceptions.md 39",
)  # fmt: skip

OLD_STATE_KEPT_BY_Z = (
    Patch("gru_step_backward", "dz = dnext_h * (n - prev_h)", "dz = dnext_h * (prev_h - n)"),
    Patch("gru_step_backward", "dn = dnext_h * z", "dn = dnext_h * (1 - z)"),
    Patch("gru_step_backward", "dnext_h * (1 - z) + dreset", "dnext_h * z + dreset"),
)
RESET_AFTER_PRODUCT = (
    Patch("gru_step_backward", "dreset = da_n @ Whn.T", "dreset = (da_n * r) @ Whn.T"),
    Patch("gru_step_backward", "dr = dreset * prev_h", "dr = da_n * (prev_h @ Whn)"),
    Patch("gru_step_backward", "+ dreset * r", "+ dreset"),
)

# Two of PyTorch's conventions at once; where somebody took over the third, too, his blocks are
# in the order r z n.
PYTORCH = Misconception(
    "gru_step_forward", "pytorch_gru<in order>",
    replace=SPLIT, by=SPLIT_IN_ORDER,
    idea="the cell is PyTorch's GRU: z keeps the old state, and the reset comes after the product<too>",
    hints=(
        "Two libraries may both call a cell a GRU. In how many places do their formulas differ?",
        "Push z's bias to +20, and then r's to -20: what should the next state be each time?",
        "Compare line by line with the four formulas at the top of the file: z weighs what is new, and r acts before Whn does.",
    ),
    also=(
        Patch("gru_step_forward", "(r * prev_h) @ Whn", "r * (prev_h @ Whn)"),
        Patch("gru_step_forward", "(1 - z) * prev_h + z * n", "z * prev_h + (1 - z) * n"),
        *BACK_IN_ORDER,
        *OLD_STATE_KEPT_BY_Z,
        *RESET_AFTER_PRODUCT,
        Patch("gru_step_backward", OF_DWH, DWH_IN_ORDER.replace("<dWhn>", "prev_h.T @ (da_n * r)")),
    ),
    source="seen in real submissions",
)  # fmt: skip

MISCONCEPTIONS = (
    Misconception(
        "gru_step_forward", "z_keeps",
        replace="next_h = (1 - z) * prev_h + z * n", by="next_h = z * prev_h + (1 - z) * n",
        idea="z weighs the old state, as in PyTorch",
        hints=("Push z's bias to +20: should the state freeze or be replaced?", "Training would not notice; loading weights would.", "In the lecture z weighs what is new."),
        source="docs/misconceptions.md 56",
    ),
    Misconception(
        "gru_step_forward", "reset_after_product",
        replace="(r * prev_h) @ Whn", by="r * (prev_h @ Whn)",
        idea="the reset comes after the product, as in PyTorch",
        hints=("Can unit 3's reset gate silence unit 3's contribution to unit 5?", "With H = 1 you are right.", "Reset the state first, then multiply."),
        source="docs/misconceptions.md 57",
    ),
    Misconception(
        "gru_step_forward", "z_keeps_throughout",
        replace="next_h = (1 - z) * prev_h + z * n", by="next_h = z * prev_h + (1 - z) * n",
        idea="z weighs the old state, as in PyTorch",
        hints=("Push z's bias to +20: should the state freeze or be replaced?", "Training would not notice; loading weights would.", "In the lecture z weighs what is new."),
        also=OLD_STATE_KEPT_BY_Z,
        source="docs/misconceptions.md 56",
    ),
    Misconception(
        "gru_step_forward", "reset_after_product_throughout",
        replace="(r * prev_h) @ Whn", by="r * (prev_h @ Whn)",
        idea="the reset comes after the product, as in PyTorch",
        hints=("Can unit 3's reset gate silence unit 3's contribution to unit 5?", "With H = 1 you are right.", "Reset the state first, then multiply."),
        also=(
            *RESET_AFTER_PRODUCT,
            Patch("gru_step_backward", "(r * prev_h).T @ da_n", "prev_h.T @ (da_n * r)"),
        ),
        source="docs/misconceptions.md 57",
    ),
    Misconception(
        "gru_step_forward", "no_reset",
        replace="(r * prev_h) @ Whn", by="prev_h @ Whn",
        idea="the reset gate is not used",
        hints=("Set r to 0: what may the candidate see?", "You compute a gate that you never use.", "The candidate sees only the part of the old state that r lets through."),
        source="docs/misconceptions.md 58",
    ),
    Misconception(
        "gru_step_forward", "update_gate_as_reset",
        replace="(r * prev_h) @ Whn", by="(z * prev_h) @ Whn",
        idea="the update gate does the resetting as well",
        hints=("Which of the two gates belongs in the candidate?", "You compute a gate that you never use.", "Resetting and updating are two decisions."),
        source="docs/misconceptions.md 58",
    ),
    Misconception(
        "gru_step_forward", "gates_exchanged",
        replace="Wxz, Wxr, Wxn = np.split(Wx, 3, axis=1)\n    Whz, Whr, Whn = np.split(Wh, 3, axis=1)\n    bz, br, bn = np.split(b, 3)", by="Wxr, Wxz, Wxn = np.split(Wx, 3, axis=1)\n    Whr, Whz, Whn = np.split(Wh, 3, axis=1)\n    br, bz, bn = np.split(b, 3)",
        idea="the blocks of z and r are exchanged, as in PyTorch's order r z n",
        hints=("Which block comes first here?", "Compare your split with the table in the handout.", "z r n, not r z n."),
        source="docs/misconceptions.md 58",
    ),
    Family(IN_ANOTHER_ORDER, orders("z r n", but=["r z n"])),
    Family(
        replace(IN_ANOTHER_ORDER, name="blocks_<1>_<2>_<3>_throughout"),
        [order for order in orders("z r n") if order["order"] == "r z n"],
    ),
    Family(
        PYTORCH,
        [
            {"1": "z", "2": "r", "3": "n", "in order": "", "too": ""},
            {"1": "r", "2": "z", "3": "n", "in order": "_r_z_n", "too": ", with its order of blocks, r z n"},
        ],
    ),
    Misconception(
        "gru_step_forward", "candidate_sigmoid",
        replace="n = np.tanh(x @ Wxn", by="n = sigmoid(x @ Wxn",
        idea="the candidate goes through a sigmoid",
        hints=("Should a state be able to become negative?", "Two of the three blocks are gates.", "The candidate is content."),
        source="docs/misconceptions.md 40",
    ),
    Misconception(
        "gru_step_forward", "update_gate_tanh",
        replace="z = sigmoid(x @ Wxz", by="z = np.tanh(x @ Wxz",
        idea="the update gate goes through a tanh",
        hints=("Can a share be negative?", "1 - z should lie between 0 and 1.", "Gates use the sigmoid."),
        source="docs/misconceptions.md 40",
    ),
    Misconception(
        "gru_step_forward", "gates_not_coupled",
        replace="next_h = (1 - z) * prev_h + z * n", by="next_h = prev_h + z * n",
        idea="the old state is kept whole",
        hints=("Can the state grow without bound? Should it?", "What is taken in must make room for itself.", "The two shares add up to one."),
        source="own",
    ),
    Misconception(
        "gru_step_forward", "no_bias_in_candidate",
        replace="(r * prev_h) @ Whn + bn)", by="(r * prev_h) @ Whn)",
        idea="the candidate has no bias",
        hints=("With x and prev_h zero, what is the candidate?", "A third of b is unused.", "All three blocks have a bias here."),
        source="docs/misconceptions.md 4",
    ),
    # ---------------------------------------------------------------------------- gru_step_backward
    Misconception(
        "gru_step_backward", "keep_path_dropped",
        replace="dprev_h = dnext_h * (1 - z) + dreset * r", by="dprev_h = dreset * r",
        idea="the path along which the old state is kept is left out",
        hints=("The old state is used four times. How many of your terms are there?", "Only dprev_h is wrong.", "With z = 0 the gradient should pass unchanged."),
        source="own",
    ),
    Misconception(
        "gru_step_backward", "reset_path_dropped",
        replace="dnext_h * (1 - z) + dreset * r +", by="dnext_h * (1 - z) +",
        idea="the path through the candidate to the old state is left out",
        hints=("The old state is used four times. How many of your terms are there?", "Only dprev_h is wrong.", "What r lets through, it lets through in both directions."),
        source="own",
    ),
    Misconception(
        "gru_step_backward", "gate_paths_dropped",
        replace=" + da_z @ Whz.T + da_r @ Whr.T", by="",
        idea="the paths through the gates to the old state are left out",
        hints=("The old state is used four times. How many of your terms are there?", "Only dprev_h is wrong.", "Both gates have seen it."),
        source="own",
    ),
    Misconception(
        "gru_step_backward", "reset_forgotten_in_dprev_h",
        replace="dreset * r + da_z", by="dreset + da_z",
        idea="the reset gate is missing on the way back from the candidate",
        hints=("When r is 0, can the candidate tell the old state anything?", "Only dprev_h is wrong.", "The product rule: each factor's gradient carries the other."),
        source="docs/misconceptions.md 58",
    ),
    Misconception(
        "gru_step_backward", "dz_uses_candidate_only",
        replace="dz = dnext_h * (n - prev_h)", by="dz = dnext_h * n",
        idea="z is differentiated in one of its two places",
        hints=("How often does z stand in the last line of the formulas?", "If old state and candidate are equal, does z matter?", "More of the new is less of the old."),
        source="own",
    ),
    Misconception(
        "gru_step_backward", "dz_sign",
        replace="dz = dnext_h * (n - prev_h)", by="dz = dnext_h * (prev_h - n)",
        idea="the update gate's gradient has the other convention's sign",
        hints=("Which way does the state move when z grows?", "Blocks z of your gradients have the opposite sign.", "z weighs the new state."),
        source="docs/misconceptions.md 56",
    ),
    Misconception(
        "gru_step_backward", "dn_without_z",
        replace="dn = dnext_h * z", by="dn = dnext_h",
        idea="the candidate's gradient is not weighed by z",
        hints=("With z = 0, does the candidate matter?", "Block n is wrong, and what follows from it.", "What multiplied the candidate multiplies its gradient."),
        source="own",
    ),
    Misconception(
        "gru_step_backward", "no_candidate_slope",
        replace="da_n = dn * (1 - n**2)", by="da_n = dn",
        idea="the slope of the candidate's tanh is missing",
        hints=("The candidate was squashed. By what?", "Block n is wrong, and what follows from it.", "tanh has a slope."),
        source="docs/misconceptions.md 16",
    ),
    Misconception(
        "gru_step_backward", "dWh_without_reset",
        replace="(r * prev_h).T @ da_n", by="prev_h.T @ da_n",
        idea="the candidate's recurrent weights are paired with the whole old state",
        hints=("What exactly was multiplied by Whn?", "Only block n of dWh is wrong.", "It was the reset state."),
        source="docs/misconceptions.md 57",
    ),
    Misconception(
        "gru_step_backward", "no_gate_slopes",
        replace="    da_z = dz * z * (1 - z)\n    da_r = dr * r * (1 - r)", by="    da_z = dz\n    da_r = dr",
        idea="the slopes of the sigmoids are missing",
        hints=("How does a gate move when it is already wide open?", "Block n is right.", "Between a gate and its pre-activation stands a sigmoid."),
        source="docs/misconceptions.md 51",
    ),
    Misconception(
        "gru_step_backward", "db_mean",
        replace="db = da.sum(axis=0)", by="db = da.mean(axis=0)",
        idea="db is averaged over the batch",
        hints=("How do shared parameters collect gradient?", "Your db is the right one divided by something. By what?", "Sum, do not average."),
        source="docs/misconceptions.md 23",
    ),
    # ------------------------------------------------------------------------------------ sequences
    Misconception(
        "gru_forward", "h0_ignored",
        replace="prev_h = h0", by="prev_h = np.zeros_like(h0)",
        idea="the sequence starts from zeros instead of h0",
        hints=("Which state should step 0 see?", "Change h0: nothing happens.", "One of your arguments is unused."),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "gru_forward", "state_never_carried",
        replace="gru_step_forward(x[:, t], prev_h, Wx", by="gru_step_forward(x[:, t], h0, Wx",
        idea="every step starts again from h0",
        hints=("Your first step matches and the others do not: what should change between calls?", "Which arguments depend on t?", "The state a step returns is the state the next one receives."),
        source="docs/misconceptions.md 2",
    ),
    Misconception(
        "gru_backward", "recurrent_gradient_dropped",
        replace="dnext_h = dh[:, t] + dprev_h", by="dnext_h = dh[:, t]",
        idea="what later steps send back is not added",
        hints=("h[:, t] is used in two places; how many gradients reach it?", "Your last step is right.", "Add what the next step sends back."),
        source="docs/misconceptions.md 25",
    ),
    Misconception(
        "gru_backward", "weights_overwritten",
        replace="        dWx += dWx_t\n        dWh += dWh_t\n        db += db_t", by="        dWx, dWh, db = dWx_t, dWh_t, db_t",
        idea="the weight gradients of one step overwrite those of the others",
        hints=("One matrix, T uses.", "Your dWx equals the one of step 0 alone.", "Shared parameters collect from every step."),
        source="docs/misconceptions.md 28",
    ),
    # ---------------------------------------------------------------------- gru_to_other_convention
    Misconception(
        "gru_to_other_convention", "bias_not_negated",
        replace="Wh * sign, b * sign", by="Wh * sign, b.copy()",
        idea="the bias of z is not negated",
        hints=("What is 1 - sigma(a)?", "Two of your three arrays are right.", "The whole pre-activation changes its sign."),
        source="docs/misconceptions.md 56",
    ),
    Misconception(
        "gru_to_other_convention", "all_negated",
        replace="sign[:H] = -1", by="sign[:] = -1",
        idea="all blocks are negated",
        hints=("Which gate means something else in the other convention?", "A third of your numbers is right.", "The reset gate and the candidate mean the same in both."),
        source="docs/misconceptions.md 56",
    ),
    Misconception(
        "gru_to_other_convention", "reset_negated",
        replace="sign[:H] = -1", by="sign[H : 2 * H] = -1",
        idea="the block of r is negated instead of that of z",
        hints=("Which gate means something else in the other convention?", "z r n: count.", "It is the first block."),
        source="own",
    ),
    Misconception(
        "gru_to_other_convention", "one_minus_weights",
        replace="other_Wx, other_Wh, other_b = Wx * sign, Wh * sign, b * sign", by="other_Wx, other_Wh, other_b = [np.concatenate([1 - w[..., :H], w[..., H:]], axis=-1) for w in (Wx, Wh, b)]",
        idea="the weights of z are taken from 1, as if they were the gate",
        hints=("It is the gate that becomes 1 - z. What becomes of its pre-activation?", "Try a weight of zero: the gate is one half in both conventions.", "Push 1 - through the sigmoid."),
        source="own",
    ),
)  # fmt: skip
