"""What is asked of a store, in SQLite: `class.sqlite`, made of its lines, and made anew after any.

It may be deleted at any time, and be asked by hand:

    sqlite3 class/class.sqlite "select problem, avg(score) from verdicts group by problem"

Only readers write it, in one step, so that many machines may append to a store meanwhile.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

NAME = "class.sqlite"

SCHEMA = """
create table built_from (what text);
create table hand_ins (
    problem_set text, name text, files text, written real, data text,
    primary key (problem_set, name)
);
create table grades (
    id integer primary key, files text, problem_set text, casebook text, grader text,
    score real, max_score real, seconds real, error text, at_fault integer, remarks text,
    written real, file text, start integer, unique (files, problem_set, casebook, grader)
);
create table verdicts (
    grade integer, place integer, problem text, lesson text, score real, max_score real,
    status text, outputs text, diagnosis text, carried_from text, wrong text, message text,
    primary key (grade, place)
) without rowid;
create index by_problem on verdicts (problem, status);
create index by_diagnosis on verdicts (diagnosis) where diagnosis != '';
"""
"""`data` is a hand-in's line as it is; `outputs` and `remarks` are JSON; `file` and `start` say
where a grade's whole line begins."""

OF_VERDICT = (
    "problem", "lesson", "score", "max_score", "status", "outputs", "diagnosis", "carried_from",
    "wrong", "message",
)  # fmt: skip

Row = dict[str, Any]
Place = tuple[str, int]
"""Where a line of a store is: its file, from the store's folder, and the byte that it begins at."""

Rows = Callable[[str], Iterator[tuple[Place, Row]]]
"""Kind of lines -> all of them with their places, oldest first."""


def read_model(folder: Path, rows: Rows) -> sqlite3.Connection:
    """The read model of the store in a folder, as its lines are now.

    Where no file can be written there, it is made in memory. Raises what `rows` raises.
    """
    now = state_of(folder)
    file = folder / NAME
    with suppress(sqlite3.Error):
        known = _opened(file)
        if known.execute("select what from built_from").fetchone() == (now,):
            return known
        known.close()
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{NAME}.", dir=folder)
        os.close(handle)
    except OSError:
        return _built(":memory:", now, rows)
    try:
        _built(draft, now, rows).close()
        Path(draft).chmod(0o644)
        Path(draft).replace(file)
        return _opened(file)
    except (OSError, sqlite3.Error):  # the disk is full, say
        return _built(":memory:", now, rows)
    finally:
        Path(draft).unlink(missing_ok=True)


def state_of(folder: Path) -> str:
    """What tells whether a line has come: the size and the time of every file with lines."""
    told = [SCHEMA]
    for path in sorted(folder.glob("*/*.jsonl")):
        about = path.stat()
        told.append(f"{path.relative_to(folder)} {about.st_size} {about.st_mtime_ns}")
    return "\n".join(told)


def _opened(file: Path) -> sqlite3.Connection:
    # It is never written to, only replaced: so nobody needs a lock, which network disks lack.
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _built(place: str, state: str, rows: Rows) -> sqlite3.Connection:
    model = sqlite3.connect(place)
    model.executescript(f"pragma journal_mode = off; pragma synchronous = off; {SCHEMA}")
    for _, row in rows("hand_ins"):
        _keep_hand_in(model, row)
    for line, row in rows("grades"):
        _keep_grade(model, row, line)
    model.execute("insert into built_from values (?)", (state,))
    model.commit()
    return model


def _keep_hand_in(model: sqlite3.Connection, row: Row) -> None:
    """Of several lines about one submission the one that was written last holds."""
    files = row["key"]["files"] if row["key"] else None
    written = row.get("written", 0.0)
    values = _storable([row["set"], row["name"], files, written, json.dumps(row)])
    model.execute(
        "insert into hand_ins values (?, ?, ?, ?, ?) on conflict do update set "
        "files = excluded.files, written = excluded.written, data = excluded.data "
        "where excluded.written >= written",
        values,
    )


