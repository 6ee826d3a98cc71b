"""Verdicts in a notebook: `check("rnn_step_forward")` in a cell shows what is wrong, and where.

The judge runs in a process of its own. The notebook's kernel, in which the student's code lives,
gets the verdict as text and never holds an expected value.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from html import escape as escape_html
from pathlib import Path
from typing import Any

import numpy as np

from autograder import lessons
from autograder.errors import UserError
from autograder.notebook_code import find_function, is_to_do
from autograder.printable import LINES, printable
from autograder.problem import ErrorMap, Finding, Verdict
from autograder.report.record import as_text, from_data
from autograder.report.words import MARKS, is_carried, points, word

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


class CheckError(UserError):
    """The check itself could not run; the message says what to do."""


class Checked:
    """A verdict as a notebook shows it, below what there is to say of the files. `score` is the
    points it earns.
    """

    def __init__(self, verdict: Verdict, level: int, notes: Sequence[str] = ()) -> None:
        self.verdict, self.level, self.notes = verdict, level, notes

    @property
    def score(self) -> float:
        """The points earned."""
        return self.verdict.score

    def __repr__(self) -> str:
        verdict = self.verdict
        sign, _ = MARKS[verdict.status]
        lines = [*self.notes, f"{sign} {verdict.problem}  {_score(verdict)}  {word(verdict)}"]
        text = as_text(verdict, self.level)
        if text:
            lines.append(text)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return html(self.verdict, self.level, self.notes)

    def _repr_mimebundle_(self, **options: object) -> dict[str, str]:
        """What a notebook keeps of it. nbgrader takes a result's text for the points it earns."""
        text = repr(self)
        if os.environ.get("NBGRADER_EXECUTION"):
            text = str(self.score)
        return {"text/plain": text, "text/html": self._repr_html_()}


def check(name: str, hint: int = 1, hidden: str | Path | None = None) -> Checked:
    """Check one problem with the files in `recurrent/` as they are on disk now.

    name: the problem's.
    hint: how many of the three hints to show.
    hidden: the folder of the hidden casebook, for graders who have one.
    Raises CheckError, in one sentence, if there is no such problem or the check cannot run.
    """
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "autograder", "check", name, "--json"]
    if hidden:
        hidden_book = Path(hidden).resolve()  # the command runs in another folder
        command += ["--hidden", str(hidden_book)]
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    # 0 and 1 say whether the problem is passed; with any other status there is no verdict.
    if done.returncode not in (0, 1) or not done.stdout:
        lines = done.stderr.strip().splitlines() or ["the check ended without an answer"]
        raise CheckError(lines[-1])
    verdict = from_data(json.loads(done.stdout)[0])
    namespace = vars(sys.modules["__main__"])
    defined = [own for own, value in namespace.items() if _is_own(value)]
    notes = [line for line in done.stderr.splitlines() if line.startswith("note: ")]
    for sentence in not_looked_at(name, defined, _notebook_name(namespace, root), root):
        notes.append(f"note: {sentence}")
    return Checked(verdict, hint, notes)


# ------------------------------------------------------------------------- work beside the files


def not_looked_at(name: str, defined: Collection[str], notebook: str, root: Path) -> list[str]:
    """A sentence, if a notebook has its own function of the name that a problem checks.

    name: the problem's. defined: the functions that the notebook defines. notebook: what to call it
    in a command. root: the folder in which `recurrent/` lies.
    """
    problem = next((one for one in lessons.all_problems() if one.name == name), None)
    function = problem.of.partition(".")[0] if problem else ""
    if problem is None or function not in defined:
        return []
    file = f"recurrent/{problem.lesson}.py"
    sentence = f"your {function} in this notebook is not looked at: {file} is read"
    found = find_function(_text_of(root / file), problem.of)
    if found is None:
        return [sentence]
    to_do = is_to_do(found)
    # The line that the verdict itself names.
    raised = [part.lineno for part in found.body if isinstance(part, ast.Raise)]
    line = raised[0] if to_do and raised else found.lineno
    sentence += f", line {line}"
    if to_do:
        sentence += " (still to do). To move yours there, save the notebook and run "
        sentence += f"`python check.py --from {notebook}`"
    return [sentence]


