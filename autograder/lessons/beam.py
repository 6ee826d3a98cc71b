"""Beam search.

Score a sentence, take the best word each time, keep the best few beginnings instead.

The decoder in these problems is a small table: `table[a, b, c]` is log p(c | a, b), the next word
given the last two. Its state is the word before the last, one row for each hypothesis: it tells
when states and words get out of step. Hypotheses go back as arrays: `ids` padded with -1, `scores`
padded with 0.
"""

import itertools

import numpy as np

from autograder.compare import alike
from autograder.lessons._numbers import real, whole
from autograder.problem import problem

NUMBER = 10

SEARCH = "table[V,V,V] state[1,1]<V start[]<V end[]<V beam_size[]=B max_length[]=T alpha[]"


NO_SUCH_TABLE = {
    "V<3": "the start word, the end word and another one take three",
    "table=0": "not all words have probability 1",
}


def decoder(table):
    """The table as a `step` function, which refuses words and states that do not fit together."""

    def step(state, ids):
        state, ids = np.asarray(state), np.asarray(ids)
        # Without this, numpy would broadcast, and the search would go on with another sentence.
        if ids.ndim != 1 or state.ndim != 2 or len(state) != len(ids):
            raise ValueError(
                f"step was called with state of shape {state.shape} and ids of shape {ids.shape}: "
                "it takes one row of state and one id for each hypothesis, (K, 1) and (K,)"
            )
        return table[state[:, 0], ids], ids[:, None].copy()

    return step


def packed_ids(hypotheses, rows, columns):
    """Lists of ids as an array padded with -1, of the size asked for or as large as they need."""
    lists = [[whole(word) for word in ids] for ids in hypotheses]
    packed = np.full((max(rows, len(lists)), max([columns, *map(len, lists)])), -1)
    for row, ids in zip(packed, lists, strict=False):
        row[: len(ids)] = ids
    return packed


def packed_scores(scores, rows):
    """The scores as an array padded with 0, as long as asked for or as long as they need."""
    packed = np.zeros(max(rows, len(scores)))
    packed[: len(scores)] = [real(score) for score in scores]
    return packed


# ------------------------------------------------------------------------------ how cases are drawn


def log_softmax(x):
    """Logarithms of the softmax along the last axis."""
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def draw_search(rng, sizes):
    """A random table in which sentences end now and then."""
    V = sizes["V"]
    start, end = map(np.asarray, rng.choice(V, size=2, replace=False))
    scores = rng.normal(scale=1.0, size=(V, V, V))

    # The start word is seldom the best; the end word comes about one time in four.
    scores[:, :, start] -= 2.0
    others = np.exp(np.delete(scores, end, axis=2)).sum(axis=2)
    scores[:, :, end] = np.log(others / 3) + rng.normal(scale=0.5, size=(V, V))

    return {
        "table": log_softmax(scores),
        "state": np.array([[end]]),
        "start": start,
        "end": end,
        "beam_size": np.array(sizes["B"]),
        "max_length": np.array(sizes["T"]),
        "alpha": np.array(rng.uniform(0.6, 1.0)),
    }


def _renamed(arrays, start, end):
    """The same case where two words have other ids; the words in their way move aside."""
    V = len(arrays["table"])
    now_at = [word for word in range(V) if word not in (arrays["start"], arrays["end"])]
    for new, old in sorted([(start, int(arrays["start"])), (end, int(arrays["end"]))]):
        now_at.insert(new, old)
    state = np.array([[now_at.index(int(arrays["state"][0, 0]))]])
    words = {"start": np.array(start), "end": np.array(end), "state": state}
    return {**arrays, **words, "table": arrays["table"][np.ix_(now_at, now_at, now_at)]}


def from_start_to_end(arrays, rng):
    """The start word has the first id, the end word the last."""
    return _renamed(arrays, 0, len(arrays["table"]) - 1)


def from_end_to_start(arrays, rng):
    """The end word has the first id, the start word the last."""
    return _renamed(arrays, len(arrays["table"]) - 1, 0)


WORDS_AT_BOTH_ENDS = [from_start_to_end, from_end_to_start]


