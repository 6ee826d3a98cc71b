"""A verdict as HTML that needs no style sheet: the box and the map of a notebook and of Gradescope.

Gradescope strips what it does not allow and does not say what that is. So nothing is told by a
style, a table or a drawing alone: with every tag taken away, the lines still say all there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape as escape_html

import numpy as np

from autograder.printable import LINES, printable
from autograder.problem import ErrorMap, Finding, Verdict
from autograder.report.ladder import (
    Way,
    in_notebook,
    next_hint,
    next_level,
    shown,
    what_follows,
)
from autograder.report.words import is_carried, mark, score, ticked, word

COLOURS = {"green": "#009E73", "yellow": "#B07800", "red": "#D55E00", "bright_black": "#666666"}
"""Okabe and Ito's, dark enough for text; the sign before the status says the same."""

PASSED_EDGE, CARRIED_EDGE = "#009E73", "#E69F00"
RIGHT, WRONG = "#d5e8f0", "#D55E00"

CELL, CROSSED_FROM = 14, 8
"""The side of a map's squares in pixels, and the side from which on wrong ones have a cross."""

MOST_PANELS, WIDEST = 12, 640
"""Of a map: how many panels, and how many pixels from left to right."""

MOST_PRINTED = 2000
"""Characters that are shown of what the student's code printed."""

LABELS = "7em"
"""The width of the column of labels."""


def escape(text: str) -> str:
    """Text of anybody's as HTML that shows just that text."""
    return escape_html(printable(text, LINES))


def html(
    verdict: Verdict,
    level: int = 1,
    notes: Sequence[str] = (),
    way: Way = in_notebook,
    folded: bool = False,
) -> str:
    """A verdict as well-formed HTML, below what there is to say of the files.

    level: of the hints that are shown. way: to the next hint, see `ladder`. folded: whether the
    hints above the level are there too, each folded away within the one before it.
    Everything that came from the student's code is made printable and escaped.
    """
    sign, colour = mark(verdict)
    head = (
        f'<b style="color:{COLOURS[colour]}">{sign} {word(verdict)}</b> '
        f"<code>{escape(verdict.problem)}</code> {score(verdict)}"
    )
    rows = "\n".join(_rows(verdict, level, way, folded))
    above = "".join(f"<div>{escape(note)}</div>\n" for note in notes)
    return above + (
        f'<div style="border-left:4px solid {_edge(verdict)};padding:2px 10px;margin:4px 0">\n'
        f"<div>{head}</div>\n"
        f'<div style="margin:4px 0;font-size:90%">\n{rows}\n</div>\n</div>'
    )


def _edge(verdict: Verdict) -> str:
    """The colour of the line at the left of a verdict."""
    if verdict.status == "passed":
        return PASSED_EDGE
    if is_carried(verdict):
        return CARRIED_EDGE
    _, colour = mark(verdict)
    return COLOURS[colour]


def _rows(verdict: Verdict, level: int, way: Way, folded: bool) -> Iterator[str]:
    yield from _explained(verdict, level)
    if folded and next_level(verdict, level) is not None:
        yield _folded(verdict, level, way)
    else:
        yield from _following(verdict, level, way)
    if verdict.printed and verdict.status != "passed":
        printed = escape(verdict.printed[:MOST_PRINTED])
        # the margin is not the text's own: its letters may be smaller than those of the labels
        block = f'<div style="margin-left:{LABELS}"><pre style="margin:0">{printed}</pre></div>'
        yield _row("printed", "") + block


def _explained(verdict: Verdict, level: int, above: int = -1) -> Iterator[str]:
    """The findings and hints that are shown at a level, and were not yet at the one `above`."""
    wrong = "differs" if is_carried(verdict) else "is wrong"
    seen = shown(verdict, level)
    for finding in seen.findings:
        if finding.level > above:
            yield _finding(finding)
            if finding.error_map is not None:
                yield heat_map(finding.error_map, wrong)
    before = shown(verdict, max(above, 0)).hints
    for label, hint in seen.hints.items():
        if label not in before:
            yield _row(label, f"<i>{escape(hint)}</i>")


def _following(verdict: Verdict, level: int, way: Way) -> Iterator[str]:
    """How to get the next hint, or that there is no further one."""
    following = next_hint(verdict, level, way)
    if following:
        yield f'<div style="color:#666">{escape(following)}</div>'


