"""Answering in the student's process: import files, run probes, as asked, until the end.

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
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.random  # numpy would do it at its first use, in every worker anew

from autograder import lessons
from autograder.arrays import exact
from autograder.problem import Arrays, Backend, Fault, Problem, Reply
from autograder.worker import messages
from autograder.worker.bytecode import bytecode
from autograder.worker.capabilities import capabilities
from autograder.worker.census import census
from autograder.worker.faults import describe, describe_import
from autograder.worker.guard import guard
from autograder.worker.loan import Answered, Ask, Loan
from autograder.worker.messages import (
    Answer,
    Borrow,
    CallMany,
    Calls,
    Compile,
    Import,
    Lent,
    ReportCapabilities,
    Request,
)
from autograder.worker.package import put_in_place
from autograder.worker.returned import Watched, kind_of
from autograder.worker.whereabouts import answer_when_asked
from autograder.worker.wire import LENGTHS, Garbled, unpack

NUMPYS_OWN: Any = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
"""What numpy says of floating point when nobody has changed it.

An exp that underflows to 0 is right, and no news.
"""

ROOT = str(Path(__file__).resolve().parents[2])


def serve(requests: int, replies: int, package: str, backend: Backend, guarded: bool) -> None:
    """Answer requests read from one file descriptor on another until the first is closed.

    package: the folder in which the student's `recurrent/` lies.
    guarded: with the guard up, as always but where no student's code is to run.
    """
    student = Student(package, partial(_borrowed, requests, replies))
    answer_when_asked()
    if guarded:
        sys.path.insert(0, package)
        own = put_in_place(package).own_names | set(lessons.names())
        guard(backend, package, own, closed=(ROOT,))
    while (message := _receive(requests)) is not None:
        request, arrays = message
        _send(replies, student.reply_to(request, arrays))


class Student:
    """The student's files, each imported when it is first needed, and the answers of their code."""

    def __init__(self, package: str, ask: Ask) -> None:
        self.package, self.loan = package, Loan(ask)
        self._imported: dict[str, tuple[ModuleType | None, Fault | None]] = {}

    def reply_to(self, request: Request, arrays: Arrays) -> Answer:
        """The answer to one request."""
        if isinstance(request, ReportCapabilities):
            return Answer(request.id, (Reply(),), capabilities(request))
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


# ----------------------------------------------------------------------------------------- messages


def _borrowed(requests: int, replies: int, question: Borrow, arrays: Arrays) -> Answered | None:
    """The judge's answer to a question about a lent function."""
    _write(replies, messages.pack_lending(question, arrays))
    message = _message(requests)
    if message is None:
        return None
    header, results = message
    return messages.read(header, Lent), results


def _send(replies: int, answer: Answer) -> None:
    # what was printed comes first: the judge reads it when it has the answer
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # the student may have closed or replaced it
            stream.flush()
    _write(replies, messages.pack_answer(answer))


def _write(replies: int, message: bytes) -> None:
    data = memoryview(message)
    while data:
        data = data[os.write(replies, data) :]


def _receive(requests: int) -> tuple[Request, Arrays] | None:
    """The next request; None when there are no more, or none that can be read."""
    message = _message(requests)
    if message is None:
        return None
    header, arrays = message
    try:
        return messages.read_request(header), arrays
    except Garbled:
        return None


def _message(requests: int) -> tuple[dict[str, Any], Arrays] | None:
    """The next message; None when there are no more, or none that can be read."""
    prefix = _read(requests, LENGTHS.size)
    if prefix is None:
        return None
    # no limits here, as the judge has them: it is the judge who writes
    head_size, body_size = LENGTHS.unpack(prefix)
    head, body = _read(requests, head_size), _read(requests, body_size)
    if head is None or body is None:
        return None
    try:
        return unpack(head, body)
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
