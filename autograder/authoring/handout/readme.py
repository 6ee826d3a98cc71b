"""The handout's README: its text with the course's facts filled in, and a table of problems for
each lesson, with the calls as the reference defines them.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from autograder import lessons
from autograder.authoring.figures import table
from autograder.authoring.handout.notebooks import Notebook
from autograder.authoring.sources import functions
from autograder.check.pythons import OLDEST
from autograder.grade import course_lessons
from autograder.numbers import task_numbers
from autograder.problem import Lesson, Problem, Tensor
from autograder.settings import Course
from autograder.whose import KNOWN_BY
from autograder.wording import listed
from autograder.worker.leftovers import dotted

FILES = Path(__file__).parent / "files"

LONGEST_CELL = 110

NUMBERED = re.compile(r"([A-Za-z_]+)(\d+)")
"""The name of a tensor that belongs to a layer: `dWx3`."""

ONLY, END = re.compile(r"<!-- only: ([\w ]+) -->"), "<!-- end -->"

LETTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "N": ("batch", ()),
    "T": ("time", ()),
    "D": ("input", ()),
    "H": ("hidden", ()),
    "V": ("vocabulary", ()),
    "L": ("layers", ("stacked",)),
    "E": ("encoder", ("attention", "torch_models")),
}
"""Axis -> what it counts, and the lessons that mean this by it; none for all of them."""

GATED = {"lstm", "gru", "stacked", "captioning", "torch_models", "cells"}
"""The lessons with cells whose conventions can be a student's own."""

HEADINGS = ("task", "problem", "you write", "checked", "points")


def readme(
    template: str,
    course: Course,
    sources: Mapping[str, str],
    notebooks: Sequence[Notebook],
    example: str,
    there: Collection[str] = (),
    assistants: str = "",
) -> str:
    """The handout's text with its facts filled in: what this course teaches, and how it is graded.

    Lines between `<!-- only: lstm gru -->` and `<!-- end -->` are for courses that teach one of
    these lessons, or one of a backend, `numpy` or `torch`; those for `assistants` are for courses
    that say something of AI assistants, those for `own` for courses in which conventions vary,
    those for `leaderboard` for courses that have one.

    sources: lesson -> text of the reference, for the signatures. notebooks: those that are handed
    out. example: what the check says of one wrong answer. there: the lessons whose files are handed
    out, if more than are asked for. assistants: what is said of AI assistants, or empty.
    """
    taught = course_lessons(course)
    first = taught[0].problems[0]
    coded = [lesson for lesson in taught if not lesson.asks] or taught
    facts = {
        "name": course.name,
        "term": course.term,
        "python": dotted(OLDEST),
        "lesson": taught[0].name,
        "function": first.of,
        "problem": first.name,
        **_of_answers(taught, course),
        "another": coded[-1].problems[-1].name,
        "letters": _letters(taught),
        "notebooks": "\n".join(f"* `{one.name}.ipynb`: {title_of(one)}" for one in notebooks),
        "example": example,
        "machine": machine(course),
        "earlier": earlier_files(course, there),
        "set": f": {course.sets[0].title}" if len(course.sets) == 1 else "",
        "assistants": assistants,
        "varied": _varied(course),
        **_of_leaderboard(course),
        "problems": "\n".join(_problem_tables(course, sources)),
    }
    marks = {lesson.name for lesson in taught} | {str(lesson.backend) for lesson in taught}
    if assistants:
        marks.add("assistants")
    if course.conventions.vary and marks & GATED:
        marks.add("own")
    if course.ranked is not None:
        marks.add("leaderboard")
    template = "".join(_lines_for(template, marks))
    template = _renumbered(template)
    return re.sub(r"\{\{(\w+)\}\}", lambda match: facts[match.group(1)], template)


