"""The map as a page: what the lecture says, where it is taught, what students write, the points."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons
from autograder.authoring.drawings import as_image
from autograder.authoring.figures import table
from autograder.authoring.handout.notebooks import Notebook
from autograder.authoring.lecture.slides import (
    Part,
    Section,
    Slide,
    load_lecture,
    refuse_what_is_not_there,
    sections_of,
    statements_of,
)
from autograder.settings import Course

HEAD = ("slide", "what it says", "where", "you write (points)")
REST = ("section", "you write (points)")

TITLE = "# The lecture, slide by slide"

FOR_STUDENTS = """\
Each row is something that the lecture says, in the order of its slides: where a notebook takes it
up, and which of your functions it becomes.
"""

FOR_STAFF = """\
Each row is something that the lecture says, in our words and in the order of its slides: the
section of a notebook that teaches it, and the graded functions with their points. The rows stand in
`solutions/lecture.py`; the points are those of `course.toml`. Students find the same map in their
handout, cut to what their problem set teaches.
"""

BEYOND = """\
## What the slides do not have

These sections go further than the lecture, or make it precise.
"""


@dataclass(frozen=True)
class Place:
    """Where a page lies, seen from what it links to.

    to_drawings: the folder of the drawings. to_notebooks: the folder of the notebooks; None where
    sections are named and not linked to.
    """

    to_drawings: str
    to_notebooks: str | None


IN_HANDOUT = Place("recurrent/pictures/drawings", "notebooks/")
IN_DOCS = Place("../assignment/recurrent/pictures/drawings", None)


def lecture_page(
    solutions: Path,
    course: Course,
    everything: Sequence[Notebook],
    handed_out: Sequence[Notebook],
    place: Place,
) -> str:
    """The map for a course, as Markdown.

    everything: all notebooks, whole. handed_out: those of this course, cut to what it teaches.

    Raises LectureError if the map names what is not there.
    """
    parts = load_lecture(solutions)
    refuse_what_is_not_there(parts, sections_of(everything))
    return "\n".join(_lines(parts, course, sections_of(handed_out), place)) + "\n"


def _lines(
    parts: Sequence[Part], course: Course, sections: Sequence[Section], place: Place
) -> Iterator[str]:
    points = _points(course)
    where = {section.words: _linked(section, place) for section in sections}
    yield f"{TITLE}\n"
    yield FOR_STAFF if place.to_notebooks is None else FOR_STUDENTS
    yield as_image("patterns", place.to_drawings) + "\n"
    for part in parts:
        rows = [row for slide in part.slides for row in _rows(slide, points, where)]
        if rows:
            yield f"## {part.title}\n"
            yield from table(HEAD, rows)
            yield ""
    rest = list(_rest(parts, points, sections, where))
    if rest:
        yield BEYOND
        yield from table(REST, rest)


def _points(course: Course) -> dict[str, float]:
    """Problem -> points, for what this course grades."""
    found = {}
    for name in course.lessons_of("all"):
        for problem in lessons.lesson(name).problems:
            found[problem.name] = course.points_of(problem)
    return found


def _linked(section: Section, place: Place) -> str:
    if place.to_notebooks is None:
        return section.heading
    return f"[{section.heading}]({place.to_notebooks}{section.notebook}.ipynb)"


def _rows(
    slide: Slide, points: Mapping[str, float], where: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    """A row for each statement that is taught; the slide's title stands in the first of them."""
    title = slide.title
    for statement in slide.statements:
        taught = [where[words] for words in statement.sections if words in where]
        if taught:
            yield title, statement.says, "<br>".join(taught), _graded(statement.problems, points)
            title = ""


def _graded(problems: Collection[str], points: Mapping[str, float]) -> str:
    graded = [f"`{name}` ({points[name]:g})" for name in problems if name in points]
    return ", ".join(graded)


def _rest(
    parts: Sequence[Part],
    points: Mapping[str, float],
    sections: Sequence[Section],
    where: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """The sections, and their problems, that no statement names."""
    named: set[str] = set()
    taught: set[str] = set()
    for statement in statements_of(parts):
        named.update(statement.problems)
        taught.update(statement.sections)
    for section in sections:
        others = [name for name in section.problems if name not in named]
        if others or (section.has_code and section.words not in taught):
            yield where[section.words], _graded(others, points)
