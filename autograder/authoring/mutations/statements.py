"""A whole statement is gone, moved or another."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from autograder.authoring.mutations.tree import base, first_line

Changed = tuple[str, str, list[ast.stmt]]
"""The kind of a change, what the proof calls what is there then, and the block then."""


KEPT = "as_it_was"
"""What a name was before, in a change."""

GENERATORS = {"rng"}
"""What a generator of random numbers is called in the whole assignment."""


def classic(block: list[ast.stmt], index: int, lines: set[int]) -> Iterator[Changed]:
    """What mutation testing makes of one statement of a block; the proof counts these."""
    before, statement, after = block[:index], block[index], block[index + 1 :]
    if not isinstance(statement, ast.Pass):
        dropped = ast.copy_location(ast.Pass(), statement)
        yield "dropped", "(dropped)", [*before, dropped, *after]
    if after and after[0].lineno in lines and order_matters(statement, after[0]):
        swapped = [*before, after[0], statement, *after[1:]]
        yield "moved", f"(after) {first_line(after[0])}", swapped
    if isinstance(statement, (ast.Assign, ast.AugAssign)):
        for kind, new in _reassigned(statement):
            assigned = ast.copy_location(new, statement)
            yield kind, first_line(assigned), [*before, assigned, *after]
    if isinstance(statement, ast.If):
        yield "always", "(always)", [*before, *statement.body, *after]


def of_arrays(block: list[ast.stmt], index: int) -> Iterator[Changed]:
    """What is made of one statement besides: what it assigns is doubled, halved or negative; what
    it draws is drawn later.
    """
    before, statement, after = block[:index], block[index], block[index + 1 :]
    if after and _draws(statement) & _draws(after[0]):
        swapped = [*before, after[0], statement, *after[1:]]
        yield "drawn", f"(after) {first_line(after[0])}", swapped
    for kind, new in _rescaled(statement):
        assigned = ast.copy_location(new, statement)
        yield kind, first_line(assigned), [*before, assigned, *after]
    for name, added in _accumulated(statement, block):
        both = [ast.copy_location(new, statement) for new in added]
        yield "accumulated", f"{name} += ...", [*before, *both, *after]


def _accumulated(
    statement: ast.stmt, block: list[ast.stmt]
) -> Iterator[tuple[str, list[ast.stmt]]]:
    """`a, b = f(a)` -> `a` keeps what it was, and what is new is added to it.

    Only for a name that the block reads as well: what is passed on from step to step.
    """
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    target = statement.targets[0]
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    read = set()
    for other in block:
        names = [node for node in ast.walk(other) if isinstance(node, ast.Name)]
        read |= {node.id for node in names if isinstance(node.ctx, ast.Load)}
    for name in [node.id for node in targets if isinstance(node, ast.Name)]:
        if name in read and len(targets) > 1:
            was = ast.parse(f"{KEPT} = {name}").body[0]
            now = ast.parse(f"{name} = {KEPT} + {name}").body[0]
            yield name, [was, copy.deepcopy(statement), now]


def _reassigned(statement: ast.Assign | ast.AugAssign) -> Iterator[tuple[str, ast.stmt]]:
    """`a += b` -> `a = b`; `a = b * c` -> `a = -(b * c)`."""
    if isinstance(statement, ast.AugAssign):
        yield "overwritten", ast.Assign([statement.target], statement.value)
    elif len(statement.targets) == 1 and isinstance(statement.value, ast.BinOp):
        target = statement.targets[0]
        if isinstance(target, (ast.Name, ast.Subscript)):
            yield "negative", ast.Assign([target], ast.UnaryOp(ast.USub(), statement.value))


def _rescaled(statement: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    """`a = b` -> `a = 2 * b`, `a = 0.5 * b`, `a = -b`."""
    if isinstance(statement, ast.Assign):
        if len(statement.targets) != 1 or isinstance(statement.targets[0], ast.Tuple):
            return
    elif not isinstance(statement, ast.AugAssign):
        return
    if isinstance(statement.value, (ast.Constant, ast.Tuple, ast.Dict, ast.List)):
        return
    for times, kind in ((2, "twice"), (0.5, "half"), (-1, "negative")):
        changed = copy.deepcopy(statement)
        changed.value = ast.BinOp(ast.Constant(times), ast.Mult(), changed.value)
        yield kind, changed


def _draws(statement: ast.stmt) -> set[str]:
    """The generators that a statement draws from."""
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return {base(node.func) for node in calls} & GENERATORS


def order_matters(first: ast.stmt, second: ast.stmt) -> bool:
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
            written.add(base(node))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            for part in (node.value.func, *node.value.args):
                written.add(base(part))
    return used, written - {"", "np", "torch"}
