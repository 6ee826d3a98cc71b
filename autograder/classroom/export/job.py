"""What an export is made from and what comes of it, the same for every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.classroom.grade import ProblemGrade
from autograder.classroom.standing import Standing
from autograder.classroom.store import Store
from autograder.errors import UserError
from autograder.grade import course_problems, worth_of
from autograder.numbers import task_numbers
from autograder.problem import Problem
from autograder.settings import Course

DECIMALS = 4
"""Of every number of points in a file, as many as a late penalty is rounded to."""

State = Literal["graded", "not graded", "missing"]


class ExportError(UserError):
    """An export cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Job:
    """All that a format may use.

    set: the name of the problem set; title: as students know it. into: the teacher's own file, to
    be filled. column: which of its columns, as it was asked for.
    """

    store: Store
    course: Course
    set: str
    standings: tuple[Standing, ...]
    into: Path | None = None
    column: str | None = None

    @property
    def title(self) -> str:
        """The set's title; for all sets together the course's name."""
        for problem_set in self.course.sets:
            if problem_set.name == self.set:
                return problem_set.title
        return self.course.name

    @property
    def due(self) -> str:
        """When the set is due, ISO 8601; empty where nobody said."""
        for problem_set in self.course.sets:
            if problem_set.name == self.set:
                return problem_set.due
        return ""

    @property
    def problems(self) -> list[Problem]:
        """The set's problems, in order."""
        return course_problems(self.course.only(self.set))

    @property
    def numbers(self) -> Mapping[str, str]:
        """Problem -> the number of its task."""
        return task_numbers(self.course)

    @property
    def worth(self) -> float:
        """How many points the set has."""
        return worth_of(self.course.only(self.set))


@dataclass(frozen=True)
class Export:
    """A file, and what there is to say of it.

    remarks: a sentence each. listed: what was left over, such as a student who is not in the
    teacher's file, with the points that were not written.
    """

    content: bytes
    remarks: tuple[str, ...] = ()
    listed: tuple[str, ...] = field(default=())


# ------------------------------------------------------------------------------ numbers and states


def exact(points: float) -> str:
    """Points as every file has them: at most four decimals, no trailing zeros.

    >>> exact(82.5), exact(100.0), exact(200 / 3), exact(-0.00001)
    ('82.5', '100', '66.6667', '0')
    """
    text = f"{points:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def state_of(standing: Standing) -> State:
    """Whether there are points, and if not, why."""
    if standing.handed_in is None:
        return "missing"
    return "graded" if standing.grade is not None else "not graded"


def points_or_nothing(standing: Standing) -> str:
    """The final points; empty where there is no grade, which is not the same as none earned."""
    return exact(standing.final) if state_of(standing) == "graded" else ""


def grades_by_problem(standing: Standing) -> dict[str, ProblemGrade]:
    """Problem -> its grade; empty where there is none."""
    if standing.grade is None:
        return {}
    return {entry.problem: entry for entry in standing.grade.problems}


def named(standing: Standing) -> str:
    """`Ada Lovelace (1815)`: the name, and what tells two of one name apart."""
    student = standing.student
    known = (student.sid, student.login, student.email, student.canvas_id, student.participant)
    more = next((text for text in known if text and text != student.shown), "")
    return f"{student.shown} ({more})" if more else student.shown


def left_over(standing: Standing) -> str:
    """A student whose points were not written, and the points."""
    state = state_of(standing)
    if state != "graded":
        return f"{named(standing)}: {state}"
    return f"{named(standing)}: {exact(standing.final)}"


def to_look_at(standings: Sequence[Standing]) -> list[str]:
    """What staff should see before anything goes out: whom the grader itself failed."""
    failed = [one for one in standings if one.grade is not None and one.grade.at_fault]
    if not failed:
        return []
    who = ", ".join(named(standing) for standing in failed)
    return [f"the grader itself failed on a problem of {who}: `class grade` tries it again"]
