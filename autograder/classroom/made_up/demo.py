"""`make demo-class`: a made-up class from its archive to the report, by the commands of staff.

It is written in every format that a class can come in, and every one of them is read.
"""

from __future__ import annotations

import os
import shlex
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.authoring.casebook.answers import load_answers
from autograder.classroom.made_up.archives import FORMATS, MadeUp
from autograder.classroom.made_up.everybody import made_up_class, newest_only
from autograder.classroom.sources import read_source
from autograder.cli import main
from autograder.report.console import new_console
from autograder.settings import Course

ONE_EACH = ("nbgrader", "clones", "folders", "zips")
"""The formats that keep only the last submission of each student."""

COUNTED = ("submissions", "students", "nobody's")
"""Columns of numbers."""

SHOWN = "gradescope"
"""The format that is graded; the others hold the same."""


def demo_class(root: Path, course: Course, problem_set: str, count: int, out: Path) -> int:
    """Make the class up, grade it, write the report and what is given back; the exit status.

    What was graded before is taken over: the same class comes out of the same numbers.
    """
    console = new_console(soft_wrap=True)
    answers = load_answers(root / "solutions")
    styles = root / "tests" / "good_versions"
    everybody = made_up_class(answers, course, problem_set, count, styles=styles)
    folder = out / f"{problem_set}-{count}"
    archives = write_all(everybody, folder)
    console.print(f"{count} submissions to {problem_set}, made up, as they would come:\n")
    console.print(_table(archives, folder))
    return _by_commands(console, archives[SHOWN], folder / "class", problem_set)


def write_all(everybody: list[MadeUp], folder: Path) -> dict[str, Path]:
    """The class in every format: name of the format -> where it is."""
    written = {}
    for name, write in FORMATS.items():
        submissions = newest_only(everybody) if name in ONE_EACH else everybody
        written[name] = write(submissions, folder / name.replace(" ", "_"))
    return written


def _table(archives: Mapping[str, Path], folder: Path) -> Table:
    """What is found in each archive."""
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    for title in ("written for", "taken for", "submissions", "students", "nobody's"):
        table.add_column(title, justify="right" if title in COUNTED else "left")
    for path in archives.values():
        found = read_source(path)
        students = {one.key for hand_in in found.hand_ins for one in hand_in.students}
        counts = [str(len(counted)) for counted in (found.hand_ins, students, found.unmatched)]
        table.add_row(path.relative_to(folder).parts[0], found.kind, *counts)
    return table


def _by_commands(console: Console, archive: Path, store: Path, problem_set: str) -> int:
    """Do what staff would type, each command shown before it runs."""
    report = store / "report.html"
    commands = [
        ["grade", str(archive), "--set", problem_set, "--out", str(store)],
        ["report", str(store), "--force"],
        ["feedback", str(store), "--force"],
        ["export", "csv", str(store), "--force"],
    ]
    for command in commands:
        console.print(f"\n$ python -m autograder class {shlex.join(_short(command))}", markup=False)
        status = main(["class", *command])
        if status:
            return status
    if sys.stdout.isatty() and _has_a_screen():
        webbrowser.open(report.resolve().as_uri())
    return 0


def _short(command: list[str]) -> list[str]:
    """The command with paths as they are typed in the repository."""
    here = f"{Path.cwd()}{os.sep}"
    return [word.removeprefix(here) for word in command]


def _has_a_screen() -> bool:
    """Whether a browser can be shown: elsewhere one in the terminal would take its place."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY"))
