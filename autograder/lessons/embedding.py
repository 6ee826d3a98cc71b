"""Words as vectors.

Tables of words, counts of neighbours, predicting neighbours, and asking the vectors.
"""

from copy import deepcopy

import numpy as np

from autograder.lessons._saturated import saturated
from autograder.problem import problem

NUMBER = 8

TABLE_SIZES = [dict(N=3, T=5, V=6, D=4), dict(N=1, T=4, V=3, D=2), dict(N=2, T=1, V=5, D=1)]


def one_word_again_and_again(case, rng):
    """The same word at every position."""
    return {**case, "x": np.full_like(case["x"], 2)}


def first_and_last_word(case, rng):
    """Both ends of the table are looked up."""
    x = case["x"].copy()
    x[0, 0], x[0, -1] = 0, len(case["W"]) - 1
    return {**case, "x": x}


@problem(
    points=3,
    title="Looking words up",
    takes="x[N,T]<V W[V,D]",
    gives="out[N,T,D]",
    sizes=TABLE_SIZES,
    edges=[first_and_last_word],
)
def word_embedding_forward(student, x, W):
    out, _ = student.word_embedding_forward(x, W)
    return {"out": out}


@problem(
    points=5,
    title="The gradient of a table",
    takes="x[N,T]<V W[V,D] dout[N,T,D]",
    gives="dW[V,D]",
    sizes=TABLE_SIZES,
    edges=[one_word_again_and_again],
    gradient_of="word_embedding_forward",
    large=dict(N=40, T=45, V=900, D=70),
)
def word_embedding_backward(student, x, W, dout):
    _, cache = student.word_embedding_forward(x, W)
    return {"dW": student.word_embedding_backward(dout, cache)}


def made_of_nothing_and_of_everything(case, rng):
    """The first thing has no part at all, the last one has all of them."""
    present = case["present"].copy()
    present[0], present[-1] = False, True
    return {**case, "present": present}


def a_row_for_each_thing(case, rng):
    """A local code: a thing is one part, another for each."""
    N, P = case["present"].shape
    return {**case, "present": np.arange(N)[:, None] % P == np.arange(P)[::-1]}


def units_on_and_off(case, rng):
    """A distributed code as in the lecture: each part is one unit, which is on or off."""
    return {**case, "table": np.eye(*case["table"].shape)}


@problem(
    points=2,
    title="A pattern from its parts",
    takes="present[N,P]? table[P,D]",
    gives="patterns[N,D]",
    sizes=[dict(N=6, P=5, D=4), dict(N=1, P=4, D=3), dict(N=3, P=4, D=1)],
    edges=[made_of_nothing_and_of_everything, a_row_for_each_thing, units_on_and_off],
)
def compose(student, present, table):
    return {"patterns": student.compose(present, table)}


def the_lectures_toy(case, rng):
    """Vertical or horizontal, rectangle or ellipse."""
    return {"choices": np.array([[2, 2]])}


def a_property_that_all_share(case, rng):
    """A property with a single value tells nothing apart, and has a unit."""
    choices = case["choices"].copy()
    choices[:, 0], choices[:, -1] = 1, 4
    return {"choices": choices}


def many_values(case, rng):
    """Enough values for the two codes to be far apart."""
    return {"choices": case["choices"] + 6}


@problem(
    points=2,
    title="How many things two codes tell apart",
    takes="choices[Q,A]",
    gives="local[Q,2] distributed[Q,2]",
    sizes=[dict(Q=6, A=3), dict(Q=5, A=4), dict(Q=7, A=1)],
    draw=lambda rng, sizes: {"choices": rng.integers(2, 6, size=(sizes["Q"], sizes["A"]))},
    edges=[the_lectures_toy, a_property_that_all_share, many_values],
)
def concepts_expressible(student, choices):
    """Asked several times in a case: a few whole numbers are too few to know a mistake by."""
    all_local, all_distributed = [], []
    for values in choices:
        local, distributed = student.concepts_expressible(values.copy())
        all_local.append(local)
        all_distributed.append(distributed)
    return {"local": all_local, "distributed": all_distributed}


