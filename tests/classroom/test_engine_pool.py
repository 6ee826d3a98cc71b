"""The pool of processes: whatever becomes of one of them, every task is done once or reported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from autograder.classroom.engine.line import Done, EngineError
from autograder.classroom.engine.pool import Pool
from autograder.classroom.engine.scratch import PREFIX, scratch, sweep
from tests.classroom import works
from tests.classroom.processes import is_running, wait_until
from tests.conftest import LONGEST, ROOT

LETTERS = [("capital", letter) for letter in "abcdefghijkl"]


def folders() -> list[str]:
    return [path.name for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*")]


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)


def answers(done: list[Done]) -> dict[str, str]:
    return {one.task[1]: one.answer for one in done if not one.failure}


def test_every_task_has_its_answer_and_nothing_is_left() -> None:
    with Pool(2, works.ready, LONGEST) as pool:
        processes = pool.processes()
        done = list(pool.run(LETTERS))
        assert answers(done) == {letter: letter.upper() for _, letter in LETTERS}
        assert list(pool.run(LETTERS[:3]))  # and it can be asked again
        assert list(pool.run([])) == []
    assert not any(is_running(pid) for pid in processes)
    assert folders() == []


def test_tasks_are_drawn_as_they_are_needed() -> None:
    drawn = []

    def tasks():
        for task in LETTERS:
            drawn.append(task)
            yield task

    with Pool(2, works.ready, LONGEST) as pool:
        for count, _ in enumerate(pool.run(tasks()), 1):
            assert len(drawn) <= count + 3  # two at work, one ahead


def test_one_that_is_killed_is_replaced_and_nothing_is_lost_or_done_twice() -> None:
    with Pool(2, works.ready, LONGEST) as pool:
        done = []
        for one in pool.run(LETTERS):
            done.append(one)
            if len(done) == 4:
                before = pool.processes()
                os.kill(before[0], signal.SIGKILL)
                # else the other may do all that is left before anybody can notice
                wait_until(
                    lambda gone=before[0]: not is_running(gone), "the end of a killed process"
                )
        assert before[0] not in pool.processes()
        assert len(pool.processes()) == 2
    assert Counter(one.task for one in done) == Counter(LETTERS)
    assert not any(one.failure for one in done)
    assert folders() == []


@pytest.mark.parametrize(
    ("how", "why"),
    [("dies", "SIGKILL, as when memory"), ("ends", "status 3"), ("raises", "no such luck")],
)
def test_a_task_that_takes_its_process_along_is_tried_once_more_then_reported(
    how: str, why: str
) -> None:
    with Pool(2, works.ready, LONGEST) as pool:
        done = list(pool.run([*LETTERS[:3], (how, "x"), *LETTERS[3:]]))
    assert answers(done) == {letter: letter.upper() for _, letter in LETTERS}
    [failed] = [one for one in done if one.failure]
    assert failed.task == (how, "x")
    assert why in failed.failure


def test_a_process_that_dies_by_chance_costs_its_task_nothing(tmp_path: Path) -> None:
    task = ("dies once", str(tmp_path / "tried"))
    with Pool(1, works.ready, LONGEST) as pool:
        [done] = pool.run([task])
    assert done.answer


def test_what_does_not_come_back_is_ended(tmp_path: Path) -> None:
    with Pool(1, works.ready, seconds=0.2) as pool:
        [done] = pool.run([("hangs", str(tmp_path / "hangs"))])
    assert done.failure == "it did not come back in time"


def test_what_cannot_start_is_said_once() -> None:
    with (
        pytest.raises(EngineError, match="the casebooks are missing"),
        Pool(2, works.refuses, LONGEST) as pool,
    ):
        list(pool.run(LETTERS))
    with (
        pytest.raises(EngineError, match="end as soon as they start"),
        Pool(2, works.never_starts, LONGEST) as pool,
    ):
        list(pool.run(LETTERS))


PARENT = """
import sys
from autograder.classroom.engine.pool import Pool
from tests.classroom import works
from tests.classroom.processes import is_running, wait_until
if __name__ == "__main__":
    with Pool(2, works.ready, 900) as pool:
        for done in pool.run([("leaves a file", "x"), ("leaves a file", "y")]):
            print(done.answer, flush=True)
        print(*pool.processes(), flush=True)
        for done in pool.run([("hangs", sys.argv[1])]):
            pass
"""


def test_when_the_parent_is_killed_its_processes_and_their_folders_go(tmp_path: Path) -> None:
    script, mark = tmp_path / "parent.py", tmp_path / "hangs"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, script, mark],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
    )
    assert parent.stdout is not None
    used = [parent.stdout.readline().split()[1] for _ in range(2)]
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    wait_until(mark.exists, "one of them is in the middle of its work")
    assert all(Path(folder).is_dir() for folder in used)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not any(is_running(pid) for pid in pids), "no process")
    wait_until(lambda: folders() == [], "no folder")


def test_what_was_killed_all_at_once_is_swept_away_by_the_next() -> None:
    with scratch() as ours:
        theirs = ours.parent / f"{PREFIX}killed"
        (theirs / "deep").mkdir(parents=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(ours.parent))
            sweep()
        assert not theirs.exists()
        assert ours.is_dir()  # it is held
    assert not ours.exists()
