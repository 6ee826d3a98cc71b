"""What cannot be built, and why: every mistake in the lessons and in `solutions/`, in one go.

An author who renames a function wants the list of all that has to follow, not its first line.
Each mistake is a sentence that begins with a file and a line. Nothing is run here except the import
of the lessons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from pkgutil import iter_modules

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, read_answers
from autograder.authoring.casebook.sentences import described, place_of
from autograder.authoring.casebook.variants import (
    REFERENCE,
    BuildError,
    code_span,
    module_of,
    needed_by,
)
from autograder.errors import UserError, did_you_mean
from autograder.problem import Lesson, Misconception, Patch, Problem

HINTS = 3


def checked_answers(solutions: Path, taught: Sequence[Lesson]) -> Answers:
    """Read `solutions/` for a course of these lessons.

    The misconceptions are those made in one of their files. Raises BuildError, with a sentence for
    every mistake in all of it.
    """
    answers, mistakes = read_answers(solutions)
    mistakes += problem_mistakes(answers, taught)
    mistakes += misconception_mistakes(answers)
    if mistakes:
        raise BuildError("\n".join(mistakes))
    names = {lesson.name for lesson in taught}
    wanted = [
        wrong for wrong in answers.misconceptions if module_of(answers.sources, wrong) in names
    ]
    return replace(answers, misconceptions=tuple(wanted))


def refuse_broken_lessons(solutions: Path) -> None:
    """Raise BuildError if a lesson cannot be imported; it names what else cannot be read."""
    if mistakes := lesson_mistakes():
        raise BuildError("\n".join([*mistakes, *read_answers(solutions)[1]]))


def lesson_mistakes() -> list[str]:
    """A sentence for every lesson's file that cannot be imported."""
    mistakes = []
    for folder in map(Path, lessons.__path__):
        for module in iter_modules([str(folder)]):
            if module.name.startswith("_"):
                continue  # a helper is no lesson
            try:
                lessons.lesson(module.name)
            except UserError as error:
                mistakes.append(str(error))
            except Exception as error:
                mistakes.append(described(error, folder / f"{module.name}.py"))
    return mistakes


def problem_mistakes(answers: Answers, taught: Sequence[Lesson]) -> Iterator[str]:
    """A sentence for every problem of these lessons that names something that is not there."""
    for lesson in taught:
        source = answers.sources.get(lesson.name)
        file = f"{REFERENCE}/{lesson.name}.py"
        if source is None:
            yield f"autograder/lessons/{lesson.name}.py: it checks {file}, which cannot be read"
            continue
        names = {problem.name for problem in lesson.problems}
        for problem in lesson.problems:
            place = f"{place_of(problem)}: {problem.name}"
            if problem.gradient_of and problem.gradient_of not in names:
                known = did_you_mean(problem.gradient_of, names)
                yield f"{place}: gradient_of= names no problem of this lesson{known}"
            try:
                code_span(source, problem.of)
            except BuildError:
                yield f"{place}: there is no {problem.of} in {file}; has it another name? Say of="


def misconception_mistakes(answers: Answers) -> Iterator[str]:
    """A sentence for everything that is wrong with a misconception before it is run."""
    problems = {problem.name: problem for problem in lessons.all_problems()}
    for wrong in answers.misconceptions:
        for mistake in _mistakes_in(wrong, answers, problems):
            yield f"{answers.places[wrong.id]}: {mistake}"


def _mistakes_in(
    wrong: Misconception, answers: Answers, problems: Mapping[str, Problem]
) -> Iterator[str]:
    for field in fields(wrong):
        if field.name not in ("hints", "also") and not isinstance(getattr(wrong, field.name), str):
            yield f"{wrong.id}: {field.name}= should be a text"
            return  # the rest would only fail on it
    if not isinstance(wrong.also, tuple) or not all(isinstance(one, Patch) for one in wrong.also):
        yield f"{wrong.id}: also= should be a tuple of Patch; a comma follows even a lone one"
        return
    if not isinstance(wrong.hints, tuple) or len(wrong.hints) != HINTS or not all(wrong.hints):
        yield f"{wrong.id}: hints= should be {HINTS} texts, from a question to the nearest answer"
    if wrong.problem not in problems:
        known = did_you_mean(wrong.problem, problems.keys())
        yield f"{wrong.id}: there is no problem {wrong.problem}{known}"
        return
    lesson = problems[wrong.problem].lesson
    if lesson not in answers.sources:
        return  # that its file cannot be read is said once, not for each of its misconceptions
    try:
        answers.patched(wrong)
    except BuildError as error:
        yield str(error)
        return
    module = module_of(answers.sources, wrong)
    if module not in needed_by(answers.sources, lesson):
        yield f"{wrong.id}: it is made in {module}.py, which {lesson}.py does not import"