def _keep_grade(model: sqlite3.Connection, row: Row, line: Place) -> None:
    """The same of grades; what failed by our own fault stands only where nothing else is."""
    key = row["key"]
    named = (key["files"], key["set"], key["casebook"], key["grader"])
    found = model.execute(
        "select id, at_fault, written from grades "
        "where files = ? and problem_set = ? and casebook = ? and grader = ?",
        named,
    ).fetchone()
    at_fault, written = bool(row.get("at_fault", False)), row.get("written", 0.0)
    if found is not None:
        if (not at_fault, written) < (not found[1], found[2]):
            return
        model.execute("delete from grades where id = ?", found[:1])
        model.execute("delete from verdicts where grade = ?", found[:1])
    more = _storable([row.get("seconds", 0.0), row.get("error", ""), at_fault])
    values = (*named, row["score"], row["max_score"], *more, json.dumps(row.get("remarks", ())))
    marks = ", ".join("?" * 14)
    number = found[0] if found else None
    values = (number, *values, written, *line)
    kept = model.execute(f"insert into grades values ({marks})", values)
    _keep_verdicts(model, kept.lastrowid, row["problems"])


def _keep_verdicts(
    model: sqlite3.Connection, grade: int | None, problems: list[Mapping[str, Any]]
) -> None:
    lines = []
    for place, entry in enumerate(problems):
        told = {**entry, "outputs": json.dumps(entry.get("outputs", {}))}
        lines.append((grade, place, *_storable([told.get(name, "") for name in OF_VERDICT])))
    marks = ", ".join("?" * (2 + len(OF_VERDICT)))
    model.executemany(f"insert into verdicts values ({marks})", lines)


def _storable(values: Sequence[Any]) -> list[Any]:
    """The values, texts as UTF-8 can have them: a file's name may be none, and is then escaped."""
    found = []
    for value in values:
        if isinstance(value, str):
            value = value.encode("utf-8", "backslashreplace").decode("utf-8")
        found.append(value)
    return found


# ---------------------------------------------------------------------------------------- asking


def hand_ins_of(model: sqlite3.Connection, problem_set: str | None = None) -> Iterator[Row]:
    """The line of each submission, of one set or of all, in the order in which they came."""
    asked = "select data from hand_ins where ? is null or problem_set = ? order by rowid"
    for (data,) in model.execute(asked, (problem_set, problem_set)):
        yield json.loads(data)


def sets_of(model: sqlite3.Connection) -> list[str]:
    """The problem sets of which something was handed in, in the order in which they came."""
    asked = "select problem_set from hand_ins group by problem_set order by min(rowid)"
    return [name for (name,) in model.execute(asked)]


def places_of(model: sqlite3.Connection) -> Iterator[tuple[tuple[str, ...], Place]]:
    """files, set, casebook and grader of each grade, and the place of the line that holds."""
    asked = "select files, problem_set, casebook, grader, file, start from grades"
    for *key, file, start in model.execute(asked):
        yield tuple(key), (file, start)


def grades_of(model: sqlite3.Connection) -> Iterator[Row]:
    """The line of each grade, without what is kept for feedback only, oldest first."""
    verdicts = model.execute(
        f"select grade, {', '.join(OF_VERDICT)} from verdicts order by grade, place"
    )
    of_grade: dict[int, list[Row]] = {}
    for grade, *values in verdicts:
        entry = dict(zip(OF_VERDICT, values, strict=True))
        entry["outputs"] = json.loads(entry["outputs"])
        of_grade.setdefault(grade, []).append(entry)
    columns = "id, files, problem_set, casebook, grader, score, max_score, seconds, error, at_fault"
    for number, *values, remarks in model.execute(
        f"select {columns}, remarks from grades order by id"
    ):
        key = dict(zip(("files", "set", "casebook", "grader"), values[:4], strict=True))
        names = ("score", "max_score", "seconds", "error", "at_fault")
        told = dict(zip(names, values[4:], strict=True))
        yield {
            **told,
            "at_fault": bool(told["at_fault"]),
            "key": key,
            "remarks": json.loads(remarks),
            "problems": of_grade.pop(number, []),
        }
