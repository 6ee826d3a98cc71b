"""A folder with a folder or an archive for each student, whose name is the student's."""

from __future__ import annotations

from autograder.classroom.people import Student
from autograder.classroom.sources.classfolder import ClassFolder, is_archive
from autograder.classroom.sources.draft import Asked, Draft, Found
from autograder.classroom.sources.files import ARCHIVES, OTHER_ARCHIVES, WORK
from autograder.unpack.shortlist import JUNK

KIND = "folder of submissions"

PACKAGE = "recurrent"
"""The folder that a student hands in."""

EMPTY = "it is empty"
BESIDE = "it lies beside the folders of the students"


def recognises(folder: ClassFolder) -> bool:
    """Whether several students' work may lie here, and not one's."""
    if is_one(folder) and not _is_repeated(folder):
        return False
    return len(students(folder)) + len(folder.archives()) >= 2


def students(folder: ClassFolder) -> list[str]:
    """The folders that may be a student's."""
    return [name for name in folder.tops if not is_no_student(name)]


def is_one(folder: ClassFolder) -> bool:
    """Whether one student's work may lie here, in no folder of its own."""
    return PACKAGE in folder.tops or has_work(folder)


def _is_repeated(folder: ClassFolder) -> bool:
    """Whether the same file lies in several folders, as it does in no submission."""
    tops: dict[str, set[str]] = {}
    for file in folder.files:
        if file.top not in ("", PACKAGE) and is_work(file.name) and not file.name.startswith("_"):
            tops.setdefault(file.name, set()).add(file.top)
    return any(len(places) > 1 for places in tops.values()) or len(folder.archives()) > 1


def is_work(name: str) -> bool:
    """Whether a file is what a student writes, by its name."""
    return name.lower().endswith(WORK)


def has_work(folder: ClassFolder) -> bool:
    """Whether a student's files lie in it, in no folder of their own."""
    return any(is_work(file.name) for file in folder.loose)


def read(folder: ClassFolder, asked: Asked) -> Found:
    """A submission for each folder and for each archive."""
    found = Found(KIND)
    for name, files in folder.tops.items():
        if is_no_student(name):
            for file in files:
                found.leave(file, BESIDE)
            continue
        inside = [(file.below(name).path, file) for file in files]
        found.drafts.append(Draft(name, (Student(login=name),), inside))
    for file in folder.loose:
        if is_archive(file.name):
            student = Student(login=without_ending(file.name))
            found.drafts.append(Draft(file.name, (student,), [(file.name, file)]))
        else:
            found.leave(file, BESIDE)
    for name in folder.empty:
        if "/" not in name:
            found.say(name, EMPTY)
    return found


def is_no_student(name: str) -> bool:
    """Whether a folder is what programs put beside the work: hidden, a cache, an environment."""
    return name.startswith(".") or name in JUNK


def without_ending(name: str) -> str:
    """The name of an archive without what says that it is one."""
    for ending in sorted(ARCHIVES + OTHER_ARCHIVES, key=len, reverse=True):
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name
