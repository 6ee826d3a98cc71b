"""Each submission in a report: what is not right in it, and why as far as that is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.classroom.grade import Grade, ProblemGrade
from autograder.classroom.mistakes import Unforeseen
from autograder.classroom.report.catalogue import Catalogue, Named
from autograder.classroom.report.names import Names
from autograder.classroom.report.times import Clock
from autograder.classroom.standing import Standing, once_each
from autograder.classroom.statistics import made_in, outcome
from autograder.classroom.store import HandedIn

LONGEST = 160
"""About how much of what the grader said is quoted here; all of it stands in the feedback."""

NO_FILE = re.compile(r"runs: (these are the files of the set |\S+\.py is missing\b)")
"""How the message on a problem begins whose file is not there; see `intake` and `worker.faults`."""

TELLING = ("runs", "diagnosis", "experiment", "values", "shapes", "finite", "arguments", "hidden")
"""The layers of a message, the most telling first."""


@dataclass(frozen=True)
class Reason:
    """Why a problem is not right: a text, and the id of the section that says more, if one does.

    label: what those of whom it is true have in common, in the section of the problem.
    """

    label: str
    text: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class NotRight:
    """A problem of one submission that did not earn all its points by itself; several where all
    stopped for the same reason, with their points together.
    """

    problems: tuple[Named, ...]
    outcome: str
    score: float
    max_score: float
    reason: Reason


@dataclass(frozen=True)
class Member:
    """One student of a submission. name is empty where names are left out."""

    name: str
    raw: float
    penalty: float
    final: float
    days: int


@dataclass(frozen=True)
class Submission:
    """All of one submission. carried: problem, and the one in which its mistake was made.

    graded: whether there is a grade at all. error: why there is none to rely on. empty: whether
    no file of this set is in it.
    """

    anchor: str
    heading: str
    short: str
    file: str
    at: str
    members: tuple[Member, ...]
    worth: float
    graded: bool
    error: str
    not_right: tuple[NotRight, ...] = ()
    carried: tuple[tuple[Named, Named], ...] = ()
    to_do: tuple[Named, ...] = ()
    remarks: tuple[str, ...] = ()
    empty: bool = False

    @property
    def wrong(self) -> int:
        """How many problems are not right by themselves."""
        return sum(len(row.problems) for row in self.not_right)


class Reasons:
    """Why problems are not right, by what is known of the class."""

    def __init__(
        self,
        catalogue: Catalogue,
        names: Names,
        known: Mapping[str, str],
        shared: Sequence[tuple[str, Unforeseen]],
    ) -> None:
        """known: id of a misconception -> that of its row. shared: the same of unforeseen ones."""
        self.catalogue, self.names, self._known = catalogue, names, known
        self._shared = {(one.problem, one.wrong): (anchor, one) for anchor, one in shared}

    def of(self, graded: ProblemGrade) -> Reason:
        """The name of the mistake, else that others share it, else what the grader said."""
        if graded.diagnosis:
            advice = self.catalogue.advice(graded.diagnosis, graded.lesson)
            idea = advice.idea if advice else graded.diagnosis
            return Reason(idea, idea, self._known.get(graded.diagnosis, ""))
        if (graded.problem, graded.wrong) in self._shared:
            anchor, one = self._shared[graded.problem, graded.wrong]
            others = len(one.submissions) - 1
            return Reason("unforeseen, but shared", f"unforeseen, as in {others} others", anchor)
        said = self.names.told(most_telling(graded.message))
        word = outcome(graded)
        return Reason({"wrong": "wrong, by a mistake without a name"}.get(word, word), said)

    def in_common(self, grade: Grade, graded: ProblemGrade) -> Reason:
        """The same, as it holds for all to whom the same happened."""
        reason, place = self.of(graded), made_in(grade, graded)
        label = reason.label
        if place != graded.problem:
            label = f"follows from {self.catalogue.problem(place).label}: {label}"
        return Reason(label, "", reason.anchor)


def most_telling(message: str) -> str:
    """The line of a message that says most, without the name of its layer, cut where it is long.

    >>> most_telling("shapes: h (3, 5)\\nvalues: h differs by 1.4")
    'h differs by 1.4'
    """
    by_layer: dict[str, str] = {}
    for line in message.splitlines():
        layer, _, text = line.partition(": ")
        by_layer.setdefault(layer, text)
    said = next((by_layer[layer] for layer in TELLING if layer in by_layer), "")
    return cut(said, LONGEST)


def cut(text: str, longest: int) -> str:
    """A text of about so many characters at most: cut at a space that is in no code or brackets.

    Where there is no such space before, it is cut at the first one after; else not at all.

    >>> cut("it fails (in case 3)", 12), cut("`while True:` never ends", 8)
    ('it fails …', '`while True:` …')
    """
    if len(text) <= longest:
        return text
    is_code, depth, end = False, 0, 0
    for place, letter in enumerate(text):
        if letter == "`":
            is_code = not is_code
        elif not is_code and letter in "([{":
            depth += 1
        elif not is_code and letter in ")]}":
            depth = max(0, depth - 1)
        elif letter == " " and not is_code and not depth:
            if place >= longest and end:
                break
            end = place
    return f"{text[:end]} …" if end else text


def submissions_of(
    standings: Sequence[Standing], clock: Clock, names: Names, reasons: Reasons
) -> list[Submission]:
    """Every submission, by its number in the report."""
    members: dict[str, list[Member]] = {}
    for standing in standings:
        if standing.handed_in is not None:
            members.setdefault(standing.handed_in.name, []).append(_member(standing, names))
    if names.anonymous:
        for group in members.values():
            group.sort(key=lambda member: member.final)
    found = []
    for standing in once_each(standings):
        assert standing.handed_in is not None
        one = _submission(standing, standing.handed_in, members, clock, names, reasons)
        found.append(one)
    return sorted(found, key=lambda one: int(one.anchor[1:]))


def _member(standing: Standing, names: Names) -> Member:
    return Member(
        names.student(standing.student),
        standing.raw,
        standing.penalty,
        standing.final,
        standing.lateness.days,
    )


def _submission(
    standing: Standing,
    handed_in: HandedIn,
    members: Mapping[str, Sequence[Member]],
    clock: Clock,
    names: Names,
    reasons: Reasons,
) -> Submission:
    grade = standing.grade
    not_right, carried, to_do = _sorted_out(grade, reasons) if is_sound(grade) else ([], [], [])
    return Submission(
        names.anchor(handed_in.name),
        names.heading(handed_in),
        names.short(handed_in),
        names.told(handed_in.name),
        clock.shown(names.told(handed_in.at)),
        tuple(members[handed_in.name]),
        standing.worth,
        grade is not None,
        why_unsound(standing, names),
        tuple(not_right),
        tuple(carried),
        tuple(to_do),
        tuple(names.told(remark) for remark in grade.remarks) if grade else (),
        is_sound(grade) and has_no_file(grade),
    )


def is_sound(grade: Grade | None) -> bool:
    """Whether a grade says something about the problems: the files could be read, and we did not
    fail.
    """
    return grade is not None and not grade.error and not grade.at_fault


def has_no_file(grade: Grade | None) -> bool:
    """Whether no file of the problem set is there: it is missing wherever a problem needs one.

    That is so where somebody handed in the files of another set.
    """
    problems = grade.problems if grade else ()
    return bool(problems) and all(NO_FILE.match(one.message) for one in problems)


def why_unsound(standing: Standing, names: Names) -> str:
    """Why there is no grade to rely on, a clause; empty if there is one."""
    grade, handed_in = standing.grade, standing.handed_in
    assert handed_in is not None
    if grade is None:
        return _because("it was not graded", handed_in.error, names)
    if grade.at_fault:
        return _because("the grader failed on it", grade.error, names)
    return _because("it could not be read", grade.error, names) if grade.error else ""


def _because(what: str, why: str, names: Names) -> str:
    told = names.told(why)
    return f"{what}: {told}" if told else what


def _sorted_out(
    grade: Grade | None, reasons: Reasons
) -> tuple[list[NotRight], list[tuple[Named, Named]], list[Named]]:
    """What is wrong, what is only carried and from where, what is to do."""
    wrong: list[NotRight] = []
    carried: list[tuple[Named, Named]] = []
    to_do: list[Named] = []
    for graded in grade.problems if grade else ():
        named, word = reasons.catalogue.problem(graded.problem), outcome(graded)
        if word == "to do":
            to_do.append(named)
        elif word == "carried" and grade is not None:
            carried.append((named, reasons.catalogue.problem(made_in(grade, graded))))
        elif word != "right":
            reason = reasons.of(graded)
            row = NotRight((named,), word, graded.score, graded.max_score, reason)
            wrong.append(row)
    return _together(wrong), carried, to_do


def _together(rows: Sequence[NotRight]) -> list[NotRight]:
    """The rows, in one those that stopped for the same reason: a file that cannot be imported stops
    all its problems.
    """
    found: dict[object, NotRight] = {}
    for row in rows:
        has_no_numbers = row.outcome in ("stopped", "too slow")
        key = (row.outcome, row.reason) if has_no_numbers else row.problems
        same = found.get(key)
        if same is not None:
            row = replace(
                same,
                problems=same.problems + row.problems,
                score=same.score + row.score,
                max_score=same.max_score + row.max_score,
            )
        found[key] = row
    return [*found.values()]
