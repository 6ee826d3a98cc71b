"""The files of a class's submissions, taken in from where they came as for grading."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons
from autograder.classroom.directory import Directory
from autograder.classroom.grade import Grade, Key
from autograder.classroom.hand_in import HandIn, SourceError
from autograder.classroom.marking import files_digest
from autograder.classroom.people import Student
from autograder.classroom.similar.works import Boilerplate, Work, boilerplate_of, work_of
from autograder.classroom.sources import fetch, read_source
from autograder.classroom.standing import once_each, roster_of, standings
from autograder.classroom.store import Store, StoreError
from autograder.classroom.trusted import trusted_by_class
from autograder.grade import handout_folder, taken_in
from autograder.intake import IntakeError
from autograder.settings import Course
from autograder.wording import listed

MOST_LISTED = 5


@dataclass(frozen=True)
class Collected:
    """The submissions that are compared. remarks: what was left out, a sentence each."""

    works: tuple[Work, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the store knows of a class: the submissions that count, by name.

    everything: the names of the others, too.
    """

    grades: Mapping[str, Grade | None]
    keys: Mapping[str, Key | None]
    everything: frozenset[str]
    students: Mapping[str, tuple[Student, ...]]
    people: Directory


def collect(store: Store, source: Path, course: Course, problem_set: str) -> Collected:
    """The submissions of one set that count, with their files from the source.

    Raises UserError if the source cannot be read, or has none of them.
    """
    known = _known(store, course, problem_set)
    imported = read_source(source, roster_of(store), problem_set)
    hand_ins = [one for one in imported.hand_ins if one.name in known.grades]
    if not hand_ins:
        raise StoreError(
            f"no submission in {source.name} is one of those in {store.folder.name}: name what "
            "was graded into it"
        )
    folder = handout_folder()
    given = boilerplate_of(folder) if folder else Boilerplate()
    only = course.only(problem_set)
    works, unread, changed = [], [], []
    for hand_in in hand_ins:
        try:
            files, digest = _files(source, hand_in, only)
        except (IntakeError, SourceError):
            unread.append(hand_in.name)
            continue
        key = known.keys[hand_in.name]
        if key is not None and key.files != digest:
            changed.append(hand_in.name)
        owners = known.students[hand_in.name]
        shown = listed([student.shown for student in owners])
        keys = [known.people.of(student).key for student in owners]
        grade = known.grades[hand_in.name]
        works.append(work_of(hand_in.name, keys, shown, files, given, grade))
    there = {hand_in.name for hand_in in imported.hand_ins}
    missing = [name for name in known.grades if name not in there]
    strange = [one.name for one in imported.hand_ins if one.name not in known.everything]
    return Collected(tuple(works), tuple(_remarks(source, unread, missing, strange, changed)))


def _known(store: Store, course: Course, problem_set: str) -> Known:
    found = standings(store, course, problem_set)
    grades, keys, students = {}, {}, {}
    for one in once_each(found):
        assert one.handed_in is not None
        grades[one.handed_in.name] = one.grade
        keys[one.handed_in.name] = one.handed_in.key
        students[one.handed_in.name] = one.handed_in.students
    everyone = [student for group in students.values() for student in group]
    everything = frozenset(one.name for one in store.hand_ins(problem_set))
    return Known(grades, keys, everything, students, Directory([everyone]))


def _files(source: Path, hand_in: HandIn, course: Course) -> tuple[dict[str, str], str]:
    """Path -> text of the files that are judged, and of the student's own helpers; and the digest
    by which a key tells them.
    """
    with tempfile.TemporaryDirectory(prefix="similar-") as scratch:
        fetched, into = Path(scratch) / "fetched", Path(scratch) / "taken"
        into.mkdir()
        fetch(source, hand_in, fetched)
        package = taken_in(fetched, course, into).package
        digest = files_digest(package, trusted_by_class(hand_in, course))
        return dict(_own(package, course)), digest


def _own(package: Path, course: Course) -> Iterator[tuple[str, str]]:
    """The files of a package, without those of other sets."""
    others = set(lessons.names()) - set(course.lessons_of("all"))
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if path.stem not in others:
            yield name, path.read_text(encoding="utf-8", errors="replace")


def _remarks(
    source: Path, unread: list[str], missing: list[str], strange: list[str], changed: list[str]
) -> Iterator[str]:
    """What was left out, and what tells that this is not the source that was graded."""
    if unread:
        yield f"left out, because nothing in it can be read: {listed(unread, MOST_LISTED)}"
    if missing:
        yield f"graded, but not in {source.name}: {listed(missing, MOST_LISTED)}"
    if strange:
        yield f"in {source.name}, but not graded: {listed(strange, MOST_LISTED)}"
    if changed:
        yield (
            f"the files in {source.name} are not those that were graded: "
            f"{listed(changed, MOST_LISTED)}"
        )
    if missing or strange or changed:
        yield f"if {source.name} is not what was graded, give what was with --source"
