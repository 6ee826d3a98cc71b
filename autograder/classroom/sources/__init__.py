"""What was handed in by a class: read from whatever a learning platform or a teacher has of it.

    imported = read_source(Path("assignment_7_export.zip"))
    for hand_in in imported.hand_ins:
        fetch(Path("assignment_7_export.zip"), hand_in, folder)

What the source is, is told by what is in it (`detect`). Only names are read at first, and a file
when it is fetched. Nothing is dropped: a file that is in no submission is among what is unmatched,
with the reason, unless a computer added it by itself.
"""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.hand_in import HandIn, Imported
from autograder.classroom.roster import Roster
from autograder.classroom.sources.detect import BESIDE, Place
from autograder.classroom.sources.draft import Asked, Found, handed_in
from autograder.classroom.sources.fetching import write_below
from autograder.classroom.sources.opened import LAST
from autograder.classroom.sources.same import newest_of_each
from autograder.classroom.sources.whose import look_up

__all__ = ["fetch", "read_source"]


def read_source(
    path: Path, roster: Roster | None = None, problem_set: str | None = None
) -> Imported:
    """All that a class archive or folder holds, the same on every machine.

    problem_set: which one is meant, where the source has several, as nbgrader's has.
    Raises SourceError if it cannot be read, or is no class.
    """
    with LAST.read_again(path) as place:
        found: Found = place.format.read(place.folder, Asked(roster or Roster(), problem_set))
        _name_the_rest(place, found)
    look_up(found, roster)
    hand_ins = [handed_in(draft, found) for draft in newest_of_each(found)]
    unmatched = sorted(set(found.unmatched), key=lambda one: (one.entry, one.why))
    return Imported(found.kind, tuple(hand_ins), tuple(unmatched), tuple(found.remarks))


def fetch(source: Path, hand_in: HandIn, into: Path) -> list[str]:
    """Write the files of one submission below `into`; a sentence for each that could not be read.

    Raises SourceError if the source cannot be read, or no file of the submission.
    """
    with LAST.read(source) as place:
        return write_below(place.folder.tree, hand_in, into)


def _name_the_rest(place: Place, found: Found) -> None:
    """Name what lies outside of the folder that a format was shown."""
    within = f"{place.folder.path}/" if place.folder.path else ""
    for file in place.folder.tree.files:
        if file.stray or not file.path.startswith(within):
            found.leave(file, BESIDE)
    for file in place.outside:
        found.leave(file, BESIDE)