def _of_five_words(arrays, probabilities, start, end):
    """Two hypotheses and three words at most, from a table of five words, without a penalty."""
    return {
        **arrays,
        "table": log_softmax(np.log(probabilities)),
        "state": np.array([[end]]),
        "start": start,
        "end": end,
        "beam_size": np.array(2),
        "max_length": np.array(3),
        "alpha": np.array(0.0),
    }


def an_ending_takes_a_place(arrays, rng):
    """The end and a word fill the beam; a third word, just left out, leads to a better sentence."""
    start, end, second, third, other = rng.permutation(5)
    table = rng.uniform(0.19, 0.21, size=(5, 5, 5))
    table[end, start, [end, second, third, other, start]] = 0.4, 0.3, 0.2, 0.06, 0.04
    table[start, third] = 0.02
    table[start, third, end] = 0.92
    return _of_five_words(arrays, table, start, end)


def a_finished_one_makes_room(arrays, rng):
    """The end comes first; then two words fill the beam, and the second leads to the better end."""
    start, end, only, first, second = rng.permutation(5)
    table = rng.uniform(0.19, 0.21, size=(5, 5, 5))
    table[end, start] = 0.01
    table[end, start, [end, only]] = 0.4, 0.57
    table[start, only, [first, second, end, only, start]] = 0.5, 0.33, 0.07, 0.06, 0.04
    table[only, second] = 0.02
    table[only, second, end] = 0.92
    return _of_five_words(arrays, table, start, end)


def no_length_penalty(arrays, rng):
    """The plain sums of log-probabilities are compared."""
    return {**arrays, "alpha": np.array(0.0)}


def one_word_only(arrays, rng):
    """The search is cut off after its first step."""
    return {**arrays, "max_length": np.array(1)}


def tiny_probabilities(arrays, rng):
    """Words so unlikely that a product of probabilities is 0 after a few of them."""
    return {**arrays, "table": log_softmax(250 * arrays["table"])}


def improbable_ends(arrays, rng):
    """The end word is the least probable one everywhere, and lengths are not penalised."""
    table = 0.3 * arrays["table"]
    table[:, :, int(arrays["end"])] = table.min(axis=2) - 0.5
    return {**arrays, "table": log_softmax(table), "alpha": np.array(0.0)}


def impossible_words(arrays, rng):
    """About half of all words cannot follow, among them the start word."""
    table = arrays["table"].copy()
    impossible = rng.random(table.shape) < 0.5
    impossible[:, :, int(arrays["end"])] = False
    impossible[:, :, int(arrays["start"])] = True
    table[impossible] = -np.inf
    return {**arrays, "table": log_softmax(table)}


def over_after_two_words(arrays, rng):
    """One word or the end comes first, then only the end: over long before max_length."""
    start, end = int(arrays["start"]), int(arrays["end"])
    table = np.full_like(arrays["table"], -np.inf)
    table[:, :, end] = 0.0

    first = next(word for word in range(len(table)) if word not in (start, end))
    table[:, start, [first, end]] = np.log([0.7, 0.3])
    return {**arrays, "table": table}


def equal_scores(arrays, rng):
    """Only two different log-probabilities, -1 and -2: many hypotheses have the same score."""
    return {
        **arrays,
        "table": rng.choice([-1.0, -2.0], size=arrays["table"].shape),
        "alpha": np.array(0.0),
    }


# ------------------------------------------------------------------------------------- the problems


def draw_rescore(rng, sizes):
    """A table and a sentence of any words, likely or not."""
    arrays = draw_search(rng, {**sizes, "B": 1})
    sentence = rng.integers(sizes["V"], size=sizes["T"])
    return {**{name: arrays[name] for name in ("table", "state", "start")}, "ids": sentence}


@problem(
    points=2,
    title="The score of one hypothesis",
    takes="table[V,V,V] state[1,1]<V start[]<V ids[T]<V",
    gives="score[]",
    sizes=[dict(V=4, T=5), dict(V=3, T=1), dict(V=3, T=6)],
    draw=draw_rescore,
    edges=[tiny_probabilities],
    never=NO_SUCH_TABLE,
)
def rescore(student, table, state, start, ids):
    score = student.rescore(decoder(table), state, int(start), ids.tolist())
    return {"score": score}


def draw_greedy(rng, sizes):
    """A table and a limit; greedy decoding has no beam."""
    arrays = draw_search(rng, {**sizes, "B": 1})
    return {name: arrays[name] for name in ("table", "state", "start", "end", "max_length")}


