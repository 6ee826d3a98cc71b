"""Stubs are fresh, valid and empty of answers; the leak check finds what it should."""

from __future__ import annotations

import ast
import json
import zipfile
from pathlib import Path

import pytest

from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.handout.leaks import leaks, normalised, secret_lines
from autograder.authoring.handout.stubs import StubError, handout_files, stale_files, stub
from autograder.settings import load_course
from tests.conftest import ROOT

SOLUTIONS = ROOT / "solutions"
COURSE = load_course(ROOT / "course.toml")


@pytest.fixture(scope="module")
def secret() -> set[str]:
    return secret_lines(SOLUTIONS, load_answers(SOLUTIONS).misconceptions)


def test_assignment_is_not_stale() -> None:
    assert stale_files(SOLUTIONS, ROOT / "assignment", COURSE) == [], (
        "run `make assignment` and commit the result"
    )


def test_stale_files_are_found(tmp_path: Path) -> None:
    for name, text in handout_files(SOLUTIONS, COURSE).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert stale_files(SOLUTIONS, tmp_path, COURSE) == []
    (tmp_path / "recurrent" / "rnn.py").write_text("changed")
    (tmp_path / "recurrent" / "left_over.py").write_text("")
    (tmp_path / "README.md").unlink()
    assert stale_files(SOLUTIONS, tmp_path, COURSE) == [
        "README.md",
        "recurrent/left_over.py",
        "recurrent/rnn.py",
    ]


def test_every_stub_is_valid_python_that_says_what_is_to_do() -> None:
    for name, text in handout_files(SOLUTIONS, COURSE).items():
        if name.endswith(".py"):
            ast.parse(text)
            assert "BEGIN SOLUTION" not in text


def test_a_region_becomes_one_line_at_its_own_indentation() -> None:
    before, after = "def f(x):\n    if x:\n", "    return y\n"
    solution = "        ### BEGIN SOLUTION\n        y = 1\n        ### END SOLUTION\n"
    to_do = '        raise NotImplementedError("f: to do, see the docstring above")\n'
    assert stub(before + solution + after) == before + to_do + after


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("def f():\n    ### BEGIN SOLUTION\n    x = 1\n", "line 2: this solution never ends"),
        ("def f():\n    ### END SOLUTION\n", "line 2: a solution ends that never began"),
        (
            "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n",
            "line 3: a solution begins inside another",
        ),
        (
            "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n",
            "line 1: a solution begins inside another or outside",
        ),
    ],
)
def test_markers_that_do_not_pair_up_are_refused(source: str, complaint: str) -> None:
    with pytest.raises(StubError, match=complaint):
        stub(source, "x.py")


# ---------------------------------------------------------------------------------------- the leaks


def test_nothing_leaks_into_the_assignment_or_the_zips(
    secret: set[str], zips: dict[str, Path]
) -> None:
    assert len(secret) > 300
    for path in (ROOT / "assignment", *zips.values()):
        assert leaks(path, secret) == []


def test_the_whole_handout_of_all_lessons_is_clean(secret: set[str]) -> None:
    everything = "\n".join(handout_files(SOLUTIONS, COURSE).values())
    lessons = "\n".join(path.read_text() for path in (ROOT / "autograder" / "lessons").glob("*.py"))
    assert [line for line in secret if line in normalised(everything + lessons)] == []


LINE = "    dWh = prev_h.T @ da  # (H, H)"


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        "dWh=prev_h.T@da",
        "x = 1; dWh  =  prev_h.T  @  da",
        json.dumps({"cells": [{"source": ["import numpy\n", LINE + "\n"]}]}),
        json.dumps({"__metadata__": {"advice": json.dumps({"replace": LINE})}}),
    ],
    ids=[
        "the line",
        "without spaces",
        "with more spaces",
        "in a notebook",
        "in a casebook's metadata",
    ],
)
def test_a_planted_line_is_found(tmp_path: Path, secret: set[str], text: str) -> None:
    (tmp_path / "inner.txt").write_text(text)
    assert leaks(tmp_path, secret) == ["inner.txt: dWh=prev_h.T@da"]
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as archive:
        archive.write(tmp_path / "inner.txt", "deep/inner.txt")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "inner.zip")
    assert leaks(tmp_path / "outer.zip", secret) == [
        "outer.zip/inner.zip/deep/inner.txt: dWh=prev_h.T@da"
    ]


def test_the_patch_of_a_misconception_is_a_secret_too(tmp_path: Path, secret: set[str]) -> None:
    wrong = next(
        m
        for m in load_answers(SOLUTIONS).misconceptions
        if m.id == "rnn_step_backward.sigmoid_slope"
    )
    (tmp_path / "x").write_text(f"try {wrong.by}")
    assert leaks(tmp_path, secret)


def test_what_is_given_anyway_is_no_secret(tmp_path: Path, secret: set[str]) -> None:
    (tmp_path / "x").write_text("return dx, dprev_h, dWx, dWh, db\nimport numpy as np\n")
    assert leaks(tmp_path, secret) == []
