"""A worker of its own where there is no fork.

It is started before it is wanted, gets warm, and waits for the one submission that it serves. That
comes in on 0, as a line of JSON, and then the requests; answers go out on 1, and what is printed on
2. Usage: python -s -B fresh.py SETUP
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # in place of this folder: `autograder` has to be found, and `wire` by itself has not
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from autograder.worker import messages
from autograder.worker.confine import Fences
from autograder.worker.launch import Setup
from autograder.worker.messages import Start, Started
from autograder.worker.preload import preload
from autograder.worker.serve import serve


def binary(fd: int) -> int:
    """The descriptor, without Windows' translation of line ends."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(fd, os.O_BINARY)
    return fd


def start_from(requests: int) -> Start | None:
    """What to serve, as soon as it is told; None if nobody wants this worker any more."""
    line = b""
    # byte by byte: what comes behind the line is for others to read
    while not line.endswith(b"\n"):
        byte = os.read(requests, 1)
        if not byte:
            return None
        line += byte
    return messages.from_json(line, Start)


def confined(fences: Fences, start: Start, replies: int) -> None:
    """Give up all rights, and say that the submission's time may begin."""
    os.chdir(start.scratch)
    fences.apply(start)
    os.write(replies, messages.pack_started(Started(os.getpid())))


if __name__ == "__main__":
    setup = Setup.read(sys.argv[1])
    # the pipes get other numbers: the student's code reads nothing on 0 and prints on 1, as always
    requests, replies = binary(os.dup(0)), binary(os.dup(1))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    fences = Fences(setup.backend, setup.without)
    # after the fences: what is hidden from workers is needed to make them
    preload(setup.backend)
    start = start_from(requests)
    if start is not None:
        confined(fences, start, replies)
        serve(requests, replies, start.package, setup.backend, start.guarded)
    os._exit(0)  # not `exit`: nothing a student has registered is to run