def _is_own(value: object) -> bool:
    """Whether it is a function, or a class, that does not come from the files."""
    module = str(getattr(value, "__module__", ""))
    return callable(value) and not module.startswith("recurrent.")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _notebook_name(namespace: Mapping[str, Any], root: Path) -> str:
    """The notebook that is running, as it is called from the handout's folder, if that is known."""
    # JupyterLab says it in one place and VS Code in another.
    named = os.environ.get("JPY_SESSION_NAME") or str(namespace.get("__vsc_ipynb_file__", ""))
    if not named.endswith(".ipynb"):
        return "NOTEBOOK.ipynb"
    path = Path(named)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


# --------------------------------------------------------------------------------------------- HTML


def escape(text: str) -> str:
    """Text of anybody's as HTML that shows just that text."""
    return escape_html(printable(text, LINES))


def html(verdict: Verdict, level: int = 1, notes: Sequence[str] = ()) -> str:
    """A verdict as HTML that needs no style sheet, below what there is to say of the files.

    Everything that came from the student's code is made printable and escaped.
    """
    sign, colour = MARKS[verdict.status]
    head = (
        f'<b style="color:{COLOURS[colour]}">{sign} {word(verdict)}</b> &nbsp; '
        f"<code>{escape(verdict.problem)}</code> &nbsp; {_score(verdict)}"
    )
    table = "".join(_rows(verdict, level))
    above = "".join(f"<div>{escape(note)}</div>" for note in notes)
    return above + (
        f'<div style="border-left:4px solid {_edge(verdict)};padding:2px 10px;margin:4px 0">{head}'
        f'<table style="margin:4px 0;border:none;font-size:90%">{table}</table></div>'
    )


def _score(verdict: Verdict) -> str:
    return f"{points(verdict.score)} / {points(verdict.max_score)}"


def _edge(verdict: Verdict) -> str:
    """The colour of the line at the left of a verdict."""
    if verdict.status == "passed":
        return PASSED_EDGE
    if is_carried(verdict):
        return CARRIED_EDGE
    _, colour = MARKS[verdict.status]
    return COLOURS[colour]


def _rows(verdict: Verdict, level: int) -> list[str]:
    rows = []
    for finding in verdict.findings:
        rows += _rows_of(finding)
    for number, hint in enumerate(verdict.hints[:level], start=1):
        rows.append(_row(f"hint {number}/{len(verdict.hints)}", f"<i>{escape(hint)}</i>"))
    if verdict.printed and verdict.status != "passed":
        printed = escape(verdict.printed[:MOST_PRINTED])
        rows.append(_row("printed", f"<pre style='margin:0'>{printed}</pre>"))
    return rows


def _rows_of(finding: Finding) -> list[str]:
    """A finding's text, and the map below it if there is one."""
    ticked = finding.good and finding.layer in ("shapes", "values", "hidden")
    sign = "✓ " if ticked else ""
    rows = [_row(finding.layer, sign + escape(finding.text))]
    if finding.error_map is not None:
        rows.append(_row("", heat_map(finding.error_map)))
    return rows


def _row(label: str, content: str) -> str:
    cell = "text-align:left;vertical-align:top;border:none;padding:1px 8px 1px 0;background:none"
    cells = f'<td style="{cell};color:#666">{label}</td><td style="{cell}">{content}</td>'
    return f'<tr style="background:none">{cells}</tr>'


# -------------------------------------------------------------------------------- where it is wrong


def heat_map(error_map: ErrorMap) -> str:
    """The tensor as a grid of small squares, wrong ones dark and crossed.

    Two axes make a panel; there is a panel for each index of the axes before them.
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
    panels = [_panel(wrong[index], _title(names, index)) for index in indices[:MOST_PANELS]]
    flow = f"display:flex;flex-wrap:wrap;gap:10px;max-width:{WIDEST}px"
    drawn = f"<div style='{flow}'>{''.join(panels)}</div>"
    if len(indices) > MOST_PANELS:
        drawn += f"<div>and {len(indices) - MOST_PANELS} more like these</div>"
    return drawn + _caption(error_map.tensor, down, across)


def _title(names: Sequence[str], index: Sequence[int]) -> str:
    """`N=0, T=2`, or `0, 2` where the axes have no names."""
    words = []
    for name, position in zip(names, index, strict=True):
        words.append(f"{name}={position}" if name else str(position))
    return ", ".join(words)


def _caption(tensor: str, down: str, across: str) -> str:
    axes = f"{escape(across)} across"
    if down:
        axes = f"{escape(down)} down, {axes}"
    return f"<div style='color:#666'>{escape(tensor)}: {axes}; ✕ is wrong</div>"


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
        f"<div><div style='color:#666'>{escape(title)}</div>"
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
