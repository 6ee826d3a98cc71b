"""Lines of the student's code: which frames are theirs, and what stands where.

Nothing of the student's is run: files are read as text, and text as a tree.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import FrameType, FunctionType, TracebackType

from autograder.worker.messages import MOST_STEPS, one_line

Place = tuple[FrameType, int]
"""A frame, and the line that it is at."""

LONGEST_LINE = 90
"""Characters of a line that is quoted in a path."""


def places(trace: TracebackType | None) -> list[Place]:
    """Every frame and its line, the innermost last."""
    # not with the traceback module: it wants to read files that may be closed to us
    found = []
    while trace is not None:
        found.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    return found


def students(trace: TracebackType | None, package: str) -> list[Place]:
    """The frames in the student's files, the innermost last."""
    folder = f"{package}{os.sep}recurrent{os.sep}"
    return [place for place in places(trace) if place[0].f_code.co_filename.startswith(folder)]


def named(place: Place) -> str:
    """`rnn.py, line 31`."""
    frame, line = place
    return f"{Path(frame.f_code.co_filename).name}, line {line}"


def source(frame: FrameType) -> str:
    """The text of the file that a frame is in, by its loader. Raises whatever that raises."""
    loader = frame.f_globals["__loader__"]
    return str(loader.get_source(frame.f_globals["__name__"]))


def tree_of(frame: FrameType) -> ast.Module | None:
    """The file that a frame is in, as a tree; None if it cannot be read."""
    with suppress(Exception):
        return _parsed(source(frame))
    return None


@lru_cache(maxsize=8)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def line_of(place: Place) -> str:
    """The text of a line. Raises whatever reading it raises."""
    frame, line = place
    return str(source(frame).splitlines()[line - 1])


def statement_at(place: Place) -> ast.stmt | None:
    """The innermost statement on a line; of an `if` or a loop, that is its head."""
    frame, line = place
    tree = tree_of(frame)
    found: ast.stmt | None = None
    for node in ast.walk(tree) if tree is not None else ():
        if not isinstance(node, ast.stmt) or not node.lineno <= line <= (node.end_lineno or 0):
            continue
        if found is None or node.lineno >= found.lineno:
            found = node
    return found


def outlines(found: Sequence[Place]) -> list[Place]:
    """The frames of functions: a comprehension or a lambda stands on a line of one of them."""
    return [place for number, place in enumerate(found) if not number or not is_inline(place)]


def path(found: Sequence[Place], notes: Sequence[str]) -> tuple[str, ...]:
    """From the outermost student frame inward: `rnn.py, line 31, in rnn_forward: `...``.

    notes: what there is to say behind each place, or nothing. Of many steps, the first and the last
    are told; of the same one again and again, one.
    """
    steps: list[str] = []
    last = ""
    for place, note in zip(found, notes, strict=True):
        text = step(place)
        if text != last:  # a function that calls itself
            steps.append(one_line(text + note))
        last = text
    if len(steps) > MOST_STEPS:
        steps[1 : 1 - MOST_STEPS] = []
    return tuple(steps)


def is_inline(place: Place) -> bool:
    """Whether this is the frame of a comprehension, a generator or a lambda."""
    return place[0].f_code.co_name.startswith("<")


def step(place: Place) -> str:
    """`rnn.py, line 31, in rnn_forward: `h = np.tanh(a)``, the line only if it can be read."""
    frame, line = place
    text = ""
    with suppress(Exception):
        text = line_of(place)
    return step_at(Path(frame.f_code.co_filename).name, line, frame.f_code.co_name, text)


def step_at(file: str, line: int, function: str, text: str) -> str:
    """An entry of a path. text: the line as it stands in the file, or nothing."""
    where, text = f"{file}, line {line}, in {function}", text.strip()
    if len(text) > LONGEST_LINE:
        text = f"{text[: LONGEST_LINE - 3]}..."
    return f"{where}: `{text}`" if text else where


# ---------------------------------------------------------------------------------------- functions


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Every function of a file, methods and inner ones among them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def function_at(tree: ast.Module, name: str, line: int) -> ast.FunctionDef | None:
    """The innermost function of that name that has this line."""
    found = None
    for node in functions_of(tree):
        if node.name == name and node.lineno <= line <= (node.end_lineno or node.lineno):
            found = node
    return found


def function_of(place: Place) -> ast.FunctionDef | None:
    """The function whose frame this is."""
    tree = tree_of(place[0])
    return None if tree is None else function_at(tree, place[0].f_code.co_name, place[1])


def own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in a function, but in no function or class inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def has_no_return(function: ast.FunctionDef) -> bool:
    """Whether there is no `return` in a function, so that it gives None; no generator."""
    for node in own_nodes(function):
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Return)):
            return False
    return True


def assigned_in(function: ast.FunctionDef, name: str) -> list[int]:
    """The lines of a function on which a name is given a value."""
    lines = []
    for node in own_nodes(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name:
            lines.append(node.lineno)
    return sorted(set(lines))


def arguments_of(function: ast.FunctionDef) -> list[str]:
    """The names of a function's arguments."""
    given = function.args
    return [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def ends_without_return(function: FunctionType) -> bool:
    """Whether a function gives None because there is no `return` in it; False if unsure."""
    node = node_of(function)
    return node is not None and has_no_return(node)


def node_of(function: FunctionType) -> ast.FunctionDef | None:
    """The very function as it is written: another may have its name, and be behind a decorator."""
    home, code = function.__globals__, function.__code__
    with suppress(Exception):
        tree = _parsed(str(home["__loader__"].get_source(home["__name__"])))
        for node in functions_of(tree):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            if node.name == code.co_name and first == code.co_firstlineno:
                return node
    return None
