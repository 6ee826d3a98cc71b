"""Our own table: a row a student, with all points, for a spreadsheet or a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.classroom.export.job import Export, Job, exact, grades_by_problem, state_of
from autograder.classroom.export.rows import as_csv, safe
from autograder.classroom.standing import Standing

COLUMNS = (
    "name", "sid", "email", "login", "canvas_id", "participant", "submission", "group", "state",
    "raw", "penalty", "final", "worth", "handed_in", "days_late", "slip_days", "share_lost", "why",
)  # fmt: skip
"""Before a column for each problem. Points are as in every other export; days are begun ones."""


def table(job: Job) -> Export:
    """The table: points of who has no grade are empty, of who handed in nothing 0."""
    names = [problem.name for problem in job.problems]
    rows = [[*COLUMNS, *names]]
    groups = _groups(job.standings)
    for standing in job.standings:
        rows.append([*_about(standing, groups), *_points(standing), *_late(standing)])
        grades = grades_by_problem(standing)
        for name in names:
            rows[-1].append(exact(grades[name].score) if name in grades else "")
    return Export(as_csv(rows))


def _groups(standings: Sequence[Standing]) -> dict[str, list[Standing]]:
    """Submission -> those who stand by it."""
    groups: dict[str, list[Standing]] = {}
    for standing in standings:
        if standing.handed_in is not None:
            groups.setdefault(standing.handed_in.name, []).append(standing)
    return groups


def _about(standing: Standing, groups: Mapping[str, Sequence[Standing]]) -> list[str]:
    student, handed_in = standing.student, standing.handed_in
    group = groups[handed_in.name] if handed_in else ()
    others = [one.student.shown for one in group if one is not standing]
    about = (
        student.name, student.sid, student.email, student.login, student.canvas_id,
        student.participant, handed_in.name if handed_in else "", "; ".join(others),
        state_of(standing),
    )  # fmt: skip
    return [safe(text) for text in about]


def _points(standing: Standing) -> list[str]:
    points = [standing.raw, standing.penalty, standing.final]
    if state_of(standing) == "not graded":
        return ["", "", "", exact(standing.worth)]
    return [*map(exact, points), exact(standing.worth)]


def _late(standing: Standing) -> list[str]:
    late = standing.lateness
    at = standing.handed_in.at if standing.handed_in else ""
    return [at, str(late.days), str(late.slipped), exact(late.lost), safe(late.why)]
