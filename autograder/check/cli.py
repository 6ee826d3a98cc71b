"""The verb `check`, which students know as `python check.py`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli import Verbs, frozen_course
from autograder.errors import UserError
from autograder.printable import LINES, printable
from autograder.worker.launch import launch_early

if TYPE_CHECKING:
    from autograder.settings import Course


def add_verbs(verbs: Verbs) -> None:
    """Add the verb `check` to the command line's parser."""
    check = verbs.add_parser("check", help="check your work and say what to look at next")
    check.add_argument("names", nargs="*", metavar="PROBLEM|LESSON", help="default: everything")
    check.add_argument(
        "--submission",
        type=Path,
        default=None,
        metavar="DIR",
        help="default: the folder recurrent/ here",
    )
    check.add_argument(
        "--from",
        dest="notebook",
        type=Path,
        default=None,
        metavar="NOTEBOOK",
        help="first move functions that you wrote in a notebook into recurrent/, where they are "
        "still to do",
    )
    check.add_argument(
        "--hint",
        type=int,
        default=1,
        choices=(0, 1, 2, 3, 4),
        help="up to which level to show hints; 4 names the mistake, where it is known",
    )
    check.add_argument(
        "--all", action="store_true", help="explain every failing problem, not only the first three"
    )
    check.add_argument("--picture", action="store_true", help="draw where results are wrong")
    check.add_argument(
        "--json", action="store_true", help="the verdicts as data, for a notebook to show"
    )
    check.add_argument(
        "--debug",
        action="store_true",
        help="run the first failing public case of one problem in this process, without the "
        "sandbox, so that print and breakpoint() work",
    )
    check.add_argument(
        "--hidden",
        type=Path,
        default=None,
        metavar="DIR",
        help="a hidden casebook to use too (graders)",
    )
    check.set_defaults(run=_check, course=frozen_course)


def _check(options: argparse.Namespace) -> int:
    if options.debug:
        return _debug(options)
    server = launch_early()  # it imports numpy while we do
    from autograder.check.asked import default_submission, problems_asked
    from autograder.check.checker import Checker

    course = options.course()
    wanted = problems_asked(options.names, course)
    submission = options.submission or default_submission()
    if options.notebook:
        said = _move_in(options.notebook, submission, course)
        print(printable("\n".join(said), LINES), file=sys.stderr if options.json else sys.stdout)
    remarks: list[str] = []
    with Checker(submission, course, options.hidden, server) as checker:
        verdicts = list(checker.check(wanted, remarks.append))
    if options.json:
        from autograder.report.record import as_data

        for remark in remarks:
            print(printable(f"note: {remark}"), file=sys.stderr)
        print(json.dumps([as_data(verdict) for verdict in verdicts]))
    else:
        from rich.console import Console

        from autograder.report.terminal import show

        explained = len(verdicts) if options.all else 3
        console = Console(highlight=False)
        show(console, verdicts, explained, options.hint, remarks, options.picture)
    return 0 if all(verdict.status == "passed" for verdict in verdicts) else 1


def _debug(options: argparse.Namespace) -> int:
    """Which case fails is found in the sandbox; then it is run without one."""
    server = launch_early()
    from autograder.check.asked import default_submission
    from autograder.check.debug import debug, first_failing, problem_named
    from autograder.grade import limits_of
    from autograder.sandbox import Sandbox

    if len(options.names) != 1:
        raise UserError("--debug takes one problem, as in `check.py rnn_forward --debug`")
    course = options.course()
    problem = problem_named(options.names[0])
    submission = options.submission or default_submission()
    with Sandbox(limits_of(course), launched=server) as box:
        number = first_failing(submission, problem, course, box)
    if options.json:
        print(json.dumps({"problem": problem.name, "case": number}))
        return 0 if number is None else 1
    return debug(submission, problem, number)


def _move_in(notebook: Path, submission: Path, course: Course) -> list[str]:
    """Move what is written in a notebook into the files; what went where, a sentence each."""
    from autograder.check.move_in import move_in
    from autograder.grade import course_problems

    graded = {problem.of: problem.lesson for problem in course_problems(course)}
    return move_in(notebook, submission / "recurrent", graded)
