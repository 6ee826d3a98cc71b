"""The command line: one verb for every use. Each verb imports what it needs when it runs, so that
starting is quick.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.settings import Course

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FROZEN = HERE / "frozen"


class UserError(Exception):
    """Something the user asked cannot be done; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. The exit status is 0 if it did what was asked, 1 if something did not pass, 2
    if it was refused.
    """
    options = _parser().parse_args(arguments)
    # tiny arrays: more threads only wait for each other
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("autograder."):
            raise
        print("this verb is for staff: it needs the course's own repository", file=sys.stderr)
        return 2
    except Exception as error:
        if not _is_for_the_user(error):
            raise
        print(error, file=sys.stderr)
        return 2


def _is_for_the_user(error: Exception) -> bool:
    """Whether an exception is a sentence for the user: each room has its own class for those, named
    `...Error`.
    """
    return type(error).__module__.split(".")[0] == "autograder"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder", description="Builds, checks, grades and reports."
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")

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
        "--hint",
        type=int,
        default=1,
        choices=(0, 1, 2, 3),
        help="how many of the three hints to show",
    )
    check.add_argument(
        "--all", action="store_true", help="explain every failing problem, not only the first three"
    )
    check.add_argument(
        "--json", action="store_true", help="the verdicts as data, for a notebook to show"
    )
    check.add_argument(
        "--hidden",
        type=Path,
        default=None,
        metavar="DIR",
        help="a hidden casebook to use too (staff)",
    )
    check.set_defaults(run=_check)

    grade = verbs.add_parser("grade", help="grade one submission, hidden cases included, as JSON")
    grade.add_argument("submission", type=Path, help="a folder or a zip")
    grade.add_argument(
        "--json", type=Path, default=None, metavar="FILE", help="default: standard output"
    )
    grade.add_argument("--set", default="all", help="a problem set of course.toml, or all")
    grade.set_defaults(run=_grade)

    casebook = verbs.add_parser("casebook", help="build the casebooks from solutions/ (staff)")
    casebook.add_argument(
        "--seed",
        type=int,
        default=None,
        help="of the hidden cases; default: course.toml, else random",
    )
    casebook.set_defaults(run=_casebook)

    assignment = verbs.add_parser("assignment", help="write the stubs into assignment/ (staff)")
    assignment.set_defaults(run=_assignment)

    for name, what in {
        "handout": "dist/assignment.zip for students",
        "autograder": "dist/autograder.zip for Gradescope",
        "nbgrader": "dist/nbgrader/, a course directory for nbgrader",
    }.items():
        zipped = verbs.add_parser(name, help=f"build {what} (staff)")
        zipped.add_argument("--set", default="all", help="a problem set of course.toml, or all")
        zipped.add_argument("--seed", type=int, default=None, help="of the hidden cases")
        zipped.set_defaults(run=globals()[f"_{name}"])

    gradescope = verbs.add_parser(
        "gradescope", help="grade ROOT/submission into ROOT/results/results.json"
    )
    gradescope.add_argument(
        "--root", type=Path, default=None, help="default: $AUTOGRADER_ROOT, else /autograder"
    )
    gradescope.set_defaults(run=_gradescope)

    for name, what in {
        "demo": "grade a small sample class and show what everybody sees (staff)",
        "proof": "measure that the grade is right (staff)",
        "bench": "measure time and memory (staff)",
        "experiments": "run the notebooks with the reference at full length (staff)",
        "doctor": "say what protects the grader from submissions on this machine",
    }.items():
        verbs.add_parser(name, help=what).set_defaults(run=globals()[f"_{name}"])
    return parser


# ----------------------------------------------------------------------------------------- students


def _check(options: argparse.Namespace) -> int:
    from autograder.grade import casebooks, grade_submission

    course = _course()
    wanted, submission = (
        _problems(options.names, course),
        options.submission or default_submission(),
    )
    books = casebooks(FROZEN, public_only=True, hidden=options.hidden)
    verdicts = list(grade_submission(submission, course, books, wanted))
    if options.json:
        from autograder.report.record import as_data

        print(json.dumps([as_data(verdict) for verdict in verdicts]))
    else:
        from rich.console import Console

        from autograder.report.terminal import show

        show(
            Console(highlight=False),
            verdicts,
            explain=len(verdicts) if options.all else 3,
            level=options.hint,
        )
    return 0 if all(v.status == "passed" for v in verdicts) else 1


def default_submission() -> Path:
    """The student's folder: beside `check.py` in the handout, `assignment/` in the repository."""
    return ROOT if (ROOT / "recurrent").is_dir() else ROOT / "assignment"


