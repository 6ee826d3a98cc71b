"""nbgrader's `submitted/<student>/<set>/`, with the time of each in a `timestamp.txt`.

https://nbgrader.readthedocs.io/en/stable/user_guide/philosophy.html has the folders.
"""

from __future__ import annotations

from autograder.classroom.hand_in import SourceError
from autograder.classroom.people import Student
from autograder.classroom.sources.archive import Barred
from autograder.classroom.sources.classfolder import ClassFolder
from autograder.classroom.sources.draft import Asked, Draft, Found
from autograder.classroom.sources.files import File
from autograder.classroom.sources.plain import is_no_student
from autograder.classroom.sources.times import as_iso
from autograder.printable import printable

KIND = "nbgrader course"

SUBMITTED, TIME = "submitted", "timestamp.txt"
LONGEST_TIME = 200

NO_SET = "it lies in no problem set's folder"
BESIDE = f"it does not lie in {SUBMITTED}/"


def recognises(folder: ClassFolder) -> bool:
    """Whether at least half of the folders here hold a set with a time, here or in `submitted/`."""
    return _is_submitted(folder) or _is_course(folder)


def _is_course(folder: ClassFolder) -> bool:
    return SUBMITTED in folder.tops and _is_submitted(folder.inner(SUBMITTED))


def _is_submitted(folder: ClassFolder) -> bool:
    deep = [file for file in folder.files if file.path.count("/") >= 2]
    if folder.name == SUBMITTED and deep and len(deep) == len(folder.files):
        return True
    timed = {file.top for file in folder.files if _is_time(file)}
    return bool(timed) and 2 * len(timed) >= len(folder.tops)


def _is_time(file: File) -> bool:
    return file.path.count("/") == 2 and file.name == TIME


def read(folder: ClassFolder, asked: Asked) -> Found:
    """A submission for each student who handed in this set. Raises SourceError if it is not clear
    which.
    """
    found = Found(KIND)
    inside = folder
    if _is_course(folder):
        inside = folder.inner(SUBMITTED)
        for file in folder.files:
            if file.top != SUBMITTED:
                found.leave(file, BESIDE)
    by_set = _by_set(inside, found)
    wanted = _wanted([*by_set], asked.problem_set)
    for name, students in by_set.items():
        for student, files in students.items():
            if name == wanted:
                found.drafts.append(_draft(inside, student, name, files, found))
                continue
            for file in files:
                found.leave(file, f"it is of the set {printable(name)}")
    return found


def _by_set(folder: ClassFolder, found: Found) -> dict[str, dict[str, list[File]]]:
    by_set: dict[str, dict[str, list[File]]] = {}
    for file in folder.files:
        student, _, rest = file.path.partition("/")
        name, slash, _ = rest.partition("/")
        if slash and not is_no_student(student) and not is_no_student(name):
            by_set.setdefault(name, {}).setdefault(student, []).append(file)
        else:
            found.leave(file, NO_SET)
    return by_set


def _wanted(known: list[str], asked: str | None) -> str:
    if asked in known:
        return str(asked)
    if len(known) < 2:
        return "".join(known)
    shown = ", ".join(printable(name) for name in sorted(known))
    raise SourceError(f"students handed in several problem sets ({shown}): say which with --set")


def _draft(folder: ClassFolder, student: str, name: str, files: list[File], found: Found) -> Draft:
    draft = Draft(student, (Student(login=student),))
    start = len(f"{student}/{name}/")
    for file in files:
        if _is_time(file) and not file.fault:
            draft.at = _time(folder, file)
            if not draft.at:
                found.remarks.append(f"{student}: its time cannot be read from {TIME}")
        else:
            draft.files.append((file.path[start:], file))
    return draft


def _time(folder: ClassFolder, file: File) -> str:
    try:
        with folder.tree.opened(file.entry) as content:
            return as_iso(content.read(LONGEST_TIME).decode(errors="replace"))
    except Barred:
        return ""
