"""Files that a verb writes for people: written over only where the same verb wrote them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from autograder.classroom.store import StoreError

LOOKED_AT = 4096
"""Bytes at the start of a file in which its mark stands."""


def write_own(path: Path, text: str, mark: str, force: bool = False) -> None:
    """Write a file, whole or not at all.

    mark: a text near the start of every file that this verb writes. force: write over any file.
    Raises StoreError if something else is there, or it cannot be written.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        if not force and not _is_ours(path, mark):
            raise StoreError(
                f"{path.name} is there and is none of ours: name another file, or add --force to "
                "write over it"
            )
        beside.write_text(text, encoding="utf-8", errors="backslashreplace")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise StoreError(f"{path.name} cannot be written: {error.strerror}") from None


def _is_ours(path: Path, mark: str) -> bool:
    """Whether it may be written over: there is nothing, or what has the mark."""
    if not path.exists():
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return mark.encode() in file.read(LOOKED_AT)
