"""The README's figures: every block has marks and numbers; writing one leaves the rest alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.authoring.figures import FiguresError, marks, table, write_figures
from tests.conftest import ROOT

COMMANDS = ("proof", "adversarial", "experiments", "bench")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_has_figures_and_the_makefile_the_command_that_makes_them(command: str) -> None:
    begin, end = marks(command)
    before, _, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition(begin)
    figures, closed, _ = rest.partition(end)
    assert before and closed
    assert len(re.findall(r"^\|.*\d.*\|$", figures, re.MULTILINE)) >= 4
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_only_what_is_between_the_marks_changes(tmp_path: Path) -> None:
    readme, (begin, end) = tmp_path / "README.md", marks("bench")
    readme.write_text(f"above\n\n{begin}\nold\n{end}\n\nbelow\n")
    for lines in (["a \\1 line", "another"], ["new"]):
        write_figures(readme, "bench", lines)
        assert readme.read_text() == "\n".join(["above\n", begin, *lines, end, "\nbelow\n"])


@pytest.mark.parametrize("text", ["", "<!-- bench: written by make bench -->", "<!-- /bench -->"])
def test_a_readme_without_marks_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(text)
    with pytest.raises(FiguresError, match="needs the lines <!-- bench"):
        write_figures(readme, "bench", ["new"])
    assert readme.read_text() == text


def test_a_bar_in_a_cell_is_no_border() -> None:
    assert table(["what", "reached"], [["best |r|", "0.8"]]) == [
        "| what | reached |",
        "| --- | --- |",
        "| best \\|r\\| | 0.8 |",
    ]
