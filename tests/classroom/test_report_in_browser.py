"""The report as staff see it: a real browser opens the file, sorts by keyboard, reads colours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.people import Student
from autograder.classroom.report import as_html
from autograder.classroom.report.page import page_of
from autograder.classroom.report.rendering import NOTHING
from autograder.classroom.standing import Lateness, Standing, standings
from autograder.cli import FROZEN
from autograder.grade import casebooks
from autograder.settings import Late
from tests.browser import CONTRAST, WIDTHS, browser, opened
from tests.classroom.made_up_store import ADA, BARBARA, EDSGER, GRACE, students, wrong
from tests.classroom.test_report import large

__all__ = ["browser", "opened"]  # fixtures

pytestmark = pytest.mark.slow

COLUMN = """
() => [...document.querySelectorAll('[aria-labelledby=problems-table] tbody tr')]
    .map(row => Number(row.cells[1].textContent))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report on a class with one of everything, with names and without."""
    folder = tmp_path_factory.mktemp("report")
    made = large(folder / "class", 40)
    made.hand_in(ADA, GRACE, rnn_forward=wrong("rnn_forward", diagnosis="h0_ignored"))
    for student in students(43)[40:]:
        step = wrong("rnn_step_forward", digest="aa11")
        made.hand_in(student, rnn_step_forward=step, rnn_forward=wrong("rnn_forward", digest="bb"))
    made.unreadable(EDSGER)
    made.not_graded(BARBARA)
    late = Lateness(days=2, slipped=1, lost=0.1, why="2 days after the due date", extended="ill")
    found = []
    for number, one in enumerate(standings(made.store, made.course, made.set)):
        told = {**vars(one), "lateness": late, "penalty": 1.0, "final": one.raw - 1.0}
        found.append(Standing(**told) if number % 4 == 0 else one)
    paths = {}
    for name in ("named", "anonymous"):
        books = casebooks(FROZEN)
        page = page_of(found, made.course, made.set, books, anonymous=name == "anonymous")
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(as_html(page), encoding="utf-8")
    return paths


DESKS = (1200, 1280, 1366, 1440, 1920)
"""Widths at which every table is seen whole."""

CUT = """
() => [...document.querySelectorAll('table')]
    .map(table => [table.caption.textContent, table.scrollWidth, table.parentElement.clientWidth])
    .filter(([, wide, room]) => wide > room)
"""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in which every table has all its columns, and long texts in them."""
    made = large(tmp_path_factory.mktemp("full") / "class", 120)
    made.hand_in(
        Student("Maximiliana Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh", "1", "a@b.c"),
        late=True,
        rnn_forward=wrong("rnn_forward", digest="aa", text="x" * 70),
    )
    course = replace(made.course, late=Late(per_day=0.1, slip_days=1))
    lines = ["student,set,due,note", "s00005,recurrence,2027-02-06T12:00,in hospital until Friday"]
    lines.append("s00010,recurrence,2027-02-06T12:00,antidisestablishmentarianism-conference")
    (made.folder / "extensions.csv").write_text("\n".join(lines) + "\n")
    found = standings(made.store, course, made.set)
    page = page_of(found, course, made.set, casebooks(FROZEN))
    dear = replace(page.problems[0].row.item, lost_here=12345.67, correlation=-0.31)
    rows = []
    for one in page.problems:
        item = replace(dear, problem=one.row.item.problem)
        row = replace(
            one.row, item=item, remark="stronger students do no better: check the problem"
        )
        rows.append(replace(one, row=row))
    out = made.folder / "full.html"
    out.write_text(as_html(replace(page, problems=tuple(rows))), encoding="utf-8")
    return out


