"""Fingerprints of a file: hashes of runs of its tokens, thinned out by winnowing.

Schleimer, Wilkerson and Aiken 2003, "Winnowing: Local Algorithms for Document Fingerprinting":
whatever two files share over GUARANTEED tokens, they share a fingerprint of, wherever it stands.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from autograder.classroom.similar.tokens import BREAK, Token

RUN = 10
"""Tokens in a run: about a line and a half, without brackets and commas."""

WINDOW = 4
"""Runs of which one is kept."""

GUARANTEED = RUN + WINDOW - 1

PRIME = (1 << 61) - 1
BASE = 1_000_003


@dataclass(frozen=True)
class Span:
    """Where a fingerprint comes from: the first and the last line, from 1."""

    first: int
    last: int


Prints = Mapping[int, Span]
"""Fingerprint -> where it stands first."""


def fingerprints(code: Sequence[Token]) -> dict[int, Span]:
    """The fingerprints of a file; none of one with fewer than RUN tokens."""
    found: dict[int, Span] = {}
    for body in _bodies(code):
        for place, value in _winnowed(_hashes(body)):
            span = Span(body[place].line, body[place + RUN - 1].line)
            found.setdefault(value, span)
    return found


def _bodies(code: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """What stands between the lines that name functions."""
    first = 0
    for place, token in enumerate(code):
        if token.text == BREAK:
            yield code[first:place]
            first = place + 1
    yield code[first:]


def _hashes(code: Sequence[Token]) -> Iterator[int]:
    """The hash of each run, each from the one before: as much work for a run of any length."""
    numbers = [crc32(token.text.encode("utf-8", "replace")) for token in code]
    if len(numbers) < RUN:
        return
    leaving = pow(BASE, RUN - 1, PRIME)
    value = 0
    for number in numbers[:RUN]:
        value = (value * BASE + number) % PRIME
    yield _mixed(value)
    for gone, number in zip(numbers, numbers[RUN:], strict=False):
        value = ((value - gone * leaving) * BASE + number) % PRIME
        yield _mixed(value)


def _mixed(value: int) -> int:
    """The same, so that the least of a window is any of it, not the one with the least token."""
    value ^= value >> 29
    return (value * 0xBF58476D1CE4E5B9) % PRIME


def _winnowed(hashes: Iterator[int]) -> Iterator[tuple[int, int]]:
    """Place and hash of the least in each window, the last of equal ones; each place once."""
    window: deque[tuple[int, int]] = deque()
    told, place = -1, -1
    for place, value in enumerate(hashes):
        while window and window[-1][1] >= value:
            window.pop()
        window.append((place, value))
        if window[0][0] <= place - WINDOW:
            window.popleft()
        if place >= WINDOW - 1 and window[0][0] != told:
            told = window[0][0]
            yield window[0]
    if 0 <= place < WINDOW - 1:  # a file with fewer runs than a window has
        yield min(window, key=lambda one: one[1])
