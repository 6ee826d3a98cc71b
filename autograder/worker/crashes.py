"""What an exception of the student's code means, in a sentence with the names on their line.

Each kind of exception has its way to a sentence; where a way is not sure, it says nothing, and the
exception's own message stays.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from autograder.worker import gibberish, lines, operands
from autograder.worker.lines import Place
from autograder.worker.operands import UNKNOWN, Scope

MOST_KEYS, MOST_LINES = 8, 3
"""Keys of a dictionary, and lines of a file, that are listed."""

LONGEST_KEY = 20

IMPORTS = {"np": "import numpy as np", "math": "import math", "torch": "import torch"}
"""A name that everybody knows -> what gives it."""

UNPACKING = re.compile(
    r"not enough values to unpack \(expected (?:at least )?(?P<few>\d+), got (?P<got>\d+)\)"
    r"|too many values to unpack \(expected (?P<many>\d+)"
)

LOCAL_NAME = re.compile(r"local variable '(\w+)'")
"""Of an UnboundLocalError, which has no `name` in some versions."""

NUMBERS = re.compile(r"-?\d+")


def sentence(error: BaseException, place: Place) -> str:
    """What went wrong on a student's line; empty where the exception's own message is best."""
    with suppress(Exception):  # it is only said: whatever goes wrong here, the message stays
        statement = lines.statement_at(place)
        if statement is None or isinstance(statement, (ast.Raise, ast.Assert)):
            return ""
        for kind, way in WAYS.items():
            if isinstance(error, kind):
                return way(error, place, statement) or _of_shapes(error, place, statement)
        return _of_shapes(error, place, statement)
    return ""


def shapes_on(place: Place) -> str:
    """` with x[:, t] (3, 4), h (3, 6)`: what a line works with; empty if it has no arrays."""
    with suppress(Exception):
        statement = lines.statement_at(place)
        if statement is not None:
            found = operands.operands(_head(statement), Scope.of(place[0]))
            return f" with {', '.join(found)}" if found else ""
    return ""


def tells_shapes(error: BaseException, place: Place) -> bool:
    """Whether the sentence about an exception has the shapes of what is on the line in it."""
    return "(" in sentence(error, place)


def _head(statement: ast.stmt) -> ast.stmt:
    """A statement without the statements in it."""
    if isinstance(statement, (ast.If, ast.While)):
        return ast.Expr(statement.test)
    if isinstance(statement, ast.For):
        return ast.Expr(statement.iter)
    if isinstance(statement, (ast.With, ast.Try, ast.FunctionDef, ast.ClassDef)):
        return ast.Pass()
    return statement


# ------------------------------------------------------------------------------------------- shapes


def _of_shapes(error: BaseException, place: Place, statement: ast.stmt) -> str:
    """The step of a line that cannot be done; else the message in plain English."""
    message = str(error).strip()
    found = gibberish.row_of(message)
    if found is None:
        return ""
    row, words = found
    if row.kind is not None:
        misfit = _misfit(place, statement)
        if misfit is not None and misfit.kind == row.kind and _same_numbers(misfit, row, words):
            return str(misfit)
        none = _none_in_sum(_head(statement), Scope.of(place[0]), place)
        if none and row.kind == "matmul":  # to numpy, None is an array without axes
            return none
    return gibberish.in_english(row, words)


def _misfit(place: Place, statement: ast.stmt) -> operands.Misfit | None:
    scope = Scope.of(place[0])
    if not lines.is_inline(place):
        return operands.misfit(statement, scope)
    # of a comprehension or a lambda the frame knows its own part only
    for node in ast.walk(statement):
        part: ast.expr | None = None
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            part = node.elt
        elif isinstance(node, ast.Lambda):
            part = node.body
        if part is not None and (found := operands.misfit(ast.Expr(part), scope)) is not None:
            return found
    return None


def _same_numbers(misfit: operands.Misfit, row: gibberish.Row, words: re.Match[str]) -> bool:
    """Whether what is found on the line speaks of the lengths that the message speaks of."""
    there = NUMBERS.findall(str(misfit))
    return all(words[name] in there for name in row.numbers)


# -------------------------------------------------------------------------------------------- names


def _no_name(error: NameError, place: Place, statement: ast.stmt) -> str:
    """A name that is not there: of another function, not yet given a value, or misspelt."""
    found = LOCAL_NAME.search(str(error))
    name = found[1] if found else error.name
    if name is None or lines.is_inline(place):
        return ""
    here = lines.function_of(place)
    if isinstance(error, UnboundLocalError):
        return _no_value_yet(name, place, here)
    owners = _functions_with(name, place)
    scope = Scope.of(place[0])
    if name in IMPORTS:
        return f"`{name}` is not imported: `{IMPORTS[name]}` belongs at the top of the file"
    text = f"there is no `{name}` here"
    if here is not None and owners and here.name not in owners:
        others = " and ".join(f"`{owner}`" for owner in owners[:2])
        text = f"`{name}` is a name inside {others}, and `{here.name}` does not see it"
        if "cache" in lines.arguments_of(here):
            return f"{text}: what it needs comes through `cache`"
        return text
    near = nearest(name, _known_names(scope))
    return f"{text}: did you mean `{near}`?" if near else text


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like this one; empty if none is."""
    letters, known = sorted(name), list(known)
    for other in known:
        if sorted(other) == letters:  # two of them have changed places
            return other
    from difflib import get_close_matches  # few workers need it, and all wait for it

    near = get_close_matches(name, known, n=1, cutoff=0.7)
    return near[0] if near else ""


