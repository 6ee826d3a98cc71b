"""Wrong answers to the questions of notebooks 3 and 4 that are known."""

from autograder.problem import Misconception

MISCONCEPTIONS = (
    # ---------------------------------------------------------------- forgotten
    Misconception(
        "forgotten", "left_instead",
        replace="answer = 1 - left", by="answer = left",
        idea="it is the share that is left, and not the share that is forgotten",
        hints=(
            "Should the answer grow or shrink with the number of characters?",
            "Work out what a single character makes it forget.",
            "What is asked for and your number add up to 1.",
        ),
        source="own",
    ),
    Misconception(
        "forgotten", "sum_of_losses",
        replace="left = gate**characters", by="left = 1 - (1 - gate) * characters",
        idea="the same amount is taken to be lost at every character, and not the same share",
        hints=(
            "Is as much lost at the second character as at the first?",
            "Try a gate of 0.5 and three characters: can more than all be forgotten?",
            "Each character loses a share of what is still there.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- bigram_floor
    Misconception(
        "bigram_floor", "in_bits",
        replace="np.log(followers)", by="np.log2(followers)",
        idea="the loss is in bits, and not in nats",
        hints=(
            "Which logarithm belongs to nats?",
            "What is the loss of a guess between two, in nats?",
            "Your number is in bits.",
        ),
        source="own",
    ),
    Misconception(
        "bigram_floor", "among_the_ambiguous",
        replace="lost / letters", by="lost / ambiguous",
        idea="the mean is taken over the ambiguous letters only",
        hints=(
            "Over how many characters is the mean taken?",
            "What would the mean be, if only one letter of a hundred were ambiguous?",
            "The letters that are sure count as well, with a loss of zero.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- odds_at_temperature
    Misconception(
        "odds_at_temperature", "odds_divided",
        replace="np.exp(logit / temperature)", by="odds / temperature",
        idea="the odds are divided by the temperature, and not the logits",
        hints=(
            "Where does the temperature come in, before the exponential or after it?",
            "What should happen to equal odds at another temperature?",
            "The logits are divided, and then the exponential is taken.",
        ),
        source="own",
    ),
    Misconception(
        "odds_at_temperature", "multiplied",
        replace="logit / temperature", by="logit * temperature",
        idea="the logits are multiplied by the temperature instead of divided",
        hints=(
            "Does a low temperature make the favourite more probable or less?",
            "Let the temperature go to 0, and see what becomes of your odds.",
            "A temperature below 1 must make the odds larger.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- word_perplexity
    Misconception(
        "word_perplexity", "e_for_2",
        replace="2**bits_a_word", by="np.exp(bits_a_word)",
        idea="e is raised to a number of bits",
        hints=(
            "In which unit is the loss given, and which base belongs to it?",
            "What is the perplexity of a fair coin, which has 1 bit?",
            "Bits go with 2, nats with e.",
        ),
        source="own",
    ),
    Misconception(
        "word_perplexity", "times_characters",
        replace="2**bits_a_word", by="2**bits * characters",
        idea="the perplexity of a character is multiplied by the characters of a word",
        hints=(
            "If each of two letters is one of ten, how many pairs are there?",
            "Compute the perplexity for words of a single character, and of two.",
            "Perplexities multiply from character to character; what adds up is the bits.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- products_of_one_hot
    Misconception(
        "products_of_one_hot", "the_row_alone",
        replace="answer = table", by="answer = numbers",
        idea="only the row that is wanted is counted",
        hints=(
            "Does a product with a matrix know beforehand which of its factors are zero?",
            "Write out the product for 3 words and vectors of 2 numbers.",
            "The zeros are multiplied, too.",
        ),
        source="own",
    ),
    # ---------------------------------------------------------------- cases_that_tell_repeats
    Misconception(
        "cases_that_tell_repeats", "the_others",
        replace="len(set(ids)) < len(ids)", by="len(set(ids)) == len(ids)",
        idea="the cases are listed in which nothing can be seen",
        hints=(
            "What is asked for, the cases with a right dW or those with a wrong one?",
            "Take four different words: what do writing and adding give?",
            "You have listed the cases in which both give the same.",
        ),
        source="own",
    ),
)  # fmt: skip