def a_word_beside_itself(case, rng):
    """A text in which words are their own neighbours."""
    return {**case, "ids": np.repeat(case["ids"][::3], 3)[: len(case["ids"])]}


def words_that_do_not_occur(case, rng):
    """The last words of the vocabulary occur nowhere, and have their rows and columns."""
    return {**case, "ids": case["ids"] % (case["V"] - 1)}


@problem(
    points=4,
    title="The company a word keeps",
    takes="ids[T]<V V[]=V window[]=w",
    gives="C[V,V]",
    sizes=[dict(T=9, V=4, w=2), dict(T=7, V=5, w=1), dict(T=8, V=3, w=3)],
    edges=[a_word_beside_itself, words_that_do_not_occur],
)
def cooccurrence(student, ids, V, window):
    return {"C": student.cooccurrence(ids, int(V), int(window))}


def nobody_expects_it(case, rng):
    """The first target is so improbable that 1e-8 beside its probability would be seen."""
    b2 = case["b2"].copy()
    b2[case["targets"][0]] -= 25.0
    return {**case, "b2": b2}


def at_the_ends_and_unexpected(case, rng):
    """Every unit is at one of its ends, and all of them speak against the last target."""
    case = saturated("b1")(case, rng)
    W2, ends = case["W2"].copy(), np.sign(case["b1"])
    W2[:, case["targets"][-1]] = -25.0 * ends / len(ends)
    return {**case, "W2": W2}


