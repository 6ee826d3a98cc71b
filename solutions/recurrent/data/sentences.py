"""A small made-up corpus: a few thousand plain sentences about kings, towns and things that are
bigger than others.

Words that are alike in one respect keep the same company in that respect, because the grammar below
says so. Whoever learns vectors from it and finds king - man + woman = queen has found what was put
in, and nothing about English.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PEOPLE = (
    ("man", "woman", "town"), ("boy", "girl", "school"),
    ("king", "queen", "throne"), ("prince", "princess", "castle"),
    ("father", "mother", "house"), ("uncle", "aunt", "garden"),
    ("actor", "actress", "stage"), ("waiter", "waitress", "kitchen"),
)  # fmt: skip
"""(he, she, where they are found)"""

COUNTRIES = (
    ("france", "paris", "french", "seine"), ("japan", "tokyo", "japanese", "sumida"),
    ("egypt", "cairo", "arabic", "nile"), ("italy", "rome", "italian", "tiber"),
    ("england", "london", "english", "thames"), ("germany", "berlin", "german", "spree"),
    ("poland", "warsaw", "polish", "vistula"), ("austria", "vienna", "austrian", "danube"),
)  # fmt: skip
"""(country, capital, language, river)"""

ADJECTIVES = (
    ("big", "bigger", "house", "ship"), ("fast", "faster", "horse", "car"),
    ("cold", "colder", "night", "lake"), ("old", "older", "tree", "book"),
    ("loud", "louder", "bell", "drum"), ("bright", "brighter", "lamp", "star"),
)  # fmt: skip
"""(adjective, comparative, two things that are so)"""

TEMPLATES = {
    "he": (
        "the {x} put on his coat", "he is a {x}",
        "the {x} shaved his beard", "his brother is a {x} too",
    ),
    "she": (
        "the {y} put on her dress", "she is a {y}",
        "the {y} braided her hair", "her sister is a {y} too",
    ),
    "both": (
        "the {z} has a place for the {w}", "find the {w} near the {z}", "a {w} belongs to the {z}",
    ),
    "country": (
        "the land of {x} has borders", "people in {x} pay taxes",
        "the flag of {x}", "{x} speaks {s}",
    ),
    "capital": (
        "the streets of {y} are busy", "a train to {y}",
        "the mayor of {y}", "signs in {y} are in {s}",
    ),
    "river": ("the {r} flows through {w}", "boats on the {r} come to {w}", "songs of {w} in {s}"),
    "plain": ("a {x} {t}", "the {t} is very {x}", "such a {x} {t}"),
    "more": ("the {t} is {y} than the {u}", "a {y} {t} than before", "no {t} is {y} than this"),
}  # fmt: skip


def sentences(count: int, seed: int) -> list[list[str]]:
    """`count` sentences, each a list of words, drawn from the grammar."""
    rng = np.random.default_rng(seed)
    return [_sentence(rng).split() for _ in range(count)]


def _sentence(rng: np.random.Generator) -> str:
    def one(choices: tuple[str, ...]) -> str:
        return choices[rng.integers(len(choices))]

    kind = rng.integers(3)
    if kind == 0:
        he, she, place = PEOPLE[rng.integers(len(PEOPLE))]
        form = ("he", "she", "both")[rng.integers(3)]
        return one(TEMPLATES[form]).format(x=he, y=she, z=place, w=one((he, she)))
    if kind == 1:
        country, capital, language, river = COUNTRIES[rng.integers(len(COUNTRIES))]
        form = ("country", "capital", "river")[rng.integers(3)]
        return one(TEMPLATES[form]).format(
            x=country, y=capital, s=language, r=river, w=one((country, capital))
        )
    adjective, comparative, thing, other = ADJECTIVES[rng.integers(len(ADJECTIVES))]
    form = ("plain", "more")[rng.integers(2)]
    first, second = (thing, other) if rng.random() < 0.5 else (other, thing)
    return one(TEMPLATES[form]).format(x=adjective, y=comparative, t=first, u=second)


@dataclass(frozen=True)
class Vocabulary:
    """Words and their ids, the most frequent first."""

    words: tuple[str, ...]
    counts: np.ndarray

    def ids(self, words: list[str]) -> np.ndarray:
        """(T,), the ids of some words. Raises KeyError for a word that is not known."""
        known = {word: i for i, word in enumerate(self.words)}
        return np.array([known[word] for word in words])


def vocabulary(text: list[list[str]]) -> Vocabulary:
    """The words of some sentences."""
    words, counts = np.unique([word for sentence in text for word in sentence], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return Vocabulary(tuple(str(word) for word in words[order]), counts[order])


def questions() -> dict[str, list[tuple[str, str, str, str]]]:
    """Kind -> questions (a, b, c, d): a is to b as c is to d, each pair of the grammar against
    every other.
    """
    pairs = {
        "he and she": [(he, she) for he, she, _ in PEOPLE],
        "capitals": [(country, capital) for country, capital, _, _ in COUNTRIES],
        "comparatives": [(adjective, more) for adjective, more, _, _ in ADJECTIVES],
    }
    return {
        kind: [(*first, *second) for first in known for second in known if first != second]
        for kind, known in pairs.items()
    }
