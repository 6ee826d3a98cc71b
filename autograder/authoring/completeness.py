"""What an author forgot: it can be built, but a student or a grader would miss something.

Each is one line at the end of a build. What cannot be built at all is in `casebook.mistakes`.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.sentences import place_of
from autograder.authoring.casebook.variants import REFERENCE, parsed
from autograder.authoring.handout.notebooks import CHECK
from autograder.authoring.proof.known_right import ENOUGH_STYLES, versions
from autograder.authoring.sources import StubError, functions, regions
from autograder.problem import Lesson


def forgotten(root: Path) -> Iterator[str]:
    """Everything that is missing, a sentence each."""
    answers = load_answers(root / "solutions")
    checked = check_cells(root / "solutions" / "notebooks")
    good = Counter(lesson for lesson, _ in versions(root / "tests" / "good_versions"))
    for lesson in lessons.all_lessons():
        yield from unchecked_functions(lesson, answers)
        yield from unmistaken_problems(lesson, answers)
        yield from unmet_problems(lesson, checked)
        if good[lesson.name] < ENOUGH_STYLES:
            yield (
                f"tests/good_versions: {good[lesson.name]} of {ENOUGH_STYLES} right answers in "
                f"other styles, {lesson.name}_STYLE.py"
            )


def unchecked_functions(lesson: Lesson, answers: Answers) -> Iterator[str]:
    """The functions that students write and no problem checks, not even by one that calls them."""
    source = answers.sources.get(lesson.name, "")
    file = f"{REFERENCE}/{lesson.name}.py"
    found = dict(functions(parsed(source)))
    checked = {problem.of for problem in lesson.problems}
    waiting = list(checked & found.keys())
    while waiting:
        used = _names_in(found[waiting.pop()])
        called = {name for name in found if name.rpartition(".")[2] in used}
        waiting += called - checked
        checked |= called
    try:
        written = {region.function for region in regions(source, file)}
    except StubError as error:
        yield str(error)
        return
    for name, node in found.items():
        if name in written - checked:
            yield f"{file}, line {node.lineno}: no problem checks {name}"


def _names_in(function: ast.FunctionDef) -> set[str]:
    """The names that stand in the code of a function, attributes included."""
    nodes = list(ast.walk(function))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def unmistaken_problems(lesson: Lesson, answers: Answers) -> Iterator[str]:
    """The problems in whose function no misconception is made."""
    functions = {problem.name: problem.of for problem in lesson.problems}
    mistaken = {functions.get(wrong.problem) for wrong in answers.misconceptions}
    for problem in lesson.problems:
        if problem.of not in mistaken:
            yield f"{place_of(problem)}: {problem.name} has no misconception"


def unmet_problems(lesson: Lesson, checked: Collection[str]) -> Iterator[str]:
    """The problems that no notebook checks."""
    for problem in lesson.problems:
        if problem.name not in checked:
            yield f'{place_of(problem)}: no notebook has a cell check("{problem.name}")'


def check_cells(notebooks: Path) -> set[str]:
    """The problems that have a check cell in some notebook.

    Read from the text, because this runs at every build and jupytext takes longer than all of it.
    """
    found = set()
    for path in notebooks.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for cell in re.split(r"^# %%.*$", text, flags=re.MULTILINE):
            if match := CHECK.fullmatch(cell.strip()):
                found.add(match[1])
    return found
