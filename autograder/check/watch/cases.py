"""The case that a problem fails, looked for in the background, as text to read."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from autograder.check.checker import Checker
from autograder.check.debug import first_failing, no_case, public_cases
from autograder.check.watch.stoppable import GivenUp, Stoppable
from autograder.errors import OURS, UserError
from autograder.judge import describe
from autograder.problem import Arrays, Case, Problem

LARGEST = 40
"""Numbers of an array that is written out."""

Put = Callable[[str, str], None]
"""Told a problem's name, and the text."""


class Cases:
    """A context manager that looks for failing cases, one at a time, in a thread of its own."""

    def __init__(self, checker: Checker, put: Put) -> None:
        self._checker, self._put = checker, put
        self._thread: threading.Thread | None = None
        self._running: Stoppable | None = None

    def __enter__(self) -> Cases:
        return self

    def __exit__(self, *exception: object) -> None:
        self.give_up()

    def look_for(self, problem: Problem, width: int) -> None:
        """Look for a problem's case; what was looked for before is given up."""
        self.give_up()
        if problem.question is not None:
            self._put(problem.name, no_case(problem.name))
            return
        self._running = Stoppable(self._checker.sandbox)
        arguments = (problem, width, self._running)
        self._thread = threading.Thread(target=self._look, args=arguments, daemon=True)
        self._thread.start()

    def give_up(self) -> None:
        """Look no more."""
        if self._running is not None and self._thread is not None:
            self._running.stop()
            self._thread.join()
            self._running = self._thread = None

    def _look(self, problem: Problem, width: int, sandbox: Stoppable) -> None:
        checker = self._checker
        try:
            number = first_failing(checker.submission, problem, checker.course, sandbox)
        except GivenUp:
            return
        except UserError as error:
            self._put(problem.name, str(error))
            return
        except Exception:
            self._put(problem.name, OURS)
            raise
        self._put(problem.name, case_text(problem, number, width))


def case_text(problem: Problem, number: int | None, width: int) -> str:
    """A public case of a problem: what goes in and what is expected.

    number: of the case that fails; None if none does. width: columns that there are.
    """
    cases = public_cases(problem)
    case = cases[number or 0]
    which = "which your code fails" if number is not None else "(your code passes them all)"
    lines = [f"{problem.name}, public case {case.name}, {which}"]
    lines += ["", "inputs", *_arrays(case.inputs, width)]
    lines += ["", "expected", *_arrays(_results(problem, case), width)]
    lines += ["", f'to work with it: case("{problem.name}") in a notebook, or press d here']
    return "\n".join(lines)


def _results(problem: Problem, case: Case) -> Arrays:
    """What is expected, without the properties that are no arrays of the student's."""
    return {tensor.name: case.expected[tensor.name] for tensor in problem.gives}


def _arrays(arrays: Arrays, width: int) -> list[str]:
    lines = []
    for name, value in arrays.items():
        lines.append(f"  {name} {describe.shape_of(value)}")
        if value.size <= LARGEST:
            lines += [f"    {line}" for line in _numbers(value, width - 4)]
    return lines


def _numbers(value: np.ndarray, width: int) -> list[str]:
    text = np.array2string(value, precision=4, suppress_small=True, max_line_width=max(16, width))
    return text.splitlines()
