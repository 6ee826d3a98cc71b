"""The staff's verbs, there wherever this room is. Each imports what it needs when it runs."""

from __future__ import annotations

import argparse

from autograder.cli import FROZEN, ROOT, Verbs


def add_verbs(verbs: Verbs) -> None:
    """Add the staff's verbs to the command line's parser."""
    casebook = verbs.add_parser("casebook", help="build the casebooks from solutions/")
    casebook.add_argument(
        "--seed",
        type=int,
        default=None,
        help="of the hidden cases; default: course.toml, else random",
    )
    casebook.set_defaults(run=_casebook)

    assignment = verbs.add_parser("assignment", help="write the stubs into assignment/")
    assignment.set_defaults(run=_assignment)

    built = {
        "handout": ("dist/assignment.zip for students", _handout),
        "autograder": ("dist/autograder.zip for Gradescope", _autograder),
        "nbgrader": ("dist/nbgrader/, a course directory for nbgrader", _nbgrader),
    }
    for name, (what, run) in built.items():
        verb = verbs.add_parser(name, help=f"build {what}")
        verb.add_argument("--set", default="all", help="a problem set of course.toml, or all")
        verb.add_argument("--seed", type=int, default=None, help="of the hidden cases")
        verb.set_defaults(run=run)

    measured = {
        "demo": ("grade a small sample class and show what everybody sees", _demo),
        "proof": ("measure that the grade is right", _proof),
        "bench": ("measure time and memory", _bench),
        "experiments": ("run the notebooks with the reference at full length", _experiments),
    }
    for name, (what, run) in measured.items():
        verbs.add_parser(name, help=what).set_defaults(run=run)


def _casebook(options: argparse.Namespace) -> int:
    from autograder.authoring.casebook.freeze import freeze_course, hidden_seed
    from autograder.grade import course_lessons
    from autograder.settings import load_course

    course = load_course(ROOT / "course.toml")
    seed = hidden_seed(options.seed, course)
    freeze_course(ROOT / "solutions", course, FROZEN, seed, course_lessons(course), print)
    return 0


def _assignment(options: argparse.Namespace) -> int:
    from autograder.authoring.handout.assignment import write_assignment
    from autograder.authoring.handout.given import given_report
    from autograder.settings import load_course

    course = load_course(ROOT / "course.toml")
    changed = write_assignment(ROOT / "solutions", ROOT / "assignment", course)
    print(f"written: {', '.join(changed)}" if changed else "assignment/ is up to date")
    print("\n".join(given_report(ROOT / "assignment" / "recurrent")))
    return 0


def _handout(options: argparse.Namespace) -> int:
    from autograder.authoring.handout import make_handout

    print(make_handout(options.set, ROOT / "dist" / "assignment.zip"))
    return 0


def _autograder(options: argparse.Namespace) -> int:
    from autograder.authoring.handout import make_autograder

    print(make_autograder(options.set, ROOT / "dist" / "autograder.zip", options.seed))
    return 0


def _nbgrader(options: argparse.Namespace) -> int:
    from autograder.authoring.handout import make_nbgrader

    print(make_nbgrader(options.set, ROOT / "dist" / "nbgrader", options.seed))
    return 0


def _demo(options: argparse.Namespace) -> int:
    from autograder.authoring.demo import demo

    return demo(ROOT, FROZEN)


def _proof(options: argparse.Namespace) -> int:
    from autograder.authoring.proof.run import prove

    return prove(ROOT, FROZEN)


def _bench(options: argparse.Namespace) -> int:
    from autograder.authoring.bench import bench

    return bench(ROOT, FROZEN)


def _experiments(options: argparse.Namespace) -> int:
    from autograder.authoring.experiments import experiments

    return experiments(ROOT)
