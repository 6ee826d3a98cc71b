"""The judge's side of the program that looks into a student's file: start it, bound it, read it.

Whatever happens to that process, the file is to blame: the program is ours, and all that differs
from one run to the next is the file.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from autograder import unpack
from autograder.unpack import entries
from autograder.unpack.entries import Entry, Garbled
from autograder.unpack.shortlist import LeftOut
from autograder.worker.launch import environment

PROGRAM = Path(unpack.__file__).parent / "program.py"
DEADLINE = 20.0
"""Seconds by the clock; its own limit is 2 of processor time, and a busy machine gives few."""

TOO_SLOW = "takes too long to read"


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


def run(file: BinaryIO, *arguments: str, deadline: float = DEADLINE) -> tuple[list[Entry], str]:
    """The program's entries for an open file, and the rest of a sentence about why it broke off."""
    file.seek(0)
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(PROGRAM), *arguments],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )
    except OSError:
        raise LeftOut("could not be looked at, as no process can be started here,") from None
    timer = threading.Timer(deadline, process.kill)
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
    slow = (-signal.SIGKILL, -getattr(signal, "SIGXCPU", 0))
    return found, TOO_SLOW if code in slow else "cannot be read, its reader broke down over it"
