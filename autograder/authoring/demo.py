"""`make demo`: a small class is graded while you watch, and one student's messages are shown.

The students are variants of the reference: right, unfinished, wrong in a known way, or broken.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.variants import code_span, module_of, patch
from autograder.authoring.course import current_course
from autograder.authoring.handout.stubs import stub
from autograder.casebook import Casebook
from autograder.grade import casebooks, grade_submission, limits_of
from autograder.problem import Verdict
from autograder.report.console import new_console
from autograder.report.terminal import message, overview
from autograder.report.words import MARKS, WORDS, is_carried, points
from autograder.sandbox import Sandbox
from autograder.settings import Course

SECONDS = 2.0
"""Nobody wants to watch an infinite loop for longer."""

SHOWN, LESSON, HINTS = "Dee, another one", "lstm", 2
"""Whose messages are shown, on which lesson, with how many hints."""

Files = dict[str, str]
"""A submission: module name -> source text."""


def demo(root: Path, frozen: Path) -> int:
    """Grade the sample class; print the class's table and what one student is told."""
    console = new_console()
    answers = load_answers(root / "solutions")
    course, books = current_course(root, frozen), casebooks(frozen)
    course = replace(course, policy=replace(course.policy, seconds=SECONDS))

    students = sample_class(answers)
    console.print(
        f"\n[bold]{course.name}[/], {course.term}: grading {len(students)} submissions, "
        "hidden cases included\n"
    )
    graded = grade_class(students, course, books)
    ideas = {wrong.id: wrong.idea for wrong in answers.misconceptions}
    console.print(class_table(graded, ideas))
    console.print(f"\n{_legend()}")

    name = SHOWN.split(",")[0]
    console.print(
        f"\n[bold]What {name} is told[/] about {LESSON}.py, with {HINTS} hints\n"
        "(Gradescope, a terminal and a notebook say the same; a student's own check has no hidden "
        "cases)\n"
    )
    _show(console, [verdict for verdict in graded[SHOWN] if verdict.lesson == LESSON])
    console.print(f"\n{_next_steps(course)}", soft_wrap=True)
    return 0


# ---------------------------------------------------------------------------------------- the class


def sample_class(answers: Answers) -> dict[str, Files]:
    """Name of a student -> what they hand in: everything a grader meets in its first week."""
    reference = dict(answers.sources)
    unwritten = {name: stub(reference[name]) for name in ("lstm", "head")}
    loop = with_body(reference["rnn"], "rnn_backward", "while True:\n    pass")
    typo = reference["head"] + "\ndef oops(:\n    pass\n"
    return {
        "Ada, perfect": reference,
        "Ben, unfinished": reference | unwritten,
        "Cem, a wrong idea": _with_misconception(answers, "rnn_step_forward.Wh_transposed"),
        "Dee, another one": _with_misconception(answers, "lstm_step_backward.dnext_c_dropped"),
        "Eli, an infinite loop": reference | {"rnn": loop},
        "Fay, a syntax error": reference | {"head": typo},
    }


def _with_misconception(answers: Answers, name: str) -> Files:
    """The reference with one misconception, by its id, patched in."""
    reference = dict(answers.sources)
    wrong = next(wrong for wrong in answers.misconceptions if wrong.id == name)
    module = module_of(reference, wrong)
    return reference | {module: patch(reference[module], wrong)}


def with_body(source: str, function: str, body: str) -> str:
    """The module with the code of one function replaced; its docstring stays."""
    start, end = code_span(source, function)
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    return source[:start] + indented + source[end:]


def write_submission(files: Mapping[str, str], folder: Path) -> Path:
    """Write a submission as a student would hand it in."""
    (folder / "recurrent").mkdir(parents=True)
    for name, source in files.items():
        (folder / "recurrent" / f"{name}.py").write_text(source, encoding="utf-8")
    return folder


def grade_class(
    students: Mapping[str, Files], course: Course, books: Sequence[Casebook]
) -> dict[str, list[Verdict]]:
    """Name of a student -> the verdicts, one submission after the other in one sandbox."""
    graded = {}
    with (
        tempfile.TemporaryDirectory(prefix="class-") as scratch,
        Sandbox(limits_of(course)) as sandbox,
    ):
        for number, (name, files) in enumerate(students.items()):
            folder = write_submission(files, Path(scratch) / str(number))
            graded[name] = list(grade_submission(folder, course, books, sandbox=sandbox))
    return graded


# ------------------------------------------------------------------------------------ what is shown


def class_table(graded: Mapping[str, list[Verdict]], ideas: Mapping[str, str]) -> Table:
    """One row for each student: points, a count of problems by status, the first thing to mend.

    ideas: id of a misconception -> what is wrong with it.
    """
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    table.add_column("student")
    table.add_column("points", justify="right")
    table.add_column("problems")
    table.add_column("what stands in the way")
    for name, verdicts in graded.items():
        earned = points(sum(verdict.score for verdict in verdicts))
        most = points(sum(verdict.max_score for verdict in verdicts))
        obstacle = Text(_obstacle(verdicts, ideas))  # a bracket in it is no markup
        table.add_row(name, f"{earned} / {most}", _counts(verdicts), obstacle)
    return table


def _counts(verdicts: Sequence[Verdict]) -> str:
    """`✓78 ◐13 ✗1`."""
    counts = []
    for status, (sign, colour) in MARKS.items():
        count = sum(verdict.status == status for verdict in verdicts)
        if count:
            counts.append(f"[{colour}]{sign}{count}[/]")
    return " ".join(counts)


def _legend() -> str:
    """What the signs mean."""
    words = WORDS | {"partial": "partly or carried"}
    meanings = []
    for status, (sign, colour) in MARKS.items():
        meanings.append(f"[{colour}]{sign}[/] {words[status]}")
    return "   ".join(meanings)


def _obstacle(verdicts: Sequence[Verdict], ideas: Mapping[str, str]) -> str:
    """The first mistake of a student's own, by its idea if it is known, else as it shows."""
    for verdict in verdicts:
        if verdict.status in ("passed", "todo") or is_carried(verdict):
            continue
        if verdict.diagnosis:
            return f"{verdict.problem}: {ideas[verdict.diagnosis]}"
        bad = next(finding for finding in verdict.findings if not finding.good)
        return f"{verdict.problem}: {bad.text}"
    return "still to do" if any(verdict.status == "todo" for verdict in verdicts) else ""


def _show(console: Console, verdicts: Sequence[Verdict]) -> None:
    """A lesson's verdicts, and the message on the first mistake of the student's own."""
    console.print(overview(verdicts))
    console.print()
    for verdict in verdicts:
        if verdict.status != "passed" and not is_carried(verdict):
            console.print(message(verdict, level=HINTS))
            return


def _next_steps(course: Course) -> str:
    sets = "|".join(problem_set.name for problem_set in course.sets)
    return (
        "Next: `make handout` builds dist/assignment.zip for students, `make autograder` "
        "dist/autograder.zip\n"
        f"for Gradescope; both take SET={sets}. README.md says the rest."
    )
