"""Gradescope: one test for each problem, through gradescope-utils; `results` keeps the file.

Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/. HTML is sanitised there, by
a list that is not published (https://github.com/gradescope/autograder_samples/pull/92), and
`extra_data` is kept for export and not shown (https://github.com/gradescope/gradescope-utils/pull/42).
Nothing is in it all the same that a student may not know.
"""

from __future__ import annotations

import sys
import traceback
import unittest
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
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

from autograder.casebook import Casebook
from autograder.errors import OURS
from autograder.grade import casebooks, course_problems, opened
from autograder.intake import IntakeError
from autograder.judge import Decision, Result
from autograder.judge.arithmetic import arithmetic
from autograder.leaderboard.entry import FOLDER, HandedIn, Standing, handed_in, standing
from autograder.numbers import task_numbers
from autograder.problem import Finding, Problem, Verdict
from autograder.report.attempt import attempt_of
from autograder.report.for_student import is_green, output, told_result
from autograder.report.ladder import on_own_computer
from autograder.report.late import Lateness, lateness
from autograder.report.page import html
from autograder.report.results import Results
from autograder.report.summary import summary, without_verdicts
from autograder.report.told import told
from autograder.sandbox.protection import as_data, layers
from autograder.settings import Course, thaw
from autograder.whose import trusted_by_gradescope

UNFINISHED = "Not graded yet: the grader was stopped before it came to this problem."

Decide = Callable[[Problem], Result | Verdict]
"""The result on a problem; a verdict where there is no decision behind it."""


def grade(
    results: Results,
    submission: Path,
    frozen: Path,
    course: Course | None = None,
    metadata: Path | None = None,
) -> None:
    """Grade a submission by the casebooks, and unless one is given the course, frozen there.

    metadata: Gradescope's file about the submission, see `late`, `attempt` and `whose`.
    """
    course = course or thaw(frozen / "course.json")
    # Read before the student's code runs, which could change it where nothing protects it.
    late = lateness(course.late, metadata) if metadata is not None else None
    trusted = trusted_by_gradescope(metadata, course)
    course = replace(course, policy=course.policy.at_attempt(attempt_of(metadata)))
    board = frozen / "hidden" / FOLDER
    grade_into(results, submission, course, casebooks(frozen), late, trusted, board)


def grade_into(
    results: Results,
    submission: Path,
    course: Course,
    books: Sequence[Casebook],
    late: Lateness | None = None,
    trusted: Sequence[str] = (),
    board: Path | None = None,
) -> None:
    """Grade a submission and save the results after every problem.

    late: how late it is. trusted: see `Grader`. board: the folder with what scores models, where a
    leaderboard may be. If the submission cannot be read, every problem says why.
    """
    limits = course.ranked if board is not None and board.is_dir() else None
    # Read before the student's code runs, which could change it where nothing protects it.
    model = handed_in(submission, limits) if limits is not None else HandedIn()
    with ExitStack() as stack:
        try:
            grader = stack.enter_context(opened(submission, course, books, None, trusted))
        except IntakeError as error:
            why = str(error)
            run_tests(
                results,
                course,
                lambda problem: _unread(problem, course, why),
                remarks=[why],
                late=late,
            )
            return
        grader.sit(course_problems(course))
        extra = protection()
        if grader.notes():
            extra["torch_operators"] = grader.notes()

        def ranked() -> Standing:
            if board is None or limits is None:
                return Standing()
            return standing(model, board, limits, grader.convention)

        run_tests(results, course, grader.result, extra, grader.remarks, late, ranked)


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
    late: Lateness | None = None,
    ranked: Callable[[], Standing] = Standing,
) -> None:
    """One test for each problem of the course, in order, through gradescope-utils.

    extra: data that only staff see. remarks: what students read above all tests. late: how late the
    submission is. ranked: gives what a leaderboard has of it; asked last, for it may take long.
    """
    problems = course_problems(course)
    runner = JSONTestRunner(stream=_Nowhere(), stdout_visibility="hidden", failure_prefix="")
    pending = [_pending(problem, course) for problem in problems]
    graded: dict[str, Result] = {}
    said = list(remarks)

    def decided(problem: Problem) -> Result:
        graded[problem.name] = _as_result(decide(problem))
        return graded[problem.name]

    def save(tests: Sequence[dict[str, Any]]) -> None:
        top = _top(course, list(graded.values()), len(problems), said, late)
        data = finished(runner.json_data | {"tests": tests}, extra, top, late)
        results.save(data)

    class Saving(JSONTestResult):  # type: ignore[misc]
        """Saves after every test; the problems that are still to come are there as not graded."""

        def stopTest(self, test: unittest.TestCase) -> None:
            super().stopTest(test)
            problem = problems[len(self.results) - 1]
            if problem.name in graded:
                self.results[-1] |= _shown(graded[problem.name], problem, course)
            save([*self.results, *pending[len(self.results) :]])

    runner.resultclass = Saving
    runner.run(test_suite(problems, course, decided))
    place = ranked()  # every result is saved by now
    runner.json_data["leaderboard"] += place.rows
    said += filter(None, [place.remark])
    save(runner.json_data["tests"])


