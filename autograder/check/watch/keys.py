"""One key at a time, without Enter; the terminal is put back as it was, whatever happens.

Where standard input is no terminal, the first letter of each line is a key.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

ENTER, GONE, INTERRUPT = "enter", "gone", "interrupt"
"""Keys that are no letters: the last two are a terminal that was closed, and Ctrl-C where that
comes as a letter.
"""

SEQUENCES = {
    "\x1b[A": "up", "\x1bOA": "up", "\x1b[B": "down", "\x1bOB": "down",
    "\x1b[5~": "page up", "\x1b[6~": "page down",
}  # fmt: skip
"""What terminals send for the keys that have no letter."""

WINDOWS = {"H": "up", "P": "down", "I": "page up", "Q": "page down"}
"""The same for the second letter that Windows gives."""

LETTERS = {"\r": ENTER, "\n": ENTER, "\x03": INTERRUPT, " ": "page down"}

Put = Callable[[str], None]


class Reader(Protocol):
    """Tells of keys from a thread of its own, between `start` and `stop`."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Keys:
    """A context manager in which every key is told of.

    put: told each key, from another thread.
    at_once: a key is told of when it is pressed; else with its line.
    """

    def __init__(self, put: Put) -> None:
        self._reader, self.at_once = _reader(put)

    def __enter__(self) -> Keys:
        self._reader.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._reader.stop()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """In the block the terminal is as it was before, and nobody reads from it here."""
        self._reader.stop()
        try:
            yield
        finally:
            self._reader.start()


def _reader(put: Put) -> tuple[Reader, bool]:
    """What reads here, and whether it needs no Enter."""
    try:
        fd = sys.stdin.fileno()
        is_terminal = os.isatty(fd)
    except (AttributeError, OSError, ValueError):  # there is no standard input
        return Silent(), False
    if sys.platform == "win32":
        return (WindowsConsole(put), True) if is_terminal else (Lines(fd, put), False)
    return UnixInput(fd, put, is_terminal), is_terminal


class Silent:
    """No input at all."""

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> None:
        """Nothing to end."""


class UnixInput:
    """A terminal, whose keys come at once, or anything else, whose lines do."""

    def __init__(self, fd: int, put: Put, is_terminal: bool) -> None:
        self._fd, self._put, self._is_terminal = fd, put, is_terminal
        self._before: Any = None
        self._thread: threading.Thread | None = None
        self._wake = -1
        self._ended = False

    def start(self) -> None:
        """Take over the terminal, and begin to read."""
        if self._ended:
            return
        if self._is_terminal:
            self._take_over()
        woken, self._wake = os.pipe()
        read = self._read_keys if self._is_terminal else self._read_lines
        self._thread = threading.Thread(target=read, args=(woken,), name="keys", daemon=True)
        self._thread.start()

    def _take_over(self) -> None:
        import termios  # Windows has none
        import tty

        with contextlib.suppress(termios.error):
            self._before = termios.tcgetattr(self._fd)
            # Not raw: Ctrl-C and Ctrl-Z are still what they are.
            tty.setcbreak(self._fd)

    def stop(self) -> None:
        """Read no more, and put the terminal back as it was."""
        if self._thread is None:
            return
        os.close(self._wake)
        self._thread.join()
        self._thread = None
        if self._before is not None:
            self._put_back()

    def _put_back(self) -> None:
        import termios

        with contextlib.suppress(termios.error):  # it has been closed
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)
        self._before = None

    def _chunks(self, woken: int) -> Iterator[str]:
        """What is typed, until somebody wakes us or there is nothing more to come."""
        import select

        try:
            while True:
                ready, _, _ = select.select([self._fd, woken], [], [])
                if woken in ready:
                    return
                data = os.read(self._fd, 1024)
                if not data:
                    break
                yield data.decode(errors="replace")
        except OSError:
            pass
        finally:
            os.close(woken)
        self._ended = True
        if self._is_terminal:
            self._put(GONE)

    def _read_keys(self, woken: int) -> None:
        for chunk in self._chunks(woken):
            for key in keys_in(chunk):
                self._put(key)

    def _read_lines(self, woken: int) -> None:
        typed = ""
        for chunk in self._chunks(woken):
            *lines, typed = (typed + chunk).split("\n")
            for line in lines:
                self._put(line.strip()[:1].lower() or ENTER)


def keys_in(chunk: str) -> Iterator[str]:
    """The keys in what a terminal has sent at once; what is none of ours is left out."""
    while chunk:
        for sequence, key in SEQUENCES.items():
            if chunk.startswith(sequence):
                chunk = chunk[len(sequence) :]
                yield key
                break
        else:
            if chunk[0] == "\x1b":
                return  # another key's sequence: nobody knows how long it is
            letter, chunk = chunk[0], chunk[1:]
            yield LETTERS.get(letter, letter.lower())


class Lines:
    """Lines on Windows, where one cannot wait for input and for the end of waiting at once."""

    def __init__(self, fd: int, put: Put) -> None:
        self._fd, self._put = fd, put
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to read; it goes on until the input ends."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._read, name="keys", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """It is left to read: the process may end meanwhile."""

    def _read(self) -> None:
        typed = ""
        with contextlib.suppress(OSError):
            while data := os.read(self._fd, 1024):
                *lines, typed = (typed + data.decode(errors="replace")).split("\n")
                for line in lines:
                    self._put(line.strip()[:1].lower() or ENTER)


class WindowsConsole:
    """Windows' console, which is asked again and again."""

    INTERVAL = 0.03

    def __init__(self, put: Put) -> None:
        self._put = put
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to read."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._read, name="keys", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Read no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _read(self) -> None:
        import msvcrt  # Windows alone has it

        console: Any = msvcrt
        while not self._stop.wait(self.INTERVAL):
            while console.kbhit():
                letter = console.getwch()
                if ord(letter) in (0x00, 0xE0):  # the first half of a key without a letter
                    self._put(WINDOWS.get(console.getwch(), ""))
                else:
                    self._put(LETTERS.get(letter, letter.lower()))
