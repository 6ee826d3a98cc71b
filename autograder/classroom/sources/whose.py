"""Looking up in the roster whose each submission is, and saying where that cannot be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from autograder.classroom.people import Student
from autograder.classroom.roster import Roster
from autograder.classroom.sources.draft import Draft, Found

SEVERAL = "the roster has more than one student of this name, so nobody knows whose it is"
SAME_NAME = "another submission is of the same name, and nothing else tells whose each is"
MOST_NAMED = 10


def look_up(found: Found, roster: Roster | None) -> None:
    """Put what the roster knows into the submissions; name those of which nobody knows whose."""
    _tell_names_apart(found.drafts)
    if roster is not None:
        _match(found, roster)
    names = Counter(name for draft in found.drafts for name in _only_names(draft.students))
    for draft in found.drafts:
        if any(names[name] > 1 for name in _only_names(draft.students)):
            draft.whose = draft.whose or SAME_NAME
        if draft.whose:
            found.say(draft.name, draft.whose)


def _match(found: Found, roster: Roster) -> None:
    unknown = []
    for draft in found.drafts:
        for student in draft.students:
            if roster.has_several(student):
                draft.whose = draft.whose or SEVERAL
            elif roster.find(student) is None:
                unknown.append(student.shown)
        draft.students = tuple(dict.fromkeys(roster.match(one) for one in draft.students))
    if unknown:
        found.remarks.append(_not_in_it(unknown))


def _only_names(students: Iterable[Student]) -> list[str]:
    """The names of those of whom nothing else is known."""
    keys = [student.key for student in students]
    return [key for key in keys if key.startswith("name:")]


def _not_in_it(unknown: list[str]) -> str:
    shown = ", ".join(unknown[:MOST_NAMED])
    more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
    return f"not in the roster, and graded all the same: {shown}{more}"


def _tell_names_apart(drafts: Iterable[Draft]) -> None:
    """No two submissions of one name: an archive may have a folder and a file that share one."""
    taken: set[str] = set()
    for draft in drafts:
        name, number = draft.name, 2
        while name in taken:
            name, number = f"{draft.name} ({number})", number + 1
        draft.name = name
        taken.add(name)
