"""What a store keeps beside its lines: copies of what was given, and what was nobody's."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from autograder.classroom.hand_in import Unmatched
from autograder.classroom.store import StoreError, said_of_the_disk
from autograder.classroom.writing import write_at_once

UNMATCHED = "unmatched.csv"
COLUMNS = ("set", "source", "entry", "why")


def new_or_known(folder: Path) -> None:
    """Raises StoreError for a folder that holds something and is no store: it is somebody's."""
    if not folder.is_dir() or (folder / "hand_ins").is_dir() or (folder / "grades").is_dir():
        return
    if any(not path.name.startswith(".") for path in folder.iterdir()):
        raise StoreError(
            f"{folder.name} holds other files and no graded class: name a folder of its own for it"
        )


def keep(file: Path, folder: Path, name: str) -> str:
    """Copy a file into a store; a sentence if one that differs was there, which stays beside it.

    Raises StoreError if it cannot be read or written.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise StoreError(f"{file.name} cannot be read: {error.strerror}") from None
    target = folder / name
    if not target.exists():
        _write(target, content)
        return ""
    before = target.read_bytes()
    if before == content:
        return ""
    aside = target.with_suffix(f".before{target.suffix}")
    _write(aside, before)
    _write(target, content)
    return f"{name} in {folder.name} is replaced by {file.name}; what it was is now {aside.name}"


def keep_unmatched(
    folder: Path, problem_set: str, source: str, unmatched: Sequence[Unmatched]
) -> None:
    """Say in a store what of a source was nobody's; what is said of other sources stays."""
    target = folder / UNMATCHED
    rows = [row for row in _rows(target) if row[:2] != [problem_set, source]]
    rows += [[problem_set, source, one.entry, one.why] for one in unmatched]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    _write(target, text.getvalue().encode("utf-8", "replace"))


def _rows(path: Path) -> list[list[str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file) if len(row) == len(COLUMNS)][1:]


def _write(target: Path, content: bytes) -> None:
    """At once: other shards may write or read the same file now."""
    with said_of_the_disk(target.parent):
        write_at_once(target, content)
