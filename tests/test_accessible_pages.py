"""Every page that is written, in a real browser: for readers without eyes, mouse or colours.

What a notebook and Gradescope are given is a part of a page; here it stands on one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.authoring.staff.oral import as_html
from autograder.check.results import CheckedMany
from autograder.levels import EXACT
from autograder.problem import ErrorMap, Finding, Status, Verdict
from autograder.report.systems.maps import as_svg
from autograder.report.words import MARKS
from tests.browser import CONTRAST, browser, opened
from tests.classroom.made_up_store import MadeUpStore
from tests.classroom.test_feedback_in_browser import files as feedback
from tests.classroom.test_report_in_browser import files as reports
from tests.classroom.test_similar import an_export, run
from tests.picture_of_results import page as page_of_results
from tests.test_pictures_in_browser import GROUNDS
from tests.test_staff import ORAL

__all__ = ["browser", "feedback", "opened", "reports"]  # fixtures

pytestmark = pytest.mark.slow

COMPLAINTS = """
() => {
    const all = selector => [...document.querySelectorAll(selector)];
    const named = one => (one.ariaLabel || one.textContent).trim() !== '';
    const found = [];
    const expect = (ok, what, where) => {
        if (!ok) found.push(`${what}: ${where ? where.outerHTML.slice(0, 90) : ''}`);
    };
    expect(document.documentElement.lang === 'en', 'no language');
    expect(document.title !== '', 'no title');
    expect(all('h1').length === 1, 'not one h1');
    const levels = all('h1, h2, h3, h4, h5, h6').map(one => Number(one.tagName[1]));
    expect(levels[0] === 1, 'the first heading is no h1');
    levels.slice(1).forEach((one, i) => expect(one <= levels[i] + 1, `h${one} skips a level`));
    for (const table of all('table')) {
        expect(table.querySelector('thead th, tbody th'), 'a table without heads', table);
        expect(table.caption && named(table.caption), 'a table without a caption', table);
    }
    for (const head of all('th')) {
        expect(['col', 'row', 'colgroup', 'rowgroup'].includes(head.scope), 'no scope', head);
        expect(named(head), 'an empty head', head);
    }
    for (const drawing of all('svg')) {
        const described = drawing.getAttribute('role') === 'img' && drawing.ariaLabel;
        expect(described || drawing.ariaHidden === 'true', 'a drawing without words', drawing);
    }
    for (const chart of all('svg.chart')) {
        const section = chart.closest('section');
        expect(section.querySelector('table'), 'a chart without a table', chart);
    }
    for (const picture of all('img')) expect(picture.alt, 'a picture without words', picture);
    for (const one of all('a[href], button, summary')) expect(named(one), 'no name', one);
    for (const one of all('input, select, textarea'))
        expect(one.labels.length || one.ariaLabel, 'no label', one);
    for (const one of all('[role=region], nav, section')) {
        const label = one.getAttribute('aria-labelledby');
        expect(one.ariaLabel || (label && document.getElementById(label)), 'no label', one);
    }
    for (const one of all('a[href^="#"]'))
        expect(document.getElementById(one.hash.slice(1)), 'leads nowhere', one);
    for (const one of all('[tabindex]')) expect(one.tabIndex <= 0, 'an order of its own', one);
    const ids = all('[id]').map(one => one.id);
    expect(ids.length === new Set(ids).size, 'an id that two have');
    return found;
}
"""

FOCUS = """
() => {
    const look = getComputedStyle(document.activeElement);
    return look.outlineStyle !== 'none';
}
"""


@pytest.fixture(scope="module")
def pages(
    reports: dict[str, Path], feedback: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Name -> a whole page."""
    folder = tmp_path_factory.mktemp("pages")
    made = MadeUpStore(folder / "class")
    assert run(made.folder, "--source", an_export(folder / "assignment_7_export", made)) == 0
    questions = folder / "questions.html"
    questions.write_text(as_html(ORAL, "A course"), encoding="utf-8")
    found = {"similar": made.folder / "similar.html", "questions": questions}
    found |= {f"report {name}": path for name, path in reports.items()}
    return found | {f"feedback {name}": path for name, path in feedback.items()}


NAMES = (
    "similar",
    "questions",
    "report named",
    "report anonymous",
    "feedback Ada Lovelace",
    "feedback Alan Turing",
    "feedback Edsger Dijkstra",
    "feedback Barbara Liskov",
)


