"""What a student reads: the table, the total, the message, the hints."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from autograder import lessons
from autograder.cli import main
from autograder.levels import MOST
from autograder.printable import LINES, printable
from autograder.problem import Finding, Verdict
from autograder.report.layout import Paragraph
from autograder.report.record import as_text, record
from autograder.report.terminal import show
from autograder.report.words import WORDS, failing, points, score, word
from autograder.wording import HALF_DONE
from tests.test_results_file import NASTY, harmful, nasty_verdict

PASSED = Verdict("rnn_forward", "rnn", "A sequence", "passed", 4, 4, {"h": "right"})
PARTLY = Verdict(
    "lstm_step_backward",
    "lstm",
    "One step back",
    "partial",
    3.2,
    4,
    {"dx": "right", "dprev_c": "wrong"},
    (
        Finding("shapes", "dx (3, 4)  dprev_c (3, 5)", good=True),
        Finding(
            "values", "dprev_c differs by 0.83 at [1, 2]: yours 0.112, expected 0.947; dx is right"
        ),
    ),
    "lstm_step_backward.dnext_c_dropped",
    ("c_t flows to two places.", "second", "third"),
    "debug [red]x[/red]\n" * 8,
)
TODO = Verdict("lstm_forward", "lstm", "A sequence", "todo", 0, 4, {"h": "missing"})
CARRIED = Verdict("rnn_backward", "rnn", "BPTT", "partial", 6, 6, {"dx": "carried"})


def printed(width: int, verdicts: Sequence[Verdict], **options: Any) -> str:
    stream = io.StringIO()
    show(Console(file=stream, width=width, highlight=False), verdicts, **options)
    return stream.getvalue()


def shown(*verdicts: Verdict, **options: int) -> str:
    return printed(110, verdicts, **options)


def test_every_problem_has_a_line_and_the_total_adds_up() -> None:
    text = shown(PASSED, PARTLY, TODO)
    for text_in_it in ("rnn.py", "lstm.py", "rnn_forward", "4 / 4", "3.2 / 4", "0 / 4", "to do"):
        assert text_in_it in text
    assert "7.2 of 12 points, 1 of 3 problems passed" in text


def test_the_message_has_the_layers_and_the_hints_asked_for() -> None:
    text = shown(PASSED, PARTLY, level=2)
    assert re.search(r"shapes +ok +dx \(3, 4\)  dprev_c \(3, 5\)", text)
    assert "dprev_c differs by 0.83 at [1, 2]: yours 0.112, expected 0.947" in text
    assert "hint 1/3" in text and "hint 2/3" in text and "hint 3/3" not in text


def test_what_was_printed_is_shown_literally_and_cut() -> None:
    text = shown(PARTLY)
    assert "debug [red]x[/red]" in text, "a student's output is text, not markup"
    assert "... 3 more lines" in text


def test_no_text_moves_the_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = nasty_verdict(lessons.find("rnn_forward"))
    text = shown(verdict, level=2)
    assert "100 of 100 points" in text and harmful(text) == []
    folder = tmp_path / NASTY.translate({0: None, 0x2F: None})[:40]
    folder.mkdir()
    (folder / "\x1b[2J.zip").write_bytes(b"no zip")
    for submission in (folder, folder / "\x1b[2J.zip", folder / "none"):
        assert main(["grade", str(submission)]) in (0, 2)
        said = capsys.readouterr()
        assert harmful([said.out, said.err]) == []


def test_unimplemented_is_not_explained_and_carried_comes_last() -> None:
    text = shown(CARRIED, PARTLY, TODO, explain=1)
    assert "carried" in text
    assert "more to mend: rnn_backward" in text
    assert "lstm_forward  " not in text.split("problems passed")[1]


@pytest.mark.parametrize(("score", "text"), [(4.0, "4"), (3.2, "3.2"), (2.666, "2.67"), (0.0, "0")])
def test_points_have_no_needless_digits(score: float, text: str) -> None:
    assert points(score) == text


def test_the_record_holds_what_the_format_promises() -> None:
    data = record([PASSED, PARTLY])
    assert data["score"] == 7.2 and data["max_score"] == 8
    assert data["problems"][1] == {
        "id": "lstm_step_backward",
        "lesson": "lstm",
        "score": 3.2,
        "max_score": 4,
        "status": "partial",
        "diagnosis": "lstm_step_backward.dnext_c_dropped",
        "outputs": {"dx": "right", "dprev_c": "wrong"},
        "message": as_text(PARTLY, MOST),
    }
    assert as_text(PARTLY).endswith("hint 1/3: c_t flows to two places.")


# ------------------------------------------------------------------------------ at any width of it

KINDS = [
    PASSED,
    PARTLY,
    TODO,
    CARRIED,
    nasty_verdict(lessons.find("rnn_forward")),
    replace(PARTLY, problem="p" * 60, lesson="captioning", score=3.25, max_score=10.75),
    replace(PASSED, findings=(Finding("arguments", "your function changed its argument x " * 9),)),
    replace(PARTLY, hints=("a hint of many words " * 20, "伟" * 90, "x" * 300), printed=" a \n \n"),
    replace(TODO, findings=(Finding("runs", f"{HALF_DONE} at recurrent/rnn.py, line 31"),)),
    *(replace(PARTLY, status=status, findings=(), hints=()) for status in WORDS),
]
"""Every kind of a verdict, with texts of every kind."""


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("number", range(len(KINDS) + 1))
def test_no_line_ends_in_a_blank_or_is_too_wide_and_nothing_is_cut(number: int, width: int) -> None:
    verdicts = KINDS[number : number + 1] or KINDS
    # What several problems share is told once; here each has a mistake of its own.
    verdicts = [replace(one, diagnosis=f"d{place}") for place, one in enumerate(verdicts)]
    remarks = ["rnn-1.py was taken for rnn.py " * 5]
    options: dict[str, Any] = {"remarks": remarks, "ahead": "next: something " * 8}
    text = printed(width, verdicts, explain=len(verdicts), level=MOST, **options)
    for line in text.splitlines():
        assert line == line.rstrip(), line
        assert cell_len(line) <= width, line
    for verdict in verdicts:
        assert bare(f"{verdict.problem}{score(verdict)}{word(verdict)}") in bare(text)
        texts = [*(finding.text for finding in verdict.findings), *verdict.hints]
        for said in texts if verdict in failing(verdicts) else ():
            assert bare(printable(said, LINES)) in bare(text), said


@settings(max_examples=150, deadline=None)
@given(st.text(), st.integers(20, 120), st.integers(0, 12))
def test_a_paragraph_of_anything_fits_and_is_whole(text: str, width: int, indent: int) -> None:
    stream = io.StringIO()
    said = printable(text, LINES)
    Console(file=stream, width=width).print(Paragraph(Text(said), indent))
    assert bare(stream.getvalue()) == bare(said)
    for line in stream.getvalue().splitlines():
        assert line == line.rstrip(" ")


def test_columns_stay_columns_where_they_fit() -> None:
    lines = printed(60, [PASSED, TODO]).splitlines()
    assert lines[1].index("4 / 4") == lines[3].index("0 / 4")
    narrow = printed(20, [PASSED, replace(TODO, problem="a_name_that_is_long")]).splitlines()
    assert narrow[1:3] == ["✓  rnn_forward", "   4 / 4  passed"]


# ------------------------------------------------------------------------- the same mistake, once


def of_one_mistake(problem: str, *findings: Finding) -> Verdict:
    return replace(PARTLY, problem=problem, findings=findings, printed="")


def test_a_mistake_that_several_problems_show_is_told_once_and_referred_to() -> None:
    idea = "when the tanh is missing"
    first = of_one_mistake("one", Finding("diagnosis", f"your h is what comes out {idea}", level=4))
    second = of_one_mistake(
        "two",
        Finding("values", "dx differs by 3"),
        Finding("diagnosis", f"all your results are what comes out {idea}, as in one", level=4),
        Finding("diagnosis", "your dx is what comes out when b is added twice", level=4),
    )
    other = replace(of_one_mistake("three"), diagnosis="another", hints=("another hint",))
    text = printed(100, [first, second, other], level=MOST)
    assert text.count(idea) == 1 and text.count("c_t flows to two places.") == 1
    assert "hints      as for one: it is the same mistake" in text
    assert "dx differs by 3" in text and "b is added twice" in text and "another hint" in text


def test_where_no_hint_is_shown_nothing_is_referred_to() -> None:
    pair = [of_one_mistake("one"), of_one_mistake("two")]
    text = printed(100, pair, level=0)
    assert "as for" not in text
    assert "python check.py one --hint 1" in text and "python check.py two --hint 1" in text
    assert "as for" not in printed(100, pair[1:], level=2)


def test_one_line_that_stops_several_problems_is_told_once() -> None:
    why = Finding("runs", "rnn.py cannot be imported: invalid syntax (rnn.py, line 3)")
    stopped = replace(PARTLY, status="error", findings=(why,), diagnosis=None, hints=())
    other = replace(stopped, problem="three", findings=(Finding("runs", "stopped with Oops"),))
    both = [replace(stopped, problem="one"), replace(stopped, problem="two"), other]
    text = printed(100, both, level=0)
    assert text.count("cannot be imported") == 1 and "stopped with Oops" in text
    assert "runs       as for one: it stops for the same reason" in text
