"""Variants: the reference package, or the reference with one misconception patched in, imported
side by side.

A variant is imported under a name of its own (`variant_17.rnn`), from source text, so that a patch
in one module is seen by every module that imports it; nothing is written to disk.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import count
from pathlib import Path
from textwrap import indent
from types import CodeType, ModuleType

from autograder.errors import UserError
from autograder.problem import Misconception, Patch

REFERENCE = "solutions/recurrent"

_numbers = count()


class BuildError(UserError):
    """The solutions, the lessons or the misconceptions contradict each other.

    The message says where, one sentence a line.
    """


def read_package(folder: Path) -> dict[str, str]:
    """Module name -> source text of every module of a package; `__init__` included."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}


# --------------------------------------------------------------------------------- one function


@cache
def parsed(source: str) -> ast.Module:
    """The syntax tree of a module; kept, because every misconception asks for its module's."""
    return ast.parse(source)


@cache
def code_span(source: str, name: str) -> tuple[int, int]:
    """Where the code of a function stands in a source text, as offsets of its start and its end.

    The docstring is left out. `Class.method` names a method. Raises BuildError if there is none of
    that name.
    """
    found = _definition(source, name)
    documented = ast.get_docstring(found) is not None and len(found.body) > 1
    first = found.body[1] if documented else found.body[0]
    lines = source.splitlines(keepends=True)
    start = sum(map(len, lines[: first.lineno - 1]))
    end = sum(map(len, lines[: found.end_lineno]))
    return start, end


@cache
def lines_of(source: str, name: str) -> range:
    """The numbers of a function's lines, its decorators among them. Raises as `code_span` does."""
    found = _definition(source, name)
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    return range(first, (found.end_lineno or first) + 1)


def _definition(source: str, name: str) -> ast.FunctionDef | ast.ClassDef:
    body: list[ast.stmt] = parsed(source).body
    found: ast.FunctionDef | ast.ClassDef | None = None
    for part in name.split("."):
        named = [
            node
            for node in body
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == part
        ]
        if not named:
            raise BuildError(f"there is no function {name} in the reference")
        found = named[0]
        body = found.body
    assert found is not None
    return found


def module_of(sources: Mapping[str, str], misconception: Misconception) -> str:
    """The module in which the misconception's function is defined."""
    return home_of(sources, misconception.patches[0], misconception.id)


def home_of(sources: Mapping[str, str], change: Patch, wrong: str) -> str:
    """The module of the function that is changed. Raises BuildError if there is none."""
    top = change.function.split(".")[0]
    for module, source in sources.items():
        if top in _defined(source):
            return module
    raise BuildError(f"{wrong}: there is no function {top} in the reference")


@cache
def _defined(source: str) -> frozenset[str]:
    """The names of a module's functions and classes."""
    nodes = parsed(source).body
    return frozenset(
        node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)
    )


def patch(source: str, misconception: Misconception, change: Patch | None = None) -> str:
    """The module's source with the wrong idea in place, in one function.

    change: the one of the misconception's patches that is meant; without it, its first.
    Raises BuildError unless the text occurs exactly once, and what comes out is Python.
    """
    change = change or misconception.patches[0]
    start, end = code_span(source, change.function)
    function = source[start:end]
    times = function.count(change.replace)
    if times != 1:
        raise BuildError(
            f"{misconception.id}: the text to replace occurs {times} times in {change.function}, "
            "not once"
        )
    patched = function.replace(change.replace, change.by)
    try:
        # The function alone, in a block of its own: that takes a tenth of the time of its module,
        # and there are hundreds of patches.
        ast.parse("if True:\n" + indent(patched, " "))
    except SyntaxError as error:
        raise BuildError(
            f"{misconception.id}: the patched code does not parse: {error.msg}"
        ) from None
    return source[:start] + patched + source[end:]


# ------------------------------------------------------------------------------ who imports whom


def dependents(sources: Mapping[str, str], module: str) -> set[str]:
    """The modules that import `module`, directly or not, and itself.

    Those are the ones in which a patch of it can be seen.
    """
    return {name for name in sources if module in needed_by(sources, name)}


def needed_by(sources: Mapping[str, str], module: str) -> set[str]:
    """The modules that `module` imports, directly or not, and itself."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        current = waiting.pop()
        if current in sources and current not in seen:
            seen.add(current)
            waiting += imports_of(sources[current])
    return seen


@cache
def imports_of(source: str) -> frozenset[str]:
    """The modules of the same package that a module imports."""
    names: set[str] = set()
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            if node.module:
                names.add(node.module.split(".")[0])
            else:
                names |= {alias.name for alias in node.names}
    return frozenset(names)


# ------------------------------------------------------------------------------------- importing


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
        exec(_compiled(self.sources[name], f"{REFERENCE}/{name}.py"), vars(module))

    def get_source(self, fullname: str) -> str:
        """The text of a module, as the loaders of files have it."""
        return self.sources[fullname.partition(".")[2] or "__init__"]


@lru_cache(maxsize=64)
def _compiled(source: str, filename: str) -> CodeType:
    """A module's code. Variants share it, because all but one of their modules are the same."""
    return compile(source, filename, "exec")


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
        for module in [module for module in sys.modules if module.partition(".")[0] == name]:
            del sys.modules[module]
