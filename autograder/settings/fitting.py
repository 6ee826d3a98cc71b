"""Whether the settings of a course fit together, each of which may be right by itself.

It looks at the values as they were read, before there is a course, so that these mistakes are named
together with all others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from autograder import lessons
from autograder.settings.due import odd_dates

Values = Mapping[str, Any]
"""The settings of a table that are right; those that are wrong are left out."""

BuildsOn = Mapping[str, Collection[str]]
"""Lesson -> the lessons that its file imports, directly or not."""

ALL = "all"
"""Stands for every set on command lines."""


def mistakes_between(course: Values, builds_on: BuildsOn) -> Iterator[str]:
    """What is wrong between the settings of a course, a clause for each mistake."""
    sets: Sequence[Values] = course.get("sets", ())
    if course.get("hidden_seed") is not None and course["hidden_seed"] == course.get("seed"):
        yield "hidden_seed should not be the seed of the public cases, which anyone may know"
    yield from _names(sets)
    yield from _lessons_twice(sets)
    yield from _lessons_too_early(sets, builds_on)
    yield from _worthless_sets(sets, course.get("points", {}))
    yield from odd_dates(list(_dates(sets)))
    yield from _seconds(course.get("policy", {}))
    if course.get("lend") and any((course.get("conventions") or {}).values()):
        yield (
            "lend does not go with [conventions]: what is lent is in the lecture's; leave one out"
        )


def _names(sets: Sequence[Values]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, values in enumerate(sets):
        name = values.get("name")
        if name is None:
            continue
        # Some disks do not tell the folders Words and words apart.
        first = seen.setdefault(name.lower(), number)
        if first != number:
            yield f"sets[{number}].name is {name!r}, as in sets[{first}]: give it another"
        if name.lower() == ALL:
            yield f"sets[{number}].name should not be {name!r}, which stands for all sets together"


def _lessons_twice(sets: Sequence[Values]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, values in enumerate(sets):
        for lesson in values.get("lessons", ()):
            if lesson not in seen:
                seen[lesson] = number
            elif seen[lesson] == number:
                yield f"sets[{number}].lessons has {lesson!r} twice: list it once"
            else:
                earlier = f"sets[{seen[lesson]}]"
                yield f"sets[{number}].lessons has {lesson!r}, as {earlier}: list it in one of them"


def _lessons_too_early(sets: Sequence[Values], builds_on: BuildsOn) -> Iterator[str]:
    """The lessons that build on what is handed out only later."""
    later: set[str] = {lesson for values in sets for lesson in values.get("lessons", ())}
    for number, values in enumerate(sets):
        here = values.get("lessons", ())
        later -= set(here)
        for lesson in here:
            needed = sorted(later & set(builds_on.get(lesson, ())), key=lessons.names().index)
            if needed:
                listed = ", ".join(needed)
                yield (
                    f"sets[{number}].lessons has {lesson!r}, which builds on {listed} of a later "
                    f"set: list it there, or {listed} no later"
                )


def _worthless_sets(sets: Sequence[Values], points: Mapping[str, float]) -> Iterator[str]:
    for number, values in enumerate(sets):
        taught = [lessons.lesson(name) for name in values.get("lessons", ())]
        problems = [problem for lesson in taught for problem in lesson.problems]
        if problems and not any(points.get(one.name, one.points) for one in problems):
            yield f"sets[{number}] is worth 0 points: give some to its problems under [points]"


def _dates(sets: Sequence[Values]) -> Iterator[tuple[str, str]]:
    for number, values in enumerate(sets):
        if values.get("due"):
            yield f"sets[{number}].due", values["due"]


def _seconds(policy: Values) -> Iterator[str]:
    one, whole = policy.get("seconds"), policy.get("total_seconds")
    if one is not None and whole is not None and whole < one:
        yield (
            f"policy.total_seconds should not be less than policy.seconds: a whole submission has "
            f"{whole:g} seconds and one problem {one:g}"
        )
