"""Many verdicts at a glance, as text and as HTML: a line for each problem, and their sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.problem import Verdict
from autograder.report.page import COLOURS, escape
from autograder.report.words import mark, score, total, word

SIGNS, NAMES, SCORES = "1.5em", "20em", "5em"
"""The widths of the columns."""


def overview(verdicts: Sequence[Verdict]) -> str:
    """The lines as text, below the name of each file, and the sum."""
    longest = max((len(verdict.problem) for verdict in verdicts), default=0)
    widest = max((len(score(verdict)) for verdict in verdicts), default=0)
    lines = []
    for file, of_file in _by_file(verdicts):
        lines.append(file)
        for verdict in of_file:
            sign, _ = mark(verdict)
            columns = (verdict.problem.ljust(longest), score(verdict).rjust(widest), word(verdict))
            lines.append(f"{sign} {'  '.join(columns)}")
    return "\n".join([*lines, "", total(verdicts)])


def overview_html(verdicts: Sequence[Verdict]) -> str:
    """The same as HTML that needs no style sheet."""
    rows = []
    for file, of_file in _by_file(verdicts):
        rows.append(f"<div><b>{escape(file)}</b></div>")
        rows += map(_line, of_file)
    rows.append(f'<div style="margin:4px 0"><b>{total(verdicts)}</b></div>')
    return "\n".join(rows)


def _line(verdict: Verdict) -> str:
    sign, colour = mark(verdict)
    cells = (
        _column(SIGNS, f'<b style="color:{COLOURS[colour]}">{sign}</b>'),
        _column(NAMES, f"<code>{escape(verdict.problem)}</code>"),
        _column(SCORES, score(verdict)),
        word(verdict),
    )
    return f"<div>{' '.join(cells)}</div>"


def _column(width: str, content: str) -> str:
    return f'<span style="display:inline-block;min-width:{width}">{content}</span>'


def _by_file(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, list[Verdict]]]:
    """The verdicts of each file of the student's, in order."""
    files: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        files.setdefault(f"{verdict.lesson}.py", []).append(verdict)
    yield from files.items()