def end_is_best(arrays, rng):
    """From the second word on, the end word is the most probable one, by a little."""
    table = arrays["table"].copy()
    end, start = int(arrays["end"]), int(arrays["start"])
    table[:, :, end] = np.delete(table, end, axis=2).max(axis=2) + 0.5
    # Not as the first word: there the state says that an end came before the start.
    table[end, start, end] -= 5.0
    return {**arrays, "table": log_softmax(table)}


def end_never_comes(arrays, rng):
    """The end word is so unlikely that max_length ends the sentence."""
    table = arrays["table"].copy()
    table[:, :, int(arrays["end"])] -= 9.0
    return {**arrays, "table": log_softmax(table)}


def only_one_word(arrays, rng):
    """max_length allows for one word, and that is not the end."""
    return {**end_never_comes(arrays, rng), "max_length": np.array(1)}


def each_word_calls_for_another(arrays, rng):
    """After every word another one is by far the likeliest: a stale word or state shows at once."""
    start, end, table = int(arrays["start"]), int(arrays["end"]), arrays["table"].copy()
    order = [start, *(word for word in range(len(table)) if word not in (start, end)), end]
    for word, following in itertools.pairwise(order):
        table[:, word, following] += 20.0
    return {**arrays, "table": log_softmax(table)}


def two_words_equally_good(arrays, rng):
    """Two words have the same probability, exactly and always, and no word has a higher one.

    Which two depends on the word before: who takes the other one writes another sentence.
    """
    V, start, end = len(arrays["table"]), int(arrays["start"]), int(arrays["end"])
    others = [word for word in range(V) if word != start and (word != end or V == 3)]
    table = np.full((V, V, V), -3.0)
    for before in range(V):
        best = [word for word in others if word != before] if len(others) > 2 else others
        table[:, before, best[:2]] = -1.0
    return {**arrays, "table": table, "max_length": np.array(12)}


@problem(
    points=3,
    title="Greedy decoding",
    takes="table[V,V,V] state[1,1]<V start[]<V end[]<V max_length[]=T",
    gives="ids[T] score[]",
    sizes=[dict(V=5, T=6), dict(V=4, T=1), dict(V=3, T=8), dict(V=7, T=8), dict(V=6, T=9)],
    draw=draw_greedy,
    edges=[
        end_is_best,
        end_never_comes,
        only_one_word,
        each_word_calls_for_another,
        two_words_equally_good,
        *WORDS_AT_BOTH_ENDS,
    ],
    never=NO_SUCH_TABLE,
)
def greedy(student, table, state, start, end, max_length):
    ids, score = student.greedy(decoder(table), state, int(start), int(end), int(max_length))
    return {"ids": packed_ids([ids], 1, int(max_length))[0], "score": score}


def draw_expand(rng, sizes):
    """K different hypotheses of one length, the best first, and rows of log-probabilities."""
    K, V, T = sizes["K"], sizes["V"], sizes["T"]
    codes = rng.choice(V**T, size=min(K, V**T), replace=False)
    return {
        "ids": codes[:, None] // V ** np.arange(T) % V,
        "scores": np.sort(rng.normal(-2.0, 0.5, size=len(codes)))[::-1].copy(),
        "log_probs": log_softmax(rng.normal(size=(len(codes), V))),
        "beam_size": np.array(sizes["B"]),
    }


def parents_unequal(arrays, rng):
    """The best parent is so far ahead that all survivors are its children."""
    scores = arrays["scores"].copy()
    scores[0] += 20.0
    return {**arrays, "scores": scores}


def children_equal(arrays, rng):
    """All pairs have the same score, and the parents are not in the order of their ids."""
    order = np.lexsort(arrays["ids"].T[::-1])[::-1]
    return {
        **arrays,
        "ids": arrays["ids"][order],
        "scores": np.full_like(arrays["scores"], -3.0),
        "log_probs": np.full_like(arrays["log_probs"], -1.0),
    }


def few_possible(arrays, rng):
    """One word is possible for each parent: fewer pairs than beam_size."""
    K, V = arrays["log_probs"].shape
    log_probs = np.full_like(arrays["log_probs"], -np.inf)
    log_probs[np.arange(K), rng.integers(V, size=K)] = -0.1
    return {**arrays, "log_probs": log_probs, "beam_size": np.array(K + 2)}


