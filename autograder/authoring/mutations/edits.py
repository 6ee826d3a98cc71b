"""Every change of a module's solutions: put into its tree, one at a time, and taken out again.

The classic changes are those of mutation testing (DeMillo, Lipton and Sayward 1978), and those that
matter for arrays: axes, transposes, in-place for copy. Only code between the solution markers is
changed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.authoring.mutations import expressions, loops, names, statements
from autograder.authoring.mutations.scope import Scopes, Shape
from autograder.authoring.mutations.tree import Slot, blocks, first_line, slots
from autograder.authoring.sources import functions, solution_lines


@dataclass(frozen=True)
class Edit:
    """One change of a function.

    kind: what sort of change. statement: the one that is changed, as it was. old, new: the nodes
    that differ; None where it is the whole statement.
    change: reads "db = da.sum(0) -> db = da.sum(1)".
    """

    function: str
    kind: str
    statement: ast.stmt
    old: ast.AST | None
    new: ast.AST | None
    change: str


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
    """All classic mutants of a module's solution regions, duplicates left out."""
    tree = ast.parse(source)
    seen: set[str] = set()
    for edit in edits(tree, solution_lines(source)):
        text = ast.unparse(tree)
        if text not in seen:
            seen.add(text)
            yield Mutant(module, edit.function, edit.change, text)


def edits(tree: ast.Module, lines: set[int], scopes: Scopes | None = None) -> Iterator[Edit]:
    """Every change; the tree is as it would be then, until the next one is asked for.

    lines: those that may be changed. scopes: what was seen when the module ran; without it, only
        the classic changes are made.
    """
    for name, function in functions(tree):
        yield from _within_statements(name, function, lines, scopes)
        yield from _of_statements(name, function, lines, scopes is not None)


def _within_statements(
    name: str, function: ast.FunctionDef, lines: set[int], scopes: Scopes | None
) -> Iterator[Edit]:
    for statement in ast.walk(function):
        if not isinstance(statement, ast.stmt) or statement.lineno not in lines:
            continue
        if isinstance(statement, (ast.FunctionDef, ast.Raise)):
            continue
        for slot in list(slots(statement)):
            for kind, new in list(expressions.classic(slot.node)):
                yield from _with(name, statement, slot, kind, new)
        if scopes is not None:
            yield from _of_arrays(name, statement, scopes)


def _of_arrays(name: str, statement: ast.stmt, scopes: Scopes) -> Iterator[Edit]:
    """The changes within a statement that are not classic."""
    scope = scopes.before(statement.lineno, _last_line(statement))
    for slot in list(slots(statement)):
        for kind, new in list(_not_classic(slot.node, scope)):
            yield from _with(name, statement, slot, kind, new)
    for kind, field, new in list(loops.of_loop(statement)):
        slot = Slot(statement, field, None, getattr(statement, field))
        yield from _with(name, statement, slot, kind, new)
    if isinstance(statement, ast.Assign):
        for kind, new in list(names.taken_otherwise(statement)):
            slot = Slot(statement, "targets", 0, statement.targets[0])
            yield from _with(name, statement, slot, kind, new)
    last = _last_line(statement)
    after = scopes.before(last + 1, last + 2)
    for old, new in list(names.starts(statement, scope, after)):
        for slot in list(slots(statement)):
            if slot.node is old:
                yield from _with(name, statement, slot, "start", new)


def _last_line(statement: ast.stmt) -> int:
    """The last line of a statement; of a compound one, of its head."""
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        return max(statement.lineno, int(body[0].lineno) - 1)
    return statement.end_lineno or statement.lineno


def _not_classic(node: ast.AST, scope: Mapping[str, Shape]) -> Iterator[tuple[str, ast.AST]]:
    yield from names.joined_otherwise(node)
    yield from names.substitutes(node, scope)
    yield from names.swapped_arguments(node)
    yield from expressions.of_arrays(node)


def _with(name: str, statement: ast.stmt, slot: Slot, kind: str, new: ast.AST) -> Iterator[Edit]:
    """The edit, while the tree has the new node in it."""
    before = first_line(statement)
    # The tree itself is changed, which is much cheaper than a copy, and restored at once.
    slot.put(ast.fix_missing_locations(ast.copy_location(new, slot.node)))
    try:
        after = first_line(statement)
        if before != after:
            yield Edit(name, kind, statement, slot.node, new, f"{before} -> {after}")
    finally:
        slot.restore()


def _of_statements(
    name: str, function: ast.FunctionDef, lines: set[int], all_of_them: bool
) -> Iterator[Edit]:
    for block in blocks(function):
        for index, statement in enumerate(list(block)):
            if statement.lineno not in lines:
                continue
            before = first_line(statement)
            changed = list(statements.classic(block, index, lines))
            if all_of_them:
                changed += statements.of_arrays(block, index)
            for kind, after, new in changed:
                old = list(block)
                block[:] = new
                try:
                    ast.fix_missing_locations(function)
                    yield Edit(name, kind, statement, None, None, f"{before} -> {after}")
                finally:
                    block[:] = old
