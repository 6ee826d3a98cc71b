"""How each student of a class stands in one problem set: what was earned, what late work lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from autograder.classroom.directory import Directory
from autograder.classroom.extensions import read_extensions
from autograder.classroom.grade import Grade, Key
from autograder.classroom.lateness import Lateness, lateness_of, moment, paid, remarks_on
from autograder.classroom.people import Student
from autograder.classroom.roster import Roster, read_roster
from autograder.classroom.store import HandedIn, Store, StoreError
from autograder.errors import UserError
from autograder.grade import worth_of
from autograder.report.late import left_of
from autograder.settings import Course
from autograder.wording import listed

__all__ = [
    "Lateness",
    "Standing",
    "once_each",
    "only_set",
    "remarks",
    "standings",
    "standings_and_remarks",
]

ROSTER = "roster.csv"
EXTENSIONS = "extensions.csv"
"""Of a store, as given to `class grade`."""

MOST_LISTED = 5


@dataclass(frozen=True)
class Standing:
    """One student in one problem set.

    handed_in: None for a student of the roster of whom there is nothing. grade: None where there
    is none, because nothing was handed in or it could not be graded.
    raw: points as earned; penalty: what late work lost of them; final: what is left. worth: of how
    many.
    """

    student: Student
    set: str
    worth: float
    handed_in: HandedIn | None = None
    grade: Grade | None = None
    lateness: Lateness = field(default_factory=Lateness)
    raw: float = 0.0
    penalty: float = 0.0
    final: float = 0.0

    @property
    def group(self) -> tuple[Student, ...]:
        """All who handed this in together."""
        return self.handed_in.students if self.handed_in else ()


def once_each(standings: Sequence[Standing]) -> list[Standing]:
    """One standing for each submission: a group counts once, who handed in nothing not at all."""
    found: dict[str, Standing] = {}
    for standing in standings:
        if standing.handed_in is not None:
            found.setdefault(standing.handed_in.name, standing)
    return [*found.values()]


def is_pending(standing: Standing) -> bool:
    """Whether it was handed in and nobody has tried to grade it yet."""
    handed_in = standing.handed_in
    return handed_in is not None and standing.grade is None and not handed_in.error


def not_graded(standings: Sequence[Standing]) -> list[str]:
    """What was handed in and has no grade, in one sentence for each reason that there may be."""
    without = [one for one in once_each(standings) if one.grade is None]
    pending = sum(is_pending(one) for one in without)
    failed = [one.student.shown for one in without if not is_pending(one)]
    found = []
    if pending:
        are, them = ("submission is", "it") if pending == 1 else ("submissions are", "them")
        found.append(
            f"{pending} {are} not graded yet: the same `class grade` command again goes on with "
            f"{them}"
        )
    if failed:
        found.append(f"no grade for {listed(failed, MOST_LISTED)}: the report says why")
    return found


def only_set(store: Store, wanted: str | None) -> str:
    """The problem set that is meant: the one asked for, or the only one there is.

    Raises StoreError if there are several and none was asked for, or the store has no such set.
    """
    known = store.sets()
    if wanted in known:
        return str(wanted)
    if wanted is None and len(known) == 1:
        return known[0]
    if not known:
        raise StoreError(f"nothing was handed in yet, says {store.folder.name}")
    which = f"there is no set {wanted!r} in it" if wanted else "say which with --set"
    raise StoreError(f"{store.folder.name} has the sets {', '.join(known)}: {which}")


def standings(store: Store, course: Course, problem_set: str) -> list[Standing]:
    """How every student stands in one problem set, by name; those of the roster, too.

    course: the whole one, because slip days are spent in the order of its sets. Of several
    submissions of a student the newest counts.
    Raises UserError if roster.csv or extensions.csv of the store cannot be read.
    """
    found, _ = standings_and_remarks(store, course, problem_set)
    return found


def standings_and_remarks(
    store: Store, course: Course, problem_set: str
) -> tuple[list[Standing], list[str]]:
    """Both, from a store that is read once. Raises UserError as `standings` does."""
    term = _Term(store, course)
    for earlier in _before(course, problem_set):
        term.standings(earlier)
    found = term.standings(problem_set)
    found.sort(key=lambda one: (one.student.shown.casefold(), one.student.key))
    return found, term.remarks(problem_set)


def remarks(store: Store, course: Course, problem_set: str) -> list[str]:
    """What staff should know of the standings, a sentence each: what was left out, and why.

    No grade is read for it. Raises UserError as `standings` does.
    """
    return _Term(store, course).remarks(problem_set)


def _before(course: Course, problem_set: str) -> Iterator[str]:
    """The problem sets that are due before this one."""
    names = [one.name for one in course.sets]
    if problem_set in names:
        yield from names[: names.index(problem_set)]


class _Term:
    """A store over the sets of a course: what a student's slip days are spent in, set by set."""

    def __init__(self, store: Store, course: Course) -> None:
        self.course, self._store = course, store
        self.hand_ins: dict[str, list[HandedIn]] = {}
        self.roster = roster_of(store)
        for handed_in in store.hand_ins():
            owned = _owned(handed_in, self.roster)
            self.hand_ins.setdefault(handed_in.set, []).append(owned)
        lists = [list(self.roster.students)]
        for handed_ins in self.hand_ins.values():
            lists.append([student for one in handed_ins for student in one.students])
        self.people = Directory(lists)
        path = store.folder / EXTENSIONS
        with kept_file("--extensions"):
            self.extensions = read_extensions(path, course, self.people, str(path))
        self._slipped: dict[str, int] = {}

    @cached_property
    def grades(self) -> dict[Key, Grade]:
        """All of the store; to read them takes most of the time, and remarks need none."""
        return self._store.grades()

    def standings(self, problem_set: str) -> list[Standing]:
        """Of one set; the slip days that it costs are spent."""
        worth = worth_of(self.course.only(problem_set))
        found = {}
        for student, handed_in in self._newest(problem_set):
            found[student.key] = self._standing(student, handed_in, worth)
        for student in self.roster.students:
            known = self.people.of(student)
            if known.key not in found:
                nothing = Lateness(why="nothing was handed in")
                found[known.key] = Standing(known, problem_set, worth, lateness=nothing)
        return [*found.values()]

    def remarks(self, problem_set: str) -> list[str]:
        """What staff should know of the roster, the extensions and the dates of one set."""
        wrong = [*self.roster.remarks, *self.extensions.wrong]
        return [*wrong, *remarks_on(self.course, problem_set)]

    def _newest(self, problem_set: str) -> list[tuple[Student, HandedIn]]:
        """Each student's submission that counts; the others are listed in it as older."""
        by_student: dict[str, list[tuple[Student, HandedIn]]] = {}
        for handed_in in self.hand_ins.get(problem_set, ()):
            for student in handed_in.students:
                known = self.people.of(student)
                by_student.setdefault(known.key, []).append((known, handed_in))
        return [_newest_of(pairs) for pairs in by_student.values()]

    def _standing(self, student: Student, handed_in: HandedIn, worth: float) -> Standing:
        grade = self.grades.get(handed_in.key) if handed_in.key else None
        raw = grade.score if grade else 0.0
        members = [self.people.of(member).key for member in handed_in.students]
        late = lateness_of(handed_in, members, self.course, self.extensions)
        if raw > 0:  # where there is nothing to lose, no slip day is spent on it
            late = self._paid(late, student.key)
        final = left_of(raw, late.lost)
        penalty = round(raw - final, 4)
        return Standing(student, handed_in.set, worth, handed_in, grade, late, raw, penalty, final)

    def _paid(self, late: Lateness, student: str) -> Lateness:
        spent = self._slipped.get(student, 0)
        late = paid(late, self.course.late, self.course.late.slip_days - spent)
        self._slipped[student] = spent + late.slipped
        return late


