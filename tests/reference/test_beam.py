"""Lesson 10 against brute force: every sentence written out, a second beam search in flat indices,
and sums by hand.
"""

import itertools

import numpy as np
import pytest

from autograder.authoring.casebook.draw import draw_cases
from autograder.lessons import all_problems
from solutions.recurrent import beam

END = 1
START = 0


def table_decoder(V, seed, scale=1.0):
    """p(next | last two words) as a table, and the same thing as a plain function of a whole
    sentence.
    """
    logits = scale * np.random.default_rng(seed).normal(size=(V, V, V))
    table = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)

    def step(state, ids):
        assert len(state) == len(ids)
        return table[state[:, 0], ids], np.asarray(ids)[:, None]

    def log_prob(ids):
        history = [END, START, *ids]
        return sum(
            table[a, b, c] for a, b, c in zip(history, history[1:], history[2:], strict=False)
        )

    return step, np.array([[END]]), log_prob


def all_sentences(V, max_length):
    for length in range(1, max_length + 1):
        for ids in itertools.product(range(V), repeat=length):
            if END not in ids[:-1] and (ids[-1] == END or length == max_length):
                yield list(ids)


@pytest.mark.parametrize("seed", range(5))
def test_rescore_is_the_chain_rule(seed):
    step, state, log_prob = table_decoder(4, seed)
    for ids in all_sentences(4, 3):
        assert beam.rescore(step, state, START, ids) == pytest.approx(log_prob(ids), abs=1e-12)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("alpha", [0.0, 0.7, 1.0])
