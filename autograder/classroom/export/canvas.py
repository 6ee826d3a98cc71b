"""Canvas: one column of the teacher's own gradebook export, or a file for a new assignment.

What Canvas writes and what it takes back are in its source, `lib/gradebook_exporter.rb` and
`lib/gradebook_importer.rb` of https://github.com/instructure/canvas-lms: headings in English, cells
between commas or semicolons, numbers with a point or a comma, sometimes a row `Manual Posting`, a
row `Points Possible`, then a row for each student. A heading without a known number in brackets
makes a new assignment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.classroom.export.filling import Filling, left_alone, lost, number
from autograder.classroom.export.job import (
    Export,
    ExportError,
    Job,
    State,
    exact,
    named,
    points_or_nothing,
    state_of,
)
from autograder.classroom.export.matching import match, plain_name
from autograder.classroom.export.rows import as_csv, safe
from autograder.classroom.export.sheet import Sheet
from autograder.classroom.people import Student
from autograder.printable import printable
from autograder.wording import counted

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_POSSIBLE = "    Points Possible"
WITH_ID = re.compile(r"(?P<title>.+?)\s*\((?P<id>\d+)\)")
"""An assignment's heading."""

NO_STUDENT = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
"""What stands in each cell of a row that is about assignments."""

KEPT = ("EX", "N/A")
"""Of somebody who is excused, or to whom the assignment was not given; Canvas' own marks."""

WITHOUT: Mapping[State, str] = {
    "missing": "handed in nothing",
    "not graded": "without a grade yet",
}
"""Why a student has no points, as a sentence about some of them goes on."""

TEST_STUDENT = "test student"
"""Whom Canvas adds to a course for its teacher to try things, without a number."""


def canvas(job: Job) -> Export:
    """The filled gradebook.

    Raises ExportError if the teacher's file is none, or no column of it is the one.
    """
    if job.into is None:
        return _new_file(job)
    book = _read(Sheet(job.into))
    column = _column(book, job)
    matches = match(book.students, job.standings)
    filling = Filling(book.sheet, column, "," if _has_decimal_comma(book) else ".")
    kept = []
    for row, standing in matches.rows.items():
        mark = book.sheet.cell(row, column)
        if mark.upper() in KEPT:
            kept.append(f"{named(standing)} has {mark} in the file, which stays")
        else:
            filling.fill(row, standing)
    remarks = [f"filled the column {book.heading(column)!r} of {job.into.name}", *filling.remarks]
    remarks += [
        *kept,
        *_other_worth(book, column, job),
        *left_alone(book.sheet, book.students, matches),
    ]
    return Export(book.sheet.replaced(filling.changes), tuple(remarks), lost(matches))


# --------------------------------------------------------------------------- the teacher's file


@dataclass(frozen=True)
class _Book:
    """A gradebook. columns: heading -> place. points: the row of `Points Possible`, if there is
    one. students: row -> what it says of its student."""

    sheet: Sheet
    columns: dict[str, int]
    points: int | None
    students: dict[int, Student]

    def heading(self, column: int) -> str:
        """A column's heading."""
        return self.sheet.cell(0, column)

    @property
    def assignments(self) -> list[int]:
        """The columns that hold an assignment's grades."""
        found = []
        for place in range(len(self.sheet.rows[0])):
            is_read_only = "read only" in self.possible(place)
            if WITH_ID.fullmatch(self.heading(place)) and not is_read_only:
                found.append(place)
        return found

    def possible(self, column: int) -> str:
        """What stands in the row `Points Possible`."""
        return "" if self.points is None else self.sheet.cell(self.points, column)


def _read(sheet: Sheet) -> _Book:
    headings = [text.strip() for text in sheet.rows[0]]
    columns = {heading: place for place, heading in reversed(list(enumerate(headings)))}
    names = {"Student"} <= columns.keys() or {"LastName", "FirstName"} <= columns.keys()
    if not names or "ID" not in columns:
        raise ExportError(
            f"{sheet.name} is no Canvas gradebook, whose first line begins with Student and ID: "
            "take the file that Canvas gives under Grades, Export"
        )
    points, students = None, {}
    for row in range(1, len(sheet.rows)):
        if "Points Possible" in sheet.cell(row, 0):
            points = row
        elif not all(NO_STUDENT.fullmatch(text) for text in sheet.rows[row]):
            student = _student(sheet, row, columns)
            if plain_name(student.name) != TEST_STUDENT or student.sid:
                students[row] = student
    return _Book(sheet, columns, points, students)


