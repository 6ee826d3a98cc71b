"""When something was due and handed in, and what it lost by being late, as its students read it.

The reasons behind an extension are for staff. In a group it is one member's own business that there
is one, so that no page of a group says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from autograder.classroom.extensions import due_in
from autograder.classroom.lateness import Lateness, moment
from autograder.classroom.standing import Standing
from autograder.report.words import points
from autograder.settings import Course
from autograder.wording import counted


def dates_of(standing: Standing, course: Course) -> Iterator[str]:
    """When it was due and when it was handed in, both in the due date's zone."""
    handed_in = standing.handed_in
    if handed_in is None:
        return
    general = due_in(course, standing.set)
    due = standing.lateness.due or general
    if not standing.lateness.extended:
        if due:
            yield f"Due {_time(due)}"
    elif len(handed_in.students) == 1:
        yield f"Due {_time(due)}, with your extension"
    if handed_in.at:
        yield f"Handed in {_time(handed_in.at, general)}"


def _time(at: str, zone_of: str = "") -> str:
    """`2027-02-05 18:00 (UTC-05:00)`; as it is where it is no time.

    zone_of: another time, in whose zone it is told; a time that says no zone stays as it is.
    """
    try:
        told = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        return at
    other = moment(zone_of)
    if told.tzinfo and other is not None:
        told = told.astimezone(other.tzinfo)
    zone = f" ({told.tzname()})" if told.tzinfo else ""
    return f"{told:%Y-%m-%d %H:%M}{zone}"


def late_work(standing: Standing) -> Iterator[str]:
    """How late it was and what that cost, in one sentence; none for what was in time."""
    late = standing.lateness
    if standing.grade is None or not late.days:
        return
    said = f"anded in {counted(late.days, 'day')} late{_slipped(late)}"
    if not standing.penalty:
        yield f"H{said}."
        return
    earned = f"{points(standing.raw)} points earned"
    yield f"{earned}; h{said}: −{points(100 * late.lost)} %, {points(standing.penalty)} points."


def _slipped(late: Lateness) -> str:
    """What slip days paid for, as a clause."""
    if not late.slipped:
        return ""
    if late.slipped < late.days:
        return f", {counted(late.slipped, 'day')} of which slip days pay for"
    return ", which a slip day pays for" if late.days == 1 else ", which slip days pay for"
