"""What differs from one system to another and is asked for in more than one place."""

from __future__ import annotations

import sys


def has_processes() -> bool:
    """Whether this system can start another program at all: a browser cannot."""
    return sys.platform not in ("emscripten", "wasi")


def python_command() -> str:
    """What a student types to run Python, as `python check.py`."""
    # On Windows `python` may open a shop, and `python3` is not there; the launcher always is.
    return "py" if sys.platform == "win32" else "python"
