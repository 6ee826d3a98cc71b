"""The picture of a verdict in every front end: a page, a notebook, a terminal, Gradescope."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.console import Console

from autograder import lessons
from autograder.check.notebook import Checked
from autograder.cli import main
from autograder.judge import Decision, Result
from autograder.levels import EXACT
from autograder.problem import ErrorMap, Finding, Verdict
from autograder.report import gradescope
from autograder.report.page import html
from autograder.report.picture import FOLDED, picture_of
from autograder.report.record import as_data, from_data
from autograder.report.terminal import message, show
from tests.conftest import LONGEST, ROOT
from tests.in_process import course_of_all
from tests.submissions import submission

MAP = ErrorMap("dWh", ("H", "4H"), np.tile([[False], [True]], (1, 8)))
STATES = {
    "dx": "right", "dprev_h": "right", "dprev_c": "right",
    "dWx": "right", "dWh": "wrong", "db": "right",
}  # fmt: skip
NEAR = "your dWh is what comes out when a term is left out where `df` is formed"
WRONG = Verdict(
    "lstm_step_backward", "lstm", "One step backward", "partial", 7.5, 9.0, STATES,
    (Finding("values", "dWh differs", error_map=MAP), Finding("diagnosis", NEAR, level=EXACT)),
)  # fmt: skip
ALL_WRONG = replace(WRONG, outputs=dict.fromkeys(STATES, "wrong"))
CARRIED = replace(WRONG, outputs=dict.fromkeys(STATES, "carried"), findings=WRONG.findings[:1])
ONLY_A_MAP = replace(WRONG, problem="rnn_forward", outputs={"h": "wrong"})


def printed(one: Verdict, level: int = 1, encoding: str = "utf-8", **options: Any) -> str:
    """What a console of some encoding and width shows of a picture."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=stream, **{"width": 80, "legacy_windows": False, **options})
    console.print(picture_of(one, level))
    stream.flush()
    stream.seek(0)
    return stream.read()


def test_there_is_none_where_there_is_no_map() -> None:
    assert picture_of(replace(WRONG, findings=(Finding("values", "dWh differs"),))) is None
    assert picture_of(replace(WRONG, status="passed", findings=())) is None


def test_a_console_prints_the_map_and_the_graph() -> None:
    text = printed(WRONG)
    for words in ("i     f     o     g", "│ ✕ ✕ │", "Wh ╌╌╌╌✕ dWh ╌╌╌", "✓ dx, dprev_h,"):
        assert words in text
    assert text.isascii() is False and "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_a_console_that_has_no_crosses_prints_letters(encoding: str) -> None:
    text = printed(WRONG, encoding=encoding)
    assert text.isascii()
    for words in ("| x x |", "Wh ----x dWh ---", "ok dx, dprev_h,"):
        assert words in text


def test_colour_is_used_where_there_is_some(monkeypatch: pytest.MonkeyPatch) -> None:
    options: dict[str, Any] = {"force_terminal": True, "color_system": "truecolor"}
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = printed(WRONG, **options)
    assert "48;2;184;37;0" in coloured and "48;2;213;232;240" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in printed(WRONG, **options)


def test_a_picture_tells_what_is_told_at_its_level_and_nothing_else() -> None:
    assert "[f]" in printed(WRONG, EXACT) and "[f]" not in printed(WRONG, EXACT - 1)
    page = html(WRONG, EXACT)
    assert "right code with one mistake here" in page
    assert "right code with one mistake here" not in html(WRONG, EXACT - 1)


def test_what_follows_from_an_earlier_mistake_differs_and_is_not_crossed_in_a_graph() -> None:
    text = printed(CARRIED)
    assert "✕ differs" in text and "dWh ╌" not in text
    page = html(CARRIED)
    assert "✕ differs" in page and "<polygon" not in page


def test_a_picture_survives_the_journey_as_data() -> None:
    there_and_back = from_data(as_data(WRONG))
    assert printed(there_and_back, EXACT) == printed(WRONG, EXACT)
    assert html(there_and_back, EXACT) == html(WRONG, EXACT)


# -------------------------------------------------------------------------------------- front ends


def test_a_page_and_a_notebook_draw_both() -> None:
    for page in (html(WRONG), Checked(WRONG, 1)._repr_html_()):
        tree = ElementTree.fromstring(page)
        drawings = list(tree.iter("svg"))
        assert [drawing.get("role") for drawing in drawings] == ["img", "img"]
        assert "Graph of" in (drawings[1].get("aria-label") or "")
        assert FOLDED not in page


def test_a_graph_that_only_says_that_all_is_wrong_is_folded() -> None:
    page = html(ALL_WRONG)
    assert f"<details><summary>{FOLDED}</summary>" in page
    assert page.index(FOLDED) < page.index("Graph of")


def test_gradescope_gets_no_graph() -> None:
    """It strips drawings, and the words in them would be left."""
    problem = lessons.find(WRONG.problem)
    result = Result(WRONG, Decision("partial", 0.8, WRONG.outputs))
    test = gradescope._shown(result, problem, course_of_all())
    output = str(test["output"])
    assert "Graph of" not in output and "<polygon" not in output
    assert "in blocks i f o g" in output, "the map is there"


@pytest.mark.parametrize("one", [WRONG, ALL_WRONG, CARRIED, ONLY_A_MAP])
def test_a_message_has_the_picture_if_it_is_asked_for(one: Verdict) -> None:
    def text(picture: bool) -> str:
        stream = io.StringIO()
        console = Console(file=stream, width=40, highlight=False)
        console.print(message(one, 1, picture=picture))
        return stream.getvalue()

    plain, drawn = text(picture=False), text(picture=True)
    assert drawn.startswith(plain) and "dWh: H down" in drawn[len(plain) :]
    assert max(map(len, drawn.splitlines())) <= 40


def test_only_what_is_explained_is_drawn() -> None:
    stream = io.StringIO()
    many = [WRONG, replace(WRONG, problem="lstm_backward")]
    console = Console(file=stream, width=100, highlight=False)
    show(console, many, explain=1, picture=True)
    assert stream.getvalue().count("dWh: H down") == 1


def test_check_draws_when_it_is_asked_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "x, prev_h, Wx, Wh, next_h = cache\nda = dnext_h * (1 - next_h**2)\n"
    body += "return da @ Wx.T, da @ Wh, x.T @ da, prev_h.T @ da, da.sum(axis=0)"
    folder = submission(tmp_path, {"rnn.rnn_step_backward": body})
    asked = ["check", "rnn_step_backward", "--submission", str(folder)]
    assert main([*asked, "--picture"]) == 1
    drawn = capsys.readouterr().out
    assert "dprev_h: N down, H across; ✕ is wrong" in drawn
    assert "prev_h ✕ dprev_h ╌" in drawn
    assert main(asked) == 1
    assert "H across" not in capsys.readouterr().out


def test_what_grades_and_what_a_notebook_imports_need_no_rich() -> None:
    """A grading machine has none, and a notebook does not draw for a terminal."""
    code = "import sys; sys.modules['rich'] = None; import autograder.report.gradescope"
    code += "; from autograder.check.notebook import html"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=LONGEST)
