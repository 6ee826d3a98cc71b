"""Pictures in a terminal: a map in blocks of colour, a graph in lines; signs say the same.

Of colours that are not ours the terminal's own are taken, which fit its ground.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from rich.text import Text

from autograder.problem import ErrorMap
from autograder.report import panel_lines
from autograder.report.graph import lines as graph_lines
from autograder.report.graph.marks import MarkedGraph
from autograder.report.panels import panels_of

K = TypeVar("K", bound=str)

MAP_STYLES: dict[panel_lines.Kind, str] = {
    "right": "#3b5563 on #d5e8f0",
    "wrong": "bold #ffffff on #b82500",
    "label": "",
    "rule": "",
    "gap": "",
}
"""A pale blue and a dark red: by their lightness alone, everybody tells them apart. They are white
and red where a terminal has no more than 16 colours.
"""

GRAPH_STYLES: dict[graph_lines.Kind, str] = {
    "right": "cyan",
    "wrong": "bold red",
    "place": "bold red",
    "node": "bold",
    "edge": "",
    "gap": "",
}
"""Nothing is grey, which in some terminals is the ground."""


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
    panels = panels_of(error_map, problem)
    lines = panel_lines.lines_of(panels, width, unicode, wrong_is)
    return _styled(lines, MAP_STYLES if colour else {})


def graph_text(marked: MarkedGraph, width: int, colour: bool = True, unicode: bool = True) -> Text:
    """A marked graph in lines of at most `width` columns that end in no blank.

    colour, unicode: as of `blocks`.
    """
    lines = graph_lines.lines_of(marked, width, unicode)
    return _styled(lines, GRAPH_STYLES if colour else {})


def _styled(lines: Sequence[Sequence[tuple[str, K]]], styles: Mapping[K, str]) -> Text:
    """Lines of pieces as one text. styles: what a piece is -> how it looks."""
    text = Text(no_wrap=True)
    for number, line in enumerate(lines):
        text.append("\n" if number else "")
        for piece, kind in line:
            text.append(piece, styles.get(kind, ""))
    return text
