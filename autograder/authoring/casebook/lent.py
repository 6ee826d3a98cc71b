"""What the reference asks of other lessons' functions while it runs a case: see `lending`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from types import ModuleType
from typing import Any

import numpy as np

from autograder import lessons
from autograder.arrays import exact, narrow
from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.large import rounded
from autograder.authoring.casebook.variants import Variant, imported, needed_by
from autograder.lending import Call, Link, Value, packed
from autograder.problem import Arrays, Case, Lesson, Problem

MOST_BYTES, MOST_BYTES_LARGE = 300_000, 1_500_000
"""Of the calls of one case, and of a large one. A problem with a case of more is lent nothing."""


class Untold:
    """Stands for an argument that is neither an array nor what an earlier call has made."""


class Recorder:
    """Writes down calls, and which of them made what a later one is given.

    outer: of these, no calls that one of the watched functions makes.
    """

    def __init__(self, outer: bool) -> None:
        self.calls: list[Call] = []
        self._outer, self._depth = outer, 0
        self._made: dict[int, tuple[object, Link]] = {}  # with the object, so that it stays

    def watched(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """The function, every call of which is written down under this name."""
        signature = inspect.signature(function)

        @wraps(function)
        def watching(*arguments: Any, **named: Any) -> Any:
            if self._outer and self._depth:
                return function(*arguments, **named)
            taken = signature.bind(*arguments, **named).arguments
            # copied now: what is done to an array afterwards is no part of the call
            takes = {key: self._argument(value) for key, value in taken.items()}
            self._depth += 1
            returned = function(*arguments, **named)
            self._depth -= 1
            self._note(name, takes, returned)
            return returned

        return watching

    @property
    def is_told(self) -> bool:
        """Whether every argument could be written down."""
        values = [value for call in self.calls for value in call.takes.values()]
        return not any(isinstance(value, Untold) for value in values)

    def _argument(self, value: Any) -> Any:
        if id(value) in self._made:
            return self._made[id(value)][1]
        return _plain(value)

    def _note(self, name: str, takes: Mapping[str, Any], returned: Any) -> None:
        alone = not isinstance(returned, tuple)
        number = len(self.calls)
        gives: list[Value] = []
        for place, value in enumerate((returned,) if alone else returned):
            plain = _plain(value)
            if isinstance(plain, Untold):
                plain = Link(number, place)
                self._made[id(value)] = (value, plain)
            gives.append(plain)
        self.calls.append(Call(name, takes, tuple(gives), alone))


def _plain(value: Any) -> Any:
    """A copy of an array or a number, or None; else what says that it is neither."""
    if value is None:
        return None
    if isinstance(value, (np.ndarray, np.generic, bool, int, float)):
        array = exact(value)
        if array.dtype.kind in "biuf":
            return array
    return Untold()


def lent_calls(
    answers: Answers, lesson: Lesson, cases: Mapping[str, Sequence[Case]]
) -> dict[str, dict[int, Arrays]]:
    """Problem -> number of a case -> the calls that it makes of other lessons' functions, packed.

    A problem has no entry if it makes one that cannot be written down, or if it makes any and many
    answers are right: other right code would ask for something else. Of a large case, the calls
    that one such function makes of another are left out: they would be most of it.
    """
    found = {}
    for problem in lesson.problems:
        by_case = _of_problem(answers, problem, cases[problem.name])
        if by_case:
            found[problem.name] = by_case
    return found


def _of_problem(answers: Answers, problem: Problem, cases: Sequence[Case]) -> dict[int, Arrays]:
    others = needed_by(answers.sources, problem.lesson) & set(lessons.names()) - {problem.lesson}
    by_case: dict[int, Arrays] = {}
    for number, case in enumerate(cases):
        if not others:
            continue
        # Imported anew for each: what a function keeps for its next call hides no call.
        with imported(answers.sources) as reference:
            recorder = watch(reference, problem.lesson, sorted(others), outer=case.large)
            run_probe(problem, reference, case.inputs)
        if not recorder.is_told or (recorder.calls and problem.finish is not None):
            return {}
        kept = packed(recorder.calls, case.inputs)
        if case.large:
            kept = {name: narrow(rounded(value)) for name, value in kept.items()}
        most = MOST_BYTES_LARGE if case.large else MOST_BYTES
        if sum(array.nbytes for array in kept.values()) > most:
            return {}
        by_case[number] = kept
    return by_case


def watch(reference: Variant, lesson: str, others: Sequence[str], outer: bool) -> Recorder:
    """Have all calls of the graded functions of these other lessons written down."""
    recorder = Recorder(outer)
    modules = [reference.module(name) for name in (lesson, *others)]
    for name in others:
        for function in sorted(_graded(name)):
            original = getattr(reference.module(name), function)
            watching = recorder.watched(original, f"{name}.{function}")
            for module in modules:
                _replace(module, original, watching)
    return recorder


def _graded(lesson: str) -> set[str]:
    """The functions of a lesson's file that are graded; classes and their methods left out."""
    names = {problem.of for problem in lessons.lesson(lesson).problems}
    return {name for name in names if "." not in name}


def _replace(module: ModuleType, original: object, watching: object) -> None:
    for name, value in list(vars(module).items()):
        if value is original:
            setattr(module, name, watching)
