"""A lecture, statement by statement, as `solutions/lecture.py` declares it."""

from __future__ import annotations

import re
import runpy
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.authoring.handout.notebooks import Notebook, checked_problem
from autograder.errors import UserError

HEADING = re.compile(r"## (.+)")
"""How the first line of a notebook's section is written."""

NUMBER = re.compile(r"^\d+\.\d+ ")
"""Of a section, before its words."""


class LectureError(UserError):
    """The map of the lecture names what is not there; the message says what."""


@dataclass(frozen=True)
class Statement:
    """Something that the lecture says.

    says: in our words, a sentence. sections: of the notebooks, where it is taught, by the words of
    their headings, so that a section may get another number. problems: that are graded of it.
    """

    says: str
    sections: tuple[str, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slide:
    """One slide, or several of one title; title: as it stands there."""

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Part:
    """Slides on one subject."""

    title: str
    slides: tuple[Slide, ...]


@dataclass(frozen=True)
class Section:
    """A section of a notebook: its heading with its number, and the problems that it checks.

    has_code: whether there is anything to run in it.
    """

    notebook: str
    heading: str
    problems: tuple[str, ...]
    has_code: bool

    @property
    def words(self) -> str:
        """The heading without its number."""
        return NUMBER.sub("", self.heading)


def load_lecture(solutions: Path) -> tuple[Part, ...]:
    """The parts that `solutions/lecture.py` declares, in the order of the lecture."""
    declared: tuple[Part, ...] = runpy.run_path(str(solutions / "lecture.py"))["PARTS"]
    return declared


def sections_of(notebooks: Sequence[Notebook]) -> list[Section]:
    """The sections of these notebooks, in order.

    Raises LectureError for a notebook without any: the map could not say where its problems are.
    """
    found = []
    for notebook in notebooks:
        starts = [number for number, cell in enumerate(notebook.cells) if _heading(cell)]
        if not starts:
            raise LectureError(
                f"solutions/notebooks/{notebook.name}.py has no section: begin one above its first "
                "check cell with a heading, such as ## 9.1 Sums"
            )
        for start, end in zip(starts, [*starts[1:], len(notebook.cells)], strict=True):
            found.append(_section(notebook.name, notebook.cells[start:end]))
    return found


def _section(notebook: str, cells: Sequence[Any]) -> Section:
    checked = [checked_problem(cell) for cell in cells]
    return Section(
        notebook,
        _heading(cells[0]),
        tuple(problem for problem in checked if problem is not None),
        any(cell.cell_type == "code" for cell in cells),
    )


def _heading(cell: Any) -> str:
    """The heading that a cell begins a section with; empty if it begins none."""
    if cell.cell_type != "markdown":
        return ""
    found = HEADING.match(cell.source)
    return found[1] if found else ""


def statements_of(parts: Sequence[Part]) -> Iterator[Statement]:
    """Every statement, in the order of the lecture."""
    for part in parts:
        for slide in part.slides:
            yield from slide.statements


def refuse_what_is_not_there(parts: Sequence[Part], sections: Sequence[Section]) -> None:
    """Raise LectureError for a statement without a section, and for a name that nothing has.

    sections: of all notebooks, as they are when everything is taught.
    """
    headings = {section.words for section in sections}
    known = {problem.name for problem in lessons.all_problems()}
    wrong: list[str] = []
    for statement in statements_of(parts):
        wrong += _objections(statement, headings, known)
    if wrong:
        raise LectureError("solutions/lecture.py: " + "; ".join(wrong))


def _objections(
    statement: Statement, headings: Collection[str], known: Collection[str]
) -> Iterator[str]:
    begins = statement.says[:40]
    if not statement.sections:
        yield f"'{begins}' is taught nowhere: name a section"
    for words in statement.sections:
        if words not in headings:
            yield f"'{begins}' names a section '{words}', which no notebook has"
    for problem in statement.problems:
        if problem not in known:
            yield f"'{begins}' names a problem {problem}, which there is not"
