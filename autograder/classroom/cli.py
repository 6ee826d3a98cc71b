"""The verb `class`, for staff. Each of its parts imports what it needs when it runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.cli import FROZEN, ROOT, Verbs
from autograder.settings import Course


def add_verbs(verbs: Verbs) -> None:
    """Add `class` and its own verbs to the command line's parser."""
    of_a_class = verbs.add_parser(
        "class", help="a class at a time: grade, report, return, regrade, compare"
    )
    parts = of_a_class.add_subparsers(required=True, metavar="VERB")
    _add_grade(parts)
    _add_reading(parts)
    _add_compare(parts)
    _add_demo(parts)


def _add_grade(parts: Verbs) -> None:
    grade = parts.add_parser(
        "grade", help="grade a class archive or folder into a store, and go on where it was stopped"
    )
    grade.add_argument(
        "source",
        type=Path,
        help="a Gradescope export, a Canvas or Moodle archive, nbgrader's submitted/, a folder of "
        "clones, of folders or of zips",
    )
    grade.add_argument("--out", type=Path, required=True, metavar="DIR", help="the store")
    grade.add_argument(
        "--set", default=None, help="a problem set of course.toml, or all of them; default: all"
    )
    grade.add_argument(
        "--workers", type=int, default=None, metavar="N", help="default: one for each core"
    )
    grade.add_argument(
        "--shard", default=None, metavar="I/N", help="only the I-th of N parts, from 0"
    )
    grade.add_argument("--dask", default=None, metavar="ADDRESS", help="a Dask scheduler's address")
    grade.add_argument(
        "--roster", type=Path, default=None, metavar="FILE", help="who is in the class, as CSV"
    )
    grade.add_argument(
        "--extensions",
        type=Path,
        default=None,
        metavar="FILE",
        help="who has more time, as CSV: student,set,due,note",
    )
    grade.add_argument(
        "--force",
        action="store_true",
        help="grade again what this grader has graded already, and also what looks like the files "
        "of another set or of another class",
    )
    grade.set_defaults(run=_grade)


def _add_reading(parts: Verbs) -> None:
    """The verbs that read a store and write what people look at."""
    report = parts.add_parser("report", help="write one HTML file on the class")
    report.add_argument(
        "--anonymous",
        action="store_true",
        help="numbers instead of names, and nothing that a student chose or wrote; default file: "
        "DIR/report_anonymous.html",
    )
    feedback = parts.add_parser("feedback", help="write a page for each student")
    feedback.add_argument(
        "--moodle", action="store_true", help="as the zip that Moodle takes back, too"
    )
    export = parts.add_parser("export", help="fill the file that another system wants")
    export.add_argument(
        "kind",
        choices=("csv", "canvas", "moodle", "gradescope", "nbgrader", "junit"),
        help="the system; csv is for any other, junit for continuous integration",
    )
    export.add_argument(
        "--into", type=Path, default=None, metavar="FILE", help="your own export, to be filled"
    )
    export.add_argument("--column", default=None, help="which column of it; default: by the set")
    similar = parts.add_parser(
        "similar", help="list pairs to look at side by side; never a verdict"
    )
    similar.add_argument(
        "--source",
        type=Path,
        required=True,
        help="what was graded, the same archive or folder: a store keeps no files",
    )
    for verb, run in (
        (report, _report),
        (feedback, _feedback),
        (export, _export),
        (similar, _similar),
    ):
        verb.add_argument("store", type=Path, metavar="DIR", help="written by `class grade`")
        verb.add_argument("--set", default=None, help="where the store has more than one")
        verb.add_argument(
            "--out", type=Path, default=None, metavar="FILE", help="default: a file in DIR"
        )
        verb.add_argument("--force", action="store_true", help="write over what is there")
        verb.set_defaults(run=run)


def _add_compare(parts: Verbs) -> None:
    compare = parts.add_parser(
        "compare", help="say whose score moves between two gradings, by which problem, and why"
    )
    compare.add_argument("old", type=Path, metavar="OLD", help="a store, or a Gradescope export")
    compare.add_argument("new", type=Path, metavar="NEW", help="a store")
    compare.add_argument("--set", default=None, help="where the store has more than one")
    compare.add_argument("--json", type=Path, default=None, metavar="FILE", help="all of it, too")
    compare.add_argument("--force", action="store_true", help="write over what is there")
    compare.set_defaults(run=_compare)


def _add_demo(parts: Verbs) -> None:
    demo = parts.add_parser("demo", help="make a class up, grade it, and show what comes out")
    demo.add_argument("--students", type=int, default=300, metavar="N", help="submissions")
    demo.add_argument(
        "--set", default=None, help="a problem set of course.toml; default: the first"
    )
    demo.add_argument(
        "--out",
        type=Path,
        default=ROOT / "build" / "demo_class",
        metavar="DIR",
        help="default: build/demo_class",
    )
    demo.set_defaults(run=_demo)
    bench = parts.add_parser("bench", help="measure how long classes take, for docs/class.md")
    bench.add_argument("--scale", type=float, default=1.0, help="of the classes, to try it out")
    bench.set_defaults(run=_bench)


def _course() -> Course:
    from autograder.authoring.course import current_course

    return current_course(ROOT, FROZEN)


def _grade(options: argparse.Namespace) -> int:
    from autograder.classroom.run import grade_class

    return grade_class(options, _course(), FROZEN)


def _report(options: argparse.Namespace) -> int:
    from autograder.classroom.report import report

    return report(options, _course())


def _feedback(options: argparse.Namespace) -> int:
    from autograder.classroom.feedback import feedback

    return feedback(options, _course())


def _export(options: argparse.Namespace) -> int:
    from autograder.classroom.export import export

    return export(options, _course())


def _similar(options: argparse.Namespace) -> int:
    from autograder.classroom.similar import similar

    return similar(options, _course())


def _compare(options: argparse.Namespace) -> int:
    from autograder.classroom.compare import compare

    return compare(options, _course())


def _demo(options: argparse.Namespace) -> int:
    from autograder.classroom.made_up.demo import demo_class

    course = _course()
    problem_set = options.set or course.sets[0].name
    return demo_class(ROOT, course, problem_set, options.students, options.out)


def _bench(options: argparse.Namespace) -> int:
    from autograder.classroom.bench import bench

    return bench(ROOT, FROZEN, options.scale)
