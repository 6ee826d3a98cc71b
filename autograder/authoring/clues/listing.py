"""Every sentence that the near misses of a problem can lead to, for whoever wants to read them."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.authoring.clues.near_misses import NAME
from autograder.casebook import ProblemCases
from autograder.judge.near_miss import both, sentence


def sentences(cases: ProblemCases) -> Iterator[str]:
    """The sentences, each once, in the order of the reference's lines."""
    part = cases.clues.part(NAME)
    if part.told is None:
        return
    said: dict[str, None] = {}
    names = part.told["outputs"]
    for mask, number in zip(part.arrays["masks"], part.arrays["text"], strict=True):
        text = part.told["texts"][int(number)]
        going_on = text if isinstance(text, str) else both(cases.advice, text)
        outputs = [name for name, bits in zip(names, mask, strict=True) if bits]
        said.setdefault(sentence(cases.problem, outputs, going_on))
    yield from filter(None, said)
