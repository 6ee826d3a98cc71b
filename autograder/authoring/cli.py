"""The staff's verbs, there wherever this room is. Each imports what it needs when it runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli import FROZEN, ROOT, Verbs

if TYPE_CHECKING:
    from autograder.settings import Course

SYSTEMS = ("classroom50", "prairielearn", "autolab")
"""Course systems besides Gradescope, each with a verb that grades and a bundle."""


def add_verbs(verbs: Verbs) -> None:
    """Add the staff's verbs, and their options of `check`, to the command line's parser."""
    check = verbs.choices["check"]
    check.add_argument(
        "--as",
        dest="misconception",
        metavar="MISCONCEPTION",
        # What a student with this wrong idea would read, e.g. rnn_step_forward.no_tanh; the help is
        # for students.
        help=argparse.SUPPRESS,
    )
    check.set_defaults(run=_check, check_submission=check.get_default("run"))
    for name in ("check", "grade", "explain", "gradescope", *SYSTEMS):
        verbs.choices[name].set_defaults(course=_course)

    casebook = verbs.add_parser(
        "casebook", help="build the casebooks from solutions/, as far as something changed"
    )
    casebook.add_argument("--lesson", default=None, help="build this one only")
    casebook.add_argument(
        "--seed",
        type=_seed,
        default=None,
        help="of the hidden cases; default: course.toml's, else the one kept for this term",
    )
    casebook.add_argument(
        "--new-seed", action="store_true", help="draw another secret seed for the hidden cases"
    )
    casebook.set_defaults(run=_casebook)

    assignment = verbs.add_parser("assignment", help="write the stubs into assignment/")
    assignment.set_defaults(run=_assignment)

    built = {
        "handout": ("dist/assignment.zip for students", _handout),
        "browser": ("dist/browser.zip: the handout for a JupyterLite site", _browser),
        "autograder": ("dist/autograder.zip for Gradescope", _autograder),
        "nbgrader": ("dist/nbgrader/, a course directory for nbgrader", _nbgrader),
    }
    for name, (what, run) in built.items():
        verb = verbs.add_parser(name, help=f"build {what}")
        verb.add_argument("--set", default="all", help="a problem set of course.toml, or all")
        if name not in ("handout", "browser"):  # which have no hidden cases
            verb.add_argument("--seed", type=_seed, default=None, help="of the hidden cases")
            verb.add_argument(
                "--new-seed", action="store_true", help="draw another one for this term"
            )
        verb.set_defaults(run=run)

    staff = verbs.add_parser(
        "staff", help="build dist/staff/ for staff only: oral questions, notebooks with answers"
    )
    staff.add_argument("--set", default="all", help="a problem set of course.toml, or all")
    staff.add_argument(
        "--notebooks",
        choices=("short", "full"),
        default="",
        help="run them, too: their experiments short, or at full length, a quarter of an hour",
    )
    staff.set_defaults(run=_staff)

    convention = verbs.add_parser(
        "convention", help="say which conventions students have, where the course varies them"
    )
    convention.add_argument("students", nargs="+", metavar="ID", help="of a student")
    convention.set_defaults(run=_convention)

    bundle = verbs.add_parser("bundle", help="build what another course system needs, in dist/")
    bundle.add_argument("system", choices=SYSTEMS, help="the system")
    bundle.add_argument("--set", default="all", help="a problem set of course.toml, or all")
    bundle.add_argument("--seed", type=_seed, default=None, help="of the hidden cases")
    bundle.add_argument("--new-seed", action="store_true", help="draw another one for this term")
    bundle.set_defaults(run=_bundle)

    rehearse = verbs.add_parser(
        "rehearse", help="grade one submission with an autograder zip, as Gradescope would"
    )
    rehearse.add_argument("archive", type=Path, metavar="ZIP", help="built by `make autograder`")
    rehearse.add_argument("submission", type=Path, help="a folder or a zip")
    rehearse.set_defaults(run=_rehearse)

    regrade = verbs.add_parser(
        "regrade", help="say whose score moves from one autograder zip to another, and why"
    )
    regrade.add_argument("old", type=Path, metavar="OLD", help="the zip that graded so far")
    regrade.add_argument("new", type=Path, metavar="NEW", help="the zip that would grade now")
    regrade.add_argument(
        "submissions", type=Path, help="a folder with a sub-folder or a zip for each submission"
    )
    regrade.add_argument("--json", type=Path, default=None, metavar="FILE", help="all of it, too")
    regrade.set_defaults(run=_regrade)

    near = verbs.add_parser(
        "near-misses", help="list what can be said of slips in a problem that nobody foresaw"
    )
    near.add_argument("problem", metavar="PROBLEM", help="e.g. lstm_step_backward")
    near.set_defaults(run=_near_misses)

    measured = {
        "verify": ("try out this course's handouts and zips, set by set", _verify),
        "proof": ("measure that the grade is right", _proof),
        "bench": ("measure time and memory", _bench),
        "experiments": ("run the notebooks with the reference at full length", _experiments),
        "docs": ("write what the documentation derives: tables, a schema, a picture", _docs),
    }
    for name, (what, run) in measured.items():
        verbs.add_parser(name, help=what).set_defaults(run=run)

    demo = verbs.add_parser("demo", help="grade a small sample class and show what everybody sees")
    demo.add_argument(
        "--set", default=None, help="a problem set of course.toml, or all; default: the first"
    )
    demo.set_defaults(run=_demo)


def _seed(text: str) -> int:
    from autograder.settings import seed_from

    return seed_from(text)


def _course() -> Course:
    """Here course.toml holds, as it is now: what is frozen may be older."""
    from autograder.authoring.course import current_course

    return current_course(ROOT, FROZEN)


def _check(options: argparse.Namespace) -> int:
    if options.misconception is None:
        return int(options.check_submission(options))
    from autograder.authoring.check_as import check_as

    return check_as(ROOT, FROZEN, options)


def _casebook(options: argparse.Namespace) -> int:
    from autograder.authoring.casebook.freeze import build_course
    from autograder.authoring.completeness import forgotten
    from autograder.authoring.course import course_of, remarks_on

    if not build_course(ROOT, FROZEN, print, options.lesson, options.seed, options.new_seed):
        print("the casebook is up to date")
    for line in forgotten(ROOT):
        print(f"forgotten: {line}")
    for line in remarks_on(course_of(ROOT)):
        print(line)
    return 0


def _assignment(options: argparse.Namespace) -> int:
    from autograder.authoring.course import course_of
    from autograder.authoring.handout.assignment import write_assignment
    from autograder.authoring.handout.given import given_report

    changed = write_assignment(ROOT / "solutions", ROOT / "assignment", course_of(ROOT))
    print(f"written: {', '.join(changed)}" if changed else "assignment/ is up to date")
    print("\n".join(given_report(ROOT / "assignment" / "recurrent")))
    return 0


def _handout(options: argparse.Namespace) -> int:
    from autograder.authoring.handout import make_handout

    print(make_handout(options.set, ROOT / "dist" / "assignment.zip"))
    return 0


def _browser(options: argparse.Namespace) -> int:
    from autograder.authoring.course import course_of
    from autograder.authoring.handout import make_browser, make_handout
    from autograder.grade import course_problems

    handout = make_handout(options.set, ROOT / "dist" / "assignment.zip")
    first = course_problems(course_of(ROOT).only(options.set))[0]
    print(make_browser(handout, ROOT / "dist" / "browser.zip", first.name))
    return 0


def _autograder(options: argparse.Namespace) -> int:
    from autograder.authoring.handout import make_autograder

    out = ROOT / "dist" / "autograder.zip"
    print(make_autograder(options.set, out, options.seed, new_seed=options.new_seed))
    return 0


def _nbgrader(options: argparse.Namespace) -> int:
    from autograder.authoring.handout import make_nbgrader

    out = ROOT / "dist" / "nbgrader"
    print(make_nbgrader(options.set, out, options.seed, new_seed=options.new_seed))
    return 0


def _staff(options: argparse.Namespace) -> int:
    from autograder.authoring.staff import make_staff

    print(make_staff(options.set, ROOT / "dist" / "staff", options.notebooks))
    return 0


def _convention(options: argparse.Namespace) -> int:
    from autograder.grade import convention_of

    course = _course()
    if not course.conventions.vary:
        print("all students have the lecture's: course.toml has no [conventions] that vary")
    for student in options.students:
        print(f"{student}: {convention_of(course, student).words()}")
    return 0


def _bundle(options: argparse.Namespace) -> int:
    from autograder.authoring.handout import make_bundle

    out = ROOT / "dist" / f"{options.system}.zip"
    print(make_bundle(options.system, options.set, out, options.seed, new_seed=options.new_seed))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from autograder.authoring.verify import verify

    return verify(ROOT)


def _rehearse(options: argparse.Namespace) -> int:
    from autograder.authoring.rehearse import rehearse, summary

    root = ROOT / "build" / "gradescope"
    results = rehearse(options.archive.resolve(), options.submission.resolve(), root)
    print(summary(results))
    print(results.relative_to(ROOT))
    return 0


def _near_misses(options: argparse.Namespace) -> int:
    from autograder import lessons
    from autograder.authoring.clues.listing import sentences
    from autograder.casebook import Casebook, gathered

    cases = gathered(lessons.find(options.problem), [Casebook(FROZEN / "public")])
    for sentence in sentences(cases):
        print(sentence)
    return 0


def _regrade(options: argparse.Namespace) -> int:

    from autograder.authoring.regrade import regrade, write_json
    from autograder.authoring.regrade_table import show
    from autograder.report.console import new_console

    console = new_console(soft_wrap=True)
    done = regrade(options.old, options.new, options.submissions, console.out)
    show(console, done)
    if options.json is not None:
        write_json(done, options.json)
    return int(any(one.moved or one.failure for one in done))


def _demo(options: argparse.Namespace) -> int:
    from autograder.authoring.demo import demo

    return demo(ROOT, FROZEN, options.set)


def _proof(options: argparse.Namespace) -> int:
    from autograder.authoring.proof.run import prove

    return prove(ROOT, FROZEN)


def _bench(options: argparse.Namespace) -> int:
    from autograder.authoring.bench import bench

    return bench(ROOT, FROZEN)


def _experiments(options: argparse.Namespace) -> int:
    from autograder.authoring.experiments import experiments

    return experiments(ROOT)


def _docs(options: argparse.Namespace) -> int:
    from autograder.authoring.pages import write_pages

    changed = write_pages(ROOT, FROZEN)
    print(f"written: {', '.join(changed)}" if changed else "what docs/ derives is up to date")
    return 0
