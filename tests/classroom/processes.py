"""Watching processes from a test, which never depends on how fast they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.conftest import LONGEST


def is_running(pid: int) -> bool:
    """Whether there is such a process, and not only what is left of it to be asked for."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def below(pid: int) -> set[int]:
    """The numbers of all processes that a process has started, and of those that they have."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for path in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            try:
                children = [int(number) for number in path.read_text().split()]
            except OSError:
                continue
            waiting += children
            found.update(children)
    return found


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds; a test that hangs fails at last."""
    for _ in range(LONGEST * 20):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError(f"this never came about: {what}")
