"""What a check cell shows: the judge's verdict, from another process, as HTML."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.check import notebook
from autograder.check.notebook import Checked, CheckError, check, heat_map, html
from autograder.problem import ErrorMap, Finding, Verdict
from autograder.report.record import as_data, from_data
from tests.conftest import ROOT
from tests.submissions import REFERENCE

ERROR_MAP = ErrorMap("next_h", ("N", "H"), np.eye(2, 3) > 0)
WRONG = Verdict(
    "rnn_step_forward",
    "rnn",
    "One step",
    "failed",
    score=0.0,
    max_score=6.0,
    outputs={"next_h": "wrong"},
    findings=(Finding("values", "next_h differs", error_map=ERROR_MAP),),
    hints=("First?", "Second."),
)


def test_a_verdict_survives_the_journey_as_data() -> None:
    there_and_back = from_data(json.loads(json.dumps(as_data(WRONG))))
    assert there_and_back == WRONG
    error_map = there_and_back.findings[0].error_map
    assert error_map is not None and error_map.axes == ("N", "H")
    assert error_map.wrong.tolist() == [[True, False, False], [False, True, False]]


def test_status_points_message_and_as_many_hints_as_asked_for() -> None:
    shown = html(WRONG, level=1)
    for words in ("✗ not yet", "rnn_step_forward", "0 / 6", "next_h differs", "First?", "hint 1/2"):
        assert words in shown
    assert "Second." not in shown and "Second." in html(WRONG, level=2)
    assert repr(Checked(WRONG, 1)).startswith("✗ rnn_step_forward  0 / 6  not yet")


def test_what_came_from_a_student_is_escaped() -> None:
    bad = "<script>alert(1)</script>"
    shown = html(replace(WRONG, printed=bad, findings=(Finding("runs", bad),)))
    assert "<script" not in shown and shown.count("&lt;script&gt;") == 2


@pytest.mark.parametrize(
    "shape, panels", [((5,), 1), ((2, 3), 1), ((4, 2, 3), 4), ((2, 3, 4, 5), 6), ((30, 2, 2), 12)]
)
def test_a_map_has_a_square_for_every_number_and_a_cross_for_every_wrong_one(
    shape: tuple[int, ...], panels: int
) -> None:
    wrong = np.zeros(shape, dtype=bool)
    wrong[(0,) * len(shape)] = True
    drawn = heat_map(ErrorMap("dx", ("A", "B", "C", "D")[: len(shape)], wrong))
    assert drawn.count("<svg") == panels
    assert drawn.count("<path") == 1
    squares_in_a_panel = int(np.prod(shape[-2:]))
    assert drawn.count("<rect") == panels * squares_in_a_panel


@pytest.fixture
def handout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As much of a handout as a check needs, and `check` looking there."""
    package = tmp_path / "autograder"
    left_out = shutil.ignore_patterns("authoring", "hidden", "__pycache__")
    shutil.copytree(ROOT / "autograder", package, ignore=left_out)
    (tmp_path / "recurrent").mkdir()
    monkeypatch.setattr(notebook, "__file__", str(package / "report" / "notebook.py"))
    return tmp_path


def test_a_cell_checks_the_files_as_they_are_on_disk(handout: Path) -> None:
    rnn = handout / "recurrent" / "rnn.py"
    rnn.write_text(REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h"))
    wrong = check("rnn_step_backward")
    assert wrong.score == 8.0
    assert "dWh is the transpose of the expected one" not in wrong._repr_html_()
    assert "dWh is the transpose of the expected one" in check("rnn_step_backward", 3)._repr_html_()
    assert wrong._repr_html_().count("check(&quot;rnn_step_backward&quot;, hint=2)") == 1
    assert "<svg" in wrong._repr_html_()
    rnn.write_text(REFERENCE["rnn"])
    assert check("rnn_step_backward").score == 10.0


STUB = (ROOT / "assignment" / "recurrent" / "rnn.py").read_text()
LINE = STUB[: STUB.index('raise NotImplementedError("rnn_step_forward ')].count("\n") + 1


@pytest.mark.parametrize("named", [True, False])
def test_a_function_of_the_notebook_is_said_first_not_to_be_looked_at(
    named: bool, handout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what moves it into the file; nothing once the notebook has the file's own."""
    (handout / "recurrent" / "rnn.py").write_text(STUB)
    place = str(handout / "notebooks" / "1_recurrence.ipynb") if named else "some-id"
    monkeypatch.setenv("JPY_SESSION_NAME", place)
    main = sys.modules["__main__"]

    def own() -> None:
        """As in a cell."""

    monkeypatch.setattr(main, "rnn_step_forward", own, raising=False)
    shown = check("rnn_step_forward")
    called = "notebooks/1_recurrence.ipynb" if named else "NOTEBOOK.ipynb"
    sentence = (
        f"your rnn_step_forward in this notebook is not looked at: recurrent/rnn.py is read, line "
        f"{LINE} (still to do). To move yours there, save the notebook and run "
        f"`python check.py --from {called}`"
    )
    assert repr(shown).splitlines()[0] == f"note: {sentence}"
    drawn = shown._repr_html_()
    assert drawn.index(sentence) < drawn.index("still to do: rnn_step_forward (Task 1.1")

    (handout / "recurrent" / "rnn.py").write_text(REFERENCE["rnn"])
    note = repr(check("rnn_step_forward")).splitlines()[0]
    assert "recurrent/rnn.py is read, line " in note and "--from" not in note
    own.__module__ = "recurrent.rnn"
    assert "not looked at" not in repr(check("rnn_step_forward"))


def test_what_a_notebook_keeps_has_the_points_for_nbgrader_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = Checked(replace(WRONG, score=2.5), 1)
    assert shown._repr_mimebundle_()["text/plain"] == repr(shown)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert shown._repr_mimebundle_() == {"text/plain": "2.5", "text/html": shown._repr_html_()}


def test_a_hidden_casebook_counts_if_there_is_one(handout: Path) -> None:
    (handout / "recurrent" / "rnn.py").write_text(REFERENCE["rnn"])
    shown = repr(check("rnn_step_forward", hidden=ROOT / "autograder" / "frozen" / "hidden"))
    assert "right on all" in shown and "hidden" in shown
    assert "hidden" not in repr(check("rnn_step_forward"))


def test_a_name_that_is_no_problem_is_answered_in_a_sentence(handout: Path) -> None:
    message = "there is no problem or lesson 'rnn_step_foward'; did you mean rnn_step_forward"
    with pytest.raises(CheckError, match=message):
        check("rnn_step_foward")
