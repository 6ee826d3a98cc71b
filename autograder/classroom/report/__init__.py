"""The report on a class: one HTML file that needs nothing else, for staff or without names."""

from __future__ import annotations

import argparse
import os
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

from autograder.classroom.report.page import Page, page_of
from autograder.classroom.report.rendering import TEMPLATES, render
from autograder.classroom.standing import only_set, standings
from autograder.classroom.store import Store
from autograder.cli import FROZEN
from autograder.errors import UserError
from autograder.grade import casebooks
from autograder.settings import Course

OURS = '<meta name="generator" content="python -m autograder class report">'
"""By this a report is known, and may be written over by the next one."""


class ReportError(UserError):
    """The report cannot be written; the message says why and what to do."""


def report(options: argparse.Namespace, course: Course) -> int:
    """Write the report on a class that was graded, as `class report` does; 0 if all went well.

    Raises StoreError if there is no such store, ReportError if the file cannot be written.
    """
    store = Store.of(options.store)
    problem_set = only_set(store, options.set)
    out = options.out or options.store / _name(options.anonymous)
    may_write(out, options.force)
    found = standings(store, course, problem_set)
    page = page_of(found, course, problem_set, casebooks(FROZEN), options.anonymous)
    write(out, as_html(page))
    print(out)
    return 0


def _name(anonymous: bool) -> str:
    """Nobody shall take the one with names for the one without."""
    return "report_anonymous.html" if anonymous else "report.html"


def as_html(page: Page) -> str:
    """The page as one file. Its only script is named in its policy by its hash."""
    script = (TEMPLATES / "sort.js").read_text(encoding="utf-8")
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    allowed = b64encode(sha256(script.encode()).digest()).decode()
    return render(
        "report.html.j2",
        page=page,
        ours=Markup(OURS),
        script=Markup(script),
        allowed=allowed,
        style=Markup(style),
    )


def may_write(out: Path, force: bool) -> None:
    """Raises ReportError if something is there that is not ours to write over."""
    if out.is_dir():
        raise ReportError(f"{out.name} is a folder: name a file with --out")
    if not out.parent.is_dir():
        raise ReportError(f"there is no folder {out.parent.name} for the report: make it first")
    if out.exists() and not force and not _is_ours(out):
        raise ReportError(
            f"{out.name} is there already and is no report of ours: name another file with --out, "
            "or write over it with --force"
        )


def _is_ours(out: Path) -> bool:
    try:
        with out.open("rb") as file:
            return OURS.encode() in file.read(2000)
    except OSError:
        return False


def write(out: Path, text: str) -> None:
    """Write the file in one go: what was there stays until all of it is written."""
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise ReportError(f"{out.name} cannot be written: {error.strerror}") from None
