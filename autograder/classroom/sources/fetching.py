"""Writing one submission of a class to a folder, from which it can be graded."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.classroom.hand_in import HandIn, Member, SourceError
from autograder.classroom.sources.archive import Barred, Tree
from autograder.classroom.sources.draft import MOST_BYTES, TOO_MUCH
from autograder.classroom.sources.files import LARGEST_FILE, TOO_LARGE, fault_of

BLOCK = 1 << 20


def write_below(tree: Tree, hand_in: HandIn, into: Path) -> list[str]:
    """Write the files of a submission below a folder; a sentence for each that could not be.

    Raises SourceError if none of them could be.
    """
    into.mkdir(parents=True, exist_ok=True)
    failed = []
    room = MOST_BYTES
    for member in hand_in.files:
        try:
            room -= _write(tree, member, into, room)
        except Barred as error:
            failed.append(f"{member.path}: {error}, and was left out")
    if failed and len(failed) == len(hand_in.files):
        raise SourceError(f"nothing of {hand_in.name} can be read: {failed[0]}")
    return failed


def _write(tree: Tree, member: Member, into: Path, room: int) -> int:
    """Write one file; its size in bytes. Raises Barred, and leaves nothing of it then."""
    fault = fault_of(member.path)
    if fault:
        raise Barred(fault)
    place = into / member.path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except (FileExistsError, NotADirectoryError):
        raise Barred("its name is that of another file on this disk") from None
    try:
        with os.fdopen(fd, "wb") as copy, tree.opened(member.entry) as content:
            size = 0
            while block := content.read(BLOCK):
                size += len(block)
                if size > min(room, LARGEST_FILE):
                    raise Barred(TOO_LARGE if size > LARGEST_FILE else TOO_MUCH)
                copy.write(block)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return size
