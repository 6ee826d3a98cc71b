"""What a student reads: the table, the total, the message, the hints."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from autograder import lessons
from autograder.cli import main
from autograder.levels import MOST
from autograder.problem import Finding, Verdict
from autograder.report.record import as_text, record
from autograder.report.terminal import show
from autograder.report.words import points
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


def shown(*verdicts: Verdict, **options: int) -> str:
    stream = io.StringIO()
    show(Console(file=stream, width=110, highlight=False), verdicts, **options)
    return stream.getvalue()


def test_every_problem_has_a_line_and_the_total_adds_up() -> None:
    text = shown(PASSED, PARTLY, TODO)
    for word in ("rnn.py", "lstm.py", "rnn_forward", "4 / 4", "3.2 / 4", "0 / 4", "to do"):
        assert word in text
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
