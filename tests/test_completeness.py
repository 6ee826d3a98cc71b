"""What an author forgot is named, and in this repository nothing is forgotten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.completeness import (
    check_cells,
    forgotten,
    unchecked_functions,
    unmet_problems,
    unmistaken_problems,
)
from autograder.authoring.handout.notebooks import load_notebooks
from tests.conftest import ROOT

RNN = lessons.lesson("rnn")
NOTEBOOKS = ROOT / "solutions" / "notebooks"

WRITTEN = """
def checked(x):
    ### BEGIN SOLUTION
    y = helper(x)
    ### END SOLUTION
    return y

def helper(x):
    ### BEGIN SOLUTION
    y = x
    ### END SOLUTION
    return y

def given(x):
    return x

class Model:
    def loss(self, x):
        ### BEGIN SOLUTION
        y = self.step(x)
        ### END SOLUTION
        return y

    def step(self, x):
        ### BEGIN SOLUTION
        y = x
        ### END SOLUTION
        return y
"""


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(ROOT / "solutions")


def test_in_this_repository_nothing_is_forgotten() -> None:
    assert list(forgotten(ROOT)) == []


def test_what_a_new_lesson_lacks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has two problems and nothing else."""
    for folder in ("solutions/recurrent", "solutions/misconceptions", "solutions/notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    new = replace(RNN, problems=RNN.problems[:2])
    source = (ROOT / "solutions" / "recurrent" / "rnn.py").read_text(encoding="utf-8")
    (tmp_path / "solutions" / "recurrent" / "rnn.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(lessons, "all_lessons", lambda: (new,))
    said = list(forgotten(tmp_path))
    for words in (
        "no problem checks last_hidden",
        "rnn_step_backward has no misconception",
        'no notebook has a cell check("rnn_step_forward")',
        "0 of 4 right answers in other styles, rnn_STYLE.py",
    ):
        assert any(words in sentence for sentence in said), words


def test_a_function_is_checked_if_a_checked_one_calls_it() -> None:
    first, second = RNN.problems[:2]
    written = Answers({"rnn": WRITTEN}, ())

    def unchecked(*names: str) -> list[str]:
        problems = tuple(replace(first, of=name) for name in names)
        return list(unchecked_functions(replace(RNN, problems=problems), written))

    assert unchecked("checked", "Model.loss") == []
    assert unchecked("checked") == [
        "solutions/recurrent/rnn.py, line 18: no problem checks Model.loss",
        "solutions/recurrent/rnn.py, line 24: no problem checks Model.step",
    ]
    assert unchecked("helper", "Model.loss") == [
        "solutions/recurrent/rnn.py, line 2: no problem checks checked"
    ]


def test_a_problem_without_misconception_is_named_unless_its_function_has_one(
    answers: Answers,
) -> None:
    first, second = RNN.problems[:2]
    own = [wrong for wrong in answers.misconceptions if wrong.problem == first.name]
    lesson = replace(RNN, problems=(first, second))
    (said,) = unmistaken_problems(lesson, replace(answers, misconceptions=tuple(own)))
    assert said.endswith(f": {second.name} has no misconception")
    same = replace(RNN, problems=(first, replace(second, of=first.of)))
    assert list(unmistaken_problems(same, replace(answers, misconceptions=tuple(own)))) == []


def test_a_problem_that_no_notebook_checks_is_named() -> None:
    names = {problem.name for problem in RNN.problems}
    assert list(unmet_problems(RNN, names)) == []
    (said,) = unmet_problems(RNN, names - {"rnn_forward"})
    assert said.startswith("autograder/lessons/rnn.py, line ")
    assert said.endswith('no notebook has a cell check("rnn_forward")')


def test_the_check_cells_are_those_that_jupytext_finds() -> None:
    found = {name for notebook in load_notebooks(NOTEBOOKS) for name in notebook.checks}
    assert check_cells(NOTEBOOKS) == found


def test_a_cell_with_more_in_it_is_no_check_cell(tmp_path: Path) -> None:
    cells = ['check("a")', 'check("b")\nprint()', '# check("c")', 'x = check("d")']
    (tmp_path / "1.py").write_text("".join(f"# %%\n{cell}\n\n" for cell in cells))
    assert check_cells(tmp_path) == {"a"}
