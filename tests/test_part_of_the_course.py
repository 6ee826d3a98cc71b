"""Any part of the course can be taught: notebooks speak only of what is there.

Every lesson by itself, every beginning of the syllabus, and some pairs; each also as a later set of
a course whose earlier sets are the rest.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection

import pytest

from autograder import lessons
from autograder.authoring.course import lessons_behind
from autograder.authoring.handout.cutting import Taught, _names_defined, _names_used, cut, whole
from autograder.authoring.handout.notebooks import (
    Notebook,
    load_notebooks,
    notebooks_for,
    student_cells,
)
from tests.conftest import ROOT

NAMES = lessons.names()
NOTEBOOKS = load_notebooks(ROOT / "solutions" / "notebooks")
PARTS = [
    # of questions alone no course is made: they are asked about what is taught beside them
    *[(name,) for name in NAMES if not lessons.lesson(name).asks],
    *[NAMES[:end] for end in range(2, len(NAMES) + 1)],
    ("rnn", "lstm"),
    ("charlm", "embedding", "cells"),
    ("captioning", "beam", "attention"),
]

ONLY_IN: dict[str, set[str]] = {}
"""Name of a function, or of a problem, -> the lessons that have one of that name."""
for problem in lessons.all_problems():
    for name in (problem.of.partition(".")[0], problem.name):
        ONLY_IN.setdefault(name, set()).add(problem.lesson)


def notebooks_of(part: Collection[str], there: Collection[str]) -> list[Notebook]:
    taught = Taught(frozenset(part), frozenset(there))
    return [cut(notebook, taught) for notebook in notebooks_for(NOTEBOOKS, part)]


def code_of(notebook: Notebook) -> list[str]:
    """The code cells, without the lines that only notebooks understand."""
    found = []
    for cell in student_cells(notebook):
        if cell.cell_type == "code":
            found.append(re.sub(r"^# ?%.*$|^%.*$", "", cell.source, flags=re.MULTILINE))
    return found


def imported_by(code: str) -> set[str]:
    """The modules of the package that a cell imports from."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("recurrent"):
            found.add(str(node.module).removeprefix("recurrent").strip(".").partition(".")[0])
    return found


@pytest.mark.parametrize("part", PARTS, ids="+".join)
def test_each_problem_that_is_taught_has_its_check_cell_and_no_other_has(
    part: tuple[str, ...],
) -> None:
    taught = [problem.name for name in part for problem in lessons.lesson(name).problems]
    for there in (part, NAMES):
        checked = [problem for one in notebooks_of(part, there) for problem in one.checks]
        assert sorted(checked) == sorted(taught)


@pytest.mark.parametrize("part", PARTS, ids="+".join)
def test_a_cell_uses_only_what_is_there(part: tuple[str, ...]) -> None:
    """Every name is one of Python's, imported, or defined by a cell that is left before it."""
    given = {path.stem for path in (ROOT / "assignment" / "recurrent").iterdir()} - set(NAMES)
    stubs = {lesson.name for lesson in lessons_behind(ROOT, part)}
    for notebook in notebooks_of(part, part):
        known = set(dir(builtins)) | {"display", "get_ipython"}
        for code in code_of(notebook):
            modules = imported_by(code)
            assert modules <= given | set(part) <= given | stubs, code
            imported = set()
            for node in ast.walk(ast.parse(code)):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    imported |= {alias.asname or alias.name for alias in node.names}
            assert _names_used(code) - imported <= known, (notebook.name, code)
            known |= imported | set(_names_defined(code))


@pytest.mark.parametrize("part", PARTS, ids="+".join)
def test_text_speaks_only_of_what_is_there(part: tuple[str, ...]) -> None:
    for notebook in notebooks_of(part, part):
        for cell in student_cells(notebook):
            if cell.cell_type != "code":
                assert strangers(cell.source, part) == [], cell.source[:200]
                assert "{{" not in cell.source


def strangers(text: str, part: Collection[str]) -> list[str]:
    """The functions and files that a text names, as code, of lessons that are not taught."""
    found = []
    for quoted in re.findall(r"`([^`\n]+)`", text):
        for file in re.findall(r"(\w+)\.py\b", quoted):
            if file in NAMES and file not in part:
                found.append(quoted)
        for word in re.findall(r"(?<![\w.])\w+", quoted):  # no methods: their class says whose
            if word in ONLY_IN and ONLY_IN[word].isdisjoint(part):
                found.append(quoted)
    return found


def test_nothing_is_cut_where_everything_is_taught() -> None:
    for notebook in NOTEBOOKS:
        assert len(whole(notebook).cells) == len(notebook.cells)


def test_what_earlier_sets_taught_is_used_and_not_asked_again() -> None:
    (alone,) = notebooks_of(("stacked",), ("stacked",))
    (later,) = notebooks_of(("stacked",), NAMES)
    assert len(later.cells) > len(alone.cells)
    assert later.checks == alone.checks
    text = next(cell.source for cell in later.cells)
    assert "You write in `recurrent/stacked.py`. What you wrote in `rnn.py`" in text
