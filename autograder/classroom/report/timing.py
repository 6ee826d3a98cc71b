"""How long grading took, and what went wrong with whose submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.classroom import statistics
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


@dataclass(frozen=True)
class Timing:
    """Seconds of wall clock for each submission, and the faults.

    rows: from, to, submissions. faults: submissions with no grade to rely on. remarked: those on
    whose files there is something to say.
    """

    seconds: Distribution | None
    total: float
    chart: Markup | None
    rows: tuple[tuple[float, float, Share], ...]
    slowest: tuple[tuple[Submission, float], ...]
    faults: tuple[Submission, ...]
    remarked: tuple[Submission, ...]


def timing(
    standings: Sequence[Standing], names: Names, by_name: Mapping[str, Submission]
) -> Timing:
    """The times and faults of a class; each submission is in `standings` once."""
    took = {}
    for standing in standings:
        if standing.handed_in is not None and standing.grade is not None:
            took[standing.handed_in.name] = standing.grade.seconds
    values = [*took.values()]
    edges = edges_for(values)
    counts = statistics.counts_between(values, edges)
    title = "Columns: how many submissions took how many seconds to grade"
    labels = [f"{edge:g}" for edge in edges]
    rows = []
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        rows.append((low, high, Share(count, len(values))))
    slow = sorted(took, key=lambda name: -took[name])[:SLOWEST]
    submissions = [by_name[name] for name in sorted(by_name, key=lambda one: names.numbers[one])]
    return Timing(
        statistics.distribution(values),
        sum(values),
        charts.columns(counts, labels, "seconds", title) if values else None,
        tuple(rows) if values else (),
        tuple((by_name[name], took[name]) for name in slow),
        tuple(one for one in submissions if one.error),
        tuple(one for one in submissions if one.remarks),
    )


def edges_for(values: Sequence[float]) -> list[float]:
    """Round numbers from 0 to what is not below the largest value, for about eight columns.

    >>> edges_for([0.3, 2.0]), edges_for([])
    ([0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0], [0.0, 0.1])
    """
    most = max(values, default=0.0)
    step = next((step for step in STEPS if most / step <= COLUMNS), most / COLUMNS)
    edges = [0.0, float(step)]
    while edges[-1] < most:
        edges.append(round(len(edges) * step, 6))
    return edges
