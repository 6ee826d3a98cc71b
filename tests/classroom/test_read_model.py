"""What SQLite says of a store is what its lines say, whatever happened to either."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.classroom import read_model as module
from autograder.classroom.grade import Key, grade_from
from autograder.classroom.people import Student
from autograder.classroom.read_model import NAME, Place, grades_of, hand_ins_of, read_model
from autograder.classroom.store import FORMAT, HandedIn, Shard, Store, StoreError
from tests.classroom.made_up_store import made_up_class

KEYS = [Key(files, "recurrence", "casebook", "grader") for files in ("a", "b")]


def line(key: Key, score: float, written: float, at_fault: bool) -> dict[str, Any]:
    problem = {
        "problem": "p",
        "lesson": "rnn",
        "score": score,
        "max_score": 9.0,
        "status": "failed",
    }
    return {
        "key": key.as_data(), "score": score, "max_score": 9.0, "problems": [problem],
        "written": written, "at_fault": at_fault, "seconds": 0.1, "remarks": ["one"],
    }  # fmt: skip


def placed(rows: list[dict[str, Any]]) -> Iterator[tuple[Place, dict[str, Any]]]:
    return ((("grades/0-of-1.jsonl", number), row) for number, row in enumerate(rows))


def as_lines_say(rows: list[dict[str, Any]]) -> dict[Key, float]:
    """Key -> the score that holds, worked out in the plainest way."""
    found = {}
    for key in KEYS:
        about = [row for row in rows if row["key"] == key.as_data()]
        sound = [row for row in about if not row["at_fault"]] or about
        if sound:
            latest = max(row["written"] for row in sound)
            found[key] = [row["score"] for row in sound if row["written"] == latest][-1]
    return found


LINES = st.lists(
    st.builds(
        line,
        st.sampled_from(KEYS),
        st.floats(0, 9),
        st.integers(1, 3).map(float),
        st.booleans(),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_of_several_grades_the_last_sound_one_holds(rows: list[dict[str, Any]]) -> None:
    lines = {"grades": rows, "hand_ins": []}
    model = module._built(":memory:", "", lambda kind: placed(lines[kind]))
    grades = [grade_from(row) for row in grades_of(model)]
    assert {grade.key: grade.score for grade in grades} == as_lines_say(rows)
    assert all([one.score for one in grade.problems] == [grade.score] for grade in grades)


@settings(max_examples=40, deadline=None)
@given(rows=LINES, shards=st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_feedback_and_points_go_by_the_same_line(
    rows: list[dict[str, Any]], shards: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    (store.folder / "grades").mkdir()
    for row, shard in zip(rows, shards, strict=False):
        with (store.folder / "grades" / f"{shard}-of-3.jsonl").open("a") as file:
            file.write(json.dumps({"format": FORMAT, **row}) + "\n")
    whole = {key: row["score"] for key, row in store.whole_rows(KEYS)}
    assert whole == {key: grade.score for key, grade in store.grades().items()}
    assert len(list(store.whole_rows(KEYS[:1]))) == (KEYS[0] in whole)


def test_it_is_made_anew_when_a_line_has_come_and_only_then(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    file = made.folder / NAME
    before = made.store.hand_ins()
    first = file.stat().st_ino
    assert made.store.hand_ins() == before and made.store.grades()
    assert file.stat().st_ino == first
    with made.store.writer(Shard()) as writer:
        writer.hand_in(HandedIn("gates", "late comer", (Student("Ann"),), None, error="no file"))
    assert [one.name for one in made.store.hand_ins("gates")] == ["late comer"]
    assert made.store.sets() == ["recurrence", "gates"]
    assert file.stat().st_ino != first
    assert list(made.folder.glob(f".{NAME}*")) == []


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(categories=("L", "Cs", "Cc", "So")), min_size=1))
def test_a_name_may_hold_anything(name: str) -> None:
    row = HandedIn("gates", name, (Student(name),), None, error=name).as_data()
    lines: dict[str, list[dict[str, Any]]] = {"grades": [], "hand_ins": [row]}
    model = module._built(":memory:", "", lambda kind: placed(lines[kind]))
    assert [HandedIn.from_data(found).name for found in hand_ins_of(model)] == [name]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_one_that_is_broken_is_made_anew(tmp_path: Path, content: bytes) -> None:
    made = made_up_class(tmp_path / "class")
    grades = made.store.grades()
    (made.folder / NAME).write_bytes(content)
    assert made.store.grades() == grades
    assert (made.folder / NAME).read_bytes() != content


def test_where_nothing_can_be_written_it_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_up_class(tmp_path / "class")
    grades = made.store.grades()
    (made.folder / NAME).unlink()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(module.tempfile, "mkstemp", refuse)
    assert made.store.grades() == grades
    assert not (made.folder / NAME).exists()


def test_a_line_of_another_version_is_refused_as_before(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    with (made.folder / "grades" / "9-of-9.jsonl").open("w") as file:
        file.write('{"format": "class store 7"}\n')
    with pytest.raises(StoreError, match="another version of the grader"):
        made.store.grades()
    assert list(made.folder.glob(f".{NAME}*")) == []


def test_staff_may_ask_it_by_hand(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    made.store.grades()
    with sqlite3.connect(made.folder / NAME) as model:
        asked = "select count(distinct problem), count(distinct grade) from verdicts"
        problems, grades = model.execute(asked).fetchone()
    assert grades == len(made.store.grades()) and problems > 3


def test_a_store_in_which_nothing_is_yet_has_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "class")
    with store.writer(Shard()):
        pass
    model = read_model(store.folder, store.placed_rows)
    assert list(hand_ins_of(model)) == [] and list(grades_of(model)) == []