def _problems(names: Sequence[str], course: Course) -> list[str] | None:
    """The problems asked for, by their own names or their lessons'; None for all. Raises UserError
    for an unknown.
    """
    from difflib import get_close_matches

    from autograder.grade import course_lessons

    by_lesson = {each.name: [p.name for p in each.problems] for each in course_lessons(course)}
    known = {**by_lesson, **{p: [p] for problems in by_lesson.values() for p in problems}}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5)
            hint = (
                f"did you mean {' or '.join(near)}?"
                if near
                else f"the lessons are {', '.join(by_lesson)}"
            )
            raise UserError(f"there is no problem or lesson {name!r}; {hint}")
    return [problem for name in names for problem in known[name]] or None


# -------------------------------------------------------------------------------------------- staff


def _course() -> Course:
    from autograder.settings import thaw

    return thaw(FROZEN / "course.json")


def _grade(options: argparse.Namespace) -> int:
    from autograder.grade import casebooks, grade_submission
    from autograder.report.record import record

    course = _course().only(options.set)
    text = json.dumps(
        record(list(grade_submission(options.submission, course, casebooks(FROZEN)))), indent=2
    )
    if options.json is None:
        print(text)
    else:
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def _casebook(options: argparse.Namespace) -> int:
    from autograder.casebook.freeze import freeze_course, hidden_seed, taught_by
    from autograder.settings import load_course

    course = load_course(ROOT / "course.toml")
    freeze_course(
        ROOT / "solutions",
        course,
        FROZEN,
        hidden_seed(options.seed, course),
        taught_by(course),
        print,
    )
    return 0


def _assignment(options: argparse.Namespace) -> int:
    from autograder.scaffold import write_assignment
    from autograder.settings import load_course

    changed = write_assignment(
        ROOT / "solutions", ROOT / "assignment", load_course(ROOT / "course.toml")
    )
    print(f"written: {', '.join(changed)}" if changed else "assignment/ is up to date")
    return 0


def _handout(options: argparse.Namespace) -> int:
    from autograder.package import make_handout

    print(make_handout(options.set, ROOT / "dist" / "assignment.zip"))
    return 0


def _autograder(options: argparse.Namespace) -> int:
    from autograder.package import make_autograder

    print(make_autograder(options.set, ROOT / "dist" / "autograder.zip", options.seed))
    return 0


def _nbgrader(options: argparse.Namespace) -> int:
    from autograder.package import make_nbgrader

    print(make_nbgrader(options.set, ROOT / "dist" / "nbgrader", options.seed))
    return 0


def _gradescope(options: argparse.Namespace) -> int:
    from autograder.report.gradescope import run

    return run(options.root, FROZEN)


def _demo(options: argparse.Namespace) -> int:
    from autograder.demo import demo

    return demo(ROOT, FROZEN)


def _proof(options: argparse.Namespace) -> int:
    from autograder.proof.run import prove

    return prove(ROOT, FROZEN)


def _bench(options: argparse.Namespace) -> int:
    from autograder.bench import bench

    return bench(ROOT, FROZEN)


def _experiments(options: argparse.Namespace) -> int:
    from autograder.experiments import experiments

    return experiments(ROOT)


def _doctor(options: argparse.Namespace) -> int:
    from autograder.sandbox.doctor import doctor

    return doctor()
