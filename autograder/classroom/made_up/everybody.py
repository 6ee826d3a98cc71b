"""A whole made-up class: students, alone or in groups, with what they hand in, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from autograder.authoring.casebook.answers import Answers
from autograder.classroom.made_up.answered import answered_by
from autograder.classroom.made_up.archives import MadeUp
from autograder.classroom.made_up.people import students
from autograder.classroom.made_up.submissions import Files, Ingredients, ingredients, submission
from autograder.classroom.people import Student
from autograder.settings import Course

HOURS = (-120, -70, -48, -26, -10, -5, -3, -2, -1, -0.5, -0.2, 0.1, 3, 20, 40, 100)
"""When somebody hands in, from the due date on."""

IN_PAIRS, TWICE = 0.08, 0.06
"""The shares of submissions that two hand in together, and of those that were handed in before."""

COPIED = 0.02
"""The share of submissions that are word for word somebody else's."""


def made_up_class(
    answers: Answers,
    course: Course,
    problem_set: str,
    count: int,
    seed: int = 27,
    styles: Path | None = None,
) -> list[MadeUp]:
    """So many submissions to a set, some of them replaced by a later one of the same student.

    styles: a folder of right answers in other styles. The same arguments give the same class.
    """
    rng = Random(seed)
    names = course.lessons_of(problem_set)
    stock = ingredients(answers, names, rng, styles)
    due = _due(course, problem_set)
    found: list[MadeUp] = []
    for group in _groups(count, rng):
        _, files = submission(stock, rng)
        if found and rng.random() < COPIED:
            written = dict(rng.choice(found).files)
        else:
            written = as_handed_in(answered_by(_id(group, course), files, course))
        at = due + timedelta(hours=rng.choice(HOURS))
        if rng.random() < TWICE:
            found.append(_earlier(group, stock, rng, at, due, course))
        found.append(_handed_in(group, written, at, due))
    return found


def as_handed_in(files: Files) -> dict[str, bytes]:
    """Path -> content, as a student packs them."""
    return {f"recurrent/{name}.py": source.encode() for name, source in files.items()}


def _groups(count: int, rng: Random) -> Iterator[tuple[Student, ...]]:
    people = iter(students(2 * count, rng))
    for _ in range(count):
        size = 2 if rng.random() < IN_PAIRS else 1
        yield tuple(next(people) for _ in range(size))


def _id(group: tuple[Student, ...], course: Course) -> str:
    """What the one of them is known by who wrote the answers."""
    known_by = course.answers.id
    return group[0].name if known_by == "written" else str(getattr(group[0], known_by))


def _earlier(
    group: tuple[Student, ...],
    stock: Ingredients,
    rng: Random,
    at: datetime,
    due: datetime,
    course: Course,
) -> MadeUp:
    """What a group had handed in the day before."""
    _, files = submission(stock, rng)
    written = as_handed_in(answered_by(_id(group, course), files, course))
    return _handed_in(group, written, at - timedelta(days=1), due)


def _handed_in(
    group: tuple[Student, ...], files: dict[str, bytes], at: datetime, due: datetime
) -> MadeUp:
    return MadeUp(group, files, at.isoformat(), late=at > due)


def _due(course: Course, problem_set: str) -> datetime:
    """When the set is due; of all sets, the first."""
    dates = [one.due for one in course.only(problem_set).sets if one.due]
    return datetime.fromisoformat(dates[0] if dates else "2027-02-05T23:59:00+00:00")


def newest_only(submissions: list[MadeUp]) -> list[MadeUp]:
    """What is left where a later submission takes the place of an earlier one."""
    return [*{one.students[0].key: one for one in submissions}.values()]
