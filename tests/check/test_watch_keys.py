"""Keys come one at a time, and the terminal is always put back as it was."""

from __future__ import annotations

import os
import pty
import queue
import subprocess
import sys
import termios
from collections.abc import Iterator

import pytest

from autograder.check.watch.keys import Keys, WindowsConsole, keys_in
from tests.conftest import ROOT

PATIENCE = 60.0

Told = queue.SimpleQueue[str]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """A terminal as standard input: our end of it, and the other."""
    ours, theirs = pty.openpty()
    monkeypatch.setattr(sys, "stdin", os.fdopen(theirs, "r", closefd=False))
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def test_keys_need_no_enter_and_the_terminal_is_put_back(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    before = termios.tcgetattr(theirs)
    told: Told = queue.SimpleQueue()
    with Keys(told.put) as keys:
        assert keys.at_once
        assert not termios.tcgetattr(theirs)[3] & (termios.ICANON | termios.ECHO)
        assert termios.tcgetattr(theirs)[3] & termios.ISIG
        for typed, key in ((b"n", "n"), (b"Q", "q"), (b"\x1b[A", "up"), (b" ", "page down")):
            os.write(ours, typed)
            assert told.get(timeout=PATIENCE) == key
    assert termios.tcgetattr(theirs) == before


def test_what_fails_in_between_puts_it_back_too(terminal: tuple[int, int]) -> None:
    _, theirs = terminal
    before = termios.tcgetattr(theirs)
    for error in (ValueError, KeyboardInterrupt, SystemExit):
        with pytest.raises(error), Keys(lambda key: None):
            raise error
        assert termios.tcgetattr(theirs) == before


def test_while_it_is_lent_nobody_reads(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    before = termios.tcgetattr(theirs)
    told: Told = queue.SimpleQueue()
    with Keys(told.put) as keys:
        with keys.lent():
            assert termios.tcgetattr(theirs) == before
            os.write(ours, b"for another\n")
            assert os.read(theirs, 100) == b"for another\n"
        os.write(ours, b"h")
        assert told.get(timeout=PATIENCE) == "h"
    assert told.empty()
    assert termios.tcgetattr(theirs) == before


def test_keys_that_are_none_of_ours_are_left_out() -> None:
    assert list(keys_in("nH\x1b[B\r")) == ["n", "h", "down", "enter"]
    assert list(keys_in("\x1b[15~q")) == []
    assert list(keys_in("\x1b")) == []


PROGRAM = """
import queue, sys
from autograder.check.watch.keys import Keys
told = queue.SimpleQueue()
with Keys(told.put) as keys:
    print(keys.at_once, [told.get(timeout=60) for _ in range(int(sys.argv[1]))])
"""


def run(count: int, **options: object) -> str:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
        timeout=PATIENCE,
        **options,  # type: ignore[call-overload]
    ).stdout.strip()


def test_without_a_terminal_lines_are_keys() -> None:
    assert run(3, input="next\n\n  Hint\n") == "False ['n', 'enter', 'h']"


def test_without_any_input_there_are_none() -> None:
    assert run(0, stdin=subprocess.DEVNULL) == "False []"
    closed = f"{sys.executable} -c '{PROGRAM}' 0 <&-"
    done = subprocess.run(closed, shell=True, cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "False []"


class FakeConsole:
    """What Windows' console functions do, with these letters typed."""

    def __init__(self, letters: str) -> None:
        self.letters = list(letters)

    def kbhit(self) -> bool:
        return bool(self.letters)

    def getwch(self) -> str:
        return self.letters.pop(0)


def test_windows_console_gives_the_same_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    told: Told = queue.SimpleQueue()
    monkeypatch.setitem(sys.modules, "msvcrt", FakeConsole("nQ\xe0H\x00P\r\x03"))  # type: ignore[misc]
    reader = WindowsConsole(told.put)
    reader.start()
    keys = [told.get(timeout=PATIENCE) for _ in range(6)]
    reader.stop()
    assert keys == ["n", "q", "up", "down", "enter", "interrupt"]
