"""Worlds: the reference package, or the reference with one misconception patched in, imported side
by side.

A variant is imported under a name of its own (`variant_17.rnn`), from source text, so that a patch
in one module is seen by every module that imports it; nothing is written to disk.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import count
from pathlib import Path
from types import ModuleType

from autograder.errors import UserError
from autograder.problem import Misconception

_numbers = count()


class BuildError(UserError):
    """The solutions, the lessons or the misconceptions contradict each other; the message says
    where.
    """


def read_package(folder: Path) -> dict[str, str]:
    """Module name -> source text of every module of a package; `__init__` included."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}


def code_span(source: str, name: str) -> tuple[int, int]:
    """Where the code of a function stands in a source text, its docstring left out: offsets of
    start and end.

    `Class.method` names a method. Raises BuildError if there is none of that name.
    """
    body = ast.parse(source).body
    found: ast.FunctionDef | ast.ClassDef | None = None
    for part in name.split("."):
        found = next(
            (n for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == part),
            None,
        )
        if found is None:
            raise BuildError(f"there is no function {name} in the reference")
        body = found.body
    assert found is not None
    first = found.body[1] if ast.get_docstring(found) and len(found.body) > 1 else found.body[0]
    lines = source.splitlines(keepends=True)
    return sum(map(len, lines[: first.lineno - 1])), sum(map(len, lines[: found.end_lineno]))


def module_of(sources: Mapping[str, str], misconception: Misconception) -> str:
    """The module in which the misconception's function is defined."""
    top = (misconception.function or misconception.problem).split(".")[0]
    for module, source in sources.items():
        if top in _defined(source):
            return module
    raise BuildError(f"{misconception.id}: there is no function {top} in the reference")


@cache
def _defined(source: str) -> frozenset[str]:
    """The names of a module's functions and classes."""
    return frozenset(
        n.name for n in ast.parse(source).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))
    )


def patch(source: str, misconception: Misconception) -> str:
    """The module's source with the wrong idea in place. Raises BuildError unless the text occurs
    exactly once.
    """
    name = misconception.function or misconception.problem
    start, end = code_span(source, name)
    function = source[start:end]
    times = function.count(misconception.replace)
    if times != 1:
        raise BuildError(
            f"{misconception.id}: the text to replace occurs {times} times in {name}, not once"
        )
    patched = (
        source[:start] + function.replace(misconception.replace, misconception.by) + source[end:]
    )
    try:
        ast.parse(patched)
    except SyntaxError as error:
        raise BuildError(f"{misconception.id}: the patched code does not parse: {error}") from None
    return patched


def dependents(sources: Mapping[str, str], module: str) -> set[str]:
    """The modules that import `module`, directly or not, and itself: those in which a patch of it
    can be seen.
    """
    imports = {name: imports_of(source) for name, source in sources.items()}
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += [name for name, used in imports.items() if current in used]
    return seen


@cache
def imports_of(source: str) -> frozenset[str]:
    """The modules of the same package that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names |= (
                {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
            )
    return frozenset(names)


class _FromText(MetaPathFinder, Loader):
    """Imports the modules of one variant from their source texts."""

    def __init__(self, variant: str, sources: Mapping[str, str]) -> None:
        self.variant, self.sources = variant, sources

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        package, _, module = fullname.partition(".")
        if package != self.variant or (module or "__init__") not in self.sources:
            return None
        return ModuleSpec(fullname, self, is_package=not module)

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__.partition(".")[2] or "__init__"
        exec(compile(self.sources[name], f"<{module.__name__}>", "exec"), vars(module))


class Variant:
    """An imported package; `variant.module("rnn")` is its module of that name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def module(self, name: str) -> ModuleType:
        """One module, imported on first use."""
        return import_module(f"{self.name}.{name}")


@contextmanager
def imported(sources: Mapping[str, str]) -> Iterator[Variant]:
    """The package of these sources, importable until the block ends."""
    name = f"variant_{next(_numbers)}"
    finder = _FromText(name, sources)
    sys.meta_path.insert(0, finder)
    try:
        yield Variant(name)
    finally:
        sys.meta_path.remove(finder)
        for module in [m for m in sys.modules if m.partition(".")[0] == name]:
            del sys.modules[module]
