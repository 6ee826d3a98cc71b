"""The verbs by which course systems besides Gradescope run the grader; each travels in a bundle."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli import FROZEN, Verbs, frozen_course

if TYPE_CHECKING:
    from autograder.report.systems.start import System

HANDIN = "handin.zip"
"""What Autolab is told to call a file that was handed in, unless a course wants another name."""


def add_verbs(verbs: Verbs) -> None:
    """Add a verb for each system to the command line's parser."""
    classroom50 = _verb(
        verbs,
        "classroom50",
        "grade the checkout ROOT into result.json and release-body.md there",
        _classroom50,
    )
    classroom50.add_argument("--root", type=Path, default=Path(), help="default: this folder")

    prairielearn = _verb(
        verbs,
        "prairielearn",
        "grade ROOT/student into ROOT/results/results.json",
        _prairielearn,
    )
    prairielearn.add_argument("--root", type=Path, default=Path("/grade"), help="default: /grade")

    autolab = _verb(
        verbs, "autolab", "grade the file ROOT/HANDIN and print its points last", _autolab
    )
    autolab.add_argument("--root", type=Path, default=Path(), help="default: this folder")
    autolab.add_argument("--handin", default=HANDIN, help=f"default: {HANDIN}")


def _verb(
    verbs: Verbs, name: str, what: str, system: Callable[[argparse.Namespace], System]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=what)
    parser.add_argument("--set", default="all", help="a problem set of course.toml, or all")
    parser.add_argument(
        "--log",
        type=Path,
        default=None,
        metavar="FILE",
        help="what the grader itself prints, tracebacks too; students should not see it",
    )
    parser.set_defaults(run=_run, system=system, course=frozen_course)
    return parser


def _run(options: argparse.Namespace) -> int:
    from autograder.report.systems.start import run

    log = None if options.log is None else options.log.absolute()
    return run(options.system(options), FROZEN, lambda: options.course().only(options.set), log)


def _classroom50(options: argparse.Namespace) -> System:
    from autograder.report.systems.classroom50 import Classroom50

    return Classroom50(options.root)


def _prairielearn(options: argparse.Namespace) -> System:
    from autograder.report.systems.prairielearn import PrairieLearn

    return PrairieLearn(options.root)


def _autolab(options: argparse.Namespace) -> System:
    from autograder.report.systems.autolab import Autolab

    return Autolab(options.root, options.handin)
