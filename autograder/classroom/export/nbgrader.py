"""What `nbgrader export` writes, by the columns of its plugins/export.py (nbgrader 0.9.6)."""

from __future__ import annotations

from datetime import datetime, timezone

from autograder.classroom.export.job import Export, Job, exact, state_of
from autograder.classroom.export.names import first_and_last
from autograder.classroom.export.rows import as_csv, safe
from autograder.classroom.standing import Standing

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def nbgrader(job: Job) -> Export:
    """The file. As nbgrader does, it gives 0 points for what is missing."""
    rows = [list(COLUMNS)]
    for standing in job.standings:
        rows.append([job.set, _time(job.due), *_about(standing), *_points(standing)])
    return Export(as_csv(rows))


def _about(standing: Standing) -> list[str]:
    student = standing.student
    first, last = first_and_last(student.name)
    # nbgrader knows a student by the name of the folder in `submitted/`.
    known = student.login or student.sid or student.email or student.shown
    at = standing.handed_in.at if standing.handed_in else ""
    return [_time(at), *map(safe, (known, last, first, student.email))]


def _points(standing: Standing) -> list[str]:
    if state_of(standing) == "not graded":
        return ["", "", "", exact(standing.worth)]
    points = (standing.raw, standing.penalty, standing.final, standing.worth)
    return [exact(number) for number in points]


def _time(at: str) -> str:
    """As nbgrader keeps it: in UTC, without saying so. As it is where it is no time."""
    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        return safe(at)
    return (
        str(moment.astimezone(timezone.utc).replace(tzinfo=None)) if moment.tzinfo else str(moment)
    )
