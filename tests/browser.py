"""A real browser for tests that look at a page: the system's, since pip cannot download its own.

Whoever imports this is skipped, with the reason, where there is none.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
if BROWSER is None:
    pytest.skip("no chromium here: install Debian's package chromium", allow_module_level=True)

sync_playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed"
).sync_playwright

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


@contextmanager
def launched() -> Iterator[Any]:
    """A browser without a window, which is closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=[*QUIET])
        try:
            yield browser
        finally:
            browser.close()


# ----------------------------------------------------------------------------- pages that are files

WIDTHS = (1280, 400, 320)
"""A desk, a telephone, and the width to which WCAG 1.4.10 wants a page to shrink."""

CONTRAST = """
() => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const linear = part => {
        const x = part / 255;
        return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    };
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const ground = element => {
        for (let one = element; one; one = one.parentElement) {
            const colour = numbers(getComputedStyle(one).backgroundColor);
            if (colour.length < 4 || colour[3] === 1) return colour;
            if (colour[3] > 0) throw new Error('half transparent: ' + one.outerHTML.slice(0, 80));
        }
        throw new Error('no ground');
    };
    // what is half transparent is mixed with its ground
    const seen = (element, colour, below) => {
        let part = 1;
        for (let one = element; one; one = one.parentElement) part *= getComputedStyle(one).opacity;
        return [0, 1, 2].map(i => part * colour[i] + (1 - part) * below[i]);
    };
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || element.closest('script')) continue;
        for (const pseudo of [null, '::after']) {
            const style = getComputedStyle(element, pseudo);
            const colour = numbers(element.closest('svg') ? style.fill : style.color);
            const below = ground(element);
            const both = [luminance(seen(element, colour, below)), luminance(below)];
            const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
            found.push([ratio, element.outerHTML.slice(0, 120)]);
        }
    }
    return found.sort((one, other) => one[0] - other[0]);
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as found:
        yield found


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """Opens a file as a page; at the end nothing was said on the console or asked of anybody."""
    pages, said, asked = [], [], []

    def open_page(path: Path, width: int = 1280, scheme: str = "light") -> Any:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()
    assert said == []
    assert {url for url in asked if not url.startswith("file:")} == set()
    assert len(asked) == len(pages), "the file itself, and nothing besides"
