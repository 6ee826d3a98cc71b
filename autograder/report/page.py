"""A verdict as HTML that needs no style sheet: the box and the map of a notebook and of Gradescope.

Gradescope strips what it does not allow and does not say what that is. So nothing is told by a
style, a table or a drawing alone: with every tag taken away, the lines still say all there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.problem import Finding, Verdict
from autograder.report.escaped import QUIET, escape
from autograder.report.heat_map import heat_map
from autograder.report.ladder import (
    Way,
    in_notebook,
    next_hint,
    next_level,
    shown,
    what_follows,
)
from autograder.report.picture import picture_of
from autograder.report.words import mark, score, ticked, word

__all__ = ["escape", "heat_map", "html"]

COLOURS = {
    "green": "#007A58",
    "yellow": "#8F6200",
    "red": "#C04F00",
    "cyan": "#0072B2",
    "bright_black": "#666666",
}
"""Of a status: its sign and the edge of its box. On white they have the contrast of text, 4.5 to 1,
and on the dark ground of a notebook that of a drawing, 3 to 1: no colour has 4.5 on both. So the
words beside them have no colour of their own.
"""

MOST_PRINTED = 2000
"""Characters that are shown of what the student's code printed."""

LABELS = "7em"
"""The width of the column of labels."""


def html(
    verdict: Verdict,
    level: int = 1,
    notes: Sequence[str] = (),
    way: Way = in_notebook,
    folded: bool = False,
    graphs: bool = True,
) -> str:
    """A verdict as well-formed HTML, below what there is to say of the files.

    level: of the hints that are shown. way: to the next hint, see `ladder`. folded: whether the
    hints above the level are there too, each folded away within the one before it. graphs: whether
    graphs are drawn, which say nothing when their tags are taken away.
    Everything that came from the student's code is made printable and escaped.
    """
    sign, colour = mark(verdict)
    edge = f"border-left:4px solid {COLOURS[colour]};padding:2px 10px;margin:4px 0"
    head = (
        f'<b><span style="color:{COLOURS[colour]}">{sign}</span> {word(verdict)}</b> '
        f"<code>{escape(verdict.problem)}</code> {score(verdict)}"
    )
    rows = "\n".join(_rows(verdict, level, way, folded, graphs))
    above = "".join(f"<div>{escape(note)}</div>\n" for note in notes)
    return above + (
        f'<div style="{edge}">\n'
        f"<div>{head}</div>\n"
        f'<div style="margin:4px 0;font-size:90%">\n{rows}\n</div>\n</div>'
    )


def _rows(verdict: Verdict, level: int, way: Way, folded: bool, graphs: bool) -> Iterator[str]:
    yield from _explained(verdict, level, graphs)
    if folded and next_level(verdict, level) is not None:
        yield _folded(verdict, level, way)
    else:
        yield from _following(verdict, level, way)
    if verdict.printed and verdict.status != "passed":
        printed = escape(verdict.printed[:MOST_PRINTED])
        # the margin is not the text's own: its letters may be smaller than those of the labels
        block = f'<div style="margin-left:{LABELS}"><pre style="margin:0">{printed}</pre></div>'
        yield _row("printed", "") + block


def _explained(verdict: Verdict, level: int, graphs: bool, above: int = -1) -> Iterator[str]:
    """The findings and hints that are shown at a level, and were not yet at the one `above`."""
    seen = shown(verdict, level)
    picture = picture_of(verdict, level)
    for finding in seen.findings:
        if finding.level > above:
            yield _finding(finding)
            if picture is not None and finding is picture.finding:
                yield f'<div style="margin-left:{LABELS}">{picture.as_html(graphs)}</div>'
    before = shown(verdict, max(above, 0)).hints
    for label, hint in seen.hints.items():
        if label not in before:
            yield _row(label, f"<i>{escape(hint)}</i>")


def _following(verdict: Verdict, level: int, way: Way) -> Iterator[str]:
    """How to get the next hint, or that there is no further one."""
    following = next_hint(verdict, level, way)
    if following:
        yield f'<div style="{QUIET}">{escape(following)}</div>'


def _folded(verdict: Verdict, level: int, way: Way) -> str:
    """The hints above a level, one within the other: who unfolds one reads that and no more."""
    following = next_level(verdict, level)
    if following is None:
        return "\n".join(_following(verdict, level, way))
    # Graphs stand with what was there to begin with.
    rows = "\n".join(_explained(verdict, following, graphs=False, above=level))
    return (
        f'<details><summary style="cursor:pointer">{what_follows(verdict, level)}</summary>\n'
        f"{rows}\n{_folded(verdict, following, way)}\n</details>"
    )


def _finding(finding: Finding) -> str:
    sign = "✓ " if ticked(finding) else ""
    return _row(finding.layer, sign + escape(finding.text))


def _row(label: str, content: str) -> str:
    """A line with its label before it, and below the label's right end where it is long."""
    hanging = f"padding-left:{LABELS};text-indent:-{LABELS};text-align:left"
    column = f"display:inline-block;width:{LABELS};text-indent:0;{QUIET}"
    # The space is in the column: behind it, the first line would begin further right than the rest.
    named = f'<span style="{column}">{label}: </span>'
    return f'<div style="{hanging}">{named}{content}</div>'
