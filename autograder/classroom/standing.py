"""How each student of a class stands in one problem set: what was earned, what late work lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.classroom.grade import Grade
from autograder.classroom.people import Student
from autograder.classroom.store import HandedIn, Store, StoreError
from autograder.grade import course_problems
from autograder.settings import Course


@dataclass(frozen=True)
class Lateness:
    """How late a submission is, and what that costs.

    days: begun days after the due date, its extension and the grace. slipped: those of them that
    were paid for with slip days. lost: the share of the points that the others cost, 0 to 1.
    why: what it was worked out from, for staff; also why nothing could be worked out.
    extended: the note of an extension.
    """

    days: int = 0
    slipped: int = 0
    lost: float = 0.0
    why: str = ""
    extended: str = ""


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
    lateness: Lateness = Lateness()
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
    """How every student stands in one problem set, by name; those of the roster, too."""
    grades = store.grades()
    worth = sum(course.points_of(one) for one in course_problems(course.only(problem_set)))
    found = []
    for handed_in in store.hand_ins(problem_set):
        grade = grades.get(handed_in.key) if handed_in.key else None
        raw = grade.score if grade else 0.0
        for student in handed_in.students:
            found.append(
                Standing(student, problem_set, worth, handed_in, grade, raw=raw, final=raw)
            )
    return sorted(found, key=lambda one: (one.student.shown.casefold(), one.student.key))
