"""The map of the lecture: no statement without a section, and nothing named that is not there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.handout.assignment import FROZEN, LECTURE, handout_files
from autograder.authoring.handout.cutting import Taught, cut, whole
from autograder.authoring.handout.notebooks import load_notebooks, notebooks_for
from autograder.authoring.lecture.page import IN_DOCS, IN_HANDOUT, lecture_page
from autograder.authoring.lecture.slides import (
    LectureError,
    Part,
    Slide,
    Statement,
    load_lecture,
    refuse_what_is_not_there,
    sections_of,
    statements_of,
)
from autograder.settings import load_course
from tests.conftest import COURSE_TOML, ROOT

SOLUTIONS = ROOT / "solutions"
PARTS = load_lecture(SOLUTIONS)
NOTEBOOKS = [whole(notebook) for notebook in load_notebooks(SOLUTIONS / "notebooks")]
SECTIONS = sections_of(NOTEBOOKS)
COURSE = load_course(COURSE_TOML)

TITLES = (
    "The Space of Architectures",
    "(Vanilla) Recurrent Neural Network",
    "Recurrent Neural Network",
    "RNN: Computational Graph: Many to Many",
    "Example: Character-level Language Model",
    "Searching for interpretable cells",
    "Multilayer RNNs",
    "Vanilla RNN Gradient Flow",
    "Long Short Term Memory (LSTM)",
    "Meet LSTMs",
    "LSTMs Intuition: Memory",
    "LSTMs Intuition: Forget Gate",
    "LSTMs Intuition: Input Gate",
    "LSTMs Intuition: Memory Update",
    "LSTMs Intuition: Output Gate",
    "LSTMs Intuition: Additive Updates",
    "LSTMs",
    "LSTM Variants: Gated Recurrent Units",
    "Other RNN Variants",
    "Neural Image Captioning",
    "One-hot representations",
    "An aside: Representing words",
    "Distributed Representations Toy Example",
    "Power of distributed representations!",
    "Vector representations",
    "Linguistic regularities in word vectors",
    "Word representations using RNNs",
    "Potential Input Representations",
    "Beam Search",
    "Summary",
    "Machine Translation with RNNs and Attention",
    "The Transformer",
)
"""Of the slides that say something, each once."""


def page(course=COURSE, handed_out=NOTEBOOKS, place=IN_DOCS) -> str:  # type: ignore[no-untyped-def]
    return lecture_page(SOLUTIONS, course, NOTEBOOKS, handed_out, place)


def test_every_slide_has_a_row_and_every_row_a_slide() -> None:
    slides = [slide for part in PARTS for slide in part.slides]
    assert sorted(slide.title for slide in slides) == sorted(TITLES)
    assert all(slide.statements for slide in slides)
    assert all(part.slides for part in PARTS)
    assert all(statement.says.endswith((".", "?", "!")) for statement in statements_of(PARTS))


def test_every_section_and_every_problem_that_it_names_is_there() -> None:
    refuse_what_is_not_there(PARTS, SECTIONS)
    words = [section.words for section in SECTIONS if section.has_code]
    assert len(set(words)) == len(words), "a section is named by its words alone"


def test_a_problem_is_taught_where_the_map_says() -> None:
    """A section that a statement names has the check cells of the problems that it names."""
    problems_in = {section.words: set(section.problems) for section in SECTIONS}
    astray = []
    for statement in statements_of(PARTS):
        here = set().union(*(problems_in[words] for words in statement.sections))
        astray += [name for name in statement.problems if name not in here]
    assert astray == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (Statement("It rains.", ()), "'It rains.' is taught nowhere: name a section"),
        (
            Statement("It rains.", ("Weather",)),
            "'It rains.' names a section 'Weather', which no notebook has",
        ),
        (
            Statement("It rains.", ("One step",), ("rain_forward",)),
            "'It rains.' names a problem rain_forward, which there is not",
        ),
    ],
)
def test_what_is_not_there_is_named(statement: Statement, said: str) -> None:
    parts = (Part("Weather", (Slide("Rain", (statement,)),)),)
    with pytest.raises(LectureError, match=re.escape(said)):
        refuse_what_is_not_there(parts, SECTIONS)


def test_every_problem_of_the_course_is_on_the_page_once_with_its_points() -> None:
    found = re.findall(r"`(\w+)` \(([\d.]+)\)", page())
    wanted = []
    for name in COURSE.lessons_of("all"):
        for problem in lessons.lesson(name).problems:
            wanted.append((problem.name, f"{COURSE.points_of(problem):g}"))
    assert sorted(found) == sorted(wanted)


def test_every_lesson_of_the_lecture_is_under_a_statement() -> None:
    """Not only among what the slides do not have."""
    named = {name for statement in statements_of(PARTS) for name in statement.problems}
    lessons_named = {lessons.find(name).lesson for name in named}
    taught = [problem_set for problem_set in COURSE.sets if problem_set.name != "beyond"]
    coded = {problem.lesson for problem in lessons.coded_problems()}
    assert {name for one in taught for name in one.lessons} & coded <= lessons_named


def test_every_section_with_code_is_on_the_page() -> None:
    text = page()
    assert [one.heading for one in SECTIONS if one.has_code and one.heading not in text] == []


def test_points_are_those_of_the_course() -> None:
    other = replace(COURSE, points={"rnn_forward": 7.0, "rnn_backward": 7.5})
    assert "`rnn_forward` (7)" in page(other)
    assert "`rnn_backward` (7.5)" in page(other)


@pytest.mark.parametrize("name", [problem_set.name for problem_set in COURSE.sets])
def test_it_is_cut_to_what_a_set_teaches(name: str) -> None:
    """It names no function that is not asked for, and links to no notebook that is not there."""
    course = COURSE.only(name)
    graded = frozenset(course.lessons_of("all"))
    taught = Taught(graded, graded | frozenset(COURSE.lessons_before(name)))
    scripts = load_notebooks(SOLUTIONS / "notebooks")
    handed_out = [cut(notebook, taught) for notebook in notebooks_for(scripts, graded)]
    text = page(course, handed_out, IN_HANDOUT)
    asked = {problem.name for one in graded for problem in lessons.lesson(one).problems}
    assert set(re.findall(r"`(\w+)` \(", text)) == asked
    linked = set(re.findall(r"\(notebooks/(\w+)\.ipynb\)", text))
    assert linked == {notebook.name for notebook in handed_out}
    assert "solutions" not in text


def test_the_page_of_the_handout_is_up_to_date_and_links_to_what_is_there() -> None:
    folder = ROOT / "assignment"
    text = (folder / LECTURE).read_text(encoding="utf-8")
    assert text == handout_files(SOLUTIONS, COURSE, FROZEN)[LECTURE], "run `make assignment`"
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    assert len(links) > 50
    assert {link for link in links if not (folder / link).is_file()} == set()


def test_the_file_has_nothing_that_only_a_student_or_only_staff_should_read() -> None:
    """No number of a section, which would be wrong after the next one is put in."""
    source = Path(SOLUTIONS / "lecture.py").read_text(encoding="utf-8")
    assert re.findall(r"[\"'\(]\d\.\d ", source) == []


def test_a_notebook_without_a_section_is_refused_in_a_sentence() -> None:
    bare = replace(NOTEBOOKS[0], cells=NOTEBOOKS[0].cells[:1])
    with pytest.raises(LectureError, match=rf"{bare.name}\.py has no section: begin one"):
        sections_of([bare])
