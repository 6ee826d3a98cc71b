"""Where two submissions share what is rare: passages of lines, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.classroom.similar.fingerprints import Span
from autograder.classroom.similar.pairs import Index
from autograder.classroom.similar.works import Work

MOST_PASSAGES = 12
"""Of one pair, the longest, that are shown."""

MOST_LINES = 60
"""Of one passage."""


@dataclass(frozen=True)
class Passage:
    """Lines of two submissions that share fingerprints. having: how many of the class have one."""

    one: str
    one_lines: tuple[tuple[int, str], ...]
    other: str
    other_lines: tuple[tuple[int, str], ...]
    having: int


@dataclass
class _Run:
    """Fingerprints that follow one another in both."""

    one: str
    here: Span
    other: str
    there: Span
    having: int

    def takes(self, other: _Run) -> bool:
        """Take in the next fingerprint if it goes on where this ends, in both."""
        if (self.one, self.other) != (other.one, other.other):
            return False
        if not (_touch(self.here, other.here) and _touch(self.there, other.there)):
            return False
        self.here, self.there = _joined(self.here, other.here), _joined(self.there, other.there)
        self.having = max(self.having, other.having)
        return True


def passages(one: Work, other: Work, index: Index) -> list[Passage]:
    """The passages of a pair, the longest first, then in the order of the first's lines."""
    runs: list[_Run] = []
    for run in _shared(one, other, index):
        if not runs or not runs[-1].takes(run):
            runs.append(run)
    longest = sorted(runs, key=lambda run: run.here.first - run.here.last)[:MOST_PASSAGES]
    found = []
    for run in longest:
        here, there = _lines(one, run.one, run.here), _lines(other, run.other, run.there)
        found.append(Passage(run.one, here, run.other, there, run.having))
    return found


def _shared(one: Work, other: Work, index: Index) -> Iterator[_Run]:
    """The rare fingerprints that both have, in the order of the first's lines."""
    places: dict[int, tuple[str, Span]] = {}
    for path, prints in other.prints.items():
        for value, span in prints.items():
            places.setdefault(value, (path, span))
    for path, prints in one.prints.items():
        for value, span in sorted(prints.items(), key=lambda item: item[1].first):
            having = index.having(("code", value))
            if value in places and having <= index.limit:
                other_path, there = places[value]
                yield _Run(path, span, other_path, there, having)


def _touch(one: Span, other: Span) -> bool:
    return other.first <= one.last + 1 and one.first <= other.last + 1


def _joined(one: Span, other: Span) -> Span:
    return Span(min(one.first, other.first), max(one.last, other.last))


def _lines(work: Work, path: str, span: Span) -> tuple[tuple[int, str], ...]:
    lines = work.files[path].splitlines()
    last = min(span.last, span.first + MOST_LINES - 1)
    return tuple(enumerate(lines[span.first - 1 : last], start=span.first))
