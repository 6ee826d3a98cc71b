"""What every worker needs in memory before a student's code runs: loaded once, where there is a
fork server.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

from autograder import lessons
from autograder.worker import block_torch
from autograder.worker.faults import source_of
from autograder.worker.guard import hide


def preload(backend: str) -> Any:
    """Import what workers of one backend need, and read the probes, whose lines are quoted when one
    fails.

    Takes from torch what its lesson forbids, and hides from numpy's what talks to the world
    outside; to be called when all that needs it has been made. Returns what has to be kept alive
    for that.
    """
    kept = _load(backend)
    hide(backend)
    gc.freeze()  # a worker's collector need not look at all this, and copy its pages by doing so
    return kept


def _load(backend: str) -> Any:
    for each in lessons.all_lessons():
        source_of(sys.modules[f"autograder.lessons.{each.name}"].__file__ or "")
    if backend == "numpy":
        return None
    __import__(backend)
    return [
        block_torch.block(getattr(sys.modules[f"autograder.lessons.{each.name}"], "FORBIDDEN", ()))
        for each in lessons.all_lessons()
        if each.backend == backend
    ]
