"""What failed in the student's process: of which kind, in Python's words, on which line."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType, ModuleType, TracebackType
from typing import Any

from autograder.problem import Fault, FaultKind, Phase, Problem
from autograder.worker import crashes, lines, returned
from autograder.worker.guard import Refused, RefusedDeed
from autograder.worker.leftovers import ALONE, COLAB, HERE, leftover_on, newer_name, newer_syntax
from autograder.worker.leftovers import quoted as quote
from autograder.worker.lines import Place
from autograder.worker.messages import one_line
from autograder.worker.returned import WrongReturn

LONGEST_NAME = 80
"""Characters of an exception's name."""

ABOUT_SHAPES = (TypeError, ValueError, IndexError)
"""Exceptions with which it helps to see the shapes of what is on the line."""

MISFITS = (TypeError, ValueError, LookupError, AttributeError)
"""What a probe raises by itself when it is given something else than it was to be given."""

GRADED = f"this is graded with Python {HERE}"

NO_DEBUGGER = (
    "breakpoint() waits for somebody to type, which works with `check.py PROBLEM --debug` only: "
    "delete it, or use that"
)

_NOT_IN_MODULE = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")


# ------------------------------------------------------------------------- while a file is imported


def describe_import(error: BaseException, package: str) -> Fault:
    """Why the student's file cannot be imported."""
    location = student_line(error.__traceback__, package)
    if isinstance(error, SyntaxError):
        return _no_python(error)
    if isinstance(error, ModuleNotFoundError) and str(error.name).startswith("recurrent."):
        return missing_file(str(error.name).rpartition(".")[2])
    if lacking := _newer_name(error) or _lacking_name(error):
        return _fault("import", error, location, text=lacking, phase="import")
    place = _at_top_of_file(error.__traceback__, package)
    line = "" if place is None else lines.line_of(place)
    if isinstance(error, (Refused, RefusedDeed)):
        return _refused_at_import(error, location, line)
    if place is None:
        return _fault("import", error, location, phase="import")
    return _run_at_import(error, place, line)


def _no_python(error: SyntaxError) -> Fault:
    """The file is no Python, or none of this version; no frame has run in it."""
    place = f"{Path(str(error.filename or '')).name}, line {error.lineno}"
    line = _line_of_file(error)
    message = str(error.msg)
    if isinstance(error, TabError):
        text = "this line mixes tabs and spaces: indent every line with spaces only"
        return _fault("import", error, place, text=text, phase="import")
    newer = newer_syntax(line, message)
    if newer:
        return _fault("import", error, place, text=f"{newer}, and {GRADED}", phase="import")
    left = leftover_on(line)
    if left:
        return Fault("import", "", one_line(left), one_line(place), phase="import")
    if message == "invalid syntax":  # which may be that of a Python that is not known here yet
        message = f"{message} for Python {HERE}"
    return _fault("import", error, place, text=message, phase="import")


def _refused_at_import(error: BaseException, location: str, line: str) -> Fault:
    """Something forbidden was not only imported, but used."""
    name = str(getattr(error, "name", None) or "").partition(".")[0]
    text = None
    if name in COLAB and line:
        text = f"{quote(line)} works in a notebook only: delete that line"
    elif line:
        text = f"{_text_of(error)}; delete {quote(line)}, or move it {ALONE}"
    return _fault("refused", error, location, text=text, phase="import")


def _run_at_import(error: BaseException, place: Place, line: str) -> Fault:
    """A statement of the file itself failed, one that only runs something.

    It costs all problems of the file, so it is said how it costs none.
    """
    location = lines.named(place)
    move = f"delete that line, or move it {ALONE}"
    if isinstance(error, NameError) and (left := leftover_on(line)):
        return Fault("import", "", one_line(left), one_line(location), phase="import")
    if isinstance(error, SystemExit):
        text = f"{quote(line)} ends the program while the file is imported: {move}"
    elif isinstance(error, EOFError):
        text = f"{quote(line)} asks for input, and nobody is there to type it: {move}"
    elif isinstance(error, NotImplementedError):
        text = f"{quote(line)} runs what is still to do while the file is imported: {move}"
    else:
        text = f"{_text_of(error)}; {quote(line)} runs while the file is imported: "
        text += f"correct that line, or move it {ALONE}"
    return _fault("import", error, location, text=text, phase="import")


