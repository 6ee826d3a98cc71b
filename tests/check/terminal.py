"""A real terminal for tests that look at one: tmux, with a socket of its own.

Whoever imports this is skipped, with the reason, where there is none. Nothing here depends on how
fast a machine is: what is waited for may take its time.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT

TMUX = shutil.which("tmux")
if TMUX is None:
    pytest.skip("no tmux here: install Debian's package tmux", allow_module_level=True)

PROMPT = "ready>"

PATIENCE = 180
"""Seconds after which what is waited for is taken never to come; a busy machine needs a tenth."""


class Terminal:
    """A terminal of so many columns and rows, in which a shell runs."""

    def __init__(self, folder: Path, columns: int = 80, rows: int = 24) -> None:
        # A socket's path has to be short: pytest's own folders may be too deep.
        self._folder = folder
        self._tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), "/bin/sh")
        self.type(f"PS1='{PROMPT} '; unset ENV; clear")
        self.wait_for(lambda: self.text().strip() == PROMPT, "a prompt")

    def _tmux(self, *arguments: str) -> str:
        assert TMUX is not None
        environment = {**os.environ, "TMUX_TMPDIR": str(self._folder), "LC_ALL": "C.UTF-8"}
        environment.pop("TMUX", None)
        done = subprocess.run(
            [TMUX, "-f", "/dev/null", "-u", *arguments],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=PATIENCE,
        )
        return done.stdout

    def type(self, line: str) -> None:
        """Type a line, and Enter."""
        self._tmux("send-keys", "-l", line)
        self._tmux("send-keys", "Enter")

    def press(self, *keys: str) -> None:
        """Press keys, by the names that tmux has for them: `n`, `C-c`, `Down`."""
        self._tmux("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        """Give it another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def text(self, colours: bool = False) -> str:
        """What is on the screen. colours: with the sequences that make them."""
        flags = ["-e"] if colours else []
        return self._tmux("capture-pane", "-p", *flags)

    @property
    def is_alternate(self) -> bool:
        """Whether a program has the screen to itself."""
        return self._tmux("display-message", "-p", "#{alternate_on}").strip() == "1"

    @property
    def has_cursor(self) -> bool:
        """Whether the cursor is seen."""
        return self._tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"

    @property
    def pid(self) -> int:
        """The number of the shell's process."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def wait_for(self, holds: str | Callable[[], bool], what: str = "") -> str:
        """Wait until a text is on the screen, or something holds; returns the screen."""
        if isinstance(holds, str):
            sought = holds
            return self.wait_for(lambda: sought in flat(self.text()), repr(sought))
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if holds():
                return self.text()
            time.sleep(0.05)
        raise AssertionError(f"this never came about: {what}; the screen was\n{self.text()}")

    def wait_for_prompt(self) -> str:
        """Wait until the shell is back; returns the screen."""
        return self.wait_for(lambda: self.text().rstrip().endswith(PROMPT), "a prompt")

    def close(self) -> None:
        """End it, with all that runs in it."""
        subprocess_pid = self.pid
        self._tmux("kill-server")
        end = time.monotonic() + PATIENCE
        while Path(f"/proc/{subprocess_pid}").exists() and time.monotonic() < end:
            time.sleep(0.02)


def flat(screen: str) -> str:
    """What is on a screen as one line: where it is broken depends on the width."""
    return " ".join(screen.split())


@contextmanager
def terminal(columns: int = 80, rows: int = 24) -> Iterator[Terminal]:
    """A terminal, which is closed at the end."""
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    try:
        opened = Terminal(folder, columns, rows)
        try:
            yield opened
        finally:
            opened.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def command(*arguments: str, **environment: str) -> str:
    """A line for the shell that runs `check` with these arguments."""
    set_before = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    words = [f"{name}={shlex.quote(value)}" for name, value in set_before.items()]
    words += [sys.executable, "-m", "autograder", "check", *map(shlex.quote, arguments)]
    return " ".join(words)
