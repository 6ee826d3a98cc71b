"""`class grade`: nothing is lost, nothing is graded twice, whatever is killed and when."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom import run, store
from autograder.classroom.engine.judging import Setup, Task
from autograder.classroom.engine.line import Done
from autograder.classroom.engine.pool import Pool
from autograder.classroom.hand_in import HandIn
from autograder.classroom.run import TOLD_TO_STOP, grade_class
from autograder.classroom.store import FORMAT, Shard, Store, StoreError, Writer
from autograder.errors import UserError
from autograder.settings import SettingsError
from tests.classroom import works
from tests.classroom.processes import below, is_running, wait_until
from tests.classroom.small_class import SET, course, lines, options, scores, write_class
from tests.conftest import LONGEST, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("temporary")]

LOOP = "while True:\n    pass\n"


def graded(store: Path) -> Counter[str]:
    """How often each key was graded."""
    return Counter(row["key"]["files"] for row in lines(store, "grades"))


def once_each(store: Path, count: int) -> bool:
    """Whether so many keys were graded, each once."""
    return len(graded(store)) == count and set(graded(store).values()) == {1}


def test_every_submission_has_its_grade_and_what_is_the_same_is_graded_once(
    tmp_path: Path, frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {"empty": "", "broken": "def oops(:\n", "loop": LOOP}
    source, out = write_class(tmp_path / "class", 2, others, same=3), tmp_path / "store"
    assert grade_class(options(source, out), course(), frozen) == 0
    assert once_each(out, 6)
    found = scores(out)
    right = found["student_0"]
    assert right == (30.0, False)
    assert [found[f"twin_{number}"] for number in range(3)] == [right] * 3
    assert [found[name] for name in others] == [(0.0, False)] * 3
    said = capsys.readouterr().out
    assert "6 graded, 0 had a grade already; 2 more are identical to one of these" in said

    # again: nothing is graded, nothing is written
    before = {path: path.read_bytes() for path in out.rglob("*.jsonl")}
    assert grade_class(options(source, out), course(), frozen) == 0
    assert {path: path.read_bytes() for path in out.rglob("*.jsonl")} == before
    said = capsys.readouterr().out
    assert "0 graded, 6 had a grade already; 2 more are identical to one of these" in said


def test_what_is_handed_in_anew_is_graded_and_nothing_else(tmp_path: Path, frozen: Path) -> None:
    source, out = write_class(tmp_path / "class", 2), tmp_path / "store"
    grade_class(options(source, out), course(), frozen)
    [file] = (source / "student_1").rglob("*.py")
    file.write_text("")
    grade_class(options(source, out), course(), frozen)
    assert once_each(out, 3)
    assert scores(out) == {"student_0": (30.0, False), "student_1": (0.0, False)}


def test_force_grades_again(tmp_path: Path, frozen: Path) -> None:
    source, out = write_class(tmp_path / "class", 1), tmp_path / "store"
    grade_class(options(source, out), course(), frozen)
    grade_class(options(source, out, force=True), course(), frozen)
    assert list(graded(out).values()) == [2]


def test_a_worker_that_is_killed_costs_nothing(
    tmp_path: Path, frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = write_class(tmp_path / "class", 6), tmp_path / "store"
    pools = []
    open_pool, write = Pool.__enter__, Writer.grade

    def enter(self: Pool) -> Pool:
        pools.append(self)
        return open_pool(self)

    def grade(self: Writer, row: dict[str, Any]) -> None:
        write(self, row)
        if len(lines(out, "grades")) == 2:
            os.kill(pools[0].processes()[0], signal.SIGKILL)

    monkeypatch.setattr(Pool, "__enter__", enter)
    monkeypatch.setattr(Writer, "grade", grade)
    assert grade_class(options(source, out, workers=2), course(), frozen) == 0
    assert once_each(out, 6)
    assert set(scores(out).values()) == {(30.0, False)}


def test_a_submission_that_takes_its_judge_along_is_named_and_costs_nobody_else(
    tmp_path: Path,
    frozen: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    others = {works.Deadly.NAME: "# deadly"}
    source, out = write_class(tmp_path / "class", 3, others), tmp_path / "store"
    with monkeypatch.context() as patch:
        patch.setattr(run, "judge", works.deadly)
        assert grade_class(options(source, out), course(), frozen) == 1
    assert once_each(out, 4)
    found = scores(out)
    assert found.pop(works.Deadly.NAME) == (0.0, True)
    assert set(found.values()) == {(30.0, False)}
    assert f"failed on {works.Deadly.NAME}:" in capsys.readouterr().out

    # it is tried again when the grader is mended, and then counts
    assert grade_class(options(source, out), course(), frozen) == 0
    assert scores(out)[works.Deadly.NAME] == (0.0, False)
    assert sorted(graded(out).values()) == [1, 1, 1, 2]


def stopped_after(source: Path, out: Path, rows: int, how: signal.Signals) -> tuple[int, str]:
    """End a run when it has written so many rows; its exit status, and what it says then."""
    before = len(lines(out, "grades"))
    arguments = ["class", "grade", str(source), "--out", str(out), "--set", SET, "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.classroom.small_class", *arguments],
        cwd=ROOT,
        env={**os.environ, "HOLD_AFTER": str(rows)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: len(lines(out, "grades")) == before + rows, "so many rows")
    started = below(process.pid)
    assert started
    process.send_signal(how)
    _, said = process.communicate(timeout=LONGEST)
    wait_until(lambda: not any(is_running(pid) for pid in started), "no process of its")
    return process.returncode, said


def test_a_run_that_is_killed_again_and_again_goes_on_where_it_was(
    tmp_path: Path, frozen: Path, temporary: Path
) -> None:
    source, out = write_class(tmp_path / "class", 7), tmp_path / "store"
    for rows in (1, 2):
        code, _ = stopped_after(source, out, rows, signal.SIGKILL)
        assert code == -signal.SIGKILL
    wait_until(lambda: list(temporary.iterdir()) == [], "no folder")
    assert len(lines(out, "grades")) == 3
    assert grade_class(options(source, out), course(), frozen) == 0
    assert once_each(out, 7)
    assert len(scores(out)) == 7


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_run_is_told_how_to_go_on(
    how: signal.Signals, tmp_path: Path, frozen: Path
) -> None:
    source, out = write_class(tmp_path / "class", 5), tmp_path / "store"
    code, said = stopped_after(source, out, 1, how)
    assert (code, said) == (TOLD_TO_STOP, run.STOPPED + "\n")
    assert grade_class(options(source, out), course(), frozen) == 0
    assert once_each(out, 5)


# ------------------------------------------------------------------------------------------ shards


def told(store: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a store says, without what differs from run to run: times."""
    grades = {}
    for row in lines(store, "grades"):
        grades[row["key"]["files"]] = {**row, "seconds": 0, "written": 0}
    hand_ins = {row["name"]: {**row, "written": 0} for row in lines(store, "hand_ins")}
    return grades, hand_ins


