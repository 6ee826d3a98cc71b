"""A worker of its own, for one problem, where there is no fork: requests on 0, replies on 1, output
on 2.

Usage: python -s -B fresh.py REQUEST_AS_JSON
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from autograder.worker.confine import Fences
from autograder.worker.preload import preload
from autograder.worker.serve import serve


def binary(fd: int) -> int:
    """The descriptor, without Windows' translation of line ends."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(fd, os.O_BINARY)
    return fd


if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    requests, replies = binary(os.dup(0)), binary(os.dup(1))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    fences = Fences(request["backend"], request["without"])
    kept = preload(request["backend"])
    os.chdir(request["scratch"])
    fences.apply(request["limits"], request["package"], request["scratch"])
    serve(requests, replies, request["package"], request["lesson"], request["guarded"])
    os._exit(0)
