"""The settings of a course: `course.toml` as frozen values, and the JSON in which they travel.

They travel as JSON because a grader's image may lack a TOML parser: Python 3.10 has none.
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
from autograder.errors import BUILD_AGAIN, UserError
from autograder.problem import Problem

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]


class SettingsError(UserError):
    """The settings cannot be used; the message names everything that is wrong with them."""


@dataclass(frozen=True)
class Policy:
    """The table [policy].

    carried_share: the share of its points that an output earns if it is wrong only because of an
        earlier mistake (1.0: one mistake costs once).
    seconds: processor time for one problem. total_seconds: wall clock for the whole submission.
    memory_mb, torch_memory_mb: address space of a student's process.
    visibility: of the tests on Gradescope.
    hidden_cases: "summary" says how many hidden cases are wrong, "none" says nothing about them.
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
    """One [[sets]] table: some lessons that are handed out and due together.

    due: an ISO date and time, or empty.
    """

    name: str
    title: str
    lessons: tuple[str, ...]
    due: str = ""


@dataclass(frozen=True)
class Course:
    """All of course.toml.

    seed: of the public cases. hidden_seed: of the hidden ones, unless it is drawn afresh.
    points: problem -> its points, where they differ from those that its lesson declares.
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
        """The lessons of one problem set, or of `all`.

        Raises SettingsError for a set that does not exist.
        """
        listed: list[str] = []
        for problem_set in self._sets_of(name):
            listed += problem_set.lessons
        return tuple(listed)

    def only(self, name: str) -> Course:
        """The same course with one problem set, or unchanged for `all`.

        Raises SettingsError for a set that does not exist.
        """
        return replace(self, sets=self._sets_of(name))

    def _sets_of(self, name: str) -> tuple[ProblemSet, ...]:
        if name == "all":
            return self.sets
        chosen = tuple(problem_set for problem_set in self.sets if problem_set.name == name)
        if not chosen:
            known = ", ".join(problem_set.name for problem_set in self.sets)
            raise SettingsError(f"there is no problem set {name!r}; choose all or {known}")
        return chosen


def load_course(path: Path) -> Course:
    """Read `course.toml`. Raises SettingsError, with everything that is wrong in one sentence."""
    # Where Python has no tomllib, the staff's requirements bring tomli, which is the same.
    tomllib = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        folder = path.parent.name or "this folder"
        raise SettingsError(f"{path.name} is missing from {folder}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not readable as TOML: {error}") from None
    course = course_from(data, path.name)

    known = {problem.name for problem in lessons.all_problems()}
    unknown = [repr(name) for name in course.points if name not in known]
    if unknown:
        raise SettingsError(f"{path.name}: points: there is no problem {' or '.join(unknown)}")
    return course


def thaw(path: Path) -> Course:
    """Read a frozen course.

    Raises SettingsError if it is not there, or if it is not what this version of the grader wrote.
    """
    try:
        return course_from(json.loads(path.read_text(encoding="utf-8")), path.name)
    except FileNotFoundError:
        raise SettingsError(f"{path.name} is missing: {BUILD_AGAIN}") from None
    except SettingsError as error:
        raise SettingsError(f"{error}; it is of another version: {BUILD_AGAIN}") from None
    except (ValueError, AttributeError, TypeError) as error:  # no text, no JSON, or no table
        raise SettingsError(f"{path.name} cannot be read ({error}): {BUILD_AGAIN}") from None


def freeze(course: Course) -> str:
    """The course as JSON, without the seed of its hidden cases."""
    return json.dumps(asdict(replace(course, hidden_seed=None)), indent=2) + "\n"


# -------------------------------------------------------------------------------- reading, strictly


def course_from(data: Mapping[str, Any], source: str) -> Course:
    """A course from plain data, as a TOML or JSON file holds it.

    source: what the message calls the file.
    Raises SettingsError, which names every key that is unknown, missing or of the wrong type.
    """
    wrong: list[str] = []
    top_level = {
        key: value for key, value in data.items() if key not in ("sets", "policy", "points")
    }
    top = _table(Course, top_level, "", wrong, read_elsewhere=("sets",))
    sets = []
    for number, table in enumerate(data.get("sets", [])):
        sets.append(_table(ProblemSet, table, f"sets[{number}].", wrong))
    policy = _table(Policy, data.get("policy", {}), "policy.", wrong)
    points = data.get("points", {})
    for name, value in points.items():
        if not isinstance(value, (int, float)):
            wrong.append(f"points.{name} is not a number")

    wrong += _unknown_names(sets)
    if not sets:
        wrong.append("there is no [[sets]]")
    if wrong:
        raise SettingsError(f"{source}: {'; '.join(wrong)}")
    return Course(
        **top,
        sets=tuple(ProblemSet(**values) for values in sets),
        policy=Policy(**policy),
        points=dict(points),
    )


def _unknown_names(sets: Sequence[Mapping[str, Any]]) -> list[str]:
    """The values in problem sets that are of the right type and mean nothing.

    These are lessons that do not exist and texts that are no date.
    """
    wrong = []
    for number, values in enumerate(sets):
        listed = values.get("lessons", ())
        # A value that is no list of names has been reported already.
        for name in listed if isinstance(listed, tuple) else ():
            if name not in lessons.names():
                wrong.append(f"sets[{number}].lessons: there is no lesson {name!r}")
        due = values.get("due", "")
        if due and not _is_date(due):
            example = "2027-02-05T23:59:00-05:00"
            wrong.append(f"sets[{number}].due should be a date like {example}, not {due!r}")
    return wrong


def _is_date(text: Any) -> bool:
    try:
        datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True


def _table(
    settings: type,
    data: Mapping[str, Any],
    prefix: str,
    wrong: list[str],
    read_elsewhere: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The values in `data` for the fields of a dataclass.

    prefix: what stands before a key in a message.
    wrong: what is wrong with the table is added to it, a clause each.
    read_elsewhere: the names of fields that are not read from `data`.
    """
    fields_here = {declared.name: declared for declared in fields(settings)}
    for name in read_elsewhere:
        del fields_here[name]
    types_of = get_type_hints(settings)
    for key in data:
        if key not in fields_here:
            wrong.append(f"{prefix}{key} is not a setting")
    for name, declared in fields_here.items():
        if name not in data and _is_required(declared):
            wrong.append(f"{prefix}{name} is missing")

    values = {}
    for key, value in data.items():
        if key in fields_here:
            values[key] = tuple(value) if isinstance(value, list) else value
    for key, value in values.items():
        if not _is(value, types_of[key]):
            wrong.append(f"{prefix}{key} should be {_described(types_of[key])}, not {value!r}")
    return values


def _is_required(declared: Field[Any]) -> bool:
    return declared.default is MISSING and declared.default_factory is MISSING


def _is(value: Any, wanted: Any) -> bool:
    """Whether a value is of a type, as far as settings use types."""
    if get_origin(wanted) is Literal:
        return value in get_args(wanted)
    if get_origin(wanted) in (Union, types.UnionType):
        return any(_is(value, alternative) for alternative in get_args(wanted))
    if get_origin(wanted) is tuple:
        return isinstance(value, tuple) and all(isinstance(name, str) for name in value)
    # To Python, True is the number 1; in a setting it is a slip.
    if wanted is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))


def _described(wanted: Any) -> str:
    """What a value should be, in words: `a whole number`, `'summary' or 'none'`."""
    if get_origin(wanted) is Literal:
        return " or ".join(repr(choice) for choice in get_args(wanted))
    if get_origin(wanted) is tuple:
        return "a list of names"
    words = {float: "a number", int: "a whole number", str: "a text"}
    return words.get(wanted, "a whole number or nothing")
