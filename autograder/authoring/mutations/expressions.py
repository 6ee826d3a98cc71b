"""One node of an expression is another: the classic slips, and those that arrays invite."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable, Iterator

from autograder.authoring.mutations.loops import of_range
from autograder.authoring.mutations.tree import Replacement, called

SWAPPED_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
}
SWAPPED_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
SWAPPED_NAMES: dict[str, tuple[str, ...]] = {
    "sum": ("mean",),
    "mean": ("sum",),
    "max": ("min",),
    "min": ("max",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "tanh": ("sin",),
    "exp": ("expm1",),
    "log": ("log1p",),
    "sqrt": ("square",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "prod": ("sum",),
    "cumsum": ("cumprod",),
    "any": ("all",),
    "all": ("any",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "sigmoid": ("tanh_of",),
}

LEFT_OUT_METHODS = ("copy", "reshape", "astype")
"""`a.copy()` -> `a`."""

LEFT_OUT_FUNCTIONS = (
    "reversed", "tanh", "sqrt", "exp", "log", "abs", "sigmoid", "sorted",
)  # fmt: skip
"""`np.tanh(a)` -> `a`."""

SPREADS = ("std", "var")
"""What numpy divides by the count, unless it is told otherwise."""


def classic(node: ast.AST) -> Iterator[Replacement]:
    """What mutation testing puts for a node; the proof counts these."""
    if isinstance(node, ast.operator):
        for operator in SWAPPED_OPERATORS.get(type(node), ()):
            yield "operator", operator()
    elif isinstance(node, ast.cmpop):
        for comparison in SWAPPED_COMPARISONS.get(type(node), ()):
            yield "comparison", comparison()
    elif isinstance(node, ast.BinOp):
        yield from _of_binary(node)
    elif isinstance(node, ast.UnaryOp):
        if isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
            yield "negation", node.operand
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Attribute):
        yield from _of_attribute(node)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.IfExp):
        yield "condition", node.body
        yield "condition", node.orelse
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield "condition", value
    elif isinstance(node, ast.keyword):
        yield from _of_keyword(node)
    elif isinstance(node, ast.Subscript):
        yield from _of_subscript(node)


def of_arrays(node: ast.AST) -> Iterator[Replacement]:
    """What is put for a node besides: slopes and squashings, factors, axes, indices."""
    if isinstance(node, ast.BinOp):
        yield from _of_product(node)
        yield from _of_sum(node)
    elif isinstance(node, ast.Call):
        yield from _of_squashing(node)
        yield from _of_reduction(node)
    elif isinstance(node, ast.keyword):
        yield from _of_axis(node)
    elif isinstance(node, ast.Subscript):
        yield from _next_index(node)
        yield from _broadcast_otherwise(node)


def _broadcast_otherwise(node: ast.Subscript) -> Iterator[Replacement]:
    """`a[:, None, :]` -> `a[None, :, :]`, `a[:, :, None]`."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
    news = [place for place, part in enumerate(parts) if _is_none(part)]
    if len(news) != 1 or not isinstance(node.ctx, ast.Load):
        return
    others = [part for part in parts if not _is_none(part)]
    for place in range(len(parts)):
        if place != news[0]:
            moved = [*others[:place], ast.Constant(None), *others[place:]]
            index = ast.Tuple(copy.deepcopy(moved), ast.Load())
            yield "broadcast", ast.Subscript(node.value, index, node.ctx)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _of_binary(node: ast.BinOp) -> Iterator[Replacement]:
    """`a + b` -> `a`, `b`; `a - b` -> `b - a`, too; `a @ b` -> `b @ a`, `a.T @ b`, `a @ b.T`."""
    if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)):
        yield "left out", node.left
        if not isinstance(node.op, ast.Pow):
            yield "left out", node.right
    if isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult)):
        yield "order", ast.BinOp(node.right, node.op, node.left)
    if isinstance(node.op, ast.MatMult):
        yield "transposed", ast.BinOp(_transposed(node.left), node.op, node.right)
        yield "transposed", ast.BinOp(node.left, node.op, _transposed(node.right))


