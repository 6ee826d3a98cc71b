"""What a check cell shows: the judge's verdict, from another process, as HTML."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from autograder import lessons
from autograder.check import notebook
from autograder.check.notebook import (
    Checked,
    CheckedMany,
    CheckError,
    case,
    check,
    heat_map,
    hint,
    html,
)
from autograder.levels import EXACT, NAME
from autograder.problem import ErrorMap, Finding, Status, Verdict
from autograder.report.ladder import LAST
from autograder.report.record import as_data, from_data
from autograder.report.told import told
from autograder.settings import Policy
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
    assert "✗</span> not yet" in shown
    for words in ("rnn_step_forward", "0 / 6", "next_h differs", "First?", "hint 1/2"):
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
    exact = "dWh is the transpose of the expected one"
    assert exact not in unfolded(wrong._repr_html_()) and exact not in repr(wrong)
    assert exact in unfolded(check("rnn_step_backward", hint=3)._repr_html_())
    assert repr(wrong).endswith('next hint: check("rnn_step_backward", hint=2)')
    assert "<svg" in wrong._repr_html_()
    rnn.write_text(REFERENCE["rnn"])
    assert check("rnn_step_backward").score == 10.0


def unfolded(shown: str) -> str:
    """What of a page is to be seen before anything is unfolded, as text."""
    page = ElementTree.fromstring(f"<div>{shown}</div>")
    for fold in list(page.iter("details")):
        for inner in list(fold):
            if inner.tag != "summary":
                fold.remove(inner)
    return "".join(page.itertext())


def rungs(shown: str) -> list[str]:
    """What each unfolding brings, the outermost first."""
    inner, found = shown, []
    while "<details><summary" in inner:
        inner = inner.partition("<details><summary")[2].partition("</summary>")[2]
        found.append(inner.partition("<details><summary")[0])
    return found


HINTED = replace(
    WRONG,
    findings=(
        Finding("values", "dx differs"),
        Finding("values", "dx is 2 times the expected one", level=EXACT),
        Finding("diagnosis", "this is known: twice", level=NAME),
    ),
    hints=("First?", "Second.", "Third."),
)


def test_each_hint_is_folded_within_the_one_before_it() -> None:
    shown = html(HINTED, 1, folded=True)
    assert "First?" in unfolded(shown) and "Second." not in unfolded(shown)
    second, third, named = rungs(shown)
    assert "Second." in second and "Third." not in second and "2 times" not in second
    assert "Third." in third and "2 times" in third and "twice" not in third
    assert "this is known: twice" in named and LAST in named
    assert shown.count(LAST) == 1
    assert shown.count("<details>") == shown.count("</details>") == 3
    ElementTree.fromstring(f"<div>{shown}</div>")


@pytest.mark.parametrize("diagnosis", [0, 1, 2, 3, 4])
def test_a_mistake_is_named_on_the_rung_that_the_policy_says(diagnosis: int) -> None:
    shown = html(told(HINTED, Policy(diagnosis=diagnosis)), 1, folded=True)
    parts = [unfolded(shown), *rungs(shown)]
    named = [number for number, part in enumerate(parts, start=1) if "twice" in part]
    assert named == [max(diagnosis, 1)]


def test_what_the_policy_withholds_is_on_no_rung() -> None:
    kept_back = told(HINTED, Policy(diagnosis="attempt 3"))
    assert "twice" not in html(kept_back, 1, folded=True)


@pytest.mark.parametrize("status", ["passed", "todo"])
def test_where_nothing_is_wrong_nothing_is_folded(status: Status) -> None:
    hints = (
        HINTED.hints if status == "passed" else ()
    )  # what is to do has hints if it is a question
    assert "<details>" not in html(replace(HINTED, status=status, hints=hints), 1, folded=True)


def test_nbgrader_shows_no_hint_beyond_the_level(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Second." in Checked(HINTED, 1)._repr_html_()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert "Second." not in Checked(HINTED, 1)._repr_html_()
    assert "Second." not in CheckedMany([HINTED, HINTED], 1)._repr_html_()


# ---------------------------------------------------------------------------------- several at once


def test_a_lesson_shows_each_of_its_problems_and_a_box_of_what_is_wrong(handout: Path) -> None:
    wrong = REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h")
    (handout / "recurrent" / "rnn.py").write_text(wrong)
    shown = check("rnn")
    problems = [problem.name for problem in lessons.lesson("rnn").problems]
    assert isinstance(shown, CheckedMany)
    assert [verdict.problem for verdict in shown.verdicts] == problems
    assert shown.score == sum(verdict.score for verdict in shown.verdicts)
    text, drawn = repr(shown), shown._repr_html_()
    for name in problems:
        assert f" {name} " in text.partition("points")[0] and f"<code>{name}</code>" in drawn
    assert text.splitlines()[0] == "rnn.py" and " points, " in text
    boxes = [verdict for verdict in shown.verdicts if verdict.status != "passed"]
    assert 0 < len(boxes) < len(problems)
    assert drawn.count("border-left:4px") == len(boxes)
    assert "dWh is square" in text and "dWh is square" in drawn
    ElementTree.fromstring(f"<div>{drawn}</div>")


def test_several_names_and_none(handout: Path) -> None:
    (handout / "recurrent" / "rnn.py").write_text(STUB)
    two = check("rnn_forward", "last_hidden")
    assert [verdict.problem for verdict in two.verdicts] == ["rnn_forward", "last_hidden"]
    assert "next: rnn_forward; still to do: rnn_forward (Task 1.3" in repr(two)
    assert "next: rnn_forward" in two._repr_html_() and "border-left" not in two._repr_html_()
    everything = check()
    assert len(everything.verdicts) == len(lessons.all_problems())
    assert everything.score == 0


def many(*statuses: Status) -> CheckedMany:
    verdicts = []
    for number, status in enumerate(statuses):
        verdicts.append(replace(HINTED, problem=f"problem_{number}", status=status))
    return CheckedMany(verdicts, 1)


def test_more_than_three_mistakes_are_folded_away_and_named() -> None:
    shown = many("failed", "passed", "error", "failed", "failed", "todo", "failed")
    drawn = shown._repr_html_()
    assert drawn.count("border-left:4px") == 5
    assert "more to mend: problem_4, problem_6" in unfolded(drawn)
    assert repr(shown).endswith("more to mend: problem_4, problem_6")
    assert "next: " not in repr(shown)
    ElementTree.fromstring(f"<div>{drawn}</div>")


def test_where_all_is_passed_there_are_lines_and_no_box() -> None:
    shown = many("passed", "passed")
    assert "border-left" not in shown._repr_html_() and "<details" not in shown._repr_html_()
    assert repr(shown).endswith("2 of 2 problems passed")


def test_no_line_of_an_overview_ends_in_a_blank() -> None:
    text = repr(many("failed", "passed", "todo", "timeout"))
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


def test_in_nbgrader_the_text_is_the_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = many("passed", "failed")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert shown._repr_mimebundle_()["text/plain"] == str(shown.score)


@pytest.mark.parametrize("names", [("rnn_forward", 2), (["rnn"],), (None,)])
def test_what_is_no_name_is_answered_in_a_sentence(names: tuple[Any, ...]) -> None:
    with pytest.raises(CheckError, match="a check takes names, as in"):
        check(*names)


# ------------------------------------------------------------------------------------ the next hint


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook in which nothing has been checked."""
    monkeypatch.setattr(notebook, "MEMORY", notebook.Memory())


