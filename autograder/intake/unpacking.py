"""The judge's side of the program that looks into a student's file: start it, bound it, read it.

Whatever happens to that process, the file is to blame: the program is ours, and all that differs
from one run to the next is the file.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from autograder import unpack
from autograder.platforms import has_processes
from autograder.unpack import entries
from autograder.unpack.entries import Entry, Garbled
from autograder.unpack.shortlist import LeftOut
from autograder.worker.launch import environment

PROGRAM = Path(unpack.__file__).parent / "program.py"
DEADLINE = 20.0
"""Seconds by the clock; its own limit is 2 of processor time, and a busy machine gives few."""

STOPPED_BY_A_LIMIT = [
    -getattr(signal, name) for name in ("SIGKILL", "SIGXCPU") if hasattr(signal, name)
]
"""How a process ends that has used up its processor time."""

TOO_SLOW = "takes too long to read"
NO_PROCESS = "could not be looked at, as no process can be started here,"


def read_source(file: BinaryIO) -> tuple[bytes, str]:
    """The source in an open file as UTF-8, and what is to be said of it. Raises LeftOut."""
    found, broken_off = run(file, "source")
    if not found:
        raise LeftOut(broken_off)
    [entry, *_] = found
    if entry.kind != "source":
        raise LeftOut(entry.text)
    return entry.content, entry.text


def read_archive(file: BinaryIO, modules: Sequence[str]) -> tuple[list[Entry], str]:
    """What is found of these modules in an open archive, and what broke it off, if anything did.

    Raises LeftOut if nothing can be had from it.
    """
    found, broken_off = run(file, "archive", *modules)
    if broken_off and not found:
        raise LeftOut(broken_off)
    return found, broken_off


def run(
    file: BinaryIO, *arguments: str, deadline: float = DEADLINE, command: Sequence[str] = ()
) -> tuple[list[Entry], str]:
    """The program's entries for an open file, and the rest of a sentence about why it broke off.

    command: another program that answers with entries.
    """
    if not has_processes():
        raise LeftOut(NO_PROCESS)
    import subprocess  # here, like the timer: a browser has neither
    import threading

    file.seek(0)
    try:
        process = subprocess.Popen(
            [*(command or (sys.executable, "-I", "-S", "-B", str(PROGRAM))), *arguments],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )
    except OSError:
        raise LeftOut(NO_PROCESS) from None
    too_late = threading.Event()

    def stop() -> None:
        too_late.set()  # Windows does not tell who has ended a process
        process.kill()

    timer = threading.Timer(deadline, stop)
    timer.daemon = True
    timer.start()
    try:
        assert process.stdout is not None
        with process.stdout as pipe:
            # it ends when the process does, which the timer sees to
            data = pipe.read(entries.MOST_BYTES + 1)
        if len(data) > entries.MOST_BYTES:
            process.kill()
        code = process.wait()
    finally:
        timer.cancel()
    if len(data) > entries.MOST_BYTES:
        return [], "holds more than can be read"
    try:
        found, complete = entries.unpack(data)
    except Garbled:
        return [], "cannot be read"
    if complete:
        return found, ""
    if too_late.is_set() or code in STOPPED_BY_A_LIMIT:
        return found, TOO_SLOW
    return found, "cannot be read, its reader broke down over it"
