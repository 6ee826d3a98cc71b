"""The pages as students see them: in a real browser, by keyboard, light and dark, on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.problem import ErrorMap, Finding
from autograder.report.record import as_data, from_data
from tests.browser import CONTRAST, WIDTHS, browser, opened
from tests.classroom.made_up_store import (
    ADA,
    ALAN,
    BARBARA,
    EDSGER,
    GRACE,
    MadeUpStore,
    carried,
    ours,
    wrong,
)
from tests.classroom.test_feedback import pages_of

__all__ = ["browser", "opened"]  # fixtures

pytestmark = pytest.mark.slow

STRUCTURE = """
() => ({
    lang: document.documentElement.lang,
    title: document.title,
    landmarks: ['header', 'main', 'h1'].map(name => document.querySelectorAll(name).length),
    headings: [...document.querySelectorAll('h1, h2, h3')].map(one => Number(one.tagName[1])),
    ids: [...document.querySelectorAll('[id]')].map(one => one.id),
    unnamed: [...document.querySelectorAll('section')].filter(
        one => !document.getElementById(one.getAttribute('aria-labelledby'))).length,
    drawings: [...document.querySelectorAll('svg')].filter(one => !one.ariaLabel).length,
    broken: [...document.querySelectorAll('a[href^="#"]')].filter(
        one => !document.getElementById(one.hash.slice(1))).length,
})
"""


EDGES = """
() => [...document.querySelectorAll('.box [style*="text-indent:-"], .box pre')].map(entry => {
    if (entry.closest('details')) return [];
    const range = document.createRange();
    range.selectNodeContents(entry);
    const label = entry.querySelector('span');
    if (label) range.setStartAfter(label);
    // of each line that it fills, the leftmost
    const lines = new Map();
    for (const one of range.getClientRects()) {
        const top = Math.round(one.bottom);
        if (one.width > 0) lines.set(top, Math.min(one.left, lines.get(top) ?? Infinity));
    }
    return [...lines.values()];
})
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Student -> the page, of one with everything, one with nothing wrong, and those without."""
    made = MadeUpStore(tmp_path_factory.mktemp("feedback") / "class")
    made.hand_in(
        ADA,
        late=True,
        remarks=("notes.txt was left out",),
        rnn_step_forward=wrong("rnn_step_forward", "partial", diagnosis="no_tanh"),
        rnn_forward=carried("rnn_forward", "rnn_step_forward", "no_tanh"),
        rnn_step_backward=wrong("rnn_step_backward", "timeout"),
        rnn_backward=wrong("rnn_backward", "error", printed="a" * 400 + "\nb\n"),
        last_hidden="todo",
        perplexity=ours("perplexity"),
        step_jacobian=_with_a_wide_map("step_jacobian"),
    )
    made.hand_in(ALAN, GRACE)
    made.unreadable(EDSGER, why="there is no Python file in " + "x" * 200)
    made.not_graded(BARBARA)
    pages_of(made)
    folder = made.folder / "feedback"
    found = {}
    for student in (ADA, ALAN, EDSGER, BARBARA):
        (path,) = folder.glob(f"{student.name.lower().replace(' ', '-')}-*.html")
        found[student.name] = path
    return found


def _with_a_wide_map(problem: str) -> dict[str, Any]:
    entry = wrong(problem)
    wide = ErrorMap("J", ("N", "T", "H"), np.ones((14, 3, 80), dtype=bool))
    found = (Finding("values", "J differs", error_map=wide),)
    verdict = replace(from_data(entry["verdict"]), findings=found)
    return entry | {"verdict": as_data(verdict)}


@pytest.mark.parametrize("name", [ADA.name, ALAN.name, EDSGER.name, BARBARA.name])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(
    files: dict[str, Path], opened: Any, name: str, scheme: str
) -> None:
    found = opened(files[name], scheme=scheme).evaluate(CONTRAST)
    assert len(found) > 4
    assert found[0][0] >= 4.5, found[0]


@pytest.mark.parametrize("name", [ADA.name, ALAN.name, EDSGER.name, BARBARA.name])
def test_a_reader_that_cannot_see_finds_the_way(
    files: dict[str, Path], opened: Any, name: str
) -> None:
    found = opened(files[name]).evaluate(STRUCTURE)
    assert found["lang"] == "en" and found["title"] == f"Recurrence: {name}"
    assert found["landmarks"] == [1, 1, 1]
    assert found["headings"][0] == 1
    steps = zip(found["headings"], found["headings"][1:], strict=False)
    assert all(later <= earlier + 1 for earlier, later in steps)
    assert len(found["ids"]) == len(set(found["ids"]))
    assert found["unnamed"] == found["drawings"] == found["broken"] == 0


@pytest.mark.parametrize("name", [ADA.name, ALAN.name, EDSGER.name])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(
    files: dict[str, Path], opened: Any, name: str, width: int
) -> None:
    page = opened(files[name], width=width)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_all_lines_of_an_entry_begin_at_one_edge(
    files: dict[str, Path], opened: Any, width: int
) -> None:
    """Behind its label, or below the label's end: the first line, wrapped ones, what is printed."""
    edges = opened(files[ADA.name], width=width).evaluate(EDGES)
    assert len(edges) > 5 and max(len(lines) for lines in edges) > 1
    flat = [edge for lines in edges for edge in lines]
    assert max(flat) - min(flat) < 1.0


def test_the_two_schemes_differ_and_paper_is_light(files: dict[str, Path], opened: Any) -> None:
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = opened(files[ADA.name]).evaluate(ground)
    page = opened(files[ADA.name], scheme="dark")
    assert page.evaluate(ground) != light
    page.emulate_media(media="print")
    assert page.evaluate(ground) == light
    assert page.evaluate(CONTRAST)[0][0] >= 4.5


def test_the_way_by_keyboard(files: dict[str, Path], opened: Any) -> None:
    """The first stop is what to look at next; a map unfolds as text."""
    page = opened(files[ADA.name])
    page.keyboard.press("Tab")
    focused = "() => document.activeElement.tagName + ' ' + document.activeElement.textContent"
    assert page.evaluate(focused) == "A task 1.1, rnn_step_forward"
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    assert page.evaluate("() => location.hash") == "#rnn_step_forward"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "SUMMARY as text"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.parentElement.open")
    assert page.locator("details[open] pre").first.is_visible()