def _lines_for(template: str, taught: Collection[str]) -> Iterator[str]:
    """The template's lines that are for a course with these lessons and backends."""
    shown = [True]
    for line in template.splitlines(keepends=True):
        if opened := ONLY.fullmatch(line.strip()):
            is_taught = not set(opened[1].split()).isdisjoint(taught)
            shown.append(shown[-1] and is_taught)
        elif line.strip() == END:
            shown.pop()
        elif shown[-1]:
            yield line


def _renumbered(text: str) -> str:
    """The text with the items of its one numbered list counted from 1 on."""
    numbers = count(1)
    return re.sub(r"^\d+\. ", lambda match: f"{next(numbers)}. ", text, flags=re.MULTILINE)


def _varied(course: Course) -> str:
    """`the order of an LSTM's blocks differs`: what students have of their own."""
    varied = course.conventions
    words = []
    if varied.lstm:
        words.append("the order of an LSTM's blocks")
    if varied.gru:
        words.append("the order of a GRU's blocks")
    if varied.z:
        words.append("the state that a GRU's z weighs")
    return f"{listed(words)} {'differs' if len(words) == 1 else 'differ'}"


def _letters(taught: Sequence[Lesson]) -> str:
    """`N batch, T time, D input`: the axes that these lessons declare, as far as all mean the same
    by them.
    """
    declared: set[str] = set()
    for lesson in taught:
        for problem in lesson.problems:
            for tensor in (*problem.takes, *problem.gives):
                declared.update(re.findall("[A-Z]", " ".join(map(str, tensor.axes))))
    names = {lesson.name for lesson in taught}
    words = []
    for letter, (meaning, only_in) in LETTERS.items():
        if letter in declared and (not only_in or names & set(only_in)):
            words.append(f"{letter} {meaning}")
    return ", ".join(words)


def title_of(notebook: Notebook) -> str:
    """A notebook's own heading, without its number: `Gates and depth`."""
    for cell in notebook.cells:
        if heading := re.match(r"# (?:\d+ · )?(.+)", cell.source):
            return heading[1]
    return notebook.name


def machine(course: Course) -> str:
    """What the files are graded with, and what they may take, as sentences."""
    policy = course.policy
    backends = {lesson.backend: lesson for lesson in course_lessons(course)}
    packages = _versions("requirements-grading.txt", "numpy")
    memory = f"{policy.memory_mb} MB of memory"
    if "torch" in backends:
        packages += _versions("requirements-torch.txt", "torch")
        memory += f" ({policy.torch_memory_mb} MB in `{backends['torch'].name}.py`)"
    return (
        f"Your files are graded with Python {dotted(OLDEST)} or a newer one, and "
        f"{listed(packages)}. A problem may take {policy.seconds:g} seconds of processor time and "
        f"{memory}, the whole submission {policy.total_seconds:g} seconds."
    )


def _versions(file: str, package: str) -> list[str]:
    """`numpy 2.2.6 or 2.4.6`: the versions of a package that a file of requirements asks for."""
    requirements = (FILES / file).read_text(encoding="utf-8")
    found = re.findall(rf"^{package}==([\w.]+)", requirements, re.MULTILINE)
    return [f"{package} {' or '.join(found)}"] if found else []


def earlier_files(course: Course, there: Collection[str]) -> str:
    """A paragraph on the files that are there for what earlier problem sets asked; else empty."""
    asked = course.lessons_of("all")
    files = [f"`{name}.py`" for name in lessons.names() if name in there and name not in asked]
    if not files:
        return ""
    it, files_are = ("it", "is") if len(files) == 1 else ("them", "are")
    stub = "its stub" if len(files) == 1 else "their stubs"
    return (
        f"{listed(files)} {files_are} of an earlier problem set, and used again here: put your own "
        f"in the place of {stub} in `recurrent/`. Nothing is asked of {it} in this one.\n\n"
    )


