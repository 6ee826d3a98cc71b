"""Pairs of submissions to look at side by side: a reason to look, never a verdict.

    tokens        a file without its names, and its words
    fingerprints  hashes of runs of tokens
    works         the submissions of a class, as they are compared
    pairs         who shares what is rare in the class
    passages      where that stands in both
    page          the same for people

Nothing of it is in a grade, and nothing that makes grades or reports imports it. These tasks have
one right shape, so what more than a twentieth of the class has counts for nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.classroom.similar.collect import collect
from autograder.classroom.similar.page import MARK, as_html, show
from autograder.classroom.similar.pairs import pairs_of
from autograder.classroom.standing import only_set
from autograder.classroom.store import Store
from autograder.classroom.writing import write_own
from autograder.report.console import new_console
from autograder.settings import Course


def similar(options: argparse.Namespace, course: Course) -> int:
    """The verb `class similar`: write the page, and print a line for each pair.

    Raises UserError if the store or the source cannot be read, or the page not be written.
    """
    store = Store.of(options.store)
    problem_set = only_set(store, options.set)
    console = new_console()
    collected = collect(store, options.source, course, problem_set)
    found = pairs_of(collected.works)
    out: Path = options.out or store.folder / "similar.html"
    write_own(out, as_html(found, collected, problem_set), MARK, options.force)
    show(console, found, collected)
    console.print(f"side by side: {out.name}", highlight=False, markup=False)
    return 0
