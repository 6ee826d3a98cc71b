"""Late work and extensions in a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.classroom.report import charts
from autograder.classroom.report.names import Names
from autograder.classroom.report.submissions import Submission
from autograder.classroom.standing import Standing, once_each
from autograder.classroom.statistics import Share

MOST_DAYS = 7
"""Columns of the chart of days; the last one stands for as many and more."""


@dataclass(frozen=True)
class LateRow:
    """One student whose work is late, or who has an extension.

    said: whether the source says that it is late. why, extended: empty where names are left out.
    """

    who: str
    submission: Submission | None
    at: str
    days: int
    slipped: int
    lost: float
    raw: float
    penalty: float
    final: float
    said: bool
    has_extension: bool
    extended: str
    why: str


@dataclass(frozen=True)
class Late:
    """late: submissions that are late by the course's own dates, of all. said_late: by what the
    source says. lost: points, of all students. by_days: days -> submissions. remarks: what staff
    should know of dates and extensions; none where names are left out.
    """

    late: Share
    said_late: int
    extensions: int
    lost: float
    chart: Markup | None
    by_days: tuple[tuple[str, Share], ...]
    rows: tuple[LateRow, ...]
    remarks: tuple[str, ...]


def late_work(
    standings: Sequence[Standing],
    names: Names,
    by_name: Mapping[str, Submission],
    remarks: Sequence[str],
) -> Late:
    """Whose work is late, and what it lost."""
    once = once_each(standings)
    rows = [_row(one, names, by_name) for one in standings if _is_to_be_listed(one)]
    if names.anonymous:
        rows.sort(key=lambda row: (_number(row.submission), row.final))
    by_days = _by_days(once)
    is_any_late = any(one.lateness.days for one in once)
    title = "Columns: how many submissions came how many days late"
    labels = [label for label, _ in by_days]
    return Late(
        Share(sum(one.lateness.days > 0 for one in once), len(once)),
        sum(bool(one.handed_in and one.handed_in.late) for one in once),
        sum(bool(one.lateness.extended) for one in standings),
        sum(one.penalty for one in standings),
        charts.columns([share.count for _, share in by_days], labels, "days late", title)
        if is_any_late
        else None,
        by_days if is_any_late else (),
        tuple(rows),
        tuple(filter(None, map(names.told, remarks))),
    )


def _is_to_be_listed(standing: Standing) -> bool:
    said = standing.handed_in is not None and bool(standing.handed_in.late)
    return said or standing.lateness.days > 0 or bool(standing.lateness.extended)


def _number(submission: Submission | None) -> int:
    return int(submission.anchor[1:]) if submission else 0


def _row(standing: Standing, names: Names, by_name: Mapping[str, Submission]) -> LateRow:
    handed_in, lateness = standing.handed_in, standing.lateness
    submission = by_name[handed_in.name] if handed_in else None
    who = names.student(standing.student) or (submission.heading if submission else "a student")
    return LateRow(
        who,
        submission,
        names.told(handed_in.at) if handed_in else "",
        lateness.days,
        lateness.slipped,
        lateness.lost,
        standing.raw,
        standing.penalty,
        standing.final,
        handed_in is not None and bool(handed_in.late),
        bool(lateness.extended),
        names.told(lateness.extended),
        names.told(lateness.why),
    )


def _by_days(once: Sequence[Standing]) -> tuple[tuple[str, Share], ...]:
    """How many came in time, one day late, ..., seven days late or more."""
    counts = Counter(min(one.lateness.days, MOST_DAYS) for one in once)
    most = max(counts, default=0)
    found = []
    for days in range(most + 1):
        label = f"{days}+" if days == MOST_DAYS else str(days)
        found.append((label, Share(counts[days], len(once))))
    return tuple(found)
