"""The roster of a course: a CSV file with whatever is known of each student.

Rosters come from many systems, and the same thing has many headings. `HEADINGS` has those that are
known; the order of the columns, their number and what separates them do not matter.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from unicodedata import combining, normalize

from autograder.classroom.people import Student
from autograder.errors import UserError
from autograder.printable import printable

HEADINGS = {
    "sid": (
        "sid", "sisuserid", "sisid", "studentid", "studentnumber", "studentno", "universityid",
        "idnumber", "matriculationnumber", "matriculation", "matrikelnummer", "orgdefinedid",
    ),
    "email": ("email", "emailaddress", "mail", "emailadresse", "studentemail"),
    "login": (
        "login", "sisloginid", "loginid", "username", "user", "netid", "account", "githubusername",
        "github", "githublogin",
    ),
    "canvas_id": ("canvasid", "canvasuserid"),
    "participant": ("identifier", "participant", "participantid", "participantnumber"),
    "name": ("name", "fullname", "student", "studentname", "displayname", "vollstandigername"),
    "first": ("firstname", "givenname", "forename", "first", "vorname"),
    "last": ("lastname", "surname", "familyname", "last", "nachname"),
    "id": ("id",),
    "role": ("role",),
}  # fmt: skip
"""What is known -> how a heading may say so, without spaces, signs, accents and capitals."""

FROM_CANVAS = ("sisuserid", "sisloginid", "section")
"""Where one of these is beside it, `ID` is Canvas' own number."""

SEPARATORS = (",", ";", "\t", "|")
STAFF = ("instructor", "teacher", "ta", "teachingassistant", "reader", "grader", "observer")
TEST_STUDENT = "Student, Test"
"""Whom Canvas puts below every class."""

LARGEST = 50_000_000
SURE = ("sid", "email", "login", "canvas_id", "participant")
"""What tells one student from all others; a name does not."""


GIVEN = ("sid", "canvas_id")
"""What a university or Canvas gives one student, and always the same."""

BY_NAME = ("name", "name of email")
"""Ways to find a student that are not sure."""


class RosterError(UserError):
    """A roster cannot be read; the message says why and what to do."""


class Roster:
    """The students of a course. remarks: what there is to say of the file, a sentence each."""

    def __init__(self, students: Iterable[Student] = (), remarks: Iterable[str] = ()) -> None:
        self.students = tuple(_once_each(students))
        self.remarks = tuple(remarks)
        self._by: dict[tuple[str, str], list[Student]] = defaultdict(list)
        for student in self.students:
            for key in set(_all_keys(student)):
                self._by[key].append(student)

    def match(self, student: Student) -> Student:
        """The student with all that the roster knows, whose spelling holds; else as given."""
        known = self.find(student)
        if known is None:
            return student
        # Moodle numbers the participants of each assignment anew
        participant = student.participant or known.participant
        return replace(known.with_known(student), participant=participant)

    def find(self, student: Student) -> Student | None:
        """The one student of the roster that this is: by what is sure, else by the name."""
        for key in _questions(student):
            found = self._by.get(key, [])
            if len(found) == 1 and _may_be(student, found[0], key[0]):
                return found[0]
        return None

    def has_several(self, student: Student) -> bool:
        """Whether several students of the roster have this name, and nothing else is known."""
        if self.find(student) is not None:
            return False
        return any(len(self._by.get(key, [])) > 1 for key in _questions(student))


def _once_each(students: Iterable[Student]) -> Iterable[Student]:
    """Those of whom nothing but the name is known may be two."""
    seen: set[Student] = set()
    for student in students:
        if student not in seen or student.key.startswith("name:"):
            yield student
        seen.add(student)


def _all_keys(student: Student) -> Iterable[tuple[str, str]]:
    """All by which a student of the roster can be found."""
    for kind in SURE:
        yield from _with_and_without_zeros(kind, getattr(student, kind))
    if student.email:
        yield "name of email", _plain(student.email).partition("@")[0]
    for spelling in spellings(student.name):
        yield "name", spelling


