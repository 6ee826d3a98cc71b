"""A Canvas archive: every file of every student flat in it, with all that is known in its name.

How Canvas makes the names is in `lib/content_zipper.rb` of
https://github.com/instructure/canvas-lms: `<name>[_LATE]_<user>_<attachment>_<file>`, and where
marking is anonymous `[LATE_]anon_<id>_<attachment>_<file>`. A text or a link that was handed in has
no attachment, and `text.html` or `link.html` for a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from autograder.classroom.people import Student
from autograder.classroom.roster import Roster
from autograder.classroom.sources.classfolder import ClassFolder
from autograder.classroom.sources.draft import Asked, Draft, Found
from autograder.classroom.sources.files import File

KIND = "Canvas archive"

ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<user>[0-9A-Za-z]{5})_(?P<rest>.+)")
NUMBERS = re.compile(r"(?=(?:^|_)(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+))")
"""Wherever it may be; the lookahead finds places that overlap."""

ATTACHED = re.compile(r"(?P<attachment>\d+)_(?P<file>.+)")
NO_FILE = re.compile(r"(?:.+_)?\w+_(?P<kind>text|link)\.html")

AGAIN = re.compile(
    r"(?P<stem>.+)-(?:[1-7]|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"
    r"(?P<ending>\.[^.]*)?"
)
"""The name that a file is given whose name another upload of this student's has already."""

LATE = "_LATE"
NOT_CANVAS = "it is not named as Canvas names what was handed in"
WHY = {
    "text": "it is a text typed into Canvas, and no file",
    "link": "it is the link that was handed in, and no file",
}


@dataclass(frozen=True)
class Name:
    """What the name of a file says: of whom it is, which upload, and what it was called."""

    student: Student
    is_late: bool
    attachment: int
    file: str

    @property
    def whose(self) -> str:
        """What tells this student from others."""
        return self.student.canvas_id or self.student.login


def recognises(folder: ClassFolder) -> bool:
    """Whether at least half of what lies here is named so."""
    named = sum(
        1 for file in folder.loose if _candidates(file.name) or NO_FILE.fullmatch(file.name)
    )
    return named > 0 and 2 * named >= len(folder.loose) + len(folder.tops)


def read(folder: ClassFolder, asked: Asked) -> Found:
    """A submission for each student."""
    found = Found(KIND)
    uploads: dict[str, list[tuple[Name, File]]] = {}
    usual = _usual(folder.loose)
    for file in folder.loose:
        names = _candidates(file.name)
        if names:
            name = _likeliest(names, usual, asked.roster)
            uploads.setdefault(name.whose, []).append((name, file))
        else:
            typed = NO_FILE.fullmatch(file.name)
            found.leave(file, WHY[typed["kind"]] if typed else NOT_CANVAS)
    for files in folder.tops.values():
        for file in files:
            found.leave(file, NOT_CANVAS)
    found.drafts = [_draft(theirs) for theirs in uploads.values()]
    return found


def _draft(uploads: list[tuple[Name, File]]) -> Draft:
    """One student's files. The newest of those with one name has it, and the others as they can."""
    first = uploads[0][0].student
    number = first.canvas_id or first.login
    draft = Draft(f"{first.name}_{number}" if first.name else number, (first,))
    draft.late = any(name.is_late for name, _ in uploads)
    taken: set[str] = set()
    for name, file in sorted(uploads, key=lambda one: -one[0].attachment):
        free = [path for path in (_first_name(name.file), name.file) if path not in taken]
        if free:
            taken.add(free[0])
            draft.files.append((free[0], file))
        else:
            draft.older.append(file.entry)
    return draft


def _first_name(name: str) -> str:
    """The name of a file when it was handed in for the first time.

    >>> _first_name("rnn-1.py")
    'rnn.py'
    """
    found = AGAIN.fullmatch(name)
    return found["stem"] + (found["ending"] or "") if found else name


# ---------------------------------------------------------------------------------- reading a name


def _candidates(name: str) -> list[Name]:
    """All that a name may say: a group may be called `team_7`, and a file `7_rnn.py`."""
    anonymous = ANONYMOUS.fullmatch(name)
    if anonymous:
        attached = ATTACHED.fullmatch(anonymous["rest"])
        if attached is None:
            return []
        student = Student(login=f"anon_{anonymous['user']}")
        is_late = bool(anonymous["late"])
        return [Name(student, is_late, int(attached["attachment"]), attached["file"])]
    return [*_named(name)]


def _named(name: str) -> Iterator[Name]:
    for numbers in NUMBERS.finditer(name):
        if not _may_end(name, numbers.start()):
            return
        who = name[: numbers.start()]
        is_late = who == LATE[1:] or who.endswith(LATE)
        student = Student(name=_without_late(who), canvas_id=numbers["user"])
        yield Name(student, is_late, int(numbers["attachment"]), numbers["file"])


def _without_late(who: str) -> str:
    return "" if who == LATE[1:] else who.removesuffix(LATE)


def _may_end(name: str, place: int) -> bool:
    """Only numbers that follow one another are in doubt; what comes later is in the file's name."""
    first = NUMBERS.search(name)
    assert first is not None, "it was found"
    between = name[first.start() : place]
    return re.fullmatch(r"[_\d]*", between) is not None


def _usual(files: Iterable[File]) -> tuple[float, float]:
    """How many digits the numbers of users and attachments have in this class."""
    sure = [names[0] for file in files if len(names := _candidates(file.name)) == 1]
    if not sure:
        return 0.0, 0.0
    users = median(len(name.student.canvas_id) for name in sure)
    return users, median(len(str(name.attachment)) for name in sure)


def _likeliest(names: list[Name], usual: tuple[float, float], roster: Roster) -> Name:
    """The one whose numbers are a student's of the roster, or as long as others of the class."""

    def strangeness(name: Name) -> tuple[bool, float]:
        if len(names) == 1:
            return False, 0.0
        known = roster.find(Student(canvas_id=name.student.canvas_id))
        users, attachments = usual
        differs = abs(len(name.student.canvas_id) - users)
        return known is None, differs + abs(len(str(name.attachment)) - attachments)

    return min(names, key=strangeness)
