"""Grading one submission of a class: from a folder to a row of a store.

However a class is graded, by processes of this machine, in shards or on a cluster, it is done by
`Marker.grade_one`: no number depends on which.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

import autograder
from autograder import lessons
from autograder.classroom.grade import Key, ProblemGrade
from autograder.classroom.wrong_numbers import digest
from autograder.errors import OURS
from autograder.grade import Grader, casebooks, course_problems, limits_of, opened
from autograder.intake import IntakeError
from autograder.judge import Result
from autograder.levels import MOST
from autograder.problem import Problem
from autograder.report.record import as_data, as_text
from autograder.sandbox import Sandbox
from autograder.settings import Course
from autograder.whose import normalised

NOT_GRADING = ("authoring", "classroom")
"""The rooms that no point depends on."""


class Marker:
    """Grades one submission after another in one sandbox; a context manager.

        with Marker(course, "recurrence", frozen) as marker:
            row = marker.grade_one(folder)

    course: the whole course. problem_set: one of its sets, or `all`. frozen: the casebooks' folder.
    Raises SettingsError for a set that does not exist.
    """

    def __init__(self, course: Course, problem_set: str, frozen: Path) -> None:
        self.course, self.set = course.only(problem_set), problem_set
        self.books = casebooks(frozen)
        self._casebook = casebook_digest(frozen, self.course.lessons_of("all"))
        self._grader = grader_digest(self.course)
        self._stack = ExitStack()

    def __enter__(self) -> Marker:
        self.sandbox = self._stack.enter_context(Sandbox(limits_of(self.course)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def look_at(self, submission: Path, trusted: Sequence[str] = ()) -> tuple[Key, list[str]]:
        """What the grade of a submission hangs on, and the lessons, of whatever set, whose files
        it has; nothing of it is run.

        trusted: see `Grader`.
        """
        try:
            with self._opened(submission, trusted) as grader:
                return self._key(grader), lessons_in(grader.package)
        except IntakeError as error:
            return self._key_of_nothing(str(error)), []

    def grade_one(self, submission: Path, trusted: Sequence[str] = ()) -> dict[str, Any]:
        """The grade of a submission, a folder or a zip, as a row of a store.

        trusted: see `Grader`. One that cannot be read has no points, and its row says why.
        """
        began = time.monotonic()
        try:
            with self._opened(submission, trusted) as grader:
                row = self._graded(grader)
        except IntakeError as error:
            row = nothing_earned(self.course, self._key_of_nothing(str(error)), str(error))
        return {**row, "seconds": round(time.monotonic() - began, 3)}

    def _opened(self, submission: Path, trusted: Sequence[str]) -> AbstractContextManager[Grader]:
        return opened(submission, self.course, self.books, self.sandbox, trusted)

    def _graded(self, grader: Grader) -> dict[str, Any]:
        problems = course_problems(self.course)
        key = self._key(grader)
        grader.sit(problems)
        entries = [_entry(grader, problem, grader.result(problem)) for problem in problems]
        return {
            **_totals(key, entries),
            "remarks": list(grader.remarks),
            "at_fault": any(OURS in entry["message"] for entry in entries),
        }

    def _key(self, grader: Grader) -> Key:
        files = files_digest(grader.package, grader.trusted)
        return Key(files, self.set, self._casebook, self._grader)

    def _key_of_nothing(self, why: str) -> Key:
        return Key(sha256(why.encode()).hexdigest(), self.set, self._casebook, self._grader)


def nothing_earned(course: Course, key: Key, why: str) -> dict[str, Any]:
    """The row of a submission that nothing is known of, and why.

    course: only the problem set that it is of.
    """
    entries = []
    for problem in course_problems(course):
        points = course.points_of(problem)
        nothing = ProblemGrade(problem.name, problem.lesson, 0.0, points, "error", message=why)
        entries.append(asdict(nothing))
    return {**_totals(key, entries), "error": why}


def _totals(key: Key, entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": key.as_data(),
        "score": sum(entry["score"] for entry in entries),
        "max_score": sum(entry["max_score"] for entry in entries),
        "problems": entries,
    }


def _entry(grader: Grader, problem: Problem, result: Result) -> dict[str, Any]:
    """One problem in a row: what `ProblemGrade` has, and of what is not right the whole verdict."""
    verdict = result.verdict
    wrong = [name for name, state in verdict.outputs.items() if state == "wrong"]
    # Two wrong answers to a question are of two students' numbers: nothing is alike in them.
    unnamed = wrong and verdict.diagnosis is None and problem.question is None
    grade = ProblemGrade(
        problem.name,
        problem.lesson,
        verdict.score,
        verdict.max_score,
        verdict.status,
        dict(verdict.outputs),
        verdict.diagnosis or "",
        result.decision.follows_from,
        digest(grader.public_replies(problem), wrong) if unnamed else "",
        as_text(verdict, MOST),
    )
    entry = asdict(grade)
    if verdict.status != "passed":
        entry["verdict"] = as_data(verdict)
    return entry


# ---------------------------------------------------------------------------- what a grade hangs on


def lessons_in(package: Path) -> list[str]:
    """The lessons whose files were taken in."""
    folder = package / "recurrent"
    return [name for name in lessons.names() if (folder / f"{name}.py").is_file()]


def files_digest(package: Path, trusted: Sequence[str] = ()) -> str:
    """sha256 of the files taken in, by their names and contents.

    trusted: from `trusted_by_class`. The same answers are right for one student and wrong for
    another.
    """
    contents = {}
    if trusted:
        contents["whose"] = json.dumps(sorted(map(normalised, trusted))).encode()
    for path in sorted(package.rglob("*.py")):
        contents[path.relative_to(package).as_posix()] = path.read_bytes()
    return _digest(contents)


def casebook_digest(frozen: Path, lessons: tuple[str, ...]) -> str:
    """sha256 of the frozen files of these lessons: cases, hidden ones, clues."""
    contents = {}
    for path in sorted(frozen.glob("*/*.safetensors")):
        if path.stem in lessons:
            contents[path.relative_to(frozen).as_posix()] = path.read_bytes()
    return _digest(contents)


def grader_digest(course: Course) -> str:
    """sha256 of the grader's own code, and of the settings that points may hang on."""
    house = Path(autograder.__file__).parent
    contents = {"settings": _settings_behind_points(course)}
    for path in sorted(house.rglob("*.py")):
        inside = path.relative_to(house)
        if inside.parts[0] not in NOT_GRADING:
            contents[inside.as_posix()] = path.read_bytes()
    return _digest(contents)


def _settings_behind_points(course: Course) -> bytes:
    """Neither dates nor words: another due date is no reason to grade a class again."""
    policy = course.policy
    told = {
        "points": {one.name: course.points_of(one) for one in course_problems(course)},
        "carried_share": policy.carried_share,
        "limits": asdict(limits_of(course)),
        "total_seconds": policy.total_seconds,
        "lend": course.lend,
        "answers": asdict(course.answers),
        "seed": course.seed,  # of the numbers of questions
        "elsewhere": dict(course.elsewhere),
    }
    if course.conventions.vary:
        told["conventions"] = [course.term, asdict(course.conventions)]
    return json.dumps(told, sort_keys=True).encode()


def _digest(contents: Mapping[str, bytes]) -> str:
    hashed = sha256()
    for name, content in contents.items():
        hashed.update(f"{name} {len(content)}\n".encode())
        hashed.update(content)
    return hashed.hexdigest()
