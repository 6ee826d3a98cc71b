"""A picture of what Gradescope is given to show: the page of results.json, and some of its tests.

python -m tests.picture_of_results RESULTS.JSON docs/pictures/gradescope.png

Gradescope's own frame is not in it: what stands in the boxes is all that it is told.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from tests.browser import launched

MOST = 2
"""Tests that are not right, shown below the page."""

STYLE = """
body { font: 15px/1.4 "Liberation Sans", Arial, sans-serif; margin: 20px; width: 860px }
section { border: 1px solid #ccc; border-radius: 4px; padding: 8px 14px; margin: 10px 0 }
td, th { padding: 2px 14px 2px 0; text-align: left }
h2 { font-size: 16px; margin: 4px 0 8px }
"""


def page(results: dict[str, Any]) -> str:
    """The page, in plain boxes."""
    summary = MarkdownIt().enable("table").render(results["output"])
    parts = [f"<section>{summary}</section>"]
    wrong = [test for test in results["tests"] if test["status"] == "failed"]
    wrong.sort(key=lambda test: "to do" in test["output"])
    for test in wrong[:MOST]:
        head = f"{test['name']} ({test['score']} / {test['max_score']})"
        parts.append(f"<section><h2>{head}</h2>{test['output']}</section>")
    return f"<!doctype html><html lang=en><style>{STYLE}</style>{''.join(parts)}</html>"


def main(results: Path, target: Path) -> None:
    """Take the picture."""
    text = page(json.loads(results.read_text(encoding="utf-8")))
    with launched() as browser:
        window = browser.new_page(viewport={"width": 900, "height": 700})
        window.set_content(text)
        window.screenshot(path=target, full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
