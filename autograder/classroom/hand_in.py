"""What was handed in by one student, or one group, as an archive of a whole class holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.classroom.people import Student
from autograder.errors import UserError


class SourceError(UserError):
    """What was named cannot be read as the submissions of a class; the message says why."""


@dataclass(frozen=True)
class Member:
    """One file of a submission.

    path: within the submission, as the student named it. entry: its name in the class archive, or
    its path below the class folder. size: in bytes, as the archive says.
    """

    path: str
    entry: str
    size: int


@dataclass(frozen=True)
class HandIn:
    """One submission.

    name: what tells it from all others of its source, e.g. `submission_409194023`.
    students: several are a group; none where the source does not say whose it is.
    at: when it was handed in, ISO 8601 with a zone; empty where the source does not say.
    late: what the source itself says of that; None where it says nothing.
    number: which attempt of this student it is, from 1; 0 where the source does not say.
    results: Gradescope's results of then, as its export has them.
    older: the names of this student's earlier submissions that stand aside.
    folder: how the source names the folder in which Moodle wants feedback back.
    """

    name: str
    students: tuple[Student, ...]
    files: tuple[Member, ...]
    at: str = ""
    late: bool | None = None
    number: int = 0
    results: Mapping[str, Any] | None = None
    older: tuple[str, ...] = ()
    folder: str = ""


@dataclass(frozen=True)
class Unmatched:
    """Something in a source that is nobody's submission, and why."""

    entry: str
    why: str


@dataclass(frozen=True)
class Imported:
    """All that a source holds: nothing of it is dropped, every entry is in one of the two lists.

    kind: what the source was taken for: `Gradescope export`, `Canvas archive`, ...
    remarks: what else there is to say, a sentence each.
    """

    kind: str
    hand_ins: tuple[HandIn, ...]
    unmatched: tuple[Unmatched, ...] = ()
    remarks: tuple[str, ...] = ()
