"""How far a class is: a bar with an estimate in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

LINES, APART = 20, 5.0
"""How many lines are printed at most where there is no terminal, and how many seconds apart."""

Tick = Callable[[], None]
"""To be called when one more is finished."""


@contextmanager
def progress(console: Console, what: str, count: int) -> Iterator[Tick]:
    """Show how far something is that is done `count` times. what: e.g. `grading`."""
    if not console.is_terminal or not count:
        yield _Lines(console, what, count)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(what, total=count)
        yield lambda: bar.advance(task)


class _Lines:
    """Prints a line each time another part of all is finished, but not all at once."""

    def __init__(self, console: Console, what: str, count: int) -> None:
        self.console, self.what, self.count = console, what, count
        self._began = self._said_at = time.monotonic()
        self._done = self._said = 0

    def __call__(self) -> None:
        self._done += 1
        now, part = time.monotonic(), self._done * LINES // self.count
        if self._done == self.count:
            self.console.print(f"{self.what}: all {self.count}")
        elif part > self._said and now - self._said_at > APART:
            self._said, self._said_at = part, now
            left = (now - self._began) / self._done * (self.count - self._done)
            estimate = f"about {duration(left)} left"
            self.console.print(f"{self.what}: {self._done} of {self.count}, {estimate}")


def duration(seconds: float) -> str:
    """A time for people.

    >>> duration(3), duration(200), duration(9000)
    ('3 s', '3 min', '2 h 30 min')
    """
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
