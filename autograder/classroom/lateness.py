"""How late a submission of a class is, and what that costs: by its own time, never by the clock.

The rules are those of course.toml's table [late], with the arithmetic of `report.late`. What was
granted in extensions.csv counts for the whole group: the member with the most time decides, as on
Gradescope. What costs are begun days; a student's slip days pay for them, in the order of the
problem sets, as few as will do. **Each member of a group pays with days of their own**, so that
nobody loses points because a partner has none left, and nobody's days are spent for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.classroom.extensions import Extension, Extensions, due_in, with_zone_of
from autograder.classroom.store import HandedIn
from autograder.report.late import days_late
from autograder.settings import Course, Late
from autograder.settings.due import EXAMPLE, as_due
from autograder.settings.fitting import ALL
from autograder.wording import listed


@dataclass(frozen=True)
class Lateness:
    """How late a submission is, and what that costs.

    days: begun days after the due date, its extension and the grace. slipped: those of them that
    were paid for with slip days. lost: the share of the points that the others cost, 0 to 1.
    why: what it was worked out from, for staff; also why nothing could be worked out.
    extended: the note of an extension, else until when; empty if there is none.
    due: until when it was in time, with the extension; empty if nothing could be worked out.
    """

    days: int = 0
    slipped: int = 0
    lost: float = 0.0
    why: str = ""
    extended: str = ""
    due: str = ""


def lateness_of(
    handed_in: HandedIn, members: Sequence[str], course: Course, extensions: Extensions
) -> Lateness:
    """How late a submission is before slip days. members: `Student.key` of all of its group.

    Where that cannot be worked out nothing is lost, and `why` says so.
    """
    general = due_in(course, handed_in.set)
    unknown = _why_unknown(handed_in, general)
    if unknown:
        return Lateness(why=f"{unknown}, so no penalty")
    due, extension = datetime.fromisoformat(general), None
    for member in members:
        for one in extensions.of(member, handed_in.set):
            later = with_zone_of(one.due, general)
            if later > due:
                due, extension = later, one
    at = moment(handed_in.at)
    assert at is not None
    days = days_late(course.late, due, at)
    why = f"due {due.isoformat()}{_said(extension)}, handed in {at.isoformat()}"
    if handed_in.late and not days and extension is None:
        why += "; where it was handed in it counts as late"
    lost = course.late.lost(days)
    return Lateness(days, 0, lost, why, _note(extension, due), due.isoformat())


def paid(lateness: Lateness, late: Late, left: int) -> Lateness:
    """The same when slip days pay for it. left: those that the student has.

    None are spent that save nothing: not on a penalty that stays as it is.
    """
    most = min(left, lateness.days)
    slipped = min(range(most + 1), key=lambda spent: (late.lost(lateness.days - spent), spent))
    return replace(lateness, slipped=slipped, lost=late.lost(lateness.days - slipped))


def moment(text: str) -> datetime | None:
    """A date and time with a zone, as a source writes it; None for anything else."""
    try:
        due = as_due(text)
        found = datetime.fromisoformat(due) if due else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _why_unknown(handed_in: HandedIn, due: str) -> str:
    """Why nobody can say how late it is, as a clause; empty if it can be said."""
    if not due and handed_in.set == ALL:
        return "the sets of `all` are due at different times"
    if not due:
        return f"{handed_in.set} has no due date in course.toml"
    if datetime.fromisoformat(due).tzinfo is None:
        return f"the due date in course.toml has no offset (write it as {EXAMPLE})"
    if moment(handed_in.at) is not None:
        return ""
    if handed_in.at:
        return f"the time of handing in says no zone ({handed_in.at})"
    if handed_in.late:
        return "it is marked as late, but not how late"
    return "nothing says when it was handed in"


def _said(extension: Extension | None) -> str:
    if extension is None:
        return ""
    return f" (extended: {extension.note})" if extension.note else " (extended)"


def _note(extension: Extension | None, due: datetime) -> str:
    if extension is None:
        return ""
    return extension.note or f"until {due:%Y-%m-%d %H:%M}"


def remarks_on(course: Course, problem_set: str) -> list[str]:
    """Why no submission of a set can lose points although late work costs some, a sentence each."""
    if course.late.per_day <= 0:
        return []
    due = due_in(course, problem_set)
    if not due and problem_set == ALL:
        names = listed([one.name for one in course.sets])
        return [
            "no penalty for late work: `all` has no due date of its own; grade with --set, one of "
            f"{names}"
        ]
    if not due:
        return [f"no penalty for late work: {problem_set} has no due date in course.toml"]
    if datetime.fromisoformat(due).tzinfo is None:
        return [f"no penalty for late work: write the due dates in course.toml as {EXAMPLE}"]
    return []
