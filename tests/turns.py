"""Slow proofs take turns: what runs over all problems is spread over several runs of the tests.

All of them at once are too much for a run that somebody waits for. A test marked `in_turn` runs
every third of its cases. Which third, the number of commits decides: each commit has one, the next
commit the next, and three commits in a row have seen them all. `make proof` runs every case, and so
does `pytest --turn all`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import pytest

TURNS = 3

ALL = "all"

ROOT = Path(__file__).resolve().parents[1]


def turn_asked(asked: str | None) -> int | None:
    """The turn that was asked for, else that of this commit; None for all of them.

    Raises pytest.UsageError for what is no turn.
    """
    if asked is None:
        return commits(ROOT) % TURNS
    if asked == ALL:
        return None
    if asked not in map(str, range(TURNS)):
        raise pytest.UsageError(f"--turn {asked}: say {ALL}, or a number from 0 to {TURNS - 1}")
    return int(asked)


def commits(root: Path) -> int:
    """How many commits lead to the one that is checked out; 0 where git does not tell."""
    command = ["git", "-C", str(root), "rev-list", "--count", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(done.stdout)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0


def part(items: Sequence[pytest.Item], turn: int) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The tests that run in a turn, and those that wait for another, in the order of `items`."""
    running, waiting = [], []
    number: dict[tuple[object, ...], int] = {}
    for item in items:
        marker = item.get_closest_marker("in_turn")
        if marker is None:
            running.append(item)
            continue
        # Cases with the same value of `by` share what is slow to set up: they run together.
        key = (item.path, *_case(item, marker.kwargs.get("by")))
        first = crc32(item.path.name.encode())  # else all that is alone in its file had one turn
        case = first + number.setdefault(key, sum(known[0] == item.path for known in number))
        (running if case % TURNS == turn else waiting).append(item)
    return running, waiting


def _case(item: pytest.Item, by: str | None) -> tuple[object, ...]:
    """What makes a test a case of its own: its name, or the value of the parameter `by`.

    Where a test has no such parameter, `by` is the name of what several tests share.
    """
    if by is None:
        return (item.name,)
    callspec = getattr(item, "callspec", None)
    return (by,) if callspec is None else (by, str(callspec.params.get(by)))


def says(turn: int, waiting: int, every: int) -> str:
    """What is said at the head of a run."""
    return (
        f"turn {turn} of {TURNS}: {waiting} of {every} tests wait for their turn "
        f"(--turn {ALL} or `make proof` runs all of them)"
    )
