"""Signals: whatever ends or stops the process, the terminal is first put back as it was."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

ENDING = ("SIGTERM", "SIGHUP")
"""Those that end us; not all systems have both."""

SUSPEND = "SIGTSTP"
"""Ctrl-Z."""


@contextmanager
def handled(suspend: Callable[[], None]) -> Iterator[None]:
    """In the block, what would kill the process raises SystemExit instead, and Ctrl-Z is told of.

    suspend: called on Ctrl-Z, in the middle of anything: it may only make a note.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for name in (*ENDING, SUSPEND):
        number = getattr(signal, name, None)
        if number is not None:
            before[number] = signal.getsignal(number)
            handler = _end if name in ENDING else lambda *_: suspend()
            signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handler_before in before.items():
            signal.signal(number, handler_before)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    # as a shell has it for what a signal has ended
    sys.exit(128 + number)


def stop_here() -> None:
    """Stop the process, as Ctrl-Z would have done; it returns when somebody continues it."""
    number: int = getattr(signal, SUSPEND)
    handler = signal.signal(number, signal.SIG_DFL)
    try:
        signal.raise_signal(number)
    finally:
        signal.signal(number, handler)


@contextmanager
def left_to_child() -> Iterator[None]:
    """In the block, Ctrl-C and Ctrl-Z are a child's alone, which shares our terminal."""
    interrupt = signal.signal(signal.SIGINT, _nothing)
    # Together with the child, so that the shell sees that we have stopped.
    number = getattr(signal, SUSPEND, None)
    suspend = signal.signal(number, signal.SIG_DFL) if number is not None else None
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, interrupt)
        if number is not None:
            signal.signal(number, suspend)


def _nothing(number: int, frame: FrameType | None) -> None:
    """A function, and not SIG_IGN, which the child would inherit."""
