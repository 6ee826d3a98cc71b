"""The settings of a course: `course.toml` as frozen values, and the JSON in which they travel.

What travels is JSON because a grader's image need not have a TOML parser (Python 3.10 has none).
"""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, asdict, dataclass, field, fields, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from autograder import lessons
from autograder.errors import UserError
from autograder.problem import Problem

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]


class SettingsError(UserError):
    """The settings cannot be used; the message names everything that is wrong with them."""


@dataclass(frozen=True)
class Policy:
    """The table [policy].

    carried_share: what a problem earns, of its points, that is wrong only by an earlier mistake
        (1.0: one mistake costs once). seconds: wall clock for one problem. total_seconds: for the
        whole submission.
    memory_mb, torch_memory_mb: address space of a student's process. visibility: of the tests on
        Gradescope.
    hidden_cases: "summary" says how many hidden cases are wrong, "none" says nothing of them.
    hints: how many of the three hints a grader's report shows.
    """

    carried_share: float = 1.0
    seconds: float = 10.0
    total_seconds: float = 480.0
    memory_mb: int = 1024
    torch_memory_mb: int = 4096
    visibility: Visibility = "visible"
    hidden_cases: Literal["summary", "none"] = "summary"
    hints: int = 1


@dataclass(frozen=True)
class ProblemSet:
    """One [[sets]] table: some lessons that are handed out and due together. due: ISO date and
    time, or empty.
    """

    name: str
    title: str
    lessons: tuple[str, ...]
    due: str = ""


@dataclass(frozen=True)
class Course:
    """All of course.toml. seed: of the public cases. hidden_seed: of the hidden ones, if it is not
    drawn afresh.

    points: overrides of the points declared in the lessons, by problem.
    """

    name: str
    term: str
    seed: int
    sets: tuple[ProblemSet, ...]
    policy: Policy = field(default_factory=Policy)
    points: Mapping[str, float] = field(default_factory=dict)
    hidden_seed: int | None = None

    def points_of(self, problem: Problem) -> float:
        """The problem's points: those it declares, unless the course says otherwise."""
        return float(self.points.get(problem.name, problem.points))

    def lessons_of(self, name: str) -> tuple[str, ...]:
        """The lessons of one problem set, or of `all`. Raises SettingsError for a set that does not
        exist.
        """
        if name != "all" and name not in {each.name for each in self.sets}:
            raise SettingsError(
                f"there is no problem set {name!r}; choose all or "
                f"{', '.join(s.name for s in self.sets)}"
            )
        return tuple(
            lesson for each in self.sets if name in ("all", each.name) for lesson in each.lessons
        )

    def only(self, name: str) -> Course:
        """The same course with one problem set, or unchanged for `all`."""
        self.lessons_of(name)
        return replace(self, sets=tuple(each for each in self.sets if name in ("all", each.name)))


def load_course(path: Path) -> Course:
    """Read `course.toml`. Raises SettingsError, with everything that is wrong in one sentence."""
    tomllib = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        course = course_from(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    except FileNotFoundError:
        raise SettingsError(
            f"{path.name} is missing from {path.parent.name or 'this folder'}"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not readable as TOML: {error}") from None
    known = {p.name for each in lessons.all_lessons() for p in each.problems}
    unknown = [name for name in course.points if name not in known]
    if unknown:
        raise SettingsError(
            f"{path.name}: points: there is no problem {' or '.join(map(repr, unknown))}"
        )
    return course


def thaw(path: Path) -> Course:
    """Read a frozen course.

    Raises SettingsError if it is not there, or if it is not what this version of the grader wrote.
    """
    again = "run `make casebook`"
    try:
        return course_from(json.loads(path.read_text(encoding="utf-8")), path.name)
    except FileNotFoundError:
        raise SettingsError(f"{path.name} is missing: {again} first") from None
    except SettingsError as error:
        raise SettingsError(f"{error}; it is of another version: {again}") from None
    except (ValueError, AttributeError, TypeError) as error:  # no text, no JSON, or no table
        raise SettingsError(f"{path.name} cannot be read ({error}): {again}") from None


def freeze(course: Course) -> str:
    """The course as JSON, without the seed of its hidden cases."""
    return json.dumps(asdict(replace(course, hidden_seed=None)), indent=2) + "\n"


# -------------------------------------------------------------------------------- reading, strictly


def course_from(data: Mapping[str, Any], source: str) -> Course:
    """A course from plain data; every unknown, missing or ill-typed key is named in one
    SettingsError.
    """
    wrong: list[str] = []
    top = _table(
        Course,
        {k: v for k, v in data.items() if k not in ("sets", "policy", "points")},
        "",
        wrong,
        ("sets",),
    )
    sets = [
        _table(ProblemSet, each, f"sets[{i}].", wrong)
        for i, each in enumerate(data.get("sets", []))
    ]
    policy = _table(Policy, data.get("policy", {}), "policy.", wrong)
    points = data.get("points", {})
    wrong += [
        f"points.{name} is not a number"
        for name, value in points.items()
        if not isinstance(value, (int, float))
    ]
    wrong += _unknown_names(sets)
    if not sets:
        wrong.append("there is no [[sets]]")
    if wrong:
        raise SettingsError(f"{source}: {'; '.join(wrong)}")
    return Course(
        **top,
        sets=tuple(ProblemSet(**each) for each in sets),
        policy=Policy(**policy),
        points=dict(points),
    )


def _unknown_names(sets: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is well-typed in a problem set and still means nothing: lessons that do not exist, dates
    that are none.
    """
    wrong = []
    for i, each in enumerate(sets):
        listed = each.get("lessons", ())
        names = listed if isinstance(listed, tuple) else ()
        wrong += [
            f"sets[{i}].lessons: there is no lesson {name!r}"
            for name in names
            if name not in lessons.names()
        ]
        due = each.get("due", "")
        if due and not _is_date(due):
            wrong.append(
                f"sets[{i}].due should be a date like 2027-02-05T23:59:00-05:00, not {due!r}"
            )
    return wrong


def _is_date(text: Any) -> bool:
    try:
        datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True


def _table(
    kind: type,
    data: Mapping[str, Any],
    prefix: str,
    wrong: list[str],
    elsewhere: tuple[str, ...] = (),
) -> dict[str, Any]:
    known = {each.name: each for each in fields(kind) if each.name not in elsewhere}
    hints = get_type_hints(kind)
    wrong += [f"{prefix}{key} is not a setting" for key in data if key not in known]
    wrong += [
        f"{prefix}{name} is missing"
        for name, f in known.items()
        if name not in data and _required(f)
    ]
    found = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in data.items()
        if key in known
    }
    wrong += [
        f"{prefix}{k} should be {_said(hints[k])}, not {v!r}"
        for k, v in found.items()
        if not _is(v, hints[k])
    ]
    return found


def _required(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _is(value: Any, kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        return any(_is(value, each) for each in get_args(kind))
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(isinstance(each, str) for each in value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _said(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " or ".join(repr(each) for each in get_args(kind))
    if get_origin(kind) is tuple:
        return "a list of names"
    return {float: "a number", int: "a whole number", str: "a text"}.get(
        kind, "a whole number or nothing"
    )
