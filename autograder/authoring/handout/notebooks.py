"""Notebooks, derived from the percent scripts in `solutions/notebooks/`: what students get, what
graders run.

A script's header names the lessons whose functions it calls. A cell that is exactly
`check("problem")` is a check cell; a cell tagged `answer` stays at home.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.errors import UserError

CHECK = re.compile(r'check\("(\w+)"\)')
ANSWER = "answer"
"""The tag of a cell that stays at home."""

SETUP = "setup"
"""The tag of the cell that imports; it travels."""

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class NotebookError(UserError):
    """A notebook cannot be built; the message says which and why."""


@dataclass(frozen=True)
class Notebook:
    """One script: its name, the lessons it calls, and its cells as nbformat's, answers included."""

    name: str
    lessons: tuple[str, ...]
    cells: tuple[Any, ...]

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


def load_notebooks(folder: Path) -> list[Notebook]:
    """Every notebook of `solutions/notebooks/`, in order.

    Raises NotebookError for a script that names no lessons or something that is not there, for a
    tag that means nothing, and where jupytext is not installed.
    """
    return [_load(path) for path in sorted(folder.glob("*.py"))]


def _load(path: Path) -> Notebook:
    try:
        import jupytext
    except ImportError:
        raise NotebookError(
            "notebooks are built with jupytext: pip install -r requirements-dev.txt"
        ) from None
    script = jupytext.read(path, fmt="py:percent")
    named = script.metadata.get("recurrent", {}).get("lessons", [])
    notebook = Notebook(path.stem, tuple(named), tuple(script.cells))
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
    return notebook


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


def tags_of(cell: Any) -> list[str]:
    """The tags of a cell."""
    found: list[str] = cell.metadata.get("tags", [])
    return found


def student_version(notebook: Notebook) -> str:
    """The notebook as students get it, as the text of an .ipynb file: no answers, no outputs."""
    return as_ipynb(notebook.name, student_cells(notebook))


def student_cells(notebook: Notebook) -> Iterator[Any]:
    """The cells without the answers."""
    return (cell for cell in notebook.cells if ANSWER not in tags_of(cell))


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
