"""The store of a class: a folder of append-only JSON lines, and what can be asked of them.

    class/grades/0-of-1.jsonl      a line for each submission that was graded
    class/hand_ins/0-of-1.jsonl    a line for each that was handed in, with the key of its grade
    class/roster.csv               as given to `class grade`; extensions.csv likewise
    class/unmatched.csv            what was nobody's submission
    class/class.sqlite             made of the lines for what is asked of them, see `read_model`

Each shard writes files of its own, so that many machines can write to one network disk: SQLite's
journal is not safe there. A line is written in one go and a torn one, of a process that was killed,
is passed over. Of several lines about the same thing the one that was written last holds, in
whichever file: a class may be graded in other parts than before.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from autograder.classroom.grade import Grade, Key, grade_from
from autograder.classroom.people import Student
from autograder.classroom.read_model import (
    Place,
    grades_of,
    hand_ins_of,
    places_of,
    read_model,
    sets_of,
)
from autograder.classroom.writing import said
from autograder.errors import UserError

FORMAT = "class store 1"
"""Of a line, which says when it was `written`, too, in seconds since 1970. Another version of the
grader that writes otherwise has another one."""


class StoreError(UserError):
    """A store cannot be read or written; the message says why and what to do."""


@dataclass(frozen=True)
class HandedIn:
    """One submission as a store knows it: who handed in what, when, and the key of its grade.

    key: None where it could not be graded, and `error` says why. The rest is as in `HandIn`.
    """

    set: str
    name: str
    students: tuple[Student, ...]
    key: Key | None
    at: str = ""
    late: bool | None = None
    number: int = 0
    results: Mapping[str, Any] | None = None
    older: tuple[str, ...] = ()
    folder: str = ""
    source: str = ""
    error: str = ""

    def as_data(self) -> dict[str, Any]:
        """A line of a store."""
        data = dict(vars(self))
        data["students"] = [student.as_data() for student in self.students]
        data["key"] = self.key.as_data() if self.key else None
        return data

    @staticmethod
    def from_data(row: Mapping[str, Any]) -> HandedIn:
        """What `as_data` wrote."""
        known = {name: row[name] for name in HandedIn.__dataclass_fields__ if name in row}
        known["students"] = tuple(Student.from_data(student) for student in row["students"])
        known["key"] = Key(**row["key"]) if row["key"] else None
        known["older"] = tuple(row.get("older", ()))
        return HandedIn(**known)


@dataclass(frozen=True)
class Shard:
    """One of the parts in which a class is graded: number `index`, from 0, of `count`."""

    index: int = 0
    count: int = 1

    def __str__(self) -> str:
        return f"{self.index}-of-{self.count}"


class Store:
    """A class folder. Raises StoreError if it is there and is no store, or of another version."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if folder.exists() and not folder.is_dir():
            raise StoreError(f"{folder.name} is a file: name a folder for the class")

    @staticmethod
    def of(folder: Path) -> Store:
        """A store that is there to be read. Raises StoreError if there is none."""
        store = Store(folder)
        if not (folder / "hand_ins").is_dir():
            raise StoreError(
                f"there is no graded class in {folder.name}: "
                f"`python -m autograder class grade SOURCE --out {folder.name}` makes one"
            )
        return store

    def rows(self, kind: str) -> Iterator[dict[str, Any]]:
        """All whole lines of a kind, `grades` or `hand_ins`, shard by shard, oldest first.

        Raises StoreError for a line of another version.
        """
        for _, row in self.placed_rows(kind):
            yield row

    def placed_rows(self, kind: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The same, each with its place, which never changes: lines are only ever added."""
        for path in sorted((self.folder / kind).glob("*.jsonl")):
            with path.open("rb") as lines:
                after = 0
                for line in lines:
                    before, after = after, after + len(line)
                    row = _read(line)
                    if row is None:
                        continue
                    if row.get("format") != FORMAT:
                        raise StoreError(
                            f"{self.folder.name} was written by another version of the grader "
                            f"({row.get('format')!r}): name another folder for this class"
                        )
                    yield (f"{kind}/{path.name}", before), row

    def hand_ins(self, problem_set: str | None = None) -> list[HandedIn]:
        """What was handed in, of one problem set or of all; of each the last that is known."""
        with closing(self._model()) as model:
            return [HandedIn.from_data(row) for row in hand_ins_of(model, problem_set)]

    def grades(self) -> dict[Key, Grade]:
        """The grade of each key; what failed by our own fault stands only where nothing else is."""
        with closing(self._model()) as model:
            grades = [grade_from(row) for row in grades_of(model)]
        return {grade.key: grade for grade in grades}

    def whole_rows(self, keys: Collection[Key]) -> Iterator[tuple[Key, dict[str, Any]]]:
        """The whole row of each of these keys that has a grade, with what only feedback needs.

        It is the row that `grades` goes by. One at a time: thousands need not fit in memory.
        """
        with closing(self._model()) as model:
            places = {Key(*key): place for key, place in places_of(model)}
        for key, (name, start) in sorted(places.items(), key=lambda entry: entry[1]):
            if key in keys:
                with (self.folder / name).open("rb") as lines:
                    lines.seek(start)
                    row = _read(lines.readline())
                assert row is not None, "a line that was whole stays so"
                yield key, row

    def _model(self) -> Connection:
        return read_model(self.folder, self.placed_rows)

    def keys(self) -> set[Key]:
        """What is graded already, and need not be again: all but what failed by our own fault."""
        return {Key(**row["key"]) for row in self.rows("grades") if not row.get("at_fault", False)}

    def sets(self) -> list[str]:
        """The problem sets of which something was handed in, in the order they came."""
        with closing(self._model()) as model:
            return sets_of(model)

    def writer(self, shard: Shard) -> Writer:
        """What appends for one shard; a context manager."""
        return Writer(self.folder, shard)


def _read(line: bytes) -> dict[str, Any] | None:
    """A line as data; None for one that was torn off when its writer was killed."""
    if not line.endswith(b"\n"):
        return None
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


class Writer:
    """Appends to a store for one shard. Only one process at a time may.

    Raises StoreError when it is entered if another process writes this shard, and when a line
    cannot be written.
    """

    def __init__(self, folder: Path, shard: Shard) -> None:
        self.folder, self.shard = folder, shard
        self._files: dict[str, FileIO] = {}

    def __enter__(self) -> Writer:
        with said_of_the_disk(self.folder):
            for kind in ("grades", "hand_ins"):
                path = self.folder / kind / f"{self.shard}.jsonl"
                path.parent.mkdir(parents=True, exist_ok=True)
                self._files[kind] = _locked(path)
        return self

    def __exit__(self, *exception: object) -> None:
        with said_of_the_disk(self.folder), ExitStack() as stack:
            for file in self._files.values():
                stack.callback(file.close)  # a network disk may only say now that it is full
        self._files.clear()

    def grade(self, row: Mapping[str, Any]) -> None:
        """Append a grade, as `grade_one` gives it."""
        self._append("grades", row)

    def hand_in(self, handed_in: HandedIn) -> None:
        """Append what was handed in."""
        self._append("hand_ins", handed_in.as_data())

    def _append(self, kind: str, row: Mapping[str, Any]) -> None:
        marks = {"format": FORMAT, "written": round(time.time(), 3)}
        line = json.dumps({**marks, **row}, ensure_ascii=False) + "\n"
        left = memoryview(line.encode("utf-8", "surrogatepass"))
        with said_of_the_disk(self.folder):
            while left:  # a disk that is nearly full takes a part, and refuses the next
                left = left[self._files[kind].write(left) :]


def _locked(path: Path) -> FileIO:
    """The file opened for appending whole lines, for us alone."""
    file = path.open("ab", buffering=0)  # what was refused must not be tried again at the end
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise StoreError(
            f"another process is grading into {path.parent.parent.name} now: wait for it, or end it"
        ) from None
    if path.stat().st_size and not _ends_whole(path):
        file.write(b"\n")  # what was torn off stays a line of its own, which is passed over
    return file


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def said_of_the_disk(folder: Path) -> AbstractContextManager[None]:
    """What the disk of a store refuses, as one sentence."""
    if_full = (
        "what is graded so far is kept; free some room and give the same command again, which "
        "goes on from here"
    )
    return said(folder, if_full, StoreError)