def test_no_page_is_left_out(pages: dict[str, Path]) -> None:
    assert sorted(pages) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_be_heard(pages: dict[str, Path], opened: Any, name: str) -> None:
    assert opened(pages[name]).evaluate(COMPLAINTS) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_of_a_page_stands_out(
    pages: dict[str, Path], opened: Any, name: str, scheme: str
) -> None:
    least = opened(pages[name], scheme=scheme).evaluate(CONTRAST)[0]
    assert least[0] >= 4.5, least


@pytest.mark.parametrize("name", ["similar", "report named", "feedback Ada Lovelace"])
def test_what_the_keyboard_reaches_is_seen(pages: dict[str, Path], opened: Any, name: str) -> None:
    page = opened(pages[name])
    stops = 0
    for _ in range(8):
        page.keyboard.press("Tab")
        if not page.evaluate("() => document.activeElement === document.body"):
            stops += 1
            assert page.evaluate(FOCUS), page.evaluate("() => document.activeElement.outerHTML")
    assert stops >= 2


# --------------------------------------------------------------------------------- parts of a page

MAP = ErrorMap("next_h", ("N", "H"), np.eye(3, 4) > 0)


def verdict(status: Status, **changes: Any) -> Verdict:
    """A verdict with one of everything that can be said of it."""
    found = Finding("values", "next_h differs", error_map=None if status == "passed" else MAP)
    made = Verdict("rnn_step_forward", "rnn", "One step", status, score=0.0, max_score=6.0)
    filled = {"findings": (found,), "hints": ("First?", "Second."), "printed": "a line"}
    return replace(made, **{"outputs": {"next_h": "wrong"}, **filled, **changes})


def every_verdict() -> list[Verdict]:
    """Each status; what is carried; an answer of which only the form is known."""
    found = [verdict(status) for status in MARKS]
    found.append(verdict("failed", outputs={"next_h": "carried"}))
    return [*found, verdict("todo", outputs={"value": "open"})]


def in_gradescope() -> str:
    from autograder.report.page import html

    tests = []
    for one in every_verdict():
        test = {"name": one.problem, "score": 0, "max_score": 6, "status": "failed"}
        tests.append({**test, "output": html(one, EXACT, graphs=False)})
    return "".join(test["output"] for test in tests)


def in_a_notebook() -> str:
    return CheckedMany(every_verdict(), EXACT)._repr_html_()


PARTS: dict[str, Callable[[], str]] = {"Gradescope": in_gradescope, "a notebook": in_a_notebook}


def on_a_page(part: str, folder: Path, scheme: str = "light") -> Path:
    ground, colour = GROUNDS[scheme]
    path = folder / f"{scheme}.html"
    style = f"background:{ground};color:{colour};font:13px sans-serif"
    head = '<meta charset="utf-8"><title>A part</title>'
    path.write_text(
        f'<!doctype html><html lang="en">{head}<body style="{style}"><h1>A part</h1>{part}',
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("where", PARTS)
def test_a_part_of_a_page_can_be_heard(where: str, opened: Any, tmp_path: Path) -> None:
    assert opened(on_a_page(PARTS[where](), tmp_path)).evaluate(COMPLAINTS) == []


@pytest.mark.parametrize("where", PARTS)
@pytest.mark.parametrize("scheme", GROUNDS)
def test_all_text_of_a_part_stands_out_and_a_sign_is_made_out_in_the_dark(
    where: str, scheme: str, opened: Any, tmp_path: Path
) -> None:
    found = opened(on_a_page(PARTS[where](), tmp_path, scheme)).evaluate(CONTRAST)
    signs = [one for one in found if one[1].startswith(('<span style="color:', '<b style="color:'))]
    words = [one for one in found if one not in signs]
    assert len(signs) >= len(MARKS) and len(words) > 30
    assert words[0][0] >= 4.5, words[0]
    assert signs[0][0] >= (4.5 if scheme == "light" else 3.0), signs[0]


def test_a_map_that_is_a_file_says_what_it_shows() -> None:
    assert 'role="img" aria-label="next_h: 3 of 12 numbers are wrong, N down, H across"' in as_svg(
        MAP
    )


def test_the_picture_in_these_pages_has_a_language() -> None:
    assert "lang=en" in page_of_results({"output": "", "tests": []})
