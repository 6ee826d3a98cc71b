"""The tables that `class grade` is given, looked at before anything of a store is touched."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.classroom.extensions import check_extensions
from autograder.classroom.hand_in import HandIn
from autograder.classroom.roster import Roster, RosterError, read_roster
from autograder.classroom.standing import EXTENSIONS, kept_file, roster_of
from autograder.classroom.store import Store
from autograder.printable import printable


def check_tables(store: Store, roster: Path | None, extensions: Path | None) -> Roster | None:
    """The roster that was given, if one was.

    Raises UserError if a table cannot be read: one that was given, or one that the store has and
    goes on to use.
    """
    found = read_roster(roster) if roster else None
    if roster is None:
        roster_of(store)
    kept = store.folder / EXTENSIONS
    if extensions is not None:
        check_extensions(extensions)
    elif kept.exists():
        with kept_file("--extensions"):
            check_extensions(kept, str(kept))
    return found


def refuse_strangers(roster: Roster, file: Path, hand_ins: Iterable[HandIn]) -> None:
    """Raise RosterError if students handed something in and the roster knows none of them."""
    students = {student for hand_in in hand_ins for student in hand_in.students}
    if not students or any(roster.find(student) for student in students):
        return
    who = "the only student who handed something in is not"
    if len(students) > 1:
        who = f"none of the {len(students)} students who handed something in is"
    raise RosterError(
        f"{who} in {printable(file.name)}: give the roster of this class with --roster "
        "(docs/class.md says what it looks like), or add --force"
    )
