"""Moments as a report shows them: all in one zone, that of the set's due date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from autograder.classroom.extensions import due_in
from autograder.classroom.lateness import moment
from autograder.classroom.standing import Standing
from autograder.settings import Course
from autograder.wording import counted


@dataclass(frozen=True)
class Clock:
    """What time it is in a course. due: of the problem set; None without a date that has a zone."""

    due: datetime | None = None

    @staticmethod
    def of(course: Course, problem_set: str) -> Clock:
        """The clock that a problem set's due date goes by."""
        return Clock(moment(due_in(course, problem_set)))

    @property
    def zone(self) -> str:
        """What the zone is called: `UTC−05:00`; empty if there is none."""
        return zone_of(self.due) if self.due else ""

    def shown(self, at: str) -> str:
        """A moment as its source says it, in the zone of the due date; empty for nothing.

        >>> clock = Clock(datetime.fromisoformat("2027-02-05T23:59:00-05:00"))
        >>> clock.shown("2027-02-06T05:05:00Z"), clock.shown("2027-02-06T05:05")
        ('Sat 6 Feb 00:05', '2027-02-06 05:05, zone unknown')
        >>> Clock().shown("2027-02-06T05:05:00Z")
        'Sat 6 Feb 2027 05:05 UTC'
        """
        found = moment(at)
        if found is None:
            return _as_told(at)
        if self.due is None:
            return f"{_day(found, with_year=True)} {zone_of(found)}"
        there = found.astimezone(self.due.tzinfo)
        return _day(there, with_year=there.year != self.due.year)

    def order(self, at: str) -> str:
        """What sorts moments as time goes by; empty for nothing."""
        found = moment(at)
        return found.astimezone(timezone.utc).isoformat() if found else at

    def deadline(self) -> str:
        """When the set is due: `Fri 5 Feb 2027 23:59`; empty if nobody knows."""
        return _day(self.due, with_year=True) if self.due else ""

    def why(self, standing: Standing) -> str:
        """How late a submission is and by which date, in words, a clause."""
        lateness, handed_in = standing.lateness, standing.handed_in
        due, at = moment(lateness.due), moment(handed_in.at if handed_in else "")
        if due is None or at is None or handed_in is None:
            return lateness.why
        kind = "extended due date" if lateness.extended else "due date"
        date = f"the {kind}, {self.shown(lateness.due)}"
        if at <= due:
            text = f"in time, before {date}"
        elif not lateness.days:
            text = f"within the grace period: {elapsed(at - due)} after {date}"
        else:
            text = f"{elapsed(at - due)} after {date}"
        if handed_in.late and not lateness.days and not lateness.extended:
            text += "; where it was handed in it counts as late"
        return text


def elapsed(time: timedelta) -> str:
    """How long that is, in its two largest units, rounded down.

    >>> elapsed(timedelta(days=4, hours=3)), elapsed(timedelta(hours=1)), elapsed(timedelta(0))
    ('4 days 3 hours', '1 hour', 'less than a minute')
    """
    hours, seconds = divmod(time.seconds, 3600)
    units = {"day": time.days, "hour": hours}
    if not time.days:
        units["minute"] = seconds // 60
    told = [counted(count, unit) for unit, count in units.items() if count]
    return " ".join(told) or "less than a minute"


def _as_told(at: str) -> str:
    """What is no moment to us, as its source says it."""
    text = at.replace("T", " ")
    has_zone = re.search(r"(Z|[+-]\d\d:?\d\d)$", at)
    return text if not at or has_zone else f"{text[:16]}, zone unknown"


def zone_of(at: datetime) -> str:
    """The zone of a moment that has one: `UTC−05:00`, `UTC`."""
    offset = at.isoformat()[-6:]
    return "UTC" if offset == "+00:00" else f"UTC{offset.replace('-', '−')}"


def _day(at: datetime, with_year: bool) -> str:
    year = f" {at.year}" if with_year else ""
    return f"{at:%a} {at.day} {at:%b}{year} {at:%H:%M}"