def _known_names(scope: Scope) -> list[str]:
    known = [*scope.local, *scope.outer, *vars(builtins)]
    return [name for name in known if isinstance(name, str) and not name.startswith("__")]


def _functions_with(name: str, place: Place) -> list[str]:
    """The functions of the file that give a name a value, or have it as an argument."""
    tree = lines.tree_of(place[0])
    found = []
    for function in lines.functions_of(tree) if tree is not None else ():
        if lines.assigned_in(function, name) or name in lines.arguments_of(function):
            found.append(function.name)
    return list(dict.fromkeys(found))


def _no_value_yet(name: str, place: Place, here: ast.FunctionDef | None) -> str:
    text = f"`{name}` has no value yet on this line"
    if here is None:
        return text
    removed = any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Del)
        for node in lines.own_nodes(here)
    )
    where = lines.assigned_in(here, name)
    if removed or not where or len(where) > MOST_LINES:
        return text
    if place[1] in where and len(where) == 1:
        return f"{text}: it is only given one here, and this line uses it already"
    return f"{text}: it gets one on {_lines(where)} only, which did not run before this"


def _lines(numbers: Sequence[int]) -> str:
    words = [str(number) for number in numbers]
    if len(words) == 1:
        return f"line {words[0]}"
    return f"lines {', '.join(words[:-1])} and {words[-1]}"


# --------------------------------------------------------------------------------- keys, attributes


def _no_key(error: KeyError, place: Place, statement: ast.stmt) -> str:
    """A key that a dictionary on the line does not have, with those that it has."""
    if len(error.args) != 1 or type(error.args[0]) not in (str, int):
        return ""
    key, scope = error.args[0], Scope.of(place[0])
    for node in ast.walk(_head(statement)):
        if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
            continue
        owner, index = _value(node.value, scope), _value(node.slice, scope)
        if type(owner) is dict and type(index) is type(key) and index == key and key not in owner:
            return f"`{operands.quoted(node.value)}` has no key {key!r}; {_keys(owner)}"
    return f"there is no key {key!r}"


def _keys(owner: Mapping[Any, Any]) -> str:
    if not owner:
        return "it is empty"
    keys = [key for key in owner if type(key) is str and len(key) <= LONGEST_KEY]
    if len(keys) < len(owner) or len(keys) > MOST_KEYS:
        return f"it has {len(owner)} other keys" if len(owner) > 1 else "it has one other key"
    return f"it has {', '.join(repr(key) for key in keys)}"


def _value(node: ast.expr, scope: Scope) -> Any:
    try:
        return operands.value_of(node, scope)
    except operands.Misfit:
        return UNKNOWN


def _no_attribute(error: AttributeError, place: Place, statement: ast.stmt) -> str:
    """Something that an object does not have: one that was never set, or a misspelt one."""
    name, owner = error.name, error.obj
    if not isinstance(name, str):
        return ""
    what = _written_as(statement, name)
    if owner is None:
        return f"`{what}` is None, and None has no `{name}`" if what else ""
    if isinstance(owner, ModuleType):
        near = nearest(name, vars(owner))
        text = f"{owner.__name__} has no `{name}`"
        return f"{text}: did you mean `{near}`?" if near else text
    if type(owner) is np.ndarray or type(owner) in (list, tuple, dict, int, float, str):
        return _not_of_this_kind(name, owner, what)
    if what == "self":
        return _never_set(name, place)
    return ""


def _written_as(statement: ast.stmt, name: str) -> str:
    """What stands before the dot; empty if that is not sure."""
    owners = set()
    for node in ast.walk(_head(statement)):
        if isinstance(node, ast.Attribute) and node.attr == name:
            owners.add(operands.quoted(node.value))
    return owners.pop() if len(owners) == 1 else ""