def _problem_tables(course: Course, sources: Mapping[str, str]) -> Iterator[str]:
    """A heading for each problem set, and under it a table for each of its lessons."""
    for problem_set in course.sets:
        taught = [lessons.lesson(name) for name in problem_set.lessons]
        points = sum(course.points_of(problem) for lesson in taught for problem in lesson.problems)
        due = f", due {problem_set.due[:10]}" if problem_set.due else ""
        yield f"### {problem_set.title}: {points:g} points{due}\n"
        for lesson in taught:
            yield f"#### Lesson {lesson.number}, `{lesson.name}.py`: {lesson.title}\n"
            yield from table(HEADINGS, problem_rows(lesson, course, sources[lesson.name]))
            yield ""


def _of_answers(taught: Sequence[Lesson], course: Course) -> dict[str, str]:
    """What is said of short answers, where the course asks for any."""
    files = [lesson.name for lesson in taught if lesson.asks]
    return {
        "answer_files": listed([f"`recurrent/{name}.py`" for name in files]),
        "answers": files[0] if files else "",
        "known_by": KNOWN_BY[course.answers.id],
    }


def _of_leaderboard(course: Course) -> dict[str, str]:
    """What is said of the leaderboard, where the course has one."""
    if course.ranked is None:
        return {}
    limits = course.ranked
    return {"weights": f"{limits.max_bytes / 1e6:g} MB", "scoring": str(limits.max_seconds)}


def problem_rows(lesson: Lesson, course: Course, source: str) -> Iterator[tuple[str, ...]]:
    """A lesson's problems as rows of the table: number, title, call, results, points.

    source: the lesson's file in the reference.
    """
    numbers = task_numbers(course)
    defined = dict(functions(ast.parse(source)))
    for problem in lesson.problems:
        call = signature(problem.of, defined[problem.of])
        if problem.question is not None:
            call = f"{problem.of}()"  # the numbers are the reference's alone
        yield (
            numbers[problem.name],
            _titled(problem),
            f"`{call}`",
            _results(problem.gives),
            f"{course.points_of(problem):g}",
        )


def _titled(problem: Problem) -> str:
    """The title, and the name to check the problem by where that is not its function's."""
    if problem.name == problem.of:
        return problem.title
    return f"{problem.title} (`{problem.name}`)"


def signature(name: str, function: ast.FunctionDef) -> str:
    """The call of a function as its definition has it: `init_lstm(D, H, rng, forget_bias=1.0)`.

    name: `Class.method` for a method, whose `self` is left out.
    """
    arguments = copy.deepcopy(function.args)
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    if "." in name and arguments.args and arguments.args[0].arg == "self":
        del arguments.args[0]
    return f"{name}({ast.unparse(arguments)})"


def _results(tensors: Sequence[Tensor]) -> str:
    """The tensors with their shapes.

    Where a table would burst, those of a stack of layers are named once, dh for dh1, dh2 and dh3,
    and of others only the number is told.
    """
    text = " ".join(_short(tensor) for tensor in tensors)
    # As code: Markdown would read the axes of `ids(_,_)` as stress.
    if len(text) <= LONGEST_CELL:
        return f"`{text}`"
    depth = len({NUMBERED.sub(r"\2", tensor.name) for tensor in tensors if _stem(tensor)})
    if depth == 0:
        return f"{len(tensors)} tensors, see the docstring"
    alone = " ".join(_short(tensor) for tensor in tensors if not _stem(tensor))
    of_layers = " ".join(dict.fromkeys(_stem(tensor) for tensor in tensors if _stem(tensor)))
    return f"`{alone}`, and `{of_layers}` of each of {depth} layers"


def _stem(tensor: Tensor) -> str:
    """`dWx` of `dWx3`; empty for a tensor without a number."""
    found = NUMBERED.fullmatch(tensor.name)
    return found[1] if found else ""


def _short(tensor: Tensor) -> str:
    if not tensor.axes:
        return tensor.name
    return f"{tensor.name}({','.join(tensor.axes)})"
