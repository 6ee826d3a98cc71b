"""Verdicts in a terminal: a line for each problem, the total, and what to mend first."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.printable import LINES, printable
from autograder.problem import Finding, Verdict
from autograder.report.ladder import in_terminal, next_hint, shown
from autograder.report.picture import picture_of
from autograder.report.words import failing, look_next, mark, points, score, ticked, word


def show(
    console: Console,
    verdicts: Sequence[Verdict],
    explain: int = 3,
    level: int = 1,
    remarks: Sequence[str] = (),
    picture: bool = False,
) -> None:
    """Print the table, the total, and the message of the first problems that fail.

    explain: how many of the failing problems are explained. level: of the hints that each of them
        shows. remarks: what there is to say of the files themselves. picture: whether they
        are drawn.
    """
    for remark in remarks:
        console.print(_literal(f"note: {remark}", "yellow"))
    console.print(overview(verdicts))
    for verdict in verdicts:
        if verdict.status == "passed":
            for note in _notes(verdict):
                console.print(_literal(f"note: {verdict.problem}: {note}", "yellow"))
    wrong = failing(verdicts)
    for verdict in wrong[:explain]:
        console.print()
        console.print(message(verdict, level, picture))

    following = look_next(verdicts)
    if following and not wrong:
        console.print(f"next: {following.problem}", style="cyan")
        for finding in following.findings:
            console.print(_literal(f"  {finding.text}"))
    if len(wrong) > explain:
        more = ", ".join(verdict.problem for verdict in wrong[explain:])
        console.print(f"\nmore to mend: {more}", style="bright_black")


def overview(verdicts: Sequence[Verdict]) -> Group:
    """One line for every problem, grouped by lesson, and the total."""
    table = Table(box=None, padding=(0, 1), show_header=False, pad_edge=False)
    lesson = ""
    for verdict in verdicts:
        if verdict.lesson != lesson:
            lesson = verdict.lesson
            table.add_row("", Text(f"{lesson}.py", style="bold"), "", "")
        sign, colour = mark(verdict)
        table.add_row(
            Text(sign, style=colour),
            verdict.problem,
            Text(score(verdict), justify="right"),
            Text(word(verdict), style=colour),
        )
    return Group(table, Text(f"\n{_total(verdicts)}", style="bold"))


def _total(verdicts: Sequence[Verdict]) -> str:
    earned = points(sum(verdict.score for verdict in verdicts))
    most = points(sum(verdict.max_score for verdict in verdicts))
    passed = sum(verdict.status == "passed" for verdict in verdicts)
    return f"{earned} of {most} points, {passed} of {len(verdicts)} problems passed"


def message(verdict: Verdict, level: int = 1, picture: bool = False) -> Group:
    """The layers of one problem's check and its hints, up to a level, and how to get the next.

    picture: whether to draw where it is wrong, if that can be drawn.
    """
    _, colour = mark(verdict)
    head = Text(f"{verdict.problem}  ", style="bold")
    head.append(score(verdict), style=colour)

    rows = Table(box=None, padding=(0, 1), show_header=False, pad_edge=False)
    rows.add_column(style="bright_black", no_wrap=True)
    rows.add_column()
    seen = shown(verdict, level)
    for finding in seen.findings:
        rows.add_row(finding.layer, _finding(finding))
    for label, hint in seen.hints.items():
        rows.add_row(label, _literal(hint, "cyan"))
    following = next_hint(verdict, level, in_terminal)
    if following:
        rows.add_row("", _literal(following, "bright_black"))
    if verdict.printed:
        rows.add_row("printed", _literal(_first_lines(verdict.printed), "bright_black"))
    said = Group(head, Padding(rows, (0, 0, 0, 2)))
    drawn = picture_of(verdict, level) if picture else None
    return said if drawn is None else Group(said, "", drawn)


def _notes(verdict: Verdict) -> list[str]:
    """What there is to say of right work."""
    return [finding.text for finding in verdict.findings if finding.layer == "arguments"]


def _finding(finding: Finding) -> Text:
    if ticked(finding):
        return Text.assemble(("ok", "green"), "    ", _literal(finding.text))
    return _literal(finding.text)


def _literal(text: str, style: str = "") -> Text:
    """Text of anybody's: a bracket in it is no markup, and nothing in it moves the cursor."""
    return Text(printable(text, LINES), style=style)


def _first_lines(text: str, most: int = 5) -> str:
    lines = text.strip().splitlines()
    kept = lines[:most]
    if len(lines) > most:
        kept.append(f"... {len(lines) - most} more lines")
    return "\n".join(kept)