def _not_of_this_kind(name: str, owner: Any, what: str) -> str:
    kind = "an array" if type(owner) is np.ndarray else _a(type(owner).__name__)
    subject = f"`{what}` is {kind}" if what else f"it is {kind}"
    text = f"{subject}, and that has no `{name}`"
    if type(owner) in (list, tuple) and hasattr(np.ndarray, name):
        return f"{text}: arrays have it"
    near = nearest(name, dir(type(owner)))
    return f"{text}: did you mean `{near}`?" if near else text


def _never_set(name: str, place: Place) -> str:
    """`self.Wx`, which no method sets, or one that has not run."""
    tree = lines.tree_of(place[0])
    home = None if tree is None else _class_at(tree, place[1])
    if home is None:
        return ""
    setting, known = [], []
    for function in lines.functions_of(home):
        for attribute in _set_on_self(function):
            known.append(attribute)
            if attribute == name:
                setting.append(f"`{function.name}`")
    text = f"there is no `self.{name}`"
    if setting:
        return f"{text} yet: {' and '.join(dict.fromkeys(setting))} would set it"
    near = nearest(name, known)
    return f"{text}: did you mean `self.{near}`?" if near else text


def _class_at(tree: ast.Module, line: int) -> ast.ClassDef | None:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0):
            return node
    return None


def _set_on_self(function: ast.FunctionDef) -> Iterable[str]:
    for node in lines.own_nodes(function):
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Store):
            continue
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            yield node.attr


# ----------------------------------------------------------------------- kinds of values, unpacking


def _of_type(error: TypeError, place: Place, statement: ast.stmt) -> str:
    message, scope = str(error), Scope.of(place[0])
    head = _head(statement)
    if message.endswith("is not callable"):
        return _not_callable(head, scope)
    if found := re.fullmatch(r"cannot unpack non-iterable (\S+) object", message):
        return _unpacked(statement, place, found[1])
    if found := re.fullmatch(r"'(\S+)' object is not subscriptable", message):
        owners = [node.value for node in ast.walk(head) if isinstance(node, ast.Subscript)]
        return _of_that_kind(owners, place, found[1], "there is nothing in it to index")
    if found := re.fullmatch(r"'(\S+)' object is not iterable", message):
        return _of_that_kind(_gone_through(statement), place, found[1], "no loop can go over it")
    if message.startswith("unsupported operand type(s) for") and "'NoneType'" in message:
        return _none_in_sum(head, scope, place)
    if message.startswith("can only concatenate list (not") or "'list' and" in message:
        return _list_in_sum(head, scope)
    if found := re.fullmatch(r"(\w+(?:\.\w+)*)\(\) (takes|missing) .*", message):
        return _signature(message, found[1].rpartition(".")[2], head, scope)
    return ""


def _signature(message: str, name: str, head: ast.stmt, scope: Scope) -> str:
    """A call with too few or too many arguments: what the function takes."""
    function = scope.look_up(name)
    if type(function) is not FunctionType:
        return ""
    code = function.__code__
    taken = code.co_varnames[: code.co_argcount]
    return f"{message}; it is written as {name}({', '.join(taken)})"


def _not_callable(head: ast.stmt, scope: Scope) -> str:
    for node in ast.walk(head):
        if not isinstance(node, ast.Call):
            continue
        called = _value(node.func, scope)
        if called is UNKNOWN:
            continue
        kind = _kind(called)
        text = f"`{operands.quoted(node.func)}` is {kind}, and it is called like a function"
        if type(called) in (np.ndarray, list, tuple, dict):
            return f"{text}: an index stands in [ ]"
        if type(called) in (int, float, np.float64, np.int64):
            return f"{text}: is a * missing?"
        return text
    return ""


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    return "an array" if type(value) is np.ndarray else _a(type(value).__name__)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


def _unpacked(statement: ast.stmt, place: Place, kind: str) -> str:
    """`h, cache = step(...)`, where the step returned one thing; or a cache that is None."""
    if not isinstance(statement, ast.Assign):
        return ""
    wanted = f"{_number_of_targets(statement)} values are wanted of it"
    if kind == "NoneType":
        return _why_none(statement.value, place, wanted)
    if isinstance(statement.value, ast.Call):
        name = operands.quoted(statement.value.func)
        return f"`{name}` returned {_a(kind)}, and {wanted}{_last_line(statement.value, place)}"
    return f"`{operands.quoted(statement.value)}` is {_a(kind)}, and {wanted}"


def _gone_through(statement: ast.stmt) -> list[ast.expr]:
    """What a loop on a line goes over."""
    found = [statement.iter] if isinstance(statement, ast.For) else []
    for node in ast.walk(_head(statement)):
        if isinstance(node, ast.comprehension):
            found.append(node.iter)
    return found


