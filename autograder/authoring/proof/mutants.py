"""Unforeseen bad versions: every small change of the reference that a slip of the pen could make.

The operators are those of mutation testing (DeMillo, Lipton and Sayward 1978), with those added
that matter for arrays: axes, transposes, in-place for copy. Only code between the solution markers
is changed.
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
SWAPPED_NAMES = {
    "sum": ("mean",), "mean": ("sum",), "max": ("min",), "min": ("max",), "argmax": ("argmin",),
    "argmin": ("argmax",),
    "tanh": ("sin",), "exp": ("expm1",), "log": ("log1p",), "sqrt": ("square",),
    "zeros": ("ones",), "ones": ("zeros",),
    "zeros_like": ("ones_like",), "prod": ("sum",), "cumsum": ("cumprod",), "any": ("all",),
    "all": ("any",),
    "maximum": ("minimum",), "minimum": ("maximum",), "sigmoid": ("tanh_of",),
}  # fmt: skip


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
    regions = solution_lines(source)
    seen: set[str] = set()
    for name, function in functions(tree):
        for statement in ast.walk(function):
            if not isinstance(statement, ast.stmt) or isinstance(
                statement, (ast.FunctionDef, ast.Raise)
            ):
                continue
            if statement.lineno in regions:
                for before, after, undo in _changes(statement):
                    text = ast.unparse(tree)
                    undo()
                    if text not in seen and before != after:
                        seen.add(text)
                        yield Mutant(module, name, f"{before} -> {after}", text)
        yield from _statement_mutants(module, name, function, tree, regions, seen)


# --------------------------------------------------------------------- changes within one statement


class _Undo:
    """Puts one slot of the tree back."""

    def __init__(self, parent: ast.AST, field: str, index: int | None, old: ast.AST) -> None:
        self.parent, self.field, self.index, self.old = parent, field, index, old

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node

    def __call__(self) -> None:
        self.put(self.old)


def _changes(statement: ast.stmt) -> Iterator[tuple[str, str, _Undo]]:
    """Make each change of one statement in turn: (text before, text after, undo). Undo before
    asking for the next.
    """
    before = _first_line(statement)
    for slot in list(_slots(statement)):
        for new in list(_replacements(slot.old)):
            slot.put(ast.fix_missing_locations(ast.copy_location(new, slot.old)))
            yield before, _first_line(statement), slot


def _first_line(statement: ast.stmt) -> str:
    return ast.unparse(statement).splitlines()[0]


def _slots(statement: ast.stmt) -> Iterator[_Undo]:
    """Every expression, operator and comparison of a statement; of a compound one only its head."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        parent = waiting.pop(0)
        for field, value in ast.iter_fields(parent):
            if field in ("body", "orelse", "finalbody", "handlers") and isinstance(value, list):
                continue
            for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(node, ast.AST) and not isinstance(node, (ast.expr_context, ast.stmt)):
                    yield _Undo(parent, field, index, node)
                    waiting.append(node)


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    """What a slip could have written instead of one node."""
    if isinstance(node, ast.operator):
        yield from (new() for new in SWAPPED_OPERATORS.get(type(node), ()))
    elif isinstance(node, ast.cmpop):
        yield from (new() for new in SWAPPED_COMPARISONS.get(type(node), ()))
    elif isinstance(node, ast.BinOp):
        yield from _of_binary(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Attribute):
        yield from _of_attribute(node)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif (
        isinstance(node, ast.keyword)
        and node.arg == "axis"
        and isinstance(node.value, (ast.Constant, ast.UnaryOp))
    ):
        yield from (ast.keyword("axis", ast.Constant(axis)) for axis in (0, 1, None))
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield from _of_subscript(node)


def _of_binary(node: ast.BinOp) -> Iterator[ast.AST]:
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
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)
        if node.value != 0:
            yield ast.Constant(node.value - 1)
        if node.value not in (0, 1):  # as an axis or an index, -1 is often another name for 1
            yield ast.UnaryOp(ast.USub(), ast.Constant(node.value))


