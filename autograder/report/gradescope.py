"""Gradescope: one test for each problem, through gradescope-utils; `results` keeps the file.

Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import sys
import traceback
import unittest
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from math import fsum
from pathlib import Path
from typing import Any

from gradescope_utils.autograder_utils.decorators import (
    hide_errors,
    number,
    partial_credit,
    tags,
    visibility,
)
from gradescope_utils.autograder_utils.json_test_runner import JSONTestResult, JSONTestRunner

from autograder import lessons
from autograder.casebook import Casebook
from autograder.errors import OURS
from autograder.grade import casebooks, course_problems, opened
from autograder.intake import IntakeError
from autograder.problem import Finding, Problem, Verdict
from autograder.report.record import as_text
from autograder.report.results import Results
from autograder.sandbox.protection import as_data, layers
from autograder.settings import Course, thaw

UNFINISHED = "Not graded yet: the grader was stopped before it came to this problem."

MOST_PRINTED = 2000
"""Characters that are shown of what the student's code printed."""

Decide = Callable[[Problem], Verdict]


def grade(results: Results, submission: Path, frozen: Path, course: Course | None = None) -> None:
    """Grade a submission by the casebooks, and unless one is given the course, frozen there."""
    course = course or thaw(frozen / "course.json")
    grade_into(results, submission, course, casebooks(frozen))


def grade_into(
    results: Results, submission: Path, course: Course, books: Sequence[Casebook]
) -> None:
    """Grade a submission and save the results after every problem.

    If the submission cannot be read, every problem says why.
    """
    with ExitStack() as stack:
        try:
            grader = stack.enter_context(opened(submission, course, books))
        except IntakeError as error:
            why = str(error)
            run_tests(results, course, lambda problem: _unread(problem, course, why))
            return
        grader.sit(course_problems(course))
        extra = protection()
        if grader.notes():
            extra["torch_operators"] = grader.notes()

        def decide(problem: Problem) -> Verdict:
            return grader.result(problem).verdict

        run_tests(results, course, decide, extra, grader.remarks)


def protection() -> dict[str, Any]:
    """For staff only: what protected the grader from this submission, as `autograder doctor` says.

    If that cannot be measured, the grading goes on without it.
    """
    try:
        return {"layers": as_data(layers())}
    except Exception as error:
        return {"layers": f"could not be measured: {type(error).__name__}"}


def run_tests(
    results: Results,
    course: Course,
    decide: Decide,
    extra: Mapping[str, Any] | None = None,
    remarks: Sequence[str] = (),
) -> None:
    """One test for each problem of the course, in order, through gradescope-utils.

    extra: data that only staff see. remarks: what students read above all tests.
    """
    problems = course_problems(course)
    runner = JSONTestRunner(stream=_Nowhere(), stdout_visibility="hidden", failure_prefix="")
    pending = [_pending(problem, course) for problem in problems]

    class Saving(JSONTestResult):  # type: ignore[misc]
        """Saves after every test; the problems that are still to come are there as not graded."""

        def stopTest(self, test: unittest.TestCase) -> None:
            super().stopTest(test)
            tests = [*self.results, *pending[len(self.results) :]]
            results.save(finished(runner.json_data | {"tests": tests}, extra, remarks))

    runner.resultclass = Saving
    runner.run(test_suite(problems, course, decide))
    results.save(finished(runner.json_data, extra, remarks))


def test_suite(problems: Sequence[Problem], course: Course, decide: Decide) -> unittest.TestSuite:
    """A test method for each problem, made afresh for this run.

    Afresh, because the decorators keep scores on the functions that they decorate.
    """
    methods = {}
    for place, problem in enumerate(problems):
        methods[f"test_{place:03d}_{problem.name}"] = _test(problem, course, decide)
    case = type("Problems", (unittest.TestCase,), methods)
    return unittest.TestSuite(case(name) for name in methods)


def _test(problem: Problem, course: Course, decide: Decide) -> Callable[..., None]:
    @partial_credit(course.points_of(problem))
    @number(lessons.task_numbers()[problem.name])
    @visibility(course.policy.visibility)
    @hide_errors(OURS)
    @tags(problem.lesson)
    def test(self: unittest.TestCase, set_score: Callable[[float], None]) -> None:
        try:
            verdict = decide(problem)
        except Exception:
            # The staff see it in the log; the student is told OURS, by `hide_errors`.
            traceback.print_exc(file=sys.__stderr__)
            raise
        set_score(verdict.score)
        print(output(verdict, course))

    test.__doc__ = f"{problem.name}: {problem.title}"
    return test  # type: ignore[no-any-return]


def output(verdict: Verdict, course: Course) -> str:
    """What the student reads under a test: status, findings, hints, and what was printed."""
    leave_out = ("hidden",) if course.policy.hidden_cases == "none" else ()
    text = f"{verdict.status}\n{as_text(verdict, course.policy.hints, leave_out)}"
    if verdict.printed:
        text += f"\nprinted:\n{verdict.printed[:MOST_PRINTED]}"
    return text


def _pending(problem: Problem, course: Course) -> dict[str, Any]:
    return {
        "name": f"{problem.name}: {problem.title}",
        "number": lessons.task_numbers()[problem.name],
        "score": 0.0,
        "max_score": course.points_of(problem),
        "status": "failed",
        "output": UNFINISHED,
        "visibility": course.policy.visibility,
    }


def _unread(problem: Problem, course: Course, why: str) -> Verdict:
    return Verdict(
        problem.name,
        problem.lesson,
        problem.title,
        "error",
        score=0.0,
        max_score=course.points_of(problem),
        findings=(Finding("runs", why),),
    )


def finished(
    data: dict[str, Any], extra: Mapping[str, Any] | None = None, remarks: Sequence[str] = ()
) -> dict[str, Any]:
    """The runner's data as Gradescope wants it: the total from the tests, numbers as numbers."""
    tests = [{**test, "output_format": "text"} for test in data["tests"]]
    result = {}
    for key, value in data.items():
        if key not in ("leaderboard", "score", "execution_time"):
            result[key] = value
    if "execution_time" in data:
        result["execution_time"] = float(data["execution_time"])  # the runner writes it as a text
    result["tests"] = tests
    result["score"] = fsum(test["score"] for test in tests)
    if remarks:
        result["output"], result["output_format"] = "\n".join(remarks), "text"
    if extra:
        result["extra_data"] = dict(extra)
    return result


class _Nowhere:
    """A stream that drops everything: the runner insists on one, and `Results` saves them."""

    def write(self, text: str) -> None:
        """Drop the text."""
