"""The made-up corpus: what its grammar promises, and questions whose words all occur."""

from __future__ import annotations

import numpy as np
import pytest

from assignment.recurrent.data.sentences import COUNTRIES, PEOPLE, questions, sentences, vocabulary


def test_the_same_seed_gives_the_same_sentences() -> None:
    assert sentences(200, 1) == sentences(200, 1) != sentences(200, 2)
    assert all(3 <= len(sentence) <= 9 for sentence in sentences(200, 1))


def test_words_are_counted_the_most_frequent_first() -> None:
    text = sentences(500, 1)
    known = vocabulary(text)
    assert known.words[0] == "the" and list(known.counts) == sorted(known.counts, reverse=True)
    assert known.counts.sum() == sum(map(len, text))
    assert known.ids(["the", known.words[3]]).tolist() == [0, 3]
    with pytest.raises(KeyError):
        known.ids(["antidisestablishmentarianism"])


def test_every_word_of_every_question_occurs() -> None:
    words = set(vocabulary(sentences(4000, 1)).words)
    asked = questions()
    assert len(asked["he and she"]) == len(PEOPLE) * (len(PEOPLE) - 1)
    assert ("france", "paris", "japan", "tokyo") in asked["capitals"]
    assert all(words.issuperset(question) for kind in asked.values() for question in kind)


def test_pairs_keep_the_same_company() -> None:
    text = [" ".join(sentence) for sentence in sentences(4000, 1)]
    for country, capital, language, _ in COUNTRIES:
        beside = {
            word: np.mean([language in line for line in text if word in line.split()])
            for word in (country, capital)
        }
        assert min(beside.values()) > 0.1
