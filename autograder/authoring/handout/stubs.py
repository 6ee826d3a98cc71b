"""From solutions to stubs: what stands between the markers becomes one line that says what is to
do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder import lessons
from autograder.authoring.handout.notebooks import load_notebooks, student_version
from autograder.errors import UserError
from autograder.problem import Tensor
from autograder.settings import Course

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
"""nbgrader's markers, so that the same source serves there too."""

LONGEST_ROW = 110


class StubError(UserError):
    """A solution file is marked wrongly; the message says where."""


def stub(source: str, name: str = "this file") -> str:
    """The source with every solution region replaced by `raise NotImplementedError(...)`.

    Raises StubError for markers that do not pair up or that stand outside a function.
    """
    lines: list[str] = []
    function, inside = "", 0
    for number, line in enumerate(source.splitlines(keepends=True), start=1):
        text = line.strip()
        defined = re.match(r"\s*def (\w+)\(", line)
        if defined and not inside:
            function = defined.group(1)
        if text == BEGIN:
            if inside or not function:
                raise StubError(
                    f"{name}, line {number}: a solution begins inside another or outside a function"
                )
            inside = number
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(
                f'{indent}raise NotImplementedError("{function}: to do, see the docstring above")\n'
            )
        elif text == END:
            if not inside:
                raise StubError(f"{name}, line {number}: a solution ends that never began")
            inside = 0
        elif not inside:
            lines.append(line)
    if inside:
        raise StubError(f"{name}, line {inside}: this solution never ends")
    return "".join(lines)


def handout_files(solutions: Path, course: Course) -> dict[str, str]:
    """Path below `assignment/` -> text, for everything that students get to read and write."""
    package = {
        p.relative_to(solutions).as_posix(): p
        for p in sorted((solutions / "recurrent").rglob("*.py"))
    }
    files = {
        name: stub(path.read_text(encoding="utf-8"), path.name) for name, path in package.items()
    }
    notebooks = {
        f"notebooks/{n.name}.ipynb": student_version(n)
        for n in load_notebooks(solutions / "notebooks")
    }
    template = (solutions / "handout.md").read_text(encoding="utf-8")
    return {**files, **notebooks, "README.md": readme(template, course)}


def readme(template: str, course: Course) -> str:
    """The handout's text with its facts filled in: the course's name and term, and a table for each
    problem set.
    """
    facts = {
        "name": course.name,
        "term": course.term,
        "problems": "\n".join(_problem_tables(course)),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: facts[match.group(1)], template)


def _problem_tables(course: Course) -> Iterator[str]:
    taught = {each.name: each for each in lessons.all_lessons()}
    for each in course.sets:
        problems = [p for name in each.lessons if name in taught for p in taught[name].problems]
        due = f", due {each.due[:10]}" if each.due else ""
        yield f"### {each.title}: {sum(map(course.points_of, problems)):g} points{due}\n"
        yield "| problem | file | takes | gives | points |"
        yield "| --- | --- | --- | --- | --- |"
        for p in problems:
            takes, gives = (_row(tensors) for tensors in (p.takes, p.gives))
            yield (
                f"| `{p.name}`: {p.title} | {p.lesson}.py | {takes} | {gives} | "
                f"{course.points_of(p):g} |"
            )
        yield ""


def _row(tensors: Sequence[Tensor]) -> str:
    """The tensors with their shapes, or only how many where a table would burst."""
    text = " ".join(_short(tensor) for tensor in tensors)
    return text if len(text) <= LONGEST_ROW else f"{len(tensors)} tensors, see the docstring"


def _short(tensor: Tensor) -> str:
    return f"{tensor.name}({','.join(tensor.axes)})" if tensor.axes else tensor.name


def write_assignment(solutions: Path, assignment: Path, course: Course) -> list[str]:
    """Bring `assignment/` up to date; the names of the files that changed."""
    changed = stale_files(solutions, assignment, course)
    fresh = handout_files(solutions, course)
    for name in changed:
        path = assignment / name
        if name in fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


def stale_files(solutions: Path, assignment: Path, course: Course) -> list[str]:
    """The files of `assignment/` that are not what solutions and course give today: other, missing,
    left over.
    """
    fresh = handout_files(solutions, course)
    paths = [
        *(assignment / "recurrent").rglob("*.py"),
        *assignment.glob("notebooks/*.ipynb"),
        *assignment.glob("*.md"),
    ]
    there = {
        path.relative_to(assignment).as_posix(): path.read_text(encoding="utf-8") for path in paths
    }
    return sorted(
        name for name in fresh.keys() | there.keys() if fresh.get(name) != there.get(name)
    )