@pytest.mark.parametrize("name", ["named", "anonymous"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(
    files: dict[str, Path], opened: Any, name: str, scheme: str
) -> None:
    page = opened(files[name], scheme=scheme)
    found = page.evaluate(CONTRAST)
    assert len(found) > 1000
    assert found[0][0] >= 4.5, found[0]


def test_the_two_schemes_differ(files: dict[str, Path], opened: Any) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        page = opened(files["named"], scheme=scheme)
        grounds.add(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2


@pytest.mark.parametrize("name", ["named", "anonymous"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(
    files: dict[str, Path], opened: Any, name: str, width: int
) -> None:
    page = opened(files[name], width=width)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", DESKS)
def test_no_table_is_cut_on_a_desk(
    files: dict[str, Path], full: Path, opened: Any, width: int
) -> None:
    for path in (full, *files.values()):
        page = opened(path, width=width)
        assert page.evaluate(CUT) == []
        assert page.locator(".scroll.wide").count() == 0
    heads = opened(full).locator("[aria-labelledby=late-table] thead th").all_inner_texts()
    assert len(heads) == 10, "or it has not every column"


def test_a_table_that_is_cut_says_so(full: Path, opened: Any) -> None:
    page = opened(full, width=500)
    hint = "() => getComputedStyle(document.querySelector('.scroll.wide'), '::before').content"
    assert "Scroll sideways" in page.evaluate(hint)
    cut = page.evaluate(CUT)
    assert len(cut) == page.locator(".scroll.wide").count() > 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function("() => !document.querySelector('.scroll.wide')")


@pytest.mark.parametrize("width", DESKS)
def test_no_fact_stands_alone_in_a_row(files: dict[str, Path], opened: Any, width: int) -> None:
    page = opened(files["named"], width=width)
    tops = page.evaluate(
        "() => [...document.querySelectorAll('.facts > div')]"
        ".map(one => one.getBoundingClientRect().top)"
    )
    assert len(tops) == 7 and all(tops.count(top) > 1 for top in tops)


def test_the_column_that_stays_leaves_room_for_the_others(
    files: dict[str, Path], opened: Any
) -> None:
    page = opened(files["named"], width=400)
    shares = page.evaluate(
        "() => [...document.querySelectorAll('.scroll')].map(one => "
        "(one.querySelector('tbody th')?.offsetWidth ?? 0) / one.clientWidth)"
    )
    assert len(shares) > 10 and max(shares) < 0.6


def test_a_table_is_sorted_by_keyboard(files: dict[str, Path], opened: Any) -> None:
    page = opened(files["named"])
    table = page.locator("[aria-labelledby=problems-table]")
    before = page.evaluate(COLUMN)
    assert before != sorted(before) and before != sorted(before, reverse=True)

    table.focus()
    page.keyboard.press("Tab")  # the first heading
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Points"
    heading = table.locator("th", has_text="Points").first
    page.keyboard.press("Enter")
    assert page.evaluate(COLUMN) == sorted(before)
    assert heading.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert page.evaluate(COLUMN) == sorted(before, reverse=True)
    assert heading.get_attribute("aria-sort") == "descending"
    assert page.evaluate("() => document.activeElement.textContent") == "Points"

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(COLUMN) == before, "by the course's order again"
    assert heading.get_attribute("aria-sort") is None
    assert table.locator("[aria-sort]").count() == 1


@pytest.mark.parametrize(
    "heading", ["Share, who tried", "Discrimination", "Gap", "Alpha without", "Points lost here"]
)
def test_numbers_are_sorted_as_numbers(files: dict[str, Path], opened: Any, heading: str) -> None:
    """Below zero, and with digits after the point: 0.9 is more than 0.45, and -0.1 less than 0."""
    page = opened(files["named"])
    table = page.locator("[aria-labelledby=problems-table]")
    place = table.locator("thead th").all_inner_texts().index(heading)
    table.locator("thead button").nth(place).click()
    cells = table.locator(f"tbody tr > :nth-child({place + 1})")
    texts = [text.replace("−", "-").strip(" %") for text in cells.all_inner_texts()]
    found = [float(text) for text in texts if text != NOTHING]
    assert texts[len(found) :] == [NOTHING] * (len(texts) - len(found)), "and none comes last"
    assert found == sorted(found) and len(set(found)) > 3


def test_names_are_sorted_as_names(files: dict[str, Path], opened: Any) -> None:
    page = opened(files["anonymous"])
    table = page.locator("[aria-labelledby=students-table]")
    table.locator("thead button").first.click()
    found = [int(text.split()[1]) for text in table.locator("tbody th").all_inner_texts()]
    assert found == sorted(found) and len(found) > 40


def test_what_has_no_number_is_sorted_last(files: dict[str, Path], opened: Any) -> None:
    page = opened(files["named"])
    table = page.locator("[aria-labelledby=students-table]")
    button = table.locator("thead button", has_text="Earned")
    for _ in range(2):
        button.click()
        last = table.locator("tbody tr").last
        assert "–" in last.inner_text()


def test_every_table_sorts_by_every_heading(files: dict[str, Path], opened: Any) -> None:
    page = opened(files["named"])
    rows = page.locator("tbody tr").count()
    count = page.evaluate(
        "() => { const all = document.querySelectorAll('thead button');"
        " for (const one of all) one.click(); return all.length; }"
    )
    assert count > 50 and page.locator("tbody tr").count() == rows


def test_the_first_key_leads_to_the_report(files: dict[str, Path], opened: Any) -> None:
    page = opened(files["named"])
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    box = skip.bounding_box()
    assert box["x"] >= 0 and box["y"] >= 0, "it is seen as soon as it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "report"


def test_what_has_the_focus_is_seen(files: dict[str, Path], opened: Any) -> None:
    page = opened(files["named"])
    kinds = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        kind, style, width = page.evaluate(
            "() => { const one = document.activeElement, style = getComputedStyle(one);"
            " return [one.tagName, style.outlineStyle, parseFloat(style.outlineWidth)]; }"
        )
        kinds.add(kind)
        assert style == "solid" and width >= 2, kind
    assert {"A", "BUTTON", "DIV"} <= kinds


def test_printed_it_has_neither_buttons_nor_a_menu(files: dict[str, Path], opened: Any) -> None:
    page = opened(files["named"], width=720, scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.evaluate("() => getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 720
    assert page.evaluate(CONTRAST)[0][0] >= 4.5


def test_a_link_opens_what_is_folded(files: dict[str, Path], opened: Any) -> None:
    """What only follows from another unforeseen mistake is folded, and submissions lead there."""
    page = opened(files["named"])
    folded = page.locator("details article h4").first
    assert not folded.is_visible()
    anchor = folded.get_attribute("id")
    page.locator(f'td a[href="#{anchor}"]').last.click()
    folded.wait_for(state="visible")
