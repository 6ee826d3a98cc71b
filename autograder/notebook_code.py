"""What a notebook defines: the code of its cells, read as text, never run.

It travels, and needs no package that reads notebooks.
"""

from __future__ import annotations

import ast
import json
import re
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder import lessons

PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
"""Cell magics below which Python stands. Below any other, something else does."""

MAGIC = re.compile(r"^\s*(?:[%!?]|\w+\s*=\s*[%!]|.*\?\s*$)")
"""A line that only IPython understands: `%matplotlib inline`, `!pip install`, `files = !ls`."""

DEFINED = re.compile(r"^(?:def|class)\s+(\w+)", re.MULTILINE)


class NotANotebook(ValueError):
    """The text is no notebook."""


@dataclass(frozen=True)
class Cell:
    """A code cell: its number among all cells, from 1, and its code with IPython's lines blanked.

    tree: None where the code is no Python; then `error` says why.
    """

    number: int
    source: str
    tree: ast.Module | None
    error: str = ""


def functions_in_notebook(text: str) -> list[str]:
    """The graded functions and classes that a notebook's cells define, in order, each once.

    text: of an .ipynb file, from anybody. What is no notebook defines nothing. Nothing is parsed as
    Python, so no text takes more than time in proportion to its length.
    """
    graded = {problem.of.partition(".")[0] for problem in lessons.all_problems()}
    found: dict[str, None] = {}
    try:
        sources = [source for _, source in _code_cells(text)]
    except NotANotebook:
        return []
    for source in sources:
        found.update(dict.fromkeys(DEFINED.findall(source)))
    return [name for name in found if name in graded]


def cells_of(text: str) -> list[Cell]:
    """The code cells of a notebook. Raises NotANotebook."""
    return [_parsed(number, source) for number, source in _code_cells(text)]


def _code_cells(text: str) -> Iterator[tuple[int, str]]:
    """Number and source of every code cell. Raises NotANotebook."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise NotANotebook from None
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        raise NotANotebook
    for number, cell in enumerate(cells, start=1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            lines = source if isinstance(source, list) else [source]
            code = "".join(line for line in lines if isinstance(line, str))
            yield number, code.replace("\r\n", "\n")


def _parsed(number: int, source: str) -> Cell:
    first = source.lstrip().partition("\n")[0]
    if first.startswith("%%") and not first.startswith(PYTHON_MAGICS):
        return Cell(number, "", ast.Module([], []))
    # As it is first: in Python, too, a line may begin with a percent sign.
    for code in (source, _without_magics(source)):
        try:
            return Cell(number, code, ast.parse(code))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            why = f"line {line}: {getattr(error, 'msg', error)}" if line else str(error)
    return Cell(number, code, None, why)


def _without_magics(source: str) -> str:
    """The source with each line of IPython's as a `pass`, so that all other lines keep theirs."""
    lines = []
    for line in source.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        lines.append(f"{indent}pass" if MAGIC.match(line) else line)
    return "\n".join(lines)


# ------------------------------------------------------------------------------- parts of a source


def lines_of(source: str, node: ast.stmt) -> tuple[int, int]:
    """The first and the last line of a definition, from 1, with the comments that belong to it.

    These are its decorators, whole lines of comment right above it, and those at its end that are
    indented deeper than it is.
    """
    lines = source.split("\n")
    first = node.lineno
    for decorator in getattr(node, "decorator_list", []):
        first = min(first, decorator.lineno)
    while first > 1 and _is_comment(lines[first - 2], node.col_offset):
        first -= 1
    last = node.end_lineno or node.lineno
    for number in range(last + 1, len(lines) + 1):
        line = lines[number - 1]
        if line.strip() and not _is_comment(line, None, deeper_than=node.col_offset):
            break
        if line.strip():
            last = number
    return first, last


def _is_comment(line: str, column: int | None, deeper_than: int = -1) -> bool:
    text = line.lstrip()
    indent = len(line) - len(text)
    return text.startswith("#") and (
        indent == column if column is not None else indent > deeper_than
    )


def text_of(source: str, node: ast.stmt) -> str:
    """The lines of a definition, as they stand there."""
    first, last = lines_of(source, node)
    return "\n".join(source.split("\n")[first - 1 : last])


def free_names(code: str) -> set[str]:
    """The names that code takes from around it: neither its own variables nor its arguments."""
    free = set()
    if code[:1].isspace():
        code = f"if True:\n{code}"  # a method, as indented as it stands in its class
    tables = [symtable.symtable(code, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        outermost = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() if outermost else symbol.is_global():
                free.add(symbol.get_name())
    return free


def names_bound(statement: ast.stmt) -> list[str]:
    """The names that a statement at the top of a file binds."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.partition(".")[0] for alias in statement.names]
    targets: Sequence[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    stored = []
    for target in targets:
        stored += [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]
    return stored


def find_function(source: str, function: str) -> ast.FunctionDef | None:
    """The last function, or `Class.method`, of a name in a file's text; None if there is none."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = [function_in(statement, function) for statement in statements]
    defined = [one for one in found if one is not None]
    return defined[-1] if defined else None


def function_in(node: ast.stmt, function: str) -> ast.FunctionDef | None:
    """The function, or `Class.method`, of a name that a statement defines."""
    name, _, method = function.partition(".")
    if method and isinstance(node, ast.ClassDef) and node.name == name:
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and part.name == method:
                return part
    if not method and isinstance(node, ast.FunctionDef) and node.name == name:
        return node
    return None


def docstring_of(function: ast.FunctionDef) -> ast.Expr | None:
    """The statement that is a function's docstring."""
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first if isinstance(first.value.value, str) else None
    return None


def is_to_do(function: ast.FunctionDef) -> bool:
    """Whether a function has nothing of its author's in it: after the docstring, if there is one,
    only `pass` or `raise NotImplementedError`, and at most a return of names, as in a stub.
    """
    body = list(function.body)
    if docstring_of(function) is not None:
        body = body[1:]
    if body and isinstance(body[-1], ast.Return) and _only_names(body[-1].value):
        body = body[:-1]
        if not body:
            return False
    return all(_is_nothing(statement) for statement in body)


def _is_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        return ast.unparse(statement.exc).startswith("NotImplementedError")
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass)


def _only_names(value: ast.expr | None) -> bool:
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return all(part is None or isinstance(part, ast.Name) for part in parts)
