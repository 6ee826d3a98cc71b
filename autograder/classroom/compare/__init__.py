"""Two gradings of a class: whose score moves, by which problem, and why.

sides     what each of the two says of every submission: a store, or a Gradescope export
moves     what differs between them
tables    the same for people; `data` for programs
"""

from __future__ import annotations

import argparse

from autograder.classroom.compare.data import MARK, as_json
from autograder.classroom.compare.moves import compared
from autograder.classroom.compare.sides import of_store, side_of
from autograder.classroom.compare.tables import show
from autograder.classroom.standing import only_set
from autograder.classroom.store import Store
from autograder.classroom.writing import write_own
from autograder.report.console import new_console
from autograder.settings import Course


def compare(options: argparse.Namespace, course: Course) -> int:
    """The verb `class compare`: print what differs, and write it as JSON if that was asked for.

    Returns 1 if anyone loses points as earned, or has none any more; else 0. Late work changes no
    points as earned.
    Raises UserError if one of the two cannot be read, or the JSON file is somebody else's.
    """
    store = Store.of(options.new)
    problem_set = only_set(store, options.set)
    old = side_of(options.old, course, problem_set)
    found = compared(old, of_store(store, course, problem_set), problem_set)
    show(new_console(), found)
    if options.json is not None:
        write_own(options.json, as_json(found), MARK, options.force)
    return int(found.anyone_loses)
