"""The numbers in the sentences of the README and the first page are the true ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.figures import marks
from autograder.settings import load_course
from tests.adversarial.catalogue import ITEMS
from tests.conftest import COURSE_TOML, ROOT
from tests.docs.pages import DOCS

FIRST = [ROOT / "README.md", DOCS / "index.md"]


def numbers(text: str) -> list[int]:
    """The whole numbers in a text, in order; 3,462 is one."""
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\d|\d", text)]


@pytest.mark.parametrize("page", FIRST, ids=lambda page: page.name)
def test_the_size_of_the_course_is_said_as_it_is(page: Path) -> None:
    course = load_course(COURSE_TOML)
    problems = lessons.all_problems()
    points = sum(course.points_of(problem) for problem in problems)
    text = " ".join(page.read_text(encoding="utf-8").split())
    (said,) = re.findall(r"\d+ files[^.]*?\d+ points", text)
    questions = len(problems) - len(lessons.coded_problems())
    assert numbers(said) == [len(lessons.names()), len(problems), questions, points]


def test_the_readme_says_of_the_proof_what_the_proof_has() -> None:
    begin, end = marks("proof")
    proof = (DOCS / "trust.md").read_text(encoding="utf-8").partition(begin)[2].partition(end)[0]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"has the measurements: (.*?)\.$", readme, re.M | re.S)
    *of_the_proof, hostile = numbers(said)
    assert len(of_the_proof) == 3 and set(of_the_proof) <= {*numbers(proof)}
    assert hostile == len(ITEMS) // 10 * 10
