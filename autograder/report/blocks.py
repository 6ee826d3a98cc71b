"""The map of a wrong tensor in a terminal: blocks of colour, with signs that say the same."""

from __future__ import annotations

from rich.text import Text

from autograder.problem import ErrorMap
from autograder.report.panel_lines import Kind, lines_of
from autograder.report.panels import panels_of

STYLES: dict[Kind, str] = {
    "right": "#3b5563 on #d5e8f0",
    "wrong": "bold #ffffff on #b34700",
    "label": "bright_black",
    "rule": "bright_black",
    "gap": "",
}
"""A pale blue and a strong orange, which people tell apart who see fewer colours, too."""


def blocks(
    error_map: ErrorMap,
    width: int,
    colour: bool = True,
    unicode: bool = True,
    problem: str = "",
    wrong_is: str = "is wrong",
) -> Text:
    """Where a tensor is wrong, in lines of at most `width` columns that end in no blank.

    colour: whether to use it; signs say the same. unicode: whether the terminal has `✕`.
    problem: its name, for the names of gates. wrong_is: what a cross means.
    """
    text = Text(no_wrap=True)
    for number, line in enumerate(
        lines_of(panels_of(error_map, problem), width, unicode, wrong_is)
    ):
        text.append("\n" if number else "")
        for piece, kind in line:
            text.append(piece, STYLES[kind] if colour else "")
    return text
