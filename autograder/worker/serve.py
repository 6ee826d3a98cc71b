"""Answering in the student's process: import the lesson's file, then run probes until the judge
hangs up.

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
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder import lessons
from autograder.arrays import exact
from autograder.problem import Arrays, Problem
from autograder.worker.bytecode import bytecode
from autograder.worker.capabilities import capabilities
from autograder.worker.faults import LONGEST_TEXT, Fault, describe, describe_import
from autograder.worker.guard import guard
from autograder.worker.wire import LENGTHS, Garbled, pack, unpack

NUMPYS_OWN: Any = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
"""What numpy says of floating point when nobody has changed it. An exp that underflows to 0 is
right, and no news.
"""

ROOT = str(Path(__file__).resolve().parents[2])


def serve(requests: int, replies: int, package: str, lesson: str, guarded: bool) -> None:
    """Answer requests read from one file descriptor on another until the first is closed.

    package: the folder in which the student's `recurrent/` lies. The first answer says how the
        import went.
    lesson: the file to import; none: only look round, or compile. guarded: with the guard up, as
        always but in its
    own tests.
    """
    module, fault = None, None
    outputs: Arrays
    if lesson:
        sys.path.insert(0, package)
        start_of_random_numbers()
        if guarded:
            guard(
                lessons.lesson(lesson).backend, package, frozenset(lessons.names()), closed=(ROOT,)
            )
        module, fault = import_lesson(package, lesson)
    _send(replies, {"id": 0, "fault": fault}, {})
    while (message := _receive(requests)) is not None:
        header, arrays = message
        if header["do"] == "capabilities":
            header_out, outputs = capabilities(header["questions"]), {}
        elif header["do"] == "compile":
            header_out, outputs = {}, bytecode(package, header["modules"], Path.cwd())
        elif module is None:
            header_out, outputs = {"fault": fault}, {}
        else:
            header_out, outputs = answer(module, package, header, arrays)
        _send(replies, {"id": header["id"], **header_out}, outputs)


def import_lesson(package: str, lesson: str) -> tuple[ModuleType | None, Fault | None]:
    """The student's module, or why it cannot be had."""
    try:
        return importlib.import_module(f"recurrent.{lesson}"), None
    except BaseException as error:
        return None, describe_import(error, package)


def answer(
    module: ModuleType, package: str, header: Mapping[str, Any], arrays: Arrays
) -> tuple[dict[str, Any], Arrays]:
    """The answer to one request: `call` runs a probe once, `many` once for each row of `stack` in
    place of an input.
    """
    problem = next(
        p for p in lessons.lesson(header["lesson"]).problems if p.name == header["problem"]
    )
    start_of_random_numbers()
    if header["do"] == "call":
        return run(problem, module, package, arrays)
    stack = arrays.pop("stack")
    rows = []
    for value in stack:
        header_out, outputs = run(problem, module, package, {**arrays, header["name"]: value})
        if header_out["fault"] or header_out["odd"]:
            return header_out, {}
        rows.append(outputs)
    try:
        return header_out, {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    except (KeyError, ValueError):
        return {
            "fault": None,
            "odd": {name: "of changing shape" for name in rows[0]},
            "changed": [],
        }, {}


def start_of_random_numbers() -> None:
    """The same one for every request: code that draws without being asked to gets the same verdict
    twice.
    """
    random.seed(0)
    np.random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


def run(
    problem: Problem, module: ModuleType, package: str, inputs: Arrays
) -> tuple[dict[str, Any], Arrays]:
    """Run a probe on copies of the inputs: outputs as arrays, what is odd about them, the arguments
    it changed.
    """
    given = {name: value.copy() for name, value in inputs.items()}
    try:
        with (
            np.errstate(**NUMPYS_OWN),
            warnings.catch_warnings(),
        ):  # whatever another file has set them to
            warnings.simplefilter("default")
            returned = problem.probe(module, **given)
        outputs, odd = as_arrays(returned)
        changed = [name for name, value in inputs.items() if not _same_bytes(value, given[name])]
    except BaseException as error:
        return {"fault": describe(error, problem, module, package), "odd": {}, "changed": []}, {}
    return {"fault": None, "odd": odd, "changed": changed}, outputs


def as_arrays(returned: Mapping[str, Any]) -> tuple[Arrays, dict[str, str]]:
    """The outputs that are arrays of numbers or can be read as such, and a description of those
    that are not.
    """
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
    return f"a {type(value).__name__}"[:LONGEST_TEXT]


def _same_bytes(one: np.ndarray, other: np.ndarray) -> bool:
    return (
        one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
    )


# ----------------------------------------------------------------------------------------- messages


def _send(replies: int, header: Mapping[str, Any], arrays: Arrays) -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # the student may have closed or replaced it
            stream.flush()
    data = memoryview(pack(header, arrays))
    while data:
        data = data[os.write(replies, data) :]


def _receive(requests: int) -> tuple[dict[str, Any], Arrays] | None:
    prefix = _read(requests, LENGTHS.size)
    if prefix is None:
        return None
    head, body = LENGTHS.unpack(prefix)
    parts = _read(requests, head), _read(requests, body)
    if parts[0] is None or parts[1] is None:
        return None
    try:
        return unpack(parts[0], parts[1])
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
