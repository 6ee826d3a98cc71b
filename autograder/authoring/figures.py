"""The figures in the documentation: each block is written by the command that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autograder.errors import UserError


class FiguresError(UserError):
    """A page has no place for these figures."""


def write_figures(page: Path, command: str, lines: Iterable[str], block: str = "") -> None:
    """Replace everything between the marks of `make COMMAND` on a page.

    block: the name of the block, where the command writes more than one. Raises FiguresError if the
    marks are missing; the file is then left as it is.
    """
    page.write_text(with_figures(page, command, lines, block), encoding="utf-8")


def with_figures(page: Path, command: str, lines: Iterable[str], block: str = "") -> str:
    """The text that a page has when its figures are replaced; see `write_figures`."""
    return with_blocks(page, command, {block: lines})


def with_blocks(page: Path, command: str, blocks: Mapping[str, Iterable[str]]) -> str:
    """The text that a page has when several blocks are replaced; block -> its lines."""
    text = page.read_text(encoding="utf-8")
    for block, lines in blocks.items():
        begin, end = marks(command, block)
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise FiguresError(
                f"{page.name} needs the lines {begin} and {end}, in this order, around its figures"
            )
        text = "\n".join([before + begin, *lines, end + after])
    return text


def marks(command: str, block: str = "") -> tuple[str, str]:
    """The lines before and after the figures of `make COMMAND`: comments, which no page shows."""
    name = block or command
    return f"<!-- {name}: written by make {command} -->", f"<!-- /{name} -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table."""
    return [table_row(head), table_row(["---"] * len(head)), *map(table_row, rows)]


def table_row(cells: Sequence[str]) -> str:
    """One line of a Markdown table. A bar in a cell is escaped: it ends no cell."""
    escaped = [cell.replace("|", r"\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"
