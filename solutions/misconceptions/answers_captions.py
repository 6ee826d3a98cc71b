"""Wrong answers to the questions of notebooks 5 and 6 that are known."""

from autograder.problem import Misconception

MISCONCEPTIONS = (
    # ---------------------------------------------------------------- least_loss
    Misconception(
        "least_loss", "equal_shares",
        replace="favourite = odds / (odds + captions - 1)\n    other = 1 / (odds + captions - 1)",
        by="favourite = other = 1 / captions",
        idea="all captions are taken to be equally frequent",
        hints=(
            "How often is each of the captions drawn?",
            "Write down the probabilities and see whether they add up to 1.",
            "One of the captions is more frequent, so that it has a smaller loss and counts more.",
        ),
        source="own",
    ),
    Misconception(
        "least_loss", "the_favourite_alone",
        replace="-favourite * np.log(favourite) - (captions - 1) * other * np.log(other)",
        by="-np.log(favourite)",
        idea="only the most frequent caption's loss is counted",
        hints=(
            "Over which captions is the mean taken?",
            "What is the loss on one of the others, and how often does that come?",
            "The other captions come too, with a larger loss each.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- attention_work
    Misconception(
        "attention_work", "linear",
        replace="looking * times", by="looking",
        idea="the work is taken to grow as the length does, as in an RNN",
        hints=(
            "At how many others does each of the positions look?",
            "Count the scores for 2 words and for 4.",
            "That is what an RNN takes; in self-attention two numbers grow.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- sharp_weight
    Misconception(
        "sharp_weight", "one_other",
        replace="large + others", by="large + 1",
        idea="there is taken to be only one other score",
        hints=(
            "Over how many scores does the softmax sum?",
            "Compute all of the weights and add them up.",
            "Each of the other scores has its own term in the sum.",
        ),
        source="own",
    ),
    Misconception(
        "sharp_weight", "no_exponential",
        replace="large = np.exp(gap)", by="large = gap",
        idea="the scores are divided by their sum without an exponential",
        hints=(
            "What comes before the division in a softmax?",
            "What should the weights be, if the gap is zero?",
            "The exponential is missing.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- weight_by_score
    Misconception(
        "weight_by_score", "of_another_score",
        replace="weight * missing", by="-weight * missing",
        idea="it is the derivative by another score, and not by its own",
        hints=(
            "Does a weight grow or shrink when its own score grows?",
            "Take two scores and make the first one a little larger.",
            "By its own score the derivative is positive.",
        ),
        source="own",
    ),
    Misconception(
        "weight_by_score", "what_is_missing",
        replace="weight * missing", by="missing",
        idea="it is the derivative of the weight's logarithm, and not of the weight",
        hints=(
            "Of what is the derivative asked for, the weight or its logarithm?",
            "Check it with a weight of one half.",
            "A factor is missing: the weight itself.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- ratio_at_a_tie
    Misconception(
        "ratio_at_a_tie", "upside_down",
        replace="ratio = long / short", by="ratio = short / long",
        idea="the ratio is upside down",
        hints=(
            "Is the longer caption's log-probability nearer to zero or further away?",
            "Put both into the formula and see whether the scores are equal.",
            "The longer one is divided by more, so that it was larger before.",
        ),
        source="own",
    ),
    Misconception(
        "ratio_at_a_tie", "no_power",
        replace="ratio**alpha", by="ratio",
        idea="the lengths are compared without the power",
        hints=(
            "By what exactly is a score divided?",
            "Put a power of 0 into it: what should the ratio be then?",
            "The power is missing.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- cases_that_tell_brevity
    Misconception(
        "cases_that_tell_brevity", "every_difference",
        replace="candidates[number - 1] < references[number - 1]",
        by="candidates[number - 1] != references[number - 1]",
        idea="candidates that are too long are listed, too",
        hints=(
            "Is a long candidate punished by the penalty, or by something else?",
            "What is the penalty of a candidate of 9 words with a reference of 7?",
            "The penalty is for brevity only.",
        ),
        source="own",
    ),
)  # fmt: skip
