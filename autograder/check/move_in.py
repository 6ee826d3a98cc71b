"""Functions that were written in a notebook, moved into the files of `recurrent/`.

Only what is still to do there is replaced. What a student has written in a file is never touched.
"""

from __future__ import annotations

import ast
import builtins
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UserError
from autograder.notebook_code import (
    NotANotebook,
    cells_of,
    docstring_of,
    find_function,
    free_names,
    function_in,
    is_to_do,
    lines_of,
    names_bound,
    text_of,
)


class MoveError(UserError):
    """Nothing can be moved from this notebook; the message says why."""


@dataclass(frozen=True)
class Definition:
    """A statement at the top of a cell that gives something a name."""

    cell: int
    source: str
    node: ast.stmt

    @property
    def text(self) -> str:
        """Its lines, with the comments that belong to it."""
        return text_of(self.source, self.node)


@dataclass
class File:
    """A file of the student's while it is changed.

    replaced: the first line and the last of what goes, and the lines that come; what only comes has
        the line before its first as its last. imports: lines that come below those it has.
    bound: the names it has by then. said: what happened, a sentence each.
    """

    name: str
    source: str
    tree: ast.Module
    replaced: list[tuple[int, int, str]] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for statement in self.tree.body:
            self.bound.update(names_bound(statement))

    def changed(self) -> str:
        """The source with all that was replaced, added and imported."""
        lines = self.source.split("\n")
        for first, last, text in sorted(self.replaced, reverse=True):
            lines[first - 1 : last] = text.split("\n")
        if self.imports:
            place = _after_imports(self.tree)
            lines[place:place] = self.imports
        return "\n".join(lines)


def move_in(notebook: Path, recurrent: Path, graded: Mapping[str, str]) -> list[str]:
    """Move the graded functions that a notebook defines into the files where they are to do.

    notebook: an .ipynb file. recurrent: the folder of the files.
    graded: function or `Class.method` -> the lesson whose file it belongs into.
    Returns what went where and what was left, a sentence each. With a function go the functions,
    imports and plain constants that it needs and the file does not have.
    Raises MoveError, in one sentence, if the notebook cannot be read or has none of the functions.
    """
    definitions, said = _definitions(notebook)
    lessons: dict[str, list[str]] = {}
    for function, lesson in graded.items():
        found = definitions.get(function.partition(".")[0])
        if found is not None and function_in(found.node, function) is not None:
            lessons.setdefault(lesson, []).append(function)
    if not lessons:
        left = f"; {said[0]}" if said else ""
        raise MoveError(f"{notebook.name} defines no function of this course{left}")
    homes = {function.partition(".")[0]: lesson for function, lesson in graded.items()}
    for lesson, functions in lessons.items():
        path = recurrent / f"{lesson}.py"
        try:
            file = _opened(path)
        except MoveError as error:
            said.append(str(error))
            continue
        # A class may have methods, too, that are to do and are checked only through others.
        for function in dict.fromkeys([*functions, *_to_do(file.tree, definitions)]):
            _move(function, definitions, homes, file)
        if file.replaced and not _is_python(file.changed()):
            said.append(f"{file.name} would be no Python any more, so nothing was moved there")
            continue
        said += file.said
        if file.replaced:
            _write(path, file.changed())
    return list(dict.fromkeys(said))


def _to_do(tree: ast.Module, definitions: Mapping[str, Definition]) -> Iterator[str]:
    """The functions and `Class.method`s to do in a file that a notebook defines."""
    for name, function in _functions_of(tree):
        found = definitions.get(name.partition(".")[0])
        if is_to_do(function) and found is not None and function_in(found.node, name) is not None:
            yield name


def _functions_of(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name, statement
        elif isinstance(statement, ast.ClassDef):
            for part in statement.body:
                if isinstance(part, ast.FunctionDef):
                    yield f"{statement.name}.{part.name}", part


def _definitions(notebook: Path) -> tuple[dict[str, Definition], list[str]]:
    """What the cells define, the last of a name, and what is to be said of cells left out."""
    try:
        cells = cells_of(notebook.read_text(encoding="utf-8-sig"))
    except OSError:
        raise MoveError(f"{notebook} cannot be opened: is that where the notebook is?") from None
    except (UnicodeDecodeError, NotANotebook):
        raise MoveError(
            f"{notebook.name} cannot be read as a notebook: save it again as .ipynb"
        ) from None
    definitions, said = {}, []
    for cell in cells:
        if cell.tree is None:
            said.append(f"cell {cell.number} was left out, because it is no Python ({cell.error})")
            continue
        for statement in cell.tree.body:
            for name in names_bound(statement):
                # What is imported or assigned later is the same function, or made from it.
                if name not in definitions or _defines(statement):
                    definitions[name] = Definition(cell.number, cell.source, statement)
    return definitions, said


def _defines(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.FunctionDef, ast.ClassDef))


def _opened(path: Path) -> File:
    """Raises MoveError if the file is missing or is no Python."""
    name = f"recurrent/{path.name}"
    try:
        source = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
        return File(name, source, ast.parse(source))
    except FileNotFoundError:
        raise MoveError(f"{name} is missing: put the handout's file there first") from None
    except (OSError, UnicodeDecodeError):
        raise MoveError(f"{name} cannot be read, so nothing was moved there") from None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        place = f", line {line}," if line else ""
        raise MoveError(f"{name}{place} is no Python: mend that before anything is moved") from None


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _write(path: Path, source: str) -> None:
    """Replace a file in one step, with the ends of line that it had."""
    if b"\r\n" in path.read_bytes():
        source = source.replace("\n", "\r\n")
    beside = path.with_suffix(".new")
    beside.write_bytes(source.encode("utf-8"))
    beside.chmod(path.stat().st_mode)
    beside.replace(path)


