"""The figures in the README: each block is measured and written by the command that it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.errors import UserError


class FiguresError(UserError):
    """The README has no place for these figures."""


def write_figures(readme: Path, command: str, lines: Iterable[str]) -> None:
    """Replace everything between the marks of `make COMMAND`.

    Raises FiguresError if the marks are missing; the file is then left as it is.
    """
    begin, end = marks(command)
    text = readme.read_text(encoding="utf-8")
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise FiguresError(
            f"{readme.name} needs the lines {begin} and {end}, in this order, around its figures"
        )
    readme.write_text("\n".join([before + begin, *lines, end + after]), encoding="utf-8")


def marks(command: str) -> tuple[str, str]:
    """The lines before and after the figures of `make COMMAND`: comments, which no page shows."""
    return f"<!-- {command}: written by make {command} -->", f"<!-- /{command} -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table."""
    return [table_row(head), table_row(["---"] * len(head)), *map(table_row, rows)]


def table_row(cells: Sequence[str]) -> str:
    """One line of a Markdown table. A bar in a cell is escaped: it ends no cell."""
    escaped = [cell.replace("|", r"\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"
