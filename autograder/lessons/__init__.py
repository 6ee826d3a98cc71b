"""What is graded: one module for each of the student's files.

A module is a lesson because it lies here; it says its NUMBER in the syllabus, its problems stand in
the order in which they are taught, and there is no other list of them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from autograder.errors import UserError
from autograder.problem import Backend, Lesson, Problem


@cache
def names() -> tuple[str, ...]:
    """The names of all lessons, which are those of the students' files, in the syllabus' order."""
    modules = [module.name for module in iter_modules(__path__)]
    found = [name for name in modules if not name.startswith("_")]  # a helper is no lesson
    return tuple(sorted(found, key=lambda name: (lesson(name).number, name)))


@cache
def lesson(name: str) -> Lesson:
    """The lesson of that name.

    Its title is the first line of its module's docstring; its problems stand in the module's order.

    Raises UserError if the module does not say its NUMBER.
    """
    module = import_module(f"{__name__}.{name}")
    number = getattr(module, "NUMBER", None)
    if not isinstance(number, int):
        raise UserError(
            f"autograder/lessons/{name}.py does not say its number in the syllabus: NUMBER = 1"
        )
    problems = []
    for value in vars(module).values():
        if isinstance(value, Problem) and value.lesson == name:  # another lesson's may be imported
            problems.append(value)
    title = (module.__doc__ or name).strip().splitlines()[0].rstrip(".")
    backend: Backend = getattr(module, "BACKEND", "numpy")
    return Lesson(number, name, title, tuple(problems), backend=backend)


def can_run(name: str) -> bool:
    """Whether what the lesson of that name needs is installed."""
    backend = lesson(name).backend
    return backend == "numpy" or find_spec(backend) is not None


def all_lessons() -> tuple[Lesson, ...]:
    """Every lesson, in order."""
    return tuple(lesson(name) for name in names())


def all_problems() -> tuple[Problem, ...]:
    """Every problem of every lesson, in order."""
    return tuple(problem for lesson in all_lessons() for problem in lesson.problems)


def coded_problems() -> tuple[Problem, ...]:
    """The problems whose answer is code: all but the questions.

    What draws fresh inputs, breaks a clause or leaves something out goes over these. It has nothing
    to say of a question: the answer is one number, for numbers that only one student has, no public
    case knows it, and no code of the student's is run on anything.
    """
    return tuple(problem for problem in all_problems() if problem.question is None)


def find(name: str) -> Problem:
    """The problem of that name; `KeyError` if there is none."""
    return {problem.name: problem for problem in all_problems()}[name]


def forward_of(backward: Problem) -> Problem:
    """The problem whose gradient `backward` is; it stands in the same lesson."""
    problems = lesson(backward.lesson).problems
    return next(problem for problem in problems if problem.name == backward.gradient_of)