def test_a_wide_beam_is_exhaustive(seed, alpha):
    V, T = 4, 3
    step, state, log_prob = table_decoder(V, seed)
    results = beam.beam_search(step, state, START, END, V**T, T, alpha)
    expected = sorted(all_sentences(V, T), key=lambda ids: -log_prob(ids) / len(ids) ** alpha)
    assert [ids for ids, _ in results] == expected
    np.testing.assert_allclose(
        [score for _, score in results], [log_prob(ids) for ids in expected], atol=1e-12
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_beam_of_one_is_greedy(seed):
    step, state, _ = table_decoder(5, seed)
    [(ids, score)] = beam.beam_search(step, state, START, END, 1, 6, 0.8)
    greedy_ids, greedy_score = beam.greedy(step, state, START, END, 6)
    assert ids == greedy_ids
    assert score == pytest.approx(greedy_score, abs=1e-12)


def flat_beam_search(log_prob, V, beam_size, max_length, alpha):
    """The same search without states: every beginning is scored from scratch, pairs are flat
    indices.
    """
    alive, results = [[]], []
    for length in range(1, max_length + 1):
        flat = np.array([[log_prob([*ids, word]) for word in range(V)] for ids in alive]).ravel()
        best = np.argsort(-flat, kind="stable")[:beam_size]
        survivors = [[*alive[i // V], int(i % V)] for i in best]
        results += [ids for ids in survivors if ids[-1] == END or length == max_length]
        alive = [ids for ids in survivors if ids[-1] != END]
        if not alive:
            break
    return sorted(results, key=lambda ids: -log_prob(ids) / len(ids) ** alpha)[:beam_size]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("V, beam_size, T", [(5, 3, 6), (4, 2, 7), (3, 8, 4), (6, 4, 1)])
def test_against_a_second_beam_search(seed, V, beam_size, T):
    step, state, log_prob = table_decoder(V, 100 + seed)
    results = beam.beam_search(step, state, START, END, beam_size, T, 0.7)
    assert [ids for ids, _ in results] == flat_beam_search(log_prob, V, beam_size, T, 0.7)
    for ids, score in results:
        assert score == pytest.approx(beam.rescore(step, state, START, ids), abs=1e-12)


def test_a_beam_finds_what_greedy_misses():
    """The better first word leads nowhere: 0.6 * 0.5 < 0.4 * 0.9."""
    after = {
        START: [0, 0, 0.6, 0.4, 0],
        2: [0, 0.5, 0, 0, 0.5],
        3: [0, 0.9, 0, 0, 0.1],
        4: [0, 1, 0, 0, 0],
    }

    def step(state, ids):
        with np.errstate(divide="ignore"):
            return np.log([after[int(word)] for word in ids]), state

    state = np.zeros((1, 1))
    assert beam.greedy(step, state, START, END, 5)[0] == [2, 1]
    results = beam.beam_search(step, state, START, END, 2, 5, 0.0)
    assert results[0][0] == [3, 1]
    assert results[0][1] == pytest.approx(np.log(0.36))


def test_expand_takes_the_best_pairs_whoever_the_parent():
    alive = [([4], -1.0), ([2], -1.5)]
    log_probs = np.array([[-0.1, -0.2, -9.0], [-0.5, -0.7, -np.inf]])
    survivors = beam.expand(alive, log_probs, 3)
    assert [(ids, parent) for ids, _, parent in survivors] == [
        ([4, 0], 0),
        ([4, 1], 0),
        ([2, 0], 1),
    ]
    np.testing.assert_allclose([score for _, score, _ in survivors], [-1.1, -1.2, -2.0])
    assert len(beam.expand(alive, log_probs, 99)) == 5  # the impossible pair is not there
    assert alive == [([4], -1.0), ([2], -1.5)]


def test_ties_go_to_the_smaller_ids():
    alive = [([2], -1.0), ([1], -1.0)]
    survivors = beam.expand(alive, np.full((2, 2), -1.0), 3)
    assert [ids for ids, _, _ in survivors] == [[1, 0], [1, 1], [2, 0]]
    hypotheses = [([3, 1], -2.0), ([0, 5, 1], -2.0), ([0, 5], -2.0)]
    assert [ids for ids, _ in beam.rank(hypotheses, 0.0)] == [[0, 5], [0, 5, 1], [3, 1]]


def test_rank_by_hand():
    short, long = ([1], -1.0), ([2, 3, 4, 1], -2.2)
    assert beam.rank([long, short], 0.0) == [short, long]
    assert beam.rank([short, long], 0.5) == [short, long]  # -1 against -1.1
    assert beam.rank([short, long], 1.0) == [long, short]  # -1 against -0.55


def test_the_beam_does_not_shrink_and_finished_ones_stay():
    """One hypothesis ends at once; the other two places are searched with the whole beam
    afterwards.
    """
    step, state, _ = table_decoder(4, 3)
    widths = []

    def counting(state, ids):
        widths.append(len(ids))
        return step(state, ids)

    results = beam.beam_search(counting, state, START, END, 3, 5, 0.7)
    assert widths[0] == 1
    assert max(widths) <= 3
    assert len(results) == 3
    assert any(ids[-1] == END for ids, _ in results)
    assert all(END not in ids[:-1] and len(ids) <= 5 for ids, _ in results)


def test_no_underflow():
    step, state, log_prob = table_decoder(4, 5, scale=600.0)
    results = beam.beam_search(step, state, START, END, 12, 4, 0.7)
    assert [ids for ids, _ in results] == flat_beam_search(log_prob, 4, 12, 4, 0.7)
    assert results[-1][1] < -800  # exp of it is 0


def test_states_of_any_shape_follow_their_hypotheses():
    """A recurrent decoder whose state is a matrix for each hypothesis."""
    rng = np.random.default_rng(9)
    V, H = 5, 3
    table, Wh, Wy = rng.normal(size=(V, H)), rng.normal(size=(H, H)), 2 * rng.normal(size=(H, V))

    def step(state, ids):
        h = np.tanh(table[ids] + state[:, 0] @ Wh)
        y = h @ Wy
        return y - np.log(np.exp(y).sum(axis=1, keepdims=True)), np.stack([h, 0 * h], axis=1)

    state = np.zeros((1, 2, H))
    for ids, score in beam.beam_search(step, state, START, END, 4, 6, 0.7):
        assert score == pytest.approx(beam.rescore(step, state, START, ids), abs=1e-12)


def impossible(state, ids):
    """A decoder after which nothing can come."""
    return np.full((len(ids), 4), -np.inf), state


def test_a_beam_of_one_is_greedy_as_long_as_some_word_is_possible():
    """The docstring says so much and no more: where nothing is possible, greedy goes on."""
    assert "as long as some word is\n      possible" in beam.beam_search.__doc__
    step, state, _ = table_decoder(4, 3)
    for max_length in (1, 2, 5):
        ids, score = beam.greedy(step, state, START, END, max_length)
        ((found, of_beam),) = beam.beam_search(step, state, START, END, 1, max_length, 0.7)
        assert found == ids and of_beam == pytest.approx(score)
    nothing = np.zeros((1, 1))
    assert beam.beam_search(impossible, nothing, START, END, 1, 2, 0.7) == []
    assert beam.greedy(impossible, nothing, START, END, 2) == ([0, 0], -np.inf)


@pytest.mark.parametrize("function", [beam.greedy, beam.beam_search])
def test_a_length_of_zero_is_not_asked_for(function):
    """A hypothesis without ids has no length to divide by: the docstrings say at least 1."""
    assert "the most ids a hypothesis may have, at least 1" in function.__doc__
    (limits,) = (p for p in all_problems() if p.name == function.__name__)
    for hidden in (False, True):
        for _, _, inputs in draw_cases(limits, seed=3, hidden=hidden):
            assert inputs["max_length"] >= 1
