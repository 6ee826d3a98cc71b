"""Verdicts in a terminal: a line for every problem, the total, then what the first failing ones
should be told.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.problem import Finding, Verdict
from autograder.report.words import MARKS, is_carried, points, word


def show(console: Console, verdicts: Sequence[Verdict], explain: int = 3, level: int = 1) -> None:
    """Print the table, the total, and the layered message of the first `explain` problems that
    fail.

    level: how many of the three hints to show.
    """
    console.print(overview(verdicts))
    failing = sorted((v for v in verdicts if v.status not in ("passed", "todo")), key=is_carried)
    for verdict in failing[:explain]:
        console.print()
        console.print(message(verdict, level))
    todo = next((v.problem for v in verdicts if v.status == "todo"), None)
    if todo and not failing:
        console.print(f"next: {todo}", style="cyan")
    if len(failing) > explain:
        more = ", ".join(v.problem for v in failing[explain:])
        console.print(f"\nmore to mend: {more}", style="bright_black")


def overview(verdicts: Sequence[Verdict]) -> Group:
    """One line for every problem, grouped by lesson, and the total."""
    table = Table(box=None, padding=(0, 1), show_header=False, pad_edge=False)
    lesson = ""
    for verdict in verdicts:
        if verdict.lesson != lesson:
            lesson = verdict.lesson
            table.add_row("", Text(f"{lesson}.py", style="bold"), "", "")
        sign, colour = MARKS[verdict.status]
        score = f"{points(verdict.score)} / {points(verdict.max_score)}"
        status = Text(word(verdict), style=colour)
        table.add_row(
            Text(sign, style=colour), verdict.problem, Text(score, justify="right"), status
        )
    total, most = sum(v.score for v in verdicts), sum(v.max_score for v in verdicts)
    passed = sum(v.status == "passed" for v in verdicts)
    line = (
        f"\n{points(total)} of {points(most)} points, {passed} of {len(verdicts)} problems passed"
    )
    return Group(table, Text(line, style="bold"))


def message(verdict: Verdict, level: int = 1) -> Group:
    """The layers of one problem's check, then its hints up to a level."""
    head = Text(f"{verdict.problem}  ", style="bold")
    head.append(
        f"{points(verdict.score)} / {points(verdict.max_score)}", style=MARKS[verdict.status][1]
    )
    rows = Table(box=None, padding=(0, 1), show_header=False, pad_edge=False)
    rows.add_column(style="bright_black", no_wrap=True)
    rows.add_column()
    for finding in verdict.findings:
        rows.add_row(finding.layer, _finding(finding))
    for number, hint in enumerate(verdict.hints[:level], start=1):
        rows.add_row(f"hint {number}/{len(verdict.hints)}", Text(hint, style="cyan"))
    if verdict.printed:
        rows.add_row("printed", Text(_few_lines(verdict.printed), style="bright_black"))
    return Group(head, Padding(rows, (0, 0, 0, 2)))


def _finding(finding: Finding) -> Text:
    ok = finding.good and finding.layer in ("shapes", "values", "hidden")
    return Text.from_markup(f"[green]ok[/]    {escape(finding.text)}") if ok else Text(finding.text)


def _few_lines(text: str, lines: int = 5) -> str:
    kept = text.strip().splitlines()
    return "\n".join(
        [*kept[:lines], *([f"... {len(kept) - lines} more lines"] if len(kept) > lines else [])]
    )
