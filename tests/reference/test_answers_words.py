"""Lesson 19 against a counter that leaks, models of characters, and products that are counted."""

from __future__ import annotations

import numpy as np
import pytest

from solutions.recurrent import answers_words as answers
from solutions.recurrent import charlm, embedding


@pytest.mark.parametrize("gate, characters", [(0.99, 100), (0.95, 20)])
def test_a_counter_that_leaks(gate: float, characters: int) -> None:
    c = 1.0
    for _ in range(characters):
        c = gate * c
    assert answers.forgotten(gate, characters) == pytest.approx(1 - c)


def test_the_best_bigram_model_of_a_word_repeated() -> None:
    ids = np.array(["ehlo".index(letter) for letter in "hello" * 2000])
    log_probs = charlm.bigram_log_probs(ids, 4)
    loss = -log_probs[ids[:-1], ids[1:]].mean()
    assert answers.bigram_floor(5, 2, 2) == pytest.approx(loss, rel=1e-3)


@pytest.mark.parametrize("letters, ambiguous, followers", [(5, 2, 2), (10, 4, 4), (12, 6, 3)])
def test_the_mean_of_losses_some_of_which_are_zero(
    letters: int, ambiguous: int, followers: int
) -> None:
    probabilities = np.ones(letters)
    probabilities[:ambiguous] = 1 / followers
    expected = -np.log(probabilities).mean()
    assert answers.bigram_floor(letters, ambiguous, followers) == pytest.approx(expected)


@pytest.mark.parametrize("odds, temperature", [(3.0, 0.5), (1.5, 2.5)])
def test_odds_of_the_probabilities_that_are_drawn_from(odds: float, temperature: float) -> None:
    logits = np.log(np.array([[odds, 1.0, 0.3]]))
    probs = charlm.next_probs(logits, temperature)
    expected = probs[0, 0] / probs[0, 1]
    assert answers.odds_at_temperature(odds, temperature) == pytest.approx(expected)


def test_a_words_probability_is_the_product_of_its_characters() -> None:
    p = 2.0**-1.5
    assert answers.word_perplexity(1.5, 6) == pytest.approx(1 / p**6)


def test_every_number_of_the_table_is_multiplied_once() -> None:
    count = 0
    for _ in range(30):
        for _ in range(7):
            count += 1
    assert answers.products_of_one_hot(30, 7) == count


def test_the_cases_that_tell_are_those_in_which_writing_is_not_adding() -> None:
    cases = ([3, 1, 4, 1], [0, 1, 2, 3], [5, 5, 5, 5], [9, 0, 2, 4], [7, 6, 5, 4])
    rng = np.random.default_rng(0)
    telling = []
    for number, ids in enumerate(cases, start=1):
        dout = rng.uniform(1, 2, size=(1, 4, 3))
        _, cache = embedding.word_embedding_forward(np.array([ids]), np.ones((10, 3)))
        written = np.zeros((10, 3))
        written[ids] = dout[0]
        if not np.allclose(written, embedding.word_embedding_backward(dout, cache)):
            telling.append(number)
    assert answers.cases_that_tell_repeats(*cases) == telling == [1, 3]
