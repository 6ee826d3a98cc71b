"""A worker of its own, for one problem, where there is no fork: requests on 0, replies on 1, output on 2.

Usage: python -I -B fresh.py REQUEST_AS_JSON
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from autograder.worker.confine import confine
from autograder.worker.serve import serve

if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    requests, replies = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    os.chdir(request["scratch"])
    confine(request["limits"])
    serve(requests, replies, request["package"], request["lesson"])
    os._exit(0)
