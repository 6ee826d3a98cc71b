"""The command line: one command, a verb for every use.

The verbs here are those of graders. A room with a `cli.py` of its own adds its verbs where that
room is: `check/` travels with students, others stay with the staff. Each verb imports what it needs
when it runs, so that starting is quick.
"""

from __future__ import annotations

import argparse
import errno
import gc
import json
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from autograder.errors import UserError, did_you_mean
from autograder.printable import LINES, printable
from autograder.report import console
from autograder.worker.launch import launch_early

if TYPE_CHECKING:
    from autograder.settings import Course

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FROZEN = HERE / "frozen"

INSTALLED = ("site-packages", "dist-packages")
"""What the folder is called into which pip installs packages."""

Verbs = Any
"""What `argparse` returns from `add_subparsers`; its class has no public name."""


def program(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one verb, and end the process with its exit status."""
    console.prepare()
    try:
        status = main(arguments)
    except SystemExit as end:  # argparse has printed its help
        status = int(end.code or 0)
    status = console.finish(status)
    # Else the collector would look once more at all that was imported: a tenth of a second.
    gc.freeze()
    sys.exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb.

    Returns the exit status: 0 if it did what was asked, 1 if something did not pass, 2 if it was
    refused.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # tiny arrays: more threads only wait for each other
    try:
        options = _options(given)
        return int(options.run(options))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except UserError as error:
        print(printable(str(error), LINES), file=sys.stderr)
        return 2
    except BrokenPipeError as error:
        return console.unwritten(error, 0)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return console.unwritten(error, 2)


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one sentence, as all of ours: UserError."""

    def error(self, message: str) -> NoReturn:
        sentence = in_plain_words(message)
        if not sentence.endswith("?"):
            sentence += f"; {self.prog} --help tells more"
        raise UserError(sentence)


INVALID_CHOICE = re.compile(
    r"argument (?P<option>\S+): invalid choice: (?P<given>.*) \(choose from (?P<known>.*)\)"
)
INVALID_NUMBER = re.compile(r"argument (?P<option>\S+): invalid int value: (?P<given>.*)")
COMPLAINT = re.compile(r"argument (?P<option>[^:]+): (?P<complaint>.*)", re.DOTALL)
NEEDED = "the following arguments are required: "


def in_plain_words(message: str) -> str:
    """A complaint of argparse's as a sentence for somebody who has never heard of arguments.

    >>> in_plain_words("argument --hint: expected one argument")
    '--hint needs a value after it'
    """
    if found := INVALID_CHOICE.fullmatch(message):
        known = re.findall(r"[^\s,']+", found["known"])
        near = did_you_mean(found["given"].strip("'"), known)
        return f"{found['option']} is one of {', '.join(known)}, not {found['given']}{near}"
    if found := INVALID_NUMBER.fullmatch(message):
        return f"{found['option']} takes a number, not {found['given']}"
    if message.startswith(NEEDED):
        return f"something is missing: {message.removeprefix(NEEDED)}"
    if found := COMPLAINT.fullmatch(message):
        what = found["complaint"].replace("expected one argument", "needs a value after it")
        return f"{found['option']} {what}"
    return message


def _options(given: Sequence[str]) -> argparse.Namespace:
    """The arguments, read. Raises UserError for a verb that is not here, and for what it does not
    take.
    """
    whole, verbs = parser()
    verb = given[0] if given else "--help"
    if verb not in verbs.choices and not verb.startswith("-"):
        raise UserError(
            f"there is no verb {verb!r} here, only {', '.join(verbs.choices)}; "
            "what staff need besides is in the course's own repository"
        )
    options, unknown = whole.parse_known_args(given)
    if hasattr(options, "names") and not any(word.startswith("-") for word in unknown):
        options.names += unknown  # argparse takes no name behind an option that follows a name
    elif unknown:
        raise UserError(_not_taken(unknown[0], verbs.choices.get(verb, whole)))
    return options


def parser() -> tuple[argparse.ArgumentParser, Verbs]:
    """The command line's parser, with all verbs that are here, and these verbs."""
    whole = Parser(prog="python -m autograder", description="Builds, checks, grades and reports.")
    verbs = whole.add_subparsers(required=True, metavar="VERB")
    _add_own_verbs(verbs)
    _add_verbs_of_rooms(verbs)
    return whole, verbs


def _not_taken(word: str, parser: argparse.ArgumentParser) -> str:
    """The sentence on an option that a verb does not have, or on a word too many."""
    if not word.startswith("-"):
        return f"{parser.prog} has no use for {word!r}; {parser.prog} --help tells more"
    option = word.partition("=")[0]
    from difflib import get_close_matches  # few runs need it

    # As the help has them: what is only for staff is nothing to suggest.
    known = set(re.findall(r"--(\w[\w-]*)", parser.format_help()))
    near = get_close_matches(option.lstrip("-"), sorted(known), n=1)
    if near:
        return f"there is no option {option}; did you mean --{near[0]}?"
    return f"there is no option {option}; {parser.prog} --help lists them"


def _add_verbs_of_rooms(verbs: Verbs) -> None:
    """Let every room that has a `cli.py` add its verbs, or its options to those that travel.

    A copy without the room lacks them. The rooms that travel come first: the staff's add to their
    verbs.
    """
    rooms = sorted(path.parent.name for path in HERE.glob("*/cli.py"))
    for room in sorted(rooms, key=lambda room: room not in ("check", "report")):
        import_module(f"autograder.{room}.cli").add_verbs(verbs)


def _add_own_verbs(verbs: Verbs) -> None:
    grade = verbs.add_parser("grade", help="grade one submission, hidden cases included, as JSON")
    grade.add_argument("submission", type=Path, help="a folder or a zip")
    grade.add_argument(
        "--json", type=Path, default=None, metavar="FILE", help="default: standard output"
    )
    grade.add_argument("--set", default="all", help="a problem set of course.toml, or all")
    grade.set_defaults(run=_grade, course=frozen_course)

    explain = verbs.add_parser(
        "explain", help="for staff: why a submission has this score on a problem, hidden cases too"
    )
    explain.add_argument("submission", type=Path, help="a folder or a zip")
    explain.add_argument("names", nargs="+", metavar="PROBLEM", help="or a lesson, for all of it")
    explain.add_argument("--set", default="all", help="a problem set of course.toml, or all")
    explain.set_defaults(run=_explain, course=frozen_course)

    gradescope = verbs.add_parser(
        "gradescope", help="grade ROOT/submission into ROOT/results/results.json"
    )
    gradescope.add_argument(
        "--root", type=Path, default=None, help="default: $AUTOGRADER_ROOT, else /autograder"
    )
    gradescope.set_defaults(run=_gradescope, course=frozen_course)

    doctor = verbs.add_parser(
        "doctor", help="say what protects the grader from submissions on this machine"
    )
    doctor.set_defaults(run=_doctor)


# ------------------------------------------------------------------------------------------- verbs


def frozen_course() -> Course:
    """The course as it travels; where its course.toml is, the staff's room has that used.

    Raises SettingsError if it cannot be read, UserError where no casebooks can be.
    """
    from autograder.settings import thaw

    # `pip install .` brings the grader and what it needs, and no casebook: those are secret, or
    # belong to one course.
    if ROOT.name in INSTALLED and not FROZEN.is_dir():
        raise UserError(
            "this installed grader has no casebooks: unpack what `make autograder` or `make "
            "handout` built, and run `python -m autograder` in that folder"
        )
    return thaw(FROZEN / "course.json")


def _grade(options: argparse.Namespace) -> int:
    server = launch_early()
    from autograder.grade import casebooks, grade_submission, limits_of
    from autograder.report.record import record
    from autograder.sandbox import Sandbox

    course = options.course().only(options.set)
    books = casebooks(FROZEN)
    remarks: list[str] = []
    with Sandbox(limits_of(course), launched=server) as box:
        verdicts = list(
            grade_submission(options.submission, course, books, sandbox=box, remark=remarks.append)
        )
    text = json.dumps(record(verdicts, remarks), indent=2)
    if options.json is None:
        print(text)
    else:
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def _explain(options: argparse.Namespace) -> int:
    server = launch_early()
    from autograder.check.asked import problems_asked
    from autograder.grade import casebooks, course_problems, limits_of
    from autograder.report.account import accounts
    from autograder.sandbox import Sandbox
    from autograder.wording import listed

    whole = options.course()
    course = whole.only(options.set)
    wanted = problems_asked(options.names, whole) or []
    of_the_set = {problem.name for problem in course_problems(course)}
    outside = [name for name in wanted if name not in of_the_set]
    if outside:
        raise UserError(f"the set {options.set} does not have {listed(outside, 3)}")
    with Sandbox(limits_of(course), launched=server) as box:
        for text in accounts(options.submission, course, casebooks(FROZEN), wanted, box):
            print(text)
    return 0


def _gradescope(options: argparse.Namespace) -> int:
    from autograder.report.start import run

    return run(options.root, FROZEN, options.course)


def _doctor(options: argparse.Namespace) -> int:
    from autograder.sandbox.doctor import doctor

    return doctor()
