"""How long a worker may take: processor time first, so that a busy machine fails no right work."""

from __future__ import annotations

import sys
import time

WALL = 3
"""Seconds of the wall clock for each second of processor time that a worker may use.

For what waits instead of working, and for systems that do not tell another process's time.
"""

LONGEST_WAIT = 0.2
"""Seconds after which the worker's clock is read again: with threads it may run ahead of ours."""


class TimedOut(Exception):
    """The deadline has passed; the text says which."""


class Deadline:
    """From now on, so many seconds of a process's own time, and `WALL` times as many of ours.

    pid: the process. seconds: of processor time, of all its threads.
    """

    def __init__(self, pid: int, seconds: float) -> None:
        self.seconds = seconds
        self._clock = _clock_of(pid)
        self._start = self._used()
        self._end = time.monotonic() + WALL * seconds

    def wait(self) -> float:
        """The seconds that one may wait before asking again. Raises TimedOut if there are none."""
        wall = self._end - time.monotonic()
        if wall <= 0:
            raise TimedOut(f"stopped after {WALL * self.seconds:g} s")
        work = self.seconds - (self._used() - self._start)
        if work <= 0:
            raise TimedOut(f"stopped after {self.seconds:g} s of work")
        return min(wall, work, LONGEST_WAIT)

    def _used(self) -> float:
        """The process's processor time so far; 0 where that cannot be read."""
        if self._clock is None:
            return 0.0
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # it has ended, which its pipes will say
            return 0.0


def _clock_of(pid: int) -> int | None:
    """The number of a process's clock, as the C library makes it; None where there is none."""
    if sys.platform != "linux":
        return None
    # clock_getcpuclockid(3), which Python does not have: the complement of the process's number,
    # and 2 for the time that the scheduler has counted
    return (~pid << 3) | 2
