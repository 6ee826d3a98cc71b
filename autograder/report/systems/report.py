"""What every system is told of a submission: the points of each problem, and what to read there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum
from pathlib import Path

from autograder.casebook import Casebook
from autograder.grade import course_problems, opened
from autograder.judge import Result
from autograder.numbers import task_numbers
from autograder.printable import LINES, printable
from autograder.problem import ErrorMap, Problem, Verdict
from autograder.report.for_student import is_green, output, told_result
from autograder.report.ladder import shown
from autograder.report.summary import summary, without_verdicts
from autograder.report.words import points
from autograder.settings import Course


@dataclass(frozen=True)
class Outcome:
    """One problem: what it earned, and what the student reads of it.

    set, lesson: names. number: the task's. passed: whether it is shown as right.
    text: of several lines, plain. error_map: where a tensor is wrong, if that may be shown.
    """

    set: str
    lesson: str
    number: str
    name: str
    title: str
    score: float
    max_score: float
    passed: bool
    text: str
    error_map: ErrorMap | None = None


@dataclass(frozen=True)
class Report:
    """A graded submission.

    top: what stands above all problems, in markdown. remarks: on the files, a sentence each.
    """

    outcomes: tuple[Outcome, ...]
    top: str
    remarks: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The points of all problems."""
        return fsum(outcome.score for outcome in self.outcomes)

    @property
    def max_score(self) -> float:
        """The points that can be earned."""
        return fsum(outcome.max_score for outcome in self.outcomes)

    def score_of(self, problem_set: str) -> float:
        """The points of one problem set."""
        return fsum(outcome.score for outcome in self.outcomes if outcome.set == problem_set)

    def headline(self) -> str:
        """`87.5 of 100 points`."""
        return f"{points(self.score)} of {points(self.max_score)} points"


def report_on(submission: Path, course: Course, books: Sequence[Casebook]) -> Report:
    """Grade a submission, a folder or an archive.

    Raises IntakeError if it cannot be read, CasebookError if a casebook cannot.
    """
    # No system tells which attempt this is, so a mistake is named as in a student's own check.
    course = replace(course, policy=course.policy.at_attempt(None))
    problems = course_problems(course)
    with opened(submission, course, books) as grader:
        grader.sit(problems)
        results = [grader.result(problem) for problem in problems]
        remarks = grader.remarks
    outcomes = []
    for problem, result in zip(problems, results, strict=True):
        outcomes.append(_outcome(problem, told_result(result, course.policy), course))
    return Report(tuple(outcomes), _top(results, course, remarks), remarks)


def unread(course: Course, why: str) -> Report:
    """The report on a submission that cannot be read: no points, and the reason everywhere."""
    numbers = task_numbers(course)
    outcomes = []
    for problem in course_problems(course):
        outcomes.append(
            Outcome(
                set_of(problem, course),
                problem.lesson,
                numbers[problem.name],
                problem.name,
                problem.title,
                score=0.0,
                max_score=course.points_of(problem),
                passed=False,
                text=why,
            )
        )
    return Report(tuple(outcomes), without_verdicts([why]), (why,))


def _outcome(problem: Problem, result: Result, course: Course) -> Outcome:
    """One problem's outcome; no text where the course keeps verdicts to itself."""
    verdict = result.verdict
    visible = course.policy.visibility == "visible"
    return Outcome(
        set_of(problem, course),
        problem.lesson,
        task_numbers(course)[problem.name],
        problem.name,
        problem.title,
        score=verdict.score,
        max_score=verdict.max_score,
        passed=is_green(verdict),
        text=printable(output(verdict, course.policy), LINES) if visible else "",
        error_map=_error_map(verdict, course.policy.hints) if visible else None,
    )


def set_of(problem: Problem, course: Course) -> str:
    """The name of the problem set that asks for a problem."""
    for problem_set in course.sets:
        if problem.lesson in problem_set.lessons:
            return problem_set.name
    raise ValueError(f"no problem set has {problem.lesson}")


def _error_map(verdict: Verdict, level: int) -> ErrorMap | None:
    for finding in shown(verdict, level).findings:
        if finding.error_map is not None:
            return finding.error_map
    return None


def _top(results: Sequence[Result], course: Course, remarks: Sequence[str]) -> str:
    if course.policy.visibility != "visible":
        return without_verdicts(remarks)
    seen = [told_result(result, course.policy) for result in results]
    return summary(seen, 0, task_numbers(course), remarks)
