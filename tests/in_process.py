"""Grading trusted packages in this process, without a sandbox: the reference, or a changed one."""

from __future__ import annotations

from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.build import build_cases
from autograder.authoring.casebook.variants import imported
from autograder.authoring.proof.in_process import InProcess
from autograder.casebook import Casebook, write_lesson
from autograder.grade import Grader
from autograder.problem import Advice, Case, Verdict
from autograder.settings import Course, Policy, ProblemSet

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"

LARGEST_CASE = 1_000_000
"""Bytes of arrays in one case of a small casebook: a hundred submissions are graded on each."""


def small_casebooks(folder: Path, names: tuple[str, ...]) -> tuple[Answers, list[Casebook]]:
    """Public and hidden casebooks of a few lessons, built afresh with fixed seeds.

    Without the very large cases; most of the large ones stay.
    """
    answers = load_answers(SOLUTIONS)
    advice = [Advice(m.id, m.problem, m.idea, m.hints) for m in answers.misconceptions]
    for hidden in (False, True):
        for name in names:
            built = build_cases(answers, lessons.lesson(name), 7 + hidden, hidden)
            small = {problem: [*filter(_is_small, cases)] for problem, cases in built.items()}
            write_lesson(folder / str(hidden) / f"{name}.safetensors", small, advice)
    return answers, [Casebook(folder / "False"), Casebook(folder / "True", hidden=True)]


def _is_small(case: Case) -> bool:
    arrays = [*case.inputs.values(), *case.expected.values()]
    return sum(array.nbytes for array in arrays) <= LARGEST_CASE


def course_of_all(share: float = 1.0) -> Course:
    """A course of one set, with all lessons. share: see `grade_sources`."""
    policy = Policy(carried_share=share, total_seconds=600.0)
    sets = (ProblemSet("whole", "Whole", tuple(lessons.names())),)
    return Course("Course", "Term", 1, sets, policy)


def grade_sources(
    sources: dict[str, str], books: list[Casebook], names: tuple[str, ...], share: float = 1.0
) -> dict[str, Verdict]:
    """Problem -> verdict on a package given as source texts.

    share: of its points, for an output that is wrong only because of an earlier mistake.
    """
    course = course_of_all(share)
    verdicts = {}
    with imported(sources) as variant:
        grader = Grader(Path(), course, books, InProcess(variant))
        problems = [problem for name in names for problem in lessons.lesson(name).problems]
        grader.sit(problems)
        for problem in problems:
            verdicts[problem.name] = grader.result(problem).verdict
    return verdicts