def _as_result(decided: Result | Verdict) -> Result:
    if isinstance(decided, Result):
        return decided
    share = decided.score / decided.max_score if decided.max_score else 0.0
    return Result(decided, Decision(decided.status, share, decided.outputs))


def _top(
    course: Course,
    graded: Sequence[Result],
    problems: int,
    remarks: Sequence[str],
    late: Lateness | None,
) -> str:
    """What stands above the tests, which Gradescope shows whether or not it shows the tests."""
    if course.policy.visibility != "visible":
        return without_verdicts(remarks, late)
    seen = [told_result(result, course.policy) for result in graded]
    return summary(seen, problems - len(graded), task_numbers(course), remarks, late)


def test_suite(
    problems: Sequence[Problem], course: Course, decide: Callable[[Problem], Result]
) -> unittest.TestSuite:
    """A test method for each problem, made afresh for this run.

    Afresh, because the decorators keep scores on the functions that they decorate.
    """
    methods = {}
    for place, problem in enumerate(problems):
        methods[f"test_{place:03d}_{problem.name}"] = _test(problem, course, decide)
    case = type("Problems", (unittest.TestCase,), methods)
    return unittest.TestSuite(case(name) for name in methods)


def _test(
    problem: Problem, course: Course, decide: Callable[[Problem], Result]
) -> Callable[..., None]:
    @partial_credit(course.points_of(problem))
    @number(task_numbers(course)[problem.name])
    @visibility(course.policy.visibility)
    @hide_errors(OURS)
    @tags(problem.lesson)
    def test(self: unittest.TestCase, set_score: Callable[[float], None]) -> None:
        try:
            verdict = decide(problem).verdict
        except Exception:
            # The staff see it in the log; the student is told OURS, by `hide_errors`.
            traceback.print_exc(file=sys.__stderr__)
            raise
        set_score(verdict.score)

    test.__doc__ = f"{problem.name}: {problem.title}"
    return test  # type: ignore[no-any-return]


def _shown(result: Result, problem: Problem, course: Course) -> dict[str, Any]:
    """What a test shows and keeps of a result, beside its points."""
    verdict = told(result.verdict, course.policy)
    return {
        "status": "passed" if is_green(verdict) else "failed",
        "output": html(verdict, course.policy.hints, way=on_own_computer, graphs=False),
        "output_format": "html",
        "extra_data": _kept(result, verdict, problem, course),
    }


def _kept(result: Result, verdict: Verdict, problem: Problem, course: Course) -> dict[str, Any]:
    """For programs that read the results: the mistake, each output's points, the plain text.

    verdict: as the student is told.
    """
    shares = {}
    if {tensor.name for tensor in problem.outputs} <= verdict.outputs.keys():
        terms = arithmetic(problem, verdict.outputs, result.decision.carried_share)
        shares = terms.points(verdict.max_score)
    outputs = {}
    for name, state in verdict.outputs.items():
        outputs[name] = {"state": state, "points": shares.get(name, 0.0)}
    return {
        "problem": problem.name,
        "status": verdict.status,
        "diagnosis": verdict.diagnosis,
        "carried_from": result.decision.follows_from or None,
        "outputs": outputs,
        "text": output(verdict, course.policy),
    }


def _pending(problem: Problem, course: Course) -> dict[str, Any]:
    return {
        "name": f"{problem.name}: {problem.title}",
        "number": task_numbers(course)[problem.name],
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
    data: Mapping[str, Any],
    extra: Mapping[str, Any] | None = None,
    top: str = "",
    late: Lateness | None = None,
) -> dict[str, Any]:
    """The runner's data as Gradescope wants it: the total from the tests, numbers as numbers.

    The tests keep their points as they were earned; what is late lowers the total only.
    """
    result = {}
    for key, value in data.items():
        if key not in ("score", "execution_time") and (key != "leaderboard" or value):
            result[key] = value
    if "execution_time" in data:
        result["execution_time"] = float(data["execution_time"])  # the runner writes it as a text
    result["tests"] = [{"output_format": "text", **test} for test in data["tests"]]
    raw = fsum(test["score"] for test in data["tests"])
    result["score"] = raw if late is None else late.score(raw)
    if top:
        result["output"], result["output_format"] = top, "md"
    for_staff = dict(extra or {})
    if late is not None:
        for_staff["late"] = late.as_data(raw)
    if for_staff:
        result["extra_data"] = for_staff
    return result


class _Nowhere:
    """A stream that drops everything: the runner insists on one, and `Results` saves them."""

    def write(self, text: str) -> None:
        """Drop the text."""
