"""One name for another of its shape; arguments and blocks in another order."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from itertools import combinations, permutations

from autograder.authoring.mutations.scope import Shape
from autograder.authoring.mutations.tree import Replacement, called

JOINING = ("concatenate", "hstack", "cat", "stack")
SPLITTING = ("split", "chunk", "hsplit")
ZEROS = ("zeros_like", "zeros")

MOST_BLOCKS = 4


def substitutes(node: ast.AST, scope: Mapping[str, Shape]) -> Iterator[Replacement]:
    """What else of the same shape was there already. scope: before the statement."""
    written = as_name(node)
    shape = scope.get(written)
    if shape is None:
        return
    for name, other in scope.items():
        if other == shape and name != written:
            yield "substituted", ast.parse(name, mode="eval").body


def as_name(node: ast.AST) -> str:
    """`h` for the name, `params["Wx"]` for that entry; empty for anything else, or what is set."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return node.id
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return ""
    key = node.slice
    if not isinstance(node.value, ast.Name) or not isinstance(key, ast.Constant):
        return ""
    return f'{node.value.id}["{key.value}"]' if isinstance(key.value, str) else ""


def starts(
    statement: ast.stmt, scope: Mapping[str, Shape], after: Mapping[str, Shape]
) -> Iterator[tuple[ast.expr, ast.expr]]:
    """(what is assigned, what might be instead): zeros for an array, an array for zeros.

    after: the names once the statement has run.
    """
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    for target, value in assignments(statement.targets[0], statement.value):
        shape = after.get(ast.unparse(target))
        if shape is None or shape == ("number",):
            continue
        if called(value) in ZEROS:
            for name, other in scope.items():
                if other == shape:
                    yield value, ast.parse(name, mode="eval").body
        elif isinstance(value, ast.Name):
            yield value, ast.parse(f"np.zeros_like({value.id})", mode="eval").body


def assignments(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Each target with what it is given, where both are written out."""
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return [(target, value)]
    if len(target.elts) != len(value.elts):
        return [(target, value)]
    return list(zip(target.elts, value.elts, strict=True))


def swapped_arguments(node: ast.AST) -> Iterator[Replacement]:
    """`f(a, b, c)` -> `f(b, a, c)`, `f(c, b, a)`, `f(a, c, b)`."""
    if not isinstance(node, ast.Call) or called(node) in ("range", "zip", "isinstance"):
        return
    for one, other in combinations(range(min(len(node.args), 8)), 2):
        arguments = list(node.args)
        arguments[one], arguments[other] = arguments[other], arguments[one]
        yield "arguments", ast.Call(node.func, arguments, node.keywords)


def joined_otherwise(node: ast.AST) -> Iterator[Replacement]:
    """`np.concatenate([a, b, c])` -> the same parts in every other order."""
    if called(node) not in JOINING or not isinstance(node, ast.Call) or not node.args:
        return
    parts = node.args[0]
    if isinstance(parts, (ast.List, ast.Tuple)) and 2 <= len(parts.elts) <= MOST_BLOCKS:
        for order in list(permutations(parts.elts))[1:]:
            joined = copy.copy(parts)
            joined.elts = list(order)
            yield "joined", ast.Call(node.func, [joined, *node.args[1:]], node.keywords)


def taken_otherwise(statement: ast.stmt) -> Iterator[Replacement]:
    """`i, f, o, g = ...` -> the same names in other orders: all of them where blocks are split,
    two exchanged where a function gives several values. The new node is the target.
    """
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Tuple):
        return
    target = statement.targets[0]
    if isinstance(statement.value, ast.Tuple) or len(target.elts) < 2:
        return
    if called(statement.value) in SPLITTING and len(target.elts) <= MOST_BLOCKS:
        for order in list(permutations(target.elts))[1:]:
            yield "split", ast.Tuple(list(order), ast.Store())
    elif isinstance(statement.value, ast.Call):
        for one, other in combinations(range(len(target.elts)), 2):
            names = list(target.elts)
            names[one], names[other] = names[other], names[one]
            yield "results", ast.Tuple(names, ast.Store())
