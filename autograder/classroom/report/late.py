"""Late work and extensions in a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.classroom.report import charts
from autograder.classroom.report.names import Names
from autograder.classroom.report.rendering import plural, points
from autograder.classroom.report.submissions import Submission
from autograder.classroom.report.times import Clock
from autograder.classroom.standing import Standing, once_each
from autograder.classroom.statistics import Share
from autograder.settings import Course

MOST_DAYS = 7
"""Columns of the chart of days; the last one stands for as many and more."""


@dataclass(frozen=True)
class LateRow:
    """One student whose work is late, or who has an extension.

    said: whether the source says that it is late. at, order, why, extended: empty where names are
    left out; `order` sorts what `at` shows.
    """

    who: str
    submission: Submission | None
    at: str
    order: str
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
    """late: submissions that are late by the course's own dates, of all of which that is known;
    unknown: how many others there are. said_late: by what the source says; None where it says
    nothing of any. lost: points, of all students. may_lose: whether late work costs points at all.
    slips: whether there are slip days. by_days: days -> submissions. remarks: what staff
    should know of dates and extensions; none where names are left out.
    """

    late: Share
    unknown: int
    said_late: int | None
    extensions: int
    lost: float
    may_lose: bool
    slips: bool
    chart: Markup | None
    by_days: tuple[tuple[str, Share], ...]
    rows: tuple[LateRow, ...]
    remarks: tuple[str, ...]

    @property
    def count(self) -> int | None:
        """How many are late by what is known, the course's dates first; None if nothing is."""
        return self.late.count if self.late.of else self.said_late

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is known of late work in the whole class, and nothing else."""
        return tuple(_sentences(self))


def late_work(
    standings: Sequence[Standing],
    course: Course,
    clock: Clock,
    names: Names,
    by_name: Mapping[str, Submission],
    remarks: Sequence[str],
) -> Late:
    """Whose work is late, and what it lost."""
    once = once_each(standings)
    known = [one for one in once if one.lateness.due or one.lateness.days]
    rows = [_row(one, clock, names, by_name) for one in standings if _is_to_be_listed(one)]
    if names.anonymous:
        rows.sort(key=lambda row: (_number(row.submission), row.final))
    by_days = _by_days(known)
    is_any_late = any(one.lateness.days for one in once)
    title = "Columns: how many submissions came how many days late"
    labels = [label for label, _ in by_days]
    lost = sum(one.penalty for one in standings)
    return Late(
        Share(sum(one.lateness.days > 0 for one in known), len(known)),
        len(once) - len(known),
        _said_late(once),
        sum(bool(one.lateness.extended) for one in standings),
        lost,
        course.late.per_day > 0 or lost > 0,
        course.late.slip_days > 0 or any(one.lateness.slipped for one in standings),
        charts.columns([share.count for _, share in by_days], labels, "days late", title)
        if is_any_late
        else None,
        by_days if is_any_late else (),
        tuple(rows),
        tuple(filter(None, map(names.told, remarks))),
    )


def _said_late(once: Sequence[Standing]) -> int | None:
    told = [one.handed_in.late for one in once if one.handed_in]
    known = [late for late in told if late is not None]
    return sum(known) if known else None


def _sentences(late: Late) -> Iterator[str]:
    if late.late.of:
        came = plural(late.late.count, "submission")
        was = "was" if late.late.count == 1 else "were"
        yield f"By the course’s dates, {came} {was} late."
    if late.unknown:
        more = "more submission" if late.late.of else "submission"
        was = "was" if late.unknown == 1 else "were"
        yield f"Whether {plural(late.unknown, more)} {was} late is not known."
    if late.said_late is not None:
        yield f"The source marks {plural(late.said_late, 'submission')} as late."
    if late.extensions:
        has = "has" if late.extensions == 1 else "have"
        yield f"{plural(late.extensions, 'student')} {has} an extension."
    if late.may_lose:
        yield f"Late work cost {points(late.lost)} points, all students together."
    else:
        yield "Late work costs nothing here, because course.toml sets no penalty."


def _is_to_be_listed(standing: Standing) -> bool:
    said = standing.handed_in is not None and bool(standing.handed_in.late)
    return said or standing.lateness.days > 0 or bool(standing.lateness.extended)


def _number(submission: Submission | None) -> int:
    return int(submission.anchor[1:]) if submission else 0


def _row(
    standing: Standing, clock: Clock, names: Names, by_name: Mapping[str, Submission]
) -> LateRow:
    handed_in, lateness = standing.handed_in, standing.lateness
    submission = by_name[handed_in.name] if handed_in else None
    who = names.student(standing.student) or (submission.heading if submission else "a student")
    at = names.told(handed_in.at) if handed_in else ""
    return LateRow(
        who,
        submission,
        clock.shown(at),
        clock.order(at),
        lateness.days,
        lateness.slipped,
        lateness.lost,
        standing.raw,
        standing.penalty,
        standing.final,
        handed_in is not None and bool(handed_in.late),
        bool(lateness.extended),
        names.told(lateness.extended),
        names.told(clock.why(standing)),
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
