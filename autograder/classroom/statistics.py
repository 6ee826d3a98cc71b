"""What the grades of a class say about its problems: pure functions, from grades to numbers.

A submission counts once, whoever of a group handed it in. A problem was *tried* unless it is still
to do. Where a mistake was only carried on, it counts where it was made.

Classical item analysis: https://en.wikipedia.org/wiki/Item_analysis
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from autograder.classroom.grade import Grade, ProblemGrade

ENOUGH = 30
"""Submissions: with fewer, there is a note in place of each correlation and of alpha."""

EXTREME = 0.27
"""The share of the class that is the upper, and the lower, group of a discrimination."""

Z = 1.959963984540054
"""The normal distribution has 95 % of its weight between -Z and Z."""

OUTCOMES = ("right", "partly", "carried", "wrong", "stopped", "too slow", "to do")
"""What became of a problem, each submission's under one of these words; the order of tables."""

OUTCOME_OF = {
    "passed": "right",
    "partial": "partly",
    "failed": "wrong",
    "error": "stopped",
    "timeout": "too slow",
    "todo": "to do",
}
"""A verdict's status -> its word, wherever staff read of a class."""

Grades = Mapping[str, Grade]
"""Name of a submission -> its grade."""


# ------------------------------------------------------------------------------------------- shares


@dataclass(frozen=True)
class Share:
    """So many of so many, with what that says about classes like this one."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """0 to 1; of nobody, 0."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        return wilson(self.count, self.of)


