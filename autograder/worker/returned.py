"""What a student's function returned, where a probe takes it apart: a tuple of as many results?

Python would unpack the keys of a dictionary and the rows of an array without a word, and what comes
of it is told far from its cause. So the probe is given the student's module behind a `Watched`,
which looks at each result where the call's next instruction is to unpack it. Only what cannot be
right is refused: the numbers that Python would unpack are unpacked.
"""

from __future__ import annotations

import ast
import dis
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from autograder import lessons
from autograder.problem import Problem
from autograder.worker import lines

FILE = __file__
"""Where the student's functions are called from, in place of the probe's own file."""

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

MOST_SHOWN = 6
"""Variables of a probe that are described."""


class WrongReturn(Exception):
    """What was returned cannot be taken apart as the probe wants it; the message says all of it.

    error: the exception that Python would have raised, or none.
    """

    def __init__(self, text: str, error: str) -> None:
        super().__init__(text)
        self.error = error


class Watched:
    """Stands for the student's module in a probe, and looks at what its functions return."""

    def __init__(self, module: ModuleType, problem: Problem) -> None:
        self._module, self.problem = module, problem
        self.ended_without_return: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._module, name)
        # classes are called to be built, and their methods are called on what was built
        if isinstance(value, type) or not callable(value):
            return value
        return _watched(value, name, self)


def _watched(function: Callable[..., Any], name: str, watched: Watched) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        returned = function(*arguments, **named)
        if returned is None and _has_no_return(function):
            watched.ended_without_return.add(name)
        caller = sys._getframe(1)
        # a helper of the probe's may hand it on
        while _next(caller.f_code, caller.f_lasti)[0] == "RETURN_VALUE" and caller.f_back:
            caller = caller.f_back
        instruction, wanted = _next(caller.f_code, caller.f_lasti)
        if instruction != "UNPACK_SEQUENCE" or wanted is None:
            return returned
        return _taken_apart(returned, wanted, _Call(name, watched, caller))

    return call


def _has_no_return(function: Callable[..., Any]) -> bool:
    return type(function) is FunctionType and lines.ends_without_return(function)


class _Call(NamedTuple):
    """A call of a student's function in a probe."""

    function: str
    watched: Watched
    frame: FrameType

    @property
    def problem(self) -> Problem:
        """What is graded."""
        return self.watched.problem


def _taken_apart(returned: Any, wanted: int, call: _Call) -> Any:
    """The results, as many as are wanted. Raises WrongReturn if what was returned are others."""
    if isinstance(returned, (tuple, list)):
        if wanted == len(returned) == 2 and _are_swapped(returned[0], returned[1], call):
            raise _wrong("them in another order", call, wanted, "ValueError")
        if len(returned) == wanted:
            return returned
        raise _wrong(f"{_count(len(returned), 'result')}", call, wanted, "ValueError")
    if _is_array(returned):
        if returned.ndim and len(returned) == wanted and _rows_may_be_meant(returned, call):
            return returned
        raise _wrong("one array", call, wanted, "ValueError" if returned.ndim else "TypeError")
    if isinstance(returned, (dict, set, frozenset, str, bytes)):
        raise _wrong(kind_of(returned), call, wanted, "TypeError")
    try:
        iterator = iter(returned)
    except TypeError:
        raise _wrong(kind_of(returned), call, wanted, "TypeError") from None
    results = tuple(islice(iterator, wanted + 1))
    if len(results) == wanted:
        return results
    raise _wrong(kind_of(returned), call, wanted, "ValueError")


def _is_array(value: Any) -> bool:
    """Whether this is an array or a tensor."""
    return isinstance(getattr(value, "ndim", None), int) and hasattr(value, "shape")


def _rows_may_be_meant(array: Any, call: _Call) -> bool:
    """Whether a row has as many axes as every result: then the rows may be the results."""
    axes = _axes(call)
    known = [axes[name] for name in _names(call) if name in axes]
    return all(array.ndim - 1 == known_axes for known_axes in known)


def _axes(call: _Call) -> dict[str, int]:
    """Result -> how many axes it has, of all that the lesson's functions return."""
    axes = {}
    for problem in lessons.lesson(call.problem.lesson).problems:
        for tensor in (*problem.gives, *problem.brings):
            axes[tensor.name] = len(tensor.axes)
    return axes


def _are_swapped(first: Any, second: Any, call: _Call) -> bool:
    """Whether a cache stands where the result belongs, and the result where the cache does."""
    if not isinstance(first, (tuple, list, dict)) or not _is_array(second):
        return False
    name, other = _names(call) or ("", "")
    axes = _axes(call).get(name)
    if other != "cache" or second.ndim != axes:
        return False
    try:
        return isinstance(first, dict) or np.ndim(first) != axes
    except ValueError:  # of parts of different shapes
        return True


