"""The shapes of what a student's line works with, read from its frame: nothing of theirs is run.

Where an exception came from, the line is read again as a tree. The names on it are looked up in the
frame, and the shapes of what is made of them are worked out by numpy's own rules. The first step
that cannot be done is a `Misfit`: the operands with their shapes, and which lengths do not fit.
What is not sure is `UNKNOWN`, and nothing is said of it.
"""

from __future__ import annotations

import ast
import inspect
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import FrameType, ModuleType
from typing import Any, Literal, NamedTuple

import numpy as np

Shape = tuple[int, ...]

Kind = Literal["matmul", "broadcast", "index", "indices", "axis", "join", "reshape", "assign"]
"""What went wrong: the inner sizes of a product, a broadcast, an index that is not there, too many
indices, an axis that is not there, a concatenation, a reshape, what is put into a part."""


class Unknown:
    """Of this one value, nothing is known."""


UNKNOWN = Unknown()

LONGEST_OPERAND = 40
"""Characters of an operand that is quoted."""

MOST_OPERANDS = 6
"""Operands of one line that are listed with their shapes."""

PLAIN = (int, float, bool, str, type(None), slice, type(Ellipsis), np.float64, np.int64, np.bool_)
CONTAINERS = (list, tuple, dict)

SYMBOLS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
}

SAME_SHAPE = frozenset((
    "abs", "absolute", "array", "asarray", "ceil", "clip", "copy", "cos", "empty_like", "exp",
    "expm1", "floor", "full_like", "log", "log10", "log1p", "log2", "nan_to_num", "negative",
    "ones_like", "sign", "sin", "sqrt", "square", "tanh", "zeros_like",
))  # fmt: skip
"""Functions of numpy whose result has the shape of their first argument."""

BROADCASTING = frozenset((
    "add", "divide", "maximum", "minimum", "multiply", "power", "subtract", "true_divide",
))  # fmt: skip

REDUCTIONS = frozenset((
    "all", "amax", "amin", "any", "argmax", "argmin", "max", "mean", "min", "prod", "std", "sum",
    "var",
))  # fmt: skip

MAKERS = frozenset(("zeros", "ones", "empty", "full"))

JOINERS = frozenset(("concatenate", "hstack", "vstack", "stack"))


