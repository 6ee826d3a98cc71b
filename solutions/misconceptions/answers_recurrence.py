"""Wrong answers to the questions of notebook 1 that are known: formulas with a part missing."""

from autograder.problem import Misconception

MISCONCEPTIONS = (
    # ---------------------------------------------------------------- slide_clipping
    Misconception(
        "slide_clipping", "the_factor_alone",
        replace="norm * threshold / squares", by="threshold / squares",
        idea="the factor by which it is shortened is taken for its norm afterwards",
        hints=(
            "You have a number by which the gradient is multiplied. What is asked for?",
            "Work out the norm of a gradient of norm 10 that is multiplied by 0.05.",
            "Your number is the factor; the norm afterwards is the norm before times that.",
        ),
        source="own",
    ),
    Misconception(
        "slide_clipping", "with_the_root",
        replace="squares = norm**2", by="squares = norm",
        idea="the gradient is clipped as it should be, and not as the slide does it",
        hints=(
            "What does the slide sum up, and what does it forget to take?",
            "Compare with a gradient of norm 10 and a threshold of 5, which ends at 0.5.",
            "You have clipped with the root; the question is what happens without it.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- unmasked_perplexity
    Misconception(
        "unmasked_perplexity", "mean_of_perplexities",
        replace="answer = np.exp(mean_loss)", by="answer = (delay * symbols + steps - delay) / steps",
        idea="the mean of the perplexities is taken, and not the perplexity of the mean loss",
        hints=(
            "Which of the two is averaged over the steps, the loss or the perplexity?",
            "Average 0 and ln 4 and take the exponential; then average 1 and 4.",
            "The losses are averaged first, and the exponential comes last.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- share_left
    Misconception(
        "share_left", "slopes_forgotten",
        replace="size * slope", by="size",
        idea="the slopes of the tanh are left out",
        hints=(
            "Which two things does a gradient meet on its way through one step?",
            "What would be left with a size of 1?",
            "The matrix is in it, and the slopes are not.",
        ),
        source="own",
    ),
    Misconception(
        "share_left", "slope_once",
        replace="one_step**steps", by="size**steps * slope",
        idea="the slope of the tanh is counted once instead of at every step",
        hints=(
            "How many tanhs are there on the way?",
            "With a size of 1, what do two steps leave, and what do three?",
            "The slope belongs to the step, so that it is there as often as the matrix.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- steps_to_vanish
    Misconception(
        "steps_to_vanish", "last_above",
        replace="sigma**answer >=", by="sigma ** (answer + 1) >=",
        idea="it is the last step at which the bound is not yet below",
        hints=(
            "What is the bound after that many steps: below the share or above it?",
            "Compute the bound for your number and for one more.",
            "After your number of steps the bound is still too large.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- steps_reached
    Misconception(
        "steps_reached", "a_whole_chunk",
        replace="steps - start_of_last", by="chunk",
        idea="the last chunk is taken for a whole one",
        hints=(
            "Do the chunks fit into the sequence without a rest?",
            "Write down where each chunk begins.",
            "The last chunk has only what the others have left over.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- cases_that_tell_h0
    Misconception(
        "cases_that_tell_h0", "Wh_overlooked",
        replace="h0[number - 1] != 0 and Wh[number - 1] != 0", by="h0[number - 1] != 0",
        idea="cases are listed in which h0 is multiplied by zeros",
        hints=(
            "By which way does h0 get into the first step?",
            "Compute a step with h0 = 5 and Wh = 0, and another with h0 = 0.",
            "Where Wh is zero, no h0 makes a difference.",
        ),
        source="own",
    ),
)  # fmt: skip
