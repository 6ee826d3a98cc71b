"""The stores that tests of a class read are like those that grading writes."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.classroom.standing import once_each, standings
from autograder.report.record import from_data
from tests.classroom.made_up_store import BARBARA, EDSGER, made_up_class


def test_it_is_read_like_one_that_was_graded(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    found = standings(made.store, made.course, "recurrence")
    assert [one.student.name for one in found] == [
        "Ada Lovelace", "Alan Turing", "Barbara Liskov", "Edsger Dijkstra", "Grace Hopper",
    ]  # fmt: skip
    finals = {one.student.name: one.raw for one in found}
    assert finals["Ada Lovelace"] == found[0].worth == 100
    assert 0 < finals["Alan Turing"] == finals["Grace Hopper"] < 100
    assert len(once_each(found)) == 4
    assert next(one for one in found if one.student == BARBARA).grade is None
    unread = next(one for one in found if one.student == EDSGER).grade
    assert unread is not None and unread.error and not unread.at_fault


def test_what_is_not_right_has_its_verdict(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    for row in made.store.rows("grades"):
        for entry in row["problems"]:
            assert entry["status"] == "passed" or row.get("error") or from_data(entry["verdict"])


def test_the_same_calls_write_the_same_lines(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "other"):
        made_up_class(tmp_path / name)
        files = sorted((tmp_path / name).rglob("*.jsonl"))
        contents.append([_without_times(path) for path in files])
    assert contents[0] == contents[1] and all(contents[0])


def _without_times(path: Path) -> list[dict[str, object]]:
    """The lines of a file, but for when they were written."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        assert row.pop("written") > 0
    return rows
