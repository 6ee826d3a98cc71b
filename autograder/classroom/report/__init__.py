"""The report on a class: one HTML file that needs nothing else, for staff or without names."""

from __future__ import annotations

import argparse
from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup

from autograder.classroom.report.page import Page, page_of
from autograder.classroom.report.rendering import TEMPLATES, render
from autograder.classroom.standing import not_graded, only_set, standings_and_remarks
from autograder.classroom.store import Store
from autograder.classroom.writing import write_own
from autograder.cli import FROZEN
from autograder.grade import casebooks
from autograder.printable import printable
from autograder.settings import Course

OURS = '<meta name="generator" content="python -m autograder class report">'
"""By this a report is known, and may be written over by the next one."""


def report(options: argparse.Namespace, course: Course) -> int:
    """Write the report on a class that was graded, as `class report` does; 0 if all went well.

    Raises StoreError if there is no such store, or the file cannot be written.
    """
    store = Store.of(options.store)
    problem_set = only_set(store, options.set)
    out = options.out or options.store / _name(options.anonymous)
    found, said = standings_and_remarks(store, course, problem_set)
    page = page_of(found, course, problem_set, casebooks(FROZEN), options.anonymous, said)
    write_own(out, as_html(page), OURS, options.force)
    for sentence in not_graded(found):
        print(printable(sentence))
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