# ------------------------------------------------------------------------------------ one function


def _move(
    function: str, definitions: Mapping[str, Definition], homes: Mapping[str, str], file: File
) -> None:
    """Move one function, or say why it is not moved."""
    top = function.partition(".")[0]
    found = definitions[top]
    new = function_in(found.node, function)
    if new is None:
        return
    if is_to_do(new):
        file.said.append(f"{function} is still to do in cell {found.cell} too")
        return
    old = find_function(file.source, function)
    if old is None:
        file.said.append(f"{file.name} has no {function} any more: put the handout's back first")
        return
    if not is_to_do(old):
        file.said.append(_kept(function, found, new, old, file))
        return
    code = text_of(found.source, new)
    helpers, moved = _needed(function, code, definitions, homes, file)
    if helpers:
        place, _ = lines_of(file.source, _statement_of(file.tree, old))
        file.replaced.append((place, place - 1, "\n\n\n".join(helpers) + "\n\n"))
    text = _with_docstring(found.source, new, file.source, old)
    if new.col_offset != old.col_offset:
        text = textwrap.indent(textwrap.dedent(text), " " * old.col_offset)
    file.replaced.append((*lines_of(file.source, old), text))
    along = f", with {', '.join(moved)}" if moved else ""
    file.said.append(f"{file.name}: {function} was moved there from cell {found.cell}{along}")


def _statement_of(tree: ast.Module, function: ast.FunctionDef) -> ast.stmt:
    """The statement at the top of a file in which a function stands."""
    return next(one for one in tree.body if one.lineno <= function.lineno <= (one.end_lineno or 0))


def _kept(
    function: str, found: Definition, new: ast.FunctionDef, old: ast.FunctionDef, file: File
) -> str:
    if _code(new) == _code(old):
        return f"{file.name}: {function} is there already"
    return (
        f"{file.name}: the {function} you wrote there, line {old.lineno}, was kept; the other one, "
        f"in cell {found.cell}, was not moved"
    )


def _code(function: ast.FunctionDef) -> str:
    """What a function does, whatever its docstring and its comments say."""
    body = function.body[1:] if docstring_of(function) is not None else function.body
    return "\n".join([ast.dump(function.args), *(ast.dump(statement) for statement in body)])


def _with_docstring(
    source: str, new: ast.FunctionDef, old_source: str, old: ast.FunctionDef
) -> str:
    """The new function's lines; with the old one's docstring if it has none of its own."""
    first, last = lines_of(source, new)
    lines = source.split("\n")[first - 1 : last]
    given, body = docstring_of(old), new.body[0]
    if given is None or docstring_of(new) is not None or body.lineno == new.lineno:
        return "\n".join(lines)
    if given.col_offset == body.col_offset:
        place = body.lineno - first
        lines[place:place] = old_source.split("\n")[given.lineno - 1 : given.end_lineno]
    return "\n".join(lines)


# ------------------------------------------------------------------------------ what goes with it


def _needed(
    function: str,
    code: str,
    definitions: Mapping[str, Definition],
    homes: Mapping[str, str],
    file: File,
) -> tuple[list[str], list[str]]:
    """The code that a function needs and its file does not have, and the names of it.

    Imports are put down in the file itself.
    """
    helpers: list[str] = []
    moved: list[str] = []
    waiting = [code]
    while waiting:
        for name in sorted(free_names(waiting.pop())):
            found = definitions.get(name)
            if found is None or name == function or hasattr(builtins, name):
                continue
            if name in file.bound:
                _say_if_other(name, found, file)
                continue
            file.bound.add(name)
            if name in homes:
                file.imports.append(f"from .{homes[name]} import {name}")
            elif isinstance(found.node, (ast.Import, ast.ImportFrom)):
                file.imports.append(_import_of(name, found.node))
            elif _can_go_along(found.node):
                helpers.insert(0, found.text)
                moved.append(name)
                waiting.append(found.text)
            else:
                file.said.append(
                    f"{function} uses {name}, which cell {found.cell} works out and which was not "
                    f"moved: pass it as an argument, or write it into {file.name}"
                )
    return helpers, moved


def _say_if_other(name: str, found: Definition, file: File) -> None:
    """Say that a helper of the same name is in the file already, if it does something else."""
    new, old = function_in(found.node, name), find_function(file.source, name)
    if new is None or old is None or is_to_do(old) or _code(new) == _code(old):
        return
    sentence = _kept(name, found, new, old, file)
    if sentence not in file.said:
        file.said.append(sentence)


def _can_go_along(node: ast.stmt) -> bool:
    """Whether it is a function, a class or a plain constant, and so the same wherever it stands."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return True
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    try:
        return value is not None and ast.literal_eval(value) is not None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False


def _import_of(name: str, node: ast.Import | ast.ImportFrom) -> str:
    """The import of that one name, from within the package where it is one of the package's."""
    alias = next(part for part in node.names if name in (part.asname, part.name.partition(".")[0]))
    renamed = f" as {alias.asname}" if alias.asname else ""
    if isinstance(node, ast.Import):
        return f"import {alias.name}{renamed}"
    module = "." * node.level + (node.module or "")
    if module == "recurrent" or module.startswith("recurrent."):
        module = "." + module.removeprefix("recurrent").lstrip(".")
    return f"from {module} import {alias.name}{renamed}"


def _after_imports(tree: ast.Module) -> int:
    """The number of the line below which a file's imports end, or else its docstring."""
    last = 0
    for number, statement in enumerate(tree.body):
        is_import = isinstance(statement, (ast.Import, ast.ImportFrom))
        is_docstring = number == 0 and isinstance(statement, ast.Expr)
        if not is_import and not is_docstring:
            break
        last = statement.end_lineno or 0
    return last
