"""Every colour that a text has, on every ground that it stands on, by what the styles say."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from autograder.report.blocks import MAP_STYLES
from autograder.report.heat_map import WRONG
from autograder.report.page import COLOURS
from tests.conftest import ROOT
from tests.test_drawings import contrast

TEXT, DRAWING = 4.5, 3.0
"""The least contrast of a text and of what is drawn (WCAG 1.4.3 and 1.4.11)."""

WHITE, DARKEST = "#ffffff", "#111111"
"""The grounds of Gradescope and of JupyterLab's dark theme."""

AUTOGRADER = ROOT / "autograder"
SHEETS = {
    AUTOGRADER / "classroom/feedback/templates/page.css": (
        "text quiet good partly bad link",
        "page raised",
    ),
    AUTOGRADER / "classroom/report/templates/style.css": ("ink soft link", "ground raised"),
    AUTOGRADER / "classroom/similar/page.html.jinja": ("text", "back soft warn"),
    AUTOGRADER / "authoring/staff/questions.html.jinja": ("text", "back soft warn"),
}
"""Style sheet -> the names of its colours of texts, and of its grounds."""


def schemes(sheet: Path) -> list[dict[str, str]]:
    """The colours of each block `:root`, later ones on top of the first."""
    found: list[dict[str, str]] = []
    for block in re.findall(r":root \{([^}]*)\}", sheet.read_text(encoding="utf-8")):
        colours = re.findall(r"--(\w+): (#[0-9a-fA-F]{3,6});", block)
        here = {name: long(colour) for name, colour in colours}
        found.append({**(found[0] if found else {}), **here})
    return found


def long(colour: str) -> str:
    """`#111` as `#111111`."""
    return colour if len(colour) == 7 else "#" + "".join(2 * letter for letter in colour[1:])


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.parent.parent.name)
def test_every_text_stands_out_from_every_ground(sheet: Path) -> None:
    texts, grounds = map(str.split, SHEETS[sheet])
    found = schemes(sheet)
    assert len(found) >= 2, "a light scheme and a dark one"
    for scheme, text, ground in product(found, texts, grounds):
        assert contrast(scheme[text], scheme[ground]) >= TEXT, (text, ground, scheme[text])


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.parent.parent.name)
def test_no_text_has_a_colour_that_is_not_looked_at(sheet: Path) -> None:
    texts, grounds = map(str.split, SHEETS[sheet])
    style = re.sub(r"<(?!style).*?>", "", sheet.read_text(encoding="utf-8"))
    assert set(re.findall(r"[ ;{]color: var\(--(\w+)\)", style)) <= {*texts}
    assert set(re.findall(r"background: var\(--(\w+)\)", style)) <= {*grounds}


@pytest.mark.parametrize("name", COLOURS)
def test_a_status_can_be_read_on_white_and_made_out_in_the_dark(name: str) -> None:
    assert contrast(COLOURS[name], WHITE) >= TEXT
    assert contrast(COLOURS[name], DARKEST) >= DRAWING


def test_the_feedback_page_has_its_own_colour_for_each_status() -> None:
    style = (AUTOGRADER / "classroom/feedback/templates/page.css").read_text(encoding="utf-8")
    for colour in COLOURS.values():
        selectors = re.findall(r'style\*="color:(#\w+)"', style)
        assert any(colour.startswith(selector) for selector in selectors), colour


def test_a_map_in_a_terminal_and_a_cross_can_be_made_out() -> None:
    for style in filter(None, MAP_STYLES.values()):
        text, ground = re.findall(r"#\w{6}", style)
        assert contrast(text, ground) >= TEXT
    assert contrast(WHITE, WRONG) >= DRAWING
