"""A notebook cut to what is taught, so that any part of the course can be.

What a code cell needs is read from its code: the lessons whose functions it calls, and the cells
that define what it uses. Where one of them is missing, so is the cell. Text goes with the code that
follows it at once or, where none does, with the code before it; a section's heading stays as long
as any code of the section does, and so does the text of a section without code. A cell may also be
tagged with the lessons that it needs.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder import lessons
from autograder.authoring.drawings import FOLDER, NAMES, as_image
from autograder.authoring.handout.notebooks import (
    SETUP,
    Notebook,
    NotebookError,
    checked_problem,
    tags_of,
)
from autograder.wording import listed

PACKAGE = "recurrent."

FILES = "{{files}}"
"""Stands in a notebook's text for what it asks of the student's files, in this course."""

DRAWING = re.compile(r"\{\{drawing (\w+)\}\}")
"""Stands in a notebook's text for one of our drawings."""

TO_TOP = "../"
"""From a notebook to the top of the handout."""


@dataclass(frozen=True)
class Taught:
    """What students of a course have.

    graded: the lessons they are asked for. there: these, and those of earlier problem sets.
    """

    graded: frozenset[str]
    there: frozenset[str]


def cut(notebook: Notebook, taught: Taught) -> Notebook:
    """The notebook without the cells that need a lesson which is not taught.

    Its lessons are those that the cells which are left need.
    """
    kept = _kept_code(notebook.cells, taught)
    needed: set[str] = set()
    for found in kept.values():
        needed |= found
    cells = []
    for number in sorted(kept.keys() | _kept_text(notebook.cells, kept, taught)):
        cells.append(_without_missing(notebook.cells[number], taught.there))
    left = replace(
        notebook,
        lessons=tuple(name for name in notebook.lessons if name in needed),
        cells=tuple(cells),
    )
    files = _files(left)
    filled = []
    for cell in cells:
        source = cell.source.replace(FILES, files)
        filled.append(_with_source(cell, _with_drawings(source, notebook.name)))
    return replace(left, cells=tuple(filled))


def whole(notebook: Notebook) -> Notebook:
    """The notebook as it is when everything is taught."""
    everything = frozenset(lessons.names())
    return cut(notebook, Taught(everything, everything))


def _files(notebook: Notebook) -> str:
    """The sentences that say in which files a student writes, and which are used besides."""
    asked = {lessons.find(problem).lesson for problem in notebook.checks}
    written = [f"`recurrent/{name}.py`" for name in notebook.lessons if name in asked]
    used = [f"`{name}.py`" for name in notebook.lessons if name not in asked]
    if not written:
        return ""
    sentences = f"You write in {listed(written)}."
    if used:
        sentences += f" What you wrote in {listed(used)} is used again."
    return sentences


def _with_drawings(source: str, notebook: str) -> str:
    """A text with its drawings as images, from where notebooks lie in a handout.

    Raises NotebookError for a drawing that there is not.
    """
    for name in DRAWING.findall(source):
        if name not in NAMES:
            raise NotebookError(
                f"solutions/notebooks/{notebook}.py: there is no drawing {name}, only "
                f"{listed(NAMES)}"
            )
    return DRAWING.sub(lambda match: as_image(match[1], f"{TO_TOP}{FOLDER}"), source)


# ------------------------------------------------------------------------------------------- code


