"""What a made-up student answers: their own numbers, put into the reference's formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping

from autograder import lessons
from autograder.authoring.casebook.questions import drawn_numbers
from autograder.problem import EXAMPLE
from autograder.settings import Course
from autograder.whose import CONSTANT, sheet_of


def answered_by(id: str, files: Mapping[str, str], course: Course) -> dict[str, str]:
    """Files of the reference as if a student had written them: their answers, to their questions.

    files: lesson -> source; a file that does not stand for the example is left as it is.
    """
    return {name: _answered_by(id, name, source, course) for name, source in files.items()}


def _answered_by(id: str, lesson: str, source: str, course: Course) -> str:
    line = f'{CONSTANT} = "{EXAMPLE}"'
    if line not in source:
        return source
    source = source.replace(line, f"{CONSTANT} = {id!r}")
    for problem in lessons.lesson(lesson).problems:
        if problem.question is not None:
            numbers = [*drawn_numbers(problem, course.seed)]
            own = numbers[sheet_of(problem, id, course, 1 + len(numbers)) - 1]
            defaults = ", ".join(f"{name}={value.tolist()!r}" for name, value in own.items())
            head = re.compile(rf"^def {problem.of}\(.*?\):$", re.MULTILINE | re.DOTALL)
            source = head.sub(f"def {problem.of}({defaults}):", source)
    return source
