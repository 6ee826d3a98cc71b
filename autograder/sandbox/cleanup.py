"""Removing what a student's code has written."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any


def remove_tree(folder: Path) -> None:
    """Remove a folder, whatever modes its parts have. Links are removed, never followed."""
    # most scratch folders are empty, and then one call does
    with contextlib.suppress(OSError):
        folder.rmdir()
        return
    shutil.rmtree(folder, onerror=_unlock)


def _unlock(function: Callable[..., object], path: str, error: Any) -> None:
    """Do again what `rmtree` could not do to this path, after opening it and its folder."""
    with contextlib.suppress(OSError):
        Path(path).parent.chmod(0o700)
        if not Path(path).is_symlink():  # chmod would follow it
            Path(path).chmod(0o700)
        if function in (os.unlink, os.rmdir):
            function(path)
        else:
            shutil.rmtree(path, ignore_errors=True)
