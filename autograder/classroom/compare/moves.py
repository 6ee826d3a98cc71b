"""What differs between two gradings of a class: matrix, moves, and the reasons that can be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from autograder.authoring.regrade import SMALLEST
from autograder.classroom.compare.sides import Graded, Mark, Side
from autograder.classroom.directory import Directory
from autograder.classroom.people import Student

Kind = Literal["score", "worth", "status", "diagnosis", "carried"]

OTHER_FILES = "other files were handed in"
OTHER_SUBMISSION = "another submission counts"
OTHER_CASES = "the cases are others"
OTHER_GRADER = "the grader or its settings are others"
NOT_GRADED = "it could not be graded"
SAME = "nothing that grades it differs: it is not the same at every run, or near a limit of time"
UNKNOWN = "unknown: an export does not keep what it was graded by"

ABSENT = "not there"
"""Stands in the matrix for a problem that one side does not have."""


@dataclass(frozen=True)
class ProblemMove:
    """One problem on which the two differ. kind: what differs most. None: not there."""

    problem: str
    kind: Kind
    old: Mark | None
    new: Mark | None

    @property
    def by(self) -> float:
        """Points that it moves by."""
        return (self.new.score if self.new else 0.0) - (self.old.score if self.old else 0.0)


@dataclass(frozen=True)
class Pair:
    """One submission as both sides graded it, and the students who stand for it in both.

    finals: `Student.key` -> final points then and now, of those whose final points move.
    """

    students: tuple[Student, ...]
    old: Graded
    new: Graded
    problems: tuple[ProblemMove, ...]
    reasons: tuple[str, ...]
    finals: Mapping[str, tuple[float, float]]

    @property
    def by(self) -> float:
        """Points as earned that it moves by; 0.0 where that is only rounding."""
        moved = self.new.score - self.old.score
        return moved if abs(moved) > SMALLEST else 0.0

    @property
    def moves(self) -> bool:
        """Whether a score is another: the total, or that of a problem."""
        return self.by != 0 or any(move.kind == "score" for move in self.problems)


@dataclass(frozen=True)
class Comparison:
    """Two gradings side by side.

    matrix: status then, status now -> how many problems of all submissions; a group counts once.
    only_old, only_new: the students who are in one of the two, and their submissions.
    """

    problem_set: str
    old: Side
    new: Side
    pairs: tuple[Pair, ...]
    matrix: Mapping[tuple[str, str], int]
    only_old: tuple[tuple[Student, Graded], ...]
    only_new: tuple[tuple[Student, Graded], ...]

    @property
    def moved(self) -> list[Pair]:
        """The submissions whose score moves, the greatest loss first."""
        moved = [pair for pair in self.pairs if pair.moves]
        return sorted(moved, key=lambda pair: (pair.by, pair.students[0].shown.casefold()))

    @property
    def anyone_loses(self) -> bool:
        """Whether a student has fewer points as earned, or had some and is gone."""
        loses = any(pair.by < 0 for pair in self.pairs)
        return loses or any(graded.score > 0 for _, graded in self.only_old)


def compared(old: Side, new: Side, problem_set: str) -> Comparison:
    """What differs between two gradings. Students are told by all that the two know of them.

    What one of the two has not graded yet is no pair: nobody gains or loses by it.
    """
    people = Directory([_students(old), _students(new)])
    before, after = _by_student(old, people), _by_student(new, people)
    by_points = old.by_points or new.by_points
    pairs = []
    for shared in _in_both(before, after).values():
        if not any(graded.pending for both in shared for _, graded in both):
            pairs.append(_pair(shared, by_points))
    return Comparison(
        problem_set,
        old,
        new,
        tuple(pairs),
        _matrix(pairs, by_points),
        tuple(before[key] for key in before if key not in after),
        tuple(after[key] for key in after if key not in before),
    )


Owned = Mapping[str, tuple[Student, Graded]]
"""Student's key -> the student, and the submission that counts."""


def _students(side: Side) -> list[Student]:
    return [student for graded in side.graded for student in graded.students]


def _by_student(side: Side, people: Directory) -> Owned:
    """Of two submissions of one student, which only an export has, the newest counts."""
    found: dict[str, tuple[Student, Graded]] = {}
    for graded in side.graded:
        for student in graded.students:
            known = people.of(student)
            if known.key not in found or graded.at >= found[known.key][1].at:
                found[known.key] = (student, graded)
    return found


