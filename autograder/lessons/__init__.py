"""What is graded: one module per student's file, in the order of the syllabus."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from autograder.problem import Lesson, Problem

ORDER = {
    "rnn": 1,
    "head": 2,
    "charlm": 3,
    "gradflow": 4,
    "lstm": 5,
    "gru": 6,
    "mut": 6,
    "stacked": 7,
    "embedding": 8,
    "captioning": 9,
    "beam": 10,
    "attention": 11,
    "torch_models": 12,
    "cells": 13,
}
"""Module -> its lesson's number in the syllabus, in the order in which they are taught."""


@cache
def lesson(name: str) -> Lesson:
    """The lesson of that name. Its title is the first line of its module's docstring; its problems
    stand in order.
    """
    module = import_module(f"{__name__}.{name}")
    problems = tuple(
        value
        for value in vars(module).values()
        if isinstance(value, Problem) and value.lesson == name
    )
    title = (module.__doc__ or name).strip().splitlines()[0].rstrip(".")
    return Lesson(ORDER[name], name, title, problems, needs=getattr(module, "NEEDS", "numpy"))


def can_run(name: str) -> bool:
    """Whether what the lesson of that name needs is installed."""
    needs = lesson(name).needs
    return needs == "numpy" or find_spec(needs) is not None


def all_lessons() -> tuple[Lesson, ...]:
    """Every lesson, in order."""
    return tuple(lesson(name) for name in ORDER if find_spec(f"{__name__}.{name}"))


def find(name: str) -> Problem:
    """The problem of that name; `KeyError` if there is none."""
    return {p.name: p for each in all_lessons() for p in each.problems}[name]


def forward_of(backward: Problem) -> Problem:
    """The problem whose gradient `backward` is; it stands in the same lesson."""
    return next(p for p in lesson(backward.lesson).problems if p.name == backward.gradient_of)
