"""The handout's tables of problems: the calls are those of the stubs, the results are arrays."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module

import pytest

from autograder import lessons
from autograder.authoring.handout.readme import signature
from autograder.numbers import task_numbers
from autograder.problem import Problem
from autograder.settings import load_course
from tests.conftest import ROOT

COURSE = load_course(ROOT / "course.toml")
README = (ROOT / "assignment" / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([\d.]+) \| (.*) \| `(.*)` \| (.*) \| ([\d.]+) \|$", re.MULTILINE)
RESULT = r"(\w+)(?:\([^)]*\))?"
OF_LAYERS = re.compile(r"`([^`]*)`, and `([^`]*)` of each of (\d+) layers")
ROWS = {number: tuple(cells) for number, *cells in ROW.findall(README)}

WIDEST = 264
"""Characters of the widest row before the calls were the reference's own."""


def row_of(problem: Problem) -> tuple[str, ...]:
    """Title, call, results and points, as the table has them."""
    return ROWS[task_numbers(COURSE)[problem.name]]


def test_there_is_a_row_for_every_problem() -> None:
    assert list(ROWS) == [
        task_numbers(COURSE)[problem.name]
        for name in COURSE.lessons_of("all")
        for problem in lessons.lesson(name).problems
    ]


@pytest.mark.parametrize("problem", lessons.all_problems(), ids=lambda problem: problem.name)
def test_the_call_in_the_table_is_that_of_the_students_stub(problem: Problem) -> None:
    """Compared with what Python says of the stub once it is imported."""
    if not lessons.can_run(problem.lesson):
        pytest.skip(f"{problem.lesson} cannot be imported here")
    found = import_module(f"assignment.recurrent.{problem.lesson}")
    for part in problem.of.split("."):
        found = getattr(found, part)
    expected = str(inspect.signature(found)).replace("(self, ", "(").replace("(self)", "()")
    assert row_of(problem)[1] == f"{problem.of}{expected}"


@pytest.mark.parametrize("problem", lessons.all_problems(), ids=lambda problem: problem.name)
def test_results_are_those_that_are_given_and_no_properties(problem: Problem) -> None:
    results = row_of(problem)[2]
    if "see the docstring" in results:
        assert results == f"{len(problem.gives)} tensors, see the docstring"
        return
    if layered := OF_LAYERS.fullmatch(results):
        alone, of_layers, depth = layered.groups()
        names = re.findall(RESULT, alone)
        for layer in range(1, int(depth) + 1):
            names += [f"{name}{layer}" for name in of_layers.split()]
    else:
        names = re.findall(RESULT, results.strip("`"))
    assert names == [tensor.name for tensor in problem.gives]
    assert not {tensor.name for tensor in problem.holds} & set(names)


@pytest.mark.parametrize("problem", lessons.all_problems(), ids=lambda problem: problem.name)
def test_where_a_row_sends_readers_to_the_docstring_the_names_are_there(problem: Problem) -> None:
    """What is called `dWx3` in the check stands in no docstring."""
    if "see the docstring" not in row_of(problem)[2]:
        pytest.skip("its row has the names")
    names = [tensor.name for tensor in problem.gives]
    assert not [name for name in names if re.search(r"\d$", name)], "name them by layer"


def test_letters_of_the_tables_that_stand_for_layers_are_explained() -> None:
    stacked = [problem for problem in lessons.all_problems() if problem.lesson == "stacked"]
    shown = " ".join(row_of(problem)[2] for problem in stacked)
    widths = set(re.findall(r"\b\d?([PQR])\b", shown))
    assert widths == {"P", "Q", "R"}
    assert "The layers of a stack are P, Q and R wide, from the bottom up." in README


def test_a_task_has_another_number_than_a_section_of_a_notebook() -> None:
    """Section 2.2 of the second notebook is about the LSTM, task 2.2 about scores."""
    assert "sections of\nthe notebooks have numbers of their own" in README


def test_a_problem_with_a_name_of_its_own_shows_it() -> None:
    for problem in lessons.all_problems():
        title = row_of(problem)[0]
        shown = f"{problem.title} (`{problem.name}`)"
        assert title == (problem.title if problem.name == problem.of else shown)


def test_points_are_those_of_the_course_and_sum_up_to_the_headings() -> None:
    for problem in lessons.all_problems():
        assert float(row_of(problem)[3]) == COURSE.points_of(problem)
    for part in README.split("\n### ")[1:]:
        (total,) = re.findall(r"^.*: ([\d.]+) points", part.splitlines()[0])
        assert sum(float(points) for *_, points in ROW.findall(part)) == float(total)


def test_no_row_is_wider_than_they_were() -> None:
    rows = [line for line in README.splitlines() if line.startswith("|")]
    assert max(map(len, rows)) < WIDEST


@pytest.mark.parametrize(
    ("definition", "name", "call"),
    [
        ("def f(x, k=2): ...", "f", "f(x, k=2)"),
        ("def f(x: int, *, k: float = 1.5) -> int: ...", "f", "f(x, *, k=1.5)"),
        ("def forward(self, x): ...", "A.forward", "A.forward(x)"),
        ("def forward(self): ...", "A.forward", "A.forward()"),
        ("def f(selfish): ...", "A.f", "A.f(selfish)"),
        ("def f(*arrays, **settings): ...", "f", "f(*arrays, **settings)"),
    ],
)
def test_a_call_is_written_as_its_definition_has_it(definition: str, name: str, call: str) -> None:
    function = ast.parse(definition).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert signature(name, function) == call
