"""What failed in the student's process: of which kind, in Python's words, on which line."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from autograder.problem import Fault, FaultKind, Phase, Problem
from autograder.worker.guard import Refused, RefusedDeed
from autograder.worker.messages import one_line

LONGEST_NAME = 80
"""Characters of an exception's name."""


def describe_import(error: BaseException, package: str) -> Fault:
    """Why the student's file cannot be imported."""
    location = student_line(error.__traceback__, package)
    if isinstance(error, (Refused, RefusedDeed)):
        return _fault("refused", error, location, phase="import")
    if isinstance(error, SyntaxError):
        # no frame has run in the file, but the error knows where it is
        place = f"{Path(str(error.filename or '')).name}, line {error.lineno}"
        return _fault("import", error, place, text=error.msg, phase="import")
    if isinstance(error, ModuleNotFoundError) and str(error.name).startswith("recurrent."):
        return missing_file(str(error.name).rpartition(".")[2])
    if isinstance(error, NotImplementedError):
        return _fault("todo", error, location, phase="import")
    return _fault("import", error, location, phase="import")


def missing_file(lesson: str) -> Fault:
    """The fault of a file that was not handed in."""
    text = f"{lesson}.py is missing from the submission"
    return Fault("missing", "ModuleNotFoundError", text, phase="import")


def describe(error: BaseException, problem: Problem, module: ModuleType, package: str) -> Fault:
    """Why a call has no answer: in whose code an exception was raised decides what it is called."""
    trace = error.__traceback__
    location, call = student_line(trace, package), probe_line(trace, problem)
    if isinstance(error, (Refused, RefusedDeed)):
        return _fault("refused", error, location)
    if isinstance(error, NotImplementedError):
        return _fault("todo", error)
    missing = _missing_function(error, module)
    if missing:
        return _fault("missing", error, text=missing)
    # the probe itself stumbled: over arguments or results that are not what was asked for
    places = _places(trace)
    in_probe = bool(places) and places[-1][0] == _file_of(problem.probe)
    if in_probe and isinstance(error, (TypeError, ValueError, KeyError, AttributeError)):
        return _fault("returned", error, call=call)
    return _fault("raised", error, location, call="" if location else call)


def _missing_function(error: BaseException, module: ModuleType) -> str:
    if isinstance(error, AttributeError) and getattr(error, "obj", None) is module:
        return f"{module.__name__.rpartition('.')[2]}.py has no function {error.name}"
    return ""


def _places(trace: TracebackType | None) -> list[tuple[str, int]]:
    """File and line of every frame, the innermost last."""
    # not with the traceback module: it wants to read files that may be closed to us
    places = []
    while trace is not None:
        places.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return places


def student_line(trace: TracebackType | None, package: str) -> str:
    """`rnn.py, line 31`: the innermost frame in the student's files; empty if there is none."""
    folder = f"{package}{os.sep}recurrent{os.sep}"
    for name, line in reversed(_places(trace)):
        if name.startswith(folder):
            return f"{Path(name).name}, line {line}"
    return ""


def probe_line(trace: TracebackType | None, problem: Problem) -> str:
    """The source of the probe's line that was running; empty if none was."""
    file = _file_of(problem.probe)
    for name, line in reversed(_places(trace)):
        if name == file:
            return source_of(file)[line - 1].strip()
    return ""


@cache
def source_of(file: str) -> list[str]:
    """The lines of a probe's file; kept, because a worker is soon cut off from the disk."""
    return Path(file).read_text(encoding="utf-8").splitlines()


def _file_of(probe: Callable[..., Any]) -> str:
    return probe.__code__.co_filename


def _fault(
    kind: FaultKind,
    error: BaseException,
    location: str = "",
    call: str = "",
    text: str | None = None,
    phase: Phase = "call",
) -> Fault:
    name = str(type(error).__name__)[:LONGEST_NAME]
    if text is None:
        text = _text_of(error)
    return Fault(kind, name, one_line(text), one_line(location), call, phase)


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # its `__str__` is the student's
        return ""
