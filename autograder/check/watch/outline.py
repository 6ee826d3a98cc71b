"""What a student's file consists of, for the question what a change in it may reach.

Read from its text, never run. Comments, docstrings and blank lines are no part of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.notebook_code import free_names, names_bound

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

REACHES_ANYTHING = frozenset((
    "globals", "vars", "exec", "eval", "compile", "setattr", "delattr", "__import__", "importlib",
    "sys", "inspect", "ctypes", "gc", "builtins",
))  # fmt: skip
"""Names by which code gets at what it does not name."""

PLAIN_DUNDERS = frozenset(("__init__", "__name__", "__doc__"))

SETS_SOMETHING = ("set_", "seterr", "filterwarnings", "simplefilter")
"""How the functions of libraries begin that change what others of the process get."""


@dataclass(frozen=True)
class Definition:
    """A function or class at the top of a file.

    code: what it does. names: those that it takes from around it. modules: what is imported within.
    """

    code: str
    names: frozenset[str]
    modules: frozenset[str]


@dataclass(frozen=True)
class Outline:
    """A file.

    frame: the code that is run when it is imported. frame_names: what that code refers to.
    imported: name -> the module it comes from and its name there; no name for the module itself.
    modules: all modules that are imported at its top. variables: names that hold something that can
        change.
    odd: it can reach what it does not name, so that nothing is known of what a change in it does.
    lines: function, class or `Class.method` -> the line on which it begins.
    """

    frame: str
    frame_names: frozenset[str]
    definitions: dict[str, Definition] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    modules: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    odd: bool = False
    lines: dict[str, int] = field(default_factory=dict)


@lru_cache(maxsize=256)
def outline(module: str, source: bytes) -> Outline | None:
    """The outline of a file; None if it cannot be parsed.

    module: what it is called in the package, as "rnn" or "data.glove"; imports may be relative.
    """
    try:
        tree = ast.parse(source)
        return _outline(module, tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _outline(module: str, tree: ast.Module) -> Outline:
    _drop_docstrings(tree)
    definitions: dict[str, Definition] = {}
    for statement in tree.body:
        if isinstance(statement, DEFINITIONS):
            found = _definition(module, statement)
            definitions[statement.name] = _joined(definitions.get(statement.name), found)
    imported: dict[str, tuple[str, str]] = {}
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            imported |= dict(_bound_by_import(module, statement))
    lines = dict(_lines(tree.body))
    odd = any(_is_odd(node) for node in ast.walk(tree)) or _stores_elsewhere(tree)
    variables = frozenset(_changeable(tree))
    modules = frozenset(_modules_in(module, tree.body))
    for statement in tree.body:
        _hollow(statement)
    frame = ast.unparse(tree)
    names = frozenset(free_names(frame))
    return Outline(ast.dump(tree), names, definitions, imported, modules, variables, odd, lines)


def _lines(body: list[ast.stmt], inside: str = "") -> Iterator[tuple[str, int]]:
    """Where functions and classes begin, and the methods of these."""
    for statement in body:
        if isinstance(statement, DEFINITIONS):
            yield inside + statement.name, statement.lineno
        if isinstance(statement, ast.ClassDef) and not inside:
            yield from _lines(statement.body, f"{statement.name}.")


def _drop_docstrings(tree: ast.Module) -> None:
    """Take out every text that stands by itself."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [statement for statement in body if not _is_text(statement)]
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined]


def _is_text(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _definition(module: str, node: ast.stmt) -> Definition:
    return Definition(
        ast.dump(node),
        frozenset(free_names(ast.unparse(node))),
        frozenset(_modules_in(module, [node])),
    )


def _joined(before: Definition | None, found: Definition) -> Definition:
    """Two definitions of one name: which of them counts is not asked."""
    if before is None:
        return found
    code = f"{before.code}\n{found.code}"
    return Definition(code, before.names | found.names, before.modules | found.modules)


def _hollow(statement: ast.stmt) -> None:
    """Leave of a definition what is run where it stands: no body of a function."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        statement.body = [ast.Pass()]
    elif isinstance(statement, ast.ClassDef):
        for part in statement.body:
            _hollow(part)


# ----------------------------------------------------------------------------------------- imports


def _modules_in(module: str, statements: list[ast.stmt]) -> Iterator[str]:
    """The modules of the package that may be imported by these statements, and by those in them."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for source, name in dict(_bound_by_import(module, node)).values():
                    yield source
                    if name:
                        yield f"{source}.{name}".lstrip(".")


def _bound_by_import(
    module: str, node: ast.Import | ast.ImportFrom
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name -> the module it is taken from, below the package, and its name there."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            yield bound, (_below_package(alias.name), "")
        return
    source = node.module or ""
    if node.level:
        # one dot is the package that the file is in, each further dot the one above
        above = module.split(".")[: -node.level]
        source = ".".join([*above, source] if source else above)
    else:
        source = _below_package(source)
    for alias in node.names:
        yield alias.asname or alias.name, (source, alias.name)


def _below_package(name: str) -> str:
    return "" if name == "recurrent" else name.removeprefix("recurrent.")


# ---------------------------------------------------------------------------------- what is unusual


def _is_odd(node: ast.AST) -> bool:
    """Whether this reaches, or changes, what it does not name."""
    if isinstance(node, ast.Global):
        return True
    if isinstance(node, ast.Name):
        return node.id in REACHES_ANYTHING
    if isinstance(node, ast.Attribute):
        dunder = node.attr.startswith("__") and node.attr.endswith("__")
        if dunder and node.attr not in PLAIN_DUNDERS:
            return True
        return node.attr.startswith(SETS_SOMETHING)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [alias.name for alias in node.names]
        roots = {name.partition(".")[0] for name in [*names, getattr(node, "module", "") or ""]}
        return "*" in names or bool(roots & REACHES_ANYTHING)
    return False


def _stores_elsewhere(tree: ast.Module) -> bool:
    """Whether something is written into what is neither a local variable nor one of this file."""
    own = set(_changeable(tree))
    for statement in tree.body:
        roots = {root for node in ast.walk(statement) if (root := _root_of_store(node))}
        if isinstance(statement, DEFINITIONS):
            roots &= free_names(ast.unparse(statement))
        if roots - own:
            return True
    return False


def _root_of_store(node: ast.AST) -> str:
    """`a` of `a.b[c] = ...`; empty if nothing is stored in a part of something."""
    if not isinstance(node, (ast.Attribute, ast.Subscript)) or isinstance(node.ctx, ast.Load):
        return ""
    value: ast.expr = node
    while isinstance(value, (ast.Attribute, ast.Subscript)):
        value = value.value
    return value.id if isinstance(value, ast.Name) else ""


def _changeable(tree: ast.Module) -> Iterator[str]:
    """The variables at the top of a file whose value may be changed in place."""
    for statement in tree.body:
        if isinstance(statement, (*DEFINITIONS, ast.Import, ast.ImportFrom)):
            continue
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
            yield from _bound_anywhere_in(statement)
        elif statement.value is not None and not _is_fixed(statement.value):
            yield from names_bound(statement)


def _bound_anywhere_in(statement: ast.stmt) -> Iterator[str]:
    """The names that a loop, a condition or the like may bind."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, DEFINITIONS):
            yield node.name


def _is_fixed(value: ast.expr) -> bool:
    """Whether it is a number, a text, or a tuple of such."""
    if isinstance(value, ast.Tuple):
        return all(_is_fixed(part) for part in value.elts)
    if isinstance(value, ast.UnaryOp):
        return _is_fixed(value.operand)
    return isinstance(value, ast.Constant)
