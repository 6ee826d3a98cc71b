"""Captions as words and as whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

NULL, START, END = "<NULL>", "<START>", "<END>"


def vocabulary(captions: Iterable[str]) -> dict[str, int]:
    """Word -> its number: the three special words first, then all words of the captions, sorted by
    the alphabet.
    """
    words = sorted({word for caption in captions for word in caption.split()})
    return {word: i for i, word in enumerate([NULL, START, END, *words])}


def encode(captions: Sequence[str], word_to_idx: dict[str, int], length: int) -> np.ndarray:
    """Captions as rows of numbers: `<START>`, the words, `<END>`, then `<NULL>` up to the length of
    a row.

    Inputs:
    - captions: N of them, words with spaces between them
    - word_to_idx: from vocabulary
    - length: of a row; the longest caption has length - 2 words at most

    Returns: (N, length), whole numbers
    Raises ValueError if a caption is too long, or has a word that is not in the vocabulary.
    """
    rows = np.full((len(captions), length), word_to_idx[NULL])
    for row, caption in zip(rows, captions, strict=True):
        words = [START, *caption.split(), END]
        strange = [word for word in words if word not in word_to_idx]
        if strange or len(words) > length:
            wrong = (
                f"has the unknown word {strange[0]!r}"
                if strange
                else f"does not fit into {length} positions"
            )
            raise ValueError(f"the caption {caption!r} {wrong}")
        row[: len(words)] = [word_to_idx[word] for word in words]
    return rows


def decode(ids: Iterable[int], word_to_idx: dict[str, int]) -> list[str]:
    """The words of one row of numbers, up to `<END>` and without special words."""
    idx_to_word = {i: word for word, i in word_to_idx.items()}
    words: list[str] = []
    for i in ids:
        word = idx_to_word[int(i)]
        if word == END:
            break
        if word not in (NULL, START):
            words.append(word)
    return words
