"""The verb `check`, which students know as `python check.py`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli import Verbs, frozen_course
from autograder.errors import UserError
from autograder.platforms import has_processes
from autograder.printable import LINES, printable
from autograder.worker.launch import launch_early

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.problem import Verdict
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
    check.add_argument(
        "--in-process",
        action="store_true",
        help="run your code in this process, as a browser has to: it helps you study, and is not "
        "your grade; Ctrl-C ends an endless loop",
    )
    check.set_defaults(run=_check, course=frozen_course)


def _check(options: argparse.Namespace) -> int:
    if options.debug:
        return _debug(options)
    in_process = options.in_process or not has_processes()
    server = None if in_process else launch_early()  # it imports numpy while we do
    from autograder.check.asked import default_submission, problems_asked
    from autograder.check.checker import Checker

    course = options.course()
    wanted = problems_asked(options.names, course)
    submission = options.submission or default_submission()
    if options.notebook:
        said = _move_in(options.notebook, submission, course)
        print(printable("\n".join(said), LINES), file=sys.stderr if options.json else sys.stdout)
    remarks: list[str] = []
    with Checker(submission, course, options.hidden, server, in_process) as checker:
        verdicts = list(checker.check(wanted, remarks.append))
    if options.json:
        from autograder.report.record import as_data

        for remark in remarks:
            print(printable(f"note: {remark}"), file=sys.stderr)
        print(json.dumps([as_data(verdict) for verdict in verdicts]))
    else:
        explained = len(verdicts) if options.all else 3
        _show(verdicts, explained, options.hint, remarks)
    return 0 if all(verdict.status == "passed" for verdict in verdicts) else 1


def _show(verdicts: Sequence[Verdict], explain: int, level: int, remarks: Sequence[str]) -> None:
    try:
        from rich.console import Console
    except ModuleNotFoundError:  # a browser's Python may come without it
        from autograder.report.plain import as_lines

        print("\n".join(as_lines(verdicts, explain, level, remarks)))
        return
    from autograder.report.terminal import show

    show(Console(highlight=False), verdicts, explain=explain, level=level, remarks=remarks)


def _debug(options: argparse.Namespace) -> int:
    """Which case fails is found in the sandbox; then it is run without one."""
    in_process = options.in_process or not has_processes()
    server = None if in_process else launch_early()
    from autograder.check.asked import default_submission
    from autograder.check.checker import Checker
    from autograder.check.debug import debug, first_failing, problem_named

    if len(options.names) != 1:
        raise UserError("--debug takes one problem, as in `check.py rnn_forward --debug`")
    course = options.course()
    problem = problem_named(options.names[0])
    submission = options.submission or default_submission()
    with Checker(submission, course, None, server, in_process) as checker:
        number = first_failing(submission, problem, course, checker.sandbox)
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
