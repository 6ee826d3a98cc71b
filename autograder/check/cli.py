"""The verb `check`, which students know as `python check.py`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli import Verbs, frozen_course
from autograder.errors import UserError
from autograder.platforms import has_processes, python_command
from autograder.printable import LINES, printable
from autograder.worker.launch import launch_early

if TYPE_CHECKING:
    from autograder.problem import Verdict
    from autograder.settings import Course

FORMATS = ("text", "gcc", "github", "junit", "json", "markdown")
"""What `--format` takes: `text` for people, and what `report.formats` writes."""

CHECK = f"{python_command()} check.py"
"""What students type."""

EXAMPLES = f"""\
examples:
  {CHECK}                          check everything
  {CHECK} rnn                      the problems of recurrent/rnn.py
  {CHECK} rnn_forward --hint 2     one problem, with more of its hints
"""


def add_verbs(verbs: Verbs) -> None:
    """Add the verb `check` to the command line's parser.

    What only staff need, and what one program asks of another, is not in its help.
    """
    check = verbs.add_parser(
        "check",
        help="check your work and say what to look at next",
        prog=CHECK,
        usage=f"{CHECK} [PROBLEM or FILE ...] [options]",
        description="Check your work, and say what to look at next.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # else `--h` is answered with options that are not for students
    )
    check.add_argument_group("what to check").add_argument(
        "names",
        nargs="*",
        metavar="PROBLEM or FILE",
        help="such as rnn_forward or recurrent/rnn.py; default: everything",
    )
    check.add_argument("--submission", type=Path, default=None, help=argparse.SUPPRESS)
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
        metavar="LEVEL",
        help="up to which level to show hints, 0 to 4; 4 names the mistake, where it is known",
    )
    check.add_argument(
        "--all", action="store_true", help="explain every failing problem, not only the first three"
    )
    check.add_argument("--picture", action="store_true", help="draw where results are wrong")
    check.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        metavar="FORM",
        help="how to write what is found: text, gcc (file:line: error: ..., for editors), github, "
        "junit, json or markdown",
    )
    check.add_argument(
        "--json", dest="format", action="store_const", const="json", help=argparse.SUPPRESS
    )
    check.add_argument(
        "--debug",
        action="store_true",
        help="run the first failing public case of one problem in this process, without the "
        "sandbox, so that print and breakpoint() work",
    )
    check.add_argument("--hidden", type=Path, default=None, help=argparse.SUPPRESS)
    check.add_argument(
        "--watch",
        action="store_true",
        help="stay, and check again what a save has touched; keys give hints and more",
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
    if options.watch:
        return _watch(options)
    in_process = options.in_process or not has_processes()
    server = None if in_process else launch_early()  # it imports numpy while we do
    from autograder.check.checker import Checker
    from autograder.report.words import is_done

    course = options.course()
    submission, wanted = _asked(options, course)
    if options.notebook:
        said = _move_in(options.notebook, submission, course)
        # What another program reads is only the verdicts.
        stream = sys.stdout if options.format == "text" else sys.stderr
        print(printable("\n".join(said), LINES), file=stream)
    remarks: list[str] = []
    with Checker(submission, course, options.hidden, server, in_process) as checker:
        verdicts = list(checker.check(wanted, remarks.append))
    if options.format == "text":
        _show(options, submission, course, verdicts, remarks)
    else:
        _write(options, submission, course, verdicts, remarks)
    return 0 if all(map(is_done, verdicts)) else 1


def _asked(options: argparse.Namespace, course: Course) -> tuple[Path, list[str] | None]:
    """The folder to check, and the problems in it; None for all. Raises UserError."""
    from autograder.check.asked import default_submission, problems_asked

    submission = options.submission or default_submission()
    # A path that leads elsewhere is refused, unless another folder is named to be checked.
    own = None if options.submission else submission
    return submission, problems_asked(options.names, course, own)


def _show(
    options: argparse.Namespace,
    submission: Path,
    course: Course,
    verdicts: Sequence[Verdict],
    remarks: Sequence[str],
) -> None:
    """For people."""
    from autograder.check.ahead import ahead

    explained = len(verdicts) if options.all else 3
    following = ahead(verdicts, submission, course)
    if find_spec("rich") is None:  # a browser's Python may come without it
        from autograder.report.plain import as_lines

        print("\n".join(as_lines(verdicts, explained, options.hint, remarks, following)))
        return
    from autograder.report.console import new_console
    from autograder.report.terminal import show

    show(
        new_console(),
        verdicts,
        explained,
        options.hint,
        remarks,
        following,
        picture=options.picture,
    )


def _write(
    options: argparse.Namespace,
    submission: Path,
    course: Course,
    verdicts: Sequence[Verdict],
    remarks: Sequence[str],
) -> None:
    """For programs, which read the standard output; what is left over goes to people."""
    from autograder.check.ahead import ahead
    from autograder.report.formats import FORMATS, WITH_REMARKS
    from autograder.report.places import Places
    from autograder.report.telling import Telling
    from autograder.report.words import total

    # GitHub knows files by their names in the repository, whatever folder a step runs in.
    root = os.environ.get("GITHUB_WORKSPACE") if options.format == "github" else None
    telling = Telling(
        verdicts,
        Places(submission / "recurrent"),
        remarks,
        options.hint,
        ahead(verdicts, submission, course),
        Path(root or Path.cwd()),
    )
    text = FORMATS[options.format](telling)
    if text:
        print(text)
    if options.format not in WITH_REMARKS:
        for remark in remarks:
            print(printable(f"note: {remark}"), file=sys.stderr)
    if options.format == "gcc":
        print(total(verdicts), file=sys.stderr)


def _debug(options: argparse.Namespace) -> int:
    """Which case fails is found in the sandbox; then it is run without one."""
    in_process = options.in_process or not has_processes()
    server = None if in_process else launch_early()
    from autograder.check.checker import Checker
    from autograder.check.debug import debug, first_failing, problem_named

    course = options.course()
    submission, wanted = _asked(options, course)
    if wanted is None or len(wanted) != 1:
        raise UserError(f"--debug takes one problem, as in `{CHECK} rnn_forward --debug`")
    problem = problem_named(wanted[0])
    with Checker(submission, course, None, server, in_process) as checker:
        number = first_failing(submission, problem, course, checker.sandbox)
    if options.format == "json":
        print(json.dumps({"problem": problem.name, "case": number}))
        return 0 if number is None else 1
    return debug(submission, problem, number, course)


def _watch(options: argparse.Namespace) -> int:
    """Check on every save. Not in hidden cases, which are asked once, and after all public ones."""
    if options.hidden or options.format != "text" or options.notebook or options.in_process:
        raise UserError("--watch goes with problems, lessons and --hint, and with no other option")
    server = launch_early()
    print("starting to watch ...", flush=True)  # the imports take a second
    from autograder.check.checker import Checker
    from autograder.check.watch.loop import watch

    course = options.course()
    submission, wanted = _asked(options, course)
    with Checker(submission.resolve(), course, launched=server) as checker:
        return watch(checker, wanted, options.hint)


def _move_in(notebook: Path, submission: Path, course: Course) -> list[str]:
    """Move what is written in a notebook into the files; what went where, a sentence each."""
    from autograder.check.move_in import move_in
    from autograder.grade import course_problems

    graded = {problem.of: problem.lesson for problem in course_problems(course)}
    return move_in(notebook, submission / "recurrent", graded)
