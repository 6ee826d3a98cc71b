"""`check --as MISCONCEPTION`: what a student with this wrong idea would read."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.build import seen_by
from autograder.authoring.casebook.freeze import build_course
from autograder.authoring.casebook.seen import seen_sentence
from autograder.authoring.demo import write_submission
from autograder.casebook import Casebook
from autograder.errors import UserError, did_you_mean
from autograder.grade import casebooks, course_problems, grade_submission
from autograder.problem import Misconception, Verdict
from autograder.report.console import new_console
from autograder.report.terminal import show
from autograder.settings import Course, thaw


def check_as(root: Path, frozen: Path, options: argparse.Namespace) -> int:
    """Grade the reference with one misconception made in it, and show the student's report.

    The casebook is brought up to date first, so that a hint is shown as it was last saved. Returns
    0 if the report names the misconception, else 1. Raises UserError for a name that is none.
    """
    if options.names or options.submission:
        raise UserError("--as grades the reference with that mistake in it, and nothing else")
    answers = load_answers(root / "solutions")
    wrong = misconception(answers, options.misconception)
    build_course(root, frozen, print)

    course, books = thaw(frozen / "course.json"), casebooks(frozen)
    with tempfile.TemporaryDirectory(prefix="check-as-") as scratch:
        submission = write_submission(answers.patched(wrong), Path(scratch) / "submission")
        names = _seen_in(wrong, course, books[0])
        verdicts = list(grade_submission(submission, course, books[:1], names))
    # What a student reads first is where the mistake was made.
    verdicts.sort(key=lambda verdict: verdict.problem != wrong.problem)
    explained = len(verdicts) if options.all else 1
    show(new_console(), verdicts, explain=explained, level=options.hint)
    return _verdict_on(wrong, verdicts[0], books)


def misconception(answers: Answers, name: str) -> Misconception:
    """The misconception meant by `problem.name`, or by one of the two where that is enough."""
    known = answers.misconceptions
    meant = [wrong for wrong in known if name in (wrong.id, wrong.name, wrong.problem)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UserError(f"which one do you mean: {', '.join(wrong.id for wrong in meant)}?")
    names = {wrong.id for wrong in known} | {wrong.name for wrong in known}
    raise UserError(f"there is no misconception {name}{did_you_mean(name, names)}")


def _seen_in(wrong: Misconception, course: Course, book: Casebook) -> list[str]:
    """The problems of the course in which a misconception can be seen. Raises UserError if none."""
    taught = course_problems(course)
    if wrong.problem not in [problem.name for problem in taught]:
        lesson = lessons.find(wrong.problem).lesson
        raise UserError(f"no set of course.toml has the lesson {lesson}: nobody is asked for it")
    return [
        problem.name
        for problem in taught
        if seen_by(book.lesson(problem.lesson).cases_of(problem), wrong.id)
    ]


def _verdict_on(wrong: Misconception, verdict: Verdict, books: Sequence[Casebook]) -> int:
    """Say how well the misconception is seen, and whether it is called by its name."""
    problem = lessons.find(wrong.problem)
    print(f"\n{seen_sentence(wrong.id, problem, [book.lesson(problem.lesson) for book in books])}")
    if verdict.diagnosis == wrong.id:
        return 0
    print(f"diagnosed as {verdict.diagnosis or 'nothing known'}")
    return 1