def _wrong(what: str, call: _Call, wanted: int, error: str) -> WrongReturn:
    """`you returned a dict; five arrays are wanted, in this order: dx, dprev_h, dWx, dWh, db`."""
    who = "you" if call.function == call.problem.of else call.function
    did = f"{who} returned {what}"
    if call.function in call.watched.ended_without_return:
        did = f"{'your function' if who == 'you' else who} has no `return`"
    names = _names(call)
    declared = {tensor.name for tensor in (*call.problem.gives, *call.problem.brings)}
    noun = "array" if declared.issuperset(names) else "result"
    order = f", in this order: {', '.join(names)}" if len(names) == wanted else ""
    return WrongReturn(f"{did}; {_count(wanted, noun)} are wanted{order}", error)


def _count(number: int, noun: str) -> str:
    word = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{word} {noun}" if number == 1 else f"{word} {noun}s"


def kind_of(value: Any) -> str:
    """`None`, `a dict`, `an array`, `a tuple of 2`: what something is, and nothing that is in it.

    >>> kind_of({}), kind_of(1), kind_of((1, 2)), kind_of(np.zeros(3))
    ('a dict', 'an int', 'a tuple of 2', 'an array')
    """
    if value is None:
        return "None"
    if _is_array(value):
        return "an array"
    name = type(value).__name__
    article = "an" if name[:1].lower() in "aeiou" else "a"
    length = f" of {len(value)}" if type(value) in (tuple, list) else ""
    return f"{article} {name}{length}"


def what_came_back(frame: FrameType, line: int) -> str:
    """`loss is a str, grads is a str`: what a probe, or its helper, had got when it stumbled."""
    kinds = {}
    for name in _got_before(_tree(frame.f_code.co_filename), frame.f_code.co_firstlineno, line):
        if name in frame.f_locals and name != "cache" and not name.startswith("_"):
            kinds[name] = f"{name} is {kind_of(frame.f_locals[name])}"
    return ", ".join([*kinds.values()][:MOST_SHOWN])


def calls_at(file: str, line: int) -> list[str]:
    """`f(x, h)`: the calls of the student's functions that stand on a line of a probe."""
    found = []
    for node in ast.walk(_tree(file)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id == "student" and _is_at(node, line):
            names = [*map(_name_of, node.args)]
            names += [f"{word.arg}={_name_of(word.value)}" for word in node.keywords if word.arg]
            found.append(f"{node.func.attr}({', '.join(names)})")
    return found


def _is_at(node: ast.expr, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _name_of(node: ast.expr) -> str:
    """What an argument is called; the probe's own way to make it is left out."""
    if isinstance(node, (ast.Name, ast.Constant)):
        return ast.unparse(node)
    inner = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    known = [name for name in inner if name not in ("int", "float", "student", "np", "list")]
    return known[0] if len(known) == 1 else "..."


# --------------------------------------------------------------- how the probe takes a result apart


@cache
def _next(code: CodeType, at: int) -> tuple[str, int | None]:
    """The instruction behind the call at a place, and its number: what is done with the result."""
    # some versions stand at the call itself, some at the last of the cache entries behind it
    for instruction in dis.get_instructions(code):
        if instruction.offset > at:
            return instruction.opname, instruction.arg
    return "", None


def _names(call: _Call) -> tuple[str, ...]:
    """What the probe calls the results, in order; empty if that cannot be told.

    What it does not look at it calls `_`: there the name of another probe of the lesson is taken.
    """
    tree = _tree(call.frame.f_code.co_filename)
    here = _targets_at(tree, call.frame.f_lineno)
    names = ["_"] * len(here)
    for targets in (*_targets_of(tree, call.function), here):
        if len(targets) == len(names):
            pairs = zip(names, targets, strict=True)
            names = [other if name == "_" else name for name, other in pairs]
    if names and names[-1] == "_" and call.function.endswith("_forward"):
        names[-1] = "cache"
    return tuple(name.strip("_") or "another result" for name in names)


@cache
def _tree(file: str) -> ast.Module:
    return ast.parse("\n".join(source_of(file)))


@cache
def source_of(file: str) -> list[str]:
    """The lines of a probe's file; kept, because a worker is soon cut off from the disk."""
    return Path(file).read_text(encoding="utf-8").splitlines()


@cache
def _unpackings(tree: ast.Module) -> tuple[tuple[ast.Assign, tuple[str, ...]], ...]:
    """The assignments to several variables, and what these are called.

    Kept: to look through a whole file again at every call cost more than all the students' code.
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            variables = node.targets[0].elts
            names = tuple(name.id for name in variables if isinstance(name, ast.Name))
            if len(names) == len(variables):
                found.append((node, names))
    return tuple(found)


def _got_before(tree: ast.Module, first: int, last: int) -> Iterator[str]:
    """The variables to which results of calls are given between two lines."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if first <= node.lineno <= last:
            for variable in ast.walk(node.targets[0]):
                if isinstance(variable, ast.Name):
                    yield variable.id


def _targets_at(tree: ast.Module, line: int) -> tuple[str, ...]:
    for node, names in _unpackings(tree):
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            return names
    return ()


def _targets_of(tree: ast.Module, function: str) -> Iterator[tuple[str, ...]]:
    """Of every call of a student's function, what its results are called."""
    for node, names in _unpackings(tree):
        value = node.value
        called = value.func if isinstance(value, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr == function:
            yield names