Shared = list[tuple[tuple[Student, Graded], tuple[Student, Graded]]]
"""The students who share a submission in both: each as the old side has it, and as the new has."""


def _in_both(before: Owned, after: Owned) -> dict[tuple[str, str], Shared]:
    """The names of a submission in both -> its students."""
    found: dict[tuple[str, str], Shared] = {}
    for key, new in after.items():
        if key in before:
            old = before[key]
            found.setdefault((old[1].name, new[1].name), []).append((old, new))
    return found


def _pair(shared: Shared, by_points: bool) -> Pair:
    old, new = (graded for _, graded in shared[0])
    moves = tuple(_problem_moves(old, new, by_points))
    finals = {}
    for (before, _), (after, _) in shared:
        then, now = old.finals.get(before.key), new.finals.get(after.key)
        if then is not None and now is not None and abs(then - now) > SMALLEST:
            finals[after.key] = (then, now)
    students = tuple(student for _, (student, _) in shared)
    return Pair(students, old, new, moves, tuple(_reasons(old, new, moves)), finals)


# --------------------------------------------------------------------------------- what differs


def _problem_moves(old: Graded, new: Graded, by_points: bool) -> list[ProblemMove]:
    found = []
    for problem in dict.fromkeys([*new.marks, *old.marks]):
        before, after = old.marks.get(problem), new.marks.get(problem)
        if by_points:
            before, after = before and before.by_points(), after and after.by_points()
        kind = _kind(before, after)
        if kind is not None:
            found.append(ProblemMove(problem, kind, before, after))
    return found


def _kind(before: Mark | None, after: Mark | None) -> Kind | None:
    """What differs most between two marks; None if nothing does."""
    if before is None or after is None or abs(before.score - after.score) > SMALLEST:
        return "score"
    if abs(before.worth - after.worth) > SMALLEST:
        return "worth"
    if before.status != after.status:
        return "status"
    if before.diagnosis != after.diagnosis:
        return "diagnosis"
    return "carried" if before.carried_from != after.carried_from else None


def _reasons(old: Graded, new: Graded, moves: Sequence[ProblemMove]) -> Iterator[str]:
    """Why they differ, as far as it can be told."""
    if not moves:
        return
    for when, graded in (("then", old), ("now", new)):
        if graded.error or not graded.marks:
            yield f"{NOT_GRADED} {when}{f': {graded.error}' if graded.error else ''}"
    if old.error or new.error or not old.marks or not new.marks:
        return
    if old.key is None or new.key is None:
        yield OTHER_SUBMISSION if old.name != new.name else UNKNOWN
        return
    told = [
        (old.key.files != new.key.files, OTHER_FILES),
        (old.key.casebook != new.key.casebook, OTHER_CASES),
        (old.key.grader != new.key.grader, OTHER_GRADER),
    ]
    found = [reason for differs, reason in told if differs]
    yield from found or [SAME]


def _matrix(pairs: Sequence[Pair], by_points: bool) -> dict[tuple[str, str], int]:
    counted: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        for problem in dict.fromkeys([*pair.new.marks, *pair.old.marks]):
            marks = pair.old.marks.get(problem), pair.new.marks.get(problem)
            old, new = (_status(mark, by_points) for mark in marks)
            counted[old, new] += 1
    return dict(counted)


def _status(mark: Mark | None, by_points: bool) -> str:
    if mark is None:
        return ABSENT
    return mark.by_points().status if by_points else mark.status


@dataclass(frozen=True)
class ByProblem:
    """How one problem moves the class: submissions that gain and lose by it, points in all."""

    problem: str
    gain: int
    lose: int
    points: float


def by_problem(comparison: Comparison) -> list[ByProblem]:
    """The problems that move a score, those that cost most first."""
    moved: dict[str, list[float]] = {}
    for pair in comparison.pairs:
        for move in pair.problems:
            if move.kind == "score":
                moved.setdefault(move.problem, []).append(move.by)
    found = []
    for problem, steps in moved.items():
        gain = sum(step > 0 for step in steps)
        lose = sum(step < 0 for step in steps)
        found.append(ByProblem(problem, gain, lose, fsum(steps)))
    return sorted(found, key=lambda one: one.points)
