"""`make demo`: a small class is graded while you watch, and one student's messages are shown.

The students are variants of the reference: right, unfinished, wrong in a known way, or broken. The
demo grades one problem set and builds a casebook of that set alone, without the clues to mistakes
that nobody foresaw: a newcomer waits seconds for it, and minutes for all casebooks.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.freeze import build_casebook
from autograder.authoring.casebook.variants import code_span
from autograder.authoring.course import course_of, lessons_behind, seed_kept
from autograder.authoring.handout.stubs import stub
from autograder.casebook import Casebook
from autograder.grade import casebooks, course_lessons, grade_submission, limits_of
from autograder.problem import Lesson, Misconception, Verdict
from autograder.report.console import new_console
from autograder.report.terminal import message, overview
from autograder.report.words import MARKS, WORDS, is_carried, points
from autograder.sandbox import Sandbox
from autograder.settings import Course

SECONDS = 2.0
"""Nobody wants to watch an infinite loop for longer."""

HINTS = 2
"""How many hints are shown of the student whose messages are shown."""

HIDDEN_SEED = 1
"""Of the demo's hidden cases. No grade hangs on it, so it need not be secret."""

FIRST_CHOICE = (
    "rnn_step_forward.Wh_transposed",
    "lstm_step_backward.dnext_c_dropped",
    "rnn_step_backward.no_tanh_slope",
)
"""The wrong ideas that the sample class prefers, as far as the problem set teaches their lesson."""

Files = dict[str, str]
"""A submission: module name -> source text."""


def demo(root: Path, frozen: Path, which: str | None = None) -> int:
    """Grade the sample class; print the class's table and what one student is told.

    frozen: what `make casebook` built, used as far as it is there. which: a problem set of
    course.toml, or all; else its first.

    Raises SettingsError for a set that does not exist, BuildError for mistakes in `solutions/`.
    """
    console = new_console()
    answers = load_answers(root / "solutions")
    whole = course_of(root)
    course, left_out = _that_can_run(whole.only(which or whole.sets[0].name))
    for name in left_out:
        console.print(f"{name} is left out: it needs {lessons.lesson(name).backend}")
    course = replace(course, policy=replace(course.policy, seconds=SECONDS))

    console.print("building the casebook from solutions/: every wrong idea on every case")
    books = demo_casebooks(root, course, frozen, console)
    ideas = two_ideas(answers, course)
    students = sample_class(answers, course_lessons(course), ideas)
    console.print(
        f"\n[bold]{course.name}[/], {course.term}, {_titles(course)}: grading {len(students)} "
        "submissions, hidden cases included\n"
    )
    graded = grade_class(students, course, books)
    known = {wrong.id: wrong.idea for wrong in answers.misconceptions}
    console.print(class_table(graded, known))
    console.print(f"\n{_legend()}")

    _show_one(console, graded, lessons.find(ideas[-1].problem).lesson)
    console.print(f"\n{_next_steps(whole)}", soft_wrap=True)
    return 0


def _that_can_run(course: Course) -> tuple[Course, list[str]]:
    """The course without the lessons for which something is not installed, and their names."""
    left_out = [name for name in course.lessons_of("all") if not lessons.can_run(name)]
    sets = []
    for problem_set in course.sets:
        kept = tuple(name for name in problem_set.lessons if name not in left_out)
        sets.append(replace(problem_set, lessons=kept))
    return replace(course, sets=tuple(sets)), left_out


def _titles(course: Course) -> str:
    return ", ".join(problem_set.title for problem_set in course.sets)


# ------------------------------------------------------------------------------------- the casebook


def demo_casebooks(root: Path, course: Course, frozen: Path, console: Console) -> list[Casebook]:
    """The course's public and hidden casebook, brought up to date in the demo's own folder.

    Raises BuildError.
    """
    folder = root / "build" / "demo"
    taught = lessons_behind(root, course.lessons_of("all"))
    _take_over(frozen, folder, taught)

    def say(line: str) -> None:
        console.print(f"    {line}", style="dim")

    # With the seed of this machine's casebooks, what they have of hidden cases can be used.
    seeds = {"public": course.seed, "hidden": seed_kept(root) or HIDDEN_SEED}
    for book, seed in seeds.items():
        console.print(f"  {book} cases", style="dim")
        is_hidden = book == "hidden"
        build_casebook(root / "solutions", folder / book, seed, is_hidden, taught, say, course.seed)
    return casebooks(folder)


