"""How long grading took, and what went wrong with whose submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

from markupsafe import Markup

from autograder.classroom import statistics
from autograder.classroom.grade import Key
from autograder.classroom.report import charts
from autograder.classroom.report.names import Names
from autograder.classroom.report.submissions import Submission
from autograder.classroom.standing import Standing
from autograder.classroom.statistics import Distribution, Share

COLUMNS = 8
"""Of the chart of seconds, about."""

SLOWEST = 5
"""Submissions that are listed."""

STEPS = (0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300)
"""Widths that a column of seconds may have."""

CROWDED = 0.6
"""The share of all in one column from which on columns of one width say little."""

TELLING = 3
"""Columns that are not empty, without which a chart says less than a sentence."""


@dataclass(frozen=True)
class Timing:
    """Seconds of wall clock for each grade, and the faults.

    Equal files are graded once, so there may be fewer grades than submissions: `graded` counts the
    submissions, `seconds.count` the grades.
    rows: from, to, grades. faults: submissions with no grade to rely on. remarked: those on
    whose files there is something to say.
    """

    seconds: Distribution | None
    total: float
    graded: int
    chart: Markup | None
    rows: tuple[tuple[float, float, Share], ...]
    slowest: tuple[tuple[Submission, float], ...]
    faults: tuple[Submission, ...]
    remarked: tuple[Submission, ...]


def timing(
    standings: Sequence[Standing], names: Names, by_name: Mapping[str, Submission]
) -> Timing:
    """The times and faults of a class; each submission is in `standings` once."""
    took, graded = _seconds(standings)
    values = [*took.values()]
    chart, rows = _drawn(values)
    slow = sorted(took, key=lambda name: -took[name])[:SLOWEST]
    submissions = [by_name[name] for name in sorted(by_name, key=lambda one: names.numbers[one])]
    return Timing(
        statistics.distribution(values),
        sum(values),
        graded,
        chart,
        rows,
        tuple((by_name[name], took[name]) for name in slow),
        tuple(one for one in submissions if one.error),
        tuple(one for one in submissions if one.remarks),
    )


def _seconds(standings: Sequence[Standing]) -> tuple[dict[str, float], int]:
    """The first submission of each grade -> what the grade took; and how many were graded."""
    first: dict[Key, str] = {}
    took: dict[str, float] = {}
    graded = 0
    for standing in standings:
        handed_in, grade = standing.handed_in, standing.grade
        if handed_in is None or grade is None:
            continue
        graded += 1
        if grade.key not in first:
            first[grade.key] = handed_in.name
            took[handed_in.name] = grade.seconds
    return took, graded


Rows = tuple[tuple[float, float, Share], ...]


def _drawn(values: Sequence[float]) -> tuple[Markup | None, Rows]:
    """The chart of seconds and its table; nothing where a sentence says as much."""
    edges = edges_for(values)
    counts = statistics.counts_between(values, edges)
    if _filled(counts) < TELLING:
        return None, ()
    rows = []
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        rows.append((low, high, Share(count, len(values))))
    title = "Columns: how many submissions took how many seconds to grade"
    labels = [f"{edge:g}" for edge in edges]
    return charts.columns(counts, labels, "seconds", title), tuple(rows)


def edges_for(values: Sequence[float]) -> list[float]:
    """Round borders for about eight columns, which have all values between them.

    They are as far apart as one another, or, where most values would stand in one column because
    a few are much larger, each about twice the one before.

    >>> edges_for([0.3, 0.9, 1.3, 2.0]), edges_for([])
    ([0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0], [0.0, 0.1])
    >>> edges_for([0.8, 1.2, 1.5, 3.0, 42.0])
    [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0]
    """
    edges = _even(max(values, default=0.0))
    counts = statistics.counts_between(values, edges)
    is_telling = _filled(counts) >= TELLING and max(counts) <= CROWDED * len(values)
    if is_telling or min(values, default=0.0) <= 0:
        return edges
    return _growing(min(values), max(values))


def _even(most: float) -> list[float]:
    step = next((step for step in STEPS if most / step <= COLUMNS), most / COLUMNS)
    edges = [0.0, float(step)]
    while edges[-1] < most:
        edges.append(round(len(edges) * step, 6))
    return edges


def _growing(least: float, most: float) -> list[float]:
    """The numbers 1, 2, 5, 10, 20, ... from not above the first to not below the second."""
    edges: list[float] = []
    power = floor(log10(least))
    while len(edges) < 2 or edges[-1] < most:
        for digit in (1, 2, 5):
            edge = round(digit * 10.0**power, 9)
            if edge <= least:
                edges = [edge]
            elif len(edges) < 2 or edges[-1] < most:
                edges.append(edge)
        power += 1
    return edges


def _filled(counts: Sequence[int]) -> int:
    """How many columns are not empty."""
    return sum(count > 0 for count in counts)
