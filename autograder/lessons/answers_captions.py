"""Short answers: captions and translation.

Questions of notebooks 5 and 6, with numbers of each student's own.
"""

from autograder.lessons._answers import question

NUMBER = 20


@question(
    title="The least loss there can be",
    takes="captions[] odds[]",
    asks="Each scene has {captions} right captions. One of them is drawn {odds} times as often as "
    "each of the others, and which one that is can be learned. What is the least mean loss that a "
    "network can have on scenes it has never seen, in nats a caption?",
    hints=(
        "How probable is each of the captions, and what loss has the best network on it?",
        "With 4 captions that are equally frequent, it is 1.386.",
        "The best network gives each caption its frequency; average the loss by these, too.",
    ),
)
def least_loss(rng):
    return {"captions": rng.integers(3, 13), "odds": rng.integers(2, 10)}


@question(
    title="A longer sentence",
    takes="times[]",
    asks="A sentence becomes {times} times as long. How many times as many scores does one layer "
    "of self-attention compute, in which every position looks at every position?",
    hints=(
        "How many pairs of positions are there in a sentence of n words?",
        "Twice the length takes four times the work.",
        "Both the position that looks and the one that is looked at become more.",
    ),
)
def attention_work(rng):
    return {"times": round(rng.uniform(1.2, 8.0), 1)}


@question(
    title="How sure attention is",
    takes="gap[] others[]",
    asks="One score of an attention is {gap} above the other {others}, which are all equal. What "
    "is its weight?",
    hints=(
        "What does the softmax do with a number that is added to all of the scores?",
        "With a gap of 2 and a single other, the weight is 0.881.",
        "Put the others at 0: each of them adds 1 to the sum, and the large one its exponential.",
    ),
)
def sharp_weight(rng):
    return {"gap": round(rng.uniform(0.5, 5.0), 1), "others": rng.integers(2, 13)}


@question(
    title="What a sure decoder still learns",
    takes="weight[]",
    asks="An attention gives a position the weight {weight}. How large is the derivative of this "
    "weight by its own score?",
    hints=(
        "Which of the two cases of the derivative of a softmax is this one?",
        "A weight of one half has a derivative of 0.25.",
        "It is the weight times what is missing from it to 1.",
    ),
)
def weight_by_score(rng):
    return {"weight": round(rng.uniform(0.55, 0.99), 3)}


@question(
    title="Where two captions change places",
    takes="short[] long[] alpha[]",
    asks="A beam ends with two captions, one of {short} words and one of {long}, the end token "
    "counted. Scores are divided by the length to the power of {alpha}, and now both are equal. "
    "How many times as large is the log-probability of the longer one, as it was before the "
    "division?",
    hints=(
        "Write down that the two scores are equal. What can be brought to one side?",
        "For 4 and 9 words and a power of 0.5, it is 1.5.",
        "The ratio of the log-probabilities is the ratio of the lengths, to the same power.",
    ),
)
def ratio_at_a_tie(rng):
    short = rng.integers(4, 12)
    return {
        "short": short,
        "long": short + rng.integers(3, 10),
        "alpha": rng.choice([0.4, 0.5, 0.6, 0.7, 0.8, 1.2]),
    }


@question(
    title="Cases that tell: the brevity penalty",
    takes="candidates[5] references[5]",
    asks="Somebody's corpus_bleu has no brevity penalty; the rest is right. You have five cases, 1 "
    "to 5, with one candidate and one reference each, of whose n-grams of every length some "
    "match. The lengths of the candidates are, in this order, {candidates}, and those of the "
    "references {references}. In which cases is the result wrong? Return a list, such as [1, 4].",
    hints=(
        "For which candidates is the penalty not 1?",
        "Work it out for a candidate of 8 words and references of 7, 8 and 9.",
        "Only candidates that are shorter than their references are punished.",
    ),
    several=True,
)
def cases_that_tell_brevity(rng):
    references = rng.integers(8, 17, size=5)
    change = rng.permutation([-2, -1, 0, 1, rng.choice([-3, 2])])
    return {"candidates": references + change, "references": references}
