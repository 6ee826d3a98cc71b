"""Pictures as a browser draws them, on the light and the dark ground of a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.levels import EXACT
from autograder.report.page import html
from autograder.report.picture import picture_of
from tests.browser import CONTRAST, WIDTHS, browser, opened
from tests.test_picture import ALL_WRONG, ONLY_A_MAP, WRONG

__all__ = ["browser", "opened"]  # fixtures

GROUNDS = {"light": ("#ffffff", "#212121"), "dark": ("#111111", "#e0e0e0")}
"""JupyterLab's two themes: the ground, and the colour of text."""

OUTSIDE = """
() => [...document.querySelectorAll('svg')].flatMap(svg => {
    const frame = svg.getBoundingClientRect();
    return [...svg.children].filter(child => {
        const box = child.getBoundingClientRect();
        return box.left < frame.left - 1 || box.right > frame.right + 1
            || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
    }).map(child => child.outerHTML);
})
"""
"""What a drawing cuts off."""

OVERLAPS = """
() => [...document.querySelectorAll('svg')].flatMap(svg => {
    const texts = [...svg.querySelectorAll('text')];
    const boxes = texts.map(text => text.getBoundingClientRect());
    return boxes.flatMap((one, number) => boxes.slice(number + 1).filter(other =>
        one.left < other.right - 1 && other.left < one.right - 1
        && one.top < other.bottom - 4 && other.top < one.bottom - 4
    ).map(other => texts[number].textContent + texts[boxes.indexOf(other)].textContent));
})
"""
"""Labels that are written over one another."""


@pytest.fixture
def page(tmp_path: Path, opened: Any) -> Any:
    def open_page(scheme: str, width: int = 1280) -> Any:
        ground, colour = GROUNDS[scheme]
        shown = [picture_of(one, EXACT).as_html() for one in (WRONG, ALL_WRONG, ONLY_A_MAP)]  # type: ignore[union-attr]
        body = "".join(f"<div>{one}</div>" for one in shown)
        style = f"background:{ground};color:{colour};margin:8px;font:13px sans-serif"
        path = tmp_path / f"{scheme}.html"
        text = f'<!doctype html><meta charset="utf-8"><body style="{style}">{body}</body>'
        path.write_text(text, encoding="utf-8")
        return opened(path, width=width)

    return open_page


@pytest.mark.parametrize("scheme", GROUNDS)
def test_all_text_of_a_picture_stands_out_from_its_ground(page: Any, scheme: str) -> None:
    found = page(scheme).evaluate(CONTRAST)
    assert len(found) > 30
    assert found[0][0] >= 4.5, found[0]


def test_nothing_is_cut_off_and_no_label_lies_on_another(page: Any) -> None:
    drawn = page("light")
    drawn.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    assert drawn.evaluate(OUTSIDE) == []
    assert drawn.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_is_no_wider_than_a_telephone(page: Any, width: int) -> None:
    drawn = page("light", width)
    drawn.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    assert drawn.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_verdict_with_its_picture_is_a_page(tmp_path: Path, opened: Any) -> None:
    path = tmp_path / "verdict.html"
    path.write_text(f'<!doctype html><meta charset="utf-8">{html(WRONG, EXACT)}', encoding="utf-8")
    seen = opened(path).evaluate("() => document.querySelectorAll('svg[role=img]').length")
    assert seen == 2