def smaller_ids_of_a_larger_sum(arrays, rng):
    """All pairs have the same score; what comes first as a list has the larger sum."""
    K, T = arrays["ids"].shape
    ids = np.zeros_like(arrays["ids"])
    ids[:, 0] = np.arange(K)
    ids[0, 1:] = arrays["log_probs"].shape[1] - 1
    return {
        **arrays,
        "ids": ids[::-1].copy(),
        "scores": np.full_like(arrays["scores"], -3.0),
        "log_probs": np.full_like(arrays["log_probs"], -1.0),
    }


@problem(
    points=4,
    title="The best pairs of parent and word",
    takes="ids[K,T]<V scores[K] log_probs[K,V] beam_size[]=B",
    gives="children[_,_] totals[_] parents[_] count[]",
    sizes=[dict(K=3, V=5, T=2, B=4), dict(K=1, V=3, T=2, B=4), dict(K=3, V=3, T=2, B=2)],
    draw=draw_expand,
    edges=[parents_unequal, children_equal, smaller_ids_of_a_larger_sum, few_possible],
)
def expand(student, ids, scores, log_probs, beam_size):
    alive = list(zip(ids.tolist(), scores.tolist(), strict=True))
    survivors = student.expand(alive, log_probs, int(beam_size))
    B, T = int(beam_size), ids.shape[1]
    parents = np.full(max(B, len(survivors)), -1)
    parents[: len(survivors)] = [whole(parent) for _, _, parent in survivors]
    return {
        "children": packed_ids([child for child, _, _ in survivors], B, T + 1),
        "totals": packed_scores([score for _, score, _ in survivors], B),
        "parents": parents,
        "count": len(survivors),
    }


def draw_rank(rng, sizes):
    """Hypotheses of all lengths 1..T, about equally good once length is taken into account."""
    K, T = 3 * sizes["K"], sizes["T"]
    lengths = rng.permutation(np.resize(np.arange(1, T + 1), K))
    ids = np.where(np.arange(T) < lengths[:, None], rng.integers(9, size=(K, T)), -1)
    alpha = rng.uniform(0.5, 0.8)
    return {
        "ids": ids,
        # score / length^alpha lies between -1.4 and -0.6, whatever the length
        "scores": -(lengths**alpha) * rng.uniform(0.6, 1.4, size=K),
        "alpha": np.array(alpha),
    }


def alpha_zero(arrays, rng):
    """The scores themselves are compared."""
    return {**arrays, "alpha": np.array(0.0)}


def alpha_one(arrays, rng):
    """The mean log-probability of a word is compared."""
    return {**arrays, "alpha": np.array(1.0)}


def alpha_above_one(arrays, rng):
    """Long hypotheses gain more than by their mean; those of length 1 lose nothing."""
    lengths = (arrays["ids"] >= 0).sum(axis=1)
    alpha = np.array(1.6)
    return {**arrays, "alpha": alpha, "scores": arrays["scores"] * lengths ** (1 - arrays["alpha"])}


def equally_good(arrays, rng):
    """The same score for all and no length penalty: the ids decide."""
    return {**arrays, "scores": np.full_like(arrays["scores"], -2.0), "alpha": np.array(0.0)}


@problem(
    points=3,
    title="Long against short",
    takes="ids[3K,T] scores[3K] alpha[]",
    gives="ranked_ids[3K,T] ranked_scores[3K]",
    sizes=[dict(K=6, T=5), dict(K=1, T=2), dict(K=7, T=4)],
    draw=draw_rank,
    edges=[alpha_zero, alpha_one, alpha_above_one, equally_good],
)
def rank(student, ids, scores, alpha):
    lists = [[word for word in row if word >= 0] for row in ids.tolist()]
    ranked = student.rank(list(zip(lists, scores.tolist(), strict=True)), float(alpha))
    return {
        "ranked_ids": packed_ids([words for words, _ in ranked], *ids.shape),
        "ranked_scores": packed_scores([score for _, score in ranked], len(ids)),
    }


def search(student, table, state, start, end, beam_size, max_length, alpha):
    """`beam_search` on a table, with plain Python numbers as scalars and a state of its own."""
    numbers = int(start), int(end), int(beam_size), int(max_length), float(alpha)
    return student.beam_search(decoder(table), state.copy(), *numbers)


