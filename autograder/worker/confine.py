"""Giving up rights, in the student's process, before its first line runs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from typing import Any

FILE_BYTES = 64_000_000
OPEN_FILES = 64
PROCESSES = 128


def confine(limits: Mapping[str, Any]) -> None:
    """Apply the limits the sandbox asks for: user, memory, processor time, files. What a platform lacks is left out.

    limits: memory (bytes of address space), cpu (seconds), uid (or None to stay who we are).
    """
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return
    uid = limits.get("uid")
    wanted = {
        "RLIMIT_AS": limits["memory"],
        "RLIMIT_CPU": limits["cpu"],
        "RLIMIT_FSIZE": FILE_BYTES,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": PROCESSES
        if uid is not None
        else None,  # counts all of a user's processes: only for our own uid
    }
    for name, value in wanted.items():
        if value is not None and hasattr(resource, name):
            _limit(resource, getattr(resource, name), value)
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def _limit(resource: Any, which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS; the wall clock still holds
        resource.setrlimit(which, (ceiling, ceiling))