def test_all_shards_together_say_what_one_run_says(tmp_path: Path, frozen: Path) -> None:
    source = write_class(tmp_path / "class", 3, {"broken": "def oops(:\n"}, same=3)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    grade_class(options(source, whole), course(), frozen)
    for index in range(3):
        grade_class(options(source, parts, shard=f"{index}/3"), course(), frozen)
    assert told(parts) == told(whole)
    assert once_each(parts, 5)
    assert sorted(path.name for path in (parts / "grades").iterdir()) == [
        "0-of-3.jsonl",
        "1-of-3.jsonl",
        "2-of-3.jsonl",
    ]
    # and who counts in other parts the next time grades nothing again
    grade_class(options(source, parts), course(), frozen)
    assert once_each(parts, 5)


def test_of_two_lines_in_different_shards_the_later_one_holds(tmp_path: Path, frozen: Path) -> None:
    source, out = write_class(tmp_path / "class", 2), tmp_path / "store"
    for index in range(2):
        grade_class(options(source, out, shard=f"{index}/2"), course(), frozen)
    [file] = (source / "student_1").rglob("*.py")
    file.write_text("")
    grade_class(options(source, out), course(), frozen)  # into a file that sorts before theirs
    assert scores(out)["student_1"] == (0.0, False)


# --------------------------------------------------------------------------------------- bad input


