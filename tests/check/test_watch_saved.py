"""Whatever way an editor saves, it is one save, of the whole file."""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from autograder.check.watch import saved
from autograder.check.watch.saved import POLLING, saves

PATIENCE = 60.0
BRIEFLY = 1.0
"""Seconds in which nothing is to come: longer than it takes to see a save."""


@pytest.fixture(autouse=True)
def _quiet_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine there may be long pauses between two lines of a test."""
    monkeypatch.setattr(saved, "QUIET", 0.2)
    monkeypatch.setattr(saved, "SETTLED", 0.6)


OLD, NEW = "x = 1\n", "x = 2\n"


class Watched:
    """A folder `recurrent/` with a file in it, and what is told of it."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "recurrent"
        self.folder.mkdir()
        self.file = self.folder / "rnn.py"
        self.file.write_text(OLD)
        self.told: queue.SimpleQueue[tuple[set[str], str]] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(root,))
        self._ready = threading.Event()

    def _watch(self, root: Path) -> None:
        for names in saves(root, self._stop):
            text = self.file.read_text() if self.file.exists() else ""
            self.told.put((names, text))

    def __enter__(self) -> Watched:
        self._thread.start()
        # What is saved before the first look is no change: one that is seen tells that it is over.
        for number in range(100):
            (self.folder / "probe.py").write_text(f"{number}\n")
            try:
                self.told.get(timeout=BRIEFLY)
                return self
            except queue.Empty:
                continue
        raise AssertionError("nothing is told at all")

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def next(self) -> tuple[set[str], str]:
        return self.told.get(timeout=PATIENCE)

    def nothing(self) -> bool:
        try:
            self.told.get(timeout=BRIEFLY)
            return False
        except queue.Empty:
            return True


@pytest.fixture(params=["polling", "watchfiles"])
def watched(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watched]:
    if request.param == "polling":
        monkeypatch.setenv(POLLING, "1")
    elif find_spec("watchfiles") is None:
        pytest.skip("watchfiles is not installed, which is optional")
    with Watched(tmp_path) as opened:
        yield opened


def by_writing(path: Path) -> None:
    path.write_text(NEW)


def by_renaming(path: Path) -> None:
    other = path.with_name(".rnn.py.tmp")
    other.write_text(NEW)
    other.replace(path)


def by_moving_away_first(path: Path) -> None:
    path.rename(path.with_name("rnn.py~"))
    time.sleep(0.1)
    path.write_text(NEW)


def by_emptying_first(path: Path) -> None:
    with path.open("w") as file:
        file.flush()
        time.sleep(0.1)
        file.write(NEW)


def in_two_pieces(path: Path) -> None:
    with path.open("w") as file:
        file.write(NEW[:3])
        file.flush()
        time.sleep(0.02)
        file.write(NEW[3:])


def twice(path: Path) -> None:
    path.write_text(NEW)
    path.write_text(NEW)


def beside_a_swap_file(path: Path) -> None:
    swap = path.with_name(".rnn.py.swp")
    swap.write_bytes(b"\0swap")
    path.write_text(NEW)
    swap.unlink()


WAYS = [
    by_writing, by_renaming, by_moving_away_first, by_emptying_first, in_two_pieces, twice,
    beside_a_swap_file,
]  # fmt: skip


@pytest.mark.parametrize("save", WAYS)
def test_a_save_is_told_once_and_whole(watched: Watched, save: Callable[[Path], None]) -> None:
    save(watched.file)
    assert watched.next() == ({"rnn.py"}, NEW)
    assert watched.nothing()


def test_what_changes_no_content_is_no_save(watched: Watched) -> None:
    os.utime(watched.file)
    watched.file.write_text(OLD)
    watched.file.replace(watched.folder / "rnn.py")
    assert watched.nothing()


def test_a_file_that_comes_or_goes_is_told(watched: Watched) -> None:
    (watched.folder / "helper.py").write_text(OLD)
    assert watched.next()[0] == {"helper.py"}
    watched.file.unlink()
    assert watched.next()[0] == {"rnn.py"}
    (watched.folder / "data").mkdir()
    (watched.folder / "data" / "more.py").write_text(OLD)
    assert watched.next()[0] == {"data/more.py"}


def test_a_folder_that_is_exchanged_is_still_watched(watched: Watched) -> None:
    watched.folder.rename(watched.folder.with_name("before"))
    watched.folder.mkdir()
    watched.file.write_text(NEW)
    while watched.next()[1] != NEW:
        pass
    watched.file.write_text(OLD)
    assert watched.next() == ({"rnn.py"}, OLD)


def test_a_time_that_lies_hides_no_save(watched: Watched) -> None:
    before = watched.file.stat()
    with watched.file.open("r+") as file:
        file.write(NEW)  # of the same length, into the same file
    os.utime(watched.file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert watched.next() == ({"rnn.py"}, NEW)


def test_what_cannot_be_read_for_a_moment_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, while an editor still has the file to itself."""
    monkeypatch.setenv(POLLING, "1")
    refused = [0]
    read = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == "rnn.py" and refused[0]:
            refused[0] -= 1
            raise PermissionError
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with Watched(tmp_path) as watched:
        refused[0] = 3
        watched.file.write_text(NEW)
        assert watched.next() == ({"rnn.py"}, NEW)
        assert watched.nothing()


def test_a_heap_of_files_costs_no_more_than_some(tmp_path: Path) -> None:
    for number in range(saved.MOST_FILES + 20):
        (tmp_path / f"f{number}.py").touch()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "x.py").touch()
    assert len(saved.look(tmp_path, {}, thorough=False)) == saved.MOST_FILES


def test_without_watchfiles_the_folder_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(POLLING, raising=False)
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with Watched(tmp_path) as watched:
        watched.file.write_text(NEW)
        assert watched.next() == ({"rnn.py"}, NEW)