def _folded(verdict: Verdict, level: int, way: Way) -> str:
    """The hints above a level, one within the other: who unfolds one reads that and no more."""
    following = next_level(verdict, level)
    if following is None:
        return "\n".join(_following(verdict, level, way))
    rows = "\n".join(_explained(verdict, following, above=level))
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
    column = f"display:inline-block;width:{LABELS};text-indent:0;color:#666"
    # The space is in the column: behind it, the first line would begin further right than the rest.
    named = f'<span style="{column}">{label}: </span>'
    return f'<div style="{hanging}">{named}{content}</div>'


# -------------------------------------------------------------------------------- where it is wrong


def heat_map(error_map: ErrorMap, wrong_is: str = "is wrong") -> str:
    """The tensor as a grid of small squares, wrong ones dark and crossed, and the same as text.

    Two axes make a panel; there is a panel for each index of the axes before them.
    wrong_is: what a cross means.
    """
    wrong = error_map.wrong
    axes = error_map.axes
    if len(axes) != wrong.ndim:  # names that do not fit the axes are no help
        axes = ("",) * wrong.ndim
    down = axes[-2] if len(axes) > 1 else ""
    across = axes[-1]
    if wrong.ndim == 1:
        wrong = wrong[None]

    names = axes[: wrong.ndim - 2]
    indices = list(np.ndindex(*wrong.shape[:-2]))
    panels, texts = [], []
    for index in indices[:MOST_PANELS]:
        title = _title(names, index)
        panels.append(_panel(wrong[index], title))
        texts.append(_panel_as_text(wrong[index], title))
    flow = f"display:flex;flex-wrap:wrap;gap:10px;max-width:{WIDEST}px"
    drawn = f'<div style="{flow}">{"".join(panels)}</div>'
    if len(indices) > MOST_PANELS:
        drawn += f"<div>and {len(indices) - MOST_PANELS} more like these</div>"
    caption = _caption(error_map.tensor, down, across, wrong_is)
    as_text = "\n".join(texts)
    # Where drawings are stripped, this is the map; elsewhere it is folded away.
    folded = (
        f'<details style="color:#666"><summary>as text</summary>\n<pre>{as_text}</pre></details>'
    )
    return f'<div style="margin-left:{LABELS}">{drawn}{caption}{folded}</div>'


def _panel_as_text(wrong: np.ndarray, title: str) -> str:
    """A line for each row of a panel: `· ✕ ·`."""
    lines = [escape(title)] if title else []
    for row in wrong:
        lines.append(" ".join("✕" if number else "·" for number in row))
    return "\n".join(lines)


def _title(names: Sequence[str], index: Sequence[int]) -> str:
    """`N=0, T=2`, or `0, 2` where the axes have no names."""
    words = []
    for name, position in zip(names, index, strict=True):
        words.append(f"{name}={position}" if name else str(position))
    return ", ".join(words)


def _caption(tensor: str, down: str, across: str, wrong_is: str) -> str:
    axes = f"{escape(across)} across"
    if down:
        axes = f"{escape(down)} down, {axes}"
    return f'<div style="color:#666">{escape(tensor)}: {axes}; ✕ {wrong_is}</div>'


def _panel(wrong: np.ndarray, title: str) -> str:
    rows, columns = wrong.shape
    side = max(4, min(CELL, WIDEST // max(columns, 1)))
    squares = []
    for row, column in np.ndindex(rows, columns):
        squares.append(_square(column * side, row * side, side, bool(wrong[row, column])))

    described = f"{int(wrong.sum())} of {wrong.size} numbers wrong"
    if title:
        described += f" at {title}"
    size = f'width="{columns * side}" height="{rows * side}"'
    label = f'role="img" aria-label="{escape(described)}"'
    return (
        f'<div><div style="color:#666">{escape(title)}</div>'
        f"<svg {size} {label}>{''.join(squares)}</svg></div>"
    )


def _square(x: int, y: int, side: int, wrong: bool) -> str:
    place = f'x="{x}" y="{y}" width="{side - 1}" height="{side - 1}"'
    square = f'<rect {place} fill="{WRONG if wrong else RIGHT}"/>'
    if not wrong or side < CROSSED_FROM:
        return square
    near, far = 3, side - 4
    falling = f"M{x + near} {y + near}L{x + far} {y + far}"
    rising = f"M{x + far} {y + near}L{x + near} {y + far}"
    return f'{square}<path stroke="white" stroke-width="1.2" d="{falling}{rising}"/>'