def test_a_store_of_another_version_is_left_alone(tmp_path: Path, frozen: Path) -> None:
    source, out = write_class(tmp_path / "class", 1), tmp_path / "store"
    grade_class(options(source, out), course(), frozen)
    [path] = (out / "hand_ins").iterdir()
    path.write_text(path.read_text().replace(FORMAT, "class store 0"))
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(StoreError, match="written by another version"):
        grade_class(options(source, out), course(), frozen)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_a_full_disk_is_said_in_one_sentence_and_loses_nothing(
    tmp_path: Path, frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Disk(FileIO):
        """It takes a part of the third line, and then nothing."""

        room = 12_000

        def write(self, data: memoryview) -> int:
            if not self.room:
                raise OSError(errno.ENOSPC, "No space left on device")
            taken = super().write(data[: self.room])
            self.room -= taken
            return taken

    source, out = write_class(tmp_path / "class", 8), tmp_path / "store"
    with (
        monkeypatch.context() as patch,
        pytest.raises(StoreError, match="is full: what is graded so far is kept") as refused,
    ):
        patch.setattr(store, "_locked", lambda path: Disk(path, "ab"))
        grade_class(options(source, out), course(), frozen)
    assert "\n" not in str(refused.value)
    kept = len(list(Store(out).rows("grades")))
    assert 0 < kept < 8
    assert grade_class(options(source, out), course(), frozen) == 0
    rows = [row["key"]["files"] for row in Store(out).rows("grades")]
    assert len(rows) == len(set(rows)) == 8


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"workers": 0}, "--workers should be a number from 1 to 256, not 0"),
        ({"workers": 257}, "--workers should be"),
        ({"shard": "4/4"}, "--shard should be"),
        ({"set": "smal"}, "did you mean small"),
        ({"extensions": Path("nowhere.csv")}, "nowhere.csv cannot be read"),
        ({"dask": "192.0.2.1:8786"}, "can run code on every worker"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    given: dict[str, Any], why: str, tmp_path: Path, frozen: Path
) -> None:
    source = write_class(tmp_path / "class", 1)
    with pytest.raises(UserError, match=why) as refused:
        grade_class(options(source, tmp_path / "store", **given), course(), frozen)
    assert "\n" not in str(refused.value)


def test_a_folder_with_other_things_is_no_store(tmp_path: Path, frozen: Path) -> None:
    source = write_class(tmp_path / "class", 1)
    before = sorted(source.rglob("*"))
    with pytest.raises(StoreError, match="name a folder of its own"):
        grade_class(options(source, source), course(), frozen)
    assert sorted(source.rglob("*")) == before
    [file] = source.rglob("*.py")
    with pytest.raises(StoreError, match="is a file"):
        grade_class(options(source, file), course(), frozen)


def test_a_set_that_is_not_there_is_said_before_anything_is_written(
    tmp_path: Path, frozen: Path
) -> None:
    source = write_class(tmp_path / "class", 1)
    with pytest.raises(SettingsError):
        grade_class(options(source, tmp_path / "store", set="no"), course(), frozen)
    assert not (tmp_path / "store").exists()


# ------------------------------------------------------------------------------------------ memory


class Made:
    """An engine that makes its answers up."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        for task in tasks:
            key = {"files": task.hand_in.name, "set": SET, "casebook": "c", "grader": "g"}
            row = {"key": key, "score": 1.0, "max_score": 1.0, "problems": [], "why": "x" * 50_000}
            looked_at = {"key": key, "lessons": []}
            yield Done(task, looked_at if task.do == "key" else {"row": row})


def test_rows_are_not_kept_in_memory(tmp_path: Path) -> None:
    hand_ins = [HandIn(f"submission_{number}", (), ()) for number in range(1000)]
    store = Store(tmp_path / "store")
    setup = Setup(course(), SET, tmp_path, tmp_path)
    with store.writer(Shard()) as writer:
        grading = run._Grading(setup, store, writer, "made up", False, run.Console(quiet=True))
        tracemalloc.start()
        try:
            grading.read(Made(), hand_ins)
            grading.grade(Made())
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    written = (tmp_path / "store" / "grades" / f"{Shard()}.jsonl").stat().st_size
    assert written > 50_000_000
    assert most < written / 10
