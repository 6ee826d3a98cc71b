"""Looking up in the roster whose each submission is, and saying where that cannot be known."""

from __future__ import annotations

from collections import Counter

from autograder.classroom.roster import Roster
from autograder.classroom.sources.draft import Draft, Found

SEVERAL = "the roster has more than one student of this name, so nobody knows whose it is"
SAME_NAME = "another submission is of the same name, and nothing else tells whose each is"
MOST_NAMED = 10


def look_up(found: Found, roster: Roster | None) -> None:
    """Put what the roster knows into the submissions; name those of which nobody knows whose."""
    _tell_names_apart(found)
    names = Counter(_only_name(draft) for draft in found.drafts)
    unknown = []
    for draft in found.drafts:
        if draft.whose:
            found.say(draft.name, draft.whose)
        elif any(roster.has_several(one) for one in draft.students) if roster else False:
            found.say(draft.name, SEVERAL)
        elif _only_name(draft) and names[_only_name(draft)] > 1 and not roster:
            found.say(draft.name, SAME_NAME)
        if roster:
            unknown += [one.shown for one in draft.students if roster.find(one) is None]
            draft.students = tuple(dict.fromkeys(roster.match(one) for one in draft.students))
    if unknown:
        found.remarks.append(_not_in_it(unknown))


def _only_name(draft: Draft) -> str:
    """The name of a student of whom nothing else is known; empty for all others."""
    keys = [student.key for student in draft.students]
    return keys[0] if len(keys) == 1 and keys[0].startswith("name:") else ""


def _not_in_it(unknown: list[str]) -> str:
    shown = ", ".join(unknown[:MOST_NAMED])
    more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
    return f"not in the roster, and graded all the same: {shown}{more}"


def _tell_names_apart(found: Found) -> None:
    """No two submissions of one name: an archive may have a folder and a file that share one."""
    taken: set[str] = set()
    for draft in found.drafts:
        name, number = draft.name, 2
        while name in taken:
            name, number = f"{draft.name} ({number})", number + 1
        draft.name = name
        taken.add(name)