def _questions(student: Student) -> Iterable[tuple[str, str]]:
    """What to look for, the surest first. A folder may be named by anything that is known."""
    for kind in SURE:
        yield from _with_and_without_zeros(kind, getattr(student, kind))
    for value in (student.login, student.sid):
        for kind in ("login", "sid", "email", "name of email", "canvas_id"):
            yield from _with_and_without_zeros(kind, value)
    if student.email:
        yield "login", _plain(student.email).partition("@")[0]
    for name in (student.name, student.login):
        yield from (("name", squashed(part)) for part in _parts(name))


def _with_and_without_zeros(kind: str, text: str) -> Iterable[tuple[str, str]]:
    """A number may have lost its zeros in a spreadsheet."""
    value = _plain(text)
    if value:
        yield kind, value
    if value.isdigit():
        yield f"{kind} without zeros", value.lstrip("0")


def _parts(name: str) -> Iterable[str]:
    """The name, and what follows a hyphen in it: Moodle puts a group's name before one."""
    while name:
        yield name
        name = name.partition("-")[2]


def _may_be(student: Student, known: Student, kind: str) -> bool:
    """Whether nothing else that is known of both speaks against it."""
    if kind.startswith("participant"):
        # it may be the number of a team, or of another student in another assignment
        return not student.name or not known.name or _are_alike(student.name, known.name)
    if kind in BY_NAME:
        return not any(_differ(getattr(student, one), getattr(known, one)) for one in GIVEN)
    return True


def _differ(first: str, second: str) -> bool:
    if not first or not second:
        return False
    return _plain(first).lstrip("0") != _plain(second).lstrip("0")


def _are_alike(first: str, second: str) -> bool:
    """Whether one name is the other, or the other with more to it."""
    words, others = _words(first), _words(second)
    return words <= others or others <= words or bool(spellings(first) & spellings(second))


def _plain(text: str) -> str:
    return text.strip().casefold()


def _words(name: str) -> set[str]:
    return {squashed(word) for word in re.split(r"[\s,-]+", name)} - {""}


def squashed(name: str) -> str:
    """A name without accents, signs, spaces and capitals, as Canvas writes it.

    >>> squashed("Müller-Lüdenscheidt, Ada")
    'mullerludenscheidtada'
    """
    letters = (sign for sign in normalize("NFKD", name.casefold()) if not combining(sign))
    return "".join(sign for sign in letters if sign.isalnum())


def spellings(name: str) -> set[str]:
    """A name squashed, with the first name first or last.

    >>> sorted(spellings("Ada Lovelace"))
    ['adalovelace', 'lovelaceada']
    """
    words = [word for word in re.split(r"[\s,]+", name) if squashed(word)]
    turned = [words[place:] + words[:place] for place in range(len(words))]
    return {squashed("".join(order)) for order in turned}


