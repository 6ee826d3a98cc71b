"""Two known mistakes at once, in one function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.authoring.casebook.variants import code_span, lines_of, module_of
from autograder.problem import Misconception


@dataclass(frozen=True)
class Pair:
    """Two misconceptions of one function.

    top: the function or class of the module in which they stand. text: it, with both made.
    """

    one: Misconception
    other: Misconception
    function: str
    top: str
    text: str


def pairs(
    sources: Mapping[str, str], misconceptions: Sequence[Misconception], module: str
) -> Iterator[Pair]:
    """All pairs of a module whose patches do not touch one another."""
    by_function: dict[str, list[Misconception]] = {}
    for wrong in misconceptions:
        # One that is made in several functions is left out: a pair is of one function.
        if not wrong.also and module_of(sources, wrong) == module:
            by_function.setdefault(wrong.function or wrong.problem, []).append(wrong)
    for function, found in by_function.items():
        for one, other in combinations(found, 2):
            text = _with_both(sources[module], function, one, other)
            if text is not None:
                yield Pair(one, other, function, function.split(".")[0], text)


def _with_both(source: str, function: str, one: Misconception, other: Misconception) -> str | None:
    """The function or class around both patches; None if one of them touches the other."""
    start, end = code_span(source, function)
    code = source[start:end]
    first = _patched(_patched(code, one), other)
    if first is None or first != _patched(_patched(code, other), one):
        return None
    lines = lines_of(source, function.split(".")[0])
    texts = source.splitlines(keepends=True)
    top_start = sum(map(len, texts[: lines.start - 1]))
    top_end = sum(map(len, texts[: lines.stop - 1]))
    return source[top_start:start] + first + source[end:top_end]


def _patched(code: str | None, wrong: Misconception) -> str | None:
    if code is None or code.count(wrong.replace) != 1:
        return None
    return code.replace(wrong.replace, wrong.by)
