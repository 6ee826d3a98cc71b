"""What the worker does around a call of a student's function is little, for every problem.

Counted in calls of Python functions, of which a busy machine makes no more than an idle one.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import autograder.worker
from autograder import lessons
from autograder.authoring.casebook.variants import imported
from autograder.grade import casebooks
from autograder.problem import Problem
from autograder.worker.student import run
from tests.submissions import REFERENCE

NUMPY = [one for one in lessons.coded_problems() if lessons.lesson(one.lesson).backend == "numpy"]

OURS = (str(Path(autograder.worker.__file__).parent), ast.__file__)
"""What is counted: the worker's own functions, and those that read a probe's source."""

A_RUN, A_CALL = 60, 30
"""Functions of ours around a probe, and around each call in it: twice the most at this writing."""


def calls_of_ours(function: Callable[[], Any]) -> int:
    """How many of our functions are called until this one returns."""
    count = 0

    def look(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_filename.startswith(OURS)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("problem", NUMPY, ids=lambda problem: problem.name)
def test_the_worker_does_little_around_a_call(problem: Problem, frozen: Path) -> None:
    case = casebooks(frozen, public_only=True)[0].lesson(problem.lesson).cases[problem.name][0]
    inputs = dict(case.inputs)
    with imported(REFERENCE) as variant:
        module = variant.module(problem.lesson)
        first = run(problem, module, "", inputs)  # what is found out once is kept
        assert first.fault is None
        calls = calls_of_the_student(problem, module, inputs)
        assert calls_of_ours(lambda: run(problem, module, "", inputs)) < A_RUN + A_CALL * calls


def calls_of_the_student(problem: Problem, module: Any, inputs: dict[str, Any]) -> int:
    """How often the probe calls a function of the student's."""
    count = 0

    class Counting:
        def __getattr__(self, name: str) -> Any:
            nonlocal count
            count += 1
            return getattr(module, name)

    problem.probe(Counting(), **{name: value.copy() for name, value in inputs.items()})
    return count