@problem(
    points=5,
    title="Beam search",
    takes=SEARCH,
    gives="ids[_,_] scores[_] count[]",
    sizes=[dict(B=3, V=5, T=6), dict(T=4, V=5, B=7), dict(V=4, B=2, T=7)],
    draw=draw_search,
    edges=[
        no_length_penalty,
        one_word_only,
        tiny_probabilities,
        improbable_ends,
        impossible_words,
        over_after_two_words,
        equal_scores,
        an_ending_takes_a_place,
        a_finished_one_makes_room,
        *WORDS_AT_BOTH_ENDS,
    ],
    never=NO_SUCH_TABLE,
)
def beam_search(student, table, state, start, end, beam_size, max_length, alpha):
    results = search(student, table, state, start, end, beam_size, max_length, alpha)
    return {
        "ids": packed_ids([ids for ids, _ in results], int(beam_size), int(max_length)),
        "scores": packed_scores([score for _, score in results], int(beam_size)),
        "count": len(results),
    }


def draw_small_search(rng, sizes):
    """At most 4^3 sentences, so that all of them fit into the beam."""
    small = {"V": min(sizes["V"], 4), "B": 1, "T": 3}
    arrays = draw_search(rng, small)
    return {name: arrays[name] for name in ("table", "state", "start", "end", "alpha")}


def every_sentence(V, end, max_length):
    """All sentences that end in `end`, or are cut off at max_length."""
    going_on = [[]]
    for length in range(1, max_length + 1):
        longer = [[*ids, word] for ids in going_on for word in range(V)]
        yield from (ids for ids in longer if ids[-1] == end or length == max_length)
        going_on = [ids for ids in longer if ids[-1] != end]


def limit_properties(inputs, answers):
    """What the search found, beside greedy decoding, all sentences, and their scores."""
    V, end = len(inputs["table"]), int(inputs["end"])
    only_one = answers["narrow_count"] == 1
    greedy = np.array_equal(answers["narrow_ids"], answers["greedy_ids"])
    sentences = sorted(every_sentence(V, end, 3))
    everything = packed_ids(sentences, len(sentences), 3)
    return {
        "narrow_is_greedy": only_one and greedy,
        "wide_finds_all": np.array_equal(answers["wide_ids"], everything),
        "scores_are_rescored": alike(answers["wide_scores"], answers["rescored"]),
    }


@problem(
    points=2,
    title="Beam search between its two limits",
    of="beam_search",
    takes="table[V,V,V] state[1,1]<V start[]<V end[]<V alpha[]",
    # All scores, not their number: that depends on V alone.
    gives="narrow_ids[3] wide_best[3] wide_scores[_]",
    holds="narrow_is_greedy wide_finds_all scores_are_rescored",
    brings="narrow_count[] greedy_ids[3] wide_ids[_,3] rescored[_]",
    properties=limit_properties,
    sizes=[dict(V=4), dict(V=3)],
    draw=draw_small_search,
    edges=[*WORDS_AT_BOTH_ENDS, end_never_comes],
    never=NO_SUCH_TABLE,
)
def beam_search_limits(student, table, state, start, end, alpha):
    V, step = len(table), decoder(table)
    narrow = search(student, table, state, start, end, 1, 3, alpha)
    wide = search(student, table, state, start, end, V**3, 3, alpha)
    greedy_ids, _ = student.greedy(step, state.copy(), int(start), int(end), 3)

    # By their words: where two are nearly equally good, rounding decides which comes first.
    by_words = sorted(([whole(word) for word in ids], real(score)) for ids, score in wide)
    sentences = [ids for ids, _ in by_words]
    rescored = [student.rescore(step, state.copy(), int(start), list(ids)) for ids in sentences]
    return {
        "narrow_ids": packed_ids([ids for ids, _ in narrow[:1]], 1, 3)[0],
        "wide_best": packed_ids([ids for ids, _ in wide[:1]], 1, 3)[0],
        "wide_scores": packed_scores([score for _, score in by_words], len(wide)),
        "narrow_count": len(narrow),
        "greedy_ids": packed_ids([greedy_ids], 1, 3)[0],
        "wide_ids": packed_ids(sentences, len(sentences), 3),
        "rescored": packed_scores(rescored, len(sentences)),
    }
