"""The built site: every page is there, and nothing in it comes from elsewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from autograder.authoring.drawings import NAMES
from autograder.authoring.pages.site import DRAWINGS
from tests.conftest import ROOT
from tests.docs.pages import DOCS
from tests.docs.site import built, site

__all__ = ["site"]

FETCHING = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
"""Elements that a browser fetches something for, and the attribute that says what."""

LINKS_ONLY = ("canonical", "next", "prev")
"""Of a `link`, what is told and not fetched."""


class Fetched(HTMLParser):
    """What a page has a browser fetch, and the headings that it has, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.headings: list[int] = []
        self.language = ""
        self.unnamed: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag in FETCHING and values.get("rel") not in LINKS_ONLY:
            self.urls.append(values.get(FETCHING[tag]) or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "html":
            self.language = values.get("lang") or ""
        if tag == "img" and not values.get("alt"):
            self.unnamed.append(values.get("src") or "")


def parsed(path: Path) -> Fetched:
    page = Fetched()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def from_elsewhere(site: Path) -> Iterator[str]:
    """Everything that a page or a style sheet of a site would fetch from another machine."""
    for path in site.rglob("*.html"):
        for url in parsed(path).urls:
            if re.match(r"(https?:)?//", url):
                yield f"{path.name}: {url}"
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        for url in re.findall(r"(?:@import\s*|url\()\s*['\"]?((?:https?:)?//[^'\")]+)", text):
            yield f"{path.name}: {url}"


def test_every_page_is_in_it(site: Path) -> None:
    for page in DOCS.glob("*.md"):
        assert (site / page.with_suffix(".html").name).is_file()
    assert (site / "SECURITY.html").is_file()


def test_the_drawings_are_in_it_and_a_page_shows_one(site: Path) -> None:
    assert {path.stem for path in (site / "drawings").glob("*.svg")} == set(NAMES)
    assert "drawings/patterns.svg" in parsed(site / "lecture.html").urls


def test_nothing_comes_from_elsewhere(site: Path) -> None:
    assert [*from_elsewhere(site)] == []


def test_what_comes_from_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<script src="//cdn.example/x.js"></script>')
    (tmp_path / "b.html").write_text('<link rel="stylesheet" href="https://font.example/f.css">')
    (tmp_path / "c.css").write_text("@import 'https://font.example/f.css';")
    (tmp_path / "d.css").write_text("a { background: url(https://font.example/f.png) }")
    assert len([*from_elsewhere(tmp_path)]) == 4


def test_every_page_says_its_language_and_has_one_first_heading(site: Path) -> None:
    for path in site.glob("*.html"):
        if path.name == "404.html":
            continue
        page = parsed(path)
        assert page.language == "en"
        assert page.headings.count(1) == 1, path.name
        assert page.unnamed == [], path.name


def test_no_heading_skips_a_level(site: Path) -> None:
    for path in site.glob("*.html"):
        before = 1
        for level in parsed(path).headings:
            assert level <= before + 1, path.name
            before = level


def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path) -> None:
    for name in ("docs", "autograder/authoring/pages", DRAWINGS):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("mkdocs.yml", "SECURITY.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    assert built(tmp_path / "mkdocs.yml", tmp_path / "site").returncode == 0
    page = tmp_path / "docs" / "costs.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[there](trust.md#no-such-heading)\n")
    assert built(tmp_path / "mkdocs.yml", tmp_path / "site").returncode != 0
