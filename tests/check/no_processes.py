"""A browser's Python, as far as CPython can play it: `python no_processes.py FOLDER ARGUMENTS...`.

Runs the check of the handout in a folder where no process and no thread can be started, without
sockets, and without the packages safetensors and rich. What numpy imports for itself is numpy's
affair, and is imported before.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
import threading
from typing import Any, NoReturn

import numpy.testing

FORBIDDEN = (
    "socket", "_socket", "ssl", "subprocess", "_posixsubprocess", "multiprocessing",
    "_multiprocessing", "resource", "termios", "fcntl", "concurrent.futures.thread",
)  # fmt: skip
"""Modules that must not be imported on the way."""

MISSING = ("safetensors", "rich", "watchfiles", "gradescope_utils", "torch")
"""Packages that are not there."""

DEEDS = ("fork", "forkpty", "posix_spawn", "posix_spawnp", "execv", "execve", "system", "popen")


class Blocked:
    """Finds what is missing before anybody else does, and says that it is not there."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Raise for what is missing or forbidden; None for all else."""
        if name in FORBIDDEN:
            raise AssertionError(f"{name} is imported, and a browser has none")
        if name.partition(".")[0] in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def refuse(*arguments: object, **named: object) -> NoReturn:
    """In place of what a browser cannot do."""
    raise AssertionError("a process or a thread is started, and a browser has none")


def play_a_browser() -> None:
    """Take away what a browser's Python does not have."""
    assert numpy.testing is not None
    sysconfig.get_config_vars()  # which are looked up by the platform's name
    for name in [name for name in sys.modules if name.partition(".")[0] in (*FORBIDDEN, *MISSING)]:
        del sys.modules[name]
    sys.meta_path.insert(0, Blocked())  # type: ignore[arg-type]
    real = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> Any:
        return None if name in MISSING else real(name, package)

    importlib.util.find_spec = find_spec
    for name in DEEDS:
        setattr(os, name, refuse)
    threading.Thread.start = refuse  # type: ignore[assignment, method-assign]
    sys.platform = "emscripten"


if __name__ == "__main__":
    play_a_browser()
    sys.path[0] = sys.argv[1]
    from autograder.cli import program

    program(["check", *sys.argv[2:]])
