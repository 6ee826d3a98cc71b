"""One of two gradings that are compared: what it says of every submission and problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from pathlib import Path
from typing import Any

from autograder.classroom.grade import Key, ProblemGrade
from autograder.classroom.hand_in import HandIn
from autograder.classroom.people import Student
from autograder.classroom.sources import read_source
from autograder.classroom.standing import Standing, is_pending, standings_and_remarks
from autograder.classroom.store import Store, StoreError
from autograder.grade import course_problems
from autograder.settings import Course
from autograder.wording import listed

MOST_LISTED = 5

STATUSES = ("passed", "partial", "failed", "error", "timeout", "todo")
"""From good to bad, as a table has them."""


@dataclass(frozen=True)
class Mark:
    """One problem of one submission, as it was graded.

    status: where nothing but the points is known, `passed`, `partial` or `failed` by these.
    """

    score: float
    worth: float
    status: str
    diagnosis: str = ""
    carried_from: str = ""

    def by_points(self) -> Mark:
        """The same as its points alone tell it."""
        status = "partial" if self.score > 0 else "failed"
        if self.score >= self.worth > 0:
            status = "passed"
        return Mark(self.score, self.worth, status)


@dataclass(frozen=True)
class Graded:
    """One submission as it was graded.

    marks: problem -> how it went; none where there is no grade, and `error` says why. pending: it
    was not graded yet, because `class grade` was stopped before. finals: `Student.key` -> the
    points after what late work lost. key: None where nobody kept it.
    """

    name: str
    students: tuple[Student, ...]
    marks: Mapping[str, Mark]
    at: str = ""
    key: Key | None = None
    error: str = ""
    finals: Mapping[str, float] = field(default_factory=dict)
    pending: bool = False

    @property
    def score(self) -> float:
        """The points as earned."""
        return fsum(mark.score for mark in self.marks.values())


@dataclass(frozen=True)
class Side:
    """One grading of a class.

    by_points: whether it knows no more of a problem than its points. remarks: a sentence each.
    """

    name: str
    kind: str
    graded: tuple[Graded, ...]
    by_points: bool = False
    remarks: tuple[str, ...] = ()


def side_of(path: Path, course: Course, problem_set: str) -> Side:
    """A store, or a Gradescope export. Raises UserError if it is neither, or cannot be read."""
    if (path / "hand_ins").is_dir():
        return of_store(Store.of(path), course, problem_set)
    imported = read_source(path)
    if not any(hand_in.results for hand_in in imported.hand_ins):
        raise StoreError(
            f"{path.name} holds no grades ({imported.kind}): name a folder that `class grade` "
            "wrote, or a Gradescope export of an assignment that was graded"
        )
    return of_export(path.name, imported.hand_ins, course, problem_set)


# --------------------------------------------------------------------------------------- a store


def of_store(store: Store, course: Course, problem_set: str) -> Side:
    """What a store says of a problem set. Raises StoreError if it has none of it."""
    sets = store.sets()
    if problem_set not in sets:
        known = listed(sets) or "nothing"
        raise StoreError(f"{store.folder.name} has no set {problem_set!r}, only {known}")
    by_name: dict[str, list[Standing]] = {}
    found, said = standings_and_remarks(store, course, problem_set)
    for one in found:
        if one.handed_in is not None:
            by_name.setdefault(one.handed_in.name, []).append(one)
    graded = [_graded(members) for members in by_name.values()]
    return Side(store.folder.name, "store", tuple(graded), remarks=tuple(said))


def _graded(members: Sequence[Standing]) -> Graded:
    """The submission of these students."""
    one = members[0]
    assert one.handed_in is not None
    error = one.handed_in.error
    marks: dict[str, Mark] = {}
    if one.grade is not None:
        marks = {problem.problem: _mark(problem) for problem in one.grade.problems}
        error = one.grade.error
    return Graded(
        one.handed_in.name,
        tuple(member.student for member in members),
        marks,
        one.handed_in.at,
        one.handed_in.key,
        error,
        {member.student.key: member.final for member in members},
        is_pending(one),
    )


def _mark(problem: ProblemGrade) -> Mark:
    return Mark(
        problem.score, problem.max_score, problem.status, problem.diagnosis, problem.carried_from
    )


# --------------------------------------------------------------------------- a Gradescope export


def of_export(name: str, hand_ins: Sequence[HandIn], course: Course, problem_set: str) -> Side:
    """What the results in a Gradescope export say, which our own grader wrote there.

    A test is told by its name, `problem: title`; those of other problems are left out.
    """
    known = {problem.name for problem in course_problems(course.only(problem_set))}
    graded, strange, is_full = [], set(), True
    for hand_in in hand_ins:
        marks = {}
        for test in _tests(hand_in.results):
            problem = str(test.get("name", "")).partition(":")[0].strip()
            if problem not in known:
                strange.add(problem or "a test without a name")
                continue
            marks[problem], is_known = _mark_of(test)
            is_full = is_full and is_known
        error = "" if marks else "there are no results of it in the export"
        graded.append(Graded(hand_in.name, _owners(hand_in), marks, hand_in.at, error=error))
    said = []
    if strange:
        which = listed(sorted(strange), MOST_LISTED)
        said.append(f"tests in {name} that are no problem of {problem_set} do not count: {which}")
    return Side(name, "Gradescope export", tuple(graded), not is_full, tuple(said))


def _owners(hand_in: HandIn) -> tuple[Student, ...]:
    return hand_in.students or (Student(login=hand_in.name),)


def _tests(results: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """The tests of a results.json, which may be anything."""
    tests = results.get("tests") if isinstance(results, Mapping) else None
    for test in tests if isinstance(tests, Sequence) else ():
        if isinstance(test, Mapping):
            yield test


def _mark_of(test: Mapping[str, Any]) -> tuple[Mark, bool]:
    """A test as a mark; and whether more is known of it than its points."""
    by_points = Mark(_number(test.get("score")), _number(test.get("max_score")), "").by_points()
    extra = test.get("extra_data")
    if not isinstance(extra, Mapping) or extra.get("status") not in STATUSES:
        return by_points, False
    return Mark(
        by_points.score,
        by_points.worth,
        str(extra["status"]),
        str(extra.get("diagnosis") or ""),
        str(extra.get("carried_from") or ""),
    ), True


def _number(value: Any) -> float:
    try:
        return float(value or 0.0)
    except (TypeError, ValueError):
        return 0.0