def _owned(handed_in: HandedIn, roster: Roster) -> HandedIn:
    """The same, by whoever it is: one that is nobody's is told from others by its own name."""
    if not handed_in.students:
        return replace(handed_in, students=(Student(login=handed_in.name),))
    students = tuple(_on_roster(student, roster) for student in handed_in.students)
    return replace(handed_in, students=students)


def _on_roster(student: Student, roster: Roster) -> Student:
    """The student as on the roster, with the number that Moodle gave for this very set."""
    matched = roster.match(student)
    if not student.participant:
        return matched
    return replace(matched, participant=student.participant)


def _newest_of(pairs: Sequence[tuple[Student, HandedIn]]) -> tuple[Student, HandedIn]:
    """The newest of one student's submissions: by their times, else the last that was imported."""
    times = [moment(handed_in.at) for _, handed_in in pairs]
    newest = len(pairs) - 1
    known = [time for time in times if time is not None]
    if len(known) == len(times):
        latest = max(known)
        newest = max(place for place, time in enumerate(times) if time == latest)
    student, handed_in = pairs[newest]
    others = [one.name for place, (_, one) in enumerate(pairs) if place != newest]
    older = tuple(dict.fromkeys([*handed_in.older, *others]))
    return student, replace(handed_in, older=older)


def roster_of(store: Store) -> Roster:
    """The store's roster, which is empty where none was given. Raises UserError."""
    path = store.folder / ROSTER
    if not path.exists():
        return Roster()
    with kept_file("--roster"):
        return read_roster(path, str(path))


@contextmanager
def kept_file(option: str) -> Iterator[None]:
    """Say of a file of a store that cannot be read how to come by a good one.

    option: of `class grade`, which puts one there.
    """
    try:
        yield
    except UserError as error:
        raise StoreError(
            f"{error}; mend that file, or give a good one to `class grade` with {option}"
        ) from None
