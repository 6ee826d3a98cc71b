"""The character model.

One-hot letters, a bigram model from counts, the recurrent model's loss, and drawing from it; then
"hello".
"""

import numpy as np

from autograder.lessons._numbers import fitted, real
from autograder.lessons._refusals import outcomes, refuses
from autograder.lessons._saturated import FAR, both_ends, saturated
from autograder.problem import problem

NUMBER = 3

PARAMS = "Wx[V,H] Wh[H,H] b[H] Why[H,V] by[V]"
GRADIENTS = " ".join(f"d{tensor}" for tensor in PARAMS.split())

# "hello", with the vocabulary h, e, l, o.
HELLO = np.array([0, 1, 2, 2, 3])
BIGRAM_FLOOR = 2 * np.log(2) / 4
STEPS, STEP_SIZE = 60, 0.1

# How many texts one model writes in a case of `sample`, each with a row of draws of its own.
TEXTS = 8


# ------------------------------------------------------------------------------------------ one-hot


def all_the_same(case, rng):
    """One character, over and over."""
    return {**case, "ids": np.full_like(case["ids"], case["ids"][0, 0])}


def one_hot_properties(inputs, answers):
    """What became of ids below 0, of ids that are too large, and of those between."""
    refused = answers["refused"]
    return {
        "refuses_negative_ids": refuses(refused, bad=(0, 1), good=(4,)),
        "refuses_too_large_ids": refuses(refused, bad=(2, 3), good=(4,)),
    }


@problem(
    points=1,
    title="Characters as one-hot vectors",
    takes="ids[N,T]<V V[]=V",
    gives="x[N,T,V] row[T,V] alone[V] many[N,1,T,V]",
    holds="refuses_negative_ids refuses_too_large_ids",
    brings="refused[5]",
    properties=one_hot_properties,
    sizes=[dict(N=3, T=4, V=5), dict(N=1, T=1, V=3)],
    edges=[all_the_same],
)
def one_hot(student, ids, V):
    V = int(V)
    row, many = student.one_hot(ids[0].copy(), V), student.one_hot(ids[:, None].copy(), V)
    alone = student.one_hot(np.array(ids[0, 0]), V)
    x = student.one_hot(ids, V)

    def among_others(one):
        return lambda: student.one_hot(np.array([0, one, V - 1]), V)

    # numpy would take -1 and -V without a word, for the last row and the first.
    refused = outcomes(*map(among_others, (-1, -V, V, V + 2, V - 1)))
    return {"x": x, "row": row, "alone": alone, "many": many, "refused": refused}


# ------------------------------------------------------------------------------------------ bigrams


def draw_text(rng, sizes):
    """A text in which every character is followed by another, some pairs far more often."""
    V = sizes["V"]
    habits = rng.dirichlet(np.full(V, 0.6), size=V)
    ids = list(range(V))
    while len(ids) < 8 * V:
        ids.append(int(rng.choice(V, p=habits[ids[-1]])))
    return {"ids": np.array([*ids, 0]), "V": np.array(V)}


def last_character_is_new(case, rng):
    """The last character occurs nowhere else, so nothing ever follows it."""
    last = int(case["V"]) - 1
    return {**case, "ids": np.append(np.where(case["ids"] == last, 0, case["ids"]), last)}


def a_character_never_occurs(case, rng):
    """One more character in the vocabulary than in the text."""
    return {**case, "V": case["V"] + 1}


def hello(case, rng):
    """The lecture's text."""
    return {"ids": HELLO.copy(), "V": np.array(4)}


def a_text_of_one_character(case, rng):
    """No pair at all."""
    return {**case, "ids": case["ids"][:1]}


@problem(
    points=4,
    title="The best bigram model, from counts",
    takes="ids[_]<V V[]=V",
    gives="log_probs[_,_]",
    sizes=[dict(V=5), dict(V=3)],
    draw=draw_text,
    edges=[last_character_is_new, a_character_never_occurs, hello, a_text_of_one_character],
)
def bigram_log_probs(student, ids, V):
    return {"log_probs": student.bigram_log_probs(ids, int(V))}


# ------------------------------------------------------------------------------ the recurrent model


def steep(case, rng):
    """Large scores, and a last character that is not expected at all: large gradients, too."""
    by = case["by"].copy()
    by[case["ids"][0, -1]] -= 200
    return {**case, "Why": 40 * case["Why"], "by": by}


@problem(
    points=7,
    title="Loss and gradients of the character model",
    takes=PARAMS + " ids[N,T+1]<V h0[N,H]",
    gives="loss[] " + GRADIENTS + " hT[N,H]",
    sizes=[dict(N=3, T=5, V=4, H=6), dict(N=1, T=4, V=3, H=2), dict(N=2, T=1, V=5, H=3)],
    edges=[steep, saturated("b")],
    gradient_of="charlm_loss",
    large=dict(N=20, T=35, V=45, H=50),
)
def charlm_loss(student, Wx, Wh, b, Why, by, ids, h0):
    params = {"Wx": Wx, "Wh": Wh, "b": b, "Why": Why, "by": by}
    loss, grads, hT = student.charlm_loss(params, ids, h0)
    gradients = {f"d{name}": grads[name] for name in ("Wx", "Wh", "b", "Why", "by")}
    return {"loss": loss, **gradients, "hT": hT}


