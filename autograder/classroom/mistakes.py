"""The mistakes of a class: how many made each, what it cost, which nobody foresaw. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from autograder.classroom.grade import Grade
from autograder.classroom.statistics import Grades, Share, made_in

SHARED = 3
"""So many submissions with equal wrong numbers made one mistake; two may be a coincidence."""

DEAREST = 5
"""Mistakes for the next lecture."""


# ----------------------------------------------------------------------------------- known mistakes


@dataclass
class Made:
    """A known mistake in one submission.

    places: the problems in which it was made. carried_to: those that only follow from it.
    lost: the points that it cost in all of them.
    """

    places: list[str] = field(default_factory=list)
    carried_to: list[str] = field(default_factory=list)
    lost: float = 0.0


@dataclass(frozen=True)
class Known:
    """A known mistake in a class.

    share: of the submissions, those that made it. lost: the points it cost all of them.
    place: the problem in which it was made, the one where most made it if there are several.
    carried_to: later problem -> in how many submissions it was only carried there.
    """

    misconception: str
    share: Share
    lost: float
    place: str
    carried_to: dict[str, int]
    submissions: tuple[str, ...]


def made_by(grade: Grade) -> dict[str, Made]:
    """The known mistakes of one submission, each once, however many problems show it.

    A problem that follows from an earlier one without naming the mistake is put to the one that is
    named there.
    """
    named = {graded.problem: graded.diagnosis for graded in grade.problems}
    found: dict[str, Made] = {}
    for graded in grade.problems:
        place = made_in(grade, graded)
        mistake = graded.diagnosis or (named.get(place, "") if place != graded.problem else "")
        if not mistake:
            continue
        made = found.setdefault(mistake, Made())
        made.lost += graded.max_score - graded.score
        if place not in made.places:
            made.places.append(place)
        if place != graded.problem:
            made.carried_to.append(graded.problem)
    return found


def known_mistakes(grades: Grades) -> list[Known]:
    """All known mistakes of a class, the most frequent first."""
    by_mistake: dict[str, dict[str, Made]] = {}
    for name, grade in grades.items():
        for mistake, made in made_by(grade).items():
            by_mistake.setdefault(mistake, {})[name] = made
    found = []
    for mistake, by_name in by_mistake.items():
        found.append(_known(mistake, by_name, len(grades)))
    return sorted(found, key=lambda known: (-known.share.count, -known.lost, known.misconception))


def _known(mistake: str, by_name: dict[str, Made], of: int) -> Known:
    places: Counter[str] = Counter()
    carried: Counter[str] = Counter()
    for made in by_name.values():
        places.update(made.places)
        carried.update(made.carried_to)
    return Known(
        mistake,
        Share(len(by_name), of),
        sum(made.lost for made in by_name.values()),
        places.most_common(1)[0][0],
        dict(carried),
        tuple(by_name),
    )


def dearest(known: Sequence[Known]) -> list[Known]:
    """The mistakes that cost the class most points, at most five, the dearest first."""
    costly = [one for one in known if one.lost > 0]
    return sorted(costly, key=lambda one: (-one.lost, -one.share.count, one.misconception))[
        :DEAREST
    ]


@dataclass(frozen=True)
class Pair:
    """Two mistakes of the same submissions.

    together: in how many. expected: in how many they would meet by chance, if neither had to do
    with the other.
    """

    first: str
    second: str
    together: int
    expected: float


def pairs(known: Sequence[Known]) -> list[Pair]:
    """Mistakes that three submissions or more made both, and more often than chance would have it.

    The pair that exceeds chance by most comes first.
    """
    counts = {one.misconception: one.share for one in known}
    met: Counter[tuple[str, str]] = Counter()
    for mistakes in _by_submission(known):
        met.update(combinations(mistakes, 2))
    found = []
    for (first, second), together in met.items():
        expected = counts[first].count * counts[second].value
        if together >= SHARED and together > expected:
            found.append(Pair(first, second, together, expected))
    return sorted(found, key=lambda pair: (pair.expected - pair.together, pair.first, pair.second))


def _by_submission(known: Sequence[Known]) -> Iterable[list[str]]:
    """The mistakes of each submission, in the order of `known`."""
    by_name: dict[str, list[str]] = {}
    for one in known:
        for name in one.submissions:
            by_name.setdefault(name, []).append(one.misconception)
    return by_name.values()


# ---------------------------------------------------------------------------------- unforeseen ones


@dataclass(frozen=True)
class Unforeseen:
    """A mistake that no misconception foresees: equal wrong numbers in several submissions.

    outputs: those that are wrong. submissions: their names. different: how many of them differ in
    their files. lost: points, in all of them together.
    follows: the earlier problem in which all of these share other wrong numbers, and these numbers'
    digest: to be looked at first.
    said: what the grader could say of it, the most frequent message; for staff.
    """

    problem: str
    lesson: str
    wrong: str
    outputs: tuple[str, ...]
    submissions: tuple[str, ...]
    different: int
    lost: float
    follows: tuple[str, str] | None = None
    said: str = ""


def unforeseen(grades: Grades) -> list[Unforeseen]:
    """The mistakes that nobody foresaw and three submissions or more share, the most shared first,
    and of those equally shared the earlier problem.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for name, grade in grades.items():
        for graded in grade.problems:
            if graded.wrong and not graded.diagnosis:
                groups.setdefault((graded.problem, graded.wrong), []).append(name)
    shared = {key: names for key, names in groups.items() if len(names) >= SHARED}
    order = _order_of(grades)
    found: list[Unforeseen] = []
    for problem, wrong in sorted(shared, key=lambda key: (order[key[0]], key[1])):
        names = shared[problem, wrong]
        found.append(_described(problem, wrong, names, grades, _first_shared(names, found)))
    return sorted(found, key=lambda one: (-len(one.submissions), order[one.problem]))


def _order_of(grades: Grades) -> dict[str, int]:
    """Problem -> its place in the course."""
    order: dict[str, int] = {}
    for grade in grades.values():
        for graded in grade.problems:
            order.setdefault(graded.problem, len(order))
    return order


def _first_shared(names: Sequence[str], earlier: Sequence[Unforeseen]) -> tuple[str, str] | None:
    """The first mistake that all of these share already: its problem and its digest.

    It follows from no other itself: what is shared by all who share it came first.
    """
    for one in earlier:
        if set(names) <= set(one.submissions):
            return one.problem, one.wrong
    return None


def _described(
    problem: str,
    wrong: str,
    names: Sequence[str],
    grades: Grades,
    follows: tuple[str, str] | None,
) -> Unforeseen:
    members = []
    for name in names:
        graded = next(one for one in grades[name].problems if one.problem == problem)
        members.append(graded)
    first = members[0]
    said = Counter(graded.message for graded in members)
    return Unforeseen(
        problem,
        first.lesson,
        wrong,
        tuple(output for output, state in first.outputs.items() if state == "wrong"),
        tuple(names),
        len({grades[name].key.files for name in names}),
        sum(graded.max_score - graded.score for graded in members),
        follows,
        said.most_common(1)[0][0],
    )
