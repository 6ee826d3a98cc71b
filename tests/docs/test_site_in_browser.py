"""The site in a real browser: it asks nobody else for anything, finds words, and can be read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.browser import browser
from tests.conftest import ROOT
from tests.docs.site import site

__all__ = ["browser", "site"]

PAGES = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
LEAST_CONTRAST = 4.5

CONTRAST = """
() => {
    const parse = colour => colour.match(/[\\d.]+/g).map(Number);
    const over = (top, ground) => top.length < 4 ? top
        : [0, 1, 2].map(i => top[3] * top[i] + (1 - top[3]) * ground[i]);
    const ground = element => {
        if (!element) return [255, 255, 255];
        const own = parse(getComputedStyle(element).backgroundColor);
        return own.length < 4 ? own : over(own, ground(element.parentElement));
    };
    const linear = part => {
        const x = part / 255;
        return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    };
    const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const found = [];
    const article = document.querySelector('article');
    const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim()) continue;
        if (element.closest('.headerlink, script, style')) continue;
        const below = ground(element);
        const both = [light(over(parse(getComputedStyle(element).color), below)), light(below)];
        const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
        found.push([ratio, element.outerHTML.slice(0, 120)]);
    }
    return found.sort((one, other) => one[0] - other[0])[0];
}
"""
"""The least contrast of a text in the article, and where. Half transparent colours are mixed."""


COMPLAINTS = """
() => {
    const all = selector => [...document.querySelectorAll(selector)];
    const found = [];
    if (document.documentElement.lang !== 'en') found.push('no language');
    if (all('h1').length !== 1) found.push(`${all('h1').length} h1`);
    const levels = all('article h1, article h2, article h3, article h4')
        .map(one => Number(one.tagName[1]));
    if (levels.some((one, i) => one > (levels[i - 1] ?? 0) + 1)) found.push('a level is skipped');
    found.push(...all('img').filter(one => !one.alt).map(one => one.outerHTML));
    found.push(...all('article table').filter(one => !one.querySelector('thead th'))
        .map(one => one.outerHTML.slice(0, 90)));
    return found;
}
"""


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served, on this machine only."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_asks_nobody_else_and_can_be_read(
    browser: Any, address: str, name: str, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/{name}.html")
    page.wait_for_load_state("networkidle")
    ratio, where = page.evaluate(CONTRAST)
    page.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert ratio >= LEAST_CONTRAST, where


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_heard(browser: Any, address: str, name: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/{name}.html")
    found = page.evaluate(COMPLAINTS)
    page.close()
    assert found == []


@pytest.mark.parametrize("name", PAGES)
def test_on_a_telephone_no_page_is_wider_than_the_screen(
    browser: Any, address: str, name: str
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(f"{address}/{name}.html")
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert width <= 360


def test_a_word_is_found(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.click(".md-search__input")
    page.keyboard.type("roster")
    page.wait_for_selector(".md-search-result__item a", timeout=60_000)
    found = page.locator(".md-search-result__item a").evaluate_all("all => all.map(a => a.href)")
    page.close()
    assert any("class.html" in link for link in found)
