"""Each system's form: what it documents, its limits, and what it is told when something fails."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from math import fsum
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import validate

from autograder.errors import UserError
from autograder.problem import ErrorMap
from autograder.report import heat_map
from autograder.report.results import as_json
from autograder.report.systems import autolab, classroom50, maps, prairielearn
from autograder.report.systems.autolab import Autolab
from autograder.report.systems.classroom50 import Classroom50, release_body, result, whole
from autograder.report.systems.prairielearn import PrairieLearn, results, small_enough
from autograder.report.systems.report import Report
from autograder.report.systems.start import FAILED
from tests.systems.reports import outcome, report, wrong_in
from tests.systems.schemas import (
    AUTOLAB,
    AUTOLABS_TABLE,
    CLASSROOM50,
    PRAIRIELEARN,
    PRAIRIELEARNS_BYTES,
)

RUNNER = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "recurrence",
    "SUBMISSION_TAG": "submit/2027-02-05T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/commit/1",
    "RELEASE_URL": "https://example.org/releases/1",
    "REVIEW_URL": "https://example.org/compare/1",
    "OWNER": "ada",
    "ASSIGNMENT_TYPE": "individual",
}

REPORTS = {
    "right": report(outcome()),
    "in part": report(outcome(score=8 / 3), outcome("last_hidden", 0.0, 3.0, "✗ not yet\nno")),
    "with a picture": report(outcome(score=1.0, error_map=wrong_in(3, 4))),
    "nothing to earn": report(outcome(score=0.0, max_score=0.0)),
    "two sets": report(outcome(), outcome("lstm", 0.1, 0.3, problem_set="gates")),
    "odd text": report(outcome(score=1.0, text='```\n</details>\x1b[2J\n{"scores": 1}\n')),
    "much text": report(*[outcome(f"p{i}", 1.0, 2.0, "x\n" * 60_000) for i in range(40)]),
}


@pytest.fixture(params=REPORTS)
def shown(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]


# ------------------------------------------------------------------------------------ Classroom 50


def test_classroom50_gets_what_it_documents(shown: Report, tmp_path: Path) -> None:
    system = Classroom50(tmp_path, RUNNER)
    system.begin()
    assert system.show(shown, io.StringIO()) == 0
    data = json.loads((tmp_path / "result.json").read_text())
    validate(data, CLASSROOM50)
    assert data["score"] == sum(test["score"] for test in data["tests"]) <= data["max-score"]
    assert all(test["score"] <= test["max-score"] for test in data["tests"])
    assert data["score"] == round(100 * shown.score)
    body = (tmp_path / "release-body.md").read_text(encoding="utf-8")
    assert 0 < len(body) <= classroom50.LONGEST_BODY


@given(some.lists(some.floats(0, 1000), max_size=30))
def test_whole_hundredths_add_up_and_none_moves_by_a_whole_one(scores: list[float]) -> None:
    rounded = whole(scores)
    assert abs(sum(rounded) - 100 * fsum(scores)) <= 0.5 + 1e-4
    for number, score in zip(rounded, scores, strict=True):
        assert abs(number - 100 * score) < 1 + 1e-4


@given(some.lists(some.integers(0, 1000).map(lambda number: number / 4), max_size=30))
def test_what_is_whole_in_hundredths_is_not_moved(scores: list[float]) -> None:
    assert whole(scores) == [round(100 * score) for score in scores]


def test_the_most_of_a_result_is_the_same_whatever_was_earned() -> None:
    """Else a gradebook would hold 8 beside 267."""
    most = {result(report(outcome(score=s)), RUNNER)["max-score"] for s in (0.0, 8 / 3, 8.0)}
    assert most == {800}


def test_the_release_says_what_its_whole_numbers_are() -> None:
    body = release_body(REPORTS["in part"])
    assert "2.67 of 11 points are 267 of 1100" in body
    assert "public cases" in body


def test_no_text_of_anybodys_ends_its_block_in_the_release() -> None:
    body = release_body(REPORTS["odd text"])
    inside = body.partition("</summary>\n\n")[2]
    fence = inside.splitlines()[0]
    assert set(fence) == {"`"} and len(fence) == 4
    assert inside.split(f"{fence}\n")[1].startswith("```\n</details>")


@pytest.mark.parametrize("missing", ["CLASSROOM", "OWNER"])
def test_without_the_runners_variables_it_is_a_sentence(missing: str, tmp_path: Path) -> None:
    given = {name: value for name, value in RUNNER.items() if name != missing}
    with pytest.raises(UserError, match=f"{missing}: the runner of Classroom 50 has to set"):
        Classroom50(tmp_path, given).begin()


def test_after_a_failure_classroom50_finds_no_result_and_is_told_by_the_status(
    tmp_path: Path,
) -> None:
    """Not even that of a run before: its runner then records an error, and no grade."""
    (tmp_path / "result.json").write_text("{}")
    system, out = Classroom50(tmp_path, RUNNER), io.StringIO()
    system.begin()
    assert system.fail(f"{FAILED}\nFor the staff: KeyError", out) == 1
    assert not (tmp_path / "result.json").exists()
    assert [line[:9] for line in out.getvalue().splitlines()] == ["::error::"] * 2


# ------------------------------------------------------------------------------------ PrairieLearn


def test_prairielearn_gets_what_it_documents(shown: Report, tmp_path: Path) -> None:
    assert PrairieLearn(tmp_path).show(shown, io.StringIO()) == 0
    data = read_results(tmp_path)
    assert data["gradable"] is True
    points = fsum(test["points"] for test in data["tests"])
    most = fsum(test["max_points"] for test in data["tests"])
    assert data["score"] == (points / most if most else 1.0)


def read_results(root: Path) -> dict[str, Any]:
    file = root / "results" / "results.json"
    assert file.stat().st_size <= PRAIRIELEARNS_BYTES
    data: dict[str, Any] = json.loads(file.read_text())
    validate(data, PRAIRIELEARN)
    return data


@pytest.mark.parametrize("count", [1, 30])
def test_pictures_go_before_texts_and_points_never(count: int) -> None:
    large = wrong_in(12, 60, 60)
    outcomes = [outcome(f"p{i}", 1.0, 2.0, f"text {i}", large) for i in range(count)]
    outcomes.append(outcome("small", 1.0, 2.0, "the last", wrong_in(2, 2)))
    data = small_enough(results(report(*outcomes)))
    assert len(as_json(data)) <= PRAIRIELEARNS_BYTES
    texts = [*(f"text {i}" for i in range(count)), "the last"]
    assert [test["output"] for test in data["tests"]] == texts
    assert "images" in data["tests"][-1], "the smallest picture is the last to go"
    assert fsum(test["points"] for test in data["tests"]) == count + 1


def test_before_anything_runs_and_after_a_failure_no_attempt_is_lost(tmp_path: Path) -> None:
    system = PrairieLearn(tmp_path)
    system.begin()
    assert read_results(tmp_path) == {"gradable": False, "score": 0.0, "message": FAILED}
    assert system.fail(f"{FAILED}\nFor the staff: KeyError", io.StringIO()) == 0
    data = read_results(tmp_path)
    assert data["gradable"] is False and data["message"].startswith(FAILED)


def test_what_cannot_be_read_is_a_format_error(tmp_path: Path) -> None:
    assert PrairieLearn(tmp_path).refuse(report(), "it is no zip", io.StringIO()) == 0
    data = read_results(tmp_path)
    assert data["gradable"] is False and data["format_errors"] == ["it is no zip"]


# ----------------------------------------------------------------------------------------- Autolab


def test_autolab_gets_what_it_documents(shown: Report, tmp_path: Path) -> None:
    out = io.StringIO()
    assert Autolab(tmp_path, "handin.zip").show(shown, out) == 0
    *text, table, last = out.getvalue().splitlines()
    check_autolabs_lines(table, last)
    assert len(out.getvalue().encode()) < 1000 * 1024, "what Tango keeps"
    scores = json.loads(last)["scores"]
    assert scores == {name: shown.score_of(name) for name in scores}
    assert fsum(scores.values()) == pytest.approx(shown.score)
    starts = ("{", '"')
    assert not [line for line in text if line.startswith(starts)], "only the last lines are data"


def check_autolabs_lines(table: str, last: str) -> None:
    data = json.loads(table)
    validate(data, AUTOLABS_TABLE)
    assert data["stages"] == [name for name in data if name not in ("_presentation", "stages")]
    validate(json.loads(last), AUTOLAB)


def test_after_a_failure_autolab_reads_no_points(tmp_path: Path) -> None:
    out = io.StringIO()
    assert Autolab(tmp_path, "handin.zip").fail(FAILED, out) == 0
    assert out.getvalue() == f"{FAILED}\n"


def test_a_file_by_another_name_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"there is no handin\.zip beside the Makefile"):
        Autolab(tmp_path, "handin.zip").submission()


# ---------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("shape", [(5,), (3, 4), (3, 5, 6), (2, 3, 4, 5), (1, 1), (40, 3, 900)])
def test_a_picture_is_an_svg_in_which_each_wrong_number_is_dark_and_crossed(
    shape: tuple[int, ...],
) -> None:
    drawn = wrong_in(*shape)
    root = ElementTree.fromstring(maps.as_svg(drawn))
    squares = [node for node in root if node.tag.endswith("rect")]
    crosses = [node for node in root if node.tag.endswith("path")]
    dark = [node for node in squares if node.get("fill") == heat_map.WRONG]
    assert len(crosses) == len(dark) >= 1
    right_end = max(int(str(node.get("x"))) for node in squares)
    assert right_end < int(str(root.get("width")))
    if drawn.wrong.size <= 100:
        assert len(squares) == drawn.wrong.size and len(dark) == drawn.wrong.sum()


def test_a_caption_says_which_axis_is_which() -> None:
    axes: Mapping[tuple[str, ...], str] = {
        ("D", "H"): "dWx: 2 of 4 numbers are wrong, D down, H across",
        (): "dWx: 2 of 4 numbers are wrong",
    }
    wrong = np.array([[True, False], [False, True]])
    for names, said in axes.items():
        assert maps.caption(ErrorMap("dWx", names, wrong)) == said


def test_a_text_too_long_is_cut_and_the_last_line_stays() -> None:
    said = autolab.feedback(REPORTS["much text"])
    assert len(said.encode()) <= autolab.LARGEST
    assert prairielearn.size(small_enough(results(REPORTS["much text"]))) <= prairielearn.LARGEST
