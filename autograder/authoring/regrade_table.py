"""A regrade as staff read it in a terminal: a line for each submission that moves, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.authoring.regrade import Move, Regraded, Score
from autograder.report.words import points


def show(console: Console, done: Sequence[Regraded]) -> None:
    """Print whose score moves, what could not be graded, and how many stay as they are."""
    moved = [one for one in done if one.moved]
    if moved:
        console.print(_table(moved))
    for one in done:
        if one.failure:
            console.print(Text(f"{one.name}: {one.failure}"))
    failed = sum(bool(one.failure) for one in done)
    other = sum(not one.moved and bool(one.moves) for one in done)
    parts = [f"{len(moved)} of {len(done)} scores move"]
    if other:
        verb = "has" if other == 1 else "have"
        parts.append(f"{other} more {verb} the same score with other words or points to reach")
    if failed:
        parts.append(f"{failed} could not be graded")
    console.print(Text(", ".join(parts)))


def _table(moved: Sequence[Regraded]) -> Table:
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    for title in ("submission", "old", "new"):
        table.add_column(title, justify="left" if title == "submission" else "right")
    table.add_column("what moves, and why", overflow="fold")
    for one in moved:
        lines: list[str] = []
        for move in one.moves:
            if move.kind == "score":
                lines += _lines(move)
        why = Text("\n".join(lines))  # a bracket in a name is no markup
        table.add_row(Text(one.name), points(one.old), points(one.new), why)
    return table


def _lines(move: Move) -> Iterator[str]:
    yield f"{move.problem}: {_score(move.old)} -> {_score(move.new)}"
    for reason in move.reasons:
        yield f"  {reason}"


def _score(score: Score | None) -> str:
    return "none" if score is None else f"{points(score.score)} of {points(score.worth)}"
