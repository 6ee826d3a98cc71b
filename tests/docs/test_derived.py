"""What the pages derive from the code is up to date, complete and readable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder.authoring.pages import PICTURE, derived
from autograder.authoring.pages.commands import arguments, usage, verbs
from autograder.authoring.pages.picture import COLOURS
from autograder.authoring.pages.settings import NOT_WRITTEN, TABLES, rows
from autograder.authoring.pages.words import WordsError, words_of
from autograder.cli import parser
from tests.conftest import ROOT
from tests.docs.pages import DOCS

SVGS = sorted(DOCS.glob("pictures/*.svg"))


@pytest.fixture(scope="module")
def texts(frozen: Path) -> Mapping[str, str]:
    return derived(ROOT, frozen)


def test_it_is_up_to_date(texts: Mapping[str, str]) -> None:
    stale = []
    for name, text in texts.items():
        if (ROOT / name).read_text(encoding="utf-8") != text:
            stale.append(name)
    assert stale == [], "run `make docs`"


def test_every_setting_has_a_row_and_a_sentence() -> None:
    for kind in TABLES.values():
        wanted = [f"`{field.name}`" for field in fields(kind) if field.name not in NOT_WRITTEN]
        found = {name: sentence for name, sentence, _, _ in rows(kind)}
        assert [*found] == wanted
        assert all(sentence.endswith(".") for sentence in found.values())


def test_a_setting_that_nobody_describes_is_named() -> None:
    @dataclass
    class Silent:
        """One that is said, one that is not.

        said: this one.
        """

        said: int
        unsaid: int

    with pytest.raises(WordsError, match="says nothing of unsaid"):
        words_of(Silent)


def test_every_verb_and_every_option_is_listed_with_what_it_does() -> None:
    listed = [*verbs(parser()[0])]
    assert len(listed) > 25
    assert [name for name, _, purpose in listed if not purpose] == []
    silent = []
    for name, verb, _ in listed:
        assert usage(name, verb)
        silent += [f"{name} {written}" for written, words in arguments(verb) if not words]
    assert silent == [], "give them a help text"


# ---------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("path", SVGS, ids=lambda path: path.name)
def test_a_picture_fetches_nothing_and_says_in_words_what_it_shows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)\S+", text) == []
    assert "@font-face" not in text and "<script" not in text
    picture = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert picture.get("role") == "img"
    assert len(picture.findtext(f"{space}desc") or "") > 100
    assert picture.findtext(f"{space}title")


def luminance(colour: tuple[int, int, int]) -> float:
    """As WCAG 2 defines it."""
    parts = []
    for part in colour:
        share = part / 255
        parts.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_every_colour_of_the_terminal_can_be_read() -> None:
    ground = luminance(COLOURS.background_color)
    for number in range(1, 16):
        colour = luminance(COLOURS.ansi_colors[number])
        assert (colour + 0.05) / (ground + 0.05) >= 7, number


def test_the_picture_shows_what_the_terminal_says(texts: Mapping[str, str]) -> None:
    words = " ".join(texts[PICTURE].partition("<desc")[2].partition("</desc>")[0].split())
    for said in ("lstm_step_backward 0 / 8 not yet", "lstm_backward 6 / 6 carried", "diagnosis"):
        assert said in words
