"""The source that was opened last, kept open: a class is fetched from one archive, often."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from autograder.classroom.sources.detect import Place, located, open_tree

State = tuple[str, int, int, int]


class Opened:
    """Keeps one source open, for one thread at a time."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._state: State | None = None
        self._place: Place | None = None

    @contextmanager
    def read_again(self, source: Path) -> Iterator[Place]:
        """The place of the submissions, as it is now. Raises SourceError."""
        with self._lock:
            self._close()
            with self.read(source) as place:
                yield place

    @contextmanager
    def read(self, source: Path) -> Iterator[Place]:
        """The same, as it was when this archive or folder was last read."""
        with self._lock:
            state = _state_of(source)
            if self._place is None or state is None or state != self._state:
                self._close()
                self._place = _opened(source)
                self._state = state
            yield self._place

    def _close(self) -> None:
        if self._place is not None:
            self._place.close()
        self._place = self._state = None

    def forget(self) -> None:
        """In a process that was forked: the parent's file has one position for both."""
        self._lock = RLock()
        self._place = self._state = None


def _opened(source: Path) -> Place:
    tree = open_tree(source)
    try:
        return located(tree, source.resolve().name)
    except BaseException:
        tree.close()
        raise


def _state_of(source: Path) -> State | None:
    """What changes when another archive is put in its place."""
    try:
        status = source.stat()
    except OSError:
        return None
    is_folder = source.is_dir()
    changed = 0 if is_folder else status.st_mtime_ns
    return str(source.absolute()), status.st_ino, 0 if is_folder else status.st_size, changed


LAST = Opened()

if hasattr(os, "register_at_fork"):  # all but Windows
    os.register_at_fork(after_in_child=LAST.forget)