class Misfit(Exception):
    """The step of a line that cannot be done; the message says all of it."""

    def __init__(self, kind: Kind, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class Scope(NamedTuple):
    """What a name means on a line."""

    local: Mapping[str, Any]
    outer: Mapping[str, Any]

    @classmethod
    def of(cls, frame: FrameType) -> Scope:
        """The scope of a frame, as it is now."""
        return cls(dict(frame.f_locals), frame.f_globals)

    def look_up(self, name: str) -> Any:
        """The object of that name, or UNKNOWN."""
        if name in self.local:
            return self.local[name]
        return self.outer.get(name, UNKNOWN)


# -------------------------------------------------------------------------------- what is on a line


def misfit(statement: ast.stmt, scope: Scope) -> Misfit | None:
    """The first step of a statement that cannot be done with what its names stand for, if any."""
    try:
        _go_through(statement, scope)
    except Misfit as found:
        return found
    except Exception:  # of ours, or of something odd that is on the line: then nothing is said
        return None
    return None


def operands(statement: ast.stmt, scope: Scope) -> list[str]:
    """`x[:, t] (3, 4)`: the arrays that a statement works with, each once, with their shapes."""
    found: dict[str, str] = {}
    for node in _largest_known(statement):
        with suppress(Exception):
            value = value_of(node, scope)
            text = ast.unparse(node)
            if type(value) is np.ndarray and len(text) <= LONGEST_OPERAND:
                found.setdefault(text, f"{text} {written(value.shape)}")
    return [*found.values()][:MOST_OPERANDS]


def _largest_known(node: ast.AST) -> Iterator[ast.expr]:
    """The names, attributes and subscripts that are used, each whole: `x[:, t]` and not `x`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Name, ast.Attribute, ast.Subscript)):
            if isinstance(child.ctx, ast.Load):
                yield child
            if isinstance(child, ast.Subscript):
                yield from _largest_known(child.slice)
        elif isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            # of `x.sum(axis=0)` the array is x; a function of a module is no operand
            yield child.func.value
            for argument in (*child.args, *[word.value for word in child.keywords]):
                yield from _largest_known(ast.Expr(argument))
        elif not isinstance(child, (ast.stmt, ast.comprehension, ast.Lambda)):
            yield from _largest_known(child)


def written(shape: Shape) -> str:
    """`(3, 5)`, `(5,)`, `()`."""
    return str(tuple(int(length) for length in shape))


def quoted(node: ast.expr) -> str:
    """An operand as it is written, or what stands for one that is too long."""
    text = ast.unparse(node)
    return text if len(text) <= LONGEST_OPERAND else "(...)"


def _go_through(statement: ast.stmt, scope: Scope) -> None:
    """Work a statement out, in Python's order. Raises Misfit."""
    if isinstance(statement, ast.Assign):
        value = value_of(statement.value, scope)
        for target in statement.targets:
            _put(target, statement.value, value, scope)
    elif isinstance(statement, ast.AugAssign):
        _change(statement, scope)
    elif isinstance(statement, (ast.Return, ast.Expr)) and statement.value is not None:
        value_of(statement.value, scope)
    elif isinstance(statement, (ast.If, ast.While)):
        value_of(statement.test, scope)
    elif isinstance(statement, ast.For):
        value_of(statement.iter, scope)


def _put(target: ast.expr, source: ast.expr, value: Any, scope: Scope) -> None:
    """Put a value into a part of an array: it has to fit there."""
    if not isinstance(target, ast.Subscript):
        return
    part = value_of(ast.Subscript(target.value, target.slice, ast.Load()), scope)
    if type(part) is not np.ndarray or type(value) is not np.ndarray:
        return
    # leading axes of length 1 are dropped by numpy
    shape = value.shape
    while len(shape) > part.ndim and shape[0] == 1:
        shape = shape[1:]
    if broadcast(shape, part.shape) != part.shape:
        raise Misfit(
            "assign",
            f"{quoted(target)} is {written(part.shape)}, and {quoted(source)}, which is put there, "
            f"is {written(value.shape)}",
        )


def _change(statement: ast.AugAssign, scope: Scope) -> None:
    """`a += b`: the result has to have the shape of what is changed."""
    target = statement.target
    if isinstance(target, ast.Name):
        loaded: ast.expr = ast.Name(target.id, ast.Load())
    elif isinstance(target, ast.Subscript):
        loaded = ast.Subscript(target.value, target.slice, ast.Load())
    else:
        loaded = ast.Attribute(target.value, target.attr, ast.Load())
    whole = ast.BinOp(loaded, statement.op, statement.value)
    before, after = value_of(loaded, scope), value_of(whole, scope)
    if type(before) is not np.ndarray or type(after) is not np.ndarray:
        return
    if before.ndim and before.shape != after.shape:
        given = value_of(statement.value, scope)
        raise Misfit(
            "assign",
            f"{quoted(target)} is {written(before.shape)}, and {quoted(statement.value)} "
            f"{written(given.shape)} does not fit into it",
        )


# ------------------------------------------------------------------------------------ what is known


def value_of(node: ast.expr, scope: Scope) -> Any:
    """What an expression stands for: the object itself, an array of its shape, or UNKNOWN.

    Raises Misfit at the first part that cannot be worked out.
    """
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.Name, ast.Attribute)):
        return _known(_object(node, scope))
    rule = _RULES.get(type(node))
    return UNKNOWN if rule is None else rule(node, scope)


def _known(value: Any) -> Any:
    """An object of a kind that we can look at without running anybody's code; else UNKNOWN."""
    if type(value) is np.ndarray or type(value) in PLAIN or type(value) in CONTAINERS:
        return value
    shape = shape_of_tensor(value)
    return UNKNOWN if shape is None else array_of(shape)


def shape_of_tensor(value: Any) -> Shape | None:
    """The shape of a tensor of torch's, where torch is there."""
    torch = sys.modules.get("torch")
    kinds = (getattr(torch, "Tensor", None), getattr(getattr(torch, "nn", None), "Parameter", None))
    if torch is None or type(value) not in kinds:
        return None
    return tuple(int(length) for length in value.shape)


