"""The pages, read as a reader's program would: their blocks of commands, links and headings.

A command that a page says to type stands in one of two kinds of block:

    ```sh         a test runs it
    ```console    a test only reads it; the line before the block says why it is not run:
                  <!-- not run: why -->

In a `console` block, lines after a `$ ` are commands and all others are what they print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted(DOCS.glob("*.md"))]

FENCE = re.compile(
    r"(?:^<!-- not run: (?P<why>[^\n]*) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
INLINE = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#{1,6} (.+)$", re.M)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMENT = re.compile(r"<!--.*?-->", re.S)

OURS = ("python -m autograder", ".venv/bin/python -m autograder", "python check.py", "make ")
"""How a command begins that is ours, and that a test can read."""


@dataclass(frozen=True)
class Block:
    """A fenced block. why: the reason that is given for not running it, or empty."""

    kind: str
    text: str
    why: str

    def commands(self) -> Iterator[str]:
        """What a reader types, each on one line."""
        if self.kind == "sh":
            lines = self.text.replace("\\\n", " ").splitlines()
        else:
            lines = [line[2:] for line in self.text.splitlines() if line.startswith("$ ")]
        for line in lines:
            if line.strip():
                yield line.strip()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[Block]:
    found = []
    for match in FENCE.finditer(text_of(page)):
        found.append(Block(match["kind"], match["text"], match["why"] or ""))
    return found


def prose(page: Path) -> str:
    """The page without its fenced blocks and its comments."""
    return COMMENT.sub("", FENCE.sub("", text_of(page)))


def commands(page: Path) -> list[str]:
    """Every command of ours in the blocks of a page."""
    found: list[str] = []
    for block in blocks(page):
        if block.kind in ("sh", "console"):
            found += block.commands()
    return [command for command in found if command.startswith(OURS)]


def mentions(page: Path) -> list[str]:
    """Every command of ours in the sentences and tables of a page, which may be a part of one."""
    found: list[str] = []
    for match in INLINE.finditer(prose(page)):
        written = match[1].replace("\\|", "|")
        # In tables, `class export csv DIR` is short for the whole command.
        found.append(f"{OURS[0]} {written}" if written.startswith("class ") else written)
    return [command for command in found if command.startswith(OURS)]


def anchors(page: Path) -> set[str]:
    """What a link may name on a page, by the rule of the site and of most forges."""
    found: set[str] = set()
    without_blocks = FENCE.sub("", text_of(page))
    for heading in HEADING.findall(without_blocks):
        words = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\s-]", "", words).strip().lower()
        found.add(re.sub(r"[-\s]+", "-", slug))
    return found


def links(page: Path) -> list[str]:
    """Where the links and pictures of a page lead."""
    return LINK.findall(COMMENT.sub("", text_of(page)))
