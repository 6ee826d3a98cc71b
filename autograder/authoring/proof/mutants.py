"""Unforeseen bad versions: every small change of the reference that a slip of the pen could make.

The changes are those of mutation testing (DeMillo, Lipton and Sayward 1978), and those that matter
for arrays: axes, transposes, in-place for copy. Only code between the solution markers is changed.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.authoring.sources import functions, solution_lines

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

BLOCKS = ("body", "orelse", "finalbody", "handlers")
"""The fields of a compound statement in which other statements stand."""


@dataclass(frozen=True)
class Mutant:
    """One changed version of a module. `change` reads "db = da.sum(0) -> db = da.sum(1)"."""

    module: str
    function: str
    change: str
    source: str

    @property
    def key(self) -> tuple[str, str]:
        """What an entry in the list of equivalent mutants is found by."""
        return self.function, self.change


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """All mutants of a module's solution regions, duplicates left out."""
    tree = ast.parse(source)
    lines = solution_lines(source)
    seen: set[str] = set()
    for name, function in functions(tree):
        for make in (_changes_within_statements, _changes_of_statements):
            for change, text in make(tree, function, lines):
                if text not in seen:
                    seen.add(text)
                    yield Mutant(module, name, change, text)


def _first_line(statement: ast.stmt) -> str:
    return ast.unparse(statement).splitlines()[0]


# ----------------------------------------------------------------------- changes within a statement


class _Slot:
    """A place in the tree where one node stands: a field of its parent, or one item of a list."""

    def __init__(self, parent: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
        self.parent, self.field, self.index, self.node = parent, field, index, node

    def put(self, node: ast.AST) -> None:
        """Let another node stand there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node

    def restore(self) -> None:
        """Put back the node that stood there."""
        self.put(self.node)


def _changes_within_statements(
    tree: ast.Module, function: ast.FunctionDef, lines: set[int]
) -> Iterator[tuple[str, str]]:
    """(change, source of the whole module): one node of one statement is another."""
    for statement in ast.walk(function):
        if not isinstance(statement, ast.stmt) or statement.lineno not in lines:
            continue
        if not isinstance(statement, (ast.FunctionDef, ast.Raise)):
            yield from _changes_within(statement, tree)


def _changes_within(statement: ast.stmt, tree: ast.Module) -> Iterator[tuple[str, str]]:
    before = _first_line(statement)
    for slot in list(_slots(statement)):
        for new in list(_replacements(slot.node)):
            # The tree itself is changed, which is much cheaper than a copy, and restored at once.
            slot.put(ast.fix_missing_locations(ast.copy_location(new, slot.node)))
            after, text = _first_line(statement), ast.unparse(tree)
            slot.restore()
            if before != after:
                yield f"{before} -> {after}", text


def _slots(statement: ast.stmt) -> Iterator[_Slot]:
    """Every expression, operator and comparison of a statement; of a compound one only its head."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        parent = waiting.pop(0)
        for field, value in ast.iter_fields(parent):
            is_list = isinstance(value, list)
            if is_list and field in BLOCKS:
                continue
            for index, node in enumerate(value) if is_list else [(None, value)]:
                if isinstance(node, ast.AST) and not isinstance(node, (ast.expr_context, ast.stmt)):
                    yield _Slot(parent, field, index, node)
                    waiting.append(node)


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    """What a slip could have written instead of one node."""
    if isinstance(node, ast.operator):
        for operator in SWAPPED_OPERATORS.get(type(node), ()):
            yield operator()
    elif isinstance(node, ast.cmpop):
        for comparison in SWAPPED_COMPARISONS.get(type(node), ()):
            yield comparison()
    elif isinstance(node, ast.BinOp):
        yield from _of_binary(node)
    elif isinstance(node, ast.UnaryOp):
        if isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
            yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Attribute):
        yield from _of_attribute(node)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.keyword):
        yield from _of_keyword(node)
    elif isinstance(node, ast.Subscript):
        yield from _of_subscript(node)


def _of_binary(node: ast.BinOp) -> Iterator[ast.AST]:
    """`a + b` -> `a`, `b`; `a - b` -> `b - a`, too; `a @ b` -> `b @ a`, `a.T @ b`, `a @ b.T`."""
    if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)):
        yield node.left
        if not isinstance(node.op, ast.Pow):
            yield node.right
    if isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult)):
        yield ast.BinOp(node.right, node.op, node.left)
    if isinstance(node.op, ast.MatMult):
        yield ast.BinOp(_transposed(node.left), node.op, node.right)
        yield ast.BinOp(node.left, node.op, _transposed(node.right))


def _transposed(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(copy.deepcopy(node), "T", ast.Load())


def _of_constant(node: ast.Constant) -> Iterator[ast.AST]:
    """`True` -> `False`; `2` -> `3`, `1`, `-2`."""
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)
        if node.value != 0:
            yield ast.Constant(node.value - 1)
        if node.value not in (0, 1):  # as an axis or an index, -1 is often another name for 1
            yield ast.UnaryOp(ast.USub(), ast.Constant(node.value))


def _of_attribute(node: ast.Attribute) -> Iterator[ast.AST]:
    """`a.T` -> `a`; `np.max` -> `np.min`."""
    if node.attr == "T" and isinstance(node.ctx, ast.Load):
        yield node.value
    for name in SWAPPED_NAMES.get(node.attr, ()):
        yield ast.Attribute(node.value, name, node.ctx)