# ------------------------------------------------------------------------------------------ drawing


def draw_scores(rng, sizes):
    """Scores of which no two in a row are nearly equal: rounding decides nothing."""
    N, V = sizes["N"], sizes["V"]

    # Multiples of 1/8, which float32 holds exactly however large they get in the cases below.
    halves = rng.permuted(np.tile(np.arange(V) * 0.5, (N, 1)), axis=1)
    logits = halves + rng.integers(4, size=(N, V)) / 8

    return {
        "logits": logits - rng.integers(8, size=(N, 1)) / 4,
        "temperature": np.array(rng.uniform(0.4, 0.8)),
        "top_k": np.array(sizes["k"]),
    }


def ties(case, rng):
    """More scores share the k-th place than there is room for."""
    logits, k = case["logits"], int(case["top_k"])
    N, V = logits.shape
    tied = np.tile(np.where(np.arange(V) < k - 1, 3.0, 1.25), (N, 1))
    return {**case, "logits": rng.permuted(tied, axis=1)}


def hot(case, rng):
    """Above 1 the temperature evens out."""
    return {**case, "temperature": np.array(rng.uniform(2.0, 4.0))}


def cool(case, rng):
    """Well below any temperature that is drawn, and not so low that one score takes all."""
    return {**case, "temperature": np.array(0.25)}


def only_the_largest(case, rng):
    """top_k = 1 leaves nothing to chance."""
    return {**case, "top_k": np.array(1)}


def room_for_more(case, rng):
    """A top_k larger than the vocabulary."""
    return {**case, "top_k": np.array(case["logits"].shape[1] + 3)}


def scores_of_a_thousand(case, rng):
    """Rows far above and far below what an exponential can take; one score towers over its row."""
    heights = np.where(np.arange(len(case["logits"])) % 2, -1500.0, 1000.0)
    logits = case["logits"] + heights[:, None]
    logits[-1, 0] += 1000
    return {**case, "logits": logits}


def settings_properties(inputs, answers):
    """What became of three settings that make no sense, and of one that does."""
    refused = answers["refused"]
    return {
        "refuses_a_temperature_of_zero": refuses(refused, bad=(0,), good=(3,)),
        "refuses_a_negative_temperature": refuses(refused, bad=(1,), good=(3,)),
        "refuses_a_top_k_of_zero": refuses(refused, bad=(2,), good=(3,)),
    }


@problem(
    points=4,
    title="Temperature and top-k",
    takes="logits[N,V] temperature[] top_k[]=k",
    gives="probs[N,V] probs_of_all[N,V] probs_when_cold[N,V]",
    holds="refuses_a_temperature_of_zero refuses_a_negative_temperature refuses_a_top_k_of_zero",
    brings="refused[4]",
    properties=settings_properties,
    sizes=[dict(N=3, V=7, k=4), dict(N=1, V=5, k=2)],
    draw=draw_scores,
    edges=[ties, hot, cool, only_the_largest, room_for_more, scores_of_a_thousand],
)
def next_probs(student, logits, temperature, top_k):
    temperature, top_k = float(temperature), int(top_k)
    copies = [logits.copy() for _ in range(2)]

    def at(temperature, top_k):
        scores = logits.copy()
        return lambda: student.next_probs(scores, temperature, top_k)

    bad = [at(0.0, top_k), at(-temperature, top_k), at(temperature, 0)]
    good = at(temperature, 1)
    return {
        "probs": student.next_probs(logits, temperature, top_k),
        "probs_of_all": student.next_probs(copies[0], temperature, None),
        # A power of 2, so that dividing by it is exact.
        "probs_when_cold": student.next_probs(copies[1], 2.0**-10, top_k),
        "refused": outcomes(*bad, good),
    }


def draw_writer(rng, sizes):
    """A model with opinions, and uniform numbers to draw several texts with."""
    T, V, H = sizes["T"], sizes["V"], sizes["H"]
    return {
        "Wx": rng.normal(scale=1.5, size=(V, H)),
        "Wh": rng.normal(size=(H, H)),
        "b": rng.normal(scale=0.5, size=H),
        "Why": rng.normal(scale=1.5, size=(H, V)),
        "by": rng.normal(scale=0.5, size=V),
        "h0": np.tanh(rng.normal(size=(1, H))),
        "first_id": rng.integers(V),
        "u": rng.uniform(size=(TEXTS, T)),
    }


def draws_at_both_ends(case, rng):
    """The smallest and the largest number that a draw can be, over ten equal probabilities."""
    # Ten times a tenth adds up to a little less than 1, and to no more than the largest draw.
    V, H = 10, case["h0"].shape[1]
    blank = {"Wx": np.zeros((V, H)), "Why": np.zeros((H, V)), "by": np.zeros(V)}
    ends = np.where(np.indices(case["u"].shape).sum(axis=0) % 2, 0.0, np.nextafter(1.0, 0.0))
    return {**case, **blank, "u": ends}


