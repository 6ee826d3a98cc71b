"""What docs/trust.md says of students' data: no files are kept, and one student can be deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.run import grade_class
from autograder.classroom.store import Store
from tests.classroom.small_class import LESSON, SET, course, options, write_class
from tests.submissions import REFERENCE

GOES, STAYS = "ada_lovelace", "alan_turing"
SOURCE = "def large_singular_value_that_vanishes"
"""A line of everybody's file."""


@pytest.fixture
def store(tmp_path: Path, frozen: Path) -> Path:
    texts = {name: f"{REFERENCE[LESSON]}\n# {name}\n" for name in (GOES, STAYS)}
    source = write_class(tmp_path / "class", 0, texts)
    grade_class(options(source, tmp_path / "store"), course(), frozen)
    return tmp_path / "store"


def holding(folder: Path, words: str) -> list[str]:
    """The files below a folder that have these words in them."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and words.encode() in path.read_bytes():
            found.append(path.name)
    return found


def rows(folder: Path, kind: str) -> list[dict[str, Any]]:
    (path,) = folder.glob(f"{kind}/*.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(folder: Path, kind: str, kept: list[dict[str, Any]]) -> None:
    (path,) = folder.glob(f"{kind}/*.jsonl")
    path.write_text("".join(f"{json.dumps(row)}\n" for row in kept), encoding="utf-8")


def delete(folder: Path, name: str) -> None:
    """As docs/trust.md says it: a student's lines, the grades that nobody else has."""
    hand_ins = [row for row in rows(folder, "hand_ins") if row["name"] != name]
    write(folder, "hand_ins", hand_ins)
    keys = [row["key"] for row in hand_ins]
    write(folder, "grades", [row for row in rows(folder, "grades") if row["key"] in keys])
    (folder / "class.sqlite").unlink(missing_ok=True)


def test_no_file_that_was_handed_in_is_kept(store: Path) -> None:
    assert SOURCE in REFERENCE[LESSON]
    assert holding(store, SOURCE) == []


def test_a_student_can_be_deleted_and_the_others_stay(store: Path) -> None:
    assert len(Store.of(store).hand_ins(SET)) == len(Store.of(store).grades()) == 2
    assert holding(store, GOES)
    delete(store, GOES)
    assert holding(store, GOES) == []
    (left,) = Store.of(store).hand_ins(SET)
    assert left.name == STAYS
    assert [*Store.of(store).grades()] == [left.key]
