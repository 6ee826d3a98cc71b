"""What is remembered is the student's own, and nothing hangs on it."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import lessons
from autograder.check.watch import progress
from autograder.check.watch.progress import KIND, NAME, SET_ASIDE, load
from autograder.intake import take_in
from autograder.problem import Finding, Verdict
from tests.conftest import ROOT

WRONG = Verdict(
    "rnn_forward", "rnn", "", "failed", 2, 8, {"h": "wrong"}, (Finding("values", "h differs"),),
    "rnn_forward.no_tanh", ("one", "two", "three"),
)  # fmt: skip
RIGHT = replace(WRONG, status="passed", score=8.0, findings=(), diagnosis=None, hints=())


def test_it_is_there_the_next_time(tmp_path: Path) -> None:
    first = load(tmp_path)
    assert first.note == "" and first.level(WRONG, 1) == 1
    assert not first.judged(WRONG)
    first.hinted(WRONG, 3)
    first.at = "rnn_forward"
    first.save()

    again = load(tmp_path)
    assert again.at == "rnn_forward" and again.note == ""
    assert again.level(WRONG, 1) == 3
    assert again.problems["rnn_forward"].best == 2
    assert again.judged(RIGHT)
    assert not again.judged(RIGHT)
    again.judged(WRONG)
    again.save()
    past = load(tmp_path).problems["rnn_forward"]
    assert past.best == 8 and past.hints == 3 and past.passed


def test_another_mistake_begins_at_its_first_hint(tmp_path: Path) -> None:
    memory = load(tmp_path)
    memory.hinted(WRONG, 4)
    other = replace(WRONG, diagnosis="rnn_forward.other", hints=("a", "b", "c"))
    assert memory.level(other, 1) == 1
    assert memory.level(WRONG, 1) == 4
    assert memory.level(replace(WRONG, score=3.0), 1) == 4


BROKEN = [
    b"", b"{", b"[]", b"null", b"3", b"\xff\xfe", b"[" * 100_000, b'{"kind": "other"}',
    json.dumps({"kind": KIND}).encode(),
    json.dumps({"kind": KIND, "at": 3, "problems": {}}).encode(),
    json.dumps({"kind": KIND, "at": "", "problems": {"a": {}}}).encode(),
    json.dumps({"kind": KIND, "at": "", "problems": []}).encode(),
    json.dumps({"kind": KIND, "at": "", "problems": {"a": {
        "hints": float("inf"), "best": 1, "passed": "", "mistake": "", "level": 0}}}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_what_cannot_be_read_is_set_aside_and_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    memory = load(tmp_path)
    assert memory.problems == {} and SET_ASIDE in memory.note
    assert (tmp_path / SET_ASIDE).read_bytes() == content
    memory.save()
    assert load(tmp_path).note == ""


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    memory = load(tmp_path)
    memory.save()
    assert "cannot be" in memory.note
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    memory = load(tmp_path)
    memory.save()
    tmp_path.chmod(0o700)
    assert memory.note == "your progress cannot be remembered: this folder cannot be written"


def test_it_is_no_part_of_what_is_handed_in(tmp_path: Path) -> None:
    """Not even where somebody hands in the whole folder, or puts it among the files."""
    work = tmp_path / "work"
    shutil.copytree(ROOT / "assignment" / "recurrent", work / "recurrent")
    before = take_in(work, lessons.names(), folder(tmp_path / "before"))
    memory = load(work)
    memory.judged(RIGHT)
    memory.save()
    shutil.copy(work / NAME, work / "recurrent" / NAME)
    shutil.copy(work / NAME, work / SET_ASIDE)
    after = take_in(work, lessons.names(), folder(tmp_path / "after"))
    assert (after.found, after.notes, after.refused) == (before.found, before.notes, before.refused)
    assert names_in(after.package) == names_in(before.package)


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def names_in(package: Path) -> list[str]:
    return sorted(path.relative_to(package).as_posix() for path in package.rglob("*"))


def test_it_is_no_part_of_a_handout(tmp_path: Path) -> None:
    """Somebody may have watched in the repository itself."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert progress.NAME in ignored and progress.SET_ASIDE in ignored
