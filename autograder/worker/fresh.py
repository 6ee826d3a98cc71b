"""A worker of its own where there is no fork.

Requests come in on 0, answers go out on 1, and what is printed on 2.
Usage: python -s -B fresh.py SETUP START_AS_JSON
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
from autograder.worker.messages import Start
from autograder.worker.preload import preload
from autograder.worker.serve import serve


def binary(fd: int) -> int:
    """The descriptor, without Windows' translation of line ends."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(fd, os.O_BINARY)
    return fd


if __name__ == "__main__":
    setup = Setup.read(sys.argv[1])
    request = messages.from_json(sys.argv[2], Start)
    # the pipes get other numbers: the student's code reads nothing on 0 and prints on 1, as always
    requests, replies = binary(os.dup(0)), binary(os.dup(1))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    fences = Fences(setup.backend, setup.without)
    # after the fences: what is hidden from workers is needed to make them
    kept = preload(setup.backend)
    os.chdir(request.scratch)
    fences.apply(request)
    serve(requests, replies, request.package, setup.backend, request.guarded)
    os._exit(0)  # not `exit`: nothing a student has registered is to run