def _of_call(node: ast.Call) -> Iterator[ast.AST]:
    """`a.copy()` -> `a`; `np.tanh(a)` -> `a`; `range(T)` -> `range(1, T)`, `range(T - 1)`."""
    if isinstance(node.func, ast.Attribute):
        called = node.func.attr
        if called in LEFT_OUT_METHODS:
            yield node.func.value
    else:
        called = getattr(node.func, "id", "")
    if len(node.args) != 1:
        return
    argument = node.args[0]
    if called in LEFT_OUT_FUNCTIONS:
        yield argument
    if called == "range":
        yield ast.Call(node.func, [ast.Constant(1), argument], [])
        yield ast.Call(node.func, [ast.BinOp(argument, ast.Sub(), ast.Constant(1))], [])


def _of_keyword(node: ast.keyword) -> Iterator[ast.AST]:
    """`axis=0` -> `axis=1`, `axis=None`."""
    if node.arg == "axis" and isinstance(node.value, (ast.Constant, ast.UnaryOp)):
        for axis in (0, 1, None):
            yield ast.keyword("axis", ast.Constant(axis))


def _of_subscript(node: ast.Subscript) -> Iterator[ast.AST]:
    """`a[:, t]` -> `a[:, t - 1]`; `a[1:-1]` -> `a[:-1]`, `a[1:]`."""
    if not isinstance(node.ctx, ast.Load):
        return
    is_tuple = isinstance(node.slice, ast.Tuple)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for place, part in enumerate(parts):
        for new in _of_index(part):
            replaced = [*parts[:place], new, *parts[place + 1 :]]
            index = ast.Tuple(replaced, ast.Load()) if is_tuple else new
            yield ast.Subscript(node.value, index, node.ctx)


def _of_index(part: ast.expr) -> list[ast.expr]:
    """A name one step off; a slice with one bound gone."""
    if isinstance(part, ast.Name):
        return [ast.BinOp(part, ast.Sub(), ast.Constant(1))]
    if isinstance(part, ast.Slice) and (part.lower or part.upper):
        return [ast.Slice(None, part.upper, part.step), ast.Slice(part.lower, None, part.step)]
    return []


# ---------------------------------------------------------------------- changes of whole statements


def _changes_of_statements(
    tree: ast.Module, function: ast.FunctionDef, lines: set[int]
) -> Iterator[tuple[str, str]]:
    """(change, source of the whole module): one statement is gone, moved or another."""
    for block in _blocks(function):
        for index, statement in enumerate(list(block)):
            if statement.lineno not in lines:
                continue
            before = _first_line(statement)
            for after, new in _changed_blocks(block, index, lines):
                old = list(block)
                block[:] = new
                text = ast.unparse(ast.fix_missing_locations(tree))
                block[:] = old
                yield f"{before} -> {after}", text


def _blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(function):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                yield block


def _changed_blocks(
    block: list[ast.stmt], index: int, lines: set[int]
) -> Iterator[tuple[str, list[ast.stmt]]]:
    """What becomes of one statement of a block, and the block then."""
    before, statement, after = block[:index], block[index], block[index + 1 :]
    if not isinstance(statement, ast.Pass):
        dropped = ast.copy_location(ast.Pass(), statement)
        yield "(dropped)", [*before, dropped, *after]
    if after and after[0].lineno in lines and _order_matters(statement, after[0]):
        swapped = [*before, after[0], statement, *after[1:]]
        yield f"(after) {_first_line(after[0])}", swapped
    if isinstance(statement, (ast.Assign, ast.AugAssign)):
        for new in _reassigned(statement):
            assigned = ast.copy_location(new, statement)
            yield _first_line(assigned), [*before, assigned, *after]
    if isinstance(statement, ast.If):
        yield "(always)", [*before, *statement.body, *after]


def _reassigned(statement: ast.Assign | ast.AugAssign) -> Iterator[ast.stmt]:
    """`a += b` -> `a = b`; `a = b * c` -> `a = -(b * c)`."""
    if isinstance(statement, ast.AugAssign):
        yield ast.Assign([statement.target], statement.value)
    elif len(statement.targets) == 1 and isinstance(statement.value, ast.BinOp):
        target = statement.targets[0]
        if isinstance(target, (ast.Name, ast.Subscript)):
            yield ast.Assign([target], ast.UnaryOp(ast.USub(), statement.value))


def _order_matters(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether one of two statements touches a name that the other writes."""
    used_first, written_first = _names(first)
    used_second, written_second = _names(second)
    return bool(written_first & (used_second | written_second) or written_second & used_first)


def _names(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """The names a statement uses, and those it may write.

    It writes by assignment, or by a call that is made for its effect alone.
    """
    used, written = set(), set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            used.add(node.id)
        if isinstance(getattr(node, "ctx", None), ast.Store):
            written.add(_base(node))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            for part in (node.value.func, *node.value.args):
                written.add(_base(part))
    return used, written - {"", "np", "torch"}


def _base(node: ast.AST) -> str:
    """`dx` for `dx[:, t]`, `steps` for `steps.append`."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
