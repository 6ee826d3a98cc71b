"""Files that staff look at: written whole or not at all, and never over another without leave."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.errors import UserError

LOOKED_AT = 4096
"""Bytes at the start of a file in which the mark of its verb stands."""


class WriteError(UserError):
    """A file cannot be written; the message says why and what to do."""


def write_new(path: Path, content: bytes, force: bool = False) -> None:
    """Write a file, whole or not at all.

    force: write over what is there. Raises WriteError if something is there, or the disk refuses.
    """
    refuse_what_is_there(path, force)
    with said(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_at_once(path, content)


def write_at_once(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever reads it meanwhile, on any machine, finds it whole.

    Raises OSError, and leaves what was there.
    """
    draft = path.with_name(f".{path.name}.{os.uname().nodename}-{os.getpid()}.draft")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def write_own(path: Path, text: str, mark: str, force: bool = False) -> None:
    """Write a text, whole or not at all, also over one that the same verb has written.

    mark: a text near the start of every file that this verb writes. force: write over any file.
    Raises WriteError if something else is there, or the disk refuses.
    """
    with said(path):
        is_free = not path.exists() or (path.is_file() and _has(path, mark))
    if not (force or is_free):
        raise WriteError(
            f"{path.name} is there and is none of ours: name another file, or add --force to "
            "write over it"
        )
    write_new(path, text.encode("utf-8", "backslashreplace"), force=True)


def _has(path: Path, mark: str) -> bool:
    with path.open("rb") as file:
        return mark.encode() in file.read(LOOKED_AT)


def refuse_what_is_there(path: Path, force: bool) -> None:
    """Raise WriteError if a file is there that nobody said may go."""
    if path.is_dir():
        raise WriteError(f"{path.name} is a folder: name a file with --out")
    if not force and (path.exists() or path.is_symlink()):
        raise WriteError(
            f"{path.name} is there already: --force writes over it, --out names another file"
        )


@contextmanager
def said(
    path: Path,
    if_full: str = "free some room and give the same command again",
    error: type[UserError] = WriteError,
) -> Iterator[None]:
    """What the disk refuses, as one sentence of this class. if_full: what to do then."""
    try:
        yield
    except OSError as refused:
        if refused.errno in (errno.ENOSPC, errno.EDQUOT):
            raise error(f"the disk with {path.name} is full: {if_full}") from None
        raise error(f"{path.name} cannot be written: {refused.strerror}") from None
