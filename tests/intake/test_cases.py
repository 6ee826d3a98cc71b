"""Every case earns what it should and says what it should, in the words of the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import fsum
from pathlib import Path

import pytest

from autograder.grade import casebooks, grade_submission
from autograder.sandbox import Limits, Sandbox
from autograder.settings import thaw
from tests.conftest import ROOT
from tests.intake.cases import CASES

TABLE = (ROOT / "docs" / "submissions.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits()) as sandbox:
        yield sandbox


@pytest.mark.parametrize("case", CASES)
def test_a_submission_as_it_really_comes(
    case: str, tmp_path: Path, frozen: Path, box: Sandbox
) -> None:
    handed = CASES[case]
    handed.build(tmp_path / "s")
    course = replace(thaw(frozen / "course.json").only(handed.set), lend=handed.lend)
    books = casebooks(frozen, public_only=True)
    remarks: list[str] = []
    found = grade_submission(tmp_path / "s", course, books, None, box, remarks.append)
    verdicts = {verdict.problem: verdict for verdict in found}
    assert remarks == list(handed.says)
    assert fsum(verdict.score for verdict in verdicts.values()) == handed.score
    for problem, words in handed.problems.items():
        assert words in [finding.text for finding in verdicts[problem].findings[:2]]


@pytest.mark.parametrize("case", CASES)
def test_it_is_in_the_documentation(case: str) -> None:
    handed = CASES[case]
    rows = [line for line in TABLE.splitlines() if line.startswith(f"| {case} |")]
    assert len(rows) == 1
    [row] = rows
    for words in (*handed.says, *handed.problems.values()):
        assert words in row
