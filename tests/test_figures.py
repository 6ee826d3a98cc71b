"""The figures in docs/: every block has marks and numbers; writing one leaves the rest alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.authoring.figures import FiguresError, marks, table, write_figures
from tests.conftest import ROOT

PAGES = {
    "proof": "trust.md",
    "adversarial": "trust.md",
    "experiments": "experiments.md",
    "bench": "costs.md",
}
"""Command -> the page that it writes its figures into."""


@pytest.mark.parametrize("command", PAGES)
def test_the_page_has_figures_and_the_makefile_the_command_that_makes_them(command: str) -> None:
    begin, end = marks(command)
    page = ROOT / "docs" / PAGES[command]
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    figures, closed, _ = rest.partition(end)
    assert before and closed
    assert len(re.findall(r"^\|.*\d.*\|$", figures, re.MULTILINE)) >= 4
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_only_what_is_between_the_marks_changes(tmp_path: Path) -> None:
    page, (begin, end) = tmp_path / "page.md", marks("bench")
    page.write_text(f"above\n\n{begin}\nold\n{end}\n\nbelow\n")
    for lines in (["a \\1 line", "another"], ["new"]):
        write_figures(page, "bench", lines)
        assert page.read_text() == "\n".join(["above\n", begin, *lines, end, "\nbelow\n"])


def test_a_command_may_write_more_than_one_block(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    blocks = ("commands", "settings")
    page.write_text("\n".join("\n".join(marks("docs", block)) for block in blocks))
    for block in blocks:
        write_figures(page, "docs", [f"new {block}"], block)
    lines = page.read_text().splitlines()
    assert [line for line in lines if "<!--" not in line] == ["new commands", "new settings"]


@pytest.mark.parametrize("text", ["", "<!-- bench: written by make bench -->", "<!-- /bench -->"])
def test_a_page_without_marks_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(FiguresError, match="needs the lines <!-- bench"):
        write_figures(page, "bench", ["new"])
    assert page.read_text() == text


def test_a_bar_in_a_cell_is_no_border() -> None:
    assert table(["what", "reached"], [["best |r|", "0.8"]]) == [
        "| what | reached |",
        "| --- | --- |",
        "| best \\|r\\| | 0.8 |",
    ]
