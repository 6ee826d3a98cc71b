"""docs/CONTRIBUTING.md: what it says to paste can be pasted, and gives what it says."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.build import build_cases, seen_by
from autograder.authoring.casebook.variants import dependents
from autograder.authoring.casebook.written import read_misconceptions
from autograder.authoring.handout.notebooks import load_notebooks
from autograder.authoring.lecture.slides import sections_of
from autograder.problem import Problem
from tests.conftest import ROOT
from tests.test_declarations import LISTS, read_docstring

TEXT = (ROOT / "docs" / "CONTRIBUTING.md").read_text(encoding="utf-8")
MISCONCEPTION, FUNCTION, PROBE, LESSON, MISCONCEPTIONS, NOTEBOOK, HOLDING, BUILT = re.findall(
    r"^```python\n(.*?)^```$", TEXT, flags=re.DOTALL | re.MULTILINE
)
RNN = lessons.lesson("rnn")


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(ROOT / "solutions")


def declared(text: str, lesson: str, **names: Any) -> list[Problem]:
    """The problems that a piece of a lesson's file declares."""
    namespace = {"__name__": f"autograder.lessons.{lesson}", **names}
    exec(text, namespace)
    return [value for value in namespace.values() if isinstance(value, Problem)]


def test_the_misconception_is_seen_by_as_many_cases_as_it_says(answers: Answers) -> None:
    head = "from autograder.problem import Misconception\nMISCONCEPTIONS = (\n"
    written = read_misconceptions(Path("rnn.py"), f"{head}{MISCONCEPTION})\n")
    assert written.mistakes == ()
    (wrong,) = written.misconceptions
    counts = []
    for kind, hidden in {"public": False, "hidden": True}.items():
        only = replace(answers, misconceptions=(wrong,))
        cases = build_cases(only, RNN, 1, hidden)[wrong.problem]
        counts.append(f"{seen_by(cases, wrong.id)} of {len(cases)} {kind}")
    assert f"\n  {wrong.id}: seen by {' and '.join(counts)} cases\n" in TEXT
    assert f"check --as {wrong.name} " in TEXT


def test_what_make_casebook_prints_is_what_it_prints_today(answers: Answers) -> None:
    """The counts of the lesson's line, and which lessons are built because they build on it."""
    names_here = {problem.name for problem in RNN.problems}
    there = [one for one in answers.misconceptions if one.problem in names_here]
    line = f"rnn: {len(RNN.problems)} problems, 1 of {len(there) + 1} misconceptions run, "
    assert f"\n{line}" in TEXT
    built = {"rnn"} | dependents(answers.sources, "rnn")
    for verb, of_them in (("built", True), ("unchanged:", False)):
        names = ", ".join(name for name in lessons.names() if (name in built) == of_them)
        assert f"\n{verb} {names}" in TEXT
    assert f"\nbuilt the clues of {len(built)} lessons in " in TEXT


def test_the_problem_can_be_built(answers: Answers) -> None:
    from autograder.lessons import rnn

    (problem,) = declared(
        PROBE, "rnn", problem=rnn.problem, STEP=rnn.STEP, STEP_SIZES=rnn.STEP_SIZES
    )
    sources = {**answers.sources, "rnn": f"{answers.sources['rnn']}\n\n{FUNCTION}"}
    cases = build_cases(Answers(sources, ()), replace(RNN, problems=(problem,)), 1, hidden=False)
    assert len(cases[problem.name]) >= len(rnn.STEP_SIZES)
    assert f"check {problem.name} --submission solutions" in TEXT


def test_the_problems_docstring_is_in_the_format() -> None:
    (function,) = ast.parse(FUNCTION).body
    assert isinstance(function, ast.FunctionDef)
    docstring = read_docstring(ast.get_docstring(function) or "")
    assert docstring.sections == ("Inputs", "Returns", "Source")
    assert {"x", "prev_h", "Wx", "Wh", "b", "energy"} == set(docstring.tensors(*LISTS))


def test_the_lesson_and_its_misconceptions_can_be_read() -> None:
    (problem,) = declared(LESSON, "NAME")
    written = read_misconceptions(Path("NAME.py"), MISCONCEPTIONS)
    assert written.mistakes == ()
    assert [wrong.problem for wrong in written.misconceptions] == [problem.name]


def test_the_notebook_can_be_read(tmp_path: Path) -> None:
    (problem,) = declared(LESSON, "NAME")
    script = NOTEBOOK.replace(problem.name, "rnn_forward").replace("NAME", "rnn")
    assert script != NOTEBOOK
    (tmp_path / "9_sums.py").write_text(script, encoding="utf-8")
    (notebook,) = load_notebooks(tmp_path)
    assert notebook.checks == ("rnn_forward",)
    first, last = sections_of([notebook])
    assert first.problems == ("rnn_forward",) and last.heading == "You should now be able to"


def test_the_problem_whose_weights_are_built_is_the_one_of_the_lesson() -> None:
    from autograder.lessons import cells

    (problem,) = declared(
        BUILT,
        "cells",
        problem=cells.problem,
        draw_commands=cells.draw_commands,
        bit_of=cells.bit_of,
    )
    there = lessons.find("latch_weights")
    for field in ("takes", "gives", "brings", "draw", "finish", "points"):
        assert getattr(problem, field) == getattr(there, field)


def test_the_problem_with_properties_is_the_one_of_the_lesson() -> None:
    from autograder.lessons import attention

    (problem,) = declared(
        HOLDING,
        "attention",
        problem=attention.problem,
        softmax_properties=attention.softmax_properties,
    )
    there = lessons.find("masked_softmax")
    for field in ("takes", "gives", "holds", "brings", "properties", "points"):
        assert getattr(problem, field) == getattr(there, field)


@pytest.mark.parametrize("path", re.findall(r"`((?:solutions|autograder|tests)/[\w/.]*)`", TEXT))
def test_the_files_it_names_are_there(path: str) -> None:
    if not {"LESSON", "NAME"} & set(re.split(r"[/._]", path)):
        assert (ROOT / path).exists()
