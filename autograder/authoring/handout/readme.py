"""The handout's README: its text with the course's facts filled in, and a table of problems for
each lesson, with the calls as the reference defines them.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count

from autograder import lessons
from autograder.authoring.figures import table
from autograder.authoring.sources import functions
from autograder.check.pythons import OLDEST
from autograder.grade import course_lessons
from autograder.numbers import task_numbers
from autograder.problem import Lesson, Problem, Tensor
from autograder.settings import Course
from autograder.worker.leftovers import dotted

LONGEST_CELL = 110

ONLY, END = re.compile(r"<!-- only: ([\w ]+) -->"), "<!-- end -->"

HEADINGS = ("task", "problem", "you write", "checked", "points")


def readme(template: str, course: Course, sources: Mapping[str, str]) -> str:
    """The handout's text with its facts filled in: the course's name and term, and the problems.

    Lines between `<!-- only: lstm gru -->` and `<!-- end -->` are for courses that teach one of
    these lessons. sources: lesson -> text of the reference, for the signatures.
    """
    taught = course_lessons(course)
    first = taught[0].problems[0]
    facts = {
        "name": course.name,
        "term": course.term,
        "python": dotted(OLDEST),
        "lesson": taught[0].name,
        "function": first.of,
        "problem": first.name,
        "another": taught[-1].problems[-1].name,
        "problems": "\n".join(_problem_tables(course, sources)),
    }
    template = "".join(_lines_for(template, {lesson.name for lesson in taught}))
    template = _renumbered(template)
    return re.sub(r"\{\{(\w+)\}\}", lambda match: facts[match.group(1)], template)


def _lines_for(template: str, taught: Collection[str]) -> Iterator[str]:
    """The template's lines that are for a course with these lessons."""
    shown = [True]
    for line in template.splitlines(keepends=True):
        if opened := ONLY.fullmatch(line.strip()):
            is_taught = not set(opened[1].split()).isdisjoint(taught)
            shown.append(shown[-1] and is_taught)
        elif line.strip() == END:
            shown.pop()
        elif shown[-1]:
            yield line


def _renumbered(text: str) -> str:
    """The text with the items of its one numbered list counted from 1 on."""
    numbers = count(1)
    return re.sub(r"^\d+\. ", lambda match: f"{next(numbers)}. ", text, flags=re.MULTILINE)


def _problem_tables(course: Course, sources: Mapping[str, str]) -> Iterator[str]:
    """A heading for each problem set, and under it a table for each of its lessons."""
    for problem_set in course.sets:
        taught = [lessons.lesson(name) for name in problem_set.lessons]
        points = sum(course.points_of(problem) for lesson in taught for problem in lesson.problems)
        due = f", due {problem_set.due[:10]}" if problem_set.due else ""
        yield f"### {problem_set.title}: {points:g} points{due}\n"
        for lesson in taught:
            yield f"#### Lesson {lesson.number}, `{lesson.name}.py`: {lesson.title}\n"
            yield from table(HEADINGS, problem_rows(lesson, course, sources[lesson.name]))
            yield ""


def problem_rows(lesson: Lesson, course: Course, source: str) -> Iterator[tuple[str, ...]]:
    """A lesson's problems as rows of the table: number, title, call, results, points.

    source: the lesson's file in the reference.
    """
    numbers = task_numbers(course)
    defined = dict(functions(ast.parse(source)))
    for problem in lesson.problems:
        call = signature(problem.of, defined[problem.of])
        yield (
            numbers[problem.name],
            _titled(problem),
            f"`{call}`",
            _results(problem.gives),
            f"{course.points_of(problem):g}",
        )


def _titled(problem: Problem) -> str:
    """The title, and the name to check the problem by where that is not its function's."""
    if problem.name == problem.of:
        return problem.title
    return f"{problem.title} (`{problem.name}`)"


def signature(name: str, function: ast.FunctionDef) -> str:
    """The call of a function as its definition has it: `init_lstm(D, H, rng, forget_bias=1.0)`.

    name: `Class.method` for a method, whose `self` is left out.
    """
    arguments = copy.deepcopy(function.args)
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    if "." in name and arguments.args and arguments.args[0].arg == "self":
        del arguments.args[0]
    return f"{name}({ast.unparse(arguments)})"


def _results(tensors: Sequence[Tensor]) -> str:
    """The tensors with their shapes, or only how many where a table would burst."""
    text = " ".join(_short(tensor) for tensor in tensors)
    if len(text) > LONGEST_CELL:
        return f"{len(tensors)} tensors, see the docstring"
    # As code: Markdown would read the axes of `ids(_,_)` as stress.
    return f"`{text}`"


def _short(tensor: Tensor) -> str:
    if not tensor.axes:
        return tensor.name
    return f"{tensor.name}({','.join(tensor.axes)})"
