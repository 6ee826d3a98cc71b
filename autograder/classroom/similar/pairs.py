"""Pairs of submissions that share what is rare in their class.

Linear in the number of submissions: who shares a rare feature is looked up in an inverted index,
with a bounded number of neighbours each, and only the likeliest are compared in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, log2

from autograder.classroom.similar.works import Feature, Work

COMMON = 0.05
"""The share of the class from which on what they share counts for nothing."""

NEIGHBOURS = 4
"""Submissions with the same feature that one is paired with, so that a large group stays linear."""

COMPARED = 6
"""Others that each submission is compared with in full."""

ENOUGH = 25
"""Rare fingerprints of a file below which sharing all of them is no longer all of the likeness."""

WRONG_BITS, WORD_BITS = 24.0, 64.0
"""Bits of surprise that are worth half of the likeness that is left."""

IDENTICAL = 0.9

LISTED = 0.5
"""The likeness from which on a pair is listed."""


@dataclass(frozen=True)
class Shared:
    """Something that two submissions share, and how many of the class have it."""

    what: str
    having: int


@dataclass(frozen=True)
class Pair:
    """Two submissions, and what they share of all that is rare in the class.

    likeness: 0 to 1, only to sort by. code: the share of the rarer parts of a file that stand in
    the other submission, too. identical: how many of the class have exactly these files; 0 if the
    two differ.
    """

    one: Work
    other: Work
    likeness: float
    code: float
    identical: int
    wrong: tuple[Shared, ...]
    comments: tuple[Shared, ...]
    names: tuple[Shared, ...]


@dataclass(frozen=True)
class Found:
    """What was found in a class.

    pairs: from LISTED on, the closest first. best: of each submission the likeness to its closest
    match, ascending: the base rate. index: says how many have a feature.
    """

    pairs: tuple[Pair, ...]
    best: tuple[float, ...]
    index: Index

    @property
    def count(self) -> int:
        """Submissions in the class."""
        return len(self.best)

    def below(self, likeness: float) -> float:
        """The share of the class whose best match is less like it than this."""
        return sum(one < likeness for one in self.best) / max(1, len(self.best))


def pairs_of(works: Sequence[Work]) -> Found:
    """The pairs of a class; two submissions that have an owner in common are never paired."""
    index = Index(works)
    best = [0.0] * len(works)
    pairs = []
    for one, other in index.candidates():
        pair = index.compared(one, other)
        best[one], best[other] = max(best[one], pair.likeness), max(best[other], pair.likeness)
        if pair.likeness >= LISTED:
            pairs.append(pair)
    pairs.sort(key=lambda pair: (-pair.likeness, pair.one.name, pair.other.name))
    return Found(tuple(pairs), tuple(sorted(best)), index)


class Index:
    """Feature -> the submissions that have it, of all that are rare; `steps` counts the work."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.works, self.steps = works, 0
        self.limit = max(2, floor(COMMON * len(works)))
        self._having: Counter[Feature] = Counter()
        for work in works:
            self._having.update(work.features())
        self._rare = [self._rare_of(work) for work in works]

    def having(self, feature: Feature) -> int:
        """How many of the class have it."""
        return self._having[feature]

    def _rare_of(self, work: Work) -> frozenset[Feature]:
        features = work.features()
        self.steps += len(features)
        return frozenset(one for one in features if self._having[one] <= self.limit)

    def candidates(self) -> Iterator[tuple[int, int]]:
        """The places of those that are to be compared, each pair once."""
        votes: Counter[tuple[int, int]] = Counter()
        for places in self._lists():
            for number, place in enumerate(places):
                for other in places[number + 1 : number + 1 + NEIGHBOURS]:
                    self.steps += 1
                    if not self.works[place].owners & self.works[other].owners:
                        votes[place, other] += 1
        yield from _most_voted(votes)

    def _lists(self) -> Iterable[list[int]]:
        """The submissions that share a rare feature, in one order for all features."""
        lists: dict[Feature, list[int]] = {}
        for place, rare in enumerate(self._rare):
            for feature in rare:
                if self._having[feature] > 1:
                    lists.setdefault(feature, []).append(place)
        return lists.values()

    def compared(self, one: int, other: int) -> Pair:
        """Two submissions in full."""
        works = self.works[one], self.works[other]
        shared = self._rare[one] & self._rare[other]
        self.steps += len(self._rare[one]) + len(self._rare[other])
        prints = {value for kind, value in shared if kind == "code"}
        code = max(self._copied(work, prints) for work in works)
        identical = self._having["files", works[0].digest] if _same_files(*works, shared) else 0
        parts = [
            code,
            IDENTICAL if identical else 0.0,
            1 - 2 ** -(self._bits(shared, ("wrong",)) / WRONG_BITS),
            1 - 2 ** -(self._bits(shared, ("comment", "name")) / WORD_BITS),
        ]
        return Pair(
            *works,
            _together(parts),
            code,
            identical,
            self._told(shared, "wrong"),
            self._told(shared, "comment"),
            self._told(shared, "name"),
        )

    def _copied(self, work: Work, shared: set[object]) -> float:
        """The greatest share of a file's rare fingerprints that are shared."""
        most = 0.0
        for prints in work.prints.values():
            rare = [one for one in prints if self._having["code", one] <= self.limit]
            self.steps += len(prints)
            common = sum(one in shared for one in rare)
            most = max(most, common / max(len(rare), ENOUGH))
        return most

    def _bits(self, shared: Iterable[Feature], kinds: Sequence[str]) -> float:
        """How surprising it is to share these, in bits."""
        return sum(
            log2(len(self.works) / self._having[feature])
            for feature in shared
            if feature[0] in kinds
        )

    def _told(self, shared: Iterable[Feature], kind: str) -> tuple[Shared, ...]:
        """What they share of one kind, the rarest first."""
        found = []
        for feature in shared:
            if feature[0] == kind:
                value = feature[1]
                what = str(value[0]) if isinstance(value, tuple) else str(value)
                found.append(Shared(what, self._having[feature]))
        return tuple(sorted(found, key=lambda one: (one.having, one.what)))


def _most_voted(votes: Counter[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of each submission the pairs with the most votes, each pair once."""
    taken: Counter[int] = Counter()
    chosen = []
    for pair, _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if min(taken[pair[0]], taken[pair[1]]) < COMPARED:
            chosen.append(pair)
            taken.update(pair)
    return chosen


def _same_files(one: Work, other: Work, shared: frozenset[Feature]) -> bool:
    return one.digest == other.digest != "" and ("files", one.digest) in shared


def _together(parts: Iterable[float]) -> float:
    """Several pieces of evidence as one number from 0 to 1; none of them takes from another."""
    left = 1.0
    for part in parts:
        left *= 1.0 - part
    return 1.0 - left