def array_of(shape: Shape) -> np.ndarray:
    """An array of a shape that takes no memory; its numbers mean nothing."""
    return np.broadcast_to(np.float64(0), shape)


def _object(node: ast.expr, scope: Scope) -> Any:
    """The object that a name or an attribute is; UNKNOWN for what only running code could tell."""
    if isinstance(node, ast.Name):
        return scope.look_up(node.id)
    if not isinstance(node, ast.Attribute):
        return value_of(node, scope)
    owner = _object(node.value, scope)
    if isinstance(owner, ModuleType):
        return vars(owner).get(node.attr, UNKNOWN)
    known = _known(owner)
    if type(known) is np.ndarray:
        simple = {"T": known.T, "shape": known.shape, "ndim": known.ndim, "size": known.size}
        return simple.get(node.attr, UNKNOWN)
    if known is not UNKNOWN or owner is UNKNOWN:
        return UNKNOWN
    return of_instance(owner, node.attr)


def of_instance(owner: Any, name: str) -> Any:
    """What an instance of a student's class keeps under a name; no property is asked."""
    kept = inspect.getattr_static(owner, "__dict__", None)
    # it is a descriptor of the class, unless the class has put something else in its place
    if not inspect.isgetsetdescriptor(kept):
        return UNKNOWN
    own = kept.__get__(owner)
    if type(own) is not dict:
        return UNKNOWN
    parameters = own.get("_parameters")  # of a module of torch's
    if name not in own and type(parameters) is dict:
        return parameters.get(name, UNKNOWN)
    return own.get(name, UNKNOWN)


def _is_numpy(node: ast.expr, scope: Scope) -> bool:
    return isinstance(node, ast.Name) and scope.look_up(node.id) is np


# ------------------------------------------------------------------------------ rules, one for each


def _tuple(node: Any, scope: Scope) -> Any:
    parts = []
    for element in node.elts:
        parts.append(value_of(element, scope))
    if any(part is UNKNOWN for part in parts):
        return UNKNOWN
    return parts if isinstance(node, ast.List) else tuple(parts)


def _slice(node: ast.Slice, scope: Scope) -> Any:
    ends = []
    for end in (node.lower, node.upper, node.step):
        ends.append(None if end is None else value_of(end, scope))
    return UNKNOWN if any(end is UNKNOWN for end in ends) else slice(*ends)


def _unary(node: ast.UnaryOp, scope: Scope) -> Any:
    value = value_of(node.operand, scope)
    if type(value) is np.ndarray and isinstance(node.op, (ast.USub, ast.UAdd)):
        return array_of(value.shape)
    if type(value) in (int, float) and isinstance(node.op, ast.USub):
        return -value
    return UNKNOWN


def _binary(node: ast.BinOp, scope: Scope) -> Any:
    left, right = value_of(node.left, scope), value_of(node.right, scope)
    if type(left) is int and type(right) is int:
        return _of_integers(node.op, left, right)
    symbol = SYMBOLS.get(type(node.op), "")
    one, other = shape_of(left), shape_of(right)
    if not symbol or one is None or other is None:
        return UNKNOWN
    label = f"{_with_shape(node.left, left)} {symbol} {_with_shape(node.right, right)}"
    return array_of(product(one, other, label) if symbol == "@" else together(one, other, label))


def _with_shape(node: ast.expr, value: Any) -> str:
    if type(value) is np.ndarray:
        return f"{quoted(node)} {written(value.shape)}"
    return quoted(node)


def _of_integers(operator: ast.operator, left: int, right: int) -> Any:
    """The small sums that stand in indices and shapes."""
    if isinstance(operator, ast.Add):
        return left + right
    if isinstance(operator, ast.Sub):
        return left - right
    if isinstance(operator, ast.Mult) and max(abs(left), abs(right)) < 1 << 40:
        return left * right
    if isinstance(operator, ast.FloorDiv) and right:
        return left // right
    return UNKNOWN


def shape_of(value: Any) -> Shape | None:
    """The shape of an operand; None for what is no number and no array."""
    if type(value) is np.ndarray:
        return tuple(value.shape)
    if type(value) in (int, float, bool, np.float64, np.int64):
        return ()
    return None