def in_order(name: str) -> str:
    """`Lovelace, Ada` as she would say it."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name.strip()


# ----------------------------------------------------------------------------------- the CSV file


def read_roster(path: Path, name: str = "") -> Roster:
    """The roster in a CSV file. Raises RosterError if it cannot be read as one.

    name: what the file is called in what is said of it.
    """
    name = printable(name or path.name)
    rows, columns = _table(_text(path, name), name)
    is_canvas = "canvas_id" in columns
    found: list[Student] = []
    remarks: list[str] = []
    staff = 0
    for row in rows:
        known = {kind: _cell(row, place) for kind, place in columns.items()}
        if not any(known.values()) or (is_canvas and _is_no_student(known)):
            continue
        if squashed(known.pop("role", "")) in STAFF:
            staff += 1
            continue
        student = _student(known)
        if student.key:
            found.append(student)
    if not found:
        raise RosterError(f"{name} has no student in it: only a row of headings")
    if staff:
        remarks.append(f"{name}: {staff} of its rows are staff, and were left out")
    students, doubtful = _merged(found)
    remarks += [f"{name}: {sentence}" for sentence in doubtful]
    return Roster(students, remarks)


def _is_no_student(known: Mapping[str, str]) -> bool:
    """Canvas has rows of points and of posting, in whatever language, and one for tests."""
    return not known["canvas_id"] or known.get("name") == TEST_STUDENT


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise RosterError(f"the roster {name} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise RosterError(f"{name} is larger than {LARGEST / 1e6:g} MB: name a CSV file")
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise RosterError(f"{name} is a spreadsheet: save it as CSV, and name that file")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _table(text: str, name: str) -> tuple[list[list[str]], dict[str, int]]:
    """The rows below the headings, and in which column each thing stands."""
    best: tuple[list[list[str]], dict[str, int]] = ([], {})
    first: list[str] = []
    for separator in SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO(text.replace("\0", ""), ""), delimiter=separator))
        except csv.Error as error:
            raise RosterError(f"{name} cannot be read as CSV: {error}") from None
        for place, row in enumerate(rows[:5]):
            columns = _columns(row)
            if len(columns) > len(best[1]):
                best = (rows[place + 1 :], columns)
        first = first or next((row for row in rows if any(row)), [])
    if not best[1]:
        shown = printable(", ".join(first), longest=100) or "none"
        raise RosterError(
            f"{name} has no heading that is known here, such as SID, Email, Login, Canvas ID or "
            f"Name; its first line is: {shown}"
        )
    return best


def _columns(row: list[str]) -> dict[str, int]:
    """What stands in which column, as far as the headings are known; the first of each counts."""
    headings = [squashed(heading) for heading in row]
    columns: dict[str, int] = {}
    for kind, names in HEADINGS.items():
        for heading in names:
            if heading in headings:
                columns.setdefault(kind, headings.index(heading))
    if "id" in columns:
        is_canvas = any(heading in headings for heading in FROM_CANVAS)
        columns.setdefault("canvas_id" if is_canvas else "sid", columns["id"])
        del columns["id"]
    return columns


def _cell(row: list[str], place: int) -> str:
    """A cell, without what keeps Excel from making a number of it."""
    text = " ".join(row[place].split()) if place < len(row) else ""
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return normalize("NFC", printable(text.removeprefix("'")))


MOODLES = re.compile(r"(?:\D*\s|[^\W\d]{5,}[^\w\s]*[^\W\d]*)(\d+)")
"""A `Participant 123`, in whatever language."""


def _student(known: Mapping[str, str]) -> Student:
    first, last = known.get("first", ""), known.get("last", "")
    name = in_order(known.get("name", "")) or f"{first} {last}".strip()
    student = Student(name=name, **{kind: known.get(kind, "") for kind in SURE})
    identifier = student.participant
    moodles = MOODLES.fullmatch(identifier or student.sid)
    if moodles:
        rest = {} if identifier else {"sid": ""}
        return replace(student, participant=moodles[1], **rest)
    if identifier and not identifier.isdigit():
        # GitHub Classroom has this heading, too, and there it is whatever the teacher took
        kind = "email" if "@" in identifier else "sid"
        student = replace(student, participant="")
        return student.with_known(Student(**{kind: identifier}))
    return student


def _merged(found: Iterable[Student]) -> tuple[list[Student], list[str]]:
    """Rows about one student made one; and a sentence about each two that cannot be told apart."""
    students: dict[str, Student] = {}
    doubtful = []
    for student in found:
        key = student.key
        known = students.get(key)
        if known is None:
            students[key] = student
        elif key.startswith("name:"):
            doubtful.append(f"nothing but the name tells two students called {student.name} apart")
            students[f"{key} {len(students)}"] = student
        elif known.name and student.name and squashed(known.name) != squashed(student.name):
            doubtful.append(
                f"{known.name} and {student.name} have the same {key.partition(':')[0]}"
            )
            students[f"{key} {len(students)}"] = student
        else:
            students[key] = known.with_known(student)
    return [*students.values()], doubtful
