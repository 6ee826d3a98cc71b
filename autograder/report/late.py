"""Late work on Gradescope: how many days, by Gradescope's own clock, and what that costs.

Gradescope writes the file /autograder/submission_metadata.json: the moment a submission came in,
the assignment's due date, and for every member of the group the dates that hold for that member,
extensions included. The documented part is on
https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/, the members' own dates
are in https://github.com/gradescope/autograder_samples/issues/60.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from autograder.report.words import points
from autograder.settings import Late
from autograder.wording import counted


@dataclass(frozen=True)
class Lateness:
    """How late a submission is.

    days: begun days after the due date and the grace. lost: the share of its points that this
        costs, 0 to 1. why: for staff, what that was worked out from, or why it could not be.
    may_slip: whether slip days may pay for some of it later, of which nothing is known here.
    """

    days: int
    lost: float
    why: str
    may_slip: bool = False

    def score(self, raw: float) -> float:
        """What is left of the points."""
        return left_of(raw, self.lost)

    @property
    def sentence(self) -> str:
        """`Handed in 1 day late: −10 %`; empty if that costs nothing."""
        if self.lost == 0:
            return ""
        days = counted(self.days, "day")
        aside = ", slip days not counted yet" if self.may_slip else ""
        return f"Handed in {days} late: −{points(100 * self.lost)} %{aside}"

    def as_data(self, raw: float) -> dict[str, Any]:
        """For staff: everything that the score comes from."""
        return {"raw": raw, "days": self.days, "lost": self.lost, "why": self.why}


def days_late(late: Late, due: datetime, handed_in: datetime) -> int:
    """Begun days after the due date and the grace; 0 for what is in time. Both have a zone."""
    beyond = handed_in - due - timedelta(minutes=late.grace_minutes)
    return max(0, ceil(beyond / timedelta(days=1)))


def left_of(raw: float, lost: float) -> float:
    """What is left of the points when a share of them, 0 to 1, is lost."""
    return raw if lost == 0 else round(raw * (1 - lost), 4)


def lateness(late: Late, metadata: Path) -> Lateness | None:
    """How late a submission is by a course's table [late]; None where that takes nothing.

    Slip days are not counted: a submission knows nothing of the student's others.
    metadata: Gradescope's file. Where it is missing or cannot be understood nothing is lost, and
    `why` says so.
    """
    if late.per_day == 0:
        return None
    try:
        data = json.loads(metadata.read_text(encoding="utf-8"))
        return _by_dates(late, _moment(data["created_at"]), _due(data))
    except OSError:
        return Lateness(0, 0.0, f"there is no {metadata.name} that can be read, so no penalty")
    except Exception as error:
        what = type(error).__name__
        return Lateness(0, 0.0, f"{metadata.name} is not understood ({what}), so no penalty")


def _by_dates(late: Late, handed_in: datetime, due: datetime | None) -> Lateness:
    if due is None:
        return Lateness(0, 0.0, "there is no due date, so no penalty")
    why = f"due {due.isoformat()}, handed in {handed_in.isoformat()}"
    days = days_late(late, due, handed_in)
    return Lateness(days, late.lost(days), why, may_slip=late.slip_days > 0)


def _due(data: Mapping[str, Any]) -> datetime | None:
    """When the submission was due. Of a group, the member with the most time counts."""
    own = list(_own_dates(data))
    if own:
        return max(own)
    general = data["assignment"]["due_date"]
    return None if general is None else _moment(general)


def _own_dates(data: Mapping[str, Any]) -> Iterator[datetime]:
    """The due dates that hold for the members of the group, as far as they are told."""
    for user in data.get("users") or ():
        due = (user.get("assignment") or {}).get("due_date")
        if due is not None:
            yield _moment(due)


def _moment(text: str) -> datetime:
    """A date and time as Gradescope writes it. Raises ValueError for one without a zone."""
    # Python 3.10 does not read the Z that stands for UTC.
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
