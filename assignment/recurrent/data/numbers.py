"""Number words, German to English: pairs of sentences of which there are a thousand million, and
none is like another.

German says the ones before the tens and writes all of it as one word: 21 is einundzwanzig. So the
source is read letter by letter, the target is written word by word, and a translator has to jump.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

MOST_DIGITS = 9
NULL, START, END = "<NULL>", "<START>", "<END>"


def num2words(number: int, lang: str) -> str:
    """A number in the words of a language.

    Raises ImportError, with what to do, where the package of that name is not installed.
    """
    try:
        import num2words
    except ImportError:
        raise ImportError(
            "the number words need num2words: pip install -r requirements-notebooks.txt"
        ) from None
    return str(num2words.num2words(number, lang=lang))


@cache
def german(number: int) -> str:
    """`einundzwanzig`: a number below 10^9 as German writes it, in small letters."""
    return str(num2words(number, lang="de")).lower()


@cache
def english(number: int) -> tuple[str, ...]:
    """`("twenty", "one")`: the words of a number below 10^9, without `and`."""
    said = str(num2words(number, lang="en")).replace("-", " ").replace(",", " ")
    return tuple(word for word in said.split() if word != "and")


def draw_numbers(count: int, seed: int, most_digits: int = MOST_DIGITS) -> list[int]:
    """`count` different numbers, as many of each length as there are, in random order.

    Raises ValueError if there are not so many with at most `most_digits` digits.
    """
    if count > 10**most_digits // 2:
        raise ValueError(
            f"{count} different numbers are too many to draw from those with {most_digits} digits"
        )
    rng = np.random.default_rng(seed)
    found: dict[int, None] = {}
    while len(found) < count:
        digits = int(rng.integers(1, most_digits + 1))
        found[int(rng.integers(10 ** (digits - 1) % 10**digits, 10**digits))] = None
    return [list(found)[i] for i in rng.permutation(len(found))]


@dataclass(frozen=True)
class Pairs:
    """Sentences as arrays, padded at the end.

    - source: (N, S), ids of letters; source_mask: (N, S), True where there is a letter
    - target: (N, T), ids of words, `<START>` first and `<END>` last, filled up with `<NULL>`
    - numbers: the N numbers themselves
    """

    source: np.ndarray
    source_mask: np.ndarray
    target: np.ndarray
    numbers: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.numbers)

    def batch(self, rows: Sequence[int] | np.ndarray) -> Pairs:
        """Some of the pairs, padded no further than they need."""
        rows = np.asarray(rows)
        longest = int(self.source_mask[rows].sum(1).max())
        words = int((self.target[rows] != 0).sum(1).max())
        return Pairs(
            self.source[rows, :longest],
            self.source_mask[rows, :longest],
            self.target[rows, :words],
            tuple(self.numbers[row] for row in rows),
        )


@dataclass(frozen=True)
class Dictionary:
    """The source's letters and the target's words, with their ids; `<NULL>` is 0 in both."""

    letters: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def start(self) -> int:
        """The id of `<START>` among the words."""
        return self.words.index(START)

    @property
    def end(self) -> int:
        """The id of `<END>` among the words."""
        return self.words.index(END)

    def say(self, ids: np.ndarray) -> list[str]:
        """The words of one row of ids, up to `<END>` and without the special ones."""
        said = [self.words[int(i)] for i in ids]
        return [
            word
            for word in said[: said.index(END) if END in said else None]
            if word not in (NULL, START)
        ]


def dictionary(numbers: Sequence[int]) -> Dictionary:
    """The letters and words that these numbers need."""
    letters = sorted({letter for number in numbers for letter in german(number)})
    words = sorted({word for number in numbers for word in english(number)})
    return Dictionary((NULL, *letters), (NULL, START, END, *words))


def pairs(numbers: Sequence[int], known: Dictionary) -> Pairs:
    """The numbers in both languages, as arrays. Raises KeyError for a letter or word not in the
    dictionary.
    """
    letter_id = {letter: i for i, letter in enumerate(known.letters)}
    word_id = {word: i for i, word in enumerate(known.words)}
    sources = [[letter_id[letter] for letter in german(number)] for number in numbers]
    targets = [[word_id[w] for w in (START, *english(number), END)] for number in numbers]
    source, target = _padded(sources), _padded(targets)
    return Pairs(source, source != 0, target, tuple(numbers))


def _padded(rows: Sequence[Sequence[int]]) -> np.ndarray:
    padded = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for row, ids in zip(padded, rows, strict=True):
        row[: len(ids)] = ids
    return padded
