"""The handout's example of what the check says: a made-up mistake of the course's, really checked.

So it is always of a file that the students of a set have, and in the words of today.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rich.console import Console

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.variants import imported
from autograder.authoring.proof.in_process import InProcess
from autograder.casebook import Casebook
from autograder.grade import Grader, casebooks, course_lessons
from autograder.problem import Misconception, Verdict
from autograder.report.terminal import message
from autograder.report.told import told
from autograder.settings import Course

WIDTH = 110
"""Columns of the example."""

MOST_TRIED = 60
"""Mistakes of a lesson that are tried until one shows what an example should."""

INTRODUCTION = "Of one wrong answer, for example:"


@dataclass(frozen=True)
class Example:
    """A mistake, and the verdict on it in public cases as a student's own check gives it."""

    wrong: Misconception
    verdict: Verdict

    def as_markdown(self) -> str:
        """A sentence, and below it what a terminal shows, as code."""
        stream = io.StringIO()
        # No colour, and the same width wherever it is built.
        Console(file=stream, width=WIDTH, color_system=None, highlight=False).print(
            message(self.verdict)
        )
        lines = [f"    {line}".rstrip() for line in stream.getvalue().splitlines()]
        return "\n".join([INTRODUCTION, "", *lines])


def example(solutions: Path, course: Course, frozen: Path) -> Example | None:
    """The example for a course: of its first lesson that can be run here, else None.

    Best is one that leaves some tensors right and gets a hint, then any whose numbers are wrong.

    frozen: the folder with the casebooks. Raises BuildError for solutions that cannot be read,
    CasebookError for a casebook that is missing or stale.
    """
    answers = load_answers(solutions)
    books = casebooks(frozen, public_only=True)
    for lesson in course_lessons(course):
        if lessons.can_run(lesson.name):
            found = _best(_tried(answers, lesson.name, course, books))
            if found is not None:
                return found
    return None


def _best(tried: Iterator[Example]) -> Example | None:
    fallback = None
    for found in tried:
        if not any(finding.layer == "values" for finding in found.verdict.findings):
            continue
        if found.verdict.status == "partial" and found.verdict.hints:
            return found
        fallback = fallback or found
    return fallback


def _tried(
    answers: Answers, lesson: str, course: Course, books: Sequence[Casebook]
) -> Iterator[Example]:
    """The lesson's mistakes, in their order, each checked as a student's code would be."""
    names = {problem.name for problem in lessons.lesson(lesson).problems}
    known = (wrong for wrong in answers.misconceptions if wrong.problem in names)
    policy = course.policy.at_attempt(None)
    for wrong in islice(known, MOST_TRIED):
        with imported(answers.patched(wrong)) as variant:
            grader = Grader(Path(), course, books, InProcess(variant))
            verdict = grader.result(lessons.find(wrong.problem)).verdict
        yield Example(wrong, told(verdict, policy))
