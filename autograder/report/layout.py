"""Lines for a terminal of any width: nothing is cut, and no line ends in a blank.

Tables of rich's own pad every line to the widest, and that is copied along with the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions
from rich.text import Text

NARROWEST = 24
"""Columns that a text beside its label needs; where there are fewer, it goes below."""

GAP = 2
"""Blanks between two columns."""


@dataclass(frozen=True)
class Paragraph:
    """A text whose lines are wrapped, indented as a whole."""

    text: Text
    indent: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        yield from _wrapped(self.text, console, options.max_width, self.indent)


@dataclass(frozen=True)
class Labelled:
    """Texts with a label each, in two columns.

    indent: blanks before the labels. least: the width that their column has at least, so that it is
        the same in most messages.
    """

    rows: Sequence[tuple[Text, Text]]
    indent: int = 2
    least: int = 9

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        widest = max((label.cell_len for label, _ in self.rows), default=0)
        column = self.indent + max(widest, self.least) + GAP
        below = options.max_width - column < NARROWEST
        for label, text in self.rows:
            head = Text(" " * self.indent).append_text(label)
            if below:
                if label.plain:
                    yield head
                yield from _wrapped(text, console, options.max_width, self.indent + GAP)
                continue
            lines = _wrapped(text, console, options.max_width, column)
            first = next(lines)
            head.append(" " * (column - head.cell_len))
            yield _without_end(head.append_text(first[column:]))
            yield from lines


@dataclass(frozen=True)
class Columns:
    """Rows of short texts in columns; where they do not fit, each row is broken before `breaks`.

    right: the number of the column whose texts stand at its right end.
    """

    rows: Sequence[Sequence[Text]]
    right: int
    breaks: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        widths = [0] * max((len(row) for row in self.rows), default=0)
        for row in self.rows:
            for number, cell in enumerate(row):
                widths[number] = max(widths[number], cell.cell_len)
        fits = sum(widths) + GAP * (len(widths) - 1) <= options.max_width
        for row in self.rows:
            if fits:
                yield self._line(row, widths)
                continue
            yield from _wrapped(self._line(row[: self.breaks], ()), console, options.max_width)
            rest = self._line(row[self.breaks :], ())
            if rest.plain:
                yield from _wrapped(rest, console, options.max_width, widths[0] + GAP)

    def _line(self, row: Sequence[Text], widths: Sequence[int]) -> Text:
        """The cells side by side; widths: of the columns, where they are to be kept."""
        line = Text()
        for number, cell in enumerate(row):
            if number:
                line.append(" " * GAP)
            blanks = " " * (widths[number] - cell.cell_len) if widths else ""
            if number == self.right:
                line.append(blanks).append_text(cell)
            else:
                line.append_text(cell).append(blanks)
        return _without_end(line)


def _wrapped(text: Text, console: Console, width: int, indent: int = 0) -> Iterator[Text]:
    """The lines of a text, broken between words where that is possible."""
    # At least a few, in whatever a terminal says it has.
    room = max(width - indent, 8)
    for line in text.wrap(console, room, overflow="fold"):
        yield _without_end(Text(" " * indent).append_text(line))


def _without_end(line: Text) -> Text:
    """The line without the blanks at its end."""
    line.rstrip()
    return line
