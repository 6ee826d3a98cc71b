"""What `class grade` keeps beside the lines of a store, and what it says at the end."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from rich.console import Console

from autograder.classroom.hand_in import Unmatched
from autograder.classroom.kept_files import UNMATCHED, keep, keep_unmatched, new_or_known
from autograder.classroom.progress import duration, progress
from autograder.classroom.run import grade_class
from autograder.classroom.store import StoreError
from autograder.wording import counted
from tests.classroom.small_class import course, options, write_class


def rows(store: Path) -> list[list[str]]:
    with (store / UNMATCHED).open(newline="", encoding="utf-8") as file:
        return [*csv.reader(file)]


def test_of_each_source_and_set_the_last_word_is_kept(tmp_path: Path) -> None:
    keep_unmatched(tmp_path, "one", "a.zip", [Unmatched("x.txt", "no code"), Unmatched("y", "?")])
    keep_unmatched(tmp_path, "two", "a.zip", [Unmatched("z", 'says "no", twice')])
    keep_unmatched(tmp_path, "one", "b.zip", [])
    keep_unmatched(tmp_path, "one", "a.zip", [Unmatched("x.txt", "no code")])
    assert rows(tmp_path) == [
        ["set", "source", "entry", "why"],
        ["two", "a.zip", "z", 'says "no", twice'],
        ["one", "a.zip", "x.txt", "no code"],
    ]
    assert [path.name for path in tmp_path.iterdir()] == [UNMATCHED]


def test_a_copy_that_changes_is_said(tmp_path: Path) -> None:
    file, store = tmp_path / "mine.csv", tmp_path / "store"
    store.mkdir()
    file.write_text("name\nAda\n")
    assert keep(file, store, "roster.csv") == ""
    assert keep(file, store, "roster.csv") == ""
    file.write_text("name\nAlan\n")
    said = keep(file, store, "roster.csv")
    assert (
        said == "roster.csv in store is replaced by mine.csv; what it was is now roster.before.csv"
    )
    assert (store / "roster.csv").read_text() == "name\nAlan\n"
    assert (store / "roster.before.csv").read_text() == "name\nAda\n"


def test_a_folder_of_somebodys_is_no_store(tmp_path: Path) -> None:
    new_or_known(tmp_path / "new")
    new_or_known(tmp_path)
    (tmp_path / ".hidden").touch()
    new_or_known(tmp_path)
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(StoreError, match="name a folder of its own"):
        new_or_known(tmp_path)
    (tmp_path / "grades").mkdir()
    new_or_known(tmp_path)


@pytest.mark.usefixtures("temporary")
def test_the_summary_says_what_is_nobodys_and_who_is_missing(
    tmp_path: Path, frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = write_class(tmp_path / "class", 1), tmp_path / "store"
    (source / "notes.txt").write_text("not mine")
    roster = tmp_path / "roster.csv"
    roster.write_text("login,name\nstudent_0,Ada Lovelace\nstudent_9,Alan Turing\n")
    given = options(source, out, roster=roster)
    assert grade_class(given, course(), frozen) == 0
    said = capsys.readouterr().out
    assert "1 student of the roster has handed in nothing: Alan Turing" in said
    assert f"1 entry is nobody's submission: see {out / UNMATCHED}" in said
    assert said.endswith(f"next: python -m autograder class report {out}\n")
    assert (out / "roster.csv").read_bytes() == roster.read_bytes()
    assert [row[2] for row in rows(out)[1:]] == ["notes.txt"]


# ---------------------------------------------------------------------------------------- progress


def test_without_a_terminal_lines_are_few_and_the_last_one_says_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr("autograder.classroom.progress.time.monotonic", lambda: next(clock))
    with progress(Console(), "grading", 1000) as tick:
        for _ in range(1000):
            tick()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 20
    assert lines[0] == "grading: 50 of 1000, about 16 min left"
    assert lines[-1] == "grading: all 1000"


def test_in_a_terminal_there_is_a_bar() -> None:
    console = Console(force_terminal=True, record=True, width=100)
    with progress(console, "grading", 3) as tick:
        for _ in range(3):
            tick()
    assert "3/3" in console.export_text()


def test_of_nothing_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(Console(), "grading", 0):
        pass
    assert capsys.readouterr().out == ""


def test_times_and_counts_are_for_people() -> None:
    assert [duration(seconds) for seconds in (3, 89, 90, 5300, 9000)] == [
        "3 s",
        "89 s",
        "2 min",
        "88 min",
        "2 h 30 min",
    ]
    assert counted(1, "submission") == "1 submission"
    assert counted(0, "entry", "entries") == "0 entries"
