"""What differs between two autograder zips: why a score may move from one to the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from safetensors import safe_open

BOOKS = ("public", "hidden")
GROUPS = {"in": "are others", "out": "expect other numbers"}
"""Groups of a casebook's arrays -> what is said of a problem's cases if they differ."""

Prints = dict[str, str]


@dataclass(frozen=True)
class Difference:
    """What differs: for every problem (`everywhere`), for a lesson, for a problem.

    lesson_of: problem -> its lesson.
    """

    everywhere: tuple[str, ...] = ()
    by_lesson: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_problem: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lesson_of: Mapping[str, str] = field(default_factory=dict)

    def reasons(self, problem: str, is_new: bool = False, is_gone: bool = False) -> list[str]:
        """Why a problem's score may be another, the nearest reason first."""
        if is_new or is_gone:
            return [f"the {'old' if is_new else 'new'} zip does not have this problem"]
        lesson = self.lesson_of.get(problem, "")
        return [
            *self.by_problem.get(problem, ()),
            *self.by_lesson.get(lesson, ()),
            *self.everywhere,
        ]


def differences(old: Path, new: Path) -> Difference:
    """Compare two autograder zips, unpacked. What cannot be read of one is left out."""
    frozen = [source / "autograder" / "frozen" for source in (old, new)]
    courses = [_json(folder / "course.json") for folder in frozen]
    by_problem: dict[str, list[str]] = {}
    for problem, reason in _points(*courses):
        by_problem.setdefault(problem, []).append(reason)
    cases = [_cases(folder) for folder in frozen]
    named = _named(frozen)
    lesson_of = {}
    for (problem, lesson, book, group), digest in cases[1].items():
        lesson_of[problem] = lesson
        before = cases[0].get((problem, lesson, book, group))
        if before not in (None, digest):
            reason = f"its {book} cases {GROUPS[group]}{named if book == 'hidden' else ''}"
            by_problem.setdefault(problem, []).append(reason)
    prints = [_code(source / "autograder") for source in (old, new)]
    return Difference(
        tuple(_everywhere(*courses, *prints)),
        dict(_lessons(*prints)),
        {problem: tuple(reasons) for problem, reasons in by_problem.items()},
        lesson_of,
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _named(frozen: list[Path]) -> str:
    """The two fingerprints of the hidden cases, where both zips say them."""
    told = [_json(folder / "build.json").get("hidden_cases") for folder in frozen]
    return f" ({told[0]}, now {told[1]})" if all(told) else ""


# ------------------------------------------------------------------------------------ the settings


def _points(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    before, after = old.get("points") or {}, new.get("points") or {}
    for problem in {**before, **after}:
        if before.get(problem) != after.get(problem):
            yield problem, "its points in course.toml are others"


def _everywhere(
    old: Mapping[str, Any], new: Mapping[str, Any], old_code: Prints, new_code: Prints
) -> Iterator[str]:
    """What concerns every problem: the policy, and the grader itself."""
    before, after = old.get("policy") or {}, new.get("policy") or {}
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield f"{name} in course.toml is {after.get(name)} and was {before.get(name)}"
    grader = [
        {name: digest for name, digest in code.items() if not name.startswith("lessons/")}
        for code in (old_code, new_code)
    ]
    if grader[0] != grader[1]:
        yield "the grader's own code is another"


# ---------------------------------------------------------------------------------------- the code


def _code(house: Path) -> Prints:
    """Python file of the grader -> a digest of its lines."""
    found = {}
    for path in sorted(house.rglob("*.py")):
        lines = path.read_bytes().replace(b"\r\n", b"\n")
        found[path.relative_to(house).as_posix()] = sha256(lines).hexdigest()
    return found


def _lessons(old: Prints, new: Prints) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, digest in new.items():
        if name.startswith("lessons/") and old.get(name) != digest:
            lesson = name.removeprefix("lessons/").removesuffix(".py")
            yield lesson, (f"the declarations in {name} are others",)


# --------------------------------------------------------------------------------------- the cases


def _cases(frozen: Path) -> dict[tuple[str, str, str, str], str]:
    """(problem, lesson, book, group) -> a digest of the arrays that its cases take or give."""
    found = {}
    for book in BOOKS:
        for path in sorted((frozen / book).glob("*.safetensors")):
            for problem, group, digest in _arrays(path):
                found[problem, path.stem, book, group] = digest
    return found


def _arrays(path: Path) -> Iterator[tuple[str, str, str]]:
    try:
        with safe_open(path, framework="np") as file:
            for key in file.keys():  # noqa: SIM118 - it is no dictionary
                problem, _, group = key.partition("/")
                if group in GROUPS:
                    yield problem, group, sha256(file.get_tensor(key).tobytes()).hexdigest()
    except Exception:
        return  # a casebook of another version: what cannot be compared is no reason
