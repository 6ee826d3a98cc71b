"""extensions.csv: who may hand in what until when, `student,set,due,note`, a line each.

    student,set,due,note
    ada@example.edu,recurrence,2027-02-08,ill
    1815,,2027-02-10T12:00,    (an empty set is every set)

A line that cannot be understood costs only itself, and a sentence names it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.classroom.directory import Directory
from autograder.classroom.store import StoreError
from autograder.errors import did_you_mean
from autograder.printable import printable
from autograder.settings import Course
from autograder.settings.due import EXAMPLE, as_due
from autograder.settings.fitting import ALL
from autograder.wording import listed

COLUMNS = ("student", "set", "due", "note")

NEEDED = ("student", "due")

LONGEST_SHOWN = 60
"""Characters of a cell that a message quotes."""

MOST_LISTED = 3


@dataclass(frozen=True)
class Extension:
    """More time for one student. set: a problem set; empty for all. due: as `as_due` gives it."""

    student: str
    set: str
    due: str
    note: str = ""


@dataclass(frozen=True)
class Extensions:
    """What was granted, and what could not be understood, a sentence for each line."""

    granted: tuple[Extension, ...] = ()
    wrong: tuple[str, ...] = ()

    def of(self, student: str, problem_set: str) -> list[Extension]:
        """What was granted to a student, by `Student.key`, for a problem set."""
        return [
            one for one in self.granted if one.student == student and one.set in ("", problem_set)
        ]


def read_extensions(path: Path, course: Course, people: Directory, name: str = "") -> Extensions:
    """The extensions in a file; none where there is no file.

    people: all whom a line can mean. name: what the file is called in an error.
    Raises StoreError if the file cannot be read, or lacks a column.
    """
    if not path.exists():
        return Extensions()
    granted, wrong = [], []
    for number, row in _rows(path, name or path.name):
        try:
            granted.append(_extension(row, course, people))
        except ValueError as error:
            wrong.append(f"line {number} of {path.name} was left out: {error}")
    return Extensions(tuple(granted), tuple(wrong))


def check_extensions(path: Path, name: str = "") -> None:
    """Raise StoreError for a file that cannot be read as extensions, whoever they are for.

    name: what the file is called then.
    """
    for _ in _rows(path, name or path.name):
        pass


def due_in(course: Course, problem_set: str) -> str:
    """When a problem set is due, as in course.toml; empty if that says nothing, or several things.

    `all` is due when every set is.
    """
    dues = {one.due for one in course.sets if problem_set in (ALL, one.name)}
    return dues.pop() if len(dues) == 1 else ""


def with_zone_of(due: str, model: str) -> datetime:
    """A date from `as_due`, in the zone of another where it says none. Raises ValueError."""
    moment, zoned = datetime.fromisoformat(due), datetime.fromisoformat(model)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zoned.tzinfo)


# --------------------------------------------------------------------------------------- the table


def _rows(path: Path, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The number of each line that is not blank, and its cells by column."""
    name = printable(name)
    text = _text(path, name)
    first = text.lstrip().partition("\n")[0]
    # Where a comma is the decimal point, spreadsheets put semicolons between the cells.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    head: list[str] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if head:
                yield reader.line_num, dict(zip(head, cells, strict=False))
            else:
                head = [cell.casefold() for cell in cells]
                _require_columns(name, head)
    except csv.Error as error:
        raise StoreError(
            f"{name} cannot be read as a table after line {reader.line_num} ({error}): "
            "save it as CSV again"
        ) from None
    if not head:
        raise StoreError(f"{name} is empty: its first line should be {','.join(COLUMNS)}")


def _require_columns(name: str, head: list[str]) -> None:
    missing = [column for column in NEEDED if column not in head]
    if missing:
        raise StoreError(
            f"{name} has no column {listed(missing)}: its first line should be {','.join(COLUMNS)}"
        )


def _text(path: Path, name: str) -> str:
    try:
        # Spreadsheets put a mark before the first character.
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise StoreError(f"{name} is not readable as text: save it as UTF-8") from None
    except OSError as error:
        raise StoreError(f"{name} cannot be read: {error.strerror}") from None


def _extension(row: Mapping[str, str], course: Course, people: Directory) -> Extension:
    """What a line grants. Raises ValueError with what is wrong with it, as a clause."""
    student = _student(row.get("student", ""), people)
    problem_set = _set(row.get("set", ""), course)
    due = _due(row.get("due", ""))
    _require_more_time(due, problem_set, course)
    return Extension(student, problem_set, due, row.get("note", ""))


def _student(text: str, people: Directory) -> str:
    if not text:
        raise ValueError("it names no student")
    found = people.find(text)
    if not found:
        raise ValueError(
            f"no student here is called {_shown(text)}; write an id, email, login or name as in "
            "the roster"
        )
    if len(found) > 1:
        told = [one.email or one.sid or one.login or one.canvas_id for one in found]
        ways = listed([printable(one) for one in told if one], MOST_LISTED)
        raise ValueError(
            f"{len(found)} students are called {_shown(text)}; write an id or email instead"
            f"{f' ({ways})' if ways else ''}"
        )
    return found[0].key


def _set(text: str, course: Course) -> str:
    known = [one.name for one in course.sets]
    if text.casefold() in ("", ALL):
        return ""
    if text not in known:
        near = did_you_mean(text.lower(), known)
        raise ValueError(
            f"there is no problem set {_shown(text)}{near or f' among {listed(known)}'}"
        )
    return text


def _due(text: str) -> str:
    if not text:
        raise ValueError("it has no due date")
    try:
        return as_due(text)
    except ValueError:
        raise ValueError(
            f"due should be a date like {EXAMPLE[:10]} or {EXAMPLE}, not {_shown(text)}"
        ) from None


def _require_more_time(due: str, problem_set: str, course: Course) -> None:
    """For every set, a date that is too early for some is meant for the others."""
    if not problem_set:
        return
    general = due_in(course, problem_set)
    if not general:
        raise ValueError(f"{problem_set} has no due date in course.toml, so nothing can be later")
    if _is_zoned(general) and with_zone_of(due, general) <= datetime.fromisoformat(general):
        raise ValueError(f"{due} gives no more time, because {problem_set} is due on {general}")


def _is_zoned(date: str) -> bool:
    return datetime.fromisoformat(date).tzinfo is not None


def _shown(text: str) -> str:
    return f"'{printable(text, longest=LONGEST_SHOWN)}'"