def _student(sheet: Sheet, row: int, columns: dict[str, int]) -> Student:
    def of(heading: str) -> str:
        return sheet.cell(row, columns.get(heading))

    name = of("Student") or f"{of('FirstName')} {of('LastName')}".strip()
    return Student(
        name=name,
        sid=of("SIS User ID"),
        login=of("SIS Login ID"),
        canvas_id=of("ID"),
    )


def _has_decimal_comma(book: _Book) -> bool:
    """Whether the file writes `100,00`."""
    row = 0 if book.points is None else book.points
    return any(re.fullmatch(r"\d+,\d+", text.strip()) for text in book.sheet.rows[row])


def _other_worth(book: _Book, column: int, job: Job) -> list[str]:
    possible = number(book.possible(column))
    if possible is None or abs(possible - job.worth) < 1e-6:
        return []
    return [
        f"Canvas counts {exact(possible)} points for it and the grader {exact(job.worth)}: the "
        "grader's points are written as they are; change the points in Canvas"
    ]


# ---------------------------------------------------------------------------------- which column


def _column(book: _Book, job: Job) -> int:
    """The column that is to be filled. Raises ExportError with all of them if it is not clear."""
    if job.column is not None:
        found = _asked_for(book, job.column)
        what = f"{job.column!r} is"
    else:
        found = _by_title(book, (job.title, job.set))
        what = f"the problem set {job.title!r} is"
    if len(found) == 1:
        return found[0]
    every = [repr(book.heading(place)) for place in book.assignments]
    if not every:
        raise ExportError(
            f"{book.sheet.name} has no column of an assignment, such as 'Homework 1 (12345)': make "
            "the assignment in Canvas and export the gradebook again"
        )
    which = "no column" if not found else "more than one column"
    raise ExportError(
        printable(
            f"{what} {which} of {book.sheet.name}: say which with --column, of {', '.join(every)}"
        )
    )


def _asked_for(book: _Book, wanted: str) -> list[int]:
    """The columns of this heading, title or number."""
    exactly = [place for place in book.assignments if book.heading(place) == wanted.strip()]
    if exactly:
        return exactly
    plain, found = plain_name(wanted), []
    for place in book.assignments:
        heading = book.heading(place)
        parts = WITH_ID.fullmatch(heading)
        assert parts is not None
        if plain in (plain_name(heading), plain_name(parts["title"]), parts["id"]):
            found.append(place)
    return found


def _by_title(book: _Book, titles: tuple[str, ...]) -> list[int]:
    """The columns that are called so; if none is, those in whose title one of these stands."""
    wanted = [title.casefold() for title in titles]
    same, within = [], []
    for place in book.assignments:
        parts = WITH_ID.fullmatch(book.heading(place))
        assert parts is not None
        title = parts["title"].casefold()
        if title in wanted:
            same.append(place)
        if any(re.search(rf"\b{re.escape(one)}\b", title) for one in wanted):
            within.append(place)
    return same or within


# ------------------------------------------------------------------------------------ a new file


def _new_file(job: Job) -> Export:
    rows = [[*COLUMNS, job.title], [POINTS_POSSIBLE, "", "", "", "", exact(job.worth)]]
    for standing in job.standings:
        student = standing.student
        known = (student.shown, student.canvas_id, student.sid, student.login or student.email, "")
        rows.append([*map(safe, known), points_or_nothing(standing)])
    states = Counter(state_of(standing) for standing in job.standings)
    remarks = [
        f"Canvas would make a new assignment {job.title!r} of this file; to fill one that is "
        "there, export the gradebook from Canvas and give that file with --into"
    ]
    for state, what in WITHOUT.items():
        if states[state]:
            cells = "the cell is" if states[state] == 1 else "the cells are"
            remarks.append(f"{counted(states[state], 'student')} {what}: {cells} empty")
    return Export(as_csv(rows), tuple(remarks))