def _transposed(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(copy.deepcopy(node), "T", ast.Load())


def _of_constant(node: ast.Constant) -> Iterator[Replacement]:
    """`True` -> `False`; `2` -> `3`, `1`, `-2`."""
    if isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        yield "constant", ast.Constant(node.value + 1)
        if node.value != 0:
            yield "constant", ast.Constant(node.value - 1)
        if node.value not in (0, 1):  # as an axis or an index, -1 is often another name for 1
            yield "constant", ast.UnaryOp(ast.USub(), ast.Constant(node.value))


def _of_attribute(node: ast.Attribute) -> Iterator[Replacement]:
    """`a.T` -> `a`; `np.max` -> `np.min`."""
    if node.attr == "T" and isinstance(node.ctx, ast.Load):
        yield "transposed", node.value
    for name in SWAPPED_NAMES.get(node.attr, ()):
        yield "function", ast.Attribute(node.value, name, node.ctx)


def _of_call(node: ast.Call) -> Iterator[Replacement]:
    """`a.copy()` -> `a`; `np.tanh(a)` -> `a`; `range(T)` -> `range(1, T)`, `range(T - 1)`."""
    if isinstance(node.func, ast.Attribute):
        name = node.func.attr
        if name in LEFT_OUT_METHODS:
            yield "function left out", node.func.value
    else:
        name = getattr(node.func, "id", "")
    if len(node.args) != 1:
        return
    if name in LEFT_OUT_FUNCTIONS:
        yield "function left out", node.args[0]
    if name == "range":
        yield from of_range(node)


def _of_keyword(node: ast.keyword) -> Iterator[Replacement]:
    """`axis=0` -> `axis=1`, `axis=None`."""
    if node.arg == "axis" and isinstance(node.value, (ast.Constant, ast.UnaryOp)):
        for axis in (0, 1, None):
            yield "axis", ast.keyword("axis", ast.Constant(axis))


def _of_subscript(node: ast.Subscript) -> Iterator[Replacement]:
    """`a[:, t]` -> `a[:, t - 1]`; `a[1:-1]` -> `a[:-1]`, `a[1:]`."""
    yield from _with_another_part(node, _of_index)


def _with_another_part(
    node: ast.Subscript, others: Callable[[ast.expr], Iterable[ast.expr]]
) -> Iterator[Replacement]:
    """The subscript with one of its parts as `others` has it; of what is read alone."""
    if not isinstance(node.ctx, ast.Load):
        return
    is_tuple = isinstance(node.slice, ast.Tuple)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for place, part in enumerate(parts):
        kind = "slice" if isinstance(part, ast.Slice) else "index"
        for new in others(part):
            replaced = [*parts[:place], new, *parts[place + 1 :]]
            index = ast.Tuple(replaced, ast.Load()) if is_tuple else new
            yield kind, ast.Subscript(node.value, index, node.ctx)


def _of_index(part: ast.expr) -> list[ast.expr]:
    """A name one step off; a slice with one bound gone."""
    if isinstance(part, ast.Name):
        return [ast.BinOp(part, ast.Sub(), ast.Constant(1))]
    if isinstance(part, ast.Slice) and (part.lower or part.upper):
        return [ast.Slice(None, part.upper, part.step), ast.Slice(part.lower, None, part.step)]
    return []


# ----------------------------------------------------------------------------- factors and terms


def _of_product(node: ast.BinOp) -> Iterator[Replacement]:
    """`a * b` -> `a * a * b`, `a * b * b`; `d * i * (1 - i)` -> `d * (1 - i**2)`, and back."""
    if not isinstance(node.op, ast.Mult):
        return
    for left, right in ((node.left, node.right), (node.right, node.left)):
        if not isinstance(right, ast.Constant):
            squared = ast.BinOp(copy.deepcopy(right), ast.Pow(), ast.Constant(2))
            yield "squared", ast.BinOp(copy.deepcopy(left), ast.Mult(), squared)
    yield from _of_slope(node)


def _of_slope(node: ast.BinOp) -> Iterator[Replacement]:
    """`d * (1 - g**2)` -> `d * g * (1 - g)`, `d * (1 - tanh(g)**2)`; `d * i * (1 - i)` ->
    `d * (1 - i**2)`.
    """
    gate = _in_slope(node.right)
    if gate is None:
        return
    if isinstance(gate, ast.BinOp):  # a square: the slope of tanh
        once_more = ast.parse(f"1 - np.tanh({ast.unparse(gate.left)})**2", mode="eval").body
        yield "squashed twice", ast.BinOp(copy.deepcopy(node.left), ast.Mult(), once_more)
        kept = ast.BinOp(copy.deepcopy(node.left), ast.Mult(), copy.deepcopy(gate.left))
        slope = ast.BinOp(ast.Constant(1), ast.Sub(), copy.deepcopy(gate.left))
        yield "slope", ast.BinOp(kept, ast.Mult(), slope)
        return
    product = node.left
    if not isinstance(product, ast.BinOp) or not isinstance(product.op, ast.Mult):
        return
    if ast.dump(product.right) == ast.dump(gate):
        square = ast.BinOp(copy.deepcopy(gate), ast.Pow(), ast.Constant(2))
        slope = ast.BinOp(ast.Constant(1), ast.Sub(), square)
        yield "slope", ast.BinOp(copy.deepcopy(product.left), ast.Mult(), slope)


def _in_slope(node: ast.expr) -> ast.expr | None:
    """`g**2` of `1 - g**2`, `i` of `1 - i`; None of anything else."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
        return None
    if not isinstance(node.left, ast.Constant) or node.left.value != 1:
        return None
    inner = node.right
    if isinstance(inner, ast.BinOp):
        two = isinstance(inner.right, ast.Constant) and inner.right.value == 2
        return inner if isinstance(inner.op, ast.Pow) and two else None
    return inner


def _of_sum(node: ast.BinOp) -> Iterator[Replacement]:
    """`a + b` -> `2 * a + b`, `a + 2 * b`, `0.5 * a + b`, `a + 0.5 * b`, `-a + b`."""
    if not isinstance(node.op, (ast.Add, ast.Sub)):
        return
    for times, kind in ((2, "doubled"), (0.5, "halved")):
        left = ast.BinOp(ast.Constant(times), ast.Mult(), copy.deepcopy(node.left))
        right = ast.BinOp(ast.Constant(times), ast.Mult(), copy.deepcopy(node.right))
        yield kind, ast.BinOp(left, node.op, copy.deepcopy(node.right))
        yield kind, ast.BinOp(copy.deepcopy(node.left), node.op, right)
    negative = ast.UnaryOp(ast.USub(), copy.deepcopy(node.left))
    yield "sign", ast.BinOp(negative, node.op, copy.deepcopy(node.right))


# ------------------------------------------------------------------------------ calls and indices


def _of_squashing(node: ast.Call) -> Iterator[Replacement]:
    """`np.tanh(a)` -> `1 / (1 + np.exp(-a))`; `sigmoid(a)` -> `np.tanh(a)`, `sigmoid(-a)`."""
    name = called(node)
    if len(node.args) != 1 or node.keywords:
        return
    argument = copy.deepcopy(node.args[0])
    if name == "sigmoid":
        turned = argument.operand if isinstance(argument, ast.UnaryOp) else None
        opposite = turned or ast.UnaryOp(ast.USub(), argument)
        yield "opposite", ast.Call(node.func, [opposite], [])
    library = ast.Name("torch" if _of_torch(node) else "np", ast.Load())
    if name == "tanh":
        falling = ast.UnaryOp(ast.USub(), argument)
        exp = ast.Call(ast.Attribute(library, "exp", ast.Load()), [falling], [])
        below = ast.BinOp(ast.Constant(1), ast.Add(), exp)
        yield "squashing", ast.BinOp(ast.Constant(1), ast.Div(), below)
    elif name == "sigmoid":
        yield "squashing", ast.Call(ast.Attribute(library, "tanh", ast.Load()), [argument], [])


def _of_torch(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "torch"


def _of_reduction(node: ast.Call) -> Iterator[Replacement]:
    """`a.std(axis=0)` -> `a.std(axis=0, ddof=1)`; `a.sum(axis=0)` -> with `keepdims=True`."""
    told = {keyword.arg for keyword in node.keywords}
    name = called(node)
    if name in SPREADS and "ddof" not in told:
        yield "ddof", ast.Call(node.func, node.args, [*node.keywords, _keyword("ddof", 1)])
    if name in ("sum", "mean", "max", "min") and "axis" in told and "keepdims" not in told:
        kept = [*node.keywords, _keyword("keepdims", True)]
        yield "axis kept", ast.Call(node.func, node.args, kept)


def _keyword(name: str, value: object) -> ast.keyword:
    return ast.keyword(name, ast.Constant(value))  # type: ignore[arg-type]


def _of_axis(node: ast.keyword) -> Iterator[Replacement]:
    """`axis=0` -> `axis=2`, `axis=-1`; `axis=(0, 1)` -> `axis=0`, `axis=1`."""
    if node.arg != "axis":
        return
    if isinstance(node.value, ast.Tuple):
        for axis in node.value.elts:
            yield "axis", ast.keyword("axis", axis)
    elif isinstance(node.value, (ast.Constant, ast.UnaryOp)):
        yield "axis", _keyword("axis", 2)
        yield "axis", _keyword("axis", -1)


def _next_index(node: ast.Subscript) -> Iterator[Replacement]:
    """`a[:, t]` -> `a[:, t + 1]`; `a[:n]` -> `a[:n + 1]`, `a[:n - 1]`; `a[m:]` likewise."""
    yield from _with_another_part(node, _moved)


def _moved(part: ast.expr) -> Iterator[ast.expr]:
    if isinstance(part, ast.Name):
        yield _plus(part, 1)
    if isinstance(part, ast.Slice):
        for by in (1, -1):
            if isinstance(part.lower, ast.Name):
                yield ast.Slice(_plus(part.lower, by), part.upper, part.step)
            if isinstance(part.upper, ast.Name):
                yield ast.Slice(part.lower, _plus(part.upper, by), part.step)


def _plus(node: ast.expr, by: int) -> ast.expr:
    operator = ast.Add() if by > 0 else ast.Sub()
    return ast.BinOp(node, operator, ast.Constant(abs(by)))
