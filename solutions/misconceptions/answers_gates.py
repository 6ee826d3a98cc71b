"""Wrong answers to the questions of notebook 2 that are known: formulas with a part missing."""

from autograder.problem import Misconception

MISCONCEPTIONS = (
    # ---------------------------------------------------------------- belt_left
    Misconception(
        "belt_left", "lost_instead",
        replace="answer = gate**steps", by="answer = 1 - gate**steps",
        idea="it is the share that is lost, and not the share that is left",
        hints=(
            "Should the answer grow or shrink with the number of steps?",
            "Work out what a single step leaves.",
            "What is asked for and your number add up to 1.",
        ),
        source="own",
    ),
    Misconception(
        "belt_left", "tanh_gate",
        replace="gate = 1 / (1 + np.exp(-bias))", by="gate = np.tanh(bias)",
        idea="the gate is taken to be the tanh of its bias",
        hints=(
            "Between which two numbers does a gate lie?",
            "Where does the gate stand with a bias of 0?",
            "A gate goes through a sigmoid; the tanh is for the candidate.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- bias_that_keeps
    Misconception(
        "bias_that_keeps", "the_gate",
        replace="answer = np.log(gate / (1 - gate))", by="answer = gate",
        idea="the gate's value is given, and not the bias that leads to it",
        hints=(
            "Is your number one that goes into the sigmoid, or one that comes out?",
            "Put your number into the sigmoid.",
            "You have the value of the gate; go back through the sigmoid.",
        ),
        source="own",
    ),
    Misconception(
        "bias_that_keeps", "one_step",
        replace="gate = share ** (1 / steps)", by="gate = share",
        idea="the gate is to keep that share at every single step",
        hints=(
            "Over how many steps is the share to be kept?",
            "What is left after two steps with your bias?",
            "Each step may lose only a little: the shares of all steps multiply.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- lstm_numbers
    Misconception(
        "lstm_numbers", "three_blocks",
        replace="rows * 4 * H", by="rows * 3 * H",
        idea="only the three gates are counted, without the candidate",
        hints=(
            "Which four things does an LSTM compute from x and h?",
            "Count the columns of Wx.",
            "The candidate g has weights of its own, as each gate has.",
        ),
        source="own",
    ),
    Misconception(
        "lstm_numbers", "no_biases",
        replace="D + H + 1", by="D + H",
        idea="the biases are left out",
        hints=(
            "Which arrays does the question name?",
            "For D = 1 and H = 1, count again.",
            "The third array is missing from your number.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- gru_units
    Misconception(
        "gru_units", "four_thirds",
        replace="while 3 * (answer + 1) * (D + answer + 2) <= most",
        by="while 3 * (answer + 1) <= 4 * H",
        idea="the units are taken to be four thirds as many, as if all weights grew alike",
        hints=(
            "Which of the arrays grow with the units, and which with their square?",
            "Count the numbers of a GRU with your number of units.",
            "Your GRU has as wide rows as the LSTM, and more of them: it is larger.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- rounds_of_a_stack
    Misconception(
        "rounds_of_a_stack", "each_alone",
        replace="steps + up", by="steps * layers",
        idea="every cell is computed by itself, as if none could be done at the same time",
        hints=(
            "Does layer 1 at step 2 have to wait for layer 2 at step 1?",
            "For 2 layers and 3 steps, write down which cells can be done together.",
            "You have counted all the cells; those on a diagonal are done in one round.",
        ),
        source="own",
    ),
    Misconception(
        "rounds_of_a_stack", "layers_free",
        replace="steps + up", by="steps",
        idea="the layers are taken to cost no time at all",
        hints=(
            "At the first step, can all layers be computed in one round?",
            "Take a sequence of a single step.",
            "The layers above have to wait at the start, one round each.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- gru_unit
    Misconception(
        "gru_unit", "other_convention",
        replace="kept = (1 - z) * h\n    answer = kept + z * candidate",
        by="kept = z * h\n    answer = kept + (1 - z) * candidate",
        idea="the gate weighs the old state, as in PyTorch, and not the new one",
        hints=(
            "What does the slide's unit do when z is 1?",
            "Compute it with a gate at 0 and see what is left.",
            "The two weights are exchanged: this is the other convention.",
        ),
        source="own",
    ),
)  # fmt: skip
