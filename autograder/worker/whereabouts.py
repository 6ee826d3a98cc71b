"""Asking a worker that does not come to an end on which line it is.

The judge sends a signal, and C code of Python's own writes the stack to the pipe into which the
worker prints: no file is written, and no code of the student's is run. They may have turned it off,
or write such a stack themselves; then nothing is said, or something wrong about their own code.
"""

from __future__ import annotations

import faulthandler
import re
import signal
from pathlib import Path

from autograder.worker.lines import step_at
from autograder.worker.messages import MOST_STEPS, one_line

SIGNAL = getattr(signal, "SIGUSR1", None)
"""By which a worker is asked; there is none on Windows."""

HEAD = b"(most recent call first):\n"

LAST_LINE = re.compile(rb'(/(zygote|fresh)\.py", line \d+ in <module>|\n  \.\.\.)\n')
"""Of a stack: the program that the worker is, or a mark that there is more."""

FRAME = re.compile(rb'  File "([^"\n]+)", line (\d{1,6}) in ([^\n]{1,80})\n')


def answer_when_asked() -> None:
    """Write the stack to the standard error whenever the signal comes."""
    if SIGNAL is not None and hasattr(faulthandler, "register"):
        faulthandler.register(SIGNAL, file=2, all_threads=False)


def is_whole(output: bytes) -> bool:
    """Whether all of a stack stands at the end of what a worker has printed."""
    _, head, stack = output.rpartition(HEAD)
    return bool(head) and LAST_LINE.search(stack) is not None


def path_of(output: bytes, package: Path) -> tuple[str, ...]:
    """The student's lines in a stack, from the outermost inward, as in a fault; empty if none.

    package: the folder in which the student's `recurrent/` lies.
    """
    _, head, stack = output.rpartition(HEAD)
    if not head:
        return ()
    folder = package / "recurrent"
    steps: list[str] = []
    for file, line, function in FRAME.findall(stack):
        path = Path(file.decode(errors="replace"))
        if path.parent == folder:
            name, number = function.decode("ascii", "replace"), int(line)
            steps.append(one_line(step_at(path.name, number, name, _line(path, number))))
    steps.reverse()
    if len(steps) > MOST_STEPS:
        steps[1 : 1 - MOST_STEPS] = []
    return tuple(steps)


def _line(path: Path, number: int) -> str:
    """A line of one of the student's files; empty if it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return lines[number - 1] if 0 < number <= len(lines) else ""