@problem(
    points=6,
    title="A bigram neural language model",
    takes="words[N]<V targets[N]<V E[V,D] W1[D,H] b1[H] W2[H,V] b2[V]",
    gives="loss[] dE[V,D] dW1[D,H] db1[H] dW2[H,V] db2[V]",
    sizes=[dict(N=8, V=5, D=3, H=4), dict(N=1, V=4, D=2, H=3)],
    edges=[nobody_expects_it, at_the_ends_and_unexpected, saturated("b1")],
    gradient_of="bigram_lm_loss",
    large=dict(N=200, V=150, D=60, H=70),
)
def bigram_lm_loss(student, words, targets, E, W1, b1, W2, b2):
    params = {"E": E, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    loss, grads = student.bigram_lm_loss(params, words, targets)
    return {"loss": loss, **{f"d{name}": grads[name] for name in ("E", "W1", "b1", "W2", "b2")}}


def products_of_a_thousand(case, rng):
    """Vectors so long that an unshifted exponential overflows."""
    return {**case, "centers": 40 * case["centers"], "outsides": 40 * case["outsides"]}


def two_words_far_ahead(case, rng):
    """Two words are far ahead of all others, and one of them is ahead of the other."""
    outsides = case["outsides"].copy()
    v = case["centers"][case["center"]]
    outsides[:2] = np.outer([600.0, 598.0], v / (v @ v))
    return {**case, "outsides": outsides}


def the_likeliest_word_is_not_there(case, rng):
    """A word that is no neighbour is so far ahead that the others' probabilities are 0."""
    center, outsides = case["center"], case["outsides"].copy()
    v = case["centers"][center]
    outsides[0] = 1000 * v / (v @ v)
    outside = np.where(case["outside"] == 0, 1, case["outside"])
    return {**case, "outsides": outsides, "outside": outside}


def _ahead(case, by):
    """Word 0, which is no neighbour, is ahead of all others by that much."""
    center, outsides = case["center"], case["outsides"].copy()
    v = case["centers"][center]
    outsides[1:] *= 0.5
    outsides[0] = (by + (outsides[1:] @ v).max()) * v / (v @ v)
    outside = np.where(case["outside"] == 0, 1, case["outside"])
    outsides[1:] -= np.outer(outsides[1:] @ v - (outsides[1:] @ v).max(), v) / (v @ v)
    return {**case, "outsides": outsides, "outside": outside}


def hardly_possible(case, rng):
    """The neighbours' probabilities are so small that floating point has few digits for them."""
    return _ahead(case, 744.1)


def as_good_as_impossible(case, rng):
    """The neighbours' probabilities are about the smallest number above 0 that there is."""
    return _ahead(case, 744.75)


@problem(
    points=6,
    title="Skip-gram with a softmax",
    takes="center[]<V outside[J]<V centers[V,D] outsides[V,D]",
    gives="loss[] dcenters[V,D] doutsides[V,D]",
    sizes=[dict(V=5, J=7, D=3), dict(V=4, J=1, D=2)],
    edges=[
        products_of_a_thousand,
        two_words_far_ahead,
        the_likeliest_word_is_not_there,
        hardly_possible,
        as_good_as_impossible,
    ],
    gradient_of="skipgram_softmax_loss",
    large=dict(V=1500, D=60, J=40),
)
def skipgram_softmax_loss(student, center, outside, centers, outsides):
    loss, dcenters, doutsides = student.skipgram_softmax_loss(
        int(center), outside, centers, outsides
    )
    return {"loss": loss, "dcenters": dcenters, "doutsides": doutsides}


def _one_of_each(rng, sizes):
    """A true neighbour that is not among the negatives, one of which is drawn twice."""
    words = rng.permutation(sizes["V"])
    negatives = rng.choice(words[2:], size=sizes["K"])
    negatives[-1] = negatives[0]
    return {
        "center": words[0],
        "outside": words[1],
        "negatives": negatives,
        "centers": rng.normal(size=(sizes["V"], sizes["D"])),
        "outsides": rng.normal(size=(sizes["V"], sizes["D"])),
    }


def certain_and_wrong(case, rng):
    """The true neighbour is as good as ruled out, one negative as good as certain."""
    center, outside, negatives = case["center"], case["outside"], case["negatives"]
    centers, outsides = case["centers"].copy(), case["outsides"].copy()
    far = 1000 * centers[center] / np.sum(centers[center] ** 2)
    outsides[outside], outsides[negatives[0]] = -far, far
    return {**case, "centers": centers, "outsides": outsides}


def _likely_negative(case, product):
    """The product of one negative and the centre."""
    negative = case["negatives"][0]
    outsides, v = case["outsides"].copy(), case["centers"][case["center"]]
    outsides[negative] = product * v / (v @ v)
    return {**case, "outsides": outsides}


def a_negative_nearly_certain(case, rng):
    """One negative is so likely that 1 - sigma has few digits left."""
    return _likely_negative(case, 35.4)


def a_negative_all_but_certain(case, rng):
    """One negative is so likely that 1 - sigma is about the smallest step below 1."""
    return _likely_negative(case, 36.2)


def _words(case, center, outside, negatives):
    """The same vectors, asked about other words."""
    words = {"center": np.array(center), "outside": np.array(outside)}
    return {**case, **words, "negatives": np.array(negatives)}


def from_the_first_word_to_the_last(case, rng):
    """The centre is word 0, its neighbour word V-1."""
    V = len(case["centers"])
    return _words(case, 0, V - 1, np.full(3, rng.integers(1, V - 1)))


def from_the_last_word_to_the_first(case, rng):
    """The centre is word V-1, its neighbour word 0."""
    V = len(case["centers"])
    return _words(case, V - 1, 0, np.full(1, rng.integers(1, V - 1)))


def first_and_last_word_are_negatives(case, rng):
    """Words 0 and V-1 are negatives, one of them twice."""
    V = len(case["centers"])
    return _words(case, 0, rng.integers(1, V - 1), [V - 1, 0, V - 1])


@problem(
    points=6,
    title="Skip-gram with negative samples",
    takes="center[]<V outside[]<V negatives[K]<V centers[V,D] outsides[V,D]",
    gives="loss[] dcenters[V,D] doutsides[V,D]",
    sizes=[dict(V=6, K=5, D=3), dict(V=7, K=2, D=4)],
    edges=[
        products_of_a_thousand,
        certain_and_wrong,
        a_negative_nearly_certain,
        a_negative_all_but_certain,
        from_the_first_word_to_the_last,
        from_the_last_word_to_the_first,
        first_and_last_word_are_negatives,
    ],
    never={"V<3": "the true neighbour is none of the negatives, and a third word is neither"},
    draw=_one_of_each,
    gradient_of="skipgram_negative_loss",
    large=dict(V=1500, D=60, K=400),
)
def skipgram_negative_loss(student, center, outside, negatives, centers, outsides):
    loss, dcenters, doutsides = student.skipgram_negative_loss(
        int(center), int(outside), negatives, centers, outsides
    )
    return {"loss": loss, "dcenters": dcenters, "doutsides": doutsides}


def _of_many_lengths(rng, sizes):
    """Vectors whose lengths differ by a factor of a hundred."""
    lengths = np.geomspace(0.1, 10, sizes["V"])
    return rng.permuted(lengths)[:, None] * rng.normal(size=(sizes["V"], sizes["D"]))


CLEAR_LEAD = 1e-4
"""Of cosines: no arithmetic, in float32 either, changes which of two words is nearer."""


def _questions(rng, sizes):
    """More words than a question uses up, and too many questions for a wrong rule to get right."""
    V, E = sizes["V"], _of_many_lengths(rng, sizes)
    questions = [_clear_question(E, lambda: rng.permutation([0, V - 1, rng.integers(1, V - 1)]))]
    while len(questions) < sizes["Q"]:
        questions.append(_any_question(E, rng))
    return {"E": E, "questions": np.stack(questions)}


def _any_question(E, rng):
    """A clear question of any three words."""
    return _clear_question(E, lambda: rng.permutation(len(E))[:3])


def _clear_question(E, draw):
    """A question whose answer leads the next word by more than any rounding."""
    while True:
        question = draw()
        if _lead(E, question) > CLEAR_LEAD:
            return question


def _lead(E, question):
    """How far the answer of a question is ahead of the next word, as its docstring measures it."""
    V = len(E)
    part = np.zeros(V)
    part[question] = -1.0, 1.0, 1.0
    lengths = np.sqrt((E**2).sum(axis=1))
    agreement = (E / lengths[:, None]) @ (part / lengths @ E)
    others = sorted(agreement[word] for word in range(V) if word not in question)
    return others[-1] - others[-2] if len(others) > 1 else np.inf


def two_words_alike(case, rng):
    """Two words with the same direction: the smaller id comes first."""
    E = case["E"].copy()
    E[-1] = 2 * E[1]
    return {**case, "E": E, "query": E[1] + 0.1 * rng.normal(size=E.shape[1])}


def only_two_directions(case, rng):
    """Vectors of one number: all cosines are 1 or -1 exactly, and the ids decide."""
    V = len(case["E"])
    signs = np.resize([1.0, -1.0], V)
    E = (rng.permutation(signs) * 2.0 ** rng.integers(-3, 4, size=V))[:, None]
    return {**case, "query": np.array([2.0]), "E": E}


@problem(
    points=3,
    title="Nearest neighbours",
    takes="query[D] E[V,D] k[]=k",
    gives="ids[k]",
    sizes=[dict(V=9, D=4, k=5), dict(V=7, D=3, k=1), dict(V=1, D=3, k=1)],
    edges=[two_words_alike, only_two_directions],
    never={
        "k>all": "there are no more words than V",
        "query=0": "a vector of length zero has no direction",
        "E=0": "a vector of length zero has no direction",
    },
    draw=lambda rng, sizes: {
        "query": rng.normal(size=sizes["D"]),
        "E": _of_many_lengths(rng, sizes),
        "k": np.array(sizes["k"]),
    },
)
def nearest(student, query, E, k):
    return {"ids": student.nearest(query, E, int(k))}


def a_word_of_the_question_would_win(case, rng):
    """The other two stand on either side of the first word: what is asked for points its way."""
    E, questions = case["E"].copy(), case["questions"].copy()
    first, second, third = questions[0]
    while True:
        E[first] = rng.normal(size=E.shape[1])  # which word is nearest hangs on its direction alone
        aside = rng.normal(size=E.shape[1])
        aside -= E[first] * (aside @ E[first]) / (E[first] @ E[first])
        aside *= 0.6 * np.linalg.norm(E[first]) / np.linalg.norm(aside)
        E[second], E[third] = E[first] + aside, E[first] - aside
        if _lead(E, questions[0]) > CLEAR_LEAD:
            break

    # The others were clear among the vectors as they were.
    for number in range(1, len(questions)):
        if _lead(E, questions[number]) <= CLEAR_LEAD:
            questions[number] = _any_question(E, rng)
    return {**case, "E": E, "questions": questions}


@problem(
    points=4,
    title="King - man + woman",
    takes="E[V,D] questions[_,3]<V",
    gives="answers[Q]",
    sizes=[dict(V=17, D=3, Q=27), dict(V=18, D=2, Q=23)],
    draw=_questions,
    edges=[a_word_of_the_question_would_win],
    never={
        "V<4": "the words of the question do not compete, and one is left",
        "D=1": "all words point one way or the other: most are equally near",
        "E=0": "a vector of length zero has no direction",
        "questions equal": "the three words of a question are different",
    },
)
def analogy(student, E, questions):
    answers = [student.analogy(E.copy(), int(a), int(b), int(c)) for a, b, c in questions]
    return {"answers": answers}


def nobody_known(case, rng):
    """No pre-trained vector at all."""
    return {**case, "known": np.zeros_like(case["known"])}


@problem(
    points=3,
    title="Starting from pre-trained vectors",
    takes="known[V]? vectors[V,D] seed[]",
    gives="E[V,D] E_when_vectors_are_zeroed[V,D]",
    sizes=[dict(V=8, D=3), dict(V=5, D=2)],
    edges=[nobody_known],
    draw=lambda rng, sizes: {
        "known": np.arange(sizes["V"]) % 3 != 1,
        "vectors": rng.normal(1.0, 3.0, size=(sizes["V"], sizes["D"])),
        "seed": np.array(rng.integers(1000)),
    },
)
def init_embedding(student, known, vectors, seed):
    given = vectors.copy()
    E = student.init_embedding(known, given, np.random.default_rng(int(seed)))
    at_first = deepcopy(E)
    # A new array does not change with the one that was given.
    given[...] = 0.0
    return {"E": at_first, "E_when_vectors_are_zeroed": E}


def at_the_ends_and_surprised(case, rng):
    """Every unit is at one of its ends, and the first word's probability is hardly above 0."""
    case = saturated("b")(case, rng)
    V, ends = case["V"].copy(), np.sign(case["b"])
    V[:, case["ids"][0, 1]] = -25.0 * ends / len(ends)
    return {**case, "V": V}


@problem(
    points=6,
    title="A recurrent language model with two tables",
    takes="ids[N,T+1]<C s0[N,H] U[C,H] W[H,H] b[H] V[H,C]",
    gives="loss[] dU[C,H] dW[H,H] db[H] dV[H,C]",
    sizes=[dict(N=3, T=5, H=4, C=6), dict(N=1, T=3, H=2, C=4)],
    edges=[saturated("b"), at_the_ends_and_surprised],
    gradient_of="rnnlm_loss",
    large=dict(N=20, T=35, H=40, C=60),
)
def rnnlm_loss(student, ids, s0, U, W, b, V):
    loss, grads = student.rnnlm_loss({"U": U, "W": W, "b": b, "V": V}, ids, s0)
    return {"loss": loss, **{f"d{name}": grads[name] for name in ("U", "W", "b", "V")}}
