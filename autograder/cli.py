"""The command line: one command, a verb for every use.

The verbs here are those that travel: students check, graders grade. A room with a `cli.py` of its
own adds its verbs where that room is. Each verb imports what it needs when it runs, so that
starting is quick.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from autograder.errors import UserError, did_you_mean
from autograder.printable import LINES, printable
from autograder.worker.launch import launch_early

if TYPE_CHECKING:
    from autograder.settings import Course

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FROZEN = HERE / "frozen"

Verbs = Any
"""What `argparse` returns from `add_subparsers`; its class has no public name."""


def program(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one verb, and end the process with its exit status."""
    status = main(arguments)
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
    except BrokenPipeError:
        # Whoever reads us, `head` say, has seen enough; Python must not try to say the rest either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _options(given: Sequence[str]) -> argparse.Namespace:
    """The arguments, read. Raises UserError for a verb that is not here."""
    parser = argparse.ArgumentParser(
        prog="autograder", description="Builds, checks, grades and reports."
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _add_own_verbs(verbs)
    _add_verbs_of_rooms(verbs)
    verb = given[0] if given else "--help"
    if verb not in verbs.choices and not verb.startswith("-"):
        raise UserError(
            f"there is no verb {verb!r} here, only {', '.join(verbs.choices)}; "
            "what staff need besides is in the course's own repository"
        )
    return parser.parse_args(given)


def _add_verbs_of_rooms(verbs: Verbs) -> None:
    """Let every room that has a `cli.py` add its verbs, or its options to those that travel.

    A copy without the room lacks them.
    """
    for path in sorted(HERE.glob("*/cli.py")):
        import_module(f"autograder.{path.parent.name}.cli").add_verbs(verbs)


def _add_own_verbs(verbs: Verbs) -> None:
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
    check.set_defaults(run=_check, course=_frozen_course)

    grade = verbs.add_parser("grade", help="grade one submission, hidden cases included, as JSON")
    grade.add_argument("submission", type=Path, help="a folder or a zip")
    grade.add_argument(
        "--json", type=Path, default=None, metavar="FILE", help="default: standard output"
    )
    grade.add_argument("--set", default="all", help="a problem set of course.toml, or all")
    grade.set_defaults(run=_grade, course=_frozen_course)

    explain = verbs.add_parser(
        "explain", help="for staff: why a submission has this score on a problem, hidden cases too"
    )
    explain.add_argument("submission", type=Path, help="a folder or a zip")
    explain.add_argument("names", nargs="+", metavar="PROBLEM", help="or a lesson, for all of it")
    explain.add_argument("--set", default="all", help="a problem set of course.toml, or all")
    explain.set_defaults(run=_explain, course=_frozen_course)

    gradescope = verbs.add_parser(
        "gradescope", help="grade ROOT/submission into ROOT/results/results.json"
    )
    gradescope.add_argument(
        "--root", type=Path, default=None, help="default: $AUTOGRADER_ROOT, else /autograder"
    )
    gradescope.set_defaults(run=_gradescope, course=_frozen_course)

    doctor = verbs.add_parser(
        "doctor", help="say what protects the grader from submissions on this machine"
    )
    doctor.set_defaults(run=_doctor)


# ------------------------------------------------------------------------------------------- verbs


def _check(options: argparse.Namespace) -> int:
    if options.debug:
        return _debug(options)
    server = launch_early()  # it imports numpy while we do
    from autograder import pythons
    from autograder.grade import casebooks, course_lessons, grade_submission, limits_of
    from autograder.report.told import told
    from autograder.sandbox import Sandbox

    course = options.course()
    wanted = _problems(options.names, course)
    submission = options.submission or default_submission()
    if options.notebook:
        said = _move_in(options.notebook, submission, course)
        print(printable("\n".join(said), LINES), file=sys.stderr if options.json else sys.stdout)
    books = casebooks(FROZEN, public_only=True, hidden_book=options.hidden)
    names = [lesson.name for lesson in course_lessons(course)]
    remarks: list[str] = [*pythons.notes(submission, names)]
    with Sandbox(limits_of(course), launched=server) as box:
        verdicts = list(grade_submission(submission, course, books, wanted, box, remarks.append))
    # Only graders have hidden cases here, and what they show a student is the policy's.
    policy = course.policy.at_attempt(None)
    verdicts = [told(verdict, policy) for verdict in verdicts]
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
        show(console, verdicts, explain=explained, level=options.hint, remarks=remarks)
    return 0 if all(verdict.status == "passed" for verdict in verdicts) else 1


def _debug(options: argparse.Namespace) -> int:
    """Which case fails is found in the sandbox; then it is run without one."""
    server = launch_early()
    from autograder.debug import debug, first_failing, problem_named
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
    from autograder.grade import course_problems
    from autograder.move_in import move_in

    graded = {problem.of: problem.lesson for problem in course_problems(course)}
    return move_in(notebook, submission / "recurrent", graded)


def default_submission() -> Path:
    """The student's folder: beside `check.py` in the handout, `assignment/` in the repository."""
    return ROOT if (ROOT / "recurrent").is_dir() else ROOT / "assignment"


def _problems(names: Sequence[str], course: Course) -> list[str] | None:
    """The problems asked for, by their own names or their lessons'; None for all.

    Raises UserError for an unknown name.
    """
    from autograder.grade import course_lessons

    by_lesson = {
        lesson.name: [problem.name for problem in lesson.problems]
        for lesson in course_lessons(course)
    }
    known = dict(by_lesson)
    for problems in by_lesson.values():
        known |= {problem: [problem] for problem in problems}
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"; the lessons are {', '.join(by_lesson)}"
            raise UserError(f"there is no problem or lesson {name!r}{hint}")
    return [problem for name in names for problem in known[name]] or None


def _frozen_course() -> Course:
    """The course as it travels; where its course.toml is, the staff's room has that used."""
    from autograder.settings import thaw

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
    from autograder.grade import casebooks, course_problems, limits_of
    from autograder.report.account import accounts
    from autograder.sandbox import Sandbox
    from autograder.wording import listed

    whole = options.course()
    course = whole.only(options.set)
    wanted = _problems(options.names, whole) or []
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
