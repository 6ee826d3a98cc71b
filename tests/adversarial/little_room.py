"""A small disk and little memory for the grader and all its workers, as in a container. For root.

The disk is a tmpfs; the memory a control group of its own, of either version, whose limit holds for
every process that is started in it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY, DISK = 768, 300
"""Megabytes: the memory that Gradescope gives by default, and a disk that one worker could fill."""

GROUPS = Path("/sys/fs/cgroup")


class NoRoom(Exception):
    """Why neither can be had here."""


@contextmanager
def little_disk(folder: Path) -> Iterator[None]:
    """Mount a small disk on an empty folder. Raises NoRoom if that is not allowed."""
    if shutil.which("mount") is None:
        raise NoRoom("there is no mount here")
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=755", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NoRoom(f"no disk can be mounted: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def little_memory() -> Iterator[list[str]]:
    """The command prefix that starts a program in a group with little memory.

    Raises NoRoom if there can be none.
    """
    group, limit = _new_group()
    try:
        limit.write_text(str(MEMORY << 20))
        yield ["sh", "-c", f'echo $$ > "{group}/cgroup.procs" && exec "$@"', "sh"]
    finally:
        # a moment after the last process has ended
        for _ in range(50):
            with contextlib.suppress(OSError):
                group.rmdir()
                break


def _new_group() -> tuple[Path, Path]:
    """An empty group, and the file of its limit."""
    name = f"adversarial-{os.getpid()}"
    for parent, limit in (
        (GROUPS / "memory", "memory.limit_in_bytes"),
        (GROUPS, "memory.max"),
    ):
        group = parent / name
        with contextlib.suppress(OSError):
            group.mkdir()
            if (group / limit).exists():
                return group, group / limit
            group.rmdir()
    raise NoRoom("no control group for memory can be made")
