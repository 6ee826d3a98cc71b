"""Searching for interpretable cells.

Watch the cells of an LSTM, say what they might mean, rank them, and build some by hand.

Texts are stored as arrays of code points. What you build is judged by what it does on many
characters, not by its numbers.
"""

import numpy as np

from autograder.lessons._cells import gru_states, lstm_traces
from autograder.lessons._saturated import saturated
from autograder.problem import problem

NUMBER = 13


def text_of(codes):
    """An array of code points as a string."""
    return "".join(map(chr, codes.tolist()))


# ------------------------------------------------------------------------------ how cases are drawn

ALPHABET = np.array([ord(character) for character in "ab\"'\\\n()[]{}"])
ORDINARY, DOUBLE, SINGLE, BACKSLASH, NEWLINE = slice(0, 2), 2, 3, 4, 5
OPENING, CLOSING = slice(6, 12, 2), slice(7, 12, 2)


def random_text(rng, length, **weights):
    """Random characters; a sort's weight, 1 unless told otherwise, is shared by its characters."""
    sorts = {
        "ordinary": ORDINARY,
        "double": DOUBLE,
        "single": SINGLE,
        "backslash": BACKSLASH,
        "newline": NEWLINE,
        "opening": OPENING,
        "closing": CLOSING,
    }
    chances = np.zeros(len(ALPHABET))
    for sort, places in sorts.items():
        chances[places] = weights.get(sort, 1.0) / np.size(ALPHABET[places])
    return rng.choice(ALPHABET, size=length, p=chances / chances.sum())


def draw_text(rng, sizes):
    """Code: brackets, quotes, and now and then a backslash or a new line."""
    weights = dict(
        ordinary=2, double=1.5, single=1, backslash=0.7, newline=0.3, opening=3, closing=2
    )
    return {"text": random_text(rng, 50 * sizes["T"], **weights)}


def no_quotes(arrays, rng):
    """Only brackets and what stands between them."""
    text = random_text(rng, len(arrays["text"]), double=0, single=0, opening=3, closing=3)
    return {"text": text}


def more_closed_than_opened(arrays, rng):
    """The depth would fall below 0 again and again."""
    text = random_text(rng, len(arrays["text"]), double=0.2, single=0.2, opening=2, closing=4)
    return {"text": text}


