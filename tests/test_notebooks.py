"""The notebooks: built from their scripts without answers, and run from top to bottom as a student
would.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.experiments import run_notebook, solved_handout
from autograder.authoring.handout.leaks import leaks
from autograder.authoring.handout.notebooks import (
    Notebook,
    NotebookError,
    load_notebooks,
    notebooks_for,
    student_version,
)
from tests.conftest import ROOT

SCRIPT = """
# ---
# jupyter:
#   recurrent: {lessons: [rnn]}
# ---

# %% tags=["setup"]
from check import check

# %% [markdown]
# **Questions.** (a) One? (b) Another, unlike (a)?

# %% [markdown] tags=["answer"]
# (a) This. (b) That.

# %%
check("rnn_step_forward")
"""

NOTEBOOKS = load_notebooks(ROOT / "solutions" / "notebooks")


def script(folder: Path, text: str) -> Path:
    (folder / "1_test.py").write_text(text.lstrip())
    return folder


def test_answers_stay_at_home_and_check_cells_are_known(tmp_path: Path) -> None:
    (notebook,) = load_notebooks(script(tmp_path, SCRIPT))
    assert notebook.lessons == ("rnn",) and notebook.checks == ("rnn_step_forward",)
    cells = json.loads(student_version(notebook))["cells"]
    setup, *others = ["".join(cell["source"]) for cell in cells]
    assert others == [
        "**Questions.** (a) One? (b) Another, unlike (a)?",
        "*Your answer (a):*",
        "*Your answer (b):*",
        'check("rnn_step_forward")',
    ]
    assert "from check import check" in setup.splitlines()
    assert student_version(notebook) == student_version(notebook)


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("[rnn]", "[rnnn]", "no lesson or problem rnnn"),
        ("rnn_step_forward", "rnn_forwards", "no lesson or problem rnn_forwards"),
        ("lessons: [rnn]", "lessons: []", "names no lessons"),
        (
            '["answer"]',
            '["Answer"]',
            "a cell is tagged 'Answer'; a tag is 'answer', 'setup' or a lesson",
        ),
        ('["answer"]', '["setup", "anwser"]', "a cell is tagged 'anwser'"),
        ("(b) That.", "", "an answer does not fit the questions before it: "),
        ("**Questions.** (a) One?", "One?", "an answer does not fit the questions before it: "),
    ],
)
def test_a_script_that_names_what_is_not_there_is_refused(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(NotebookError, match=said):
        load_notebooks(script(tmp_path, SCRIPT.replace(old, new)))


def test_every_problem_has_one_check_cell_and_every_lesson_a_notebook() -> None:
    checked = [problem for notebook in NOTEBOOKS for problem in notebook.checks]
    assert sorted(checked) == sorted(
        p.name for each in lessons.all_lessons() for p in each.problems
    )
    assert [n.name for n in notebooks_for(NOTEBOOKS, {"rnn"})] == ["1_recurrence"]


@pytest.fixture(scope="module")
def handout() -> Iterator[Path]:
    with solved_handout(ROOT) as folder:
        yield folder


def test_no_solution_is_in_a_notebook(handout: Path) -> None:
    from autograder.authoring.casebook.answers import load_answers
    from autograder.authoring.handout.leaks import secret_lines

    secret = secret_lines(ROOT / "solutions", load_answers(ROOT / "solutions").misconceptions)
    assert leaks(handout / "notebooks", secret) == []


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_a_notebook_runs_from_top_to_bottom(notebook: Notebook, handout: Path) -> None:
    if sys.version_info < (3, 11) and "torch" in {
        lessons.lesson(name).backend for name in notebook.lessons
    }:
        pytest.skip("its optional packages are pinned for Python 3.11 and newer")
    run = run_notebook(handout / "notebooks" / f"{notebook.name}.ipynb", short=True)
    assert run.error == ""
    assert list(run.checks) == list(notebook.checks)
    assert {name: shown for name, shown in run.checks.items() if "passed" not in shown} == {}
    assert run.reached, "an experiment says what it reached"
