"""Answering in the student's process: import the lesson's file, then do as asked until the end.

Whatever goes wrong is an answer too, a fault as plain data (`faults`); the judge turns it into a
sentence.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import sys
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder import lessons
from autograder.arrays import exact
from autograder.problem import Arrays, Fault, Problem, Reply
from autograder.worker import messages
from autograder.worker.bytecode import bytecode
from autograder.worker.capabilities import capabilities
from autograder.worker.faults import describe, describe_import
from autograder.worker.guard import guard
from autograder.worker.messages import Answer, CallMany, Compile, ReportCapabilities, Request
from autograder.worker.wire import LENGTHS, Garbled, unpack

NUMPYS_OWN: Any = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
"""What numpy says of floating point when nobody has changed it.

An exp that underflows to 0 is right, and no news.
"""

ROOT = str(Path(__file__).resolve().parents[2])


def serve(requests: int, replies: int, package: str, lesson: str, guarded: bool) -> None:
    """Answer requests read from one file descriptor on another until the first is closed.

    The first answer, which nobody asks for, says how the import went.

    package: the folder in which the student's `recurrent/` lies.
    lesson: the file to import; empty: none, only report capabilities or compile.
    guarded: with the guard up, as always but in its own tests.
    """
    module, fault = None, None
    if lesson:
        sys.path.insert(0, package)
        start_of_random_numbers()
        if guarded:
            backend = lessons.lesson(lesson).backend
            guard(backend, package, frozenset(lessons.names()), closed=(ROOT,))
        module, fault = import_lesson(package, lesson)
    _send(replies, Answer(messages.IMPORT, Reply(fault=fault)))
    while (message := _receive(requests)) is not None:
        request, arrays = message
        _send(replies, answer_to(request, arrays, package, module, fault))


def import_lesson(package: str, lesson: str) -> tuple[ModuleType | None, Fault | None]:
    """The student's module, or why it cannot be had."""
    try:
        return importlib.import_module(f"recurrent.{lesson}"), None
    except BaseException as error:  # SystemExit too: it is a fault of the file
        return None, describe_import(error, package)


def answer_to(
    request: Request, arrays: Arrays, package: str, module: ModuleType | None, fault: Fault | None
) -> Answer:
    """The answer to one request. fault: why there is no module, if there is none."""
    if isinstance(request, ReportCapabilities):
        return Answer(request.id, Reply(), capabilities(request))
    if isinstance(request, Compile):
        return Answer(request.id, Reply(bytecode(package, request.modules)))
    if module is None:
        return Answer(request.id, Reply(fault=fault))
    problem = _problem(request.lesson, request.problem)
    start_of_random_numbers()
    if isinstance(request, CallMany):
        stack = arrays.pop("stack")
        return Answer(request.id, run_many(problem, module, package, arrays, request.name, stack))
    return Answer(request.id, run(problem, module, package, arrays))


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
    try:
        # whatever another of the student's files has set them to
        with np.errstate(**NUMPYS_OWN), warnings.catch_warnings():
            warnings.simplefilter("default")
            returned = problem.probe(module, **given)
        outputs, odd = as_arrays(returned)
        changed = [name for name, value in inputs.items() if not _same_bytes(value, given[name])]
    except BaseException as error:  # from `__array__` and the like too, which `as_arrays` calls
        return Reply(fault=describe(error, problem, module, package))
    return Reply(outputs, odd, tuple(changed))


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


def _description(value: Any, array: np.ndarray) -> str:
    if value is None:
        return "None"
    if array.dtype.kind == "c":
        return "an array of complex numbers"
    if isinstance(value, np.ndarray):
        return f"an array of {'Python objects' if array.dtype.kind == 'O' else array.dtype.name}"
    return f"a {type(value).__name__}"[: messages.LONGEST_TEXT]


def _same_bytes(one: np.ndarray, other: np.ndarray) -> bool:
    # not `==`: a NaN is not equal to itself, and a subclass says what it likes
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return one.tobytes() == other.tobytes()


# ----------------------------------------------------------------------------------------- messages


def _send(replies: int, answer: Answer) -> None:
    # what was printed comes first: the judge reads it when it has the answer
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # the student may have closed or replaced it
            stream.flush()
    data = memoryview(messages.pack_answer(answer))
    while data:
        data = data[os.write(replies, data) :]


def _receive(requests: int) -> tuple[Request, Arrays] | None:
    """The next request; None when there are no more, or none that can be read."""
    prefix = _read(requests, LENGTHS.size)
    if prefix is None:
        return None
    # no limits here, as the judge has them: it is the judge who writes
    head_size, body_size = LENGTHS.unpack(prefix)
    head, body = _read(requests, head_size), _read(requests, body_size)
    if head is None or body is None:
        return None
    try:
        header, arrays = unpack(head, body)
        return messages.read_request(header), arrays
    except Garbled:
        return None


def _read(requests: int, size: int) -> bytes | None:
    chunks = []
    while size:
        chunk = os.read(requests, min(size, 1 << 20))
        if not chunk:
            return None
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