def test_hint_shows_the_next_one_of_what_was_last_checked(handout: Path, memory: None) -> None:
    rnn = handout / "recurrent" / "rnn.py"
    rnn.write_text(REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h"))
    check("rnn")
    levels = [hint().level for _ in range(2)]
    check("rnn")
    levels += [hint().level for _ in range(2)]
    assert levels == [2, 3, 4, 4], (
        "one after the other, whatever is checked between; the last stays"
    )
    assert hint().verdict.problem == "rnn_step_backward"
    assert repr(hint()).endswith(LAST)
    assert hint("rnn_step_forward").verdict.status == "passed"

    check("rnn_step_backward", hint=3)
    assert hint().level == 4
    rnn.write_text(REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = 2 * prev_h.T @ da"))
    another = hint()
    assert another.level == 1, "of another mistake it is the first"
    rnn.write_text(REFERENCE["rnn"])
    assert hint().verdict.status == "passed"
    check("rnn")
    assert "problems passed" in repr(hint()), "all that was asked for is right"


def test_a_hint_before_any_check_is_answered_in_a_sentence(memory: None) -> None:
    with pytest.raises(CheckError, match=r"there is nothing to hint at yet: run a check first"):
        hint()


def test_a_hint_on_a_problem_by_its_name_begins_with_the_first(handout: Path, memory: None) -> None:
    wrong = REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h")
    (handout / "recurrent" / "rnn.py").write_text(wrong)
    assert [hint("rnn_step_backward").level, hint().level] == [1, 2]


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
    for ask in (check, hint, case):
        with pytest.raises(CheckError, match="there is no problem") as caught:
            ask("rnn_step_foward")
        assert caught.value._render_traceback_() == [str(caught.value)], "and IPython says no more"
    with pytest.raises(CheckError, match=message):
        check("rnn_step_foward")
