"""The notebooks: built from their scripts without answers, and run from top to bottom as a student
would.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import lessons
from autograder.authoring.experiments import (
    Run,
    run_notebook,
    solved_handout,
    untouched_handout,
)
from autograder.authoring.handout.leaks import leaks
from autograder.authoring.handout.notebooks import (
    Notebook,
    NotebookError,
    checked_problem,
    load_notebooks,
    notebooks_for,
    student_version,
)
from autograder.check.unfinished import NOTE
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


@pytest.mark.in_turn
@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_a_notebook_runs_from_top_to_bottom(notebook: Notebook, handout: Path) -> None:
    skip_without_packages(notebook)
    run = run_notebook(handout / "notebooks" / f"{notebook.name}.ipynb", short=True)
    assert run.error == ""
    assert list(run.checks) == list(notebook.checks)
    # Of answers, only the form can be checked there.
    done = re.compile("passed|answered")
    assert {name: shown for name, shown in run.checks.items() if not done.search(shown)} == {}
    assert run.reached, "an experiment says what it reached"
    assert not any(map(noted, code_cells(run)))


# ----------------------------------------------------------------------------- unfinished and wrong


def code_cells(run: Run) -> list[Any]:
    return [cell for cell in run.ran.cells if cell.cell_type == "code"]


def shown(cell: Any) -> str:
    """All that a cell shows, as text."""
    texts = []
    for output in cell.outputs:
        texts.append(output.get("text", ""))
        texts.append(output.get("data", {}).get("text/plain", ""))
    return "\n".join(texts)


def noted(cell: Any) -> bool:
    return any(line.startswith(NOTE) for line in shown(cell).splitlines())


def pictures(cell: Any) -> int:
    return sum("image/png" in output.get("data", {}) for output in cell.outputs)


@pytest.fixture(scope="module")
def untouched() -> Iterator[Path]:
    """The handout as students get it; of the check cells, which take a second each, one."""
    with untouched_handout(ROOT) as folder:
        for path in folder.glob("notebooks/*.ipynb"):
            notebook = nbformat.read(path, as_version=4)
            checks = [cell for cell in notebook.cells if checked_problem(cell)]
            notebook.cells = [cell for cell in notebook.cells if cell not in checks[1:]]
            nbformat.write(notebook, path)
        yield folder


def skip_without_packages(notebook: Notebook) -> None:
    backends = {lessons.lesson(name).backend for name in notebook.lessons}
    if sys.version_info < (3, 11) and "torch" in backends:
        pytest.skip("its optional packages are pinned for Python 3.11 and newer")


@pytest.mark.in_turn
@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_run_all_goes_to_the_end_where_nothing_is_written(
    notebook: Notebook, untouched: Path
) -> None:
    skip_without_packages(notebook)
    run = run_notebook(untouched / "notebooks" / f"{notebook.name}.ipynb", short=True)
    assert run.error == ""
    assert [text for text in run.checks.values() if "to do" in text]
    assert len([cell for cell in code_cells(run) if noted(cell)]) > 3
    for cell in code_cells(run):
        if "reached(" in cell.source:
            assert noted(cell) != ("reached: " in shown(cell)), cell.source
        assert not (noted(cell) and pictures(cell)), cell.source


@pytest.mark.slow
def test_run_all_stops_at_an_error_in_code_that_is_written(handout: Path, tmp_path: Path) -> None:
    folder = tmp_path / "handout"
    shutil.copytree(handout, folder)
    rnn = folder / "recurrent" / "rnn.py"
    begin = "def rnn_forward(x, h0, Wx, Wh, b):\n"
    assert begin in rnn.read_text()
    rnn.write_text(rnn.read_text().replace(begin, f"{begin}    raise ValueError('shapes')\n"))
    path = folder / "notebooks" / "1_recurrence.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not checked_problem(cell)]
    nbformat.write(notebook, path)
    run = run_notebook(path, short=True)
    assert run.error == "ValueError: shapes"
    (stopped,) = [cell for cell in code_cells(run) if "error" in map(kind_of, cell.outputs)]
    assert "rnn_forward(" in stopped.source and not noted(stopped)


def kind_of(output: Any) -> str:
    return str(output.output_type)
