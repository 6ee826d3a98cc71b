"""A submission while it is being read, and the limits that hold for each one by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.classroom.hand_in import HandIn, Member, Unmatched
from autograder.classroom.people import Student
from autograder.classroom.roster import Roster
from autograder.classroom.sources.files import File
from autograder.printable import printable
from autograder.unpack.shortlist import JUNK

MOST_FILES = 20_000
MOST_BYTES = 400_000_000
"""Of one submission. What is beyond is named and left out."""

TOO_MANY = f"it comes after {MOST_FILES:,} other files of this submission"
TOO_MUCH = f"it comes after {MOST_BYTES / 1e6:g} MB of other files of this submission"
TWICE = "another file of this submission has the same name, and that one counts"
NO_FILE = "a folder of this submission has the same name"
NO_FILES = "there is no file in it that can be graded"


@dataclass
class Draft:
    """One submission as a format has it, before anybody is looked up.

    files: path within the submission, and the file. whose: why nobody knows whose it is, a clause.
    The rest is as in `HandIn`.
    """

    name: str
    students: tuple[Student, ...] = ()
    files: list[tuple[str, File]] = field(default_factory=list)
    at: str = ""
    late: bool | None = None
    number: int = 0
    results: Mapping[str, Any] | None = None
    older: list[str] = field(default_factory=list)
    folder: str = ""
    whose: str = ""

    @property
    def date(self) -> int:
        """That of its newest file; larger is later."""
        return max((file.date for _, file in self.files), default=0)


@dataclass
class Found:
    """What a format makes of a class folder."""

    kind: str
    drafts: list[Draft] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def leave(self, file: File, why: str) -> None:
        """Name a file that is nobody's; what bars it anyway is said instead."""
        self.say(file.entry, file.fault or why)

    def say(self, entry: str, why: str) -> None:
        """Name anything else, so that it is not lost."""
        self.unmatched.append(Unmatched(printable(entry), why))


@dataclass(frozen=True)
class Asked:
    """What the caller knows besides: the roster, and which problem set is meant."""

    roster: Roster
    problem_set: str | None = None


def handed_in(draft: Draft, found: Found) -> HandIn:
    """The submission; what cannot be taken of it is named in `found`."""
    members = _members(draft, found)
    if not members:
        found.say(draft.name, NO_FILES)
    return HandIn(
        draft.name,
        draft.students,
        tuple(members),
        draft.at,
        draft.late,
        draft.number,
        draft.results,
        tuple(draft.older),
        draft.folder,
    )


def _members(draft: Draft, found: Found) -> list[Member]:
    members: dict[str, Member] = {}
    room = MOST_BYTES
    folders = _folders(draft)
    for path, file in sorted(draft.files, key=_likeliest_first):
        why = file.fault
        if path in folders:
            why = why or NO_FILE
        elif path in members:
            why = why or TWICE
        elif len(members) >= MOST_FILES:
            why = why or TOO_MANY
        elif file.size > room:
            why = why or TOO_MUCH
        if why:
            found.leave(file, why)
            continue
        members[path] = Member(path, file.entry, file.size)
        room -= file.size
    return [members[path] for path in sorted(members)]


def _folders(draft: Draft) -> set[str]:
    """Every folder that a file lies in: no file can have its name."""
    folders: set[str] = set()
    for path, file in draft.files:
        folder = path.rpartition("/")[0]
        while not file.fault and folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _likeliest_first(one: tuple[str, File]) -> tuple[bool, int, str, int]:
    """Work before environments and caches, what lies above before what lies below."""
    path, file = one
    *folders, _ = path.split("/")
    return not JUNK.isdisjoint(folders), len(folders), path, -file.date
