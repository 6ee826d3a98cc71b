"""A Moodle archive: a folder for each student and each kind of submission, or all files flat.

How Moodle makes the names is in `mod/assign/classes/downloader.php` of
https://github.com/moodle/moodle: `<full name>_<participant>_assignsubmission_file`, older ones with
another `_` at the end; without folders, and a file's name follows. A team's has its name and
number instead, or no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.classroom.people import Student
from autograder.classroom.sources.classfolder import ClassFolder
from autograder.classroom.sources.draft import Asked, Draft, Found
from autograder.classroom.sources.files import File

KIND = "Moodle archive"

NAME = re.compile(
    r"(?P<who>(?P<name>.+?)(?:_(?P<participant>\d+))?)_assignsubmission_(?P<kind>[a-z]+)"
    r"(?:_(?P<file>.*))?",
    re.DOTALL,
)
FILES = "file"

NOT_MOODLE = "it is not named as Moodle names what was handed in"
WHY = {"onlinetext": "it is a text typed into Moodle, and no file"}
NO_FILE = "it is no file that was handed in"


def recognises(folder: ClassFolder) -> bool:
    """Whether at least half of what lies here is named so."""
    names = [*folder.tops, *(file.name for file in folder.loose)]
    named = sum(1 for name in names if NAME.fullmatch(name))
    return named > 0 and 2 * named >= len(names)


def read(folder: ClassFolder, asked: Asked) -> Found:
    """A submission for each student or team."""
    found = Found(KIND)
    drafts: dict[str, Draft] = {}
    for top, files in folder.tops.items():
        _add(top, [(file.below(top).path, file) for file in files], drafts, found)
    for file in folder.loose:
        parsed = NAME.fullmatch(file.name)
        _add(file.name, [(parsed["file"] or file.name if parsed else "", file)], drafts, found)
    found.drafts = [*drafts.values()]
    _forget_the_blind(found.drafts)
    return found


def _add(
    name: str, files: Iterable[tuple[str, File]], drafts: dict[str, Draft], found: Found
) -> None:
    parsed = NAME.fullmatch(name)
    if parsed is None or parsed["kind"] != FILES:
        why = WHY.get(parsed["kind"], NO_FILE) if parsed else NOT_MOODLE
        for _, file in files:
            found.leave(file, why)
        return
    student = Student(name=parsed["name"], participant=parsed["participant"] or "")
    draft = drafts.setdefault(parsed["who"], Draft(parsed["who"], (student,)))
    draft.files += files
    is_flat = bool(parsed["file"])
    draft.folder = draft.folder or (name[: parsed.start("file")] if is_flat else name)


def _forget_the_blind(drafts: list[Draft]) -> None:
    """Where marking is blind everyone has the word for a participant as a name."""
    names = {student.name for draft in drafts for student in draft.students}
    numbered = all(student.participant for draft in drafts for student in draft.students)
    [name, *others] = names or {""}
    is_blind = len(drafts) > 1 and not others and " " not in name
    if not numbered or not (is_blind or (not others and name == "Participant")):
        return
    for draft in drafts:
        draft.students = tuple(
            Student(participant=student.participant) for student in draft.students
        )
