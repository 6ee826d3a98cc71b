"""Short answers: characters and words.

Questions of notebooks 3 and 4, with numbers of each student's own.
"""

from autograder.lessons._answers import question

NUMBER = 19


@question(
    title="What a counter forgets",
    takes="gate[] characters[]",
    asks="A cell counts brackets, and its forget gate stands at {gate} instead of 1. Which share "
    "of a bracket has it forgotten {characters} characters later?",
    hints=(
        "Which share does one character leave, and which share do two leave?",
        "A gate of 0.99 has forgotten 0.63 after a hundred characters.",
        "What is left is a power of the gate; what is forgotten is the rest.",
    ),
)
def forgotten(rng):
    return {"gate": round(rng.uniform(0.95, 0.995), 3), "characters": rng.integers(20, 150)}


@question(
    title="What no bigram can know",
    takes="letters[] ambiguous[] followers[]",
    asks="A long text repeats a word of {letters} letters. After {ambiguous} of its letters, "
    "{followers} different letters follow equally often; after each of the others there is only "
    "one that can follow. What is the least mean loss that a bigram model can have on it, in nats "
    "a character?",
    hints=(
        "What is the loss at a letter after which only one can follow?",
        'For "hello" with its two letters l, followed by l or o, it is 0.277: check that first.',
        "The uncertain letters lose a logarithm each; divide by all the letters, sure ones too.",
    ),
)
def bigram_floor(rng):
    return {
        "letters": rng.integers(8, 25),
        "ambiguous": rng.integers(2, 7),
        "followers": rng.integers(2, 5),
    }


@question(
    title="Temperature",
    takes="odds[] temperature[]",
    asks="At temperature 1, one character is {odds} times as probable as another. How many times "
    "as probable is it at temperature {temperature}?",
    hints=(
        "What does the temperature divide, and what is the logarithm of the odds?",
        "Odds of 3 become 9 at a temperature of 0.5.",
        "The logits' difference is divided by the temperature: the odds are raised to a power.",
    ),
)
def odds_at_temperature(rng):
    return {
        "odds": round(rng.uniform(1.5, 6.0), 1),
        "temperature": rng.choice([0.4, 0.5, 0.6, 0.7, 0.8, 1.25, 1.5, 2.0, 2.5]),
    }


@question(
    title="From characters to words",
    takes="bits[] characters[]",
    asks="A character model needs {bits} bits a character. A word has {characters} characters on "
    "average, the space included. What is the model's perplexity per word?",
    hints=(
        "How many bits does the model need for a whole word?",
        "With 1 bit a character, a word of 3 characters has a perplexity of 8.",
        "Bits add up over the characters; the perplexity is 2 to the power of their sum.",
    ),
)
def word_perplexity(rng):
    return {"bits": round(rng.uniform(1.0, 2.4), 2), "characters": round(rng.uniform(4.0, 6.5), 1)}


@question(
    title="One-hot or lookup",
    takes="words[] numbers[]",
    asks="A vocabulary has {words} words, and their vectors have {numbers} numbers. How many "
    "multiplications does it take to multiply one one-hot vector by the table, if none is left "
    "out? (A whole number.)",
    hints=(
        "What is the shape of the one-hot vector, and what that of the table?",
        "With 3 words and vectors of 2 numbers there are 6.",
        "Each number of the table is multiplied once, by a zero or by the one.",
    ),
)
def products_of_one_hot(rng):
    return {"words": 1000 * rng.integers(20, 400), "numbers": rng.choice([25, 50, 100, 200, 300])}


@question(
    title="Cases that tell: repeated words",
    takes="first[4] second[4] third[4] fourth[4] fifth[4]",
    asks="Somebody's word_embedding_backward writes each row of dout into the row of its word, "
    "instead of adding it there; the rest is right, and no number in dout is zero. You have five "
    "cases with these ids: 1: {first}; 2: {second}; 3: {third}; 4: {fourth}; 5: {fifth}. In which "
    "cases is dW wrong? Return a list, such as [1, 4].",
    hints=(
        "When do writing and adding give the same, in a table that was zero before?",
        "Take two words, once two different ones and once the same one twice.",
        "Only where a word comes again is the row that was written first lost.",
    ),
    several=True,
)
def cases_that_tell_repeats(rng):
    repeated = set(rng.permutation(5)[: rng.integers(2, 4)].tolist())
    cases = {}
    for number, name in enumerate(("first", "second", "third", "fourth", "fifth")):
        ids = rng.permutation(10)[:4]
        if number in repeated:
            one, other = rng.permutation(4)[:2]
            ids[one] = ids[other]
        cases[name] = ids
    return cases
