"""The file of scores that Gradescope gives for an assignment, with a column for each problem.

Columns as Gradescope writes them (`Download Grades`), so that a program that reads those reads
this. What only Gradescope knows, sections and how often a student looked, is empty.
"""

from __future__ import annotations

from datetime import datetime

from autograder.classroom.export.job import (
    Export,
    Job,
    exact,
    grades_by_problem,
    points_or_nothing,
    state_of,
)
from autograder.classroom.export.names import first_and_last
from autograder.classroom.export.rows import as_csv, safe
from autograder.classroom.standing import Standing

COLUMNS = (
    "First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status",
    "Submission ID", "Submission Time", "Lateness (H:M:S)", "View Count", "Submission Count",
)  # fmt: skip

STATUS = {"graded": "Graded", "not graded": "Ungraded", "missing": "Missing"}


def gradescope(job: Job) -> Export:
    """The file. Lateness is in begun days, by which the penalty goes: `24:00:00` is one."""
    headings = []
    for problem in job.problems:
        worth = exact(job.course.points_of(problem))
        headings.append(f"{job.numbers[problem.name]}: {problem.name} ({worth} pts)")
    rows = [[*COLUMNS, *headings]]
    for standing in job.standings:
        grades = grades_by_problem(standing)
        points = []
        for problem in job.problems:
            points.append(exact(grades[problem.name].score) if problem.name in grades else "")
        rows.append([*_about(standing), *points])
    return Export(as_csv(rows))


def _about(standing: Standing) -> list[str]:
    student, handed_in = standing.student, standing.handed_in
    first, last = first_and_last(student.shown)
    texts = [safe(text) for text in (first, last, student.sid, student.email, "")]
    grade = [points_or_nothing(standing), exact(standing.worth), STATUS[state_of(standing)]]
    if handed_in is None:
        return [*texts, *grade, "", "", "", "", "0"]
    number = handed_in.name.removeprefix("submission_")
    count = handed_in.number or 1 + len(handed_in.older)
    late = f"{24 * standing.lateness.days:02d}:00:00"
    return [*texts, *grade, safe(number), _time(handed_in.at), late, "", str(count)]


def _time(at: str) -> str:
    """`2026-04-26 17:34:00 -0500`; as it is where it is no time."""
    try:
        return datetime.fromisoformat(at.replace("Z", "+00:00")).strftime("%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return safe(at)