def missing_file(lesson: str) -> Fault:
    """The fault of a file that was not handed in."""
    text = f"{lesson}.py is missing from the submission"
    return Fault("missing", "ModuleNotFoundError", text, phase="import")


# ------------------------------------------------------------------------------------ during a call


def describe(error: BaseException, problem: Problem, module: ModuleType, package: str) -> Fault:
    """Why a call has no answer: in whose code an exception was raised decides what it is called."""
    trace = error.__traceback__
    location, call = student_line(trace, package), the_call(trace, problem)
    if isinstance(error, WrongReturn):
        return Fault("returned", error.error, one_line(_text_of(error)))
    if newer := _newer_name(error):
        return _fault("raised", error, location, text=newer)
    if isinstance(error, (Refused, RefusedDeed)):
        return _fault("refused", error, location)
    if type(error).__name__ == "BdbQuit":
        return _fault("raised", error, location, text=NO_DEBUGGER)
    if isinstance(error, (SystemExit, EOFError)) and location:
        return _stopped(error, lines.students(trace, package)[-1])
    if isinstance(error, NotImplementedError) and location:
        return unfinished(error, location)
    missing = _missing_function(error, module)
    if missing:
        return _fault("missing", error, text=missing)
    # the probe itself stumbled: over arguments or results that are not what was asked for
    if location == "" and isinstance(error, MISFITS):
        places = lines.places(trace)
        if places and places[-1][0].f_code.co_filename in (_file_of(problem.probe), returned.FILE):
            return stumbled(error, problem)
    found = lines.students(trace, package)
    if not found:
        return _fault("raised", error, call=call)
    fault = _fault("raised", error, location, text=meaning(error, found))
    return replace(fault, path=path(error, found))


def meaning(error: BaseException, found: Sequence[Place]) -> str:
    """What an exception means on the innermost of the student's lines, or its own message."""
    return crashes.sentence(error, found[-1]) or _text_of(error)


def path(error: BaseException, found: Sequence[Place]) -> tuple[str, ...]:
    """The student's lines from the outermost inward.

    The shapes of what they work with are told where the meaning has not told them already.
    """
    told = lines.outlines(found)
    notes = [""] * len(told)
    if len(told) > 1:
        notes[0] = crashes.shapes_on(told[0])
    if isinstance(error, ABOUT_SHAPES) and not crashes.tells_shapes(error, found[-1]):
        notes[-1] = crashes.shapes_on(told[-1])
    return lines.path(told, notes)


def _stopped(error: BaseException, place: Place) -> Fault:
    """The function ends the program, or waits for what nobody will type."""
    line = ""
    with suppress(Exception):
        line = lines.line_of(place)
    text = "ends the program: let the function return its results"
    if isinstance(error, EOFError):
        text = "asks for input, and nobody is there to type it: use the arguments"
    return _fault("raised", error, lines.named(place), text=f"{quote(line)} {text}")


def unfinished(error: NotImplementedError, location: str = "") -> Fault:
    """A function that is still to do, or one that is done but for the line that says it is not.

    Of the second there is no text: what it says of itself is not so.
    """
    frame, line = lines.places(error.__traceback__)[-1]
    text = ""
    if is_untouched(frame, line):
        text = _text_of(error) or frame.f_code.co_name
    return _fault("todo", error, location, text=text)


def stumbled(error: BaseException, problem: Problem) -> Fault:
    """The probe itself failed, over what the student's function takes or has returned."""
    call, text = the_call(error.__traceback__, problem), misfit(error, problem)
    if not call:
        text = f"what came back does not fit: {text}"
    return _fault("returned", error, call=call, text=text)


def misfit(error: BaseException, problem: Problem) -> str:
    """What a probe could not use, with the kinds of what it had got."""
    text = _text_of(error)
    if isinstance(error, KeyError):
        text = f"there is no {text} in it"
    if problem.question is not None:
        return text  # a whole sentence, of the answer itself
    places = lines.places(error.__traceback__)
    came = ""
    for frame, line in places:
        # a comprehension has a frame of its own, in which nothing is that came back
        code = frame.f_code
        if code.co_filename == _file_of(problem.probe) and code.co_name[0] != "<":
            came = returned.what_came_back(frame, line)
    return f"{text}; {came}" if came else text


