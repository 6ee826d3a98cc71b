"""A folder of clones: a repository for each student, with a `.git` in it.

Classroom 50, which came after GitHub Classroom, names them `<classroom>-<assignment>-<user name>`.
"""

from __future__ import annotations

from collections import Counter

from autograder.classroom.people import Student
from autograder.classroom.roster import Roster
from autograder.classroom.sources import plain
from autograder.classroom.sources.classfolder import ClassFolder
from autograder.classroom.sources.draft import Asked, Found

KIND = "folder of clones"

NEARLY_ALL = 0.9
"""Of the repositories have the same beginning: the template may lie among them."""


def recognises(folder: ClassFolder) -> bool:
    """Whether at least half of the folders here are repositories."""
    tops = {*folder.tops, *(name for name in folder.empty if "/" not in name)}
    cloned = sum(1 for name in tops if name in folder.clones)
    return cloned > 0 and 2 * cloned >= len(tops)


def read(folder: ClassFolder, asked: Asked) -> Found:
    """A submission for each repository."""
    found = plain.read(folder, asked)
    found.kind = KIND
    start = shared_start([*folder.tops])
    for draft in found.drafts:
        if draft.name in folder.tops:
            draft.students = (Student(login=_user(draft.name, start, asked.roster)),)
    return found


def shared_start(names: list[str]) -> str:
    """What nearly all names begin with, up to a hyphen; each still has something after it.

    >>> shared_start(["cs-hw1-ada", "cs-hw1-adam", "cs-hw1-bob"])
    'cs-hw1-'
    """
    counts: Counter[str] = Counter()
    for name in names:
        for place, sign in enumerate(name[:-1]):
            if sign == "-":
                counts[name[: place + 1]] += 1
    enough = max(2, NEARLY_ALL * len(names))
    return max((start for start, count in counts.items() if count >= enough), key=len, default="")


def _user(name: str, start: str, roster: Roster) -> str:
    """The end of a repository's name that is somebody's of the roster; else what differs."""
    end = name
    while end:
        if roster.find(Student(login=end)) is not None:
            return end
        end = end.partition("-")[2]
    return name.removeprefix(start)
