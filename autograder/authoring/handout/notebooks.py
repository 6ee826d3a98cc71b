"""Notebooks, derived from the percent scripts in `solutions/notebooks/`: what students get and what
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
        return tuple(problem for cell in self.cells if (problem := checked_problem(cell)))


def load_notebooks(folder: Path) -> list[Notebook]:
    """Every notebook of `solutions/notebooks/`, in order. Raises NotebookError."""
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
    known = {problem.name for each in lessons.all_lessons() for problem in each.problems}
    wrong = [name for name in named if name not in lessons.names()] + [
        n for n in notebook.checks if n not in known
    ]
    if not named or wrong:
        what = (
            f"there is no lesson or problem {', '.join(wrong)}"
            if wrong
            else "its header names no lessons"
        )
        raise NotebookError(f"solutions/notebooks/{path.name}: {what}")
    return notebook


def checked_problem(cell: Any) -> str | None:
    """The problem that a check cell checks; None for any other cell."""
    match = CHECK.fullmatch(cell.source.strip()) if cell.cell_type == "code" else None
    return match[1] if match else None


def notebooks_for(notebooks: Sequence[Notebook], taught: Collection[str]) -> list[Notebook]:
    """The notebooks that check a problem of one of these lessons."""
    homes = {problem.name: each.name for each in lessons.all_lessons() for problem in each.problems}
    return [each for each in notebooks if any(homes[problem] in taught for problem in each.checks)]


def student_version(notebook: Notebook) -> str:
    """The notebook as students get it, as the text of an .ipynb file: no answers, no outputs."""
    return as_ipynb(notebook.name, student_cells(notebook))


def student_cells(notebook: Notebook) -> Iterator[Any]:
    """The cells without the answers."""
    return (cell for cell in notebook.cells if ANSWER not in cell.metadata.get("tags", []))


def as_ipynb(name: str, cells: Iterator[Any]) -> str:
    """Cells as the text of an .ipynb file; the same cells give the same text."""
    import nbformat

    built = nbformat.v4.new_notebook(
        metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    for number, cell in enumerate(cells):
        make = (
            nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        )
        metadata = {key: value for key, value in cell.metadata.items() if key == "nbgrader"}
        built.cells.append(make(cell.source, id=f"{name}-{number}", metadata=metadata))
    nbformat.validate(built)
    return str(nbformat.writes(built)) + "\n"
