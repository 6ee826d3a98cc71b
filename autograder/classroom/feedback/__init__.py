"""Feedback for a class: `class feedback DIR` writes a page for each student, and a list of them."""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.classroom.export.job import to_look_at
from autograder.classroom.export.rows import as_csv, safe
from autograder.classroom.feedback.moodle_zip import MoodleZip
from autograder.classroom.feedback.names import file_names, is_file_name
from autograder.classroom.feedback.page import Body, body_of, body_without, render, render_shared
from autograder.classroom.grade import Key
from autograder.classroom.standing import (
    Standing,
    is_pending,
    not_graded,
    only_set,
    standings_and_remarks,
)
from autograder.classroom.store import HandedIn, Store
from autograder.classroom.told import told_of
from autograder.classroom.writing import WriteError, refuse_what_is_there, said, write_new
from autograder.printable import printable
from autograder.settings import Course
from autograder.wording import counted

INDEX = "index.csv"
COLUMNS = ("name", "sid", "email", "login", "file")


def feedback(options: argparse.Namespace, course: Course) -> int:
    """Write the pages, `index.csv`, and with `--moodle` the zip beside their folder.

    1 where the zip was asked for and there can be none, else 0.
    Raises StoreError or WriteError, in one sentence.
    """
    store = Store.of(options.store)
    problem_set = only_set(store, options.set)
    course.only(problem_set)
    folder = options.out or options.store / "feedback"
    archive = folder.with_name(f"{folder.name}-moodle.zip")
    _refuse(folder, archive if options.moodle else None, options.force)
    everyone, said_of_all = standings_and_remarks(store, course, problem_set)
    found = [standing for standing in everyone if not is_pending(standing)]
    names = file_names(found)
    before = _written_before(folder)
    moodle = MoodleZip()
    for handed_in, pages, page_of_group in _pages(store, course, found):
        for place, page in pages.items():
            _write(folder / names[place], page)
        if options.moodle and handed_in is not None:
            moodle.add(handed_in.folder, handed_in.name, page_of_group)
    _write_index(folder, found, names)
    _remove(folder, before - set(names))
    for remark in (*said_of_all, *to_look_at(everyone), *not_graded(everyone)):
        print(printable(remark))
    if len(found) < len(everyone):
        print(_without_page(len(everyone) - len(found)))
    print(printable(f"{folder}: {counted(len(found), 'page')}, listed in {INDEX}"))
    if options.moodle:
        return _finish(moodle, archive)
    return 0


def _without_page(number: int) -> str:
    who = counted(number, "student")
    return f"no page for {who}, not graded yet"


def _pages(
    store: Store, course: Course, found: Sequence[Standing]
) -> Iterator[tuple[HandedIn | None, dict[int, str], str]]:
    """Of each submission the pages, by place in `found`, and the one that all of a group may read.

    A submission's row is read once and let go: thousands need not fit in memory.
    """
    title = _title(course, found[0].set) if found else ""
    for body, places in _bodies(store, course, found):
        pages = {place: render(found[place], course, title, body) for place in places}
        group = [found[place] for place in places]
        shared = pages[places[0]]
        if len(group[0].group) > 1:
            shared = render_shared(group, course, title, body)
        yield group[0].handed_in, pages, shared


def _bodies(
    store: Store, course: Course, found: Sequence[Standing]
) -> Iterator[tuple[Body, list[int]]]:
    """Each submission once, with the places of all who handed it in; what has no grade is last."""
    graded: dict[Key, dict[str, list[int]]] = {}
    without: dict[str, list[int]] = {}
    for place, standing in enumerate(found):
        handed_in = standing.handed_in
        if handed_in is None:
            without[f"nothing {place}"] = [place]
        elif handed_in.key is None or standing.grade is None:
            without.setdefault(f"submission {handed_in.name}", []).append(place)
        else:
            graded.setdefault(handed_in.key, {}).setdefault(handed_in.name, []).append(place)
    shared = _shared(store)
    for key, row in store.whole_rows(graded.keys()):
        if key in shared:
            row = {**row, "remarks": ()}
        for places in graded[key].values():
            one = found[places[0]].handed_in
            assert one is not None
            yield body_of(told_of(row, course, one.number), course), places
    for places in without.values():
        yield body_without(found[places[0]]), places


def _shared(store: Store) -> set[Key]:
    """Grades of files that were handed in more than once.

    Equal files are graded once. What that grade remarks on them names files and folders as
    somebody called them, perhaps by a name, and nobody knows any more who.
    """
    counts = Counter(one.key for one in store.hand_ins() if one.key)
    return {key for key, many in counts.items() if many > 1}


def _title(course: Course, problem_set: str) -> str:
    for one in course.sets:
        if one.name == problem_set:
            return one.title
    return "All problem sets"


# ------------------------------------------------------------------------------------ what is there


def _refuse(folder: Path, archive: Path | None, force: bool) -> None:
    """Raise WriteError where something is there that nobody said may go."""
    if folder.exists() and not folder.is_dir():
        raise WriteError(f"{folder.name} is a file: name a folder for the pages with --out")
    if not force and folder.is_dir() and any(folder.iterdir()):
        raise WriteError(
            f"{folder.name} has something in it already: --force writes over pages that are "
            "there, --out names another folder"
        )
    if archive is not None:
        refuse_what_is_there(archive, force)


def _written_before(folder: Path) -> set[str]:
    """The pages that an earlier run listed here: those of students who are gone are to go, too."""
    try:
        with (folder / INDEX).open(encoding="utf-8", newline="") as lines:
            listed = {row.get("file") or "" for row in csv.DictReader(lines)}
    except (OSError, ValueError, csv.Error):
        return set()
    return {name for name in listed if is_file_name(name)}


def _remove(folder: Path, names: set[str]) -> None:
    with said(folder):
        for name in names:
            (folder / name).unlink(missing_ok=True)


def _write(path: Path, page: str) -> None:
    with said(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.encode())


def _write_index(folder: Path, found: Sequence[Standing], names: Sequence[str]) -> None:
    rows = [list(COLUMNS)]
    for standing, name in zip(found, names, strict=True):
        one = standing.student
        rows.append([*map(safe, (one.shown, one.sid, one.email, one.login)), name])
    write_new(folder / INDEX, as_csv(rows), force=True)


def _finish(moodle: MoodleZip, archive: Path) -> int:
    """Write the zip, and say what is not in it; 1 where there is nothing to write."""
    if not len(moodle):
        print("no zip for Moodle: this class did not come from a Moodle archive")
        return 1
    write_new(archive, moodle.content(), force=True)
    print(f"{archive}: {counted(len(moodle), 'page')}")
    for line in moodle.left_out:
        print(printable(f"not in it: {line}"))
    return 0