def _kept_code(cells: Sequence[Any], taught: Taught) -> dict[int, set[str]]:
    """Number of each code cell that is kept -> the lessons that it needs."""
    kept: dict[int, set[str]] = {}
    imported: dict[str, str] = {}  # name -> the lesson that it comes from
    defined_in: dict[str, int] = {}  # name -> the last cell that defines it
    for number, cell in enumerate(cells):
        if cell.cell_type != "code":
            continue
        if SETUP in tags_of(cell):
            kept[number] = set()
            continue
        problem = checked_problem(cell)
        if problem is not None:
            lesson = lessons.find(problem).lesson
            if lesson in taught.graded:
                kept[number] = {lesson}
            continue
        tree = ast.parse(cell.source)
        imported |= dict(_imports(tree))
        used = _names_used(cell.source)
        needs = {imported[name] for name in used if name in imported} | _lessons_in(tags_of(cell))
        before = {defined_in[name] for name in used if name in defined_in}
        if needs <= taught.there and before <= kept.keys():
            kept[number] = needs
        defined_in |= dict.fromkeys(_names_defined(cell.source), number)
    return kept


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each name that a cell imports from a lesson, with the lesson."""
    for node in tree.body:
        lesson = _lesson_imported(node)
        if isinstance(node, ast.ImportFrom) and lesson:
            for alias in node.names:
                yield alias.asname or alias.name, lesson


def _lesson_imported(statement: ast.stmt) -> str:
    """The lesson from which a statement imports, or empty."""
    if not isinstance(statement, ast.ImportFrom):
        return ""
    name = (statement.module or "").removeprefix(PACKAGE)
    return name if name in lessons.names() else ""


def _names_used(source: str) -> set[str]:
    """The names that a cell takes from cells before it, also within its functions."""
    top = symtable.symtable(source, "cell", "exec")
    own = set(_names_defined(source))
    found: set[str] = set()
    tables = [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (table is top or symbol.is_global()):
                found.add(symbol.get_name())
    return found - own


def _names_defined(source: str) -> Iterator[str]:
    """The names that a cell gives a value, but for those that it imports."""
    for symbol in symtable.symtable(source, "cell", "exec").get_symbols():
        if symbol.is_assigned() and not symbol.is_imported():
            yield symbol.get_name()


def _without_missing(cell: Any, there: Collection[str]) -> Any:
    """A cell without its imports from lessons that are not there."""
    if cell.cell_type != "code" or SETUP in tags_of(cell):
        return cell
    lines = cell.source.split("\n")
    for statement in reversed(ast.parse(cell.source).body):
        lesson = _lesson_imported(statement)
        if lesson and lesson not in there:
            del lines[statement.lineno - 1 : statement.end_lineno]
    return _with_source(cell, "\n".join(lines))


def _with_source(cell: Any, source: str) -> Any:
    if source == cell.source:
        return cell
    copied = cell.copy()
    copied.update(source=source)
    return copied


# ------------------------------------------------------------------------------------------- text


def _kept_text(
    cells: Sequence[Any], kept: Mapping[int, Collection[str]], taught: Taught
) -> set[int]:
    """The numbers of the text cells that are kept."""
    found = set()
    for number, cell in enumerate(cells):
        if cell.cell_type != "code" and _lessons_in(tags_of(cell)) <= taught.there:
            code = _code_of(cells, number)
            if not code or any(one in kept for one in code):
                found.add(number)
    return found


def _code_of(cells: Sequence[Any], number: int) -> list[int]:
    """The code cells to which a text belongs.

    None for what stands before the first section, and in a section that has no code at all: there
    only tags can say for whom a text is.
    """
    section = _section_of(cells, number)
    if section is None or cells[number].source.startswith("## "):
        return section or []
    return (_run(cells, number, _is_code) or _run_before(cells, number)) if section else []


def _section_of(cells: Sequence[Any], number: int) -> list[int] | None:
    """The code cells of the section that a cell stands in; None before the first section."""
    start = number
    while not cells[start].source.startswith("## "):
        start -= 1
        if start < 0:
            return None
    return _run(cells, start, lambda cell: not cell.source.startswith("## "))


def _is_code(cell: Any) -> bool:
    return bool(cell.cell_type == "code")


def _run(cells: Sequence[Any], number: int, goes_on: Any) -> list[int]:
    """The code cells after a cell, as long as `goes_on`."""
    found = []
    for later in range(number + 1, len(cells)):
        if not goes_on(cells[later]):
            break
        if _is_code(cells[later]):
            found.append(later)
    return found


def _run_before(cells: Sequence[Any], number: int) -> list[int]:
    """The last unbroken run of code cells before a cell."""
    earlier = number - 1
    while earlier >= 0 and not _is_code(cells[earlier]):
        earlier -= 1
    found = []
    while earlier >= 0 and _is_code(cells[earlier]):
        found.append(earlier)
        earlier -= 1
    return found


def _lessons_in(tags: Collection[str]) -> set[str]:
    return set(tags) & set(lessons.names())
