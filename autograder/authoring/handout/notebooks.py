"""Notebooks, derived from the percent scripts in `solutions/notebooks/`: what students get, what
graders run.

A script's header names the lessons whose functions it calls. A cell that is exactly
`check("problem")` is a check cell. A cell tagged `answer` stays at home: in its place students find
room for their own answer to each of the questions before it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.authoring.handout.setup_cell import setup_cell
from autograder.errors import UserError

CHECK = re.compile(r'check\("(\w+)"\)')
ANSWER = "answer"
"""The tag of a cell that stays at home."""

SETUP = "setup"
"""The tag of the cell that imports from the handout; in a notebook, it finds the handout first."""

QUESTIONS = re.compile(r"\*\*Questions?\.\*\*")
"""How a cell with questions begins."""

LETTERED, NUMBERED = re.compile(r"\(([a-z])\)"), re.compile(r"^(\d+)\. ", re.MULTILINE)
"""How questions are told apart: `(a) ... (b) ...`, or a numbered list."""

OTHER = re.compile(r"\b[Nn]otebook (\d)\b")
"""How a text speaks of another notebook."""

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class NotebookError(UserError):
    """A notebook cannot be built; the message says which and why."""


@dataclass(frozen=True)
class Notebook:
    """One script: its name, the lessons it calls, and its cells as nbformat's, answers included.

    address: of the handout's zip on the web, for a notebook that was opened alone, or empty.
    """

    name: str
    lessons: tuple[str, ...]
    cells: tuple[Any, ...]
    address: str = ""

    @property
    def checks(self) -> tuple[str, ...]:
        """The problems it has check cells for."""
        problems = [checked_problem(cell) for cell in self.cells]
        return tuple(problem for problem in problems if problem is not None)

    @property
    def tags(self) -> set[str]:
        """All tags of its cells."""
        found: set[str] = set()
        for cell in self.cells:
            found.update(tags_of(cell))
        return found


def load_notebooks(folder: Path, address: str = "") -> list[Notebook]:
    """Every notebook of `solutions/notebooks/`, in order.

    address: of the handout's zip on the web, if there is one.
    Raises NotebookError for a script that names no lessons or something that is not there, for a
    tag that means nothing, for answers that do not fit the questions before them, and where
    jupytext is not installed.
    """
    return [_load(path, address) for path in sorted(folder.glob("*.py"))]


def _load(path: Path, address: str) -> Notebook:
    try:
        import jupytext
    except ImportError:
        raise NotebookError(
            "notebooks are built with jupytext: pip install -r requirements-dev.txt"
        ) from None
    script = jupytext.read(path, fmt="py:percent")
    named = script.metadata.get("recurrent", {}).get("lessons", [])
    notebook = Notebook(path.stem, tuple(named), tuple(script.cells), address)
    known = {problem.name for problem in lessons.all_problems()}
    unknown = [name for name in named if name not in lessons.names()]
    unknown += [name for name in notebook.checks if name not in known]
    if unknown:
        raise NotebookError(
            f"solutions/notebooks/{path.name}: there is no lesson or problem {', '.join(unknown)}"
        )
    if not named:
        raise NotebookError(f"solutions/notebooks/{path.name}: its header names no lessons")
    for tag in sorted(notebook.tags - {ANSWER, SETUP, *lessons.names()}):
        # A slip in the one tag that keeps a cell at home would hand out the answer.
        raise NotebookError(
            f"solutions/notebooks/{path.name}: a cell is tagged {tag!r}; a tag is {ANSWER!r}, "
            f"{SETUP!r} or a lesson"
        )
    _refuse_odd_answers(notebook)
    return notebook


def _refuse_odd_answers(notebook: Notebook) -> None:
    """Raise NotebookError for an answer that stands behind no question, or leaves one out."""
    before: Any = None
    for cell in notebook.cells:
        if ANSWER in tags_of(cell) and cell.cell_type == "markdown":
            asked = questions_in(before)
            if asked is None or asked != _labels(cell.source):
                raise NotebookError(
                    f"solutions/notebooks/{notebook.name}.py: an answer does not fit the questions "
                    f"before it: {cell.source.splitlines()[0][:60]}"
                )
        before = cell


def checked_problem(cell: Any) -> str | None:
    """The problem that a check cell checks; None for any other cell."""
    if cell.cell_type != "code":
        return None
    match = CHECK.fullmatch(cell.source.strip())
    return match[1] if match else None


def notebooks_for(notebooks: Sequence[Notebook], taught: Collection[str]) -> list[Notebook]:
    """The notebooks that check a problem of one of these lessons."""
    lesson_of = {problem.name: problem.lesson for problem in lessons.all_problems()}
    found = []
    for notebook in notebooks:
        checked = {lesson_of[problem] for problem in notebook.checks}
        if checked & set(taught):
            found.append(notebook)
    return found


def linked(notebooks: Sequence[Notebook]) -> list[Notebook]:
    """The notebooks with links where a text speaks of `notebook 3`, if that is among them."""
    names = {notebook.name.partition("_")[0]: notebook.name for notebook in notebooks}
    found = []
    for notebook in notebooks:
        others = {number: name for number, name in names.items() if name != notebook.name}
        cells = tuple(_with_links(cell, others) for cell in notebook.cells)
        found.append(replace(notebook, cells=cells))
    return found


def _with_links(cell: Any, others: Mapping[str, str]) -> Any:
    """A cell whose text links to other notebooks; others: their names by their numbers."""

    def link(match: re.Match[str]) -> str:
        name = others.get(match[1])
        return f"[{match[0]}]({name}.ipynb)" if name else match[0]

    if cell.cell_type != "markdown":
        return cell
    return _changed(cell, OTHER.sub(link, cell.source))


def tags_of(cell: Any) -> list[str]:
    """The tags of a cell."""
    found: list[str] = cell.metadata.get("tags", [])
    return found


def student_version(notebook: Notebook) -> str:
    """The notebook as students get it, as the text of an .ipynb file: no answers, no outputs."""
    return as_ipynb(notebook.name, student_cells(notebook))


def student_cells(notebook: Notebook) -> Iterator[Any]:
    """The cells as students get them: without the answers, and with room for their own."""
    before: Any = None
    for cell in notebook.cells:
        if SETUP in tags_of(cell):
            yield _changed(cell, setup_cell(cell.source, notebook.address))
        elif ANSWER in tags_of(cell):
            if cell.cell_type == "markdown":
                # The questions themselves may have been cut, with what they ask about.
                for label in questions_in(before) or ():
                    yield _changed(cell, f"*Your answer{label}:*")
        else:
            yield cell
        before = cell


def _changed(cell: Any, source: str) -> Any:
    changed = cell.copy()
    changed.update(source=source)
    return changed


def questions_in(cell: Any) -> list[str] | None:
    """The labels of the questions in a cell, as ` (a)`; None if it asks none."""
    is_text = cell is not None and cell.cell_type == "markdown"
    if not is_text or not QUESTIONS.match(cell.source):
        return None
    return _labels(cell.source)


def _labels(source: str) -> list[str]:
    """` (a)`, ` (b)` or ` 1`, ` 2`, as questions and answers are counted; one that is empty if they
    are not.

    Only what counts on is a label: a question may mention another one.
    """
    found: list[str] = []
    for number in NUMBERED.findall(source):
        if int(number) == len(found) + 1:
            found.append(f" {number}")
    if found:
        return found
    for letter in LETTERED.findall(source):
        if letter == chr(ord("a") + len(found)):
            found.append(f" ({letter})")
    return found or [""]


def as_ipynb(name: str, cells: Iterator[Any]) -> str:
    """Cells as the text of an .ipynb file; the same cells give the same text."""
    import nbformat

    built = nbformat.v4.new_notebook(
        metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    for number, cell in enumerate(cells):
        make = nbformat.v4.new_markdown_cell
        if cell.cell_type == "code":
            make = nbformat.v4.new_code_cell
        # Of what jupytext read, tags among it, nothing else is for students.
        metadata = {key: value for key, value in cell.metadata.items() if key == "nbgrader"}
        # Ids are random unless given, and the same cells are to give the same text.
        built.cells.append(make(cell.source, id=f"{name}-{number}", metadata=metadata))
    nbformat.validate(built)
    return str(nbformat.writes(built)) + "\n"
