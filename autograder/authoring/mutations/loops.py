"""A loop that leaves out a step, and a state or a sum that starts wrong."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from autograder.authoring.mutations.tree import Replacement, called


def of_range(node: ast.Call) -> Iterator[Replacement]:
    """`range(T)` -> `range(1, T)`, `range(T - 1)`. node: a call with one argument."""
    argument = node.args[0]
    yield "first step", ast.Call(node.func, [ast.Constant(1), argument], [])
    yield "last step", ast.Call(node.func, [_less(argument)], [])


def of_loop(statement: ast.stmt) -> Iterator[tuple[str, str, ast.AST]]:
    """(kind, field, what stands there then): the first or last item of what a loop runs over.

    `for u_t in u` -> `for u_t in u[1:]`; `range(a, b)` -> `range(a + 1, b)`, `range(a, b - 1)`.
    """
    if not isinstance(statement, ast.For):
        return
    over = statement.iter
    if called(over) == "range" and isinstance(over, ast.Call) and len(over.args) == 2:
        low, high = over.args
        more = ast.BinOp(copy.deepcopy(low), ast.Add(), ast.Constant(1))
        yield "first step", "iter", ast.Call(over.func, [more, high], [])
        yield "last step", "iter", ast.Call(over.func, [low, _less(high)], [])
    elif called(over) not in ("range", "reversed"):
        for kind, part in (("first step", "1:"), ("last step", ":-1")):
            sliced = ast.parse(f"list({ast.unparse(over)})[{part}]", mode="eval").body
            yield kind, "iter", sliced


def _less(node: ast.expr) -> ast.expr:
    return ast.BinOp(node, ast.Sub(), ast.Constant(1))
