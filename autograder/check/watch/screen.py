"""The terminal as `--watch` uses it: a page painted over the last one, or lines one after another.

Painted is where the cursor can be moved. Everywhere else (a dumb terminal, a file, Windows' old
console) lines are appended, and nothing is sent that such a place would show as rubbish.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.segment import Segment, Segments

from autograder.check.watch.view import Parts
from autograder.report.console import writable

ALTERNATE, ORDINARY = "\x1b[?1049h", "\x1b[?1049l"
HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"
UNWRAPPED, WRAPPED = "\x1b[?7l", "\x1b[?7h"
HOME, CLEAR_LINE, CLEAR_BELOW = "\x1b[H", "\x1b[2K", "\x1b[J"
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
"""Round what is to be seen at once, for terminals that know it; others leave it out."""

NARROWEST, LOWEST = 20, 5
"""Columns and rows to which a page is drawn, however small the terminal is."""


class Screen:
    """Where `--watch` shows itself.

    paints: pages replace one another; else lines are appended.
    """

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        can_move = self.console.is_terminal and not self.console.is_dumb_terminal
        self.paints = can_move and not self.console.legacy_windows
        self._is_on = False
        self._last: tuple[object, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows, as they are now."""
        if not self.paints:
            return max(NARROWEST, self.console.width), 24
        columns, rows = self._asked()
        return max(NARROWEST, columns), max(LOWEST, rows)

    def _asked(self) -> tuple[int, int]:
        """What the terminal itself says first: the environment does not follow a change."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            found = os.get_terminal_size(self.console.file.fileno())
            if found.columns and found.lines:
                return found.columns, found.lines
        return shutil.get_terminal_size((80, 24))

    def enter(self) -> None:
        """Begin: a page of its own, the student's lines come back when it is left."""
        if self.paints and not self._is_on:
            self._write(ALTERNATE + HIDDEN + UNWRAPPED)
        self._is_on, self._last = True, ()

    def leave(self) -> None:
        """End; the terminal is what it was before."""
        if self.paints and self._is_on:
            self._write(WRAPPED + SHOWN + ORDINARY)
        self._is_on = False

    def paint(self, parts: Parts, first: int) -> int:
        """Show a page. first: the line of the body that comes first, where not all of it fits.

        Returns the last line that can come first.
        """
        width, height = self.size
        head, body, foot = (
            self.lines(part, width) for part in (parts.head, parts.body, parts.foot)
        )
        room = max(1, height - len(head) - len(foot))
        shown, last = window(body, room, first, width)
        page = [*head, *shown, *[[]] * (room - len(shown)), *foot][:height]
        if (width, height, page) != self._last:
            self._last = (width, height, page)
            self._write(BEGIN + HOME + self._painted(page) + CLEAR_BELOW + END)
        return last

    def _painted(self, page: Sequence[Sequence[Segment]]) -> str:
        # Each line is cleared before it is written: behind a full one it would lose its end.
        return "\r\n".join(CLEAR_LINE + self._coded(line) for line in page)

    def append(self, *renderables: RenderableType) -> None:
        """Show these below what is there."""
        width, _ = self.size
        lines = self.lines(Group(*renderables), width)
        self._write("".join(f"{self._coded(line)}\n" for line in lines))

    def lines(self, renderable: RenderableType, width: int) -> list[list[Segment]]:
        """What is shown, as lines of so many columns at most, without blanks at their ends."""
        options = self.console.options.update(width=width, height=None)
        lines = self.console.render_lines(renderable, options, pad=False)
        return [list(_stripped(line)) for line in lines]

    def _coded(self, line: Sequence[Segment]) -> str:
        with self.console.capture() as captured:
            self.console.print(Segments(line), end="", soft_wrap=True)
        return captured.get().rstrip("\n")

    def _write(self, text: str) -> None:
        stream = self.console.file
        with contextlib.suppress(OSError, ValueError):  # the terminal has been closed
            stream.write(writable(text, getattr(stream, "encoding", None) or "utf-8"))
            stream.flush()


def window(
    body: Sequence[Sequence[Segment]], room: int, first: int, width: int
) -> tuple[list[list[Segment]], int]:
    """The lines of a body that are shown, and the last line that can come first.

    Where not all fit, the last one says how many there are below, and how to get there.
    """
    if len(body) <= room:
        return [list(line) for line in body], 0
    visible = max(1, room - 1)
    last = max(0, len(body) - visible)
    first = min(max(first, 0), last)
    shown = [list(line) for line in body[first : first + visible]]
    below = len(body) - first - visible
    text = f"↓ {below} more lines: space" if below else "↑ the beginning: up"
    return [*shown, [Segment(text[:width])]], last


def _stripped(line: Sequence[Segment]) -> Iterator[Segment]:
    """A line without the blanks at its end."""
    kept = list(line)
    while kept and not kept[-1].text.strip() and not kept[-1].control:
        kept.pop()
    yield from kept[:-1]
    if kept:
        yield Segment(kept[-1].text.rstrip(), kept[-1].style, kept[-1].control)