def _take_over(frozen: Path, folder: Path, taught: Sequence[Lesson]) -> None:
    """Copy what `make casebook` built since the last demo; the build looks whether it is right."""
    for book in ("public", "hidden"):
        (folder / book).mkdir(parents=True, exist_ok=True)
        for lesson in taught:
            file = Path(book) / f"{lesson.name}.safetensors"
            if _built_at(frozen / file) > _built_at(folder / file):
                shutil.copy2(frozen / file, folder / file)  # with its time: it is copied once


def _built_at(file: Path) -> float:
    """When a file was written, in seconds; 0 if it is not there."""
    return file.stat().st_mtime if file.exists() else 0.0


# ---------------------------------------------------------------------------------------- the class


def sample_class(
    answers: Answers, taught: Sequence[Lesson], ideas: Sequence[Misconception]
) -> dict[str, Files]:
    """Name of a student -> what they hand in: everything a grader meets in its first week.

    ideas: two misconceptions, see `two_ideas`.
    """
    reference = dict(answers.sources)
    coded = [lesson for lesson in taught if not lesson.asks]
    first, last = taught[0].name, coded[-1].name
    unwritten = {lesson.name: stub(reference[lesson.name]) for lesson in taught[-2:]}
    loop = with_body(reference[first], taught[0].problems[-1].of, "while True:\n    pass")
    typo = reference[last] + "\ndef oops(:\n    pass\n"
    return {
        "Ada, perfect": reference,
        "Ben, unfinished": reference | unwritten,
        "Cem, a wrong idea": answers.patched(ideas[0]),
        "Dee, another one": answers.patched(ideas[-1]),
        "Eli, an infinite loop": reference | {first: loop},
        "Fay, a syntax error": reference | {last: typo},
    }


def two_ideas(answers: Answers, course: Course) -> list[Misconception]:
    """Two misconceptions about problems of the course, the preferred ones first."""
    taught = course.lessons_of("all")
    known = []
    for wrong in answers.misconceptions:
        if lessons.find(wrong.problem).lesson in taught:
            known.append(wrong)
    return sorted(known, key=_choice)[:2]


def _choice(wrong: Misconception) -> int:
    """Its place among those preferred; any other comes after them, in the order it is written."""
    return FIRST_CHOICE.index(wrong.id) if wrong.id in FIRST_CHOICE else len(FIRST_CHOICE)


def with_body(source: str, function: str, body: str) -> str:
    """The module with the code of one function replaced; its docstring stays.

    function: a name, or `Class.method`.
    """
    start, end = code_span(source, function)
    code = source[start:end]
    margin = code[: len(code) - len(code.lstrip(" "))]
    indented = "".join(f"{margin}{line}\n" for line in body.splitlines())
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


def _show_one(console: Console, graded: Mapping[str, Sequence[Verdict]], lesson: str) -> None:
    """What the student with the second wrong idea is told about the lesson it is made in."""
    student = next(name for name in graded if name.startswith("Dee"))
    console.print(
        f"\n[bold]What Dee is told[/] about {lesson}.py, with {HINTS} hints\n"
        "(Gradescope, a terminal and a notebook say the same; a student's own check has no hidden "
        "cases)\n"
    )
    _show(console, [verdict for verdict in graded[student] if verdict.lesson == lesson])


def _show(console: Console, verdicts: Sequence[Verdict]) -> None:
    """A lesson's verdicts, and the message on the first mistake of the student's own."""
    console.print(overview(verdicts))
    console.print()
    for verdict in verdicts:
        if verdict.status != "passed" and not is_carried(verdict):
            console.print(message(verdict, level=HINTS))
            return


def _next_steps(course: Course) -> str:
    """What to do after the demo, and where to read on."""
    sets = "|".join(problem_set.name for problem_set in course.sets)
    return (
        "Next: `make handout` builds dist/assignment.zip for students, `make autograder` "
        "dist/autograder.zip\n"
        f"for Gradescope. Both take SET={sets}, and so does `make demo`, which takes minutes for\n"
        "the later sets. README.md says the rest."
    )
