"""Verdicts in a notebook: `check("rnn_step_forward")` in a cell shows status, message, and where a
tensor is wrong.

The judge runs in a process of its own. The notebook's kernel, in which the student's code lives,
gets the verdict as text and never holds an expected value.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from html import escape
from pathlib import Path

import numpy as np

from autograder.errors import UserError
from autograder.problem import ErrorMap, Finding, Verdict
from autograder.report.record import from_data, plain
from autograder.report.words import MARKS, is_carried, points, word

COLOURS = {"green": "#009E73", "yellow": "#B07800", "red": "#D55E00", "bright_black": "#666666"}
"""Okabe and Ito's, dark enough for text; the sign before the status says the same."""

RIGHT, WRONG = "#d5e8f0", "#D55E00"
CELL, CROSSED_FROM, MOST_PANELS = 14, 8, 12
WIDEST = 640


class CheckError(UserError):
    """The check itself could not run; the message says what to do."""


class Checked:
    """A verdict as a notebook shows it. `score` is the points it earns."""

    def __init__(self, verdict: Verdict, level: int) -> None:
        self.verdict, self.level = verdict, level

    @property
    def score(self) -> float:
        """The points earned."""
        return self.verdict.score

    def __repr__(self) -> str:
        v = self.verdict
        head = (
            f"{MARKS[v.status][0]} {v.problem}  {points(v.score)} / {points(v.max_score)}  "
            f"{word(v)}"
        )
        return "\n".join(filter(None, [head, plain(v, self.level)]))

    def _repr_html_(self) -> str:
        return html(self.verdict, self.level)


def check(name: str, hint: int = 1, hidden: str | Path | None = None) -> Checked:
    """Check one problem with the files in `recurrent/` as they are on disk now.

    name: the problem's. hint: how many of the three hints to show. hidden: the folder of the hidden
        casebook, for
    graders who have one.

    Raises CheckError, in one sentence, if there is no such problem or the check cannot run.
    """
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "autograder", "check", name, "--json"]
    command += ["--hidden", str(Path(hidden).resolve())] if hidden else []
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode not in (0, 1) or not done.stdout:
        lines = done.stderr.strip().splitlines() or ["the check ended without an answer"]
        raise CheckError(lines[-1])
    return Checked(from_data(json.loads(done.stdout)[0]), hint)


# --------------------------------------------------------------------------------------------- HTML


def html(verdict: Verdict, level: int = 1) -> str:
    """A verdict as HTML that needs no style sheet; all that came from the student's code is
    escaped.
    """
    sign, colour = MARKS[verdict.status]
    head = (
        f'<b style="color:{COLOURS[colour]}">{sign} {word(verdict)}</b> &nbsp; '
        f"<code>{escape(verdict.problem)}</code>"
        f" &nbsp; {points(verdict.score)} / {points(verdict.max_score)}"
    )
    rows = [row for finding in verdict.findings for row in _rows(finding)]
    hints = verdict.hints[:level]
    rows += [
        _row(f"hint {n}/{len(verdict.hints)}", f"<i>{escape(h)}</i>")
        for n, h in enumerate(hints, start=1)
    ]
    if verdict.printed and verdict.status != "passed":
        rows.append(
            _row("printed", f"<pre style='margin:0'>{escape(verdict.printed[:2000])}</pre>")
        )
    left = (
        "#009E73"
        if verdict.status == "passed"
        else "#E69F00"
        if is_carried(verdict)
        else COLOURS[colour]
    )
    return (
        f'<div style="border-left:4px solid {left};padding:2px 10px;margin:4px 0">{head}'
        f'<table style="margin:4px 0;border:none;font-size:90%">{"".join(rows)}</table></div>'
    )


def _rows(finding: Finding) -> list[str]:
    sign = "✓ " if finding.good and finding.layer in ("shapes", "values", "hidden") else ""
    rows = [_row(finding.layer, sign + escape(finding.text))]
    return rows + ([_row("", heat_map(finding.error_map))] if finding.error_map is not None else [])


def _row(label: str, content: str) -> str:
    cell = "text-align:left;vertical-align:top;border:none;padding:1px 8px 1px 0;background:none"
    cells = f'<td style="{cell};color:#666">{label}</td><td style="{cell}">{content}</td>'
    return f'<tr style="background:none">{cells}</tr>'


def heat_map(where: ErrorMap) -> str:
    """The tensor as a grid of small squares, wrong ones dark and crossed; a panel for each index of
    its first axes.
    """
    wrong = where.wrong if where.wrong.ndim > 1 else where.wrong[None]
    axes = where.axes if len(where.axes) == where.wrong.ndim else ("",) * where.wrong.ndim
    rows_of, columns_of = (axes[-2] if len(axes) > 1 else "", axes[-1])
    leading = list(np.ndindex(*wrong.shape[:-2]))
    names = axes[: wrong.ndim - 2]
    panels = [
        _panel(
            wrong[index],
            ", ".join(f"{n}={i}" if n else str(i) for n, i in zip(names, index, strict=True)),
        )
        for index in leading[:MOST_PANELS]
    ]
    more = (
        f"<div>and {len(leading) - MOST_PANELS} more like these</div>"
        if len(leading) > MOST_PANELS
        else ""
    )
    down = f"{escape(rows_of)} down, " if rows_of else ""
    caption = (
        f"<div style='color:#666'>{escape(where.tensor)}: {down}{escape(columns_of)} across; ✕ "
        f"is wrong</div>"
    )
    flow = f"display:flex;flex-wrap:wrap;gap:10px;max-width:{WIDEST}px"
    return f"<div style='{flow}'>{''.join(panels)}</div>{more}{caption}"


def _panel(wrong: np.ndarray, title: str) -> str:
    rows, columns = wrong.shape
    size = max(4, min(CELL, WIDEST // max(columns, 1)))
    squares = [
        _square(j * size, i * size, size, bool(wrong[i, j])) for i, j in np.ndindex(rows, columns)
    ]
    said = f"{int(wrong.sum())} of {wrong.size} numbers wrong{' at ' + title if title else ''}"
    box = f'width="{columns * size}" height="{rows * size}" role="img" aria-label="{escape(said)}"'
    return (
        f"<div><div style='color:#666'>{escape(title)}</div><svg "
        f"{box}>{''.join(squares)}</svg></div>"
    )


def _square(x: int, y: int, size: int, wrong: bool) -> str:
    place = f'x="{x}" y="{y}" width="{size - 1}" height="{size - 1}"'
    square = f'<rect {place} fill="{WRONG if wrong else RIGHT}"/>'
    if not wrong or size < CROSSED_FROM:
        return square
    near, far = 3, size - 4
    ends = f"M{x + near} {y + near}L{x + far} {y + far}M{x + far} {y + near}L{x + near} {y + far}"
    return f'{square}<path stroke="white" stroke-width="1.2" d="{ends}"/>'
