"""Answering in the student's process: import the lesson's file, then run probes until the judge hangs up.

Whatever goes wrong is an answer too, a fault as plain data; the judge turns it into a sentence.
"""

from __future__ import annotations

import contextlib
import importlib
import linecache
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

import numpy as np

from autograder import lessons
from autograder.arrays import exact
from autograder.problem import Arrays, Problem
from autograder.worker.wire import LENGTHS, Garbled, pack, unpack

LONGEST_TEXT = 300

Fault = dict[str, str]


def serve(requests: int, replies: int, package: str, lesson: str) -> None:
    """Answer requests read from one file descriptor on another until the first is closed.

    package: the folder in which the student's `recurrent/` lies. The first answer says how the import went.
    """
    sys.path.insert(0, package)
    module, fault = import_lesson(package, lesson)
    _send(replies, {"id": 0, "fault": fault}, {})
    while (message := _receive(requests)) is not None:
        header, arrays = message
        header_out, outputs = ({"fault": fault}, {}) if module is None else answer(module, package, header, arrays)
        _send(replies, {"id": header["id"], **header_out}, outputs)


def import_lesson(package: str, lesson: str) -> tuple[ModuleType | None, Fault | None]:
    """The student's module, or why it cannot be had."""
    try:
        return importlib.import_module(f"recurrent.{lesson}"), None
    except BaseException as error:
        if isinstance(error, SyntaxError):
            where = f"{Path(error.filename or '').name}, line {error.lineno}"
            return None, _fault("import", error, where, text=error.msg, phase="import")
        if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("recurrent."):
            missing = f"{(error.name or '').rpartition('.')[2]}.py is missing from the submission"
            return None, _fault("missing", error, text=missing, phase="import")
        if isinstance(error, NotImplementedError):
            return None, _fault("todo", error, student_line(error.__traceback__, package), phase="import")
        return None, _fault("import", error, student_line(error.__traceback__, package), phase="import")


def answer(
    module: ModuleType, package: str, header: Mapping[str, Any], arrays: Arrays
) -> tuple[dict[str, Any], Arrays]:
    """The answer to one request: `call` runs a probe once, `many` once for each row of `stack` in place of an input."""
    problem = next(p for p in lessons.lesson(header["lesson"]).problems if p.name == header["problem"])
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
        return {"fault": None, "odd": {name: "of changing shape" for name in rows[0]}, "changed": []}, {}


def run(problem: Problem, module: ModuleType, package: str, inputs: Arrays) -> tuple[dict[str, Any], Arrays]:
    """Run a probe on copies of the inputs: outputs as arrays, what is odd about them, the arguments it changed."""
    given = {name: value.copy() for name, value in inputs.items()}
    try:
        returned = problem.probe(module, **given)
        outputs, odd = as_arrays(returned)
        changed = [name for name, value in inputs.items() if not _same_bytes(value, given[name])]
    except BaseException as error:
        return {"fault": describe(error, problem, module, package), "odd": {}, "changed": []}, {}
    return {"fault": None, "odd": odd, "changed": changed}, outputs


def as_arrays(returned: Mapping[str, Any]) -> tuple[Arrays, dict[str, str]]:
    """The outputs that are arrays of numbers or can be read as such, and a description of those that are not."""
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
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()


# ---------------------------------------------------------------------------------------------------------- what failed


def describe(error: BaseException, problem: Problem, module: ModuleType, package: str) -> Fault:
    """An exception as data: in whose code it was raised decides what it is called."""
    if isinstance(error, NotImplementedError):
        return _fault("todo", error)
    where, call = student_line(error.__traceback__, package), probe_line(error.__traceback__, problem)
    missing = _missing_function(error, module)
    if missing:
        return _fault("missing", error, text=missing)
    if _raised_in_probe(error.__traceback__, problem) and isinstance(
        error, (TypeError, ValueError, KeyError, AttributeError)
    ):
        return _fault("returned", error, call=call)
    return _fault("raised", error, where, call="" if where else call)


def _missing_function(error: BaseException, module: ModuleType) -> str:
    if isinstance(error, AttributeError) and getattr(error, "obj", None) is module:
        return f"{module.__name__.rpartition('.')[2]}.py has no function {error.name}"
    return ""


def _frames(trace: TracebackType | None) -> list[tuple[str, int, str]]:
    return [(f.filename, f.lineno or 0, f.name) for f in traceback.extract_tb(trace, limit=-200)] if trace else []


def _raised_in_probe(trace: TracebackType | None, problem: Problem) -> bool:
    frames = _frames(trace)
    return bool(frames) and frames[-1][0] == _file_of(problem.probe)


def student_line(trace: TracebackType | None, package: str) -> str:
    """`rnn.py, line 31`: where in the student's files the innermost frame stands; empty if in none."""
    inside = [(name, line) for name, line, _ in _frames(trace) if name.startswith(package)]
    return f"{Path(inside[-1][0]).name}, line {inside[-1][1]}" if inside else ""


def probe_line(trace: TracebackType | None, problem: Problem) -> str:
    """The line of the probe that was running."""
    file = _file_of(problem.probe)
    lines = [line for name, line, _ in _frames(trace) if name == file]
    return linecache.getline(file, lines[-1]).strip() if lines else ""


def _file_of(probe: Callable[..., Any]) -> str:
    return probe.__code__.co_filename


def _fault(
    kind: str, error: BaseException, where: str = "", call: str = "", text: str | None = None, phase: str = "call"
) -> Fault:
    if text is None:
        text = _text_of(error)
    name = type(error).__name__
    return {
        "kind": kind,
        "error": str(name)[:80],
        "text": _plain(text),
        "where": _plain(where),
        "call": call,
        "phase": phase,
    }


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return ""


def _plain(text: str) -> str:
    """One short line without control characters."""
    return "".join(c if c.isprintable() else " " for c in text[:LONGEST_TEXT])


# ------------------------------------------------------------------------------------------------------------ messages


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