def wilson(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, 0 to 1; of nobody, everything is possible.

    https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval

    >>> low, high = wilson(3, 10)
    >>> round(low, 3), round(high, 3)
    (0.108, 0.603)
    """
    if of == 0:
        return 0.0, 1.0
    share, spread = count / of, Z * Z / of
    middle = share + spread / 2
    half = Z * sqrt(share * (1 - share) / of + spread / (4 * of))
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return max(0.0, low), min(1.0, high)


# ------------------------------------------------------------------------------------ distributions


@dataclass(frozen=True)
class Distribution:
    """Some numbers in short, in their own unit. Of one number there is no deviation."""

    count: int
    mean: float
    deviation: float | None
    least: float
    lower: float
    median: float
    upper: float
    most: float


def distribution(values: Sequence[float]) -> Distribution | None:
    """The mean, the sample's standard deviation and the quartiles; None of no numbers."""
    if not values:
        return None
    numbers = np.array(values, dtype=float)
    least, lower, median, upper, most = np.quantile(numbers, [0, 0.25, 0.5, 0.75, 1]).tolist()
    deviation = float(numbers.std(ddof=1)) if len(values) > 1 else None
    return Distribution(
        len(values), float(numbers.mean()), deviation, least, lower, median, upper, most
    )


def counts_between(values: Sequence[float], edges: Sequence[float]) -> list[int]:
    """How many values lie from each edge to the next; an edge belongs to what follows it, the last
    one to what is before it.
    """
    counts, _ = np.histogram(np.array(values, dtype=float), bins=np.array(edges, dtype=float))
    return [int(count) for count in counts]


# ----------------------------------------------------------------------------------- discrimination


def correlation(first: np.ndarray, second: np.ndarray) -> float | None:
    """Pearson's; None where one of the two is always the same."""
    if len(first) < 2 or _is_constant(first) or _is_constant(second):
        return None
    return float(np.corrcoef(first, second)[0, 1])


def upper_minus_lower(shares: np.ndarray, totals: np.ndarray) -> float | None:
    """The mean share in the upper 27 % by total, minus that in the lower 27 %; None of nobody.

    Those with equal totals at a border count equally, each with a part of the room that is left:
    so it does not depend on the order of the class.
    """
    if len(shares) == 0:
        return None
    upper, lower = _weights_of_most(totals), _weights_of_most(-totals)
    return float(np.average(shares, weights=upper) - np.average(shares, weights=lower))


def _weights_of_most(totals: np.ndarray) -> np.ndarray:
    """How much each counts among the 27 % with the largest totals, 0 to 1."""
    rounded = np.round(totals, 9)  # sums of the same points in another order are equal
    weights = np.zeros(len(totals))
    room = EXTREME * len(totals)
    for total in np.unique(rounded)[::-1]:
        tied = rounded == total
        weights[tied] = min(1.0, room / tied.sum())
        room -= weights[tied].sum()
        if room <= 0:
            break
    return weights


def cronbachs_alpha(scores: np.ndarray) -> float | None:
    """Cronbach's alpha of a table: a row for each submission, a column for each problem.

    None of fewer than two rows or columns, and where all totals are equal.
    https://en.wikipedia.org/wiki/Cronbach%27s_alpha
    """
    submissions, problems = scores.shape
    if submissions < 2 or problems < 2 or _is_constant(scores.sum(axis=1)):
        return None
    of_problems = scores.var(axis=0, ddof=1).sum()
    of_totals = scores.sum(axis=1).var(ddof=1)
    return float(problems / (problems - 1) * (1 - of_problems / of_totals))


def _is_constant(values: np.ndarray) -> bool:
    return bool(np.ptp(values) < 1e-9)


# ------------------------------------------------------------------------------- problem by problem


@dataclass(frozen=True)
class Item:
    """One problem in a class. Shares are of its points, 0 to 1; None where there is no number.

    outcomes: word of OUTCOMES -> how many submissions. share_tried: the mean share of the points
    over those who tried it; share_all: over all.
    correlation: of its points with the total of all other problems. gap: its mean share in the
    upper 27 % minus that in the lower. alpha_without: Cronbach's alpha of all other problems.
    lost_here: points that mistakes made in this problem cost the whole class, wherever they did.
    """

    problem: str
    lesson: str
    points: float
    outcomes: Mapping[str, int]
    share_tried: float | None
    share_all: float | None
    lost_here: float
    correlation: float | None = None
    gap: float | None = None
    alpha_without: float | None = None

    @property
    def tried(self) -> Share:
        """How many tried it."""
        return Share(sum(self.outcomes.values()) - self.outcomes["to do"], self.all)

    @property
    def all(self) -> int:
        """How many submissions there are."""
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class Analysis:
    """All problems of a class. note: why numbers are missing, a sentence; empty if none are."""

    submissions: int
    items: tuple[Item, ...]
    alpha: float | None
    note: str = ""


def analyse(grades: Grades) -> Analysis:
    """The item analysis of a class, in the order in which the grades have the problems."""
    columns = _columns(grades)
    scores = np.zeros((len(grades), len(columns)))
    for number, column in enumerate(columns.values()):
        scores[:, number] = [graded.score if graded else 0.0 for graded in column]

    is_enough = len(grades) >= ENOUGH
    lost = lost_by_place(grades)
    items = []
    for number, (problem, column) in enumerate(columns.items()):
        item = _described(column, lost.get(problem, 0.0))
        items.append(_discriminated(item, scores, number) if is_enough else item)
    alpha = cronbachs_alpha(scores) if is_enough else None
    return Analysis(len(grades), tuple(items), alpha, "" if is_enough else too_few(len(grades)))


def too_few(submissions: int) -> str:
    """Why there is no correlation."""
    return (
        f"Discrimination, gap and alpha are left out: with fewer than {ENOUGH} submissions they "
        f"say more about chance than about the problems, and there {_are(submissions)}."
    )


def _are(count: int) -> str:
    return {0: "are none", 1: "is one"}.get(count, f"are {count}")


Column = Sequence[ProblemGrade | None]
"""What a problem came to in each submission; None where a grade has no such problem."""


def _columns(grades: Grades) -> dict[str, Column]:
    """Problem -> its column, for every problem that some grade has."""
    columns: dict[str, list[ProblemGrade | None]] = {}
    for row, grade in enumerate(grades.values()):
        for graded in grade.problems:
            column = columns.setdefault(graded.problem, [None] * len(grades))
            column[row] = graded
    return {**columns}


def _described(column: Column, lost_here: float) -> Item:
    outcomes = dict.fromkeys(OUTCOMES, 0)
    tried, everybody = [], []
    for graded in column:
        word = outcome(graded) if graded else "to do"
        share = share_of(graded) if graded else 0.0
        outcomes[word] += 1
        everybody.append(share)
        if word != "to do":
            tried.append(share)
    example = next(graded for graded in column if graded)
    return Item(
        example.problem,
        example.lesson,
        example.max_score,
        outcomes,
        _mean(tried),
        _mean(everybody),
        lost_here,
    )


def _discriminated(item: Item, scores: np.ndarray, number: int) -> Item:
    """The item with what tells the strong from the weak."""
    own, others = scores[:, number], np.delete(scores, number, axis=1)
    shares = own / item.points if item.points else own
    return replace(
        item,
        correlation=correlation(own, others.sum(axis=1)),
        gap=upper_minus_lower(shares, scores.sum(axis=1)),
        alpha_without=cronbachs_alpha(others),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def share_of(graded: ProblemGrade) -> float:
    """The share of its points that a problem earned, 0 to 1; of one worth nothing, 0."""
    return graded.score / graded.max_score if graded.max_score else 0.0


def outcome(graded: ProblemGrade) -> str:
    """What became of a problem, as one of OUTCOMES; carried is what is wrong by carrying alone."""
    if graded.status != "passed":  # most are, and nothing of them is looked at
        states = graded.outputs.values()
        if "carried" in states and "wrong" not in states:
            return "carried"
    return OUTCOME_OF[graded.status]


# ------------------------------------------------------------------------- where a mistake was made


def made_in(grade: Grade, graded: ProblemGrade) -> str:
    """The problem in which the mistake was made that this one shows: itself, or an earlier one."""
    if not graded.carried_from:
        return graded.problem
    earlier = {one.problem: one.carried_from for one in grade.problems}
    place, passed = graded.problem, set()
    while earlier.get(place) and place not in passed:
        passed.add(place)
        place = earlier[place]
    return place


def lost_by_place(grades: Grades) -> dict[str, float]:
    """Problem -> the points that mistakes made in it cost, there and where they were carried on."""
    lost: dict[str, float] = {}
    for grade in grades.values():
        for graded in grade.problems:
            if graded.score < graded.max_score:
                place = made_in(grade, graded)
                lost[place] = lost.get(place, 0.0) + graded.max_score - graded.score
    return lost
