"""What is graded: one module per lesson, in the order of the syllabus. A problem's lesson is the module it stands in."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from autograder.problem import Lesson, Problem

ORDER = (
    "rnn",
    "head",
    "charlm",
    "gradflow",
    "lstm",
    "gru",
    "stacked",
    "embedding",
    "captioning",
    "beam",
    "attention",
    "torch_models",
    "cells",
)


@cache
def lesson(name: str) -> Lesson:
    """The lesson of that name. Its title is the first line of its module's docstring; its problems stand in order."""
    module = import_module(f"{__name__}.{name}")
    problems = tuple(value for value in vars(module).values() if isinstance(value, Problem) and value.lesson == name)
    title = (module.__doc__ or name).strip().splitlines()[0].rstrip(".")
    return Lesson(ORDER.index(name) + 1, name, title, problems, needs=getattr(module, "NEEDS", "numpy"))


def all_lessons() -> tuple[Lesson, ...]:
    """Every lesson, in order."""
    return tuple(lesson(name) for name in ORDER if find_spec(f"{__name__}.{name}"))


def find(name: str) -> Problem:
    """The problem of that name; `KeyError` if there is none."""
    return {p.name: p for each in all_lessons() for p in each.problems}[name]


def forward_of(backward: Problem) -> Problem:
    """The problem whose gradient `backward` is; it stands in the same lesson."""
    return next(p for p in lesson(backward.lesson).problems if p.name == backward.gradient_of)
