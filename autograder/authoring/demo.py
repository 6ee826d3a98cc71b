"""`make demo`: a small class made from worlds, graded in front of your eyes, and what one student
sees.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.variants import code_span, module_of, patch
from autograder.authoring.handout.stubs import stub
from autograder.grade import casebooks, grade_submission, limits_of
from autograder.problem import Verdict
from autograder.report.terminal import message, overview
from autograder.report.words import MARKS, is_carried, points
from autograder.sandbox import Sandbox
from autograder.settings import Course, thaw

SECONDS = 2.0
"""Nobody wants to watch an infinite loop for longer."""

Files = dict[str, str]
"""A submission: module name -> source text."""


def sample_class(solutions: Path) -> dict[str, Files]:
    """Name of a student -> what they hand in: everything a grader meets in its first week."""
    answers = load_answers(solutions)
    reference = dict(answers.sources)
    wrong = {m.id: m for m in answers.misconceptions}

    def holding(name: str) -> Files:
        module = module_of(reference, wrong[name])
        return {**reference, module: patch(reference[module], wrong[name])}

    return {
        "Ada, perfect": reference,
        "Ben, unfinished": {
            **reference,
            "lstm": stub(reference["lstm"]),
            "head": stub(reference["head"]),
        },
        "Cem, a wrong idea": holding("rnn_step_forward.Wh_transposed"),
        "Dee, another one": holding("lstm_step_backward.dnext_c_dropped"),
        "Eli, an infinite loop": {
            **reference,
            "rnn": with_body(reference["rnn"], "rnn_backward", "while True:\n    pass"),
        },
        "Fay, a syntax error": {
            **reference,
            "head": reference["head"] + "\ndef oops(:\n    pass\n",
        },
    }


def with_body(source: str, function: str, body: str) -> str:
    """The module with the code of one function replaced; its docstring stays."""
    start, end = code_span(source, function)
    return source[:start] + "".join(f"    {line}\n" for line in body.splitlines()) + source[end:]


def write_submission(files: Mapping[str, str], folder: Path) -> Path:
    """Write a submission as a student would hand it in."""
    (folder / "recurrent").mkdir(parents=True)
    for name, source in files.items():
        (folder / "recurrent" / f"{name}.py").write_text(source, encoding="utf-8")
    return folder


def demo(root: Path, frozen: Path) -> int:
    """Grade the sample class, print the table and one student's view."""
    console = Console(highlight=False)
    course = thaw(frozen / "course.json")
    books = casebooks(frozen)
    course = replace(course, policy=replace(course.policy, seconds=SECONDS))
    students = sample_class(root / "solutions")
    console.print(
        f"\n[bold]{course.name}[/], {course.term}: grading {len(students)} submissions, hidden "
        f"cases included\n"
    )
    graded: dict[str, list[Verdict]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="class-") as scratch,
        Sandbox(limits_of(course)) as sandbox,
    ):
        for number, (name, files) in enumerate(students.items()):
            folder = write_submission(files, Path(scratch) / str(number))
            graded[name] = list(grade_submission(folder, course, books, sandbox=sandbox))
    console.print(class_table(graded))
    shown = "Dee, another one"
    console.print(
        f"\n[bold]What {shown.split(',')[0]} sees[/] (in the terminal, in a notebook cell or on "
        f"Gradescope)\n"
    )
    lesson = [v for v in graded[shown] if v.lesson == "lstm"]
    console.print(overview(lesson))
    console.print()
    console.print(
        message(next(v for v in lesson if v.status != "passed" and not is_carried(v)), level=2)
    )
    console.print(f"\n{_next_steps(course)}", soft_wrap=True)
    return 0


def class_table(graded: Mapping[str, list[Verdict]]) -> Table:
    """One row a student: points, how many problems stand how, the first diagnosis."""
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    for heading in ("student", "points", "problems", "what stands in the way"):
        table.add_column(heading, justify="right" if heading == "points" else "left")
    for name, verdicts in graded.items():
        total, most = sum(v.score for v in verdicts), sum(v.max_score for v in verdicts)
        counts = {status: sum(v.status == status for v in verdicts) for status in MARKS}
        signs = " ".join(
            f"[{colour}]{sign}{counts[s]}[/]" for s, (sign, colour) in MARKS.items() if counts[s]
        )
        table.add_row(name, f"{points(total)} / {points(most)}", signs, _obstacle(verdicts))
    return table


def _obstacle(verdicts: list[Verdict]) -> str:
    bad = [v for v in verdicts if v.status not in ("passed", "todo") and not is_carried(v)]
    if bad:
        first = bad[0]
        return first.diagnosis or next(
            f"{first.problem}: {f.text}" for f in first.findings if not f.good
        )
    return "still to do" if any(v.status == "todo" for v in verdicts) else ""


def _next_steps(course: Course) -> str:
    return (
        "Next: `make handout` builds dist/assignment.zip for students, `make autograder` "
        "dist/autograder.zip\n"
        "for Gradescope; both take SET="
        + "|".join(each.name for each in course.sets)
        + ". README.md says the rest."
    )
