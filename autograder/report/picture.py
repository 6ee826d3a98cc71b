"""The picture of a verdict: where the tensor is wrong, and where that is in the step.

Every front end draws the same. It tells nothing that the findings at that level do not, and there
is none where there is nothing to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.problem import Finding, Verdict
from autograder.report.graph.marks import MarkedGraph, marked
from autograder.report.graph.svg import drawing
from autograder.report.heat_map import heat_map
from autograder.report.ladder import shown
from autograder.report.words import is_carried

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

FOLDED = "the step as a graph"
"""What a graph is called where it is folded away, because it only says that all is wrong."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A map of a wrong tensor, and the graph of the step where there is one.

    `console.print(picture)` prints it as rich's console can show it.

    problem: the problem's name. finding: the one that the picture belongs to, which has the map.
    wrong_is: what a cross on the map means.
    """

    problem: str
    finding: Finding
    graph: MarkedGraph | None
    wrong_is: str

    def as_html(self, graphs: bool = True) -> str:
        """Well-formed HTML without a style sheet. graphs: whether to draw more than the map."""
        assert self.finding.error_map is not None
        map_ = heat_map(self.finding.error_map, self.wrong_is, self.problem)
        if self.graph is None or not graphs:
            return map_
        drawn = drawing(self.graph)
        if not self.graph.tells_more:
            drawn = f"<details><summary>{FOLDED}</summary>\n{drawn}</details>"
        return f'{map_}<div style="margin-top:6px">{drawn}</div>'

    def as_text(self, width: int, colour: bool = True, unicode: bool = True) -> Text:
        """Lines for a terminal, of at most `width` columns, that end in no blank.

        colour: whether to use it; signs say the same. unicode: whether the terminal has `✕`.
        """
        from autograder.report.blocks import blocks, graph_text  # they need rich

        assert self.finding.error_map is not None
        text = blocks(self.finding.error_map, width, colour, unicode, self.problem, self.wrong_is)
        if self.graph is not None:
            text.append("\n\n").append_text(graph_text(self.graph, width, colour, unicode))
        return text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        colour = console.color_system is not None and not console.no_color
        yield self.as_text(options.max_width, colour, not options.ascii_only)


def picture_of(verdict: Verdict, level: int = 1) -> Picture | None:
    """The picture of what is wrong on the case that a verdict is about; None if there is none.

    level: of the hints that are shown.
    """
    for finding in shown(verdict, level).findings:
        if finding.error_map is not None:
            wrong_is = "differs" if is_carried(verdict) else "is wrong"
            return Picture(verdict.problem, finding, marked(verdict, level), wrong_is)
    return None