def product(left: Shape, right: Shape, label: str) -> Shape:
    """The shape of a matrix product. Raises Misfit."""
    if not left or not right:
        raise Misfit("matmul", f"{label}: @ takes arrays, and one of these is a single number")
    inner = right[-2] if len(right) > 1 else right[-1]
    if left[-1] != inner:
        raise Misfit("matmul", f"{label}: the inner sizes {left[-1]} and {inner} differ")
    outer = together(left[:-2], right[:-2], label)
    rows = left[-2:-1] if len(left) > 1 else ()
    columns = right[-1:] if len(right) > 1 else ()
    return (*outer, *rows, *columns)


def together(left: Shape, right: Shape, label: str) -> Shape:
    """The shape that two shapes are broadcast to. Raises Misfit."""
    shape = broadcast(left, right)
    if shape is not None:
        return shape
    for one, other in zip(reversed(left), reversed(right), strict=False):
        if one != other and 1 not in (one, other):
            why = "shapes are lined up from the right"
            raise Misfit("broadcast", f"{label}: {one} and {other} cannot be broadcast ({why})")
    raise AssertionError


def broadcast(left: Shape, right: Shape) -> Shape | None:
    """What numpy makes of two shapes; None if they do not fit."""
    try:
        return np.broadcast_shapes(left, right)
    except ValueError:
        return None


def _part(node: ast.Subscript, scope: Scope) -> Any:
    owner, index = value_of(node.value, scope), _plain(value_of(node.slice, scope))
    if owner is UNKNOWN or index is UNKNOWN:
        return UNKNOWN
    if type(owner) is np.ndarray:
        return _part_of_array(node, owner, index)
    if type(owner) is dict and type(index) in (str, int):
        return _known(owner.get(index, UNKNOWN))
    if type(owner) in (list, tuple) and type(index) is int:
        if not -len(owner) <= index < len(owner):
            what = f"`{quoted(node.value)}` is a {type(owner).__name__} of {len(owner)}"
            if not owner:
                what = f"`{quoted(node.value)}` is an empty {type(owner).__name__}"
            raise Misfit("index", f"{what}: it has no index {index}")
        return _known(owner[index])
    if type(owner) in (list, tuple) and type(index) is slice:
        return owner[index]
    return UNKNOWN


def _plain(index: Any) -> Any:
    """An index with Python's integers in place of numpy's."""
    if type(index) is tuple:
        return tuple(_plain(one) for one in index)
    return int(index) if type(index) is np.int64 else index


def _part_of_array(node: ast.Subscript, owner: np.ndarray, index: Any) -> Any:
    """What indexing gives, by numpy itself, on an array of that shape. Raises Misfit."""
    indices = index if type(index) is tuple else (index,)
    _enough_axes(node, owner, indices)
    _all_there(node, owner, indices)
    try:
        part = array_of(owner.shape)[index]
    except Exception:  # said by numpy already, and not put better here
        return UNKNOWN
    return array_of(part.shape)


def _enough_axes(node: ast.Subscript, owner: np.ndarray, indices: tuple[Any, ...]) -> None:
    used = 0
    for index in indices:
        if type(index) is np.ndarray and index.dtype == bool:
            used += index.ndim
        elif index is not None and index is not Ellipsis:
            used += 1
    if used > owner.ndim:
        axes = "1 axis" if owner.ndim == 1 else f"{owner.ndim} axes"
        raise Misfit(
            "indices",
            f"{quoted(node.value)} {written(owner.shape)} has {axes}, and "
            f"{quoted(node)} has {used} indices",
        )


def _all_there(node: ast.Subscript, owner: np.ndarray, indices: tuple[Any, ...]) -> None:
    """Look at the whole numbers before any Ellipsis, None or mask: whose axis is sure."""
    for axis, index in enumerate(indices):
        if index is Ellipsis or index is None:
            return
        if type(index) is np.ndarray:
            if index.dtype.kind not in "iu":
                return
            outside = index[(index < -owner.shape[axis]) | (index >= owner.shape[axis])]
            index = int(outside.flat[0]) if outside.size else 0
            if not outside.size:
                continue
        if type(index) is int and not -owner.shape[axis] <= index < owner.shape[axis]:
            raise Misfit("index", _no_index(node, owner, axis, index))


