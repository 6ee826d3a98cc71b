"""Lesson 20 against losses that are averaged, softmaxes that are computed, and BLEU itself."""

from __future__ import annotations

import numpy as np
import pytest

from solutions.recurrent import answers_captions as answers
from solutions.recurrent import attention, beam, captioning


@pytest.mark.parametrize("captions, odds", [(4, 1), (4, 3), (12, 9)])
def test_no_other_probabilities_have_a_smaller_loss(captions: int, odds: int) -> None:
    drawn = np.ones(captions)
    drawn[0] = odds
    drawn /= drawn.sum()
    least = answers.least_loss(captions, odds)
    assert least == pytest.approx(-(drawn * np.log(drawn)).sum())
    rng = np.random.default_rng(0)
    for _ in range(100):
        said = drawn * np.exp(0.1 * rng.normal(size=captions))
        assert -(drawn * np.log(said / said.sum())).sum() >= least


@pytest.mark.parametrize("words, more", [(4, 10), (10, 25)])
def test_scores_are_counted(words: int, more: int) -> None:
    scores = [np.zeros((length, length)).size for length in (words, more)]
    assert answers.attention_work(more / words) == pytest.approx(scores[1] / scores[0])


@pytest.mark.parametrize("gap, others", [(2.0, 3), (0.5, 12), (2.0, 1)])
def test_one_score_above_the_others(gap: float, others: int) -> None:
    e = np.full((1, others + 1), -0.7)
    e[0, 0] += gap
    a = attention.masked_softmax(e, np.ones_like(e, bool))
    assert answers.sharp_weight(gap, others) == pytest.approx(a[0, 0])


@pytest.mark.parametrize("weight", [0.9, 0.55])
def test_a_weight_moves_so_much_with_its_score(weight: float) -> None:
    def weight_at(score: float) -> float:
        e = np.array([[score, 0.0]])
        return float(attention.masked_softmax(e, np.ones_like(e, bool))[0, 0])

    score = np.log(weight / (1 - weight))
    numeric = (weight_at(score + 1e-5) - weight_at(score - 1e-5)) / 2e-5
    assert answers.weight_by_score(weight) == pytest.approx(numeric)


@pytest.mark.parametrize("short, long, alpha", [(4, 9, 0.7), (4, 9, 0.5), (11, 20, 1.2)])
def test_the_beam_cannot_tell_the_two_apart(short: int, long: int, alpha: float) -> None:
    ratio = answers.ratio_at_a_tie(short, long, alpha)
    scores = -2.0 / short**alpha, -2.0 * ratio / long**alpha
    assert scores[0] == pytest.approx(scores[1])
    for factor, first in ((1.01, short), (0.99, long)):
        hypotheses = [([1] * short, -2.0), ([1] * long, -2.0 * ratio * factor)]
        best = beam.rank(hypotheses, alpha)[0]
        assert len(best[0]) == first


def test_the_cases_that_tell_are_those_with_a_penalty() -> None:
    candidates, references = (6, 9, 8, 7, 10), (8, 9, 7, 8, 10)
    telling = []
    for number in range(5):
        length = candidates[number]
        words = list(range(length))
        # the reference begins like the candidate and goes on otherwise
        reference = [*words[: length - 1], *range(50, 51 + references[number] - length)]
        assert len(reference) == references[number] and len(words) == length
        bleu = captioning.corpus_bleu([words], [[reference]])
        precisions = []
        for n in range(1, 5):
            written = [tuple(words[i : i + n]) for i in range(length - n + 1)]
            there = {tuple(reference[i : i + n]) for i in range(len(reference) - n + 1)}
            precisions.append(sum(gram in there for gram in written) / len(written))
        without = np.prod(precisions) ** 0.25
        assert without > 0
        if not np.isclose(bleu, without):
            telling.append(number + 1)
    assert answers.cases_that_tell_brevity(candidates, references) == telling == [1, 4]
