"""The student's files and what their code answers: as asked, and whatever goes wrong is a fault.

A fault is plain data (`faults`); the judge turns it into a sentence. `serve` has all this in a
process of its own. Where there are no processes, in a browser, `check.in_process` has it beside the
judge.
"""

from __future__ import annotations

import importlib
import random
import sys
import warnings
from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import numpy.random  # numpy would do it at its first use, in every worker anew

from autograder import lessons
from autograder.arrays import exact
from autograder.problem import Arrays, Fault, Problem, Reply
from autograder.worker import messages
from autograder.worker.bytecode import bytecode
from autograder.worker.census import census
from autograder.worker.faults import describe, describe_import
from autograder.worker.loan import Ask, Loan
from autograder.worker.messages import Answer, CallMany, Calls, Compile, Import
from autograder.worker.returned import Watched, kind_of

Asked = Import | Calls | CallMany | Compile
"""What the student's files are asked for."""

NUMPYS_OWN: Any = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
"""What numpy says of floating point when nobody has changed it.

An exp that underflows to 0 is right, and no news.
"""


class Student:
    """The student's files, each imported when it is first needed, and the answers of their code."""

    def __init__(self, package: str, ask: Ask) -> None:
        self.package, self.loan = package, Loan(ask)
        self._imported: dict[str, tuple[ModuleType | None, Fault | None]] = {}

    def reply_to(self, request: Asked, arrays: Arrays) -> Answer:
        """The answer to one request."""
        if isinstance(request, Compile):
            compiled = bytecode(self.package, request.modules)
            return Answer(request.id, (Reply(compiled),))
        if isinstance(request, Import):
            self.loan.put_in_place(request.lent)
            return Answer(request.id, (Reply(fault=self.imported(request.lesson)[1]),))
        return Answer(request.id, self._replies(request, arrays))

    def imported(self, lesson: str) -> tuple[ModuleType | None, Fault | None]:
        """The module of a lesson, or why it cannot be had."""
        if lesson not in self._imported:
            start_of_random_numbers()
            # as of a plain script: a student's argparse would read ours
            sys.argv = [f"recurrent/{lesson}.py"]
            self._imported[lesson] = import_lesson(self.package, lesson)
        return self._imported[lesson]

    def _replies(self, request: Calls | CallMany, arrays: Arrays) -> tuple[Reply, ...]:
        module, fault = self.imported(request.lesson)
        self.loan.is_open = True
        problem = _problem(request.lesson, request.problem)
        if isinstance(request, CallMany):
            if module is None:
                return (Reply(fault=fault),)
            start_of_random_numbers()
            stack = arrays.pop("stack")
            together = run_many(problem, module, self.package, arrays, request.name, stack)
            return (of_bearable_size(together, request.largest),)
        replies = []
        cases = messages.of_each(arrays, len(request.largest))
        for inputs, largest in zip(cases, request.largest, strict=True):
            if module is None:
                replies.append(Reply(fault=fault))
                continue
            start_of_random_numbers()
            reply = run(problem, module, self.package, inputs)
            replies.append(of_bearable_size(reply, largest))
        return tuple(replies)


def import_lesson(package: str, lesson: str) -> tuple[ModuleType | None, Fault | None]:
    """The student's module, or why it cannot be had."""
    try:
        return importlib.import_module(f"recurrent.{lesson}"), None
    except BaseException as error:  # SystemExit too: it is a fault of the file
        return None, describe_import(error, package)


def of_bearable_size(reply: Reply, largest: int) -> Reply:
    """The reply with arrays of `largest` bytes at most; the rest is described, not sent."""
    outputs, odd, room = {}, dict(reply.odd), largest
    for name, array in reply.outputs.items():
        room -= array.nbytes
        if room >= 0:
            outputs[name] = array
        else:
            odd[name] = f"an array of shape {array.shape}, larger than anything asked for"
    return replace(reply, outputs=outputs, odd=odd)


def _problem(lesson: str, name: str) -> Problem:
    problems = lessons.lesson(lesson).problems
    return next(problem for problem in problems if problem.name == name)


def start_of_random_numbers() -> None:
    """The same for every request: code that draws unasked gets the same verdict twice."""
    random.seed(0)
    np.random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


def run(problem: Problem, module: ModuleType, package: str, inputs: Arrays) -> Reply:
    """Run a probe on copies of the inputs."""
    given = {name: value.copy() for name, value in inputs.items()}
    backend = lessons.lesson(problem.lesson).backend
    seen: list[str] = []
    try:
        # whatever another of the student's files has set them to
        with np.errstate(**NUMPYS_OWN), warnings.catch_warnings(), census(backend) as seen:
            warnings.simplefilter("default")
            watched = Watched(module, problem)
            returned = problem.probe(watched, **given)
        outputs, odd = as_arrays(returned)
        if problem.of in watched.ended_without_return:
            odd = {name: _why_none(text, problem.of) for name, text in odd.items()}
        changed = [name for name, value in inputs.items() if not _same_bytes(value, given[name])]
    except BaseException as error:  # from `__array__` and the like too, which `as_arrays` calls
        fault = describe(error, problem, module, package)
        return Reply(fault=fault, notes=tuple(seen))
    return Reply(outputs, odd, tuple(changed), notes=tuple(seen))


def run_many(
    problem: Problem,
    module: ModuleType,
    package: str,
    inputs: Arrays,
    name: str,
    stack: np.ndarray,
) -> Reply:
    """Run a probe once for each row of `stack` in place of one input, and stack the outputs.

    The first run that does not answer with arrays alone is the answer, without its arrays.
    """
    rows = []
    for value in stack:
        reply = run(problem, module, package, {**inputs, name: value})
        if reply.fault or reply.odd:
            return replace(reply, outputs={})
        rows.append(reply.outputs)
    outputs = {}
    try:
        for output in rows[0]:
            outputs[output] = np.stack([row[output] for row in rows])
    except (KeyError, ValueError):
        return Reply(odd={output: "of changing shape" for output in rows[0]})
    return replace(reply, outputs=outputs)


def as_arrays(returned: Mapping[str, Any]) -> tuple[Arrays, dict[str, str]]:
    """The outputs that are arrays of numbers or can be read as such, and what the others are."""
    outputs, odd = {}, {}
    for name, value in returned.items():
        try:
            array = np.asarray(value)
        except ValueError:
            odd[name] = f"a {type(value).__name__} of parts of different shapes"
            continue
        if array.dtype.kind in "biuf":
            outputs[name] = exact(array)
        else:
            odd[name] = _description(value, array)
    return outputs, odd


def _why_none(text: str, function: str) -> str:
    return f"{text}, because {function} has no `return`" if text == "None" else text


def _description(value: Any, array: np.ndarray) -> str:
    if value is None:
        return "None"
    if array.dtype.kind == "c":
        return "an array of complex numbers"
    if isinstance(value, np.ndarray):
        return f"an array of {'Python objects' if array.dtype.kind == 'O' else array.dtype.name}"
    return kind_of(value)[: messages.LONGEST_TEXT]


def _same_bytes(one: np.ndarray, other: np.ndarray) -> bool:
    # not `==`: a NaN is not equal to itself, and a subclass says what it likes
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return one.tobytes() == other.tobytes()