def hardly_ever_the_first(case, rng):
    """The least draw, where character 0 has probability 0 and character 1 nearly so."""
    V, H = case["Why"].shape[1] + 1, case["h0"].shape[1]
    by = np.concatenate([[-1000.0, -12.0], np.zeros(V - 2)])
    blank = {"Wx": np.zeros((V, H)), "Why": np.zeros((H, V)), "by": by}
    return {**case, **blank, "u": np.zeros_like(case["u"])}


def draws_beside_the_borders(case, rng):
    """All units at their ends, and draws just below and just above where a character begins."""
    ends = both_ends(len(case["b"]), rng)
    scores = ends @ case["Why"] + case["by"]
    p = np.exp(scores - scores.max())
    borders = np.cumsum(p / p.sum())[:-1]
    # Far enough from them for float32.
    u = np.concatenate([borders - 3e-5, borders + 3e-5])
    return {**case, "b": FAR * ends, "u": np.resize(np.clip(u, 0.0, 1 - 3e-5), case["u"].shape)}


@problem(
    points=4,
    title="Writing, one character at a time",
    takes=PARAMS + " h0[1,H] first_id[]<V u[8,T]",
    gives="ids[8,T] first_ids[8]",
    sizes=[dict(H=5, V=6, T=8), dict(V=3, H=5, T=6), dict(T=4, H=6, V=7), dict(V=2, H=1, T=3)],
    draw=draw_writer,
    edges=[draws_at_both_ends, hardly_ever_the_first, draws_beside_the_borders],
)
def sample(student, Wx, Wh, b, Why, by, h0, first_id, u):
    params = {"Wx": Wx, "Wh": Wh, "b": b, "Why": Why, "by": by}

    def write(draws):
        copies = {name: value.copy() for name, value in params.items()}
        return student.sample(copies, h0.copy(), int(first_id), draws.copy())

    ids = [write(draws) for draws in u]
    first_ids = [write(draws[:1])[0] for draws in u]
    return {"ids": ids, "first_ids": first_ids}


@problem(
    points=2,
    title="Bits per character",
    takes="total_nats[B] chars[B]",
    gives="bits[]",
    sizes=[dict(B=4), dict(B=1), dict(B=3), dict(B=6)],
    draw=lambda rng, sizes: {
        "total_nats": rng.uniform(20, 90, size=sizes["B"]),
        "chars": rng.permutation(np.arange(11, 11 + 9 * sizes["B"], 9)),
    },
)
def bits_per_char(student, total_nats, chars):
    return {"bits": student.bits_per_char(total_nats, chars)}


# ------------------------------------------------------------------------------------------ "hello"


def draw_beginner(rng, sizes):
    """Small weights, from which the reference gets to about 0.02 nats: a twentieth of the floor."""
    shapes = {"Wx": (4, 12), "Wh": (12, 12), "b": 12, "Why": (12, 4), "by": 4, "h0": (1, 12)}
    return {name: rng.normal(scale=0.3, size=shape) for name, shape in shapes.items()}


def hello_properties(inputs, answers):
    """The floor that the counts say, and on which side of it the model begins and ends."""
    before, after = HELLO[:-1], HELLO[1:]
    floor = -answers["log_probs"][before, after].mean()
    nats = answers["nats"]
    return {
        "knows_the_bigram_floor": np.isclose(floor, BIGRAM_FLOOR, rtol=1e-4),
        "beats_bigrams": nats[0] > BIGRAM_FLOOR > nats[-1],
    }


@problem(
    points=3,
    title='Below the bigram floor on "hello"',
    of="charlm_loss",
    takes="Wx[4,12] Wh[12,12] b[12] Why[12,4] by[4] h0[1,12]",
    gives="nats[60]",
    holds="knows_the_bigram_floor beats_bigrams",
    brings="log_probs[4,4]",
    properties=hello_properties,
    rtol=1e-3,
    atol=1e-3,
    sizes=[dict(N=1)],
    draw=draw_beginner,
)
def learns_hello(student, Wx, Wh, b, Why, by, h0):
    """The floor by bigram_log_probs; then 60 steps of gradient descent from above the floor."""
    log_probs = student.bigram_log_probs(HELLO.copy(), 4)
    params = {"Wx": Wx, "Wh": Wh, "b": b, "Why": Why, "by": by}
    nats_per_char = []
    for _ in range(STEPS):
        copies = {name: value.copy() for name, value in params.items()}
        loss, grads, _ = student.charlm_loss(copies, HELLO[None].copy(), h0.copy())
        nats_per_char.append(real(loss) / 4)
        for name, value in params.items():
            params[name] = value - STEP_SIZE * fitted(grads[name], value.shape)
    return {"nats": nats_per_char, "log_probs": log_probs}