def _of_attribute(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr == "T" and isinstance(node.ctx, ast.Load):
        yield node.value
    for name in SWAPPED_NAMES.get(node.attr, ()):
        yield ast.Attribute(node.value, name, node.ctx)


def _of_call(node: ast.Call) -> Iterator[ast.AST]:
    called = (
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    )
    if called in ("copy", "reshape", "astype") and isinstance(node.func, ast.Attribute):
        yield node.func.value
    if (
        called in ("reversed", "tanh", "sqrt", "exp", "log", "abs", "sigmoid", "sorted")
        and len(node.args) == 1
    ):
        yield node.args[0]
    if called == "range" and len(node.args) == 1:
        yield ast.Call(node.func, [ast.Constant(1), node.args[0]], [])
        yield ast.Call(node.func, [ast.BinOp(node.args[0], ast.Sub(), ast.Constant(1))], [])


def _of_subscript(node: ast.Subscript) -> Iterator[ast.AST]:
    """`a[:, t]` with t one step off; `a[1:]` with a bound gone."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for place, part in enumerate(parts):
        if isinstance(part, ast.Name):
            changed: list[ast.expr] = [ast.BinOp(part, ast.Sub(), ast.Constant(1))]
        elif isinstance(part, ast.Slice) and (part.lower or part.upper):
            changed = [
                ast.Slice(None, part.upper, part.step),
                ast.Slice(part.lower, None, part.step),
            ]
        else:
            continue
        for new in changed:
            replaced = [*parts[:place], new, *parts[place + 1 :]]
            index = ast.Tuple(replaced, ast.Load()) if isinstance(node.slice, ast.Tuple) else new
            yield ast.Subscript(node.value, index, node.ctx)


# ---------------------------------------------------------------------- changes of whole statements


def _statement_mutants(
    module: str,
    name: str,
    function: ast.FunctionDef,
    tree: ast.Module,
    regions: set[int],
    seen: set[str],
) -> Iterator[Mutant]:
    """Drop a statement, swap two neighbours, assign for add, add for assign, negate a value, skip a
    condition.
    """
    for block in _blocks(function):
        for index, statement in enumerate(list(block)):
            if statement.lineno not in regions:
                continue
            for change, new in _statement_changes(block, index, regions):
                old, block[:] = list(block), new
                text = ast.unparse(ast.fix_missing_locations(tree))
                block[:] = old
                if text not in seen:
                    seen.add(text)
                    yield Mutant(module, name, change, text)


def _blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(function):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                yield block


def _order_matters(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether one of two statements touches a name that the other writes."""
    (used_first, written_first), (used_second, written_second) = _names(first), _names(second)
    return bool(written_first & (used_second | written_second) or written_second & used_first)


def _names(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """The names a statement uses and those it may write: by assignment, or by a call made for its
    effect alone.
    """
    used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    written = {
        _base(node)
        for node in ast.walk(statement)
        if isinstance(getattr(node, "ctx", None), ast.Store)
    }
    for node in ast.walk(statement):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            written |= {_base(part) for part in (node.value.func, *node.value.args)}
    return used, written - {"", "np", "torch"}


def _base(node: ast.AST) -> str:
    """`dx` for `dx[:, t]`, `steps` for `steps.append`."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _statement_changes(
    block: list[ast.stmt], index: int, regions: set[int]
) -> Iterator[tuple[str, list[ast.stmt]]]:
    statement = block[index]
    here = _first_line(statement)

    def instead(*new: ast.stmt) -> list[ast.stmt]:
        return [
            *block[:index],
            *(ast.copy_location(each, statement) for each in new),
            *block[index + 1 :],
        ]

    if not isinstance(statement, ast.Pass):
        yield f"{here} -> (dropped)", instead(ast.Pass())
    after = block[index + 1] if index + 1 < len(block) else None
    if after is not None and after.lineno in regions and _order_matters(statement, after):
        swapped = [*block[:index], after, statement, *block[index + 2 :]]
        yield f"{here} -> (after) {_first_line(after)}", swapped
    if isinstance(statement, ast.AugAssign):
        plain = ast.Assign([statement.target], statement.value)
        yield f"{here} -> {_first_line(ast.copy_location(plain, statement))}", instead(plain)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, (ast.Name, ast.Subscript)) and isinstance(statement.value, ast.BinOp):
            negated = ast.Assign([target], ast.UnaryOp(ast.USub(), statement.value))
            yield (
                f"{here} -> {_first_line(ast.copy_location(negated, statement))}",
                instead(negated),
            )
    if isinstance(statement, ast.If):
        yield f"{here} -> (always)", instead(*statement.body)