def _of_that_kind(nodes: Iterable[ast.expr], place: Place, kind: str, wanted: str) -> str:
    """The first of some expressions that is of a kind, and what cannot be done with it."""
    for node in nodes:
        value = _value(node, Scope.of(place[0]))
        if value is None and kind == "NoneType":
            return _why_none(node, place, wanted)
        if value is not UNKNOWN and type(value).__name__ == kind:
            return f"`{operands.quoted(node)}` is {_a(kind)}, and {wanted}"
    return ""


def _number_of_targets(statement: ast.Assign) -> str:
    target = statement.targets[0]
    if isinstance(target, (ast.Tuple, ast.List)):
        return str(len(target.elts))
    return "several"


def _why_none(node: ast.expr, place: Place, wanted: str) -> str:
    """Why an expression is None, and what is wanted of it."""
    scope = Scope.of(place[0])
    if isinstance(node, ast.Call):
        name = operands.quoted(node.func)
        function = scope.look_up(name) if isinstance(node.func, ast.Name) else UNKNOWN
        if type(function) is FunctionType and lines.ends_without_return(function):
            return f"`{name}` has no `return`, so that it gives None, and {wanted}"
        return f"`{name}` returned None, and {wanted}"
    text = f"`{operands.quoted(node)}` is None, and {wanted}"
    if isinstance(node, ast.Name) and node.id == "cache" and _is_argument("cache", place):
        text += " (it is what the forward pass returned as its cache)"
    return text


def _is_argument(name: str, place: Place) -> bool:
    code = place[0].f_code
    return name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _none_in_sum(head: ast.stmt, scope: Scope, place: Place) -> str:
    for node in ast.walk(head):
        sides: Iterable[ast.expr] = ()
        if isinstance(node, ast.BinOp):
            sides = (node.left, node.right)
        elif isinstance(node, ast.AugAssign):
            sides = (node.value,)
        for side in sides:
            if _value(side, scope) is None:
                return _why_none(side, place, "nothing can be calculated with None")
    return ""


def _list_in_sum(head: ast.stmt, scope: Scope) -> str:
    for node in ast.walk(head):
        if not isinstance(node, ast.BinOp):
            continue
        for side in (node.left, node.right):
            if type(_value(side, scope)) is list:
                name = operands.quoted(side)
                return f"`{name}` is a list, and sums are for arrays: np.array({name}), or np.stack"
    return ""


def _of_values(error: ValueError, place: Place, statement: ast.stmt) -> str:
    """Unpacking of too many or too few values."""
    found = UNPACKING.match(str(error))
    if found is None or not isinstance(statement, ast.Assign):
        return ""
    wanted, got = found["few"] or found["many"], found["got"]
    return f"{_are_wanted(wanted)}, and {_what_came(statement.value, place, got)}"


def _what_came(node: ast.expr, place: Place, number: str | None) -> str:
    """`step` gave 2; `cache` is a tuple of 5. number: of values, where Python says it."""
    if isinstance(node, ast.Call):
        return f"`{operands.quoted(node.func)}` gave {number or 'more'}{_last_line(node, place)}"
    source, value = operands.quoted(node), _value(node, Scope.of(place[0]))
    if isinstance(node, ast.Attribute) and node.attr == "shape" and type(value) is tuple:
        return f"`{source}` is {operands.written(value)}"
    if type(value) in (list, tuple, dict):
        return f"`{source}` is {_a(type(value).__name__)} of {len(value)}"
    if type(value) is np.ndarray:
        return f"`{source}` is one array of shape {operands.written(value.shape)}"
    return f"`{source}` has {number or 'more'}"


def _last_line(node: ast.Call, place: Place) -> str:
    """`: it ends with `return h``, of a function of the student's with one `return`."""
    called = Scope.of(place[0]).look_up(node.func.id) if isinstance(node.func, ast.Name) else None
    function = lines.node_of(called) if type(called) is FunctionType else None
    if function is None:
        return ""
    returns = [one for one in lines.own_nodes(function) if isinstance(one, ast.Return)]
    line = ast.unparse(returns[0]) if len(returns) == 1 else ""
    return f": it ends with `{line}`" if 0 < len(line) <= operands.LONGEST_OPERAND else ""


def _are_wanted(number: str) -> str:
    return "1 value is wanted" if number == "1" else f"{number} values are wanted"


Way = Callable[[Any, Place, ast.stmt], str]

WAYS: Mapping[type[BaseException], Way] = {
    NameError: _no_name,
    KeyError: _no_key,
    AttributeError: _no_attribute,
    TypeError: _of_type,
    ValueError: _of_values,
}
"""The kind of an exception -> the way to its sentence."""