def is_untouched(frame: FrameType, line: int) -> bool:
    """Whether the function at a line is still as it was handed out: a `raise`, perhaps a `return`.

    True as well for what cannot be read.
    """
    function = None
    with suppress(Exception):  # its file may be gone, or never have been one
        function = lines.function_at(ast.parse(lines.source(frame)), frame.f_code.co_name, line)
    if function is None:
        return True
    body = [node for node in function.body if not _is_text(node)]
    if not body or not isinstance(body[0], ast.Raise):
        return False
    return len(body) == 1 or (len(body) == 2 and _returns_names(body[1]))


def _returns_names(node: ast.stmt) -> bool:
    """Whether this is `return next_h, cache` or the like, as it is handed out below the `raise`."""
    value = node.value if isinstance(node, ast.Return) else None
    names = value.elts if isinstance(value, ast.Tuple) else [value]
    return all(isinstance(name, ast.Name) for name in names)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _missing_function(error: BaseException, module: ModuleType) -> str:
    if isinstance(error, AttributeError) and getattr(error, "obj", None) is module:
        return f"{module.__name__.rpartition('.')[2]}.py has no function {error.name}"
    return ""


def _lacking_name(error: BaseException) -> str:
    """What one of the student's files wants of another, which has no such name."""
    found = _NOT_IN_MODULE.match(_text_of(error)) if isinstance(error, ImportError) else None
    if found is None or not found[2].startswith("recurrent."):
        return ""
    return f"there is no {found[1]} in {found[2].partition('.')[2]}.py"


def _newer_name(error: BaseException) -> str:
    """What a student's file wants of the standard library that only a newer Python has."""
    name = ""
    if isinstance(error, ModuleNotFoundError) or type(error) is Refused:
        name = str(getattr(error, "name", ""))
    elif isinstance(error, ImportError):
        found = _NOT_IN_MODULE.match(_text_of(error))
        name = f"{found[2]}.{found[1]}" if found else ""
    elif isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        name = f"{error.obj.__name__}.{error.name}"
    newer = newer_name(name)
    return f"{newer}, and {GRADED}" if newer else ""


# -------------------------------------------------------------------------------- lines of the code


def student_line(trace: TracebackType | None, package: str) -> str:
    """`rnn.py, line 31`: the innermost frame in the student's files; empty if there is none."""
    places = lines.students(trace, package)
    if not places:
        return ""
    return lines.named(places[-1])


def the_call(trace: TracebackType | None, problem: Problem) -> str:
    """`f(x, h)`: the call of the student's function that a probe was at; empty if that is not sure.

    The probe's own line is nothing that a student knows.
    """
    if problem.question is not None:
        return f"{problem.of}()"  # which all questions' probe calls by its name
    file = _file_of(problem.probe)
    for frame, line in reversed(lines.places(trace)):
        if frame.f_code.co_filename == file:
            found = returned.calls_at(file, line)
            return found[0] if len(found) == 1 else ""
    return ""


def _at_top_of_file(trace: TracebackType | None, package: str) -> Place | None:
    """Where a student's file was when a statement of its own failed that only runs something.

    Not an import, nor the head of a function or class: those a file cannot do without.
    """
    outside = [place for place in lines.students(trace, package) if _is_module(place[0])]
    if not outside:
        return None
    frame, line = outside[-1]
    with suppress(Exception):
        for node in ast.parse(lines.source(frame)).body:
            at_home = isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef))
            if not at_home and node.lineno <= line <= (node.end_lineno or node.lineno):
                return frame, line
    return None


def _is_module(frame: FrameType) -> bool:
    return frame.f_code.co_name == "<module>"


def _line_of_file(error: SyntaxError) -> str:
    """The line with a syntax error, from the file: what the error quotes may be a part of it."""
    with suppress(Exception):
        lines = Path(str(error.filename)).read_text(encoding="utf-8").splitlines()
        return lines[(error.lineno or 0) - 1]
    return str(error.text or "")


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
