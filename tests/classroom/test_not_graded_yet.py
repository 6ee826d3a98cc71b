"""What a run that was stopped has not graded yet: each verb that reads a store says so, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.standing import not_graded, standings
from autograder.cli import main
from tests.classroom.made_up_store import ADA, ALAN, BARBARA, EDSGER, GRACE, MadeUpStore

VERBS = (
    ["report"],
    ["feedback"],
    *(["export", kind] for kind in ("csv", "canvas", "moodle", "gradescope", "nbgrader", "junit")),
)
PENDING = "2 submissions are not graded yet: the same `class grade` command again goes on with them"
FAILED = "no grade for Barbara Liskov: the report says why"


@pytest.fixture
def made(tmp_path: Path) -> MadeUpStore:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA)
    made.not_graded_yet(ALAN, GRACE)  # a group counts once
    made.not_graded_yet(EDSGER)
    made.not_graded(BARBARA)
    return made


def into(kind: str, folder: Path) -> list[str]:
    """What Moodle must be given: a worksheet."""
    if kind != "moodle":
        return []
    path = folder / "worksheet.csv"
    path.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
        "Last modified (grade),Feedback comments\n"
        "Participant 1,Ada Lovelace,ada@example.edu,,,100.00,Yes,-,\n",
        encoding="utf-8",
    )
    return ["--into", str(path)]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_says_once_what_has_no_grade(
    made: MadeUpStore, verb: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["class", *verb, str(made.folder), *into(verb[-1], tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines.count(PENDING) == lines.count(FAILED) == 1


def test_where_everything_is_graded_nothing_is_said(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA)
    made.unreadable(EDSGER)
    made.roster(ADA, EDSGER, GRACE)  # who handed in nothing waits for no grade
    assert not_graded(standings(made.store, made.course, made.set)) == []