def _no_index(node: ast.Subscript, owner: np.ndarray, axis: int, index: int) -> str:
    name, length = quoted(node.value), owner.shape[axis]
    where = f"{name} {written(owner.shape)} has length {length} along axis {axis}"
    if owner.ndim == 1:
        where = f"{name} has length {length}"
    return f"{where}: there is no index {index}"


# -------------------------------------------------------------------------------------------- calls


def _call(node: ast.Call, scope: Scope) -> Any:
    """A call of numpy's that has a rule; of any other only the arguments are gone through."""
    arguments = [value_of(argument, scope) for argument in node.args]
    named = {word.arg: value_of(word.value, scope) for word in node.keywords}
    if any(isinstance(argument, ast.Starred) for argument in node.args) or None in named:
        return UNKNOWN
    called = node.func
    if not isinstance(called, ast.Attribute):
        if isinstance(called, ast.Name) and called.id == "len" and len(arguments) == 1:
            return _length(arguments[0])
        return UNKNOWN
    name = called.attr
    if _is_numpy(called.value, scope):
        return _of_numpy(name, node, arguments, named)
    owner = value_of(called.value, scope)
    if type(owner) is np.ndarray:
        return _of_array(name, node, called.value, owner, arguments, named)
    return UNKNOWN


def _length(value: Any) -> Any:
    if type(value) is np.ndarray and value.ndim:
        return value.shape[0]
    return len(value) if type(value) in (list, tuple, dict, str) else UNKNOWN


def _of_numpy(name: str, node: ast.Call, arguments: list[Any], named: dict[Any, Any]) -> Any:
    if name in MAKERS and arguments:
        return _made(arguments[0])
    if name in JOINERS and node.args and isinstance(node.args[0], (ast.Tuple, ast.List)):
        return _joined(name, node.args[0], arguments, named)
    shapes = [shape_of(argument) for argument in arguments]
    if not arguments or shapes[0] is None:
        return UNKNOWN
    if name in SAME_SHAPE and not named:
        return array_of(shapes[0]) if len(arguments) == 1 or name == "full_like" else UNKNOWN
    if name in REDUCTIONS or name in ("reshape", "transpose"):
        if type(arguments[0]) is not np.ndarray:
            return UNKNOWN
        return _of_array(name, node, node.args[0], arguments[0], arguments[1:], named)
    if len(arguments) != 2 or shapes[1] is None:
        return UNKNOWN
    one, other = (_with_shape(*pair) for pair in zip(node.args, arguments, strict=True))
    if name in BROADCASTING:
        return array_of(together(shapes[0], shapes[1], f"np.{name} of {one} and {other}"))
    # beyond two axes, and for a single number, `dot` is something else
    plain = name == "dot" and len(shapes[0]) in (1, 2) and len(shapes[1]) in (1, 2)
    if name == "matmul" or plain:
        return array_of(product(shapes[0], shapes[1], f"np.{name} of {one} and {other}"))
    return UNKNOWN


def _of_array(
    name: str,
    node: ast.Call,
    source: ast.expr,
    owner: np.ndarray,
    arguments: list[Any],
    named: dict[Any, Any],
) -> Any:
    """A method of an array, or numpy's function of that name with the array first."""
    if name in REDUCTIONS:
        axis = named.get("axis", arguments[0] if arguments else None)
        return _reduced(source, owner, axis, named)
    if name == "reshape" and arguments and not named:
        shape = arguments[0] if len(arguments) == 1 else tuple(arguments)
        return _reshaped(source, owner, shape)
    if name == "transpose" and not named:
        order = arguments[0] if len(arguments) == 1 else tuple(arguments)
        return _transposed(owner, order)
    if name == "copy":
        return array_of(owner.shape)
    return UNKNOWN


def _made(shape: Any) -> Any:
    shape = (shape,) if type(shape) is int else shape
    if type(shape) in (list, tuple) and all(type(one) is int and one >= 0 for one in shape):
        return array_of(tuple(shape))
    return UNKNOWN


