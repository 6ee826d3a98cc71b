"""Places in a syntax tree, and what stands there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

BLOCKS = ("body", "orelse", "finalbody", "handlers")
"""The fields of a compound statement in which other statements stand."""

Replacement = tuple[str, ast.AST]
"""The kind of a change, and the node that stands there after it."""


@dataclass(frozen=True)
class Slot:
    """A place where one node stands: a field of its parent, or one item of a list."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST

    def put(self, node: ast.AST) -> None:
        """Let another node stand there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node

    def restore(self) -> None:
        """Put back the node that stood there."""
        self.put(self.node)


def slots(statement: ast.stmt) -> Iterator[Slot]:
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
                    yield Slot(parent, field, index, node)
                    waiting.append(node)


def blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    """Every list of statements in a function."""
    for node in ast.walk(function):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                yield block


def first_line(statement: ast.stmt) -> str:
    """A statement as a text; of a compound one only its head."""
    return ast.unparse(statement).splitlines()[0]


def base(node: ast.AST) -> str:
    """`dx` for `dx[:, t]`, `steps` for `steps.append`; empty where there is no name."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def called(node: ast.AST) -> str:
    """The name of what is called, `tanh` for `np.tanh(a)`; empty for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
