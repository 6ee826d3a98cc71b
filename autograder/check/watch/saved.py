"""Which of a student's files have been saved, whatever way their editor has of saving.

Editors write into the file, rename another file onto it, empty it first, or save twice. So nothing
is concluded from an event: the files are looked at until they are quiet, and what counts is what
stands in them.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from autograder.unpack.shortlist import JUNK

POLLING = "AUTOGRADER_POLL"
"""An environment variable: with anything in it, the folder is looked at again and again.

For network file systems and containers, which do not tell of changes that others make.
"""

INTERVAL = 0.1
"""Seconds between two looks at the folder."""

THOROUGH = 2.0
"""Seconds after which files are read again though their size and time are what they were."""

QUIET, SETTLED = 0.03, 0.25
"""Seconds for which nothing may have changed; the longer ones where a file is empty or has gone,
which is how some editors begin to save.
"""

LONGEST_UNREST = 3.0
"""Seconds after which what is there counts, though it has not been quiet."""

DEEPEST, MOST_FILES = 3, 500


class Stamp(NamedTuple):
    """A file as it was last seen. digest: of its content; empty if it could not be read."""

    status: tuple[int, int, int]
    digest: bytes


Seen = dict[str, Stamp]
"""Path below the folder, with `/` -> how the file was."""

Wait = Callable[[float], None]
"""Returns when something may have changed, and after so many seconds at the latest."""


def folder_of(submission: Path) -> Path:
    """The folder to look at: `recurrent/` where there is one."""
    package = submission / "recurrent"
    return package if package.is_dir() else submission


def saves(submission: Path, stop: threading.Event) -> Iterator[set[str]]:
    """The files that have another content than before, each time that there are any.

    submission: the folder in which `recurrent/` lies. stop: ends the iteration, when it is set.
    """
    folder = folder_of(submission)
    known = look(folder, {}, thorough=True)
    wait = waiting(folder, stop)
    read_at = time.monotonic()
    while not stop.is_set():
        wait(INTERVAL)
        thorough = time.monotonic() - read_at > THOROUGH
        if thorough:
            read_at = time.monotonic()
        now = look(folder, known, thorough)
        if not changed(known, now):
            known = now
            continue
        now = when_quiet(folder, known, now, stop)
        names = changed(known, now)
        known = now
        if names:
            yield names


def changed(before: Seen, now: Seen) -> set[str]:
    """The files whose content is another one, or that have come or gone."""
    names = before.keys() | now.keys()
    return {name for name in names if _digest(before, name) != _digest(now, name)}


def _digest(seen: Seen, name: str) -> bytes | None:
    return seen[name].digest if name in seen else None


def when_quiet(folder: Path, before: Seen, now: Seen, stop: threading.Event) -> Seen:
    """The files as they are when nobody writes to them any more. now: the last look at them."""
    begun = quiet_since = time.monotonic()
    while not stop.is_set():
        stop.wait(QUIET / 2)
        # Not by their times: two writes may fall into one tick of a file system's clock.
        again = look(folder, {}, thorough=True)
        moment = time.monotonic()
        if changed(now, again):
            quiet_since = moment
        now = again
        needed = SETTLED if _may_be_unfinished(before, now) else QUIET
        if moment - quiet_since >= needed or moment - begun > LONGEST_UNREST:
            break
    return now


def _may_be_unfinished(before: Seen, now: Seen) -> bool:
    """Whether a file cannot be read, has just become empty, or has gone."""
    for name in changed(before, now):
        if name not in now or not now[name].digest or now[name].status[0] == 0:
            return True
    return False


def look(folder: Path, before: Seen, thorough: bool) -> Seen:
    """The Python files of a folder. before: what need not be read again, unless thorough."""
    seen: Seen = {}
    for name, path in _python_files(folder):
        try:
            found = path.stat()
        except OSError:  # it is just being exchanged for another
            continue
        status = (found.st_size, found.st_mtime_ns, found.st_ino)
        known = before.get(name)
        if known is not None and known.status == status and not thorough:
            seen[name] = known
        else:
            seen[name] = Stamp(status, _digest_of(path))
    return seen


def _digest_of(path: Path) -> bytes:
    try:
        return sha256(path.read_bytes()).digest()
    except OSError:
        return b""


def _python_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The Python files in a folder and not too deep below it, and what to call them."""
    count = 0
    for place, folders, files in os.walk(folder):
        inside = Path(place).relative_to(folder)
        if len(inside.parts) >= DEEPEST:
            folders.clear()
        folders[:] = sorted(name for name in folders if name not in JUNK)
        for name in sorted(files):
            if name.lower().endswith(".py") and count < MOST_FILES:
                count += 1
                yield (inside / name).as_posix(), Path(place) / name


# ----------------------------------------------------------------------------- waiting for a change


def waiting(folder: Path, stop: threading.Event) -> Wait:
    """How to wait for a change: told by the system where watchfiles is installed, else by time."""

    def by_time(seconds: float) -> None:
        stop.wait(seconds)

    if os.environ.get(POLLING):
        return by_time
    try:
        return ToldBySystem(folder, stop, by_time)
    except ImportError:
        return by_time


class ToldBySystem:
    """Waits for what the system tells of a folder; where it tells nothing, for as long as asked.

    Raises ImportError, when it is made, where watchfiles is not installed.
    """

    def __init__(self, folder: Path, stop: threading.Event, otherwise: Wait) -> None:
        watch = import_module("watchfiles").watch  # optional, and of no use to what only grades
        self._otherwise = otherwise
        # It returns now and then without news: the folder may have been exchanged for another, of
        # which the system tells nothing.
        self._told = watch(
            folder,
            watch_filter=None,
            debounce=10,
            step=5,
            stop_event=stop,
            rust_timeout=round(1000 * THOROUGH / 2),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )

    def __call__(self, seconds: float) -> None:
        """Return when something may have changed."""
        try:
            next(self._told)
        except Exception:  # stopped, the folder has gone, or there is no room for another watch
            self._otherwise(seconds)