def escapes(arrays, rng):
    """Backslashes before quotes, before new lines and before one another, inside and outside."""
    text = random_text(
        rng,
        len(arrays["text"]),
        double=3,
        single=1,
        backslash=5,
        newline=1,
        opening=0.5,
        closing=0.5,
    )
    # Whatever was drawn: an escaped backslash before a quote, an escaped letter, and an escaped new
    # line.
    _write(text, 0, '"\\\\"a')
    _write(text, len(text) // 4, 'a\n"\\a"a')
    _write(text, len(text) // 2, 'a\n"\\\na')
    return {"text": text}


def _write(text, start, snippet):
    """Put a snippet into an array of code points."""
    text[start : start + len(snippet)] = [ord(character) for character in snippet]


def comments_and_triple_quotes(arrays, rng):
    """A quote in a comment opens a string; of three quotes the second closes, the third opens."""
    text = random_text(rng, len(arrays["text"]), backslash=0)
    _write(text, 0, '# "a\n"""a"b\n')
    _write(text, len(text) // 2, "\n'''a'b\n")
    return {"text": text}


def long_strings(arrays, rng):
    """Few quotes, one of them early, and a new line later on."""
    text = random_text(rng, len(arrays["text"]), double=0.3, single=0.3, backslash=0, newline=0.5)
    text[0], text[len(text) // 2] = ALPHABET[DOUBLE], ALPHABET[NEWLINE]
    return {"text": text}


def draw_rank(rng, sizes):
    """Cells that follow the signal more or less, half of them turned round, and a constant one."""
    T, H = 4 * sizes["T"], sizes["H"] + 3
    signal = rng.integers(4, size=T).astype(float)
    signal[:2] = 0, 3

    # Size and level of a cell say nothing about how well it follows: that is what r is for.
    noise = rng.permutation(np.linspace(0.3, 3.0, H))
    sign = rng.permutation(np.resize([1.0, -1.0], H))
    size = rng.permutation(np.geomspace(0.01, 1.0, H))
    followed = signal[:, None] - 1.5 + noise * rng.normal(size=(T, H))
    traces = sign * size * followed + rng.normal(size=H)

    traces[:, rng.integers(H - 1)] = _exact(rng)
    return {"traces": traces, "signal": signal}


def equally_good(arrays, rng):
    """Cells of +1 and -1: equal, opposite, two that know exactly nothing, and constant ones.

    A constant one has the smallest number.
    """
    half = 2 * (len(arrays["signal"]) // 4)
    signal = np.repeat([1.0, -1.0], half)
    nothing = np.tile([1.0, -1.0], half)
    sometimes = signal.copy()
    sometimes[[0, half]] *= -1  # wrong twice
    constant = np.full(2 * half, _exact(rng))
    columns = [nothing, -sometimes, constant, sometimes, -signal, signal, -nothing]
    order = rng.permutation(len(columns))
    traces = np.stack([constant, *(columns[j] for j in order)], axis=1)
    return {"traces": traces, "signal": signal}


def _exact(rng):
    """A number of quarters: repeated, its mean is that number, however it is summed up.

    So a cell that never changes is found by its range, its spread or its deviations alike.
    """
    return rng.integers(1, 8) / 4


def on_or_off(arrays, rng):
    """A signal of booleans."""
    return {**arrays, "signal": arrays["signal"] > 1}


def nothing_to_follow(arrays, rng):
    """A signal that never changes."""
    return {**arrays, "signal": np.full_like(arrays["signal"], 0.75)}


def draw_commands(rng, sizes):
    """A command about every eighth character: 0 leaves the bit alone, 1 sets it, 2 clears it."""
    return {"ids": rng.choice(3, size=50 * sizes["T"], p=[0.88, 0.06, 0.06])}


def many_commands(arrays, rng):
    """Set, cleared, and then anything."""
    ids = rng.integers(3, size=len(arrays["ids"]))
    ids[:3] = 1, 2, 0
    return {"ids": ids}


def one_command(arrays, rng):
    """The bit is set once, early, and nothing happens after that."""
    ids = np.zeros_like(arrays["ids"])
    ids[3] = 1
    return {"ids": ids}


def set_many_times(arrays, rng):
    """Set again and again, then cleared once."""
    ids = np.ones_like(arrays["ids"])
    ids[len(ids) // 2] = 2
    ids[len(ids) // 2 + 1 :] = 0
    return {"ids": ids}


def walk(rng, length, chance):
    """Brackets that open and close, never below depth 0 nor above 12."""
    ids, depth = np.zeros(length, dtype=int), 0
    for t in range(length):
        move = rng.choice([0, 1, -1], p=[1 - 2 * chance, chance, chance])
        if 0 <= depth + move <= 12:
            depth += move
            ids[t] = move % 3
    return ids


def draw_walk(rng, sizes):
    """Brackets, three characters in five."""
    return {"ids": walk(rng, 50 * sizes["T"], 0.3)}


def up_and_stay(arrays, rng):
    """Twelve brackets open early and stay open."""
    ids = np.zeros_like(arrays["ids"])
    ids[rng.choice(40, size=12, replace=False)] = 1
    return {"ids": ids}


# ------------------------------------------------------------------------------------- the problems


@problem(
    points=3,
    title="What the cells do while reading",
    takes="ids[T]<V Wx[V,4H] Wh[H,4H] b[4H]",
    gives="traces[T,H]",
    sizes=[dict(T=6, V=5, H=3), dict(H=1, V=3, T=4), dict(T=1, V=2, H=3)],
    edges=[saturated("b", gates=3)],
    blocks="i f o g",
)
def cell_traces(student, ids, Wx, Wh, b):
    return {"traces": student.cell_traces(ids, Wx, Wh, b)}


@problem(
    points=3,
    title="Inside quotes",
    takes="text[50T]",
    gives="inside[50T]",
    sizes=[dict(T=8)],
    draw=draw_text,
    edges=[escapes, long_strings, comments_and_triple_quotes],
)
def inside_quotes(student, text):
    return {"inside": student.inside_quotes(text_of(text))}


@problem(
    points=3,
    title="Bracket depth",
    takes="text[50T]",
    gives="depth[50T]",
    sizes=[dict(T=8)],
    draw=draw_text,
    edges=[no_quotes, more_closed_than_opened],
)
def bracket_depth(student, text):
    return {"depth": student.bracket_depth(text_of(text))}


@problem(
    points=3,
    title="Which cells follow a signal",
    takes="traces[_,_] signal[_]",
    gives="order[_] r[_]",
    sizes=[dict(T=5, H=4), dict(H=2, T=7)],
    draw=draw_rank,
    edges=[equally_good, on_or_off, nothing_to_follow],
)
def rank_cells(student, traces, signal):
    order, r = student.rank_cells(traces, signal)
    return {"order": order, "r": r}


BUILT = "Wx[3,4] Wh[1,4] b[4]"


def bit_of(inputs, built):
    """What the built cell remembers."""
    return {"bit": lstm_traces(inputs["ids"], **built) > 0.5}


def traces_of(inputs, built):
    """What the built cell shows."""
    return {"traces": lstm_traces(inputs["ids"], **built)}


def states_of(inputs, built):
    """What the built GRU does with the inputs of the vanilla RNN."""
    weights = built["gru_Wx"], built["gru_Wh"], built["gru_b"]
    return {"h": gru_states(inputs["x"], inputs["h0"], *weights)}


@problem(
    points=3,
    title="Build a cell that remembers a bit",
    takes="ids[50T]",
    gives="bit[50T,1]",
    brings=BUILT,
    finish=bit_of,
    sizes=[dict(T=5)],
    draw=draw_commands,
    edges=[many_commands, one_command, set_many_times],
)
def latch_weights(student, ids):
    Wx, Wh, b = student.latch_weights()
    return {"Wx": Wx, "Wh": Wh, "b": b}


@problem(
    points=2,
    title="Build a cell that counts",
    takes="ids[50T]",
    gives="traces[50T,1]",
    brings=BUILT,
    finish=traces_of,
    sizes=[dict(T=5)],
    draw=draw_walk,
    edges=[up_and_stay],
    rtol=1e-4,
    atol=1e-4,
)
def depth_weights(student, ids):
    Wx, Wh, b = student.depth_weights()
    return {"Wx": Wx, "Wh": Wh, "b": b}


@problem(
    points=2,
    title="Build a GRU that is a vanilla RNN",
    takes="x[N,T,D] h0[N,H] Wx[D,H] Wh[H,H] b[H]",
    gives="h[N,T,H]",
    brings="gru_Wx[D,3H] gru_Wh[H,3H] gru_b[3H]",
    finish=states_of,
    sizes=[dict(N=2, T=6, D=4, H=5), dict(N=1, T=3, D=2, H=4)],
    rtol=1e-5,
    atol=1e-5,
)
def gru_that_is_an_rnn(student, x, h0, Wx, Wh, b):
    gru_Wx, gru_Wh, gru_b = student.gru_that_is_an_rnn(Wx, Wh, b)
    return {"gru_Wx": gru_Wx, "gru_Wh": gru_Wh, "gru_b": gru_b}
