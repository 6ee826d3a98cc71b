"""Grades for other systems: `class export KIND DIR`. Each format is a module that makes bytes.

A teacher's own file is filled into a copy: in it, every byte but those of the cells that change
stays as it was.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from autograder.classroom.export.canvas import canvas
from autograder.classroom.export.gradescope import gradescope
from autograder.classroom.export.job import Export, ExportError, Job, to_look_at
from autograder.classroom.export.junit import junit
from autograder.classroom.export.moodle import moodle
from autograder.classroom.export.nbgrader import nbgrader
from autograder.classroom.export.table import table
from autograder.classroom.standing import Standing, not_graded, only_set, standings_and_remarks
from autograder.classroom.store import Store
from autograder.classroom.writing import refuse_what_is_there, write_new
from autograder.printable import printable
from autograder.settings import Course
from autograder.wording import counted

KINDS: dict[str, Callable[[Job], Export]] = {
    "csv": table,
    "canvas": canvas,
    "moodle": moodle,
    "gradescope": gradescope,
    "nbgrader": nbgrader,
    "junit": junit,
}
FILLED = ("canvas", "moodle")
"""The kinds that fill a teacher's own file."""

SUFFIXES = {"junit": "junit.xml", "csv": "grades.csv"}
"""What a file is called where nobody says; else after its kind."""


def export(options: argparse.Namespace, course: Course) -> int:
    """Write one file of grades, and say what it has and what it lacks.

    Raises StoreError, ExportError or WriteError, in one sentence.
    """
    kind = options.kind
    _check(options)
    store = Store.of(options.store)
    problem_set = only_set(store, options.set)
    course.only(problem_set)
    out = options.out or options.store / SUFFIXES.get(kind, f"{kind}.csv")
    if options.into is not None and out.exists() and out.samefile(options.into):
        raise ExportError(
            f"{options.into.name} is your own file and is left alone: name another --out"
        )
    refuse_what_is_there(out, options.force)
    found, said = standings_and_remarks(store, course, problem_set)
    made = KINDS[kind](Job(store, course, problem_set, tuple(found), options.into, options.column))
    write_new(out, made.content, options.force)
    print(printable(f"{out}: {counted(len(found), 'student')} of {problem_set}"))
    said += [*made.remarks, *to_look_at(found), *not_graded(found)]
    for remark in (*said, *_nobodys(store, found, problem_set)):
        print(printable(remark))
    for line in made.listed:
        print(printable(f"  {line}"))
    return 0


def _check(options: argparse.Namespace) -> None:
    """Raises ExportError for options that do not go with the kind."""
    if options.into is not None and options.kind not in FILLED:
        raise ExportError(
            f"--into is for {' and '.join(FILLED)}; {options.kind} is a file of its own"
        )
    if options.into is not None and not options.into.is_file():
        raise ExportError(f"there is no file {options.into.name}: name your own export with --into")
    if options.column is not None and (options.kind != "canvas" or options.into is None):
        raise ExportError("--column is for canvas with --into, where it names what is filled")


def _nobodys(store: Store, found: Sequence[Standing], problem_set: str) -> list[str]:
    """What has a grade and no student, where nobody else took it for somebody's."""
    known = {one.handed_in.name for one in found if one.handed_in}
    lost = [one.name for one in store.hand_ins(problem_set) if not one.students]
    names = sorted(set(lost) - known)
    return [f"without a student, hence in no export: {', '.join(names)}"] if names else []
