"""The number words: right in both languages, different, padded, in step with their dictionary."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("num2words", reason="num2words is not installed")

from assignment.recurrent.data.numbers import dictionary, draw_numbers, english, german, pairs


@pytest.mark.parametrize(
    "number, said, translated",
    [
        (7, "sieben", "seven"),
        (21, "einundzwanzig", "twenty one"),
        (833, "achthundertdreiunddreißig", "eight hundred thirty three"),
        (1_000_001, "eine million eins", "one million one"),
    ],
)
def test_known_numbers(number: int, said: str, translated: str) -> None:
    assert german(number) == said and " ".join(english(number)) == translated


def test_numbers_are_different_and_of_every_length() -> None:
    numbers = draw_numbers(900, seed=0)
    assert len(set(numbers)) == 900 and numbers == draw_numbers(900, seed=0) != draw_numbers(
        900, seed=1
    )
    assert {len(str(number)) for number in numbers} == set(range(1, 10))
    with pytest.raises(ValueError, match="too many"):
        draw_numbers(600, seed=0, most_digits=3)


def test_pairs_are_padded_and_can_be_read_back() -> None:
    numbers = draw_numbers(50, seed=2, most_digits=6)
    known = dictionary(numbers)
    found = pairs(numbers, known)
    assert found.source.shape == found.source_mask.shape and len(found) == 50
    for row, number in enumerate(numbers):
        letters = "".join(known.letters[i] for i in found.source[row][found.source_mask[row]])
        assert letters == german(number)
        assert found.target[row, 0] == known.start
        assert tuple(known.say(found.target[row])) == english(number)
    few = found.batch(np.array([3, 4]))
    assert few.numbers == tuple(numbers[3:5]) and few.source.shape[1] == max(
        map(len, map(german, few.numbers))
    )
