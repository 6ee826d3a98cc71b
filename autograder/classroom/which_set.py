"""Whether the files that were handed in are those of the problem set that is to be graded.

The wrong set costs everyone everything, and nothing else would say so: a class that handed in
other files looks like a class that handed in nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from autograder.errors import UserError
from autograder.grade import worth_of
from autograder.printable import printable
from autograder.report.words import points
from autograder.settings import Course
from autograder.settings.fitting import ALL
from autograder.wording import listed

Sets = tuple[str, ...]
"""The problem sets of which something was handed in, in the course's order."""

MOST_LISTED = 5


class SetError(UserError):
    """The files of a class are those of another set; the message says which and what to do."""


def sets_of(modules: Collection[str], course: Course) -> Sets:
    """The problem sets that these modules are of."""
    found = []
    for problem_set in course.sets:
        if any(lesson in modules for lesson in problem_set.lessons):
            found.append(problem_set.name)
    return tuple(found)


def introduced(course: Course, asked: str | None) -> str:
    """What is going to be graded, and for how many points.

    asked: the set that was named; None where none was.
    """
    problem_set = asked or ALL
    worth = points(worth_of(course.only(problem_set)))
    if problem_set != ALL:
        return f"grading the set {problem_set}, {worth} points"
    names = [one.name for one in course.sets]
    if len(names) == 1:
        return f"grading the course's only set, {names[0]}, {worth} points"
    hint = "" if asked else f": --set grades one of them ({', '.join(names)})"
    return f"grading all {len(names)} sets together, {worth} points{hint}"


def refuse_another_set(found: Mapping[str, Sets], course: Course, asked: str | None) -> None:
    """Raise SetError if most of a class handed in the files of another set than is graded.

    found: name of a submission -> the sets of which it has files. asked: the set that was named;
    None where none was, and then most must not have files of one set alone.
    """
    known = [sets for sets in found.values() if sets]
    if asked is None:
        _refuse_one_alone(known, course)
    elif asked != ALL:
        _refuse_others(known, course, asked)


def _refuse_one_alone(known: Sequence[Sets], course: Course) -> None:
    alone = Counter(sets[0] for sets in known if len(sets) == 1)
    for name, count in alone.most_common(1):
        if len(course.sets) == 1 or 2 * count <= len(known):
            return
        what = f"only files of the set {name} were handed in"
        if count < len(known):
            what = f"{_how_many(count, len(known))} files of the set {name} alone"
        raise SetError(f"{what}: --set {name} grades that, --set {ALL} grades all sets together")


def _refuse_others(known: Sequence[Sets], course: Course, asked: str) -> None:
    others = [sets for sets in known if asked not in sets]
    if 2 * len(others) <= len(known):
        return
    meant = _likely(others, course)
    raise SetError(
        f"{_how_many(len(others), len(known))} files of the set {meant} and none of {asked}: "
        f"--set {meant} grades that, --force grades {asked} all the same"
    )


def _how_many(count: int, of: int) -> str:
    """The subject of a sentence, and its verb."""
    if of == 1:
        return "the only submission with files of a set has"
    return f"all {of} submissions have" if count == of else f"{count} of {of} submissions have"


def _likely(others: Sequence[Sets], course: Course) -> str:
    """The set that most have files of; of several the last: earlier files are handed in again."""
    counted = Counter(name for sets in others for name in sets)
    order = [one.name for one in course.sets]
    return max(counted, key=lambda name: (counted[name], order.index(name)))


def strangers(found: Mapping[str, Sets], problem_set: str) -> Iterator[str]:
    """A sentence that names the submissions with files of other sets and none of this one."""
    if problem_set == ALL:
        return
    others = {name: sets for name, sets in found.items() if sets and problem_set not in sets}
    if others:
        told = [f"{printable(name)} ({', '.join(sets)})" for name, sets in others.items()]
        yield f"files of another set, and none of {problem_set}, are in {listed(told, MOST_LISTED)}"