def _reduced(source: ast.expr, owner: np.ndarray, axis: Any, named: dict[Any, Any]) -> Any:
    keep = named.get("keepdims", False)
    axes = tuple(range(owner.ndim)) if axis is None else axis
    axes = (axes,) if type(axes) is int else axes
    if (
        type(axes) is not tuple
        or not all(type(one) is int for one in axes)
        or type(keep) is not bool
    ):
        return UNKNOWN
    for one in axes:
        _is_an_axis(source, owner, one)
    gone = {one % owner.ndim for one in axes} if owner.ndim else set()
    shape = []
    for place, length in enumerate(owner.shape):
        if place not in gone:
            shape.append(length)
        elif keep:
            shape.append(1)
    return array_of(tuple(shape))


def _is_an_axis(source: ast.expr, owner: np.ndarray, axis: int) -> None:
    if -owner.ndim <= axis < owner.ndim:
        return
    there = ("no axis", "axis 0 only", "the axes 0 and 1")[owner.ndim] if owner.ndim < 3 else ""
    there = there or f"the axes 0 to {owner.ndim - 1}"
    name = f"{quoted(source)} {written(owner.shape)}"
    raise Misfit("axis", f"{name} has {there}, and axis {axis} was asked for")


def _reshaped(source: ast.expr, owner: np.ndarray, shape: Any) -> Any:
    shape = (shape,) if type(shape) is int else shape
    if type(shape) not in (tuple, list) or not all(type(one) is int for one in shape):
        return UNKNOWN
    with suppress(ValueError):
        return array_of(array_of(owner.shape).reshape(tuple(shape)).shape)
    wanted = written(tuple(shape))
    if -1 in shape:
        raise Misfit(
            "reshape",
            f"{quoted(source)} {written(owner.shape)} has {owner.size} numbers, which do not make "
            f"{wanted} for any -1",
        )
    raise Misfit(
        "reshape",
        f"{quoted(source)} {written(owner.shape)} has {owner.size} numbers, and {wanted} takes "
        f"{math.prod(shape)}",
    )


def _transposed(owner: np.ndarray, order: Any) -> Any:
    if order == ():
        return array_of(owner.shape[::-1])
    if type(order) is tuple and sorted(map(str, order)) == sorted(map(str, range(owner.ndim))):
        return array_of(tuple(owner.shape[axis] for axis in order))
    return UNKNOWN


def _joined(name: str, parts: Any, arguments: list[Any], named: dict[Any, Any]) -> Any:
    """A concatenation of parts that are written out. Raises Misfit."""
    values = arguments[0]
    if values is UNKNOWN or not values or any(type(value) is not np.ndarray for value in values):
        return UNKNOWN
    axis = named.get("axis", arguments[1] if len(arguments) > 1 else 0)
    if name == "hstack":
        axis = 0 if values[0].ndim == 1 else 1
    if type(axis) is not int or not all(value.ndim for value in values) or name == "vstack":
        return UNKNOWN
    texts = []
    for node, value in zip(parts.elts, values, strict=True):
        texts.append(_with_shape(node, value))
    label = f"np.{name} of {', '.join(texts)}"
    first = values[0]
    for value in values[1:]:
        if value.ndim != first.ndim:
            raise Misfit("join", f"{label}: they have {first.ndim} and {value.ndim} axes")
        for place in range(first.ndim):
            aside = name == "stack" or place != axis % first.ndim
            if aside and value.shape[place] != first.shape[place]:
                lengths = f"{first.shape[place]} and {value.shape[place]}"
                along = "" if name == "stack" else f" along axis {axis}"
                raise Misfit("join", f"{label}{along}: along axis {place} they have {lengths}")
    function: Any = getattr(np, name)
    made = [array_of(value.shape) for value in values]
    sizes = sum(value.size for value in values)
    if sizes > 1_000_000:
        return UNKNOWN
    whole = function(made) if name == "hstack" else function(made, axis=axis)
    return array_of(whole.shape)


_RULES: Mapping[type[ast.expr], Callable[[Any, Scope], Any]] = {
    ast.Tuple: _tuple,
    ast.List: _tuple,
    ast.Slice: _slice,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Subscript: _part,
    ast.Call: _call,
}
