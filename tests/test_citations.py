"""The source of every misconception can be looked up, and looking it up gives no answer away."""

from __future__ import annotations

import re

import pytest

from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.handout.leaks import leaks, secret_lines
from tests.conftest import ROOT

SOLUTIONS = ROOT / "solutions"
DOCS = ROOT / "docs"
DOCUMENT = "docs/misconceptions.md"

MISCONCEPTIONS = load_answers(SOLUTIONS).misconceptions


@pytest.fixture(scope="module")
def entries() -> list[int]:
    """The numbers of the document's entries, in the order in which they stand there."""
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    return [int(number) for number in re.findall(r"^### (\d+)\. \S", text, flags=re.MULTILINE)]


def test_every_source_is_own_or_an_entry_of_the_document(entries: list[int]) -> None:
    sources = {"own", "seen in real submissions"} | {f"{DOCUMENT} {number}" for number in entries}
    assert len(MISCONCEPTIONS) > 500
    assert {m.id: m.source for m in MISCONCEPTIONS if m.source not in sources} == {}


def test_entries_are_numbered_from_1_without_gaps_or_repeats(entries: list[int]) -> None:
    assert entries
    # A new entry may stand at the end of its section, so the order on the page is free.
    assert sorted(entries) == list(range(1, len(entries) + 1))


def test_every_heading_of_the_third_level_is_an_entry(entries: list[int]) -> None:
    """A heading in another form would drop out of the list of entries unseen."""
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    assert len(re.findall(r"^###", text, flags=re.MULTILINE)) == len(entries)


def test_no_line_of_a_solution_or_a_patch_is_in_the_documentation() -> None:
    assert leaks(DOCS, secret_lines(SOLUTIONS, MISCONCEPTIONS)) == []
