"""The same student twice in one source: the newest submission counts, the older stand aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from autograder.classroom.people import Student
from autograder.classroom.roster import SURE
from autograder.classroom.sources.draft import Draft, Found


def newest_of_each(found: Found) -> list[Draft]:
    """The submissions that count, in order of their names; those that stand aside are named in
    `older`. A group's submission counts for those of its members who have no newer one.
    """
    latest: dict[tuple[str, str], Draft] = {}
    kept = []
    for draft in sorted(found.drafts, key=_newest_first):
        theirs = [_known_as(student, latest) for student in draft.students]
        newer = {id(one): one for one in theirs if one is not None}
        for one in newer.values():
            one.older.append(draft.name)
        left = [student for student, one in zip(draft.students, theirs, strict=True) if one is None]
        if draft.students and not left:
            continue
        if newer:
            found.remarks.append(_moved(draft, left))
        draft.students = tuple(left)
        for student in left:
            latest.update(dict.fromkeys(_keys(student), draft))
        kept.append(draft)
    return sorted(kept, key=lambda draft: draft.name)


def _moved(draft: Draft, left: Iterable[Student]) -> str:
    names = ", ".join(student.shown for student in left)
    return f"{draft.name} counts for {names} only: others of the group have a newer submission"


def _newest_first(draft: Draft) -> tuple[float, int, int, str]:
    when = datetime.fromisoformat(draft.at).timestamp() if draft.at else 0.0
    return -when, -draft.number, -draft.date, draft.name


def _known_as(student: Student, latest: Mapping[tuple[str, str], Draft]) -> Draft | None:
    for key in _keys(student):
        if key in latest:
            return latest[key]
    return None


def _keys(student: Student) -> list[tuple[str, str]]:
    """What tells this student from others: not the name, which two may have."""
    found = []
    for kind in SURE:
        value = getattr(student, kind).strip().casefold()
        if value:
            found.append((kind, value))
    return found
