"""Moodle: the grading worksheet of an assignment, with Grade and Feedback filled.

The order of its columns is in Moodle's source, `mod/assign/gradingtable.php`, and what is taken
back in `mod/assign/feedback/offline/importgradeslib.php` (https://github.com/moodle/moodle). The
headings are in the site's language, and Moodle finds the columns by them; so they stay, and here
the columns are told by what is in them: the identifier ends in a number and comes first; the grade
stands before the highest grade, which is the same number in every row; feedback comes last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.classroom.export.filling import Filling, left_alone, lost, number
from autograder.classroom.export.job import (
    Export,
    ExportError,
    Job,
    exact,
    grades_by_problem,
)
from autograder.classroom.export.matching import match
from autograder.classroom.export.sheet import Sheet
from autograder.classroom.people import Student
from autograder.classroom.standing import Standing
from autograder.settings import Course
from autograder.wording import counted

IDENTIFIER = re.compile(r"\D*(\d+)")
NUMBER = re.compile(r"\d+([.,]\d+)?")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")

GRADE_HEADINGS = ("grade", "bewertung", "calificación", "nota", "note", "voto", "valutazione")
"""Where an old Moodle leaves the highest grade out: the heading in some languages."""

FEEDBACK = re.compile(r"feedback|comment|kommentar|comentari|commento|retroaliment", re.IGNORECASE)
"""Stands in the heading of a feedback column in some languages."""


def moodle(job: Job) -> Export:
    """The filled worksheet. Raises ExportError if there is none, or it is something else."""
    if job.into is None:
        raise ExportError(
            "Moodle takes back its own worksheet only: download it in the assignment (View all "
            "submissions, Download grading worksheet) and give it with --into"
        )
    sheet = _read(Sheet(job.into), job.standings)
    matches = match(sheet.students, job.standings)
    filling = Filling(sheet.cells, sheet.grade, sheet.decimal)
    has_text = 0
    for row, standing in matches.rows.items():
        if not filling.fill(row, standing) or sheet.feedback is None:
            continue
        if sheet.cells.cell(row, sheet.feedback):
            has_text += 1
        else:
            filling.changes[row, sheet.feedback] = feedback_text(standing, job.course)
    heading = sheet.cells.cell(0, sheet.grade)
    remarks = [f"filled the column {heading!r} of {job.into.name}", *filling.remarks]
    remarks += [*_remarks(sheet, job, has_text), *left_alone(sheet.cells, sheet.students, matches)]
    return Export(sheet.cells.replaced(filling.changes), tuple(remarks), lost(matches))


def feedback_text(standing: Standing, course: Course) -> str:
    """What the student reads beside the grade.

    `81 of 100 points: 90 before a late penalty of 9; 12 of 16 problems passed`, without the last
    part where the course shows no results.
    """
    text = f"{exact(standing.final)} of {exact(standing.worth)} points"
    if standing.penalty:
        text += f": {exact(standing.raw)} before a late penalty of {exact(standing.penalty)}"
    if course.policy.visibility == "hidden":
        return text
    right = [entry.status == "passed" for entry in grades_by_problem(standing).values()]
    return f"{text}; {sum(right)} of {len(right)} problems passed"


def _remarks(sheet: _Worksheet, job: Job, has_text: int) -> Iterator[str]:
    if sheet.feedback is None:
        yield "this worksheet has no column for feedback: turn on Feedback comments to have one"
    if has_text:
        yield f"{counted(has_text, 'row has', 'rows have')} feedback already, which stays"
    if sheet.most is not None and abs(sheet.most - job.worth) > 1e-6:
        yield (
            f"Moodle's highest grade is {exact(sheet.most)} and the grader counts "
            f"{exact(job.worth)} points: they are written as they are; change it in Moodle"
        )


# ----------------------------------------------------------------------------------- the worksheet


@dataclass(frozen=True)
class _Worksheet:
    """grade, feedback: columns. most: the highest grade, if the file has it. decimal: the sign in
    its numbers. students: row -> what it says of its student."""

    cells: Sheet
    grade: int
    feedback: int | None
    most: float | None
    decimal: str
    students: dict[int, Student]


def _read(cells: Sheet, standings: Sequence[Standing]) -> _Worksheet:
    rows = [row for row in range(1, len(cells.rows)) if not cells.is_blank(row)]
    if not rows or not all(IDENTIFIER.fullmatch(cells.cell(row, 0)) for row in rows):
        raise ExportError(
            f"{cells.name} is no grading worksheet of Moodle, whose first column has identifiers "
            "such as 'Participant 123': download it in the assignment"
        )
    grade, most = _grade(cells, rows)
    students = _students(cells, rows, grade, standings)
    first_most = "" if most is None else cells.cell(rows[0], grade + 1)
    decimal = "," if "," in first_most else "."
    return _Worksheet(
        cells, grade, _feedback(cells, rows, grade), number(first_most), decimal, students
    )


def _grade(cells: Sheet, rows: Sequence[int]) -> tuple[int, int | None]:
    """The column of grades, and that of the highest grade if there is one."""
    width = len(cells.rows[0])
    for column in range(width - 2, 0, -1):
        most = {cells.cell(row, column + 1) for row in rows}
        grades = {cells.cell(row, column) for row in rows} - {"", "-"}
        is_most = len(most) == 1 and NUMBER.fullmatch(next(iter(most)))
        if is_most and all(NUMBER.fullmatch(grade) for grade in grades):
            return column, column + 1
        if len(most) == 1 and "\n" in next(iter(most)):  # the words of a scale, a line each
            raise ExportError(
                f"this assignment is graded by a scale, says {cells.name}: choose points in its "
                "settings, then download the worksheet again"
            )
    for column in range(1, width):
        if cells.cell(0, column).casefold() in GRADE_HEADINGS:
            return column, None
    raise ExportError(
        f"no column of grades is found in {cells.name}: in the assignment's settings, grade by "
        "points and turn on Offline grading worksheet, then download it again"
    )


def _feedback(cells: Sheet, rows: Sequence[int], grade: int) -> int | None:
    """The column of feedback: the last, unless dates of grading are in it."""
    last = len(cells.rows[0]) - 1
    if last <= grade + 1:
        return None
    if FEEDBACK.search(cells.cell(0, last)):
        return last
    return last if all(not cells.cell(row, last) for row in rows) else None


def _students(
    cells: Sheet, rows: Sequence[int], grade: int, standings: Sequence[Standing]
) -> dict[int, Student]:
    """Row -> its student. A site may show more of one, in any order: what equals it counts."""
    addresses = _columns(cells, rows, grade, ADDRESS.fullmatch)
    sids = {one.student.sid.casefold() for one in standings} - {""}
    logins = {one.student.login.casefold() for one in standings} - {""}
    of_sid = _columns(cells, rows, grade, lambda text: text.casefold() in sids)
    of_login = _columns(cells, rows, grade, lambda text: text.casefold() in logins)
    found = {}
    for row in rows:
        identifier = IDENTIFIER.fullmatch(cells.cell(row, 0))
        assert identifier is not None
        found[row] = Student(
            name=cells.cell(row, 1) if grade > 1 else "",
            sid=cells.cell(row, of_sid),
            email=cells.cell(row, addresses),
            login=cells.cell(row, of_login),
            participant=identifier[1],
        )
    return found


def _columns(
    cells: Sheet, rows: Sequence[int], grade: int, is_one: Callable[[str], object]
) -> int | None:
    """The column before the grades in which most cells are such; None if no cell is."""
    counts = {}
    for column in range(1, grade):
        counts[column] = sum(bool(is_one(cells.cell(row, column))) for row in rows)
    best = max(counts, key=lambda column: counts[column], default=None)
    return best if best is not None and counts[best] else None
